//! The figures that error localisation tries in a cell so that a failed check holds.

use super::slip::Slip;
use super::system::{CellChange, System};
use crate::model::Number;
use crate::rules::instance::Instance;
use crate::rules::ratio::{self, RatioAt};
use crate::rules::scope::CellRef;
use crate::schema::evaluate::{number, round};
use crate::schema::expression::Comparison;
use crate::schema::form::Rounding;

/// The figures in a cell that may mend a check, with the changes made so far. `alone`: is it the
/// only cell that is changed? Figures that merely resemble the one found (typing slips) are tried
/// only in that case.
pub(super) fn to_try(
    system: &System<'_>,
    index: usize,
    at: CellRef,
    changes: &[CellChange],
    alone: bool,
) -> Vec<Number> {
    let unit = system.unit;
    let check = &system.checks[index];
    // A blank adds nothing to the sums that are solved here; it is reported as a blank.
    let found = system.figure(at).unwrap_or(Number::ZERO);
    let mut figures = match (&check.sum, ratio::of(check.instance, unit)) {
        (Some(sum), _) => {
            let solved = || {
                let rest = system.residual(sum, changes)?;
                let off = rest.checked_div(*sum.over.terms.get(&at)?)?;
                found.checked_sub(off)
            };
            solved().into_iter().collect()
        }
        (None, _) if unit.is_flag(at) => vec![Number::ONE - found],
        (None, Some(of)) => of_ratio(system, &of, at, changes),
        (None, None) => {
            let mut figures = bounds(system, check.instance, at);
            figures.extend(solution(system, check.instance, at));
            figures
        }
    };
    if alone && check.sum.is_none() && !unit.is_flag(at) {
        figures.extend(Slip::sources(found));
    }
    figures.retain(|figure| *figure != found);
    figures.sort();
    figures.dedup();
    figures
}

/// The figures that the ratio, or one of its operands, would have to have.
fn of_ratio(
    system: &System<'_>,
    of: &RatioAt<'_>,
    at: CellRef,
    changes: &[CellChange],
) -> Vec<Number> {
    let suppose = system.supposed(changes).unwrap_or_default();
    if of.at == at {
        return of.expected(&suppose).into_iter().collect();
    }
    let found = system.figure(at).unwrap_or(Number::ZERO);
    let decimals = decimals(system, at);
    let moved = of.moves(&suppose).into_iter();
    let moved = moved.filter_map(|by| found.checked_add(by));
    let rounded = moved.flat_map(|figure| {
        [Rounding::HalfUp, Rounding::Truncate].map(|rounding| round(figure, decimals, rounding))
    });
    rounded.collect()
}

fn decimals(system: &System<'_>, at: CellRef) -> u32 {
    system.unit.field(at).map_or(0, |field| field.decimals)
}

/// Does the rule determine the cell's figure, given the others? An inequality does not.
pub(super) fn says(system: &System<'_>, index: usize, at: CellRef) -> bool {
    let check = &system.checks[index];
    check.cells.contains(&at)
        && (check.sum.is_some()
            || ratio::of(check.instance, system.unit).is_some()
            || solution(system, check.instance, at).is_some())
}

/// Do rules determine every changed figure? The checks that the changes mend do, and so does any
/// other that the change of a determined figure would break: a percentage of it.
pub(super) fn are_determined(
    system: &System<'_>,
    changes: &[CellChange],
    mended: &[usize],
) -> bool {
    let of_mended = |at: CellRef| mended.iter().any(|index| says(system, *index, at));
    let (mut known, mut rest): (Vec<CellRef>, Vec<CellRef>) = changes
        .iter()
        .map(|(at, _)| *at)
        .partition(|at| system.unit.is_flag(*at) || of_mended(*at));
    loop {
        let left = rest.len();
        rest.retain(|at| {
            let follows = |index: &usize| {
                let others = || rest_of(changes, *at).filter(|other| reads(system, *index, *other));
                says(system, *index, *at)
                    && others().next().is_some()
                    && others().all(|other| known.contains(&other))
            };
            let mut touching = system.touching.get(at).into_iter().flatten();
            let found = touching.any(follows);
            if found {
                known.push(*at);
            }
            !found
        });
        if rest.is_empty() || rest.len() == left {
            return rest.is_empty();
        }
    }
}

fn rest_of(changes: &[CellChange], at: CellRef) -> impl Iterator<Item = CellRef> {
    changes
        .iter()
        .map(|(cell, _)| *cell)
        .filter(move |cell| *cell != at)
}

fn reads(system: &System<'_>, index: usize, at: CellRef) -> bool {
    system.checks[index].cells.contains(&at)
}

/// The figure for which an equality holds, if its sides depend on the cell in a straight line.
fn solution(system: &System<'_>, instance: &Instance, at: CellRef) -> Option<Number> {
    let (_, comparison, _) = instance.rule.check.comparison()?;
    (comparison == Comparison::Equal)
        .then(|| crossing(system, instance, at))
        .flatten()
}

/// The figures next to where an inequality begins to hold.
fn bounds(system: &System<'_>, instance: &Instance, at: CellRef) -> Vec<Number> {
    let around = || {
        let (_, comparison, _) = instance.rule.check.comparison()?;
        if comparison == Comparison::Equal {
            return None;
        }
        let decimals = decimals(system, at);
        let figure = round(
            crossing(system, instance, at)?,
            decimals,
            Rounding::Truncate,
        );
        let step = Number::new(1, decimals);
        Some(vec![
            figure.checked_sub(step)?,
            figure,
            figure.checked_add(step)?,
        ])
    };
    around().unwrap_or_default()
}

/// The figure for which both sides of a comparison are equal, if they depend on it in a straight
/// line.
fn crossing(system: &System<'_>, instance: &Instance, at: CellRef) -> Option<Number> {
    let (left, _, right) = instance.rule.check.comparison()?;
    let difference = |figure: Number| {
        let suppose = system.supposed(&[(at, figure)])?;
        let scope = instance.scope(system.unit, &suppose);
        let right = number(right, &scope).ok()?;
        number(left, &scope).ok()?.checked_sub(right)
    };
    let (at_zero, at_one) = (difference(Number::ZERO)?, difference(Number::ONE)?);
    let slope = at_one.checked_sub(at_zero)?;
    (-at_zero)
        .checked_div(slope)
        .map(|figure| figure.normalize())
}
