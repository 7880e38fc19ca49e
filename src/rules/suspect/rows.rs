//! Total rows that are off by exactly one row: it was left out (mostly because it is hidden, or was
//! added below the range of the sums), or counted twice.

use std::collections::BTreeMap;

use super::explanation::{ChangeSet, Group};
use super::slip::Slip;
use super::system::{CellChange, System};
use crate::model::Number;
use crate::rules::scope::{CellRef, RowRef};

/// The cost of a total that is off by a row.
const COST: u32 = 1;
/// Smaller rows are equal to a difference by chance: in one column, and in several.
const LEAST_ALONE: u32 = 100;
const LEAST_TOGETHER: u32 = 10;

/// A cell of a total row, and what it says less the sum of the rows.
struct Total {
    check: usize,
    at: CellRef,
    off: Number,
}

/// Takes the checks of total rows out of `failed` that one row explains in all columns at once.
pub(super) fn left_out(system: &System<'_>, failed: &mut Vec<usize>) -> Vec<Group> {
    let mut tables: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, check) in system.checks.iter().enumerate() {
        if check.hard && check.instance.rule.is_total() {
            tables.entry(check.instance.table).or_default().push(index);
        }
    }
    let groups = tables.values().filter_map(|checks| {
        let group = group(system, failed, checks)?;
        failed.retain(|index| !group.failed.contains(index));
        Some(group)
    });
    groups.collect()
}

fn group(system: &System<'_>, failed: &[usize], checks: &[usize]) -> Option<Group> {
    let totals: Option<Vec<Total>> = checks.iter().map(|index| total(system, *index)).collect();
    let (right, wrong): (Vec<Total>, Vec<Total>) =
        totals?.into_iter().partition(|total| total.off.is_zero());
    let table = wrong.first()?.at.table;
    let least = match wrong.len() {
        1 => LEAST_ALONE,
        _ => LEAST_TOGETHER,
    };
    if !wrong
        .iter()
        .any(|total| total.off.abs() >= Number::from(least))
    {
        return None;
    }
    let figure = |row: usize, total: &Total| {
        let row = RowRef::Row(row);
        let at = CellRef { row, ..total.at };
        system.unit.figure(at).unwrap_or(Number::ZERO)
    };
    let is_off_by = |row: usize, sign: Number| {
        wrong
            .iter()
            .all(|total| Some(total.off) == figure(row, total).checked_mul(sign))
            && right.iter().all(|total| figure(row, total).is_zero())
    };
    let rows = 0..system.unit.tables.get(table)?.rows.len();
    let signs = [Number::NEGATIVE_ONE, Number::ONE];
    let mut found = rows.flat_map(|row| signs.map(|sign| (row, sign)));
    let mut found = found.by_ref().filter(|(row, sign)| is_off_by(*row, *sign));
    let (Some((row, sign)), None) = (found.next(), found.next()) else {
        return None;
    };
    explained(system, failed, &wrong, row, sign.is_sign_negative())
}

/// A total and how far it is off; `None` if it is blank.
fn total(system: &System<'_>, check: usize) -> Option<Total> {
    let instance = system.checks[check].instance;
    let at = instance.subject()?;
    let mut off = system.unit.figure(at)?;
    for cell in instance.cells.iter().filter(|cell| **cell != at) {
        off = off.checked_sub(system.unit.figure(*cell).unwrap_or(Number::ZERO))?;
    }
    Some(Total { check, at, off })
}

/// The failed checks, explained by totals that leave a row out or count it twice.
fn explained(
    system: &System<'_>,
    failed: &[usize],
    wrong: &[Total],
    row: usize,
    is_left_out: bool,
) -> Option<Group> {
    let mut changes = Vec::new();
    for total in wrong {
        // A total that is the sum of other totals follows them.
        if system.checks[total.check].cells.contains(&total.at) {
            let row = RowRef::Row(row);
            let cell = system.unit.cell(CellRef { row, ..total.at })?;
            let slip = match is_left_out {
                true => Slip::RowLeftOut(cell.address?),
                false => Slip::RowTwice(cell.address?),
            };
            let meant = system.unit.figure(total.at)?.checked_sub(total.off)?;
            changes.push(((total.at, meant), Some(slip)));
        }
    }
    let cells: Vec<CellChange> = changes.iter().map(|(change, _)| *change).collect();
    let trial = system.attempt(&cells, failed)?;
    let mended = |total: &Total| trial.mended.contains(&total.check);
    if trial.breaks || !wrong.iter().all(mended) {
        return None;
    }
    let own = failed.iter().filter(|index| trial.mended.contains(index));
    Some(Group {
        failed: own.copied().collect(),
        explanations: vec![ChangeSet {
            changes,
            cost: COST,
            by_hand: false,
            odds: 0,
            mended: trial.mended,
            determined: true,
        }],
    })
}
