//! Cells without a figure under live formulas: a formula over such a cell shows nothing, the total
//! row leaves the formula out, and rules of the total row fail although every other figure is right.

use std::collections::{BTreeMap, BTreeSet};

use super::explanation::{ChangeSet, Group, MOST};
use super::slip::Slip;
use super::system::{System, TypedSum};
use crate::model::Number;
use crate::rules::equation::Equation;
use crate::rules::scope::CellRef;

/// Formulas over formulas that are followed; rows and columns are added up in few steps.
const MOST_STEPS: usize = 8;

/// Takes the checks out of `failed` that would hold if one cell without a figure had one and the
/// formulas over it followed. Checks that ask for the same cell are a group, explained by it.
pub(super) fn left_out(system: &System<'_>, failed: &mut Vec<usize>) -> Vec<Group> {
    let mut groups = under_totals(system, failed);
    if system.unshown.is_empty() {
        return groups;
    }
    let mut behind: BTreeMap<CellRef, Vec<(usize, Option<Number>)>> = BTreeMap::new();
    for index in failed.iter() {
        let check = &system.checks[*index];
        let found = match &check.sum {
            Some(sum) => solved(system, sum),
            None => read(system, &check.cells).map(|at| (at, None)),
        };
        if let Some((at, figure)) = found {
            behind.entry(at).or_default().push((*index, figure));
        }
    }
    for (at, mended) in behind {
        let figures: BTreeSet<Number> = mended.iter().filter_map(|(_, figure)| *figure).collect();
        if figures.len() > 1 {
            continue;
        }
        let figure = figures.first().copied();
        let mended: Vec<usize> = mended.into_iter().map(|(index, _)| index).collect();
        failed.retain(|index| !mended.contains(index));
        groups.push(Group {
            failed: mended.clone(),
            explanations: vec![ChangeSet {
                // Of what no rule determines only the cell is reported.
                changes: vec![((at, figure.unwrap_or(Number::ZERO)), Some(Slip::Open))],
                cost: 0,
                by_hand: false,
                odds: 0,
                mended,
                determined: figure.is_some(),
            }],
        });
    }
    groups
}

/// Takes the total rows out of `failed` below which several cells lack a figure: what is missing is
/// in those, in which of them nobody can say. One such cell is a matter for the search.
fn under_totals(system: &System<'_>, failed: &mut Vec<usize>) -> Vec<Group> {
    let mut groups = Vec::new();
    failed.retain(|index| {
        let check = &system.checks[*index];
        if !check.hard || !check.instance.rule.is_total() {
            return true;
        }
        let open = check.instance.cells.iter().copied();
        let open: Vec<CellRef> = open.filter(|at| system.is_open(*at)).collect();
        if open.len() < 2 {
            return true;
        }
        let changes = open.into_iter().take(MOST);
        groups.push(Group {
            failed: vec![*index],
            explanations: vec![ChangeSet {
                changes: changes
                    .map(|at| ((at, Number::ZERO), Some(Slip::Open)))
                    .collect(),
                cost: 0,
                by_hand: false,
                odds: 0,
                mended: vec![*index],
                determined: false,
            }],
        });
        false
    });
    groups
}

/// The one cell without a figure behind the formulas of a sum that show nothing, and the figure with
/// which the sum holds; no figure if it holds with any.
fn solved(system: &System<'_>, sum: &TypedSum) -> Option<(CellRef, Option<Number>)> {
    let over = expanded(system, &sum.over)?;
    let is_open = |at: &&CellRef| system.is_open(**at);
    let before = sum.over.terms.keys().filter(is_open);
    let after = over.terms.keys().filter(is_open);
    let open: BTreeSet<CellRef> = before.chain(after).copied().collect();
    let hidden = open.iter().filter(|at| !system.unit.is_formula(**at));
    let hidden: Vec<CellRef> = hidden.copied().collect();
    let [at] = hidden.as_slice() else {
        return None;
    };
    let rest = over.value(|cell| match cell == *at {
        true => None,
        false => system.figure(cell),
    })?;
    match over.terms.get(at) {
        None => rest.is_zero().then_some((*at, None)),
        Some(coefficient) => {
            let figure = (-rest).checked_div(*coefficient)?.normalize();
            system.supposed(&[(*at, figure)])?;
            Some((*at, Some(figure)))
        }
    }
}

/// The one cell without a figure behind a formula that shows nothing and that a bound reads.
fn read(system: &System<'_>, cells: &BTreeSet<CellRef>) -> Option<CellRef> {
    let behind = cells.iter().filter_map(|at| {
        let over = expanded(system, &Equation::cell(*at))?;
        Some(over.terms.into_keys())
    });
    let open = behind.flatten().filter(|at| system.is_open(*at));
    let hidden: BTreeSet<CellRef> = open.filter(|at| !system.unit.is_formula(*at)).collect();
    match hidden.len() {
        1 => hidden.first().copied(),
        _ => None,
    }
}

/// A sum with formulas that show nothing replaced by what they are computed from; `None` if it has
/// none.
fn expanded(system: &System<'_>, sum: &Equation) -> Option<Equation> {
    let mut over = sum.clone();
    for step in 0..MOST_STEPS {
        system
            .allowance
            .take(system.unshown.len() + over.terms.len());
        let mut unshown = system.unshown.iter();
        let next = unshown.find_map(|(at, parts)| Some((at, parts, *over.terms.get(at)?)));
        let Some((at, parts, coefficient)) = next else {
            return (step > 0).then_some(over);
        };
        over.terms.remove(at);
        over.add(parts, coefficient)?;
    }
    None
}
