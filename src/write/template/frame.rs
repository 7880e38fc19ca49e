//! The header of a template's table, and the page it is printed on.

use std::collections::BTreeMap;

use super::painter::Painter;
use crate::model::CellAddress;
use crate::schema::Orientation;
use crate::write::paper::error::WriteError;
use crate::write::paper::header::header_heights;
use crate::write::paper::measure::lines;
use crate::write::paper::style;

impl Painter<'_, '_> {
    /// The header and the row of column numbers.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn header(&mut self) -> Result<(), WriteError> {
        let grid = &self.place.grid;
        for span in &grid.header {
            self.sheet
                .span(span.first, span.last, &span.text, &style::header())?;
        }
        let texts = grid.header.iter().map(|span| {
            let width = grid.width_of(span.first.column, span.last.column);
            // Header words are bold.
            (
                span.first.row,
                span.last.row,
                lines(&span.text, width / 1.12),
            )
        });
        let (top, bottom) = grid.header_rows;
        let beside = self.beside.iter();
        let beside = beside.map(|one| (top, bottom, lines(&one.header, one.width / 1.12)));
        let texts: Vec<_> = texts.chain(beside).collect();
        header_heights(self.sheet, &texts, grid.header_rows)?;
        if let Some(row) = grid.numbering {
            for (column, text) in (0..).zip(self.numbers()) {
                self.sheet
                    .text(CellAddress::new(row, column), &text, &style::numbering())?;
            }
        }
        Ok(())
    }

    /// What is printed in the row of column numbers: the form's own numbers, with letters for the
    /// columns before them, or else (1), (2), (3).
    fn numbers(&self) -> Vec<String> {
        let grid = &self.place.grid;
        let columns = self.place.form.file.columns.iter().enumerate();
        let own: BTreeMap<u32, &str> = columns
            .filter_map(|(index, column)| Some((grid.column(index), column.no.as_deref()?)))
            .collect();
        let mut letters = 'A'..='Z';
        let first = grid.first_column();
        let number = |column: u32| match own.get(&column) {
            Some(number) => (*number).to_owned(),
            None if !own.is_empty() && column < first => {
                letters.next().map_or_else(String::new, String::from)
            }
            None => format!("({})", column + 1),
        };
        (0..=grid.last_column()).map(number).collect()
    }

    /// Prints the form from its title down to its last row; the counter above and the checks below
    /// are for the screen.
    ///
    /// # Errors
    /// Excel would not take what is written: a name, a length or a place beyond the grid.
    pub(super) fn page(&mut self, last: u32) -> Result<(), WriteError> {
        let grid = &self.place.grid;
        let orientation = self.place.form.file.layout.orientation;
        let bottom = grid.numbering.unwrap_or(grid.header_rows.1);
        self.sheet
            .print(orientation, Some((grid.header_rows.0, bottom)))?;
        let right = crate::write::paper::sheet::column_number(grid.last_column())?;
        self.sheet
            .0
            .set_print_area(grid.title.office, 0, last, right)?;
        let named = match orientation {
            Orientation::Portrait => 0,
            // A wide table is read by the name of its rows.
            Orientation::Landscape => grid.label.unwrap_or(grid.first_column()) + 1,
        };
        self.sheet.0.set_freeze_panes(
            grid.first_row,
            crate::write::paper::sheet::column_number(named)?,
        )?;
        self.sheet.0.set_screen_gridlines(false);
        Ok(())
    }
}
