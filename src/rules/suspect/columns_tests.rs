//! Columns that hold each other's figures.

use super::ranking_tests::checked;
use crate::model::Finding;
use crate::rules::testing::{form, table};

/// Rows: name, all, women, others, percentage of women.
fn told(rows: &[[&str; 5]]) -> Vec<Finding> {
    let rest = "[defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"hs\"\nlabel = \"Học sinh\"\n[[column]]\nid = \"nu\"\nlabel = \"Nữ\"\n\
        [[column]]\nid = \"dt\"\nlabel = \"Dân tộc\"\n\
        [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ nữ\"\ntype = \"percent\"\ndecimals = 2\n\
        numerator = \"nu\"\ndenominator = \"hs\"\n";
    let form = form("bm", "free", rest);
    let rows: Vec<&[&str]> = rows.iter().map(|row| row.as_slice()).collect();
    checked(&[table(&form, &rows)])
}

#[test]
fn two_columns_that_changed_places_are_named_and_no_ratio_is_accused() {
    let rows = [
        ["a", "120", "9", "58", "48.33"],
        ["b", "98", "12", "50", "51.02"],
        ["c", "75", "4", "33", "44"],
        ["d", "64", "8", "30", "46.88"],
    ];
    let found = told(&rows);
    assert_eq!(found.len(), 4, "{found:#?}");
    for finding in &found {
        let suspects = &finding.review.suspects;
        assert!(
            suspects
                .iter()
                .all(|one| one.cell.column == 2 || one.cell.column == 3)
        );
        assert!(
            suspects[0].reason.vi.contains("cả cột C và cột D"),
            "{finding:#?}"
        );
        assert!(
            finding.message.vi.contains("cả cột C và cột D"),
            "{finding:#?}"
        );
        assert_eq!(finding.review.cause, found[0].review.cause);
    }
}

/// Fewer rows than that may agree with other figures by accident.
#[test]
fn two_rows_are_no_columns() {
    let rows = [
        ["a", "120", "9", "58", "48.33"],
        ["b", "98", "12", "50", "51.02"],
        ["c", "75", "33", "4", "44"],
        ["d", "64", "30", "8", "46.88"],
    ];
    let found = told(&rows);
    let named = |finding: &Finding| {
        let mut suspects = finding.review.suspects.iter();
        suspects.any(|one| one.reason.vi.contains("cả cột"))
    };
    assert!(!found.is_empty() && !found.iter().any(named), "{found:#?}");
}
