//! Cells of a form workbook as a reader of forms takes them.

use std::sync::Arc;

use chrono::NaiveDate;

use super::formula::without_value;
use super::told::Told;
use crate::model::{CellAddress, Message, Place};
use crate::text::fold;
use crate::workbook::{Content, Sheet};

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Shape {
    /// Words.
    Words,
    /// A number.
    Number(f64),
    /// A day.
    Day(NaiveDate),
    /// TRUE or FALSE.
    Flag(bool),
}

/// A cell in which something is written.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) place: Place,
    /// What is read there: words as typed, numbers by their digits, days as 2025-09-30.
    pub(super) text: String,
    pub(super) shape: Shape,
    /// The formula behind it, without `=`.
    pub(super) formula: Option<String>,
    /// Why nobody knows its value, of a cell with a formula.
    unknown: Option<Message>,
}

impl Entry {
    /// The words without spaces around them.
    pub(super) fn trimmed(&self) -> &str {
        self.text.trim()
    }

    /// Refuses a cell of which only the formula is known.
    ///
    /// # Errors
    /// The value of its formula is not known.
    pub(super) fn known(&self) -> Result<(), Message> {
        self.unknown.clone().map_or(Ok(()), Err)
    }

    /// The words as they are compared.
    pub(super) fn folded(&self) -> String {
        fold(&self.text)
    }
}

/// A place of a sheet.
pub(super) fn place(sheet: &Arc<str>, row: u32, column: u32) -> Place {
    Place {
        sheet: sheet.clone(),
        cell: CellAddress::new(row, column),
    }
}

/// What is written in a cell; `None` if it is blank or has only spaces.
pub(super) fn entry(sheet: &Sheet, at: CellAddress, told: &mut Told) -> Option<Entry> {
    let cell = sheet.cell(at)?;
    let place = place(&sheet.name, at.row, at.column);
    let formula = cell.formula.clone().filter(|formula| !formula.is_empty());
    let unknown = without_value(cell);
    let (text, shape) = match &cell.content {
        Content::Text(text) => (text.to_string(), Shape::Words),
        Content::Number(number) => (digits(*number), Shape::Number(*number)),
        Content::Date(moment) => (moment.date().to_string(), Shape::Day(moment.date())),
        Content::Bool(flag) => (flag.to_string(), Shape::Flag(*flag)),
        Content::EmptyText => return None,
        Content::Uncached if formula.is_none() => return None,
        // A rule typed as a formula: what it says counts, not what Excel makes of it.
        Content::Uncached => (String::new(), Shape::Words),
        Content::Error(_) if formula.is_some() => (String::new(), Shape::Words),
        Content::Error(_) => {
            if let Some(why) = unknown {
                told.error(&place, why);
            }
            return None;
        }
    };
    if text.trim().is_empty() && formula.is_none() {
        return None;
    }
    Some(Entry {
        place,
        text,
        shape,
        formula,
        unknown,
    })
}

/// A number as a person would type it.
fn digits(number: f64) -> String {
    match number.fract() == 0.0 && number.abs() < 1e15 {
        true => format!("{number:.0}"),
        false => number.to_string(),
    }
}
