//! Small sets of rules with one thing wrong.

use super::*;

fn faults(rules: &[(&str, &str)]) -> Vec<Fault> {
    let mut text = String::from(
        "id = \"b\"\nversion = \"1\"\ntitle = \"B\"\nsheet = \"B\"\n[layout]\nrows = \"free\"\n[[column]]\nid = \"ten\"\nlabel = \"Tên\"\nkey = true\n",
    );
    for id in ["a", "b", "c", "d"] {
        text += &format!("[[column]]\nid = \"{id}\"\nlabel = \"{id}\"\ntype = \"count\"\n");
    }
    for (index, (check, more)) in rules.iter().enumerate() {
        text += &format!("[[rule]]\nid = \"r{index}\"\ncheck = \"{check}\"\n{more}\n");
    }
    examine([&Form::parse("b.toml", &text).unwrap()]).faults
}

fn key(rule: &str) -> RuleKey {
    ("b".to_owned(), rule.to_owned())
}

#[test]
fn rules_that_contradict_one_another_are_named_and_no_others() {
    let found = faults(&[("a = b + 1", ""), ("c <= d", ""), ("b >= a", "")]);
    assert_eq!(found, [Fault::Contradiction(vec![key("r0"), key("r2")])]);
    assert!(faults(&[("a = b + 1", ""), ("c <= d", ""), ("b <= a + 2", "")]).len() == 1);
}

#[test]
fn a_rule_that_follows_from_others_is_named_with_them() {
    let found = faults(&[("a = b + c", ""), ("b = d", ""), ("a - c = d", "")]);
    let by = vec![key("r0"), key("r1")];
    assert_eq!(
        found,
        [Fault::Implied {
            rule: key("r2"),
            by
        }]
    );
    let found = faults(&[("a = b + c", ""), ("b <= a", "")]);
    let by = vec![key("r0")];
    assert_eq!(
        found,
        [Fault::Implied {
            rule: key("r1"),
            by
        }]
    );
    assert!(faults(&[("a = b + c", ""), ("d <= a", "")]).is_empty());
}

#[test]
fn a_sign_mistaken_that_leaves_only_zero_is_seen() {
    let found = faults(&[("a = b + c", ""), ("b = a + c", "")]);
    let rules = vec![key("r0"), key("r1")];
    let cell = "b!c".to_owned();
    assert_eq!(found, [Fault::OnlyZero { rules, cell }]);
}

#[test]
fn a_rule_that_cannot_hold_where_it_is_asked_is_named() {
    let sum = ("a = b + c", "");
    let found = faults(&[sum, ("b > a", "when = \"c >= 5\"")]);
    let rules = vec![key("r1"), key("r0")];
    assert_eq!(found, [Fault::ContradictionWhere(rules)]);
    let twice = [
        ("b = 1", "when = \"AND(a > 0, c > 0)\""),
        ("d <= 3", ""),
        ("b >= 2", "when = \"AND(a > 0, c > 0)\""),
    ];
    let rules = vec![key("r0"), key("r2")];
    assert_eq!(faults(&twice), [Fault::ContradictionWhere(rules)]);
    let apart = [
        ("b = 1", "when = \"a > 0\""),
        ("b >= 2", "when = \"a = 0\""),
    ];
    assert_eq!(faults(&apart), []);
}

#[test]
fn rules_that_cannot_fail_and_conditions_that_never_hold_are_seen() {
    assert_eq!(
        faults(&[("a + b >= 0", "")]),
        [Fault::NeverFails(key("r0"))]
    );
    let found = faults(&[("a <= 5", ""), ("b <= c", "when = \"a > 5\"")]);
    let by = vec![key("r0")];
    assert_eq!(
        found,
        [Fault::ConditionNeverHolds {
            rule: key("r1"),
            by
        }]
    );
    assert!(faults(&[("a <= 6", ""), ("b <= c", "when = \"a > 5\"")]).is_empty());
}
