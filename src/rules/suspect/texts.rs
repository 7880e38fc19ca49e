//! Figures stored as text: the workbook's own sums leave them out, so totals are wrong although
//! every figure is right.

use std::collections::{BTreeMap, BTreeSet};

use super::explanation::{ChangeSet, Group};
use super::slip::Slip;
use super::system::{CellChange, System};
use crate::model::Number;
use crate::rules::ratio;
use crate::rules::scope::CellRef;

/// Takes the checks out of `failed` that hold once figures stored as text count nothing, as they do
/// for the workbook's formulas, and those that only follow from these. Checks with the same figures
/// are a group, explained by them.
pub(super) fn left_out(system: &System<'_>, failed: &mut Vec<usize>) -> Vec<Group> {
    let unit = system.unit;
    let cells = failed.iter().flat_map(|index| &system.checks[*index].cells);
    let texts: BTreeSet<CellRef> = cells.copied().filter(|at| unit.is_text(*at)).collect();
    let blank: Vec<CellChange> = texts.iter().map(|at| (*at, Number::ZERO)).collect();
    // What a formula would give if it counted them, and the figures it leaves out.
    let mut results: BTreeMap<CellRef, (Number, Vec<CellRef>)> = BTreeMap::new();
    let mut mended: BTreeMap<usize, Vec<CellRef>> = BTreeMap::new();
    for index in failed.iter() {
        if let Some((at, figure, own)) = quotient(system, *index, &texts) {
            results.insert(at, (figure, own.clone()));
            mended.insert(*index, own);
        }
    }
    let trial = system.attempt(&blank, failed);
    if trial.is_none() && results.is_empty() {
        return Vec::new();
    }
    for index in trial.into_iter().flat_map(|trial| trial.mended) {
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

/// The formula of a failed ratio over figures stored as text, what it should give, and these
/// figures: a spreadsheet takes 1.020 as text for 1,02, or for nothing.
fn quotient(
    system: &System<'_>,
    index: usize,
    texts: &BTreeSet<CellRef>,
) -> Option<(CellRef, Number, Vec<CellRef>)> {
    let check = &system.checks[index];
    let of = ratio::of(check.instance, system.unit)?;
    let own = texts.iter().copied();
    let own: Vec<CellRef> = own
        .filter(|at| *at != of.at && check.cells.contains(at))
        .collect();
    let live = system.unit.is_formula(of.at) && !own.is_empty();
    Some((of.at, of.expected(&[]).filter(|_| live)?, own))
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

#[cfg(test)]
mod tests {
    use crate::model::{Allowance, CellAddress};
    use crate::rules::check_unit;
    use crate::rules::testing::{form, table, unit};

    #[test]
    fn a_figure_stored_as_text_is_named_before_the_percentage_that_is_computed_from_it() {
        let rest = "[defaults]\ntype = \"count\"\n\
            [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
            [[column]]\nid = \"nguoi\"\nlabel = \"Người\"\n[[column]]\nid = \"nu\"\nlabel = \"Nữ\"\n\
            [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\n\
            numerator = \"nu\"\ndenominator = \"nguoi\"\n";
        let form = form("abc", "free", rest);
        // 1.020 typed as text, which the workbook took for 1,02.
        let mut read = table(&form, &[&["x", "2040", "1020", "0.05"]]);
        read.formulas.insert(CellAddress::new(0, 3));
        read.texts.insert(CellAddress::new(0, 2));
        let tables = [read];
        let found = check_unit(&unit(&tables), &Allowance::default()).findings;
        assert_eq!(found.len(), 1, "{found:#?}");
        let first = &found[0].review.suspects[0];
        assert_eq!(first.cell, CellAddress::new(0, 2));
        assert!(first.reason.vi.contains("dạng chữ"), "{}", first.reason.vi);
        let cause = found[0].review.cause.as_ref().unwrap();
        assert_eq!(cause.cell, CellAddress::new(0, 2));
    }
}
