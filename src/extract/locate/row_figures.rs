//! Rows that hold figures.

use super::figures::typed_figure;
use super::header::Header;
use crate::extract::grid::Texts;
use crate::model::CellAddress;
use crate::schema::Form;

/// Is there a figure in the row's value columns? In CSV and on pages every figure is a text.
pub(super) fn has_figures(form: &Form, texts: &Texts<'_>, header: &Header, row: u32) -> bool {
    let columns = header.columns.iter().enumerate();
    let typed = |(column, place): (usize, &Option<u32>)| {
        let cell = texts.sheet.cells.get(&CellAddress::new(row, (*place)?))?;
        typed_figure(form, column, cell)
    };
    columns
        .filter(|(column, _)| !form.file.columns[*column].key)
        .any(|column| typed(column).is_some())
}
