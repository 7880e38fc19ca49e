//! Paints one form on its sheet: what every part of it needs.

use rust_xlsxwriter::Format;

use super::fill::{Input, TemplateInput};
use crate::rules::PreviousFigures;
use crate::schema::ratio::RatioCell;
use crate::schema::{Field, Form};
use crate::write::formula::layout::{FormSheet, TemplateLayout};
use crate::write::formula::names::Names;
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::GridRow;
use crate::write::paper::measure::{balanced, lines};
use crate::write::paper::sheet::SheetWriter;

/// A grey column beside the table.
#[derive(Debug, Clone)]
pub(super) struct Beside {
    /// The form's column whose figures it shows.
    pub column: usize,
    /// What is above it.
    pub header: String,
    /// How wide it is, in digits.
    pub width: f64,
}

/// A form being painted on its sheet.
pub(super) struct Painter<'a, 'b> {
    pub sheet: &'a mut SheetWriter<'b>,
    pub input: &'a TemplateInput<'a>,
    pub layout: &'a TemplateLayout,
    pub place: &'a FormSheet,
    /// The grey columns of last period's figures.
    pub beside: Vec<Beside>,
}

impl<'a> Painter<'a, '_> {
    /// What the names of the form's rules mean.
    pub(super) fn names(&self) -> Names<'a> {
        Names {
            layout: self.layout,
            place: self.place,
            previous: self.previous(),
        }
    }

    /// The closed periods, and the unit's code in them.
    pub(super) fn previous(&self) -> Option<(&'a PreviousFigures, &'a str)> {
        let unit = self.input.unit.map(|unit| unit.code.as_str());
        self.input.previous.zip(unit)
    }
}

impl Painter<'_, '_> {
    pub fn form(&self) -> &Form {
        &self.place.form
    }

    /// First and last column (from 0) of the left and of the right block.
    pub fn blocks(&self) -> [(u32, u32); 2] {
        let grid = &self.place.grid;
        let last = grid.last_column();
        [
            (0, grid.split.min(last)),
            ((grid.split + 1).min(last), last),
        ]
    }

    pub fn whole(&self) -> (u32, u32) {
        (0, self.place.grid.last_column())
    }

    /// A merged line, as tall as its text needs at `size` points.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn spread(
        &mut self,
        row: u32,
        columns: (u32, u32),
        text: &str,
        format: &Format,
        size: f64,
    ) -> Result<(), WriteError> {
        let room = self.place.grid.width_of(columns.0, columns.1) * 12.0 / size;
        let text = balanced(text, room);
        self.sheet.line(row, columns, &text, format)?;
        self.tall(row, lines(&text, room))
    }

    /// Sets the height of a row (from 0) of `lines` lines. A row of one line gets none, so that
    /// Excel fits it to the words typed into it.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub fn tall(&mut self, row: u32, lines: u32) -> Result<(), WriteError> {
        if lines > 1 {
            self.sheet.height(row, lines)?;
        }
        Ok(())
    }

    /// The content of a cell (column of the form file, from 0) in the template: what fills the
    /// workbook, or the name of a row of last period.
    pub fn filled(&self, row: GridRow<'_>, column: usize) -> Option<Input> {
        let id = self.form().file.columns.get(column)?.id.get_ref();
        let Some(fill) = self.input.fill else {
            let GridRow::Free(row) = row else { return None };
            let last = self.place.last_rows.as_ref()?;
            return last
                .word(row, column)
                .map(|word| Input::Text(word.to_owned()));
        };
        fill.cell(self.form().id(), row, id)
    }

    /// The field of a column (of the form file, from 0); in a fixed-row form that of the first row
    /// that has one.
    pub(super) fn sample_field(&self, column: usize) -> Option<&Field> {
        let form = self.form();
        (0..form.file.rows.len().max(1)).find_map(|row| form.field(Some(row), column))
    }

    /// The ratio that the cells of a column are, as [`Painter::sample_field`].
    pub(super) fn sample_ratio(&self, column: usize) -> Option<RatioCell<'_>> {
        let form = self.form();
        (0..form.file.rows.len().max(1)).find_map(|row| form.ratio(Some(row), column))
    }
}
