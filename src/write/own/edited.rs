//! Somebody's workbook with a few cells changed; everything else in it stays as it was.

use super::OwnWorkbook;
use super::book::Book;
use super::cells::{Cells, format_of, text_cell};
use super::ranked::Ranked;
use super::{about, not_kept, open};
use crate::model::{CellAddress, Place};
use crate::package::{PackageCopy, PackageProblem};
use crate::workbook::Limits;
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::serial;
use crate::write::worksheet::CHILDREN;

/// What is written into a cell, in the look it has.
#[derive(Debug, Clone, PartialEq)]
pub enum NewCell {
    /// Nothing.
    Blank,
    /// Words.
    Text(String),
    /// A day, where there was one before.
    Day(chrono::NaiveDate),
}

/// The workbook with these cells changed.
///
/// # Errors
/// The workbook cannot be read or changed.
pub fn edited_bytes(
    own: OwnWorkbook<'_>,
    changes: &[(Place, NewCell)],
) -> Result<Vec<u8>, WriteError> {
    let opened = open(own, &Limits::default());
    let edited = opened.and_then(|(package, book)| edit(package, &book, changes));
    edited.map_err(|problem| about(own, not_kept(&problem)))
}

fn edit(
    mut package: PackageCopy<'_>,
    book: &Book,
    changes: &[(Place, NewCell)],
) -> Result<Vec<u8>, PackageProblem> {
    for entry in &book.sheets {
        let own = changes
            .iter()
            .filter(|(place, _)| *place.sheet == *entry.name);
        let own: Vec<&(Place, NewCell)> = own.collect();
        if own.is_empty() {
            continue;
        }
        let mut sheet = Ranked::read(&package.needed(&entry.part)?, &CHILDREN)?;
        let mut cells = Cells::read(sheet.get("sheetData"))?;
        for (place, new) in own {
            let row = cells.row(place.cell.row);
            let old = row.cells.get(&place.cell.column);
            let format = old.map_or(0, |old| format_of(old));
            let cell = written(place.cell, format, new);
            row.cells.insert(place.cell.column, cell);
        }
        sheet.put("sheetData", cells.finish());
        // What it says of the cells it has may be no longer so.
        sheet.remove("dimension");
        package.set(&entry.part, sheet.finish());
    }
    // Which cells to compute in which order is found out anew.
    if let Some((part, id)) = book.related("calcChain") {
        package.remove(part)?;
        package.unrelate(&book.part, id)?;
    }
    package.finish()
}

fn written(at: CellAddress, format: usize, new: &NewCell) -> String {
    match new {
        NewCell::Blank => format!("<c r=\"{at}\" s=\"{format}\"/>"),
        NewCell::Text(text) => text_cell(at, format, text),
        NewCell::Day(day) => {
            let number = serial(day.and_time(chrono::NaiveTime::MIN));
            format!("<c r=\"{at}\" s=\"{format}\"><v>{number}</v></c>")
        }
    }
}
