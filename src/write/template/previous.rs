//! Last period's rows of a table the unit adds rows to, as a template carries them: on a very hidden
//! sheet, where formulas find a row's figures by its name, and, where rows go on from period to
//! period, as names written into the table (`formula::last_rows`).

use rust_xlsxwriter::Workbook;

use super::fill::TemplateInput;
use super::painter::{Beside, Painter};
use crate::model::template_names::{PREVIOUS_SHEET, REPEATED};
use crate::model::{CellAddress, Value};
use crate::schema::{Field, FieldType, Form, Indicator};
use crate::write::formula::last_rows::{LastRows, NAMED};
use crate::write::formula::layout::{FormSheet, TemplateLayout};
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::GridRow;
use crate::write::paper::measure::lines;
use crate::write::paper::sheet::{Cached, SheetWriter, column_number};
use crate::write::paper::style;

/// Is there a column that holds last period's figure itself?
fn has_opening(form: &Form) -> bool {
    let rows = 0..form.file.rows.len().max(1);
    let mut columns = 0..form.file.columns.len();
    columns.any(|column| {
        rows.clone()
            .any(|row| form.opening(Some(row), column).is_some())
    })
}

/// Writes the very hidden sheet, if any form has rows of last period.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn sheet(
    workbook: &mut Workbook,
    input: &TemplateInput<'_>,
    layout: &TemplateLayout,
) -> Result<(), WriteError> {
    let last: Vec<(&FormSheet, &LastRows)> = layout
        .sheets
        .iter()
        .filter_map(|place| Some((place, place.last_rows.as_ref()?)))
        .collect();
    if last.is_empty() {
        return Ok(());
    }
    let mut sheet = SheetWriter::add(workbook, PREVIOUS_SHEET)?;
    sheet.0.set_very_hidden(true);
    for (place, last) in last {
        let form = &place.form;
        let format = style::base();
        let mut row = last.top;
        sheet.text(CellAddress::new(row, 0), form.id(), &format)?;
        for (column, name) in (NAMED..).zip(&last.names) {
            sheet.text(CellAddress::new(row, column), name, &format)?;
        }
        for (column, figures) in form.file.columns.iter().zip(&last.figures) {
            let Some(figures) = figures else { continue };
            row += 1;
            sheet.text(CellAddress::new(row, 0), form.id(), &format)?;
            sheet.text(CellAddress::new(row, 1), column.id.get_ref(), &format)?;
            for (column, figure) in (NAMED..).zip(figures) {
                if let Some(figure) = figure {
                    sheet.number(CellAddress::new(row, column), *figure, &format)?;
                }
            }
        }
    }
    sheet.protect(input.password, false);
    Ok(())
}

impl Painter<'_, '_> {
    /// What was reported for the period before, in grey columns beside the table, as far as the
    /// table itself has no column for it.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn last_period(&mut self) -> Result<(), WriteError> {
        let form = self.place.form.clone();
        let after = self.place.grid.last_column() + 1;
        for (at, beside) in (after..).zip(self.beside.clone()) {
            self.header_beside(at, &beside)?;
            match form.is_free() {
                true => self.last_period_by_name(&form, beside.column, at)?,
                false => self.last_period_by_row(&form, beside.column, at)?,
            }
        }
        Ok(())
    }

    /// The grey columns beside the table: those of which the archive has figures.
    pub(super) fn columns_beside(&self) -> Vec<Beside> {
        let form = self.form();
        let opens = has_opening(form);
        // A table the unit adds rows to that opens with last period's figures is wide enough.
        if opens && form.is_free() || !self.input.identity {
            return Vec::new();
        }
        let rows = || 0..form.file.rows.len();
        // Where a column opens with last period's figure, only what is typed lacks its own.
        let typed = |row, column| {
            let field = form.field(Some(row), column);
            field.is_some_and(|field| !field.computed) && form.opening(Some(row), column).is_none()
        };
        let beside = form.file.columns.iter().enumerate().filter(|(index, _)| {
            match (form.is_free(), &self.place.last_rows) {
                (true, Some(last)) => {
                    form.field(None, *index).is_some() && last.range(*index).is_some()
                }
                (true, None) => false,
                (false, _) => rows().any(|row| {
                    (!opens || typed(row, *index)) && self.reported(row, *index).is_some()
                }),
            }
        });
        let words = |index| {
            let mut fields = rows().filter_map(|row| form.field(Some(row), index));
            fields.any(|field| field.kind == FieldType::Text)
        };
        let column = |(index, column): (usize, &Indicator)| {
            let label = match form.is_free() {
                true => column.label.full(),
                false => column.label.own().to_owned(),
            };
            Beside {
                column: index,
                header: format!("{REPEATED}: {label}"),
                width: if words(index) { 34.0 } else { 18.0 },
            }
        };
        beside.map(column).collect()
    }

    /// What a cell of a fixed row said last period.
    fn reported(&self, row: usize, column: usize) -> Option<(CellAddress, &Field, &Value)> {
        let (previous, unit) = self.previous()?;
        let form = &self.place.form;
        let [row_id, id] = [
            form.file.rows.get(row)?.id.get_ref(),
            form.file.columns.get(column)?.id.get_ref(),
        ];
        let at = self.place.grid.cell(form, GridRow::Fixed(row_id), id)?;
        let field = form.field(Some(row), column)?;
        let value = previous.value(unit, form.id(), row_id, id)?;
        Some((at, field, value))
    }

    /// Number of lines of text that last period's words take beside a fixed row (of the form file,
    /// from 0).
    pub(super) fn lines_beside(&self, row: usize) -> u32 {
        let told = self.beside.iter().filter_map(|beside| {
            let (_, _, value) = self.reported(row, beside.column)?;
            // Less the indent.
            Some(lines(&value.to_string(), beside.width * 0.95 - 1.5))
        });
        told.max().unwrap_or(1)
    }

    fn last_period_by_row(
        &mut self,
        form: &Form,
        column: usize,
        beside: u32,
    ) -> Result<(), WriteError> {
        for row in 0..form.file.rows.len() {
            let reported = self.reported(row, column);
            let cell = reported.map(|(at, field, value)| (at.row, grey(field), value.clone()));
            if let Some((row, format, value)) = cell {
                self.sheet
                    .value(CellAddress::new(row, beside), Some(&value), &format)?;
            }
        }
        Ok(())
    }

    /// Rows the unit adds find their figures by their names.
    fn last_period_by_name(
        &mut self,
        form: &Form,
        column: usize,
        beside: u32,
    ) -> Result<(), WriteError> {
        let place = self.place;
        let Some(last) = &place.last_rows else {
            return Ok(());
        };
        let Some(field) = form.field(None, column) else {
            return Ok(());
        };
        for body in 0..place.grid.body.len() {
            let row = place.grid.body_row(body);
            let Some(lookup) = last.lookup(&place.key_cells(row), column) else {
                continue;
            };
            let cached = Cached::from(last.figure(body, column));
            let at = CellAddress::new(row, beside);
            self.sheet
                .formula(at, &or_nothing(&lookup), &cached, &grey(field))?;
        }
        Ok(())
    }

    /// The header of a grey column of last period's figures.
    fn header_beside(&mut self, column: u32, beside: &Beside) -> Result<(), WriteError> {
        let (top, bottom) = self.place.grid.header_rows;
        let format = style::quiet(style::locked(style::header()));
        let at = |row| CellAddress::new(row, column);
        self.sheet
            .span(at(top), at(bottom), &beside.header, &format)?;
        self.sheet
            .0
            .set_column_width(column_number(column)?, beside.width)?;
        Ok(())
    }
}

fn grey(field: &Field) -> rust_xlsxwriter::Format {
    style::quiet(style::locked(style::template_cell(field)))
}

/// A formula that shows nothing where a lookup finds nothing.
pub(super) fn or_nothing(lookup: &str) -> String {
    format!("=IFERROR({lookup},\"\")")
}
