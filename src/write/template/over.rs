//! What a template adds to a form's sheet that the office has drawn itself: formulas and figures of
//! last period in the cells of the table, what may be typed, the live checks below everything.

use super::computed::Role;
use super::fill::{Input, TemplateInput};
use super::painter::Painter;
use crate::model::CellAddress;
use crate::write::formula::layout::{CheckCell, FormSheet, TemplateLayout};
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::{GridRow, Line};
use crate::write::paper::sheet::{Cached, SheetWriter};
use crate::write::paper::style;

/// Writes what is added to a form's sheet; gives the cells of its live checks.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(in crate::write) fn lay_over(
    sheet: &mut SheetWriter<'_>,
    input: &TemplateInput<'_>,
    layout: &TemplateLayout,
    place: &FormSheet,
) -> Result<Vec<CheckCell>, WriteError> {
    let mut painter = Painter {
        sheet,
        input,
        layout,
        place,
        beside: Vec::new(),
    };
    painter.cells()?;
    painter.totals_over()?;
    painter.finish(place.grid.below + 2)
}

impl Painter<'_, '_> {
    fn cells(&mut self) -> Result<(), WriteError> {
        let form = self.place.form.clone();
        for (index, line) in self.place.grid.body.clone().into_iter().enumerate() {
            let sheet_row = self.place.grid.body_row(index);
            let (row, grid_row) = match line {
                Line::Heading(_) => continue,
                Line::Fixed(row) => {
                    let Some(indicator) = form.file.rows.get(row) else {
                        continue;
                    };
                    (Some(row), GridRow::Fixed(indicator.id.get_ref()))
                }
                Line::Free(row) => (None, GridRow::Free(row)),
            };
            for column in 0..form.file.columns.len() {
                if form.field(row, column).is_some() {
                    let at = self.place.grid.at(sheet_row, column);
                    self.cell_over(at, row, grid_row, column)?;
                }
            }
        }
        Ok(())
    }

    /// The content of a cell; none where the unit fills it in.
    fn cell_over(
        &mut self,
        at: CellAddress,
        row: Option<usize>,
        grid_row: GridRow<'_>,
        column: usize,
    ) -> Result<(), WriteError> {
        let format = style::base();
        let role = self.role(row, at.row, column);
        match (self.filled(grid_row, column), role) {
            (Some(Input::Text(text)), _) => self.sheet.text(at, &text, &format),
            (Some(Input::Number(number)), _) => self.sheet.double(at, number, &format),
            (Some(Input::Blank), _) | (None, Role::Input) => Ok(()),
            (None, Role::Given(value)) => self.sheet.value(at, Some(&value), &format),
            // The office's own formulas read this cell: one that shows nothing would break them.
            (None, Role::Computed(_)) if self.opens(column).is_some() => {
                let figure = self.opening_figure(grid_row, column);
                figure.map_or(Ok(()), |figure| self.sheet.number(at, figure, &format))
            }
            (None, Role::Computed(formula)) => {
                self.sheet.formula(at, &formula, &Cached::Empty, &format)
            }
        }
    }

    fn totals_over(&mut self) -> Result<(), WriteError> {
        // The sums of a total row that leads its table are the office's own.
        let first = self.place.grid.first_row;
        let Some(row) = self.place.grid.total.filter(|total| *total > first) else {
            return Ok(());
        };
        for (column, live) in self.totals(row).into_iter().enumerate() {
            let Some(live) = live else { continue };
            let at = CellAddress::new(row, self.place.grid.column(column));
            self.sheet.formula(
                at,
                &live.formula,
                &Cached::from(live.result),
                &style::base(),
            )?;
        }
        Ok(())
    }
}
