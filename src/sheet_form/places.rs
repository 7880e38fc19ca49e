//! Where the sheets of a campaign have what changes with its period.

use super::campaign::known_line;
use super::cells::{Shape, place};
use super::lines::Lines;
use super::told::Told;
use super::words::campaign::{CAMPAIGN, CAMPAIGN_SHEET, TABLES, VALUE, WHAT};
use crate::model::Place;
use crate::workbook::Workbook;

/// The cell of a value on the sheet «Đợt».
#[derive(Debug, Clone)]
pub struct ValueCell {
    /// The key of the campaign file it gives; empty for lines `key = value`.
    pub path: &'static str,
    /// Where.
    pub place: Place,
    /// The words in it; none if it is blank.
    pub text: String,
    /// Is it a day?
    pub is_day: bool,
}

/// The cells of the values on the sheet «Đợt», blank ones among them.
pub fn value_cells(workbook: &Workbook) -> Vec<ValueCell> {
    let Some(lines) = own(workbook) else {
        return Vec::new();
    };
    let all = lines.read(&mut Told::default());
    let cells = all.iter().filter_map(|line| {
        let key = known_line(line.get(WHAT)?)?;
        let value = line.get(VALUE);
        Some(ValueCell {
            path: key.path,
            place: line.place(VALUE),
            text: value.map_or_else(String::new, |value| value.text.clone()),
            is_day: value.is_some_and(|value| matches!(value.shape, Shape::Day(_))),
        })
    });
    cells.collect()
}

/// The cells of a line that can be added below the others of the sheet «Đợt»: what it gives, and its
/// value.
pub fn new_line(workbook: &Workbook) -> Option<(Place, Place)> {
    let lines = own(workbook)?;
    let last = lines.sheet.cells.keys().map(|at| at.row).max()?;
    let below = |name: &str| {
        let heading = lines.heading_place(name);
        place(&lines.sheet.name, last + 1, heading.cell.column)
    };
    Some((below(WHAT), below(VALUE)))
}

/// Every cell that is not blank in the lines of a list, by the name of its table.
pub fn list_cells(workbook: &Workbook, table: &str) -> Vec<Place> {
    let of = TABLES.iter().find(|of| of.table == table);
    let sheet = of.and_then(|of| Some((workbook.sheet_named(of.name)?, of)));
    let lines =
        sheet.and_then(|(sheet, of)| Lines::find(sheet, of.keys, of.needed, &mut Told::default()));
    let Some(lines) = lines else {
        return Vec::new();
    };
    let cells = lines.sheet.cells.keys().filter(|at| at.row > lines.heading);
    let name = &lines.sheet.name;
    cells.map(|at| place(name, at.row, at.column)).collect()
}

fn own(workbook: &Workbook) -> Option<Lines<'_>> {
    let sheet = workbook.sheet_named(CAMPAIGN_SHEET)?;
    Lines::find(sheet, CAMPAIGN, &[WHAT, VALUE], &mut Told::default())
}
