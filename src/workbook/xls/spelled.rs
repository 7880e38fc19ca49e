//! The formulas of a sheet spelled out, where they are asked for: those of a blank form say its rules.

use std::collections::BTreeMap;

use super::formula::{Book, shared_at, spelled};
use crate::model::CellAddress;
use crate::workbook::bytes::Bytes;
use crate::workbook::limits::Budget;
use crate::workbook::{FileProblem, Sheet};

/// The formulas of a sheet by their tokens.
#[derive(Default)]
pub(super) struct Spelled<'a> {
    own: Vec<(CellAddress, Bytes<'a>)>,
    /// Formulas that several cells share, by the cell at which they are stored.
    shared: BTreeMap<CellAddress, Bytes<'a>>,
}

impl<'a> Spelled<'a> {
    /// The formula of a cell.
    pub(super) fn add(&mut self, at: CellAddress, tokens: Bytes<'a>) {
        self.own.push((at, tokens));
    }

    /// A formula that several cells share.
    pub(super) fn share(&mut self, at: CellAddress, tokens: Bytes<'a>) {
        self.shared.insert(at, tokens);
    }

    /// Writes the formulas into the cells; those that use what is not spelled out stay unknown.
    ///
    /// # Errors
    /// They are longer than the limits allow.
    pub(super) fn settle(
        self,
        sheet: &mut Sheet,
        book: Book<'_>,
        budget: &mut Budget,
    ) -> Result<(), FileProblem> {
        for (at, tokens) in self.own {
            let tokens = match shared_at(tokens) {
                Some(anchor) => self.shared.get(&anchor).copied(),
                None => Some(tokens),
            };
            let Some(formula) = tokens.and_then(|tokens| spelled(tokens, at, book)) else {
                continue;
            };
            budget.spell(formula.len())?;
            if let Some(cell) = sheet.cells.get_mut(&at) {
                cell.formula = Some(formula);
            }
        }
        Ok(())
    }
}
