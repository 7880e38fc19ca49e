//! The rows units added to a free-row form, one under another; the unit's line in the form's sheet
//! adds them up by reference.

use std::ops::Range;

use rust_xlsxwriter::Url;

use super::book::{MAX_LINKS, Master};
use super::head::{internal_block, paint_header, sheet_title, way_back};
use crate::consolidate::{FormTable, FreeRow, UnitLine};
use crate::model::{CellAddress, address::column_letters};
use crate::schema::{Form, Orientation};
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::header_spans;
use crate::write::paper::measure::{figure_width, lines, text_width};
use crate::write::paper::sheet::{SheetWriter, sheet_reference};
use crate::write::paper::style;

/// First columns: ordinal, code and name of the unit.
const LEAD: [(&str, f64); 3] = [("STT", 6.0), ("Mã đơn vị", 12.0), ("Đơn vị", 30.0)];
/// First row of the header.
const TOP: u32 = 3;

/// The rows of each unit on the sheet of details.
pub(super) struct Detail {
    /// Name of the sheet.
    pub sheet: String,
    /// First row of the body.
    first: u32,
    /// Rows of each line of the table, counted from `first`.
    rows: Vec<Range<u32>>,
}

impl Detail {
    /// Counts the rows of each unit.
    pub fn new(table: &FormTable, sheet: &str) -> Self {
        let mut next = 0;
        let rows = table.lines.iter().map(|line| {
            let start = next;
            next += count(line.rows.len());
            start..next
        });
        Detail {
            sheet: sheet.to_owned(),
            rows: rows.collect(),
            first: TOP + depth(&table.form),
        }
    }

    /// The cells of a unit's rows in a column of the form (line of the table and column of the form
    /// file, from 0): `'Kinh phí - chi tiết'!E5:E9`.
    pub fn cells(&self, line: usize, column: usize) -> Option<String> {
        let rows = self.rows.get(line).filter(|rows| !rows.is_empty())?;
        Some(self.range(rows, column))
    }

    /// The cells of all units' rows in a column of the form file, from 0.
    pub fn column(&self, column: usize) -> Option<String> {
        let rows = self.rows.first()?.start..self.rows.last()?.end;
        (!rows.is_empty()).then(|| self.range(&rows, column))
    }

    fn range(&self, rows: &Range<u32>, column: usize) -> String {
        let letters = column_letters(count(LEAD.len() + column));
        let (first, last) = (self.first + rows.start + 1, self.first + rows.end);
        let sheet = sheet_reference(&self.sheet);
        format!("{sheet}!{letters}{first}:{letters}{last}")
    }

    /// A link to the rows of a unit (line of the table, from 0).
    pub fn link(&self, line: usize) -> Option<Url> {
        let rows = self.rows.get(line).filter(|rows| !rows.is_empty())?;
        let last = count(LEAD.len()) - 1;
        let at = |row, column| CellAddress::new(self.first + row, column);
        Some(internal_block(
            &self.sheet,
            at(rows.start, 0),
            at(rows.end - 1, last),
        ))
    }
}

fn depth(form: &Form) -> u32 {
    let columns = form.file.columns.iter();
    count(
        columns
            .map(|column| column.label.depth())
            .max()
            .unwrap_or(1),
    )
}

/// Writes the sheet of details.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    table: &FormTable,
    detail: &Detail,
) -> Result<(), WriteError> {
    let form = &table.form;
    let widths = widths(table);
    sheet.widths(&widths)?;
    let title = format!("{} - chi tiết từng dòng", form.file.title);
    sheet_title(sheet, master, &title, form.file.unit.as_deref())?;
    way_back(sheet, CellAddress::new(2, 0))?;
    let mut paths: Vec<Vec<&str>> = LEAD.iter().map(|(text, _)| vec![*text]).collect();
    let columns = form.file.columns.iter();
    paths.extend(columns.map(|column| column.label.path().iter().map(String::as_str).collect()));
    paths.push(vec!["Tệp"]);
    let spans = header_spans(&paths, CellAddress::new(TOP, 0));
    paint_header(sheet, &spans, &widths)?;

    let mut row = detail.first;
    for line in &table.lines {
        for free in &line.rows {
            let number = row - detail.first + 1;
            detail_row(sheet, master, form, line, free, (row, number), &widths)?;
            row += 1;
        }
    }
    let last = count(paths.len()) - 1;
    if row > detail.first {
        sheet.0.autofilter(
            detail.first - 1,
            0,
            row - 1,
            crate::write::paper::sheet::column_number(last)?,
        )?;
    }
    sheet.0.set_freeze_panes(detail.first, 3)?;
    sheet.print(Orientation::Landscape, Some((TOP, detail.first - 1)))?;
    // The column of file names is not printed.
    sheet.0.set_print_area(
        0,
        0,
        row.max(detail.first),
        crate::write::paper::sheet::column_number(last - 1)?,
    )?;
    sheet.page_footer();
    Ok(())
}

fn widths(table: &FormTable) -> Vec<f64> {
    let mut widths: Vec<f64> = LEAD.iter().map(|(_, width)| *width).collect();
    for (index, column) in table.form.file.columns.iter().enumerate() {
        let numeric = table
            .form
            .field(None, index)
            .is_some_and(|field| field.kind.is_numeric());
        let cells = table.lines.iter().flat_map(|line| &line.rows);
        let texts = cells.filter_map(|row| row.values.get(index)?.as_ref());
        let widest = texts
            .map(|value| text_width(&value.to_string()))
            .fold(0.0, f64::max)
            + 2.0;
        widths.push(if numeric {
            widest.max(figure_width(column.label.own()))
        } else {
            widest.clamp(text_width(column.label.own()).clamp(10.0, 24.0), 48.0)
        });
    }
    widths.push(36.0);
    widths
}

fn detail_row(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    form: &Form,
    line: &UnitLine,
    free: &FreeRow,
    (row, number): (u32, u32),
    widths: &[f64],
) -> Result<(), WriteError> {
    let at = |column: usize| CellAddress::new(row, count(column));
    sheet.double(at(0), f64::from(number), &style::centred_cell())?;
    sheet.text(at(1), &line.unit.code, &style::centred_cell())?;
    sheet.text(at(2), &line.unit.name, &style::label())?;
    let mut tall = lines(&line.unit.name, LEAD[2].1);
    for (index, value) in free.values.iter().enumerate() {
        let column = LEAD.len() + index;
        let format = form
            .field(None, index)
            .map_or_else(style::label, style::cell);
        sheet.value(at(column), value.as_ref(), &format)?;
        if let (Some(crate::model::Value::Text(text)), Some(width)) = (value, widths.get(column)) {
            tall = tall.max(lines(text, *width));
        }
    }
    let column = LEAD.len() + form.file.columns.len();
    let source = free.source.as_ref();
    let file = source.map(|source| &source.file).or(line.file.as_ref());
    let place = source.map(|source| (source.sheet.as_ref(), source.cell));
    let few = usize::try_from(number).is_ok_and(|number| number < MAX_LINKS);
    let link = file
        .filter(|_| few)
        .and_then(|file| master.link(file, place));
    sheet.link(at(column), link, file.map_or("", AsRef::as_ref))?;
    if tall > 1 {
        sheet.height(row, tall)?;
    }
    Ok(())
}
