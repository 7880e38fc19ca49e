//! One sheet of a blank form, as the compiler looks at it: texts, merges, looks, notes.

use std::collections::BTreeMap;

use super::dressing::Dressing;
use crate::model::CellAddress;
use crate::workbook::{Content, Sheet};

/// Rows and columns further out than this are not looked at.
pub(super) const MOST_ROWS: u32 = 2_000;
pub(super) const MOST_COLUMNS: u32 = 300;

/// A sheet of a blank form.
pub(super) struct Page<'a> {
    pub(super) sheet: &'a Sheet,
    pub(super) dressing: &'a Dressing,
    /// What is written, by row (from 0) and column (from 0); numbers by their digits, of
    /// formulas only the words that they begin with.
    pub(super) rows: BTreeMap<u32, BTreeMap<u32, String>>,
}

impl<'a> Page<'a> {
    pub(super) fn new(sheet: &'a Sheet, dressing: &'a Dressing) -> Page<'a> {
        let mut rows: BTreeMap<u32, BTreeMap<u32, String>> = BTreeMap::new();
        for (address, cell) in &sheet.cells {
            if address.row >= MOST_ROWS || address.column >= MOST_COLUMNS {
                continue;
            }
            let text = match (&cell.formula, &cell.content) {
                (Some(formula), _) => begins_with_words(formula).unwrap_or_default().to_owned(),
                (None, Content::Text(text)) => text.trim().to_owned(),
                (None, Content::Number(number)) => number.to_string(),
                _ => continue,
            };
            if !text.is_empty() {
                rows.entry(address.row)
                    .or_default()
                    .insert(address.column, text);
            }
        }
        Page {
            sheet,
            dressing,
            rows,
        }
    }

    /// What is written in the cell itself.
    pub(super) fn own(&self, row: u32, column: u32) -> Option<&str> {
        self.rows.get(&row)?.get(&column).map(String::as_str)
    }

    /// The texts of a row by column.
    pub(super) fn row(&self, row: u32) -> impl Iterator<Item = (u32, &str)> {
        let cells = self.rows.get(&row).into_iter().flatten();
        cells.map(|(column, text)| (*column, text.as_str()))
    }

    /// The merged range a cell is in, or the cell alone: first and last.
    pub(super) fn span(&self, row: u32, column: u32) -> (CellAddress, CellAddress) {
        let at = CellAddress::new(row, column);
        self.sheet
            .merge_at(at)
            .map_or((at, at), |merge| (merge.first, merge.last))
    }

    /// The text a reader sees at a cell, with the cell that holds it.
    pub(super) fn seen(&self, row: u32, column: u32) -> Option<(CellAddress, &str)> {
        let (first, _) = self.span(row, column);
        Some((first, self.own(first.row, first.column)?))
    }

    /// Does the cell hold a formula?
    pub(super) fn formula(&self, row: u32, column: u32) -> Option<&'a str> {
        let cell = self.sheet.cell(CellAddress::new(row, column))?;
        cell.formula.as_deref()
    }

    /// Number format of a cell, blank or not; empty for General and where it is not known. Formats
    /// of blank cells are only known of `.xlsx`.
    pub(super) fn format(&self, row: u32, column: u32) -> &str {
        let at = CellAddress::new(row, column);
        let look = self.dressing.looks.get(&at).map(|look| &look.format);
        let format = look.or_else(|| {
            let style = self.sheet.cell(at)?.style.as_ref()?;
            style.number_format.as_ref()
        });
        format.map_or("", String::as_str)
    }

    /// Does a cell have a border?
    pub(super) fn bordered(&self, row: u32, column: u32) -> bool {
        let look = self.dressing.looks.get(&CellAddress::new(row, column));
        look.is_some_and(|look| look.bordered)
    }

    /// Is a cell shaded grey?
    pub(super) fn grey(&self, row: u32, column: u32) -> bool {
        let look = self.dressing.looks.get(&CellAddress::new(row, column));
        look.is_some_and(|look| look.grey)
    }

    /// Does a cell take whole numbers from 0 on only?
    pub(super) fn is_whole(&self, row: u32, column: u32) -> bool {
        let at = CellAddress::new(row, column);
        self.dressing.whole.iter().any(|range| at.is_within(*range))
    }

    /// The last row in which something is written, computed or ruled.
    pub(super) fn last_row(&self) -> u32 {
        let written = self.sheet.cells.keys().map(|at| at.row);
        let ruled = self.dressing.looks.iter();
        let ruled = ruled
            .filter(|(_, look)| look.bordered)
            .map(|(at, _)| at.row);
        written
            .chain(ruled)
            .filter(|row| *row < MOST_ROWS)
            .max()
            .unwrap_or(0)
    }
}

/// The words that a formula puts before what it computes: `"Tổng cộng: "&COUNTA(B5:B9)`.
fn begins_with_words(formula: &str) -> Option<&str> {
    let formula = formula.trim_start_matches(['=', ' ']);
    let mut joined = ["CONCATENATE(", "CONCAT("].iter();
    let joined = joined.find_map(|name| formula.strip_prefix(name));
    let text = joined.unwrap_or(formula).trim_start();
    let (words, rest) = text.strip_prefix('"')?.split_once('"')?;
    let goes_on = rest.trim_start().starts_with(['&', ',', ';']) || rest.is_empty();
    let letters = words.chars().filter(|c| c.is_alphabetic()).count();
    (goes_on && letters >= 2).then(|| words.trim())
}
