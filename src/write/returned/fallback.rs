//! A plain .xlsx of a workbook whose own format cannot be marked in place: every value at its
//! place and shown as it was, merged ranges merged, what was hidden hidden, columns wide enough to
//! be read; other looks, formulas and objects are gone, and the list of findings says so.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use rust_xlsxwriter::{Format, FormatAlign, Workbook as Writer, Worksheet};

use crate::model::CellAddress;
use crate::workbook::{Cell, Content, Sheet, Visibility, Workbook};
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::{PORTRAIT_WIDTH, lines, text_width};
use crate::write::paper::sheet::{fitting, serial};
use crate::write::paper::style::LINE_HEIGHT;
use crate::write::paper::workbook::{properties, sheet_name};

/// Least and greatest width of a column, in digits.
const WIDTHS: (f64, f64) = (6.0, 30.0);

/// When a workbook was saved that does not say so: a date so old that nothing takes it for a later
/// submission.
const UNKNOWN: NaiveDateTime = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day.and_time(NaiveTime::MIN),
    None => NaiveDateTime::MIN,
};

/// A new .xlsx in place of a workbook that cannot be marked.
pub struct PlainCopy {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Sheets whose names Excel would not take: what they are called in the copy.
    pub renamed: BTreeMap<Arc<str>, Arc<str>>,
}

/// A new .xlsx that carries a workbook's values and layout.
///
/// # Errors
/// Excel would not take what is written.
pub fn plain_copy(workbook: &Workbook) -> Result<PlainCopy, WriteError> {
    let mut writer = Writer::new();
    // The stamp is the received workbook's, never the clock's: the same file gives the same copy.
    let saved = workbook.saved_at.as_deref();
    let saved = saved.and_then(|stamp| DateTime::parse_from_rfc3339(stamp).ok());
    let created = saved.map_or(UNKNOWN, |saved| saved.naive_utc());
    writer.set_properties(&properties("", "", created)?);
    let (mut taken, mut renamed) = (Vec::new(), BTreeMap::new());
    for sheet in &workbook.sheets {
        let name = sheet_name(&sheet.name, &taken);
        taken.push(name.clone());
        if *name != *sheet.name {
            renamed.insert(sheet.name.clone(), Arc::from(name.as_str()));
        }
        let to = writer.add_worksheet();
        to.set_name(name)?;
        copy_sheet(to, sheet)?;
    }
    Ok(PlainCopy {
        bytes: writer.save_to_buffer()?,
        renamed,
    })
}

fn copy_sheet(to: &mut Worksheet, sheet: &Sheet) -> Result<(), WriteError> {
    match sheet.visibility {
        Visibility::Visible => {}
        Visibility::Hidden => {
            to.set_hidden(true);
        }
        Visibility::VeryHidden => {
            to.set_very_hidden(true);
        }
    }
    let widths = widths(sheet);
    for (column, width) in &widths {
        to.set_column_width(column_number(*column)?, *width)?;
    }
    // Printed one page wide on A4, on its side if it is a wide one.
    to.set_paper_size(9);
    to.set_print_fit_to_pages(1, 0);
    if widths.values().sum::<f64>() > PORTRAIT_WIDTH {
        to.set_landscape();
    }
    for row in &sheet.hidden_rows {
        to.set_row_hidden(*row)?;
    }
    for column in &sheet.hidden_columns {
        to.set_column_hidden(column_number(*column)?)?;
    }
    let mut merged = BTreeSet::new();
    for merge in sheet.merges.iter() {
        let (top, left) = place(merge.first)?;
        let (bottom, right) = place(merge.last)?;
        to.merge_range(top, left, bottom, right, "", &words(true))?;
        merged.insert(merge.first);
        // Excel fits no row to words that span several columns.
        let text = sheet.cell(merge.first).and_then(Cell::text);
        let across = merge.first.column..=merge.last.column;
        let room = across.filter_map(|column| widths.get(&column)).sum::<f64>();
        let needed = text.map_or(1, |text| lines(text, room * 0.9));
        if top == bottom && needed > 1 {
            to.set_row_height(top, LINE_HEIGHT * f64::from(needed))?;
        }
    }
    for (address, cell) in &sheet.cells {
        copy_cell(to, *address, cell, merged.contains(address))?;
    }
    Ok(())
}

fn copy_cell(
    to: &mut Worksheet,
    address: CellAddress,
    cell: &Cell,
    merged: bool,
) -> Result<(), WriteError> {
    let (row, column) = place(address)?;
    let shown = |format: Format| {
        let own = cell.style.as_ref().and_then(|s| s.number_format.as_deref());
        own.map_or(format.clone(), |own| format.set_num_format(own))
    };
    let middle = Format::new().set_align(FormatAlign::VerticalCenter);
    match &cell.content {
        Content::Number(number) => {
            to.write_number_with_format(row, column, *number, &shown(middle))?
        }
        Content::Text(text) => {
            to.write_string_with_format(row, column, &*fitting(text), &words(merged))?
        }
        Content::Bool(flag) => to.write_boolean_with_format(row, column, *flag, &middle)?,
        Content::Date(moment) => {
            let format = middle.set_num_format(moment_format(*moment));
            to.write_number_with_format(row, column, serial(*moment), &format)?
        }
        Content::Error(code) => to.write_string_with_format(row, column, code, &middle)?,
        Content::Uncached | Content::EmptyText => to,
    };
    Ok(())
}

/// The look of words: they wrap; over several cells they are centred.
fn words(merged: bool) -> Format {
    let format = Format::new()
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter);
    match merged {
        true => format.set_align(FormatAlign::Center),
        false => format,
    }
}

fn moment_format(moment: NaiveDateTime) -> &'static str {
    match moment.time() == NaiveTime::MIN {
        true => "dd/mm/yyyy",
        false => "dd/mm/yyyy hh:mm",
    }
}

/// Columns as wide as their texts, within reason; a text over several columns counts for none.
fn widths(sheet: &Sheet) -> BTreeMap<u32, f64> {
    let spread: BTreeSet<CellAddress> = sheet.merges.iter().map(|merge| merge.first).collect();
    let mut widths: BTreeMap<u32, f64> = BTreeMap::new();
    for (address, cell) in &sheet.cells {
        if spread.contains(address) {
            continue;
        }
        let wide = match &cell.content {
            Content::Text(text) => text.lines().map(text_width).fold(0.0, f64::max),
            Content::Number(_) | Content::Date(_) => 9.0,
            _ => 0.0,
        };
        let column = widths.entry(address.column).or_insert(WIDTHS.0);
        *column = column.max(wide + 2.0).min(WIDTHS.1);
    }
    widths
}

fn place(address: CellAddress) -> Result<(u32, u16), WriteError> {
    Ok((address.row, column_number(address.column)?))
}

fn column_number(column: u32) -> Result<u16, WriteError> {
    crate::write::paper::sheet::column_number(column)
}
