//! The cells of one sheet of a binary workbook.

use std::sync::Arc;

use super::globals::{Listed, Shared};
use super::records::{Records, rich_text, text};
use crate::model::CellAddress;
use crate::model::address::MAX_COLUMNS;
use crate::workbook::bytes::Bytes;
use crate::workbook::content::{error_content, number_content};
use crate::workbook::limits::Budget;
use crate::workbook::runs::Runs;
use crate::workbook::{Cell, Content, FileProblem, Sheet};

const ROW: u32 = 0;
const BLANK: u32 = 1;
const RK: u32 = 2;
const ERROR: u32 = 3;
const BOOL: u32 = 4;
const REAL: u32 = 5;
const TEXT: u32 = 6;
const SHARED_TEXT: u32 = 7;
const FORMULA_TEXT: u32 = 8;
const FORMULA_NUMBER: u32 = 9;
const FORMULA_BOOL: u32 = 10;
const FORMULA_ERROR: u32 = 11;
/// From here on the kinds 1 to 7 again, for the cell right of the one before.
const FIRST_SHORT: u32 = 12;
const LAST_SHORT: u32 = 18;
const COLUMNS: u32 = 60;
const RICH_TEXT: u32 = 62;
const END_OF_CELLS: u32 = 146;
const MERGED: u32 = 176;

/// Reads one sheet.
///
/// # Errors
/// A record is damaged, or the sheet has more cells than the limits allow.
pub(super) fn read(
    mut records: Records,
    listed: &Listed,
    shared: &mut Shared,
    budget: &mut Budget,
) -> Result<Sheet, FileProblem> {
    let mut sheet = Sheet::new(listed.name.as_str());
    sheet.visibility = listed.visibility;
    let mut reader = SheetReader {
        shared,
        budget,
        sheet,
        hidden_rows: Vec::new(),
        row: 0,
        column: 0,
    };
    let mut complete = false;
    while let Some((kind, data)) = records.next()? {
        complete |= kind == END_OF_CELLS;
        reader.record(kind, data)?;
    }
    if !complete {
        return Err(FileProblem::broken("a sheet ends before its cells do"));
    }
    let hidden_rows = std::mem::take(&mut reader.hidden_rows);
    reader.budget.hide_rows(&mut reader.sheet, &hidden_rows)?;
    Ok(reader.sheet)
}

struct SheetReader<'s> {
    shared: &'s mut Shared,
    budget: &'s mut Budget,
    sheet: Sheet,
    hidden_rows: Vec<(u32, u32)>,
    row: u32,
    /// The column after the last cell.
    column: u32,
}

impl SheetReader<'_> {
    fn record(&mut self, kind: u32, mut data: Bytes) -> Result<(), FileProblem> {
        match kind {
            ROW => self.row(data),
            BLANK..=FORMULA_ERROR | RICH_TEXT => {
                self.column = data.u32()?;
                self.cell(kind, data)
            }
            FIRST_SHORT..=LAST_SHORT => self.cell(kind - FIRST_SHORT + BLANK, data),
            COLUMNS => self.columns(data),
            MERGED => {
                let (first_row, last_row) = (data.u32()?, data.u32()?);
                let (first, last) = (data.u32()?, data.u32()?);
                self.budget.merge(
                    &mut self.sheet,
                    CellAddress::new(first_row, first),
                    CellAddress::new(last_row, last),
                )
            }
            _ => Ok(()),
        }
    }

    fn row(&mut self, mut data: Bytes) -> Result<(), FileProblem> {
        self.row = data.u32()?;
        self.column = 0;
        data.take(7)?;
        if data.u8()? & 0x10 != 0 {
            self.hidden_rows.push((self.row, self.row));
        }
        Ok(())
    }

    fn columns(&mut self, mut data: Bytes) -> Result<(), FileProblem> {
        let (first, last) = (data.u32()?, data.u32()?.min(MAX_COLUMNS - 1));
        data.take(8)?;
        if data.u16()? & 1 != 0 {
            self.sheet.hidden_columns.extend(first..=last);
        }
        Ok(())
    }

    /// A cell at the current column, which then moves on.
    fn cell(&mut self, kind: u32, mut data: Bytes) -> Result<(), FileProblem> {
        let address = CellAddress::new(self.row, self.column);
        self.column = self.column.saturating_add(1);
        // Three bytes of format and one of flags.
        let format = data.size()? & 0x00FF_FFFF;
        let style = self.shared.looks.style(format);
        let code = style
            .as_ref()
            .and_then(|style| style.number_format.as_deref());
        let since_1904 = self.shared.looks.since_1904;
        let content = match kind {
            RK => number_content(data.rk()?, code, since_1904),
            REAL | FORMULA_NUMBER => number_content(data.f64()?, code, since_1904),
            BOOL | FORMULA_BOOL => Content::Bool(data.u8()? != 0),
            ERROR | FORMULA_ERROR => error_content(data.u8()?),
            TEXT | FORMULA_TEXT => Content::Text(text(&mut data)?.into()),
            RICH_TEXT => {
                let (text, starts) = rich_text(&mut data)?;
                let runs = self.shared.looks.runs(&text, &starts);
                self.sheet.runs.extend(runs.map(|runs| (address, runs)));
                Content::Text(text.into())
            }
            SHARED_TEXT => {
                let (text, runs) = self.shared_text(data.size()?)?;
                self.sheet.runs.extend(runs.map(|runs| (address, runs)));
                Content::Text(text)
            }
            _ => return Ok(()),
        };
        let has_formula = (FORMULA_TEXT..=FORMULA_ERROR).contains(&kind);
        let content = match content {
            Content::Text(text) if text.is_empty() && has_formula => Content::EmptyText,
            Content::Text(text) if text.is_empty() => return Ok(()),
            other => other,
        };
        let cell = Cell {
            content,
            // Stored as tokens, which nothing here spells out.
            formula: has_formula.then(String::new),
            style,
        };
        self.budget.put(&mut self.sheet, address, cell)
    }

    fn shared_text(&self, index: usize) -> Result<(Arc<str>, Option<Runs>), FileProblem> {
        let text = self.shared.strings.get(index).cloned();
        text.ok_or_else(|| FileProblem::broken("a text is missing"))
    }
}
