//! How much of a file is read at most. A workbook of a few kilobytes can unpack to gigabytes, and
//! one bad file must not stop the run of two thousand.

use super::problem::{FileProblem, TooLarge};
use super::{Cell, Merge, Sheet};
use crate::model::CellAddress;
use crate::model::address::{MAX_COLUMNS, MAX_ROWS};

/// The most that is read of one file. The defaults are some hundred times what a commune sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Limits {
    /// Size of the file, in bytes: 50 MB.
    pub file_bytes: u64,
    /// What one part of a zipped workbook unpacks to, in bytes: 100 MB. Reading shared strings
    /// takes about three times this in memory.
    pub part_bytes: u64,
    /// What all parts together unpack to, in bytes: 200 MB.
    pub unpacked_bytes: u64,
    /// Number of cells that hold something, in all sheets together: 1,000,000.
    pub cells: usize,
    /// Number of sheets: 100.
    pub sheets: usize,
    /// Number of files in an archive of workbooks: 1,000.
    pub files: usize,
    /// Seconds that reading one file may take, and again evaluating the rules of one unit: 60.
    /// Reading is held to it where files are read in a process of their own, which can be ended.
    pub seconds: u64,
    /// Address space of such a process, in bytes: 1.5 GB. Systems without this limit (Windows,
    /// macOS) go by the others.
    pub memory_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 50_000_000,
            part_bytes: 100_000_000,
            unpacked_bytes: 200_000_000,
            cells: 1_000_000,
            sheets: 100,
            files: 1_000,
            seconds: 60,
            memory_bytes: 1_500_000_000,
        }
    }
}

/// What may still be stored of a file. Everything a few bytes can demand many times is counted
/// here: cells, merged ranges, hidden rows, formulas.
pub(super) struct Budget {
    limits: Limits,
    cells: usize,
    formula_bytes: u64,
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            limits: *limits,
            cells: limits.cells,
            formula_bytes: limits.unpacked_bytes,
        }
    }

    /// Pays for `count` things the size of a cell.
    fn spend(&mut self, count: usize) -> Result<(), FileProblem> {
        let too_large = FileProblem::TooLarge(TooLarge::Cells(self.limits.cells));
        self.cells = self.cells.checked_sub(count).ok_or(too_large)?;
        Ok(())
    }

    /// Stores a cell.
    ///
    /// # Errors
    /// The cell is beyond the grid, or one more than the limits allow.
    pub(super) fn put(
        &mut self,
        sheet: &mut Sheet,
        address: CellAddress,
        cell: Cell,
    ) -> Result<(), FileProblem> {
        in_grid(address)?;
        self.spend(1)?;
        self.spell(cell.formula.as_ref().map_or(0, String::len))?;
        sheet.cells.insert(address, cell);
        Ok(())
    }

    /// Pays for the text of a formula, by its bytes.
    ///
    /// # Errors
    /// There are more of them than the limits allow.
    pub(super) fn spell(&mut self, formula: usize) -> Result<(), FileProblem> {
        self.formula_bytes = u64::try_from(formula)
            .ok()
            .and_then(|bytes| self.formula_bytes.checked_sub(bytes))
            .ok_or(FileProblem::TooLarge(TooLarge::Unpacked(
                self.limits.unpacked_bytes,
            )))?;
        Ok(())
    }

    /// Stores a merged range; one of a single cell, as some exporters write, is none.
    ///
    /// # Errors
    /// The range is beyond the grid, or one more than the limits allow.
    pub(super) fn merge(
        &mut self,
        sheet: &mut Sheet,
        one: CellAddress,
        other: CellAddress,
    ) -> Result<(), FileProblem> {
        let corner = |pick: fn(u32, u32) -> u32| {
            CellAddress::new(pick(one.row, other.row), pick(one.column, other.column))
        };
        let merge = Merge {
            first: corner(u32::min),
            last: corner(u32::max),
        };
        if merge.first != merge.last {
            in_grid(merge.last)?;
            self.spend(1)?;
            sheet.merges.push(merge);
        }
        Ok(())
    }

    /// Stores the hidden rows (ranges of rows from 0, both ends included) among those in use.
    /// People hide all rows below a form, to the end of the grid; that is one range in the file and
    /// means nothing.
    ///
    /// # Errors
    /// The rows are beyond the grid.
    pub(super) fn hide_rows(
        &mut self,
        sheet: &mut Sheet,
        ranges: &[(u32, u32)],
    ) -> Result<(), FileProblem> {
        let Some(used) = sheet.cells.last_key_value().map(|(last, _)| last.row) else {
            return Ok(());
        };
        for (first, last) in ranges {
            for row in *first..=(*last).min(used) {
                if sheet.hidden_rows.insert(row) {
                    self.spend(1)?;
                }
            }
        }
        Ok(())
    }

    /// One more sheet, of which there may not be too many.
    ///
    /// # Errors
    /// The sheet is one more than the limits allow.
    pub(super) fn push_sheet(
        &self,
        sheets: &mut Vec<Sheet>,
        mut sheet: Sheet,
    ) -> Result<(), FileProblem> {
        if sheets.len() >= self.limits.sheets {
            return Err(FileProblem::TooLarge(TooLarge::Sheets(self.limits.sheets)));
        }
        sheet.merges.sort();
        sheets.push(sheet);
        Ok(())
    }
}

fn in_grid(address: CellAddress) -> Result<(), FileProblem> {
    if address.row < MAX_ROWS && address.column < MAX_COLUMNS {
        Ok(())
    } else {
        Err(FileProblem::beyond_grid(address))
    }
}
