//! Mistakes as people make them, in small forms: which cell is named, and which figure.

use std::sync::Arc;

use crate::model::Finding;
use crate::rules::example;
use crate::schema::Form;

/// A row of the report on procedures: total = online + direct = done + open, one thing a column.
const PROCEDURES: &str = r#"
id = "bm"
version = "1"
title = "t"
sheet = "s"
[layout]
rows = "free"
[defaults]
type = "count"
[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true
[[column]]
id = "tong"
label = "Tổng"
computed = true
[[column]]
id = "truc_tuyen"
label = "Trực tuyến"
[[column]]
id = "truc_tiep"
label = "Trực tiếp"
[[column]]
id = "da_xong"
label = "Đã xong"
[[column]]
id = "con_lai"
label = "Còn lại"
[[rule]]
id = "tong-lech"
check = "tong = truc_tuyen + truc_tiep"
[[rule]]
id = "xong-lech"
check = "da_xong + con_lai = tong"
"#;

fn findings(form: &str, example: &str) -> Vec<Finding> {
    let text = format!("{form}\n[[example]]\nname = \"n\"\n{example}");
    let form = Arc::new(Form::parse("bm.toml", &text).unwrap());
    let ran = example::run(&form, &form.file.examples[0]);
    ran.findings
}

/// "cell: suggestion, rank, reason" of the first finding's suspects.
fn suspects(findings: &[Finding]) -> Vec<(String, String, usize, &str)> {
    let told = findings[0].suspects.iter().map(|suspect| {
        let suggestion = suspect.suggestion.as_ref().map(ToString::to_string);
        let reason = suspect.reason.en.as_str();
        (
            suspect.cell.to_string(),
            suggestion.unwrap_or_default(),
            suspect.rank,
            reason,
        )
    });
    told.collect()
}

fn told<'a>(
    cell: &str,
    suggestion: &str,
    rank: usize,
    reason: &'a str,
) -> (String, String, usize, &'a str) {
    (cell.to_owned(), suggestion.to_owned(), rank, reason)
}

#[test]
fn a_total_with_two_digits_swapped_is_named_alone() {
    let row = "rows = [{ ten = \"a\", tong = 1944, truc_tuyen = 1000, truc_tiep = 494, da_xong = 1400, con_lai = 94 }]";
    let found = findings(PROCEDURES, row);
    let reason = "two neighbouring digits swapped; 2 failing rules would hold";
    assert_eq!(suspects(&found), [told("B1", "1.494", 1, reason)]);
    assert_eq!(found[0].cause, found[1].cause, "one mistake");
}

#[test]
fn a_computed_total_that_agrees_with_its_wrong_part_points_at_the_part() {
    let row = "rows = [{ ten = \"a\", tong = 1944, truc_tuyen = 1450, truc_tiep = 494, da_xong = 1400, con_lai = 94 }]";
    let found = findings(PROCEDURES, row);
    // The total would follow; each other cell of the balance alone would mend it, too.
    assert_eq!(suspects(&found)[0], told("C1", "1.000", 1, ""));
}

#[test]
fn two_mistakes_that_hang_together_are_told_apart() {
    // The total and what is left over are both wrong.
    let row = "rows = [{ ten = \"a\", tong = 1944, truc_tuyen = 1000, truc_tiep = 494, da_xong = 1400, con_lai = 49 }]";
    let found = findings(PROCEDURES, row);
    assert_eq!(found.len(), 2);
    let first: Vec<&str> = found
        .iter()
        .map(|f| f.suspects[0].reason.en.as_str())
        .collect();
    assert_eq!(first, [""; 2]);
}
