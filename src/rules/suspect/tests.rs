//! Mistakes as people make them, in small forms: which cell is named, and which figure.

use std::sync::Arc;

use crate::model::{Allowance, Finding};
use crate::rules::check::check_confirmed;
use crate::rules::example;
use crate::rules::scope::{CellRef, RowRef};
use crate::rules::testing::{self, table, unit};
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
    let told = findings[0].review.suspects.iter().map(|suspect| {
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
    let reason = "two neighbouring digits may be swapped; 2 failing rules would hold";
    assert_eq!(suspects(&found), [told("B1", "1.494", 1, reason)]);
    assert_eq!(found[0].review.cause, found[1].review.cause, "one mistake");
}

#[test]
fn a_computed_total_that_agrees_with_its_wrong_part_points_at_the_part() {
    // 1.450 typed as 1.540, and added up so.
    let row = "rows = [{ ten = \"a\", tong = 2034, truc_tuyen = 1540, truc_tiep = 494, da_xong = 1400, con_lai = 544 }]";
    let found = findings(PROCEDURES, row);
    let reason = "two neighbouring digits may be swapped";
    assert_eq!(suspects(&found)[0], told("C1", "1.450", 1, reason));
    let others: Vec<usize> = found[0].review.suspects[1..]
        .iter()
        .map(|s| s.rank)
        .collect();
    assert!(
        others.iter().all(|rank| *rank > 1),
        "{:#?}",
        found[0].review.suspects
    );
}

#[test]
fn two_mistakes_that_hang_together_are_told_each_at_its_cell() {
    let row = "rows = [{ ten = \"a\", tong = 1944, truc_tuyen = 1000, truc_tiep = 494, da_xong = 1400, con_lai = 49 }]";
    let found = findings(PROCEDURES, row);
    let causes: Vec<String> = found
        .iter()
        .filter_map(|finding| Some(finding.review.cause.as_ref()?.cell.to_string()))
        .collect();
    assert_eq!(causes, ["B1", "F1"]);
    let second = &found[1].review.suspects[0];
    let reason = "two neighbouring digits may be swapped; at the same time B1 would have to be 1,494; 2 failing rules would hold";
    assert_eq!(second.reason.en, reason);
}

#[test]
fn without_evidence_equal_cells_are_told_as_equal() {
    let form = r#"
id = "bm"
version = "1"
title = "t"
sheet = "s"
[layout]
rows = "fixed"
label = "l"
[defaults]
type = "count"
[[column]]
id = "so"
label = "Số"
[[row]]
id = "a"
label = "A"
[[row]]
id = "b"
label = "B"
[[rule]]
id = "a-khac-b"
check = "a = b"
"#;
    let found = findings(form, "cells = { \"a.so\" = 4711, \"b.so\" = 385 }");
    let reason = |n| format!("the rule would hold if this cell were {n}");
    let (a, b) = (reason("385"), reason("4,711"));
    assert_eq!(
        suspects(&found),
        [told("A1", "385", 1, &a), told("A2", "4.711", 1, &b)]
    );
}

/// Communes that meet a criterion, as a printed report has them: 66 with footnote 2, of 124.
const SHARE: &str = r#"
id = "bm"
version = "1"
title = "t"
sheet = "s"
[layout]
rows = "fixed"
label = "l"
[defaults]
type = "count"
[[column]]
id = "so"
label = "Số"
[[row]]
id = "dat"
label = "Đạt"
[[row]]
id = "tong"
label = "Tổng"
[[row]]
id = "ty_le"
label = "Tỷ lệ"
type = "percent"
rounding = "truncate"
numerator = "dat"
denominator = "tong"
"#;

#[test]
fn a_footnote_mark_stuck_to_a_figure_is_told_by_its_percentage() {
    let cells = "cells = { \"dat.so\" = 662, \"tong.so\" = 124, \"ty_le.so\" = 53.22 }";
    let found = findings(SHARE, cells);
    let reason =
        "the 2 at the end may be a footnote mark typed behind the figure, or one digit too many";
    assert_eq!(suspects(&found)[0], told("A1", "66", 1, reason));
}

#[test]
fn the_percentage_of_the_other_part_is_known() {
    let cells = "cells = { \"dat.so\" = 66, \"tong.so\" = 124, \"ty_le.so\" = 46.78 }";
    let found = findings(SHARE, cells);
    let reason = "it may be the percentage of the other part (100% less it)";
    assert_eq!(suspects(&found), [told("A3", "53,22", 1, reason)]);
}

#[test]
fn a_long_table_that_is_wrong_all_over_is_explained_row_by_row() {
    let row = |i: usize| {
        format!(
            "{{ ten = \"{i}\", tong = 1944, truc_tuyen = 1000, truc_tiep = 494, da_xong = 1400, con_lai = 94 }}"
        )
    };
    let rows: Vec<String> = (0..600).map(row).collect();
    let form = format!("{PROCEDURES}\n[[rule]]\nid = \"it-nhat\"\ncheck = \"SUM(tong) = 3\"\n");
    let found = findings(&form, &format!("rows = [{}]", rows.join(", ")));
    assert_eq!(found.len(), 2 * 600 + 1);
    let named = found
        .iter()
        .filter(|finding| !finding.review.suspects.is_empty());
    assert_eq!(named.count(), 2 * 600);
}

/// Two equal items of a budget, the total of the second one wrong: its parts are no copies of those
/// above, because they are equal by nature.
#[test]
fn equal_items_are_no_copies_of_one_another() {
    let row = |name: &str, total: u32| {
        format!(
            "{{ ten = \"{name}\", tong = {total}, truc_tuyen = 100, truc_tiep = 200, da_xong = {total}, con_lai = 0 }}"
        )
    };
    let form = PROCEDURES.replace(
        "[[rule]]\nid = \"xong-lech\"\ncheck = \"da_xong + con_lai = tong\"\n",
        "",
    );
    let found = findings(
        &form,
        &format!("rows = [{}, {}]", row("a", 300), row("b", 471)),
    );
    let first = suspects(&found);
    assert_eq!((&*first[0].0, &*first[0].1), ("B2", "300"));
}

/// The total agrees with a control total, so a part is wrong; which one, nobody can say.
#[test]
fn no_figure_is_suggested_that_a_control_total_contradicts() {
    let columns =
        ["a", "b", "c"].map(|id| format!("[[column]]\nid = \"{id}\"\nlabel = \"{id}\"\n"));
    let rest = format!(
        "label = \"l\"\n[defaults]\ntype = \"count\"\n{}[[row]]\nid = \"r\"\nlabel = \"R\"\n\
         [[rule]]\nid = \"lech\"\ncheck = \"a = b + c\"\n",
        columns.concat()
    );
    let tables = [table(
        &testing::form("bm", "fixed", &rest),
        &[&["4711", "4222", "385"]],
    )];
    let cell = |column| CellRef {
        table: 0,
        row: RowRef::Row(0),
        column,
    };
    for (confirmed, others) in [(vec![], "A1 B1 C1"), (vec![vec![cell(0)]], "B1 C1")] {
        let outcome = check_confirmed(&unit(&tables), &confirmed, &Allowance::default());
        let found = suspects(&outcome.findings);
        let mut cells: Vec<&str> = found.iter().map(|(cell, ..)| &**cell).collect();
        cells.sort_unstable();
        assert_eq!(cells.join(" "), others);
    }
}

/// 40 or fewer of 30: both figures may be wrong, and neither has a right one.
#[test]
fn an_inequality_names_cells_and_no_figures() {
    let columns = ["nu", "tong"].map(|id| format!("[[column]]\nid = \"{id}\"\nlabel = \"{id}\"\n"));
    let rest = format!(
        "label = \"l\"\n[defaults]\ntype = \"count\"\n{}[[row]]\nid = \"r\"\nlabel = \"R\"\n\
         [[rule]]\nid = \"lech\"\ncheck = \"nu <= tong\"\n",
        columns.concat()
    );
    let tables = [table(
        &testing::form("bm", "fixed", &rest),
        &[&["510", "102"]],
    )];
    let outcome = check_confirmed(&unit(&tables), &[], &Allowance::default());
    let found = suspects(&outcome.findings);
    let named: Vec<(&str, &str)> = found
        .iter()
        .map(|(cell, to, ..)| (&**cell, &**to))
        .collect();
    assert_eq!(named, [("A1", ""), ("B1", "")]);
}
