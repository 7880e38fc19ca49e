//! Lists as workbooks of their own: a title, a header, rows, a filter; widths that fit.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::Format;

use super::paper::count::count;
use super::paper::error::WriteError;
use super::paper::measure::{lines, lines_on_paper, pages_wide};
use super::paper::sheet::{SheetWriter, column_number};
use super::paper::style;
use super::paper::workbook::{new_workbook, sheet_name};
use crate::model::{CellAddress, Number, Severity, Value};
use crate::schema::Orientation;

/// Row of the header.
const TOP: u32 = 2;

/// A workbook of lists.
#[derive(Debug, Clone)]
pub struct ListBook {
    /// Its title.
    pub title: String,
    /// Who makes it.
    pub author: String,
    /// When.
    pub created: NaiveDateTime,
    /// Its sheets, in order.
    pub sheets: Vec<ListSheet>,
}

/// A list on a sheet of its own.
#[derive(Debug, Clone)]
pub struct ListSheet {
    /// Name of the sheet.
    pub name: String,
    /// Title above the list.
    pub title: String,
    /// What it is of, below the title.
    pub about: String,
    /// Its columns.
    pub columns: Vec<ListColumn>,
    /// Its rows, each with one cell a column.
    pub rows: Vec<Vec<ListCell>>,
}

/// A column of a list.
#[derive(Debug, Clone)]
pub struct ListColumn {
    /// Header.
    pub header: String,
    /// Width in digits of the house font.
    pub width: f64,
}

impl ListColumn {
    /// A column.
    pub fn new(header: impl Into<String>, width: f64) -> Self {
        let header = header.into();
        Self { header, width }
    }
}

/// A cell of a list.
#[derive(Debug, Clone, PartialEq)]
pub enum ListCell {
    /// Words.
    Text(String),
    /// A word or code in the middle of its cell.
    Code(String),
    /// A state, coloured by how much it matters; `None`: all is well.
    State(String, Option<Severity>),
    /// How many.
    Count(usize),
    /// A figure or what else a cell holds; `None` for a blank.
    Value(Option<Value>),
    /// A day.
    Day(Option<NaiveDate>),
    /// A moment.
    Moment(Option<NaiveDateTime>),
    /// Nothing: there is no such thing.
    Absent,
}

impl ListCell {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        ListCell::Text(text.into())
    }
}

/// The workbook as bytes; the same lists give the same bytes.
///
/// # Errors
/// Excel would not take what is written: more rows than a sheet has, say.
pub fn list_bytes(book: &ListBook) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook(&book.title, &book.author, book.created)?;
    let mut names: Vec<String> = Vec::new();
    for sheet in &book.sheets {
        let name = sheet_name(&sheet.name, &names);
        write(&mut SheetWriter::add(&mut workbook, &name)?, sheet)?;
        names.push(name);
    }
    Ok(workbook.save_to_buffer()?)
}

fn write(sheet: &mut SheetWriter<'_>, list: &ListSheet) -> Result<(), WriteError> {
    let widths: Vec<f64> = list.columns.iter().map(|column| column.width).collect();
    sheet.widths(&widths)?;
    sheet.text(
        CellAddress::new(0, 0),
        &list.title,
        &style::title().set_align(rust_xlsxwriter::FormatAlign::Left),
    )?;
    sheet.text(CellAddress::new(1, 0), &list.about, &style::note())?;
    for (column, shape) in (0u32..).zip(&list.columns) {
        sheet.text(
            CellAddress::new(TOP, column),
            &shape.header,
            &style::header(),
        )?;
    }
    let heads = list.columns.iter();
    let tallest = heads.map(|column| lines(&column.header, column.width / 1.12));
    sheet.height(TOP, tallest.max().unwrap_or(1))?;
    for (row, cells) in (TOP + 1..).zip(&list.rows) {
        let tall = cells
            .iter()
            .zip(&list.columns)
            .map(|(cell, shape)| match cell {
                ListCell::Text(text) => lines_on_paper(text, shape.width),
                _ => 1,
            });
        let tall = tall.max().unwrap_or(1);
        if tall > 1 {
            sheet.height(row, tall)?;
        }
        for (column, cell) in (0u32..).zip(cells) {
            put(sheet, CellAddress::new(row, column), cell)?;
        }
    }
    let last_row = TOP + count(list.rows.len()).max(1);
    let last = column_number(count(list.columns.len()).saturating_sub(1))?;
    sheet.0.autofilter(TOP, 0, last_row, last)?;
    sheet.0.set_freeze_panes(TOP + 1, 0)?;
    sheet.print(Orientation::Landscape, Some((TOP, TOP)))?;
    let pages = pages_wide(&widths);
    if pages > 1 {
        sheet.0.set_print_fit_to_pages(pages, 0);
        sheet.0.set_repeat_columns(0, 0)?;
    }
    sheet.page_footer();
    Ok(())
}

fn put(sheet: &mut SheetWriter<'_>, at: CellAddress, cell: &ListCell) -> Result<(), WriteError> {
    let centred = style::centred_cell;
    match cell {
        ListCell::Text(text) => sheet.text(at, text, &style::label()),
        ListCell::Code(text) => sheet.text(at, text, &centred()),
        ListCell::State(text, Some(severity)) => {
            sheet.text(at, text, &style::severity(centred(), *severity))
        }
        ListCell::State(text, None) => sheet.text(at, text, &style::good(centred())),
        ListCell::Count(number) => sheet.number(at, Number::from(count(*number)), &centred()),
        ListCell::Value(value) => sheet.value(at, value.as_ref(), &format(value.as_ref())),
        ListCell::Day(Some(day)) => sheet.day(at, *day, &centred()),
        ListCell::Moment(Some(moment)) => sheet.moment(at, *moment, &centred()),
        ListCell::Day(None) | ListCell::Moment(None) => sheet.blank(at, &centred()),
        ListCell::Absent => sheet.blank(at, &style::absent()),
    }
}

fn format(value: Option<&Value>) -> Format {
    match value {
        Some(Value::Number(number)) => style::figure(number.normalize().scale()),
        Some(Value::Date(_)) => style::centred_cell().set_num_format("dd/mm/yyyy"),
        Some(_) => style::centred_cell(),
        None => style::label(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::sha256;

    #[test]
    fn a_list_is_written_the_same_each_time() {
        let created = NaiveDate::from_ymd_opt(2025, 10, 6)
            .unwrap()
            .and_hms_opt(8, 0, 0)
            .unwrap();
        let sheet = ListSheet {
            name: "Đơn vị: a/b".into(),
            title: "Danh sách".into(),
            about: "Kỳ 9/2025".into(),
            columns: vec![ListColumn::new("Tên", 30.0), ListColumn::new("Số", 12.0)],
            rows: vec![
                vec![ListCell::text("=1+1"), ListCell::Count(3)],
                vec![
                    ListCell::State("trả lại".into(), Some(Severity::Error)),
                    ListCell::Absent,
                ],
            ],
        };
        let book = ListBook {
            title: "Danh sách".into(),
            author: "Sở".into(),
            created,
            sheets: vec![sheet.clone(), sheet],
        };
        let bytes = list_bytes(&book).unwrap();
        assert_eq!(sha256(&bytes), sha256(&list_bytes(&book).unwrap()));
        assert!(bytes.starts_with(b"PK"));
    }
}
