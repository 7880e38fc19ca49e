//! Tries figures in typed cells: which checks would hold, and which would not.

use std::collections::BTreeSet;

use super::slip::as_value;
use super::system::{CellChange, System, SystemRule, TypedSum};
use crate::model::{Number, Value};
use crate::rules::instance::Verdict;
use crate::rules::scope::CellRef;

/// The outcome of trying changes.
pub(super) struct Trial {
    /// Failed checks that hold now, by index.
    pub(super) mended: Vec<usize>,
    /// Checks (by index) that do not hold: failed ones touched and not mended, and hard ones that
    /// held before.
    pub(super) open: Vec<usize>,
    /// Did a check that held before break?
    pub(super) breaks: bool,
}

impl System<'_> {
    /// Tries figures in typed cells; `None` if a cell cannot hold its figure, or one that follows.
    pub(super) fn attempt(&self, changes: &[CellChange], wanted: &[usize]) -> Option<Trial> {
        let suppose = self.supposed(changes)?;
        let moved = |sum: &TypedSum| self.residual(sum, changes) != Some(sum.value);
        if self.confirmed.iter().any(moved) {
            return None;
        }
        let mut touched: BTreeSet<usize> = BTreeSet::new();
        for (at, _) in changes {
            touched.extend(self.touching.get(at).into_iter().flatten());
        }
        let kept = |at: CellRef| changes.iter().all(|(changed, _)| *changed != at);
        touched.retain(|index| !self.checks[*index].computes.is_some_and(kept));
        let looked_at = |index: &usize| 1 + self.checks[*index].reads;
        self.allowance.take(touched.iter().map(looked_at).sum());
        let mut trial = Trial {
            mended: Vec::new(),
            open: Vec::new(),
            breaks: false,
        };
        for index in touched {
            let check = &self.checks[index];
            match (self.holds(check, changes, &suppose), check.failed) {
                (true, true) => trial.mended.push(index),
                (true, false) => {}
                (false, true) => {
                    if wanted.contains(&index) {
                        trial.open.push(index);
                    }
                }
                (false, false) => {
                    if check.hard {
                        trial.open.push(index);
                        trial.breaks = true;
                    }
                }
            }
        }
        let untouched = wanted.iter().filter(|index| {
            let cells = &self.checks[**index].cells;
            changes.iter().all(|(at, _)| !cells.contains(at))
        });
        trial.open.extend(untouched);
        Some(trial)
    }

    fn holds(
        &self,
        check: &SystemRule<'_>,
        changes: &[CellChange],
        suppose: &[(CellRef, Value)],
    ) -> bool {
        match &check.sum {
            Some(sum) => self
                .residual(sum, changes)
                .is_some_and(|rest| rest.is_zero()),
            None => check.instance.ask(self.unit, suppose) == Verdict::Pass,
        }
    }

    /// Would computed cells that were typed by hand, and agree, have to change, too? What moves within
    /// a sum does not change it.
    pub(super) fn moves_typed(&self, changes: &[CellChange]) -> bool {
        let typed = |at: CellRef| {
            let changed = changes.iter().any(|(changed, _)| *changed == at);
            !changed && !self.unit.is_formula(at)
        };
        let cells = || changes.iter().map(|(at, _)| at);
        let followers = cells().filter_map(|at| self.followers.get(at)).flatten();
        let mut sums = followers
            .filter(|at| typed(**at))
            .filter_map(|at| self.follows.get(at));
        if sums.any(|sum| self.residual(sum, changes) != Some(sum.value)) {
            return true;
        }
        let Some(suppose) = self.supposed(changes) else {
            return false;
        };
        let touching = cells().filter_map(|at| self.touching.get(at)).flatten();
        let mut quotients = touching
            .map(|index| &self.checks[*index])
            .filter(|check| check.computes.is_some_and(typed));
        quotients.any(|check| !self.holds(check, changes, &suppose))
    }

    /// The value of a sum with some figures changed.
    pub(super) fn residual(&self, sum: &TypedSum, changes: &[CellChange]) -> Option<Number> {
        let mut value = sum.value;
        for (at, figure) in changes {
            if let Some(coefficient) = sum.over.terms.get(at) {
                // A blank counts as 0 in the present value of the sum.
                let found = self.figure(*at).unwrap_or(Number::ZERO);
                let moved = figure.checked_sub(found)?.checked_mul(*coefficient)?;
                value = value.checked_add(moved)?;
            }
        }
        Some(value)
    }

    /// The changes with what follows from them, as values of the cells; `None` if a cell cannot
    /// hold its.
    pub(super) fn supposed(&self, changes: &[CellChange]) -> Option<Vec<(CellRef, Value)>> {
        let mut followers: BTreeSet<CellRef> = BTreeSet::new();
        for (at, _) in changes {
            followers.extend(self.followers.get(at).into_iter().flatten());
        }
        let mut supposed = Vec::new();
        for (at, figure) in changes {
            supposed.push((*at, self.fitting(*at, *figure)?));
        }
        for at in followers {
            let figure = self.residual(&self.follows[&at], changes)?;
            supposed.push((at, self.fitting(at, figure)?));
        }
        Some(supposed)
    }

    /// A figure as the cell's value, if the field can hold it.
    fn fitting(&self, at: CellRef, figure: Number) -> Option<Value> {
        let (field, is_flag) = (self.unit.field(at)?, self.unit.is_flag(at));
        let fits = match is_flag {
            true => figure.is_zero() || figure == Number::ONE,
            false => {
                let figure = figure.normalize();
                figure.scale() <= field.decimals && (field.negative || figure >= Number::ZERO)
            }
        };
        fits.then(|| as_value(figure, is_flag))
    }
}
