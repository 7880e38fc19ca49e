//! Paints one form on its sheet, as its grid lays it out.

use rust_xlsxwriter::{Format, FormatAlign};

use super::computed::Role;
use super::fill::{Input, TemplateInput};
use super::painter::Painter;
use crate::model::{CellAddress, Number, address::column_letters};
use crate::schema::{Field, FieldType};
use crate::write::formula::layout::{CheckCell, FormSheet, TemplateLayout};
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::{GridRow, Line};
use crate::write::paper::measure::lines;
use crate::write::paper::sheet::{Cached, SheetWriter};
use crate::write::paper::style;

/// Paints a form; gives the cells of its live checks.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn paint(
    sheet: &mut SheetWriter<'_>,
    input: &TemplateInput<'_>,
    layout: &TemplateLayout,
    place: &FormSheet,
) -> Result<Vec<CheckCell>, WriteError> {
    sheet.widths(&place.grid.widths)?;
    let mut painter = Painter {
        sheet,
        input,
        layout,
        place,
        beside: Vec::new(),
    };
    painter.beside = painter.columns_beside();
    painter.offices()?;
    painter.title()?;
    painter.header()?;
    painter.body()?;
    painter.total()?;
    let signature = painter.notes()?;
    let last = painter.signature(signature)?;
    painter.page(last)?;
    if !input.identity {
        return Ok(Vec::new());
    }
    painter.last_period()?;
    painter.finish(last + 3)
}

impl Painter<'_, '_> {
    /// What makes a form's sheet a template: what may be typed, the live checks from a row (from 0)
    /// on, protection; gives the cells of the checks.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn finish(&mut self, checks: u32) -> Result<Vec<CheckCell>, WriteError> {
        self.validations()?;
        let checks = match self.input.aids() {
            true => self.checks(checks)?,
            false => Vec::new(),
        };
        let free = self.form().is_free();
        self.sheet.protect(self.input.password, free);
        Ok(checks)
    }

    fn body(&mut self) -> Result<(), WriteError> {
        let mut counter = 0;
        for (index, line) in self.place.grid.body.clone().into_iter().enumerate() {
            let row = self.place.grid.body_row(index);
            match line {
                Line::Heading(index) => self.heading_row(row, index)?,
                Line::Fixed(index) => {
                    counter += 1;
                    self.fixed_row(row, index, counter)?;
                }
                Line::Free(index) => self.free_row(row, index)?,
            }
        }
        Ok(())
    }

    fn heading_row(&mut self, row: u32, index: usize) -> Result<(), WriteError> {
        let grid = &self.place.grid;
        let Some(heading) = self.place.form.file.rows.get(index) else {
            return Ok(());
        };
        if let Some(column) = grid.ordinal {
            let number = heading.no.as_deref().unwrap_or_default();
            self.sheet.text(
                CellAddress::new(row, column),
                number,
                &style::section(style::centred_cell()),
            )?;
        }
        let first = grid.label.unwrap_or_default();
        let columns = (first, grid.last_column());
        self.spread(
            row,
            columns,
            heading.label.own(),
            &style::section(style::label().set_indent(1)),
            12.5,
        )
    }

    fn fixed_row(&mut self, row: u32, index: usize, counter: u32) -> Result<(), WriteError> {
        let form = self.place.form.clone();
        let grid = &self.place.grid;
        let Some(indicator) = form.file.rows.get(index) else {
            return Ok(());
        };
        let named = row - grid.label.map_or(0, |label| grid.above(label));
        if let Some(column) = grid.ordinal {
            let number = indicator.no.clone().unwrap_or_else(|| counter.to_string());
            ordinal(self.sheet, CellAddress::new(named, column), &number)?;
        }
        let mut tall = 1;
        if named < row {
            self.fixed_name(named, index)?;
        } else if let Some(column) = grid.label {
            let room = grid.width_of(column, column);
            let level = indent(indicator.no.as_deref(), indicator.label.depth());
            let format = style::indented(style::label(), level + 1);
            tall = lines(
                indicator.label.own(),
                room * 0.95 - f64::from(level + 1) * 1.5,
            );
            self.sheet.text(
                CellAddress::new(row, column),
                indicator.label.own(),
                &format,
            )?;
        }
        if let Some(column) = grid.measure {
            let unit = (0..form.file.columns.len())
                .find_map(|column| form.field(Some(index), column)?.unit.clone())
                .or_else(|| form.file.unit.clone());
            let unit = unit.unwrap_or_default();
            self.sheet
                .text(CellAddress::new(row, column), &unit, &style::centred_cell())?;
        }
        for column in 0..form.file.columns.len() {
            let at = CellAddress::new(row, self.place.grid.column(column));
            match form.field(Some(index), column) {
                None => self.sheet.blank(at, &style::absent())?,
                Some(field) => {
                    let row = GridRow::Fixed(indicator.id.get_ref());
                    self.form_cell(at, field, row, column)?;
                }
            }
            tall = tall.max(self.filled_lines(GridRow::Fixed(indicator.id.get_ref()), column));
        }
        let tall = tall.max(self.lines_beside(index));
        self.tall(row, tall)
    }

    fn free_row(&mut self, row: u32, index: usize) -> Result<(), WriteError> {
        let form = self.place.form.clone();
        let key = form
            .key_column()
            .map(|column| self.place.grid.column(column));
        if let (Some(column), Some(key)) = (self.place.grid.ordinal, key) {
            // Numbers itself as soon as the row has a name.
            let (name, first) = (column_letters(key), self.place.grid.first_row + 1);
            let named = row - self.place.grid.above(key);
            let here = format!("{name}{}", named + 1);
            let formula = format!("=IF({here}=\"\",\"\",COUNTA({name}${first}:{here}))");
            let before = (0..=index).filter(|row| self.key(*row).is_some()).count();
            let cached = self.key(index).map(|_| Number::from(before));
            self.sheet.formula(
                CellAddress::new(named, column),
                &formula,
                &cached.into(),
                &style::centred_cell(),
            )?;
        }
        let mut tall = 1;
        for column in 0..form.file.columns.len() {
            let at = self.place.grid.at(row, column);
            if at.row < row {
                self.free_name(at, index, column)?;
            }
            if let Some(field) = form.field(None, column) {
                self.form_cell(at, field, GridRow::Free(index), column)?;
            }
            if at.row == row {
                tall = tall.max(self.filled_lines(GridRow::Free(index), column));
            }
        }
        self.tall(row, tall)
    }

    /// Lines that filled-in words take.
    pub(super) fn filled_lines(&self, row: GridRow<'_>, column: usize) -> u32 {
        let grid = &self.place.grid;
        let at = grid.column(column);
        let last = match grid.above(at) {
            0 => at,
            _ => grid.last_column(),
        };
        match self.filled(row, column) {
            // Less the indent.
            Some(Input::Text(text)) => lines(&text, grid.width_of(at, last) * 0.95 - 1.5),
            _ => 1,
        }
    }

    /// What names a filled free row.
    pub(super) fn key(&self, index: usize) -> Option<Input> {
        let key = self.form().key_column()?;
        self.filled(GridRow::Free(index), key)
            .filter(|input| *input != Input::Blank)
    }

    /// A cell of the table: what is filled in, else what fills itself, else room for the unit.
    fn form_cell(
        &mut self,
        at: CellAddress,
        field: &Field,
        row: GridRow<'_>,
        column: usize,
    ) -> Result<(), WriteError> {
        let index = match row {
            GridRow::Fixed(id) => self.form().row(id),
            GridRow::Free(_) | GridRow::Total => None,
        };
        let mut format = style::template_cell(field);
        if self.ticked_column(column) && field.kind.is_numeric() {
            format = format.set_align(FormatAlign::Center).set_indent(0);
        }
        let role = self.role(index, at.row, column);
        let format = match role {
            Role::Input => format.set_unlocked(),
            // A row inserted later has no formula; it must be possible to copy one into it.
            Role::Computed(_) if index.is_none() => style::locked(format).set_unlocked(),
            Role::Computed(_) | Role::Given(_) => style::locked(format),
        };
        match (self.filled(row, column), role) {
            (Some(input), _) => write_input(self.sheet, at, &input, &format),
            (None, Role::Input) => self.sheet.blank(at, &format),
            (None, Role::Given(value)) => self.sheet.value(at, Some(&value), &format),
            (None, Role::Computed(formula)) => {
                let cached = Cached::from(self.opening_figure(row, column));
                self.sheet.formula(at, &formula, &cached, &format)
            }
        }
    }

    /// Is a column made of ticks, so that a figure among them is centred, too?
    fn ticked_column(&self, column: usize) -> bool {
        self.sample_field(column)
            .is_some_and(|field| field.kind == FieldType::Flag)
    }

    /// The total row: live sums, ratios of them, counts of ticks; or what the fill says instead.
    fn total(&mut self) -> Result<(), WriteError> {
        let form = self.place.form.clone();
        let (Some(row), Some(label)) = (self.place.grid.total, &form.file.layout.total) else {
            return Ok(());
        };
        let label_column = self
            .place
            .grid
            .label
            .or_else(|| form.key_column().map(|key| self.place.grid.column(key)));
        for column in 0..self.place.grid.first_column() {
            let format = style::total(style::centred_cell());
            let text = if Some(column) == label_column {
                label
            } else {
                ""
            };
            self.sheet
                .text(CellAddress::new(row, column), text, &format)?;
        }
        let totals = self.totals(row);
        for column in 0..form.file.columns.len() {
            let at = CellAddress::new(row, self.place.grid.column(column));
            let field = self.sample_field(column);
            let format = style::total(field.map_or_else(style::label, style::template_cell));
            let own = self.filled(GridRow::Total, column);
            match (own, totals.get(column).and_then(Option::as_ref)) {
                (Some(input), _) => write_input(self.sheet, at, &input, &format)?,
                (None, _) if Some(at.column) == label_column => {
                    self.sheet.text(
                        at,
                        label,
                        &format.set_align(FormatAlign::Center).set_indent(0),
                    )?;
                }
                (None, Some(live)) => {
                    self.sheet
                        .formula(at, &live.formula, &Cached::from(live.result), &format)?;
                }
                (None, None) => self.sheet.blank(at, &format)?,
            }
        }
        Ok(())
    }
}

/// An ordinal: a number if it is one, text if it is a code such as 1.10.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn ordinal(
    sheet: &mut SheetWriter<'_>,
    at: CellAddress,
    number: &str,
) -> Result<(), WriteError> {
    match number.parse::<u32>() {
        Ok(plain) if plain.to_string() == number => {
            sheet.double(at, f64::from(plain), &style::centred_cell())
        }
        _ => sheet.text(at, number, &style::centred_cell()),
    }
}

/// The depth of a row: "1.1.2" twice under "1".
fn indent(number: Option<&str>, depth: usize) -> u8 {
    let dots = number.map_or(0, |number| {
        number.trim_end_matches('.').matches('.').count()
    });
    u8::try_from(dots.max(depth.saturating_sub(1)).min(6)).unwrap_or(0)
}

fn write_input(
    sheet: &mut SheetWriter<'_>,
    at: CellAddress,
    input: &Input,
    format: &Format,
) -> Result<(), WriteError> {
    match input {
        Input::Number(number) => sheet.double(at, *number, format),
        Input::Text(text) => sheet.text(at, text, format),
        Input::Blank => sheet.blank(at, format),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_indented_by_their_number() {
        assert_eq!(indent(Some("1.1.2"), 1), 2);
        assert_eq!(indent(Some("1."), 1), 0);
        assert_eq!(indent(None, 2), 1);
    }
}
