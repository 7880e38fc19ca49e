//! One form in the master workbook: a line for each unit, headings that carry subtotals, a total.

use rust_xlsxwriter::{Format, FormatAlign};

use super::WriteError;
use super::grid::{Span, count, header_spans};
use super::master::{Master, provisional_text};
use super::master_detail::Detail;
use super::master_fold::{Column, Folder, Shown};
use super::master_tree::{Level, Node, Tree};
use super::measure::{figure_width, lines, text_width};
use super::sheet::{Cached, Sheet, column_number};
use super::style;
use super::template_frame::header_heights;
use crate::consolidate::{FormTable, LineState, UnitLine};
use crate::model::{CellAddress, Value};
use crate::schema::{FieldType, Form, Orientation};

/// First columns: ordinal, code, name and status of the unit.
const LEAD: [(&str, f64); 4] = [
    ("STT", 6.0),
    ("Mã đơn vị", 12.0),
    ("Đơn vị", 34.0),
    ("Tình trạng", 11.0),
];
/// First row of the header.
const TOP: u32 = 3;

/// Writes the sheet of a form.
pub(super) fn write(
    sheet: &mut Sheet<'_>,
    master: &Master<'_>,
    table: &FormTable,
    detail: Option<&Detail<'_>>,
) -> Result<(), WriteError> {
    let folder = Folder::new(table, count(LEAD.len()));
    let widths = widths(table, &folder);
    sheet.widths(&widths)?;
    sheet_title(
        sheet,
        master,
        &table.form.file.title,
        table.form.file.unit.as_deref(),
    )?;
    let lacking = master.lacking(std::iter::once(table)).len();
    if lacking > 0 {
        let text = provisional_text(lacking);
        sheet.line(2, (0, count(LEAD.len()) - 1), &text, &style::provisional())?;
    }
    let spans = header_spans(&header_paths(&folder), CellAddress::new(TOP, 0));
    paint_header(sheet, &spans, &widths)?;
    let mut first = spans.iter().map(|span| span.last.row).max().unwrap_or(TOP) + 1;
    first += measures(sheet, table, &folder, first)?;

    let tree = Tree::new(master, table, first);
    let mut painter = Painter {
        sheet,
        master,
        folder: &folder,
        last: count(widths.len()) - 1,
    };
    let units: Vec<Vec<Shown>> = table
        .lines
        .iter()
        .enumerate()
        .zip(&tree.rows)
        .map(|((index, line), row)| folder.line(line, index, *row, detail))
        .collect();
    for (index, line) in table.lines.iter().enumerate() {
        if let (Some(row), Some(number), Some(cells)) = (
            tree.rows.get(index),
            tree.numbers.get(index),
            units.get(index),
        ) {
            painter.unit(line, (*row, *number), cells)?;
        }
    }
    let mut totals: Vec<Vec<Shown>> = Vec::new();
    for node in &tree.nodes {
        let cells = folder.node(&tree, node, &totals, &units);
        painter.node(node, &cells)?;
        totals.push(cells);
    }
    page(sheet, &tree, first, count(widths.len()) - 1)
}

/// Filter over the units, frozen names, print setup.
fn page(sheet: &mut Sheet<'_>, tree: &Tree<'_>, first: u32, last: u32) -> Result<(), WriteError> {
    if tree.total > first {
        sheet
            .0
            .autofilter(first - 1, 0, tree.total - 1, column_number(last)?)?;
    }
    sheet
        .0
        .set_freeze_panes(first, column_number(count(LEAD.len()))?)?;
    sheet.print(Orientation::Landscape, Some((TOP, first - 1)))?;
    sheet.0.set_repeat_columns(0, 2)?;
    // On paper the file's name says nothing.
    sheet
        .0
        .set_print_area(0, 0, tree.total, column_number(last.saturating_sub(1))?)?;
    // A form of many indicators is wider than a page can show legibly: never below half size.
    if last > 24 {
        let pages = u16::try_from(last / 20).unwrap_or(1);
        sheet.0.set_print_fit_to_pages(pages + 1, 0);
    }
    sheet.page_footer();
    Ok(())
}

/// Title and period at the top left, unmerged: a title centred over sixty columns is never seen.
pub(super) fn sheet_title(
    sheet: &mut Sheet<'_>,
    master: &Master<'_>,
    title: &str,
    unit: Option<&str>,
) -> Result<(), WriteError> {
    let format = style::base().set_bold().set_font_size(14);
    sheet.text(CellAddress::new(0, 0), &title.to_uppercase(), &format)?;
    let unit = unit.map(|unit| format!("; đơn vị tính: {unit}"));
    let text = format!(
        "Kỳ báo cáo: {}{}",
        master.input.period.vietnamese(),
        unit.unwrap_or_default()
    );
    sheet.text(CellAddress::new(1, 0), &text, &style::base().set_italic())
}

/// Header cells and their heights.
pub(super) fn paint_header(
    sheet: &mut Sheet<'_>,
    spans: &[Span],
    widths: &[f64],
) -> Result<(), WriteError> {
    let mut texts = Vec::new();
    let mut bottom = TOP;
    for span in spans {
        sheet.span(span.first, span.last, &span.text, &style::header())?;
        let columns = (0u32..).zip(widths);
        let inside =
            columns.filter(|(column, _)| (span.first.column..=span.last.column).contains(column));
        let width: f64 = inside.map(|(_, width)| width).sum();
        texts.push((
            span.first.row,
            span.last.row,
            lines(&span.text, width / 1.12),
        ));
        bottom = bottom.max(span.last.row);
    }
    header_heights(sheet, &texts, (TOP, bottom))
}

/// Header paths: a fixed-row form stands on its side, its headings over its rows over its columns.
fn header_paths<'a>(folder: &'a Folder<'_>) -> Vec<Vec<&'a str>> {
    let file = &folder.form.file;
    let mut paths: Vec<Vec<&str>> = LEAD.iter().map(|(text, _)| vec![*text]).collect();
    for column in &folder.columns {
        let mut path = Vec::new();
        if let Some(row) = column.row {
            let above = file.rows.get(..row).unwrap_or_default();
            path.extend(
                above
                    .iter()
                    .rev()
                    .find(|row| row.heading)
                    .map(|row| row.label.own()),
            );
            path.extend(file.rows.get(row).map(|row| row.label.own()));
        }
        // The only column of a form says nothing its rows do not.
        if column.row.is_none() || file.columns.len() > 1 {
            let own = file.columns.get(column.column);
            path.extend(
                own.into_iter()
                    .flat_map(|own| own.label.path())
                    .map(String::as_str),
            );
        }
        paths.push(path);
    }
    paths.push(vec!["Tệp"]);
    paths
}

/// A row of units of measure under the header, where they differ; gives how many rows it took.
fn measures(
    sheet: &mut Sheet<'_>,
    table: &FormTable,
    folder: &Folder<'_>,
    row: u32,
) -> Result<u32, WriteError> {
    let differ =
        table.form.file.unit.is_none() && folder.columns.iter().any(|c| c.field.unit.is_some());
    if !differ {
        return Ok(0);
    }
    let last = count(LEAD.len() + folder.columns.len());
    for column in 0..=last {
        sheet.blank(CellAddress::new(row, column), &style::numbering())?;
    }
    sheet.text(CellAddress::new(row, 2), "Đơn vị tính", &style::numbering())?;
    for column in &folder.columns {
        let unit = column.field.unit.as_deref().unwrap_or_default();
        sheet.text(CellAddress::new(row, column.at), unit, &style::numbering())?;
    }
    Ok(1)
}

fn widths(table: &FormTable, folder: &Folder<'_>) -> Vec<f64> {
    let mut widths: Vec<f64> = LEAD.iter().map(|(_, width)| *width).collect();
    for (index, column) in folder.columns.iter().enumerate() {
        let units = table.lines.iter().map(|line| &line.values);
        let totals = table.subtotals.iter().map(|subtotal| &subtotal.values);
        let all = units.chain(totals).chain(std::iter::once(&table.total));
        let texts = all.filter_map(|values| values.get(index)?.as_ref());
        // Totals are bold.
        let widest = texts
            .map(|value| text_width(&value.to_string()) * 1.1)
            .fold(0.0, f64::max)
            + 2.0;
        let leaf = leaf_header(folder.form, column);
        let words = matches!(column.field.kind, FieldType::Text | FieldType::Choice);
        widths.push(if words {
            widest.clamp(16.0, 40.0)
        } else {
            widest
                .max(figure_width(leaf))
                .max(figure_width(&alone_header(folder, column)))
        });
    }
    widths.push(40.0);
    widths
}

/// The row's label, if no other column of the row stands beside this one to share it.
fn alone_header(folder: &Folder<'_>, column: &Column<'_>) -> String {
    let beside = folder
        .columns
        .iter()
        .filter(|other| other.row == column.row)
        .count();
    let row = column.row.and_then(|row| folder.form.file.rows.get(row));
    row.filter(|_| beside == 1)
        .map(|row| row.label.own().to_owned())
        .unwrap_or_default()
}

/// The header right over a column.
fn leaf_header<'a>(form: &'a Form, column: &Column<'_>) -> &'a str {
    let file = &form.file;
    match column.row.and_then(|row| file.rows.get(row)) {
        Some(row) if file.columns.len() == 1 => row.label.own(),
        _ => file
            .columns
            .get(column.column)
            .map_or("", |own| own.label.own()),
    }
}

struct Painter<'a, 'b, 'c> {
    sheet: &'a mut Sheet<'b>,
    master: &'a Master<'c>,
    folder: &'a Folder<'a>,
    /// Column of the file.
    last: u32,
}

impl Painter<'_, '_, '_> {
    /// A unit's line; coloured if its figures are not in the totals.
    fn unit(
        &mut self,
        line: &UnitLine,
        (row, number): (u32, u32),
        cells: &[Shown],
    ) -> Result<(), WriteError> {
        let at = |column: u32| CellAddress::new(row, column);
        let paint = |format: Format| match line.state {
            LineState::Accepted => format,
            LineState::Returned => style::lacking(format, true),
            LineState::Missing => style::lacking(format, false),
        };
        let centred = paint(style::centred_cell());
        self.sheet.double(at(0), f64::from(number), &centred)?;
        self.sheet.text(at(1), &line.unit.code, &centred)?;
        self.sheet
            .text(at(2), &line.unit.name, &paint(style::label()))?;
        self.sheet.text(at(3), state_name(line.state), &centred)?;
        let mut tall = lines(&line.unit.name, LEAD[2].1);
        for (column, shown) in self.folder.columns.iter().zip(cells) {
            let format = paint(cell_format(column, shown));
            self.cell(at(column.at), shown, &format)?;
            if let Shown::Value(Some(Value::Text(text))) = shown {
                tall = tall.max(lines(text, text_width(text).clamp(16.0, 40.0)));
            }
        }
        match &line.file {
            Some(file) => {
                let link = self.master.link(file, None);
                self.sheet.link(at(self.last), link, file)?;
            }
            None => self.sheet.blank(at(self.last), &paint(style::label()))?,
        }
        if tall > 1 {
            self.sheet.height(row, tall)?;
        }
        Ok(())
    }

    /// A heading with subtotals, or the total row.
    fn node(&mut self, node: &Node<'_>, cells: &[Shown]) -> Result<(), WriteError> {
        let paint = match node.level {
            Level::Kind => style::kind_row,
            Level::Group => style::group_row,
            Level::Total => style::total,
        };
        let at = |column: u32| CellAddress::new(node.row, column);
        self.sheet
            .text(at(0), &node.number, &paint(style::centred_cell()))?;
        self.sheet.blank(at(1), &paint(style::centred_cell()))?;
        let title = paint(style::label());
        let title = match node.level {
            Level::Total => title.set_align(FormatAlign::Center),
            Level::Kind | Level::Group => title,
        };
        self.sheet.text(at(2), &node.title, &title)?;
        self.sheet.blank(at(3), &paint(style::centred_cell()))?;
        for (column, shown) in self.folder.columns.iter().zip(cells) {
            let format = paint(cell_format(column, shown));
            self.cell(at(column.at), shown, &format)?;
        }
        self.sheet.blank(at(self.last), &paint(style::label()))
    }

    fn cell(&mut self, at: CellAddress, shown: &Shown, format: &Format) -> Result<(), WriteError> {
        match shown {
            Shown::Value(value) => self.sheet.value(at, value.as_ref(), format),
            Shown::Live(live) => {
                self.sheet
                    .formula(at, &live.formula, &Cached::from(live.result), format)
            }
        }
    }
}

/// A count of ticks is a figure though its column holds ticks.
fn cell_format(column: &Column<'_>, shown: &Shown) -> Format {
    let counted = matches!(shown, Shown::Live(_) | Shown::Value(Some(Value::Number(_))));
    match column.field.kind {
        FieldType::Count | FieldType::Amount | FieldType::Percent => style::figure(column.decimals),
        FieldType::Flag if counted => style::centred_cell().set_num_format("#,##0"),
        _ => style::cell(column.field),
    }
}

fn state_name(state: LineState) -> &'static str {
    match state {
        LineState::Accepted => "đã nhận",
        LineState::Returned => "trả lại",
        LineState::Missing => "chưa gửi",
    }
}
