//! Totals that leave a row out, or add it twice.

use std::collections::BTreeSet;

use super::ranking_tests::{checked, named};
use crate::model::Finding;
use crate::rules::testing::{form, table, with_total};

/// Rows (name, all, first part, second part) and a total row; what the totals' findings suspect.
fn totals(rows: &[[&str; 4]], total: [&str; 4]) -> Vec<Finding> {
    let rest = "total = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"tong\"\nlabel = \"Tổng\"\ncomputed = true\n\
        [[column]]\nid = \"a\"\nlabel = \"A\"\n[[column]]\nid = \"b\"\nlabel = \"B\"\n\
        [[rule]]\nid = \"tong-lech\"\ncheck = \"tong = a + b\"\n";
    let form = form("bm", "free", rest);
    let rows: Vec<&[&str]> = rows.iter().map(|row| row.as_slice()).collect();
    checked(&[with_total(table(&form, &rows), &total)])
}

#[test]
fn a_total_that_is_off_by_one_row_in_every_column_names_the_row() {
    let rows = [
        ["x", "212", "80", "132"],
        ["y", "59", "30", "29"],
        ["z", "74", "41", "33"],
    ];
    let reasons = |found: &[Finding]| -> Vec<String> {
        let suspects = found.iter().map(|finding| &finding.review.suspects[0]);
        suspects
            .map(|suspect| format!("{} {}", suspect.cell, suspect.reason.vi))
            .collect()
    };
    let without = totals(&rows, ["", "286", "121", "165"]);
    assert_eq!(without.len(), 3, "{without:#?}");
    for told in reasons(&without) {
        assert!(told.contains("chưa cộng dòng 2"), "{told}");
    }
    // All of it is one mistake.
    let causes: BTreeSet<String> = without
        .iter()
        .filter_map(|finding| finding.review.cause.as_ref())
        .map(|place| place.cell.to_string())
        .collect();
    assert_eq!(causes.len(), 1, "{without:#?}");
    for told in reasons(&totals(&rows, ["", "404", "181", "223"])) {
        assert!(told.contains("cộng dòng 2 hai lần"), "{told}");
    }
    // Nothing of it where the row has figures that are in the total.
    let other = totals(&rows, ["", "315", "121", "194"]);
    assert!(
        reasons(&other).iter().all(|told| !told.contains("dòng 2")),
        "{other:#?}"
    );
}

/// The percentage of the total row was computed from totals without the row, so it follows them.
#[test]
fn a_total_without_a_row_names_it_beside_a_typed_percentage() {
    let rest = "total = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"nguoi\"\nlabel = \"Người\"\n[[column]]\nid = \"nu\"\nlabel = \"Nữ\"\n\
        [[column]]\nid = \"p\"\nlabel = \"P\"\ntype = \"percent\"\nnumerator = \"nu\"\ndenominator = \"nguoi\"\n";
    let form = form("bm", "free", rest);
    let rows: [&[&str]; 3] = [
        &["x", "153", "61", "39.87"],
        &["y", "87", "12", "13.79"],
        &["z", "331", "127", "38.37"],
    ];
    for (total, reason) in [
        (["", "240", "73", "30.42"], "chưa cộng dòng 3"),
        (["", "902", "327", "36.25"], "cộng dòng 3 hai lần"),
    ] {
        let found = checked(&[with_total(table(&form, &rows), &total)]);
        let first = &found[0].review.suspects[0];
        assert_eq!(first.cell.to_string(), "B4", "{found:#?}");
        assert!(first.reason.vi.contains(reason), "{found:#?}");
        assert!(first.reason.vi.contains("D4 phải là 35,03"), "{found:#?}");
    }
}

/// Only one column leaves the row out; the others are right.
#[test]
fn a_total_of_one_column_without_a_row_names_it() {
    let rows = [
        ["x", "212", "80", "132"],
        ["y", "159", "130", "29"],
        ["z", "74", "41", "33"],
    ];
    let found = totals(&rows, ["", "315", "121", "194"]);
    let first = &found[0].review.suspects[0];
    assert_eq!(first.cell.to_string(), "C4", "{found:#?}");
    assert!(first.reason.vi.contains("chưa cộng dòng 2"), "{found:#?}");
}

/// Any one of them could be 80; that says nothing of the three that would be listed.
#[test]
fn equal_items_of_a_sum_are_no_suspects_beside_its_total() {
    let rows = ["x", "y", "z", "t"].map(|name| [name, "200", "100", "100"]);
    let found = totals(&rows, ["", "800", "380", "400"]);
    assert_eq!(named(&found), ["C5 → 400"], "{found:#?}");
}

#[test]
fn a_sum_of_fixed_rows_that_is_off_by_one_row_names_it() {
    let rest = "label = \"L\"\n[defaults]\ntype = \"amount\"\ndecimals = 2\n\
        [[column]]\nid = \"dau\"\nlabel = \"Đầu\"\n[[column]]\nid = \"tang\"\nlabel = \"Tăng\"\n\
        [[column]]\nid = \"cuoi\"\nlabel = \"Cuối\"\n\
        [[row]]\nid = \"a\"\nlabel = \"A\"\n[[row]]\nid = \"b\"\nlabel = \"B\"\n[[row]]\nid = \"c\"\nlabel = \"C\"\n\
        [[row]]\nid = \"cong\"\nlabel = \"Cộng\"\n\
        [[rule]]\nid = \"cong-lech\"\ncheck = \"cong = a + b + c\"\n\
        [[rule]]\nid = \"cuoi-lech\"\ncheck = \"cuoi = dau + tang\"\n";
    let form = form("bm", "fixed", rest);
    let rows: [&[&str]; 3] = [
        &["1203.45", "10.2", "1213.65"],
        &["880", "4.5", "884.5"],
        &["455.05", "22.75", "477.8"],
    ];
    for (total, reason) in [
        (["1658.5", "32.95", "1691.45"], "chưa cộng dòng 2"),
        (["3418.5", "41.95", "3460.45"], "cộng dòng 2 hai lần"),
    ] {
        let all: Vec<&[&str]> = rows.iter().copied().chain([total.as_slice()]).collect();
        let found = checked(&[table(&form, &all)]);
        assert!(!found.is_empty());
        for finding in &found {
            let first = &finding.review.suspects[0];
            assert_eq!(first.cell.row, 3, "{found:#?}");
            assert!(first.reason.vi.contains(reason), "{found:#?}");
        }
        let causes: BTreeSet<_> = found.iter().map(|one| one.review.cause.clone()).collect();
        assert_eq!(causes.len(), 1, "{found:#?}");
    }
}
