//! Every form file carries figures that are right and figures that break named rules.

use std::collections::BTreeSet;
use std::sync::Arc;

use tonghop::rules::example;
use tonghop::schema::{Form, builtin};

#[test]
fn the_rules_over_periods_in_the_guide_are_those_of_the_tested_form() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("docs/bieu-mau.md")).unwrap();
    let form = include_str!("data/forms/don_thu.toml");
    let (from, to) = (
        form.find("[[rule]]").unwrap(),
        form.find("[[example]]").unwrap(),
    );
    assert!(guide.contains(form[from..to].trim()));
}

#[test]
fn examples_break_the_rules_they_say_and_no_others() {
    let mut examples = 0;
    // A form of the guide, with rules that reach into every closed period.
    let guide = ("don_thu", include_str!("data/forms/don_thu.toml"));
    let built_in = builtin::ids().into_iter();
    for (id, text) in built_in
        .map(|id| (id, builtin::text(id).unwrap()))
        .chain([guide])
    {
        let form = Arc::new(Form::parse(id, text).unwrap());
        assert!(!form.file.examples.is_empty(), "form `{id}` has no example");
        for example in &form.file.examples {
            examples += 1;
            let ran = example::run(&form, example);
            let expected: BTreeSet<String> = example
                .breaks
                .iter()
                .map(|rule| rule.get_ref().clone())
                .collect();
            assert_eq!(
                ran.broken,
                expected,
                "form `{id}`, example «{}»: {:#?}",
                example.name.get_ref(),
                ran.findings
            );
        }
    }
    assert!(examples >= 20, "{examples}");
}
