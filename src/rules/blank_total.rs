//! A total row that was left blank is one mistake: one finding says what its cells should be.

use std::collections::BTreeMap;

use super::instance::Instance;
use super::scope::{CellRef, RowRef, UnitTables};
use super::words::terms::joined;
use crate::extract::CellState;
use crate::model::value::message;
use crate::model::{Finding, Message, Value};

/// A failed rule's finding, by the index of its instance.
pub(super) type Failed = (usize, Finding);

/// Folds the findings that only say that the cells of a blank total row are no sums of the rows
/// above into the first of them. A row of which one cell has a figure was filled in, and its blanks
/// are reported one by one.
pub(super) fn fold(
    unit: &UnitTables<'_>,
    instances: &[Instance],
    failed: Vec<Failed>,
) -> Vec<Finding> {
    let mut by_table: BTreeMap<usize, Vec<Message>> = BTreeMap::new();
    let mut kept: Vec<(Option<usize>, Finding)> = Vec::new();
    for (index, finding) in failed {
        let table = blank_total(unit, &instances[index]);
        // What cannot be listed is reported by itself.
        let (Some(table), Some(due)) = (table, due(&finding)) else {
            kept.push((None, finding));
            continue;
        };
        let first = !by_table.contains_key(&table);
        by_table.entry(table).or_default().push(due);
        if first {
            kept.push((Some(table), finding));
        }
    }
    let finding = |(table, finding): (Option<usize>, Finding)| match table {
        Some(table) if by_table[&table].len() > 1 => finding.adding(&whole_row(&by_table[&table])),
        _ => finding,
    };
    kept.into_iter().map(finding).collect()
}

/// The table, if the rule is about a cell of its total row and that row is blank.
fn blank_total(unit: &UnitTables<'_>, instance: &Instance) -> Option<usize> {
    let at = instance.subject().filter(|_| instance.rule.is_total())?;
    let total = unit.tables.get(at.table)?.total.as_ref()?;
    let blank = |column: usize| {
        let at = CellRef {
            row: RowRef::Total,
            column,
            ..at
        };
        let state = unit.cell(at).map(|cell| &cell.state);
        !matches!(
            state,
            Some(CellState::Value(Value::Number(_)) | CellState::Unreadable)
        )
    };
    (at.row == RowRef::Total && (0..total.cells.len()).all(blank)).then_some(at.table)
}

/// "F25: 26.830,5".
fn due(finding: &Finding) -> Option<Message> {
    let (cell, figure) = (finding.cell?.to_string(), finding.expected.as_ref()?);
    Some(message!(figure; "{cell}: {figure}", "{cell}: {figure}"))
}

fn whole_row(due: &[Message]) -> Message {
    let due = joined(due, "; ", "; ");
    message!(
        due;
        " Cả dòng tổng để trống; các ô phải ghi: {due}.",
        " The whole total row is blank; its cells should be: {due}."
    )
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check, form, table, with_total};

    fn told(total: &[&str]) -> Vec<String> {
        let columns = ["a", "b", "c"]
            .map(|id| format!("[[column]]\nid = \"{id}\"\nlabel = \"{id}\"\n"))
            .concat();
        let rest = format!(
            "total = \"Tổng cộng\"\n[defaults]\ntype = \"count\"\nblank = \"zero\"\n\
             [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n{columns}"
        );
        let form = form("bm", "free", &rest);
        let rows: [&[&str]; 2] = [&["x", "1", "20", "3"], &["y", "4", "50", "6"]];
        let told = check(&[with_total(table(&form, &rows), total)], None);
        told.into_iter().map(|told| told.vi).collect()
    }

    #[test]
    fn a_blank_total_row_is_one_mistake() {
        let told = told(&["", "", "", ""]);
        assert_eq!(told.len(), 1, "{told:#?}");
        let ends = "Cả dòng tổng để trống; các ô phải ghi: B3: 5; C3: 70; D3: 9.";
        assert!(told[0].ends_with(ends), "{}", told[0]);
    }

    #[test]
    fn blanks_of_a_row_that_was_filled_in_are_reported_one_by_one() {
        assert_eq!(told(&["", "5", "", ""]).len(), 2);
        assert_eq!(told(&["", "5", "70", "9"]).len(), 0);
    }
}
