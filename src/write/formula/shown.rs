//! What a cell of a table shows: a value, or a live formula that yields it.

use super::live::Live;
use crate::model::{Number, Value};

/// Most arguments a function takes in Excel.
pub const MAX_ARGUMENTS: usize = 250;

/// A cell of the sheet.
#[derive(Debug, Clone, PartialEq)]
pub enum ShownCell {
    Value(Option<Value>),
    Live(Live),
}

impl ShownCell {
    /// Is it a formula?
    pub fn is_live(&self) -> bool {
        matches!(self, ShownCell::Live(_))
    }

    /// The figure it shows.
    pub fn number(&self) -> Option<Number> {
        match self {
            ShownCell::Value(value) => value.as_ref()?.as_number(),
            ShownCell::Live(live) => live.result,
        }
    }
}

/// Sum of those that are figures; `None` if none is.
pub fn add(numbers: impl Iterator<Item = Option<Number>>) -> Option<Number> {
    numbers
        .flatten()
        .try_fold(None::<Number>, |sum, number| match sum {
            None => Some(Some(number)),
            Some(sum) => sum.checked_add(number).map(Some),
        })?
}
