//! A form of which every column header was renamed, while its title and its rows are there.

use std::collections::BTreeSet;

use crate::extract::explanations::is_result_sheet;
use crate::extract::grid::Texts;
use crate::model::CellAddress;
use crate::model::template_names::is_own_sheet;
use crate::schema::Form;
use crate::text::label_key;
use crate::workbook::{Content, Workbook};

/// The sheet (from 0) and a cell of a form's table by what is left of it: its title, and below that at least half of its
/// row labels, or figures where it has no rows of its own.
pub(super) fn without_headers(
    workbook: &Workbook,
    form: &Form,
    others: &BTreeSet<usize>,
) -> Option<(usize, CellAddress)> {
    let title = label_key(&form.file.title);
    let rows = form.keys.of_rows();
    let sheets = workbook.sheets.iter().enumerate();
    let read = sheets.filter(|(at, sheet)| {
        !others.contains(at) && !is_own_sheet(&sheet.name) && !is_result_sheet(sheet)
    });
    let place = |(sheet, of)| {
        let texts = Texts::new(of);
        let mut keys = texts.keys();
        let (at, _) = keys.find(|(_, key)| *key == title)?;
        let below = |cell: &CellAddress| cell.row > at.row;
        let labels = texts.keys();
        let labels = labels.filter(|(cell, key)| below(cell) && rows.contains(key));
        let labels: BTreeSet<(CellAddress, &str)> = labels.collect();
        let found: BTreeSet<&str> = labels.iter().map(|(_, key)| *key).collect();
        let figures = of.cells.iter();
        let mut figures = figures.filter(|(_, cell)| matches!(cell.content, Content::Number(_)));
        let is_there = match form.is_free() {
            true => figures.any(|(cell, _)| below(cell)),
            false => found.len() * 2 >= form.keys.rows.len(),
        };
        let first = labels.first().map(|(cell, _)| *cell);
        is_there.then_some((sheet, first.unwrap_or(at)))
    };
    read.into_iter().find_map(place)
}
