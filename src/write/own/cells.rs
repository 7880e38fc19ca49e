//! The cells of a sheet as the package holds them, taken apart into rows and cells and put together
//! again.

use std::collections::BTreeMap;

use super::ranked::items;
use crate::model::CellAddress;
use crate::package::PackageProblem;
use crate::package::edit::{Element, with_attribute};
use crate::package::xml::escape;

/// The rows of a sheet by their numbers, from 0.
#[derive(Default)]
pub(super) struct Cells(pub(super) BTreeMap<u32, Row>);

/// A row: its tag, open, and its cells by column, from 0.
pub(super) struct Row {
    pub(super) tag: String,
    pub(super) cells: BTreeMap<u32, String>,
}

impl Cells {
    /// Takes the cells of a sheet apart.
    ///
    /// # Errors
    /// The part is no well-formed XML, or has cells without a place.
    pub(super) fn read(data: Option<&str>) -> Result<Self, PackageProblem> {
        let mut cells = Cells::default();
        let mut next = 0;
        for row in items(data)? {
            let root = Element::read(&row)?;
            let number = root.attribute(&row, "r");
            let number = number.and_then(|number| number.parse::<u32>().ok()?.checked_sub(1));
            let number = number.unwrap_or(next);
            next = number + 1;
            let tag = row[root.open.clone()].trim_end_matches('>');
            // Says which columns it has cells in, which will be others.
            let tag = with_attribute(&format!("{}>", tag.trim_end_matches('/')), "spans", "");
            let mut entry = Row {
                tag: tag.replace(" spans=\"\"", ""),
                cells: BTreeMap::new(),
            };
            for cell in &root.children {
                let text = row[cell.outer.clone()].to_owned();
                let place = cell.attribute(&row, "r");
                let place = place.and_then(|place| place.parse::<CellAddress>().ok());
                let after = entry.cells.last_key_value().map_or(0, |(last, _)| last + 1);
                entry
                    .cells
                    .insert(place.map_or(after, |place| place.column), text);
            }
            cells.0.insert(number, entry);
        }
        Ok(cells)
    }

    /// The row of a number, made if there is none.
    pub(super) fn row(&mut self, number: u32) -> &mut Row {
        self.0.entry(number).or_insert_with(|| Row {
            tag: format!("<row r=\"{}\">", number + 1),
            cells: BTreeMap::new(),
        })
    }

    /// The text of all of it.
    pub(super) fn finish(self) -> String {
        let rows = self.0.into_values().map(|row| {
            let cells: String = row.cells.into_values().collect();
            format!("{}{cells}</row>", row.tag)
        });
        format!("<sheetData>{}</sheetData>", rows.collect::<String>())
    }
}

impl Row {
    /// The format (index, from 0) of its cells that do not say their own, if it has one.
    pub(super) fn format(&self) -> Option<usize> {
        let root = Element::read(&format!("{}</row>", self.tag)).ok()?;
        let format = root.attribute(&self.tag, "s")?.parse().ok()?;
        let own = root.attribute(&self.tag, "customFormat");
        own.is_some_and(|own| own == "1" || own == "true")
            .then_some(format)
    }
}

/// The format (index, from 0) that a cell says it has; 0 if it says none.
pub(super) fn format_of(cell: &str) -> usize {
    let root = Element::read(cell).ok();
    let format = root.and_then(|root| root.attribute(cell, "s")?.parse().ok());
    format.unwrap_or_default()
}

/// A cell with another format.
pub(super) fn with_format(cell: &str, format: usize) -> String {
    let end = cell.find('>').map_or(cell.len(), |end| end + 1);
    let (tag, rest) = cell.split_at(end);
    format!("{}{rest}", with_attribute(tag, "s", &format.to_string()))
}

/// Does a cell hold a formula?
pub(super) fn has_formula(cell: &str) -> bool {
    Element::read(cell).is_ok_and(|root| root.child("f").is_some())
}

/// Does a cell hold a figure?
pub(super) fn has_figure(cell: &str) -> bool {
    let Ok(root) = Element::read(cell) else {
        return false;
    };
    let kind = root.attribute(cell, "t");
    kind.is_none_or(|kind| kind == "n") && root.child("v").is_some()
}

/// A cell that holds a text, as the package writes it.
pub(super) fn text_cell(at: CellAddress, format: usize, text: &str) -> String {
    let text = escape(text);
    format!(
        "<c r=\"{at}\" s=\"{format}\" t=\"inlineStr\"><is><t xml:space=\"preserve\">{text}</t></is></c>"
    )
}
