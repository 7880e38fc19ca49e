//! Figures stored as text: the workbook's own sums leave them out, so totals are wrong although
//! every figure is right.

use std::collections::{BTreeMap, BTreeSet};

use super::explanation::{ChangeSet, Group};
use super::slip::Slip;
use super::system::{CellChange, System};
use crate::model::Number;
use crate::rules::scope::CellRef;

/// Takes the checks out of `failed` that hold once figures stored as text count nothing, as they do
/// for the workbook's formulas, and those that only follow from these. Checks with the same figures
/// are a group, explained by them.
pub(super) fn left_out(system: &System<'_>, failed: &mut Vec<usize>) -> Vec<Group> {
    let unit = system.unit;
    let cells = failed.iter().flat_map(|index| &system.checks[*index].cells);
    let texts: BTreeSet<CellRef> = cells.copied().filter(|at| unit.is_text(*at)).collect();
    let blank: Vec<CellChange> = texts.iter().map(|at| (*at, Number::ZERO)).collect();
    let Some(trial) = system.attempt(&blank, failed) else {
        return Vec::new();
    };
    // What a formula would give if it counted them, and the figures it leaves out.
    let mut results: BTreeMap<CellRef, (Number, Vec<CellRef>)> = BTreeMap::new();
    let mut mended: BTreeMap<usize, Vec<CellRef>> = BTreeMap::new();
    for index in trial.mended {
        if let Some((at, figure)) = result(system, index) {
            let cells = system.checks[index].cells.iter().copied();
            let own: Vec<CellRef> = cells.filter(|at| texts.contains(at)).collect();
            results.entry(at).or_insert((figure, own.clone()));
            mended.insert(index, own);
        }
    }
    for (at, parts) in &system.unshown {
        let cells = parts.terms.keys().copied();
        let own: Vec<CellRef> = cells.filter(|part| unit.is_text(*part)).collect();
        if let (false, Some(figure)) = (own.is_empty(), parts.value(|at| unit.figure(at))) {
            results.insert(*at, (figure, own));
        }
    }
    let right: Vec<CellChange> = results
        .iter()
        .map(|(at, (figure, _))| (*at, *figure))
        .collect();
    let follows = system
        .attempt(&right, failed)
        .map_or(Vec::new(), |trial| trial.mended);
    for index in follows {
        let cells = &system.checks[index].cells;
        let behind = results.iter().filter(|(at, _)| cells.contains(at));
        let own = behind.flat_map(|(_, (_, texts))| texts.iter().copied());
        mended.entry(index).or_insert_with(|| own.collect());
    }
    let mut by_texts: BTreeMap<Vec<CellRef>, Vec<usize>> = BTreeMap::new();
    for (index, mut texts) in mended {
        texts.sort();
        texts.dedup();
        by_texts.entry(texts).or_default().push(index);
    }
    by_texts
        .into_iter()
        .filter_map(|(texts, mended)| group(system, failed, &texts, mended))
        .collect()
}

/// The formula of a failed sum, and the figure with which the sum would hold.
fn result(system: &System<'_>, index: usize) -> Option<(CellRef, Number)> {
    let sum = system.checks[index].sum.as_ref()?;
    let mut formulas = sum
        .over
        .terms
        .iter()
        .filter(|(at, _)| system.unit.is_formula(**at));
    let (at, coefficient) = formulas.next()?;
    let off = system.residual(sum, &[])?.checked_div(*coefficient)?;
    let figure = system.figure(*at)?.checked_sub(off)?;
    Some((*at, figure))
}

/// The failed checks among `mended`, explained by figures stored as text.
fn group(
    system: &System<'_>,
    failed: &mut Vec<usize>,
    texts: &[CellRef],
    mended: Vec<usize>,
) -> Option<Group> {
    let (own, rest) = failed
        .iter()
        .partition::<Vec<usize>, _>(|i| mended.contains(i));
    *failed = rest;
    let same = |at: &CellRef| Some(((*at, system.figure(*at)?), Some(Slip::Text)));
    (!own.is_empty()).then(|| Group {
        failed: own,
        explanations: vec![ChangeSet {
            changes: texts.iter().filter_map(same).collect(),
            cost: 0,
            by_hand: false,
            odds: 0,
            mended,
            determined: true,
        }],
    })
}
