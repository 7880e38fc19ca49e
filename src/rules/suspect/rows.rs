//! Totals that are off by exactly one of their addends: it was left out (mostly because its row is
//! hidden, or was added below the range of the sums), or counted twice.

use std::collections::BTreeMap;

use super::explanation::{ChangeSet, Group};
use super::slip::Slip;
use super::system::{CellChange, System};
use crate::model::Number;
use crate::rules::equation::Equation;
use crate::rules::instance::Instance;
use crate::rules::ratio;
use crate::rules::scope::{CellRef, RowRef, UnitTables};

/// The cost of totals that are off by a row in all columns at once.
const COST: u32 = 1;
/// Smaller figures (in units of their last digit) are equal to a difference by chance: in one
/// column, and in several.
const LEAST_ALONE: u128 = 100;
const LEAST_TOGETHER: u128 = 10;

/// A cell that adds up others, and what it says less their sum.
struct Total {
    check: usize,
    at: CellRef,
    off: Number,
    addends: Vec<CellRef>,
}

impl Total {
    fn of(unit: &UnitTables<'_>, check: usize, instance: &Instance) -> Option<Total> {
        let sum = Equation::of(instance, unit).filter(|sum| sum.constant.is_zero())?;
        let alone = |sign: Number| {
            let mut terms = sum.terms.iter();
            let (at, _) = terms.find(|(_, coefficient)| **coefficient == sign)?;
            let rest = sum.terms.iter().filter(|(other, _)| *other != at);
            let mut rest = rest.map(|(_, coefficient)| *coefficient == -sign);
            rest.all(|opposite| opposite).then_some((*at, sign))
        };
        let (at, sign) = alone(Number::ONE).or_else(|| alone(Number::NEGATIVE_ONE))?;
        let addends = sum.terms.keys().copied().filter(|other| *other != at);
        let addends: Vec<CellRef> = addends.collect();
        unit.figure(at)?;
        let off = sum.value(|at| unit.figure(at))?.checked_mul(sign)?;
        (addends.len() > 1).then_some(Total {
            check,
            at,
            off,
            addends,
        })
    }

    fn is_off(&self, least: u128) -> bool {
        self.off.normalize().mantissa().unsigned_abs() >= least
    }

    /// What the addend of a row says; nothing is 0.
    fn addend(&self, unit: &UnitTables<'_>, row: RowRef) -> Number {
        let at = CellRef { row, ..self.at };
        let figure = unit.figure(at).filter(|_| self.addends.contains(&at));
        figure.unwrap_or(Number::ZERO)
    }
}

/// Takes the checks of sums of rows out of `failed` that one row explains in several columns at
/// once, or in the only one where it has a figure.
pub(super) fn left_out(system: &System<'_>, failed: &mut Vec<usize>) -> Vec<Group> {
    let mut rules: BTreeMap<(usize, &str), Vec<Total>> = BTreeMap::new();
    for (index, check) in system.checks.iter().enumerate() {
        let instance = check.instance;
        let of_rows = |total: &Total| {
            let mut addends = total.addends.iter();
            addends.all(|at| at.table == instance.table && at.column == total.at.column)
        };
        if check.hard
            && instance.rule.when.is_none()
            && let Some(total) = Total::of(system.unit, index, instance).filter(of_rows)
        {
            // The total rows of a table are one rule for each column.
            let rule = match instance.rule.is_total() {
                true => "",
                false => instance.rule.id.as_str(),
            };
            rules.entry((instance.table, rule)).or_default().push(total);
        }
    }
    let groups = rules.into_values().filter_map(|totals| {
        let group = group(system, failed, totals)?;
        failed.retain(|index| !group.failed.contains(index));
        Some(group)
    });
    groups.collect()
}

fn group(system: &System<'_>, failed: &[usize], mut totals: Vec<Total>) -> Option<Group> {
    let settled = |check: usize| system.checks[check].failed && !failed.contains(&check);
    totals.retain(|total| !settled(total.check));
    let (wrong, right): (Vec<Total>, Vec<Total>) = totals
        .into_iter()
        .partition(|total| system.checks[total.check].failed);
    let first = wrong.first()?;
    let (unit, several) = (system.unit, wrong.len() > 1);
    let least = if several { LEAST_TOGETHER } else { LEAST_ALONE };
    if !wrong.iter().any(|total| total.is_off(least)) {
        return None;
    }
    let is_off_by = |row: RowRef, sign: Number| {
        wrong
            .iter()
            .all(|total| Some(total.off) == total.addend(unit, row).checked_mul(sign))
            && (several || right.iter().all(|total| total.addend(unit, row).is_zero()))
    };
    let signs = [Number::NEGATIVE_ONE, Number::ONE];
    let rows = first.addends.iter().map(|at| at.row);
    let found = rows.flat_map(|row| signs.map(|sign| (row, sign)));
    let mut found = found.filter(|(row, sign)| is_off_by(*row, *sign));
    let (Some((row, sign)), None) = (found.next(), found.next()) else {
        return None;
    };
    explained(system, failed, &wrong, row, sign.is_sign_negative())
}

/// The failed checks, explained by totals that leave a row out or count it twice; ratios of these
/// totals follow them.
fn explained(
    system: &System<'_>,
    failed: &[usize],
    wrong: &[Total],
    row: RowRef,
    is_left_out: bool,
) -> Option<Group> {
    let mut changes = Vec::new();
    for total in wrong {
        // A total that is the sum of other totals follows them.
        if system.checks[total.check].cells.contains(&total.at) {
            let cell = system.unit.cell(CellRef { row, ..total.at })?;
            let slip = match is_left_out {
                true => Slip::RowLeftOut(cell.address?),
                false => Slip::RowTwice(cell.address?),
            };
            let meant = system.unit.figure(total.at)?.checked_sub(total.off)?;
            changes.push(((total.at, meant), Some(slip)));
        }
    }
    let cells = |changes: &[(CellChange, Option<Slip>)]| -> Vec<CellChange> {
        changes.iter().map(|(change, _)| *change).collect()
    };
    let mut trial = system.attempt(&cells(&changes), failed)?;
    if trial.breaks {
        let supposed = system.supposed(&cells(&changes))?;
        for index in trial.open.iter().filter(|index| !failed.contains(index)) {
            let of = ratio::of(system.checks[*index].instance, system.unit)?;
            if !wrong.iter().any(|total| total.at.row == of.at.row) {
                return None;
            }
            changes.push(((of.at, of.expected(&supposed)?), None));
        }
        trial = system.attempt(&cells(&changes), failed)?;
    }
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

/// How a sum came to be `found` in place of `meant`: without one of its addends, or with it twice.
pub(super) fn slip(system: &System<'_>, at: CellRef, found: Number, meant: Number) -> Option<Slip> {
    off_by_one(system, at, found, meant, LEAST_ALONE)
}

/// The row that a total is off by, whatever the size of its figure: what a small one equals by chance is
/// worth a look, but says little.
pub(super) fn worth_a_look(
    system: &System<'_>,
    at: CellRef,
    found: Number,
    meant: Number,
) -> Option<Slip> {
    let slip = off_by_one(system, at, found, meant, 1);
    slip.filter(|slip| matches!(slip, Slip::RowLeftOut(_) | Slip::RowTwice(_)))
}

/// The only addend, of at least so many units of its last digit, that a sum is off by.
fn off_by_one(
    system: &System<'_>,
    at: CellRef,
    found: Number,
    meant: Number,
    least: u128,
) -> Option<Slip> {
    let unit = system.unit;
    let checks = system.touching.get(&at)?.iter();
    let failed = checks.map(|index| (*index, &system.checks[*index]));
    let mut totals = failed
        .filter(|(_, check)| check.failed && check.hard && check.instance.rule.when.is_none())
        .filter_map(|(index, check)| Total::of(unit, index, check.instance))
        .filter(|total| total.at == at && total.is_off(least));
    totals.find_map(|total| {
        let off = found.checked_sub(meant).filter(|off| *off == total.off)?;
        let addends = total.addends.iter().copied();
        let mut same =
            addends.filter(|addend| unit.figure(*addend).map(|f| f.abs()) == Some(off.abs()));
        let (addend, None) = (same.next()?, same.next()) else {
            return None;
        };
        let is_left_out = unit.figure(addend)? == -off;
        let address = unit.cell(addend)?.address?;
        Some(match (addend.column == at.column, is_left_out) {
            (true, true) => Slip::RowLeftOut(address),
            (true, false) => Slip::RowTwice(address),
            (false, true) => Slip::PartLeftOut(address),
            (false, false) => Slip::PartTwice(address),
        })
    })
}
