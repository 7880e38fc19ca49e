//! Names of rows that stand in the row above their figures: over the rest of the table.

use super::painter::Painter;
use crate::model::CellAddress;
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::GridRow;
use crate::write::paper::style;

impl Painter<'_, '_> {
    /// The label of a fixed row (of the form file, from 0) in a row of its own, from 0.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn fixed_name(&mut self, row: u32, index: usize) -> Result<(), WriteError> {
        let grid = &self.place.grid;
        let (Some(column), Some(indicator)) = (grid.label, self.place.form.file.rows.get(index))
        else {
            return Ok(());
        };
        let columns = (column, grid.last_column());
        self.beside_figures(row + 1, column)?;
        let format = style::locked(style::label().set_indent(1));
        self.spread(row, columns, indicator.label.own(), &format, 12.0)
    }

    /// Room for the name of a row that the unit adds (counted from 0): the cell at `at`, which is of
    /// a column of the form file, and what is right of it.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn free_name(
        &mut self,
        at: CellAddress,
        index: usize,
        column: usize,
    ) -> Result<(), WriteError> {
        let last = CellAddress::new(at.row, self.place.grid.last_column());
        self.beside_figures(at.row + 1, at.column)?;
        let format = style::label().set_indent(1).set_unlocked();
        self.sheet.span(at, last, "", &format)?;
        let tall = self.filled_lines(GridRow::Free(index), column);
        self.tall(at.row, tall)
    }

    /// The cells beside the figures, where other tables have ordinal and name.
    fn beside_figures(&mut self, row: u32, name: u32) -> Result<(), WriteError> {
        let format = style::locked(style::label());
        for column in self.place.grid.ordinal.into_iter().chain([name]) {
            self.sheet.blank(CellAddress::new(row, column), &format)?;
        }
        Ok(())
    }
}
