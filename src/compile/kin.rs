//! Figures that are added up are of one kind: where one has decimals, the others may.

use super::rule::{Candidate, Place};
use super::table::{Role, Table};
use super::words;
use crate::schema::FieldType;

/// Makes columns of counts columns of amounts where a rule adds them to amounts whose decimals the
/// form leaves open; «Số hộ» counts all the same, and so do cells that take whole numbers only.
pub(super) fn alike(table: &mut Table, rules: &[Candidate]) {
    // Each round may reach one rule further.
    for _ in 0..table.columns.len() {
        if !rules.iter().any(|rule| spread(table, rule)) {
            return;
        }
    }
}

/// Did a rule make a column one of amounts?
fn spread(table: &mut Table, rule: &Candidate) -> bool {
    if !rule.is_equal() || rule.right.multiplies() {
        return false;
    }
    let columns: Vec<usize> = rule
        .places()
        .into_iter()
        .filter_map(|place| match place {
            Place::Column(column) => Some(column),
            _ => None,
        })
        .collect();
    let open = columns.iter().find(|at| {
        let column = &table.columns[**at];
        column.kind == FieldType::Amount && column.any_decimals
    });
    let Some(decimals) = open.map(|at| table.columns[*at].decimals) else {
        return false;
    };
    let mut changed = false;
    for at in columns {
        let column = &mut table.columns[at];
        let counts = column
            .path
            .iter()
            .any(|part| words::is_count_header(&part.text));
        if column.role == Role::Value
            && column.kind == FieldType::Count
            && !(counts || column.whole)
        {
            (column.kind, column.decimals) = (FieldType::Amount, decimals);
            column.any_decimals = true;
            changed = true;
        }
    }
    changed
}
