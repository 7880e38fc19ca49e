//! Paints an appendix as it is printed: title, "Kèm theo Báo cáo", table, notes.

use rust_xlsxwriter::Format;

use super::lines::{AppendixLine, lines as lines_of};
use super::table::{Appendix, AppendixColumn, Row, attached};
use crate::model::{CellAddress, Value};
use crate::schema::campaign::CampaignFile;
use crate::schema::{FieldType, Orientation};
use crate::write::formula::shown::ShownCell;
use crate::write::paper::count::{count, roman};
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::header_spans;
use crate::write::paper::header::header_heights;
use crate::write::paper::measure::{
    LANDSCAPE_WIDTH, PORTRAIT_WIDTH, figure_width, lines, text_width,
};
use crate::write::paper::sheet::{Cached, SheetWriter};
use crate::write::paper::style;
use crate::write::paper::words::provisional_text;

/// Writes an appendix.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(
    sheet: &mut SheetWriter<'_>,
    campaign: &CampaignFile,
    appendix: &Appendix<'_>,
) -> Result<(), WriteError> {
    let widths = widths(appendix);
    sheet.widths(&widths)?;
    let mut painter = SheetPainter {
        sheet,
        appendix,
        widths,
        first: 1 + u32::from(appendix.names.is_some()),
        row: 0,
    };
    painter.title(campaign)?;
    let header = painter.header()?;
    painter.body()?;
    painter.notes()?;
    painter.signature()?;
    sheet.print(appendix.text.orientation, Some(header))?;
    sheet.page_header();
    sheet.0.set_screen_gridlines(false);
    sheet.0.set_freeze_panes(header.1 + 1, 0)?;
    Ok(())
}

/// The size appendices are printed in (Nghị định 30/2020/NĐ-CP: 13 to 14).
fn sized(format: Format) -> Format {
    format.set_font_size(13)
}

struct SheetPainter<'a, 'b> {
    sheet: &'a mut SheetWriter<'b>,
    appendix: &'a Appendix<'a>,
    widths: Vec<f64>,
    /// Sheet column of the first column behind ordinal and name.
    first: u32,
    row: u32,
}

impl SheetPainter<'_, '_> {
    fn at(&self, column: u32) -> CellAddress {
        CellAddress::new(self.row, column)
    }

    fn whole(&self) -> (u32, u32) {
        (0, count(self.widths.len()) - 1)
    }

    /// A merged line over the table, as tall as its text needs.
    fn spread(&mut self, text: &str, format: &Format) -> Result<(), WriteError> {
        let room = self.widths.iter().sum::<f64>() * 12.0 / 14.0;
        self.sheet.line(self.row, self.whole(), text, format)?;
        // Gaps left to be filled in count as well as words.
        let gaps = if text_width(text) > room { 2 } else { 1 };
        self.sheet.height(self.row, lines(text, room).max(gaps))?;
        self.row += 1;
        Ok(())
    }

    fn title(&mut self, campaign: &CampaignFile) -> Result<(), WriteError> {
        let appendix = self.appendix;
        self.spread(&appendix.name(), &style::heading().set_font_size(14))?;
        let title = appendix.text.title.to_uppercase();
        self.spread(&title, &style::heading().set_font_size(14))?;
        self.spread(&attached(campaign), &sized(style::subtitle()))?;
        if appendix.lacking > 0 {
            self.spread(
                &provisional_text(appendix.lacking),
                &sized(style::provisional()),
            )?;
        }
        match appendix.unit() {
            Some(unit) => {
                let format = sized(style::measure());
                self.sheet
                    .line(self.row + 1, self.whole(), &format!("ĐVT: {unit}"), &format)?;
                self.row += 2;
            }
            None => self.row += 1,
        }
        Ok(())
    }

    /// Header; gives its first and last row.
    fn header(&mut self) -> Result<(u32, u32), WriteError> {
        let paths = header_paths(self.appendix);
        let spans = header_spans(&paths, CellAddress::new(self.row, 0));
        let mut texts = Vec::new();
        let mut bottom = self.row;
        for span in &spans {
            self.sheet.span(
                span.first,
                span.last,
                &span.text,
                &sized(style::printed_header()),
            )?;
            let columns = (0u32..).zip(&self.widths);
            let inside = columns
                .filter(|(column, _)| (span.first.column..=span.last.column).contains(column));
            let width: f64 = inside.map(|(_, width)| width).sum();
            texts.push((
                span.first.row,
                span.last.row,
                lines(&span.text, width / 1.2),
            ));
            bottom = bottom.max(span.last.row);
        }
        header_heights(self.sheet, &texts, (self.row, bottom))?;
        let rows = (self.row, bottom);
        self.row = bottom + 1;
        Ok(rows)
    }

    /// Groups with their rows, then the total. A group's heading carries its subtotals.
    fn body(&mut self) -> Result<(), WriteError> {
        for line in lines_of(self.appendix, self.first, self.row) {
            match line {
                AppendixLine::Group {
                    number,
                    text,
                    cells,
                } => self.group(number, &text, &cells)?,
                AppendixLine::Row(number, row) => self.line(row, number)?,
                AppendixLine::Total { text, cells } => self.total(&text, &cells)?,
            }
            self.row += 1;
        }
        Ok(())
    }

    fn line(&mut self, row: &Row, number: u32) -> Result<(), WriteError> {
        let appendix = self.appendix;
        let lean = |format: Format| {
            if row.lacking {
                style::quiet(format).set_italic()
            } else {
                format
            }
        };
        self.sheet.double(
            self.at(0),
            f64::from(number),
            &lean(sized(style::centred_cell())),
        )?;
        let mut tall = 1;
        if appendix.names.is_some() {
            let name = row.shown_name();
            tall = tall.max(self.tall(&name, 1));
            self.sheet
                .text(self.at(1), &name, &lean(sized(style::label())))?;
        }
        for (index, column) in (self.first..).zip(&appendix.columns) {
            let value = usize::try_from(index - self.first)
                .ok()
                .and_then(|i| row.values.get(i));
            let value = value.and_then(Option::as_ref);
            if let Some(Value::Text(text)) = value {
                tall = tall.max(self.tall(text, index));
            }
            let moved = usize::try_from(index - self.first).is_ok_and(|i| row.moved.contains(&i));
            let mut format = sized(cell_format(column, matches!(value, Some(Value::Number(_)))));
            if moved {
                format = format.set_num_format(style::moved(column.decimals));
            }
            let format = lean(format);
            self.sheet.value(self.at(index), value, &format)?;
        }
        self.sheet.height(self.row, tall)
    }

    fn tall(&self, text: &str, column: u32) -> u32 {
        let width = usize::try_from(column)
            .ok()
            .and_then(|column| self.widths.get(column));
        lines(text, width.copied().unwrap_or(10.0) * 12.0 / 13.0)
    }

    /// "I | Khu vực Bến Tre (22 đơn vị)" with its subtotals.
    fn group(&mut self, number: usize, text: &str, cells: &[ShownCell]) -> Result<(), WriteError> {
        let bold = |format: Format| sized(format).set_bold();
        self.sheet
            .text(self.at(0), &roman(number), &bold(style::centred_cell()))?;
        let until = self.appendix.words_until(self.first, cells);
        let words =
            (1u32..=until).filter_map(|column| self.widths.get(usize::try_from(column).ok()?));
        let tall = lines(text, words.sum::<f64>() * 12.0 / 14.5);
        self.sheet.height(self.row, tall)?;
        self.sheet
            .line(self.row, (1, until), text, &bold(style::label()))?;
        self.totalled(until, cells, &bold)
    }

    fn total(&mut self, text: &str, cells: &[ShownCell]) -> Result<(), WriteError> {
        // Black on white: this table goes on paper.
        let bold = |format: Format| sized(format).set_bold();
        let until = self.appendix.words_until(self.first, cells);
        self.sheet
            .line(self.row, (0, until), text, &bold(style::centred_cell()))?;
        self.totalled(until, cells, &bold)
    }

    /// The cells of a totalled row behind its words.
    fn totalled(
        &mut self,
        until: u32,
        cells: &[ShownCell],
        paint: &dyn Fn(Format) -> Format,
    ) -> Result<(), WriteError> {
        for ((index, column), cell) in (self.first..).zip(&self.appendix.columns).zip(cells) {
            if index <= until {
                continue;
            }
            let format = paint(cell_format(column, *cell != ShownCell::Value(None)));
            match cell {
                ShownCell::Live(live) => {
                    let cached = Cached::from(live.result);
                    self.sheet
                        .formula(self.at(index), &live.formula, &cached, &format)?;
                }
                ShownCell::Value(value) => {
                    self.sheet.value(self.at(index), value.as_ref(), &format)?
                }
            }
        }
        Ok(())
    }

    fn notes(&mut self) -> Result<(), WriteError> {
        let notes = self.appendix.notes();
        if notes.is_empty() {
            return Ok(());
        }
        self.row += 1;
        self.spread("Ghi chú:", &sized(style::note()).set_bold())?;
        for note in notes {
            self.spread(&format!("- {note}"), &sized(style::note()))?;
        }
        Ok(())
    }

    /// Who signs, side by side, with room for the hand and the name below.
    fn signature(&mut self) -> Result<(), WriteError> {
        let signers = &self.appendix.text.signature;
        let columns = count(self.widths.len());
        let each = columns / count(signers.len()).max(1);
        if signers.is_empty() || each == 0 {
            return Ok(());
        }
        self.row += 1;
        let mut tall = 1;
        for (index, signer) in (0u32..).zip(signers) {
            let last = if index + 1 == count(signers.len()) {
                columns - 1
            } else {
                (index + 1) * each - 1
            };
            let format = sized(style::heading()).set_text_wrap();
            self.sheet
                .line(self.row, (index * each, last), signer, &format)?;
            tall = tall.max(count(signer.lines().count()));
        }
        self.sheet.height(self.row, tall)?;
        self.row += 1;
        Ok(())
    }
}

pub(super) fn header_paths<'a>(appendix: &'a Appendix<'_>) -> Vec<Vec<&'a str>> {
    let ordinal = appendix.form.file.layout.ordinal.as_deref().unwrap_or("TT");
    let mut paths = vec![vec![ordinal]];
    paths.extend(appendix.names.map(|name| vec![name]));
    let columns = appendix.columns.iter();
    paths.extend(columns.map(|column| column.header.iter().map(String::as_str).collect()));
    paths
}

/// Figures take what they need, words share what is left of the page.
pub(super) fn widths(appendix: &Appendix<'_>) -> Vec<f64> {
    let page = match appendix.text.orientation {
        Orientation::Portrait => PORTRAIT_WIDTH,
        Orientation::Landscape => LANDSCAPE_WIDTH,
    };
    let mut widths = vec![6.0];
    let mut words = Vec::new();
    if appendix.names.is_some() {
        // Most names fit on a line; a table of a line a unit is as long as its names.
        let rows = appendix.blocks.iter().flat_map(|block| &block.rows);
        let widest = rows.map(|row| text_width(&row.name)).fold(0.0, f64::max);
        words.push(widths.len());
        widths.push((widest * 1.1 + 3.0).clamp(26.0, 36.0));
    }
    for (index, column) in appendix.columns.iter().enumerate() {
        let rows = appendix.blocks.iter().flat_map(|block| &block.rows);
        let texts = rows.filter_map(|row| row.values.get(index)?.as_ref());
        let widest = texts
            .map(|value| text_width(&value.to_string()) * 1.2)
            .fold(0.0, f64::max);
        if matches!(column.field.kind, FieldType::Text | FieldType::Choice) {
            words.push(widths.len());
            widths.push(widest.clamp(12.0, 22.0));
        } else {
            let header = column.header.last().map_or("", String::as_str);
            widths.push((figure_width(header) * 1.1).max(widest + 2.0));
        }
    }
    let left = page - widths.iter().sum::<f64>();
    let share = left / f64::from(count(words.len()).max(1));
    for index in words.into_iter().filter(|_| left > 0.0) {
        if let Some(width) = widths.get_mut(index) {
            *width += share;
        }
    }
    widths
}

/// A count of ticks is a figure though its column holds ticks.
fn cell_format(column: &AppendixColumn<'_>, counted: bool) -> Format {
    match column.field.kind {
        kind if kind.is_numeric() => style::figure(column.decimals),
        FieldType::Flag if counted => style::centred_cell().set_num_format("#,##0"),
        _ => style::cell(&column.field),
    }
}
