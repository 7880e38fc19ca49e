//! Two columns of a table that hold each other's figures, or whose headers changed places: many rules
//! fail, and all of them hold once the figures of every row are exchanged.

use std::collections::BTreeSet;

use super::explanation::{ChangeSet, Group};
use super::slip::Slip;
use super::system::{CellChange, System};
use crate::model::CellAddress;
use crate::rules::scope::{CellRef, RowRef};

/// Rules that must hold once two columns are exchanged, and do not hold now; fewer may do so by
/// accident.
const LEAST_MENDED: usize = 3;

/// Rows that must have other figures in the two columns; fewer are single cells.
const LEAST_ROWS: usize = 3;

/// Takes the checks out of `failed` that hold once two columns of their table are exchanged, where no
/// other two do that: a group for each such table.
pub(super) fn exchanged(system: &System<'_>, failed: &mut Vec<usize>) -> Vec<Group> {
    let mut groups = Vec::new();
    if failed.len() < LEAST_MENDED {
        return groups;
    }
    for table in 0..system.unit.tables.len() {
        let mut found: Vec<ChangeSet> = pairs(system, failed, table).take(2).collect();
        if let (Some(best), true) = (found.pop(), found.is_empty()) {
            failed.retain(|index| !best.mended.contains(index));
            groups.push(Group {
                failed: best.mended.clone(),
                explanations: vec![best],
            });
        }
    }
    groups
}

/// Exchanges of two columns of a table after which everything about them holds. At least one of them is
/// read by what fails.
fn pairs<'a>(
    system: &'a System<'_>,
    failed: &'a [usize],
    table: usize,
) -> impl Iterator<Item = ChangeSet> + 'a {
    let read = failed.iter().flat_map(|index| &system.checks[*index].cells);
    let suspect: BTreeSet<usize> = read
        .filter(|at| at.table == table)
        .map(|at| at.column)
        .collect();
    let columns = system.unit.tables[table].form.file.columns.len();
    let one_and_other = move |one: usize| {
        let others = (0..columns).filter(move |other| *other != one);
        others.map(move |other| (one.min(other), one.max(other)))
    };
    let pairs: BTreeSet<(usize, usize)> = suspect.into_iter().flat_map(one_and_other).collect();
    pairs
        .into_iter()
        .filter_map(move |(one, other)| exchange(system, failed, table, one, other))
}

fn exchange(
    system: &System<'_>,
    failed: &[usize],
    table: usize,
    one: usize,
    other: usize,
) -> Option<ChangeSet> {
    let (changes, cells) = exchanged_figures(system, table, one, other)?;
    let trial = system.attempt(&changes, &[])?;
    let moved: BTreeSet<CellRef> = changes.iter().map(|(at, _)| *at).collect();
    let asked = |index: &&usize| !system.checks[**index].cells.is_disjoint(&moved);
    let mended: Vec<usize> = failed.iter().filter(asked).copied().collect();
    let holds = mended.len() >= LEAST_MENDED
        && !trial.breaks
        && mended.iter().all(|index| trial.mended.contains(index));
    let slip = Slip::Columns(cells);
    holds.then(|| ChangeSet {
        changes: changes
            .into_iter()
            .map(|change| (change, Some(slip)))
            .collect(),
        cost: 0,
        by_hand: false,
        odds: 0,
        mended,
        determined: true,
    })
}

/// The figures of two columns the other way round, and the first two cells; nothing if a row has only
/// one of them. What follows from other figures follows them.
fn exchanged_figures(
    system: &System<'_>,
    table: usize,
    one: usize,
    other: usize,
) -> Option<(Vec<CellChange>, [CellAddress; 2])> {
    let unit = system.unit;
    let rows = unit.tables[table].rows.len();
    let (mut changes, mut cells) = (Vec::new(), None);
    for row in (0..rows).map(RowRef::Row) {
        let at = |column: usize| CellRef { table, row, column };
        let (one, other) = (at(one), at(other));
        if [one, other]
            .iter()
            .any(|at| system.follows.contains_key(at))
        {
            continue;
        }
        let (first, second) = match (unit.figure(one), unit.figure(other)) {
            (Some(first), Some(second)) => (first, second),
            (None, None) => continue,
            _ => return None,
        };
        if first != second {
            changes.extend([(one, second), (other, first)]);
            let address = |at: CellRef| unit.cell(at)?.address;
            cells = cells.or(Some([address(one)?, address(other)?]));
        }
    }
    (changes.len() >= 2 * LEAST_ROWS).then_some((changes, cells?))
}
