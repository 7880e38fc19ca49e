//! One form in the master workbook: a line for each unit, headings that carry subtotals, a total.

use rust_xlsxwriter::{Format, FormatAlign, Url};

use super::book::Master;
use super::fold::Column;
use super::head::{TOP, paint_header, sheet_title, way_back};
use super::outliers;
use super::plan::{LEAD, Plan, SheetPlaces};
use super::tree::{Level, Node};
use crate::consolidate::{LineState, UnitLine};
use crate::model::{CellAddress, Provenance, Value};
use crate::schema::{FieldType, Orientation};
use crate::write::formula::shown::ShownCell;
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::{lines, pages_wide, text_width};
use crate::write::paper::sheet::{Cached, SheetWriter, column_number};
use crate::write::paper::style;
use crate::write::paper::words::{lacking_names, provisional_text};

/// The heading of the units that file the sum of others.
const SUMS: &str =
    "Đơn vị tổng hợp: số là tổng của các đơn vị dưới, chỉ để đối chiếu, không cộng vào tổng";

/// Notes a sheet may hold; cells beyond keep their colour.
const MAX_NOTES: usize = 2_000;

/// Writes the sheet of a form.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn write(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    places: &SheetPlaces<'_>,
    plan: &Plan<'_>,
) -> Result<(), WriteError> {
    let table = plan.table;
    sheet.widths(&plan.widths)?;
    let file = &table.form.file;
    sheet_title(sheet, master, &file.title, file.unit.as_deref())?;
    let lacking = master.lacking(std::iter::once(table)).len();
    if lacking > 0 {
        let text = provisional_text(lacking);
        sheet.line(2, (0, count(LEAD.len()) - 1), &text, &style::provisional())?;
    }
    way_back(sheet, CellAddress::new(2, count(LEAD.len())))?;
    paint_header(sheet, &plan.spans, &plan.widths)?;
    measures(sheet, plan)?;

    let mut painter = TablePainter {
        sheet,
        master,
        places,
        plan,
        notes: 0,
    };
    let units: Vec<Vec<ShownCell>> = table
        .lines
        .iter()
        .enumerate()
        .zip(&plan.tree.rows)
        .map(|((index, line), row)| plan.folder.line(line, index, *row, plan.detail.as_ref()))
        .collect();
    for (index, line) in table.lines.iter().enumerate() {
        if let (Some(row), Some(number), Some(cells)) = (
            plan.tree.rows.get(index),
            plan.tree.numbers.get(index),
            units.get(index),
        ) {
            let rows = plan.detail.as_ref().and_then(|detail| detail.link(index));
            painter.unit(line, (*row, Some(*number)), rows, cells)?;
        }
    }
    let mut totals: Vec<Vec<ShownCell>> = Vec::new();
    for node in &plan.tree.nodes {
        let cells = plan.folder.node(&plan.tree, node, &totals, &units);
        painter.node(node, &cells)?;
        totals.push(cells);
    }
    painter.sums()?;
    outliers::write(sheet, master, plan, &units)?;
    outline(sheet, plan)?;
    page(sheet, plan)
}

/// Kinds and groups of units can be folded away under their headings.
fn outline(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>) -> Result<(), WriteError> {
    sheet.0.group_symbols_above(true);
    for node in &plan.tree.nodes {
        if node.level == Level::Total {
            continue;
        }
        let lines = plan.lines_of(node);
        let last = lines.last().and_then(|line| plan.tree.rows.get(*line));
        if let Some(last) = last.filter(|last| **last > node.row) {
            sheet.0.group_rows(node.row + 1, *last)?;
        }
    }
    Ok(())
}

/// Filter over the units, frozen names, print setup.
fn page(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>) -> Result<(), WriteError> {
    let (first, total, last) = (plan.first, plan.tree.total, plan.last());
    if total > first {
        sheet
            .0
            .autofilter(first - 1, 0, total - 1, column_number(last)?)?;
    }
    sheet
        .0
        .set_freeze_panes(first, column_number(count(LEAD.len()))?)?;
    sheet.print(Orientation::Landscape, Some((TOP, first - 1)))?;
    sheet.0.set_repeat_columns(0, 2)?;
    // The column of file names is not printed.
    sheet.0.set_print_area(
        0,
        0,
        plan.below() - 1,
        column_number(last.saturating_sub(1))?,
    )?;
    let printed = plan
        .widths
        .split_last()
        .map_or(&[][..], |(_, widths)| widths);
    sheet.0.set_print_fit_to_pages(pages_wide(printed), 0);
    sheet.page_footer();
    Ok(())
}

/// The row of units of measure under the header.
fn measures(sheet: &mut SheetWriter<'_>, plan: &Plan<'_>) -> Result<(), WriteError> {
    let Some(row) = plan.measures else {
        return Ok(());
    };
    for column in 0..=plan.last() {
        sheet.blank(CellAddress::new(row, column), &style::numbering())?;
    }
    sheet.text(CellAddress::new(row, 2), "Đơn vị tính", &style::numbering())?;
    for column in &plan.folder.columns {
        let unit = column.field.unit.as_deref().unwrap_or_default();
        sheet.text(CellAddress::new(row, column.at), unit, &style::numbering())?;
    }
    Ok(())
}

struct TablePainter<'a, 'b, 'c> {
    sheet: &'a mut SheetWriter<'b>,
    master: &'a Master<'c>,
    places: &'a SheetPlaces<'c>,
    plan: &'a Plan<'c>,
    /// Notes so far.
    notes: usize,
}

impl TablePainter<'_, '_, '_> {
    /// The units that file the sum of others, under the total: nothing adds them.
    fn sums(&mut self) -> Result<(), WriteError> {
        let (plan, sums) = (self.plan, &self.plan.table.sums);
        if !sums.is_empty() {
            let at = CellAddress::new(plan.sum(0) - 1, 2);
            self.sheet.text(at, SUMS, &style::legend())?;
        }
        for (index, line) in sums.iter().enumerate() {
            let row = plan.sum(index);
            let cells = plan.folder.line(line, index, row, None);
            self.unit(line, (row, None), None, &cells)?;
        }
        Ok(())
    }

    /// A unit's line; coloured if its figures are not in the totals. One without a number files the
    /// sum of others. Its name leads to the `rows`
    /// it adds up, if it has any; its status to the submission, or to the unit in the list if there
    /// is none.
    fn unit(
        &mut self,
        line: &UnitLine,
        (row, number): (u32, Option<u32>),
        rows: Option<Url>,
        cells: &[ShownCell],
    ) -> Result<(), WriteError> {
        let plan = self.plan;
        let at = |column: u32| CellAddress::new(row, column);
        let paint = |format: Format| match line.state {
            LineState::Accepted if number.is_none() => style::reference_row(format),
            LineState::Accepted => format,
            LineState::Returned => style::lacking(format, true),
            LineState::Missing => style::lacking(format, false),
        };
        let centred = paint(style::centred_cell());
        let code = line.unit.code.as_str();
        match number {
            Some(number) => self.sheet.double(at(0), f64::from(number), &centred)?,
            None => self.sheet.blank(at(0), &centred)?,
        }
        self.sheet.text(at(1), code, &centred)?;
        self.sheet
            .link_as(at(2), rows, &line.unit.name, &paint(style::label()))?;
        let link = self.places.submission(code).or(self.places.unit(code));
        self.sheet
            .link_as(at(3), link, state_name(line.state), &centred)?;
        let mut tall = lines(&line.unit.name, LEAD[2].1);
        for (field, (column, shown)) in plan.folder.columns.iter().zip(cells).enumerate() {
            let source = line.sources.get(field).and_then(Option::as_ref);
            let format = paint(cell_format(column, shown));
            let format = self.found(at(column.at), source, format)?;
            self.cell(at(column.at), shown, &format)?;
            if let ShownCell::Value(Some(Value::Text(text))) = shown {
                tall = tall.max(lines(text, text_width(text).clamp(16.0, 40.0)));
            }
        }
        let last = plan.last();
        match &line.file {
            Some(file) => {
                let link = self.master.link(file, None);
                self.sheet.link(at(last), link, file)?;
            }
            None => self.sheet.blank(at(last), &paint(style::label()))?,
        }
        if tall > 1 {
            self.sheet.height(row, tall)?;
        }
        Ok(())
    }

    /// A figure about which something was found is coloured and says what.
    fn found(
        &mut self,
        at: CellAddress,
        source: Option<&Provenance>,
        format: Format,
    ) -> Result<Format, WriteError> {
        let found = source.map_or(&[][..], |source| self.master.found(source));
        let Some(severity) = found.iter().map(|finding| finding.severity).min() else {
            return Ok(format);
        };
        if self.notes < MAX_NOTES {
            let lang = self.master.input.lang;
            let texts = found.iter().map(|finding| lang.of(&finding.message));
            let text = texts.map(ToString::to_string).collect::<Vec<String>>();
            self.sheet.note(at, &text.join("\n"))?;
            self.notes += 1;
        }
        Ok(style::severity(format, severity))
    }

    /// A heading with subtotals, or the total row: its title leads to the rows it adds up. One that
    /// lacks units says so and who they are.
    fn node(&mut self, node: &Node<'_>, cells: &[ShownCell]) -> Result<(), WriteError> {
        let plan = self.plan;
        let lacking = plan.lacking(node);
        let paint = |format: Format| {
            let format = match node.level {
                Level::Kind => style::kind_row(format),
                Level::Group => style::group_row(format),
                Level::Total => style::total(format),
            };
            if lacking.is_empty() {
                format
            } else {
                style::provisional_figure(format)
            }
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
        self.sheet
            .link_as(at(2), plan.summed(node), &node.title, &title)?;
        let short = match lacking.len() {
            0 => String::new(),
            lacking => format!("thiếu {lacking}"),
        };
        self.sheet
            .text(at(3), &short, &paint(style::centred_cell()))?;
        if !lacking.is_empty() {
            self.sheet.note(at(3), &lacking_names(&lacking))?;
        }
        for (column, shown) in plan.folder.columns.iter().zip(cells) {
            let format = paint(cell_format(column, shown));
            self.cell(at(column.at), shown, &format)?;
            let figure = shown.number().is_some() && self.notes < MAX_NOTES;
            if figure && !lacking.is_empty() {
                self.sheet.note(at(column.at), &lacking_names(&lacking))?;
                self.notes += 1;
            }
        }
        self.sheet.blank(at(plan.last()), &paint(style::label()))
    }

    fn cell(
        &mut self,
        at: CellAddress,
        shown: &ShownCell,
        format: &Format,
    ) -> Result<(), WriteError> {
        match shown {
            ShownCell::Value(value) => self.sheet.value(at, value.as_ref(), format),
            ShownCell::Live(live) => {
                self.sheet
                    .formula(at, &live.formula, &Cached::from(live.result), format)
            }
        }
    }
}

/// A count of ticks is a figure though its column holds ticks.
fn cell_format(column: &Column<'_>, shown: &ShownCell) -> Format {
    let counted = matches!(
        shown,
        ShownCell::Live(_) | ShownCell::Value(Some(Value::Number(_)))
    );
    match column.field.kind {
        kind if kind.is_numeric() => style::figure(column.decimals),
        FieldType::Flag if counted => style::centred_cell().set_num_format("#,##0"),
        _ => style::cell(column.field),
    }
}

/// Is a unit's form in the totals, in words.
pub(super) fn state_name(state: LineState) -> &'static str {
    match state {
        LineState::Accepted => "đã nhận",
        LineState::Returned => "trả lại",
        LineState::Missing => "chưa gửi",
    }
}
