//! The formulas of a sheet computed again from the cells they read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::model::CellAddress;
use crate::schema::calculation::{Calculation, Held};
use crate::workbook::Sheet;

/// Formulas behind formulas that are followed.
const DEEPEST: usize = 16;

/// Texts behind one formula that are told apart; a balance carried from row to row has all above it
/// behind it.
const MOST_TEXTS: usize = 200;

/// The formulas of a sheet computed again, each once.
pub(super) struct Recomputed<'a> {
    sheet: &'a Sheet,
    /// Figures stored as text, taken for the numbers that they are.
    texts: BTreeMap<CellAddress, f64>,
    known: RefCell<BTreeMap<CellAddress, Result>>,
}

/// What a formula gives, as far as that can be said, and the texts taken for numbers that it reads.
#[derive(Clone, Default)]
struct Result {
    held: Option<Held>,
    /// Is it only what the file stores, because the formula cannot be computed here?
    is_stored: bool,
    texts: BTreeSet<CellAddress>,
}

impl<'a> Recomputed<'a> {
    /// From the cells as they are.
    pub(super) fn new(sheet: &'a Sheet) -> Recomputed<'a> {
        Recomputed::with_texts(sheet, BTreeMap::new())
    }

    /// As if some figures stored as text were numbers.
    pub(super) fn with_texts(
        sheet: &'a Sheet,
        texts: BTreeMap<CellAddress, f64>,
    ) -> Recomputed<'a> {
        Recomputed {
            sheet,
            texts,
            known: RefCell::new(BTreeMap::new()),
        }
    }

    /// What the formula of a cell gives; `None` if that cannot be said, or it is no figure.
    pub(super) fn figure(&self, address: CellAddress) -> Option<f64> {
        self.sheet.cells.get(&address)?.formula.as_ref()?;
        match self.held(address, DEEPEST)? {
            Held::Number(figure) if figure.is_finite() => Some(figure),
            _ => None,
        }
    }

    /// Was the formula of a cell computed, or is what the file stores all that can be said? Known once
    /// its figure was asked for.
    pub(super) fn is_computed(&self, address: CellAddress) -> bool {
        let known = self.known.borrow();
        known.get(&address).is_some_and(|result| !result.is_stored)
    }

    /// The texts taken for numbers that the formula of a cell reads, itself or through others; known
    /// once it was computed.
    pub(super) fn texts_behind(&self, address: CellAddress) -> BTreeSet<CellAddress> {
        if self.texts.contains_key(&address) {
            return BTreeSet::from([address]);
        }
        let known = self.known.borrow();
        known
            .get(&address)
            .map(|result| result.texts.clone())
            .unwrap_or_default()
    }

    fn held(&self, address: CellAddress, depth: usize) -> Option<Held> {
        if let Some(figure) = self.texts.get(&address) {
            return Some(Held::Number(*figure));
        }
        let Some(cell) = self.sheet.cells.get(&address) else {
            return Some(Held::Blank);
        };
        let Some(formula) = cell.formula.as_deref() else {
            return cell.content.held();
        };
        if let Some(known) = self.known.borrow().get(&address) {
            return known.held.clone();
        }
        // Circular formulas find `None` here, which ends the recursion.
        self.known.borrow_mut().insert(address, Result::default());
        let below = depth.checked_sub(1)?;
        let texts = RefCell::new(BTreeSet::new());
        let read = |at: CellAddress| {
            let held = self.held(at, below);
            let behind = self.texts_behind(at);
            let room = MOST_TEXTS.saturating_sub(texts.borrow().len());
            texts.borrow_mut().extend(behind.into_iter().take(room));
            held
        };
        let computed = Calculation::parse(formula)
            .and_then(|formula| formula.result(&self.sheet.name, address, &read));
        let is_computed = computed.is_some();
        // Only a figure goes before what is stored: a guard of a template's formula that shows
        // nothing is no sign of a file that was not calculated again.
        let held = match computed {
            Some(figure @ Held::Number(_)) => Some(figure),
            other => cell.content.held().or(other),
        };
        let texts = texts.into_inner();
        let result = Result {
            held: held.clone(),
            is_stored: !is_computed,
            texts,
        };
        self.known.borrow_mut().insert(address, result);
        held
    }
}

/// Are they two figures? Programs differ in the last digits of a double.
pub(super) fn differs(one: f64, other: f64) -> bool {
    const ROOM: f64 = 1e-6;
    (one - other).abs() > ROOM * one.abs().max(1.0)
}
