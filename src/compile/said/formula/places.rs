//! Rules over the cells of formulas as rules over columns or rows, where they hold on all of these.

use crate::compile::rule::{Candidate, Place};
use crate::compile::said::build::flat;
use crate::compile::table::Table;

/// A rule over single cells as one over columns or rows, if all are on one row or in one column.
pub(super) fn localised(rule: &Candidate) -> Candidate {
    let places = rule.places();
    let (own_row, own_column) = row_and_column(rule.left);
    let local_only = places.iter().all(|place| !matches!(place, Place::Other(_)));
    let all = |test: &dyn Fn((usize, usize)) -> bool| {
        local_only && places.iter().all(|place| test(row_and_column(*place)))
    };
    let local: &dyn Fn(Place) -> Place = if all(&|(row, _)| row == own_row) {
        &|place| Place::Column(row_and_column(place).1)
    } else if all(&|(_, column)| column == own_column) {
        &|place| Place::Row(row_and_column(place).0)
    } else {
        &|place| place
    };
    Candidate {
        left: local(rule.left),
        right: flat(rule.right.clone().moved(local)),
        ..rule.clone()
    }
}

fn row_and_column(place: Place) -> (usize, usize) {
    match place {
        Place::Cell(row, column) => (row, column),
        Place::Row(row) => (row, 0),
        Place::Column(column) => (0, column),
        Place::Other(_) => (0, 0),
    }
}

/// A rule over columns, found on some rows of the sheet. A column computed on nearly every row of a
/// free table is computed on all.
pub(super) fn column_rule(
    table: &Table,
    rule: &Candidate,
    column: usize,
    rows: &[u32],
) -> Candidate {
    let wanted = |row: &u32| {
        table
            .row_at(*row)
            .is_none_or(|row| table.wants(row, column))
    };
    let mut lines = body_rows(table).into_iter().filter(wanted);
    let all = table.is_free() || lines.all(|row| rows.contains(&row));
    let indices = || rows.iter().filter_map(|row| table.row_at(*row)).collect();
    Candidate {
        at: (!all).then(indices),
        ..rule.clone()
    }
}

/// A rule over rows, found in some columns.
pub(super) fn row_rule(
    table: &Table,
    rule: &Candidate,
    row: usize,
    columns: Vec<usize>,
) -> Candidate {
    let all = table.columns.iter().enumerate();
    let mut additive = all.filter(|(at, column)| column.is_additive() && table.wants(row, *at));
    let all = additive.all(|(at, _)| columns.contains(&at));
    Candidate {
        at: (!all).then_some(columns),
        ..rule.clone()
    }
}

pub(super) fn body_rows(table: &Table) -> Vec<u32> {
    match table.lines {
        Some((first, last)) => (first..=last).collect(),
        None => table.rows.iter().map(|row| row.at).collect(),
    }
}
