//! Figures and words that the office has stored in the table of its own template: they are no answer
//! of the unit, and the locked ones not its to change.

use crate::text::normalise;
use crate::workbook::Content;

/// A cell of a table that a template has filled before it was sent.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Given {
    /// Id of the fixed row, or the name (normalised) of a row that units add.
    pub row: String,
    /// Id of the column.
    pub column: String,
    /// What it says, as [`said`] gives it.
    pub says: String,
}

impl Given {
    /// The row and the column.
    pub fn place(&self) -> (&str, &str) {
        (&self.row, &self.column)
    }
}

/// What a cell says, so that two can be compared; `None` if nothing.
pub fn said(content: &Content) -> Option<String> {
    let says = match content {
        Content::Number(number) => number.to_string(),
        Content::Date(moment) => moment.to_string(),
        Content::Bool(flag) => flag.to_string(),
        Content::Text(text) => normalise(text),
        Content::Error(code) => code.clone(),
        // A result that is not stored says nothing.
        Content::Uncached | Content::EmptyText => return None,
    };
    Some(says).filter(|says| !says.is_empty())
}
