//! Formulas that give an error, or show nothing, because a cell that they read has no figure: what is
//! found at them follows from that cell.

use std::collections::BTreeMap;

use super::context::{ReadContext, ReadLog};
use crate::model::{CellAddress, Place, Severity};
use crate::schema::rule::sheet_formula::reads;
use crate::workbook::{Cell, Content, Sheet};

/// Gives errors at such formulas the cell from which they follow as their cause.
pub(super) fn follow(context: &ReadContext<'_>, log: &mut ReadLog) {
    let errors = log.findings.iter();
    let errors = errors.filter(|finding| finding.severity == Severity::Error);
    let cells = errors.filter_map(|finding| finding.cell);
    let mut told: BTreeMap<CellAddress, CellAddress> = cells.map(|cell| (cell, cell)).collect();
    told.extend(log.blanks.iter().map(|(blank, at)| (*blank, *at)));
    let mut roots = Roots {
        sheet: context.sheet,
        told,
        known: BTreeMap::new(),
    };
    for finding in &mut log.findings {
        let error = finding.severity == Severity::Error && finding.review.cause.is_none();
        let Some(cell) = finding.cell.filter(|_| error) else {
            continue;
        };
        if let Some(root) = roots.of(cell) {
            let sheet = context.sheet.name.clone();
            finding.review.cause = Some(Place { sheet, cell: root });
            finding.review.suspects.clear();
        }
    }
}

/// Where cells are told that leave formulas without a figure. A balance carried from row to row may
/// have thousands of them, so each is looked for once.
struct Roots<'a> {
    sheet: &'a Sheet,
    /// Cells without a figure, and where that is told.
    told: BTreeMap<CellAddress, CellAddress>,
    known: BTreeMap<CellAddress, Option<CellAddress>>,
}

impl Roots<'_> {
    /// Where the cell is told that leaves the formula of `at` without a figure, itself or through
    /// other formulas.
    fn of(&mut self, at: CellAddress) -> Option<CellAddress> {
        // Each formula on the way, and one that reads it.
        let mut read_by = BTreeMap::from([(at, at)]);
        let mut waiting = vec![at];
        while let Some(own) = waiting.pop() {
            let found = match self.known.get(&own) {
                Some(known) => *known,
                None => self.look(own, &mut read_by, &mut waiting),
            };
            if let Some(root) = found {
                let mut step = own;
                self.known.insert(step, found);
                while step != at {
                    step = *read_by.get(&step)?;
                    self.known.insert(step, found);
                }
                return Some(root);
            }
        }
        let none = read_by.into_keys().map(|formula| (formula, None));
        self.known.extend(none);
        None
    }

    /// Where a cell is told that the formula of `own` reads; if there is none, further formulas
    /// without a figure wait to be looked at.
    fn look(
        &self,
        own: CellAddress,
        read_by: &mut BTreeMap<CellAddress, CellAddress>,
        waiting: &mut Vec<CellAddress>,
    ) -> Option<CellAddress> {
        let formula = self.silent(own)?;
        for range in reads(formula, own)? {
            let told = self.told.range(range.0..=range.1);
            for (cell, told_at) in told.filter(|(cell, _)| cell.is_within(range)) {
                if self.silent(*cell).is_none() {
                    return Some(*told_at);
                }
                read_by.entry(*cell).or_insert_with(|| {
                    waiting.push(*cell);
                    own
                });
            }
        }
        None
    }

    /// The text of a formula that gives no figure.
    fn silent(&self, at: CellAddress) -> Option<&str> {
        let cell: &Cell = self.sheet.cells.get(&at)?;
        let gives_none = matches!(cell.content, Content::Error(_) | Content::EmptyText);
        let formula = cell.formula.as_deref().filter(|text| !text.is_empty());
        formula.filter(|_| gives_none)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(formula: &str) -> Cell {
        Cell {
            content: Content::Error("#VALUE!".to_owned()),
            formula: Some(formula.to_owned()),
            style: None,
        }
    }

    /// Asked in the order of a page, and from its end.
    #[test]
    fn each_row_of_a_long_balance_follows_from_the_one_text_above_it() {
        const ROWS: u32 = 20_000;
        let text = CellAddress::new(0, 4);
        let rows = 1..ROWS;
        let mut sheet = Sheet::new("Sổ");
        for row in rows.clone() {
            let formula = format!("E{row}+C{0}-D{0}", row + 1);
            sheet
                .cells
                .insert(CellAddress::new(row, 4), failed(&formula));
        }
        let told = (0..ROWS).map(|row| CellAddress::new(row, 4));
        let told: BTreeMap<_, _> = told.map(|at| (at, at)).collect();
        for down in [true, false] {
            let mut roots = Roots {
                sheet: &sheet,
                told: told.clone(),
                known: BTreeMap::new(),
            };
            let at = |row: u32| CellAddress::new(if down { row } else { ROWS - row }, 4);
            assert!(rows.clone().all(|row| roots.of(at(row)) == Some(text)));
        }
    }

    #[test]
    fn formulas_that_read_one_another_follow_from_nothing() {
        let mut sheet = Sheet::new("Sổ");
        let (one, other) = (CellAddress::new(0, 0), CellAddress::new(1, 0));
        sheet.cells.insert(one, failed("A2+1"));
        sheet.cells.insert(other, failed("A1+1"));
        let told = BTreeMap::from([(one, one), (other, other)]);
        let known = BTreeMap::new();
        let mut roots = Roots {
            sheet: &sheet,
            told,
            known,
        };
        assert_eq!((roots.of(one), roots.of(other)), (None, None));
    }
}
