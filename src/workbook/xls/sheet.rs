//! The cells of one sheet of a BIFF workbook.

use super::doubted::{Doubt, Doubted};
use super::formula::Book;
use super::globals::{BEGIN, END, Globals, Listed};
use super::records::{Long, Record, Records};
use super::spelled::Spelled;
use crate::model::CellAddress;
use crate::workbook::bytes::Bytes;
use crate::workbook::content::{error_content, number_content};
use crate::workbook::limits::Budget;
use crate::workbook::{Cell, Content, FileProblem, Sheet};

const FORMULA: u16 = 0x0006;
const COLUMN_INFO: u16 = 0x007D;
const MANY_RK: u16 = 0x00BD;
const RICH_LABEL: u16 = 0x00D6;
const MERGED_CELLS: u16 = 0x00E5;
const SHARED_LABEL: u16 = 0x00FD;
const NUMBER: u16 = 0x0203;
const LABEL: u16 = 0x0204;
const BOOL_OR_ERROR: u16 = 0x0205;
const FORMULA_TEXT: u16 = 0x0207;
const ROW: u16 = 0x0208;
const RK: u16 = 0x027E;
const SHARED_FORMULA: u16 = 0x04BC;

/// The flag of a formula that whoever opens the file is to compute.
const COMPUTED_ON_LOAD: u16 = 2;

/// Columns there can be; the list of columns may name one more, for the rest of the sheet.
const COLUMNS: u16 = 256;

/// Reads one sheet.
///
/// # Errors
/// A record is damaged, or the sheet has more cells than the limits allow.
pub(super) fn read(
    stream: &[u8],
    listed: &Listed,
    globals: &mut Globals,
    budget: &mut Budget,
) -> Result<Sheet, FileProblem> {
    let mut sheet = Sheet::new(listed.name.as_str());
    sheet.visibility = listed.visibility;
    let mut reader = SheetReader {
        globals,
        budget,
        sheet,
        hidden_rows: Vec::new(),
        awaits_text: None,
        doubted: Doubted::default(),
        spelled: Spelled::default(),
    };
    let mut records = Records::from(stream, listed.place)?;
    if records.next()?.kind != BEGIN {
        return Err(FileProblem::broken("a sheet is not where it should be"));
    }
    // Charts lie inside with a beginning and an end of their own.
    let mut charts = 0_usize;
    loop {
        let record = records.next()?;
        match record.kind {
            BEGIN => charts += 1,
            END if charts == 0 => break,
            END => charts -= 1,
            _ if charts > 0 => {}
            _ => reader.record(record, &mut records)?,
        }
    }
    let hidden_rows = std::mem::take(&mut reader.hidden_rows);
    reader.budget.hide_rows(&mut reader.sheet, &hidden_rows)?;
    std::mem::take(&mut reader.doubted).settle(&mut reader.sheet);
    let book = Book {
        sheets: &reader.globals.sheets,
        called: Some(&reader.globals.called),
    };
    let spelled = std::mem::take(&mut reader.spelled);
    spelled.settle(&mut reader.sheet, book, reader.budget)?;
    Ok(reader.sheet)
}

struct SheetReader<'g, 'a> {
    globals: &'g mut Globals,
    budget: &'g mut Budget,
    sheet: Sheet,
    hidden_rows: Vec<(u32, u32)>,
    /// The formula whose result, a text, comes in a record of its own.
    awaits_text: Option<CellAddress>,
    doubted: Doubted<'a>,
    spelled: Spelled<'a>,
}

impl<'a> SheetReader<'_, 'a> {
    fn record(&mut self, record: Record<'a>, records: &mut Records<'a>) -> Result<(), FileProblem> {
        let mut data = record.data;
        match record.kind {
            NUMBER => {
                let (address, format) = place(&mut data)?;
                self.number(address, format, data.f64()?, None)
            }
            RK => {
                let (address, format) = place(&mut data)?;
                self.number(address, format, data.rk()?, None)
            }
            MANY_RK => self.many_rk(data),
            SHARED_LABEL => {
                let (address, format) = place(&mut data)?;
                let index = data.size()?;
                let text = self.globals.strings.get(index).cloned();
                let text = text.ok_or_else(|| FileProblem::broken("a text is missing"))?;
                let runs = self.globals.runs.get(&index).cloned();
                self.sheet.runs.extend(runs.map(|runs| (address, runs)));
                self.text(address, format, text)
            }
            LABEL | RICH_LABEL => {
                let (address, format) = place(&mut data)?;
                let is_rich = record.kind == RICH_LABEL;
                let long = Long { records, data };
                let (text, starts) = self.globals.texts.cell(long, is_rich)?;
                let runs = self.globals.looks.runs(&text, &starts);
                self.sheet.runs.extend(runs.map(|runs| (address, runs)));
                self.text(address, format, text)
            }
            BOOL_OR_ERROR => {
                let (address, format) = place(&mut data)?;
                let (value, is_error) = (data.u8()?, data.u8()? != 0);
                self.put(address, format, bool_or_error(value, is_error), None)
            }
            FORMULA => self.formula(data),
            SHARED_FORMULA if self.globals.doubts_zeros || self.globals.spells => {
                self.shared_formula(data)
            }
            FORMULA_TEXT => self.formula_text(Long { records, data }),
            MERGED_CELLS => self.merges(data),
            ROW => self.row(data),
            COLUMN_INFO => self.columns(data),
            _ => Ok(()),
        }
    }

    fn put(
        &mut self,
        address: CellAddress,
        format: u16,
        content: Content,
        formula: Option<String>,
    ) -> Result<(), FileProblem> {
        let style = self.globals.looks.style(usize::from(format));
        let cell = Cell {
            content,
            formula,
            style,
        };
        self.budget.put(&mut self.sheet, address, cell)
    }

    fn number(
        &mut self,
        address: CellAddress,
        format: u16,
        number: f64,
        formula: Option<String>,
    ) -> Result<(), FileProblem> {
        let style = self.globals.looks.style(usize::from(format));
        let code = style
            .as_ref()
            .and_then(|style| style.number_format.as_deref());
        let content = number_content(number, code, self.globals.looks.since_1904);
        self.put(address, format, content, formula)
    }

    fn text(
        &mut self,
        address: CellAddress,
        format: u16,
        text: std::sync::Arc<str>,
    ) -> Result<(), FileProblem> {
        if text.is_empty() {
            return Ok(());
        }
        self.put(address, format, Content::Text(text), None)
    }

    /// Numbers in a row, each with its format, closed by the last column.
    fn many_rk(&mut self, mut data: Bytes) -> Result<(), FileProblem> {
        let row = u32::from(data.u16()?);
        let mut column = u32::from(data.u16()?);
        while data.0.len() >= 6 {
            let format = data.u16()?;
            let number = data.rk()?;
            self.number(CellAddress::new(row, column), format, number, None)?;
            column += 1;
        }
        Ok(())
    }

    /// The result a formula had when the file was saved. The formula itself is stored as tokens.
    fn formula(&mut self, mut data: Bytes<'a>) -> Result<(), FileProblem> {
        let (address, format) = place(&mut data)?;
        let mut result = data;
        let number = data.f64()?;
        let (kind, _, value) = (result.u8()?, result.u8()?, result.u8()?);
        result.take(3)?;
        let formula = Some(String::new());
        if self.globals.spells {
            self.spelled.add(address, tokens(data)?.1);
        }
        if result.u16()? != 0xFFFF {
            if number == 0.0 && self.globals.doubts_zeros {
                self.doubt(address, data)?;
            }
            return self.number(address, format, number, formula);
        }
        let content = match kind {
            0 => {
                self.awaits_text = Some(address);
                Content::Uncached
            }
            1 => Content::Bool(value != 0),
            2 => error_content(value),
            _ => Content::EmptyText,
        };
        self.put(address, format, content, formula)
    }

    /// A formula whose result is stored as 0; what follows the result is passed.
    fn doubt(&mut self, address: CellAddress, data: Bytes<'a>) -> Result<(), FileProblem> {
        let (flags, tokens) = tokens(data)?;
        let doubt = match flags & COMPUTED_ON_LOAD {
            0 => Doubt::OfText,
            _ => Doubt::Uncomputed,
        };
        self.doubted.add(address, doubt, tokens);
        Ok(())
    }

    /// A formula of several cells, behind the first of them.
    fn shared_formula(&mut self, mut data: Bytes<'a>) -> Result<(), FileProblem> {
        let row = data.u16()?;
        data.take(2)?;
        let column = data.u8()?;
        data.take(3)?;
        let length = data.u16()?;
        let tokens = Bytes(data.take(length.into())?);
        let at = CellAddress::new(row.into(), column.into());
        self.doubted.share(at, tokens);
        self.spelled.share(at, tokens);
        Ok(())
    }

    fn formula_text(&mut self, long: Long) -> Result<(), FileProblem> {
        let (text, _) = self.globals.texts.cell(long, false)?;
        let cell = self
            .awaits_text
            .take()
            .and_then(|at| self.sheet.cells.get_mut(&at));
        if let Some(cell) = cell {
            cell.content = match text.is_empty() {
                true => Content::EmptyText,
                false => Content::Text(text),
            };
        }
        Ok(())
    }

    fn merges(&mut self, mut data: Bytes) -> Result<(), FileProblem> {
        for _ in 0..data.u16()? {
            let mut next = || data.u16().map(u32::from);
            let (first_row, last_row) = (next()?, next()?);
            let (first, last) = (next()?, next()?);
            self.budget.merge(
                &mut self.sheet,
                CellAddress::new(first_row, first),
                CellAddress::new(last_row, last),
            )?;
        }
        Ok(())
    }

    fn row(&mut self, mut data: Bytes) -> Result<(), FileProblem> {
        let row = u32::from(data.u16()?);
        data.take(10)?;
        if data.u16()? & 0x20 != 0 {
            self.hidden_rows.push((row, row));
        }
        Ok(())
    }

    fn columns(&mut self, mut data: Bytes) -> Result<(), FileProblem> {
        let (first, last) = (data.u16()?, data.u16()?.min(COLUMNS - 1));
        data.take(4)?;
        if data.u16()? & 1 != 0 {
            self.sheet
                .hidden_columns
                .extend((first..=last).map(u32::from));
        }
        Ok(())
    }
}

/// Where a cell is, and the index of its format.
fn place(data: &mut Bytes) -> Result<(CellAddress, u16), FileProblem> {
    let (row, column) = (u32::from(data.u16()?), u32::from(data.u16()?));
    Ok((CellAddress::new(row, column), data.u16()?))
}

fn bool_or_error(value: u8, is_error: bool) -> Content {
    if is_error {
        error_content(value)
    } else {
        Content::Bool(value != 0)
    }
}

/// What is behind the result of a formula: its flags and tokens.
fn tokens<'a>(mut data: Bytes<'a>) -> Result<(u16, Bytes<'a>), FileProblem> {
    let flags = data.u16()?;
    data.take(4)?;
    let length = data.u16()?;
    Ok((flags, Bytes(data.take(length.into())?)))
}
