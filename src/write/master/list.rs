//! A list on a sheet of its own: title, header, rows, filter, frozen header, print setup.

use chrono::{NaiveDate, NaiveDateTime};
use rust_xlsxwriter::{Format, Url};

use super::book::Master;
use super::head::{sheet_title, way_back};
use crate::model::address::column_letters;
use crate::model::{CellAddress, Number, Severity, Value};
use crate::schema::Orientation;
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::{lines, lines_on_paper, pages_wide};
use crate::write::paper::sheet::{SheetWriter, column_number, sheet_reference};
use crate::write::paper::style;

/// Row of the header.
const TOP: u32 = 3;

/// The row of the n-th item of a list, counted from 0.
pub(super) fn row_of(index: usize) -> u32 {
    TOP + 1 + count(index)
}

/// The cells of a column (from 0) of a list of `items` rows: `'Đơn vị'!$D$5:$D$143`.
pub(super) fn cells(sheet: &str, column: u32, items: usize) -> String {
    let letters = column_letters(column);
    let (first, last) = (row_of(0) + 1, row_of(items.max(1)));
    let sheet = sheet_reference(sheet);
    format!("{sheet}!${letters}${first}:${letters}${last}")
}

/// A column of a list.
pub(super) struct ListColumn {
    pub header: &'static str,
    pub width: f64,
}

/// A cell of a list.
pub(super) enum Item {
    Text(String),
    Centred(String),
    /// A word for the state of the row; the only coloured cell of it.
    Status(String),
    Count(usize),
    Value(Option<Value>),
    Day(Option<NaiveDate>),
    Moment(NaiveDateTime),
    Link(Option<Url>, String),
}

impl Item {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Item::Text(text.into())
    }

    /// A word or code in the middle of its cell.
    pub fn centred(text: impl Into<String>) -> Self {
        Item::Centred(text.into())
    }
}

/// A list being written.
pub(super) struct SheetList<'a, 'b> {
    sheet: &'a mut SheetWriter<'b>,
    columns: &'static [ListColumn],
    next: u32,
}

impl<'a, 'b> SheetList<'a, 'b> {
    /// Title, header and widths.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn new(
        sheet: &'a mut SheetWriter<'b>,
        master: &Master<'_>,
        title: &str,
        columns: &'static [ListColumn],
    ) -> Result<Self, WriteError> {
        let widths: Vec<f64> = columns.iter().map(|column| column.width).collect();
        sheet.widths(&widths)?;
        sheet_title(sheet, master, title, None)?;
        way_back(sheet, CellAddress::new(2, 0))?;
        for (index, column) in (0u32..).zip(columns) {
            sheet.text(
                CellAddress::new(TOP, index),
                column.header,
                &style::header(),
            )?;
        }
        let tallest = columns
            .iter()
            .map(|column| lines(column.header, column.width / 1.12));
        sheet.height(TOP, tallest.max().unwrap_or(1))?;
        Ok(SheetList {
            sheet,
            columns,
            next: TOP + 1,
        })
    }

    /// One row; its status is coloured by how much it matters.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn row(&mut self, items: &[Item], severity: Option<Severity>) -> Result<(), WriteError> {
        let paint = |format: Format| match severity {
            Some(severity) => style::severity(format, severity),
            None => style::good(format),
        };
        let mut tall = 1;
        for ((column, item), shape) in (0u32..).zip(items).zip(self.columns) {
            let at = CellAddress::new(self.next, column);
            if let Item::Text(text) | Item::Centred(text) | Item::Link(_, text) = item {
                tall = tall.max(lines_on_paper(text, shape.width));
            }
            match item {
                Item::Text(text) => self.sheet.text(at, text, &style::label())?,
                Item::Centred(text) => self.sheet.text(at, text, &style::centred_cell())?,
                Item::Status(text) => self.sheet.text(at, text, &paint(style::centred_cell()))?,
                Item::Count(number) => {
                    let number = Number::from(count(*number));
                    self.sheet.number(at, number, &style::centred_cell())?;
                }
                Item::Value(value) => {
                    self.sheet
                        .value(at, value.as_ref(), &value_format(value.as_ref()))?;
                }
                Item::Day(Some(day)) => self.sheet.day(at, *day, &style::centred_cell())?,
                Item::Day(None) => self.sheet.blank(at, &style::centred_cell())?,
                Item::Moment(moment) => {
                    self.sheet.moment(at, *moment, &style::centred_cell())?;
                }
                Item::Link(link, text) => self.sheet.link(at, link.clone(), text)?,
            }
        }
        if tall > 1 {
            self.sheet.height(self.next, tall)?;
        }
        self.next += 1;
        Ok(())
    }

    /// Filter, frozen header, print setup.
    ///
    /// # Errors
    /// As for every cell: Excel would not take what is written.
    pub fn finish(self) -> Result<(), WriteError> {
        let printed = self.columns.len();
        self.finish_printing(printed)
    }

    /// The same, with no more than the first `columns` columns on paper.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn finish_printing(self, columns: usize) -> Result<(), WriteError> {
        let last = column_number(count(self.columns.len()) - 1)?;
        self.sheet
            .0
            .autofilter(TOP, 0, self.next.max(TOP + 2) - 1, last)?;
        self.sheet.0.set_freeze_panes(TOP + 1, 0)?;
        self.sheet.print(Orientation::Landscape, Some((TOP, TOP)))?;
        let printed = self.columns.iter().take(columns);
        let widths: Vec<f64> = printed.map(|column| column.width).collect();
        let right = column_number(count(widths.len()) - 1)?;
        self.sheet
            .0
            .set_print_area(0, 0, self.next.max(TOP + 2) - 1, right)?;
        let pages = pages_wide(&widths);
        if pages > 1 {
            self.sheet.0.set_print_fit_to_pages(pages, 0);
            self.sheet.0.set_repeat_columns(0, 0)?;
        }
        self.sheet.page_footer();
        Ok(())
    }
}

/// A figure with the decimals it has, words as words.
pub(super) fn value_format(value: Option<&Value>) -> Format {
    match value {
        Some(Value::Number(number)) => style::figure(number.normalize().scale()),
        Some(Value::Date(_)) => style::centred_cell().set_num_format("dd/mm/yyyy"),
        Some(_) => style::centred_cell(),
        None => style::label(),
    }
}
