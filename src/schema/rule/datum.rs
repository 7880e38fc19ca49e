//! Values inside an evaluation.

use super::exact::Exact;
use super::trouble::Trouble;
use crate::model::Value;

/// Which value it is of those a name means.
pub type Key = (usize, usize);

/// One of the values a name means in a fold.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry<T = Value> {
    /// Where it lies in what the name means: its row, or its place in a range. Entries of two names
    /// belong together if their keys are equal; nothing else is said by it.
    pub key: Key,
    /// The value; `None` for a blank.
    pub value: Option<T>,
}

impl Entry {
    /// Values numbered in their order.
    pub fn numbered(values: impl IntoIterator<Item = Option<Value>>) -> Vec<Entry> {
        let values = values.into_iter().enumerate();
        let entry = |(place, value)| Entry {
            key: (0, place),
            value,
        };
        values.map(entry).collect()
    }
}

/// A value inside an evaluation: figures are exact until the end.
#[derive(Debug, Clone, PartialEq)]
pub enum Datum {
    /// A figure.
    Figure(Exact),
    /// Words, a date, true or false.
    Plain(Value),
}

impl From<Value> for Datum {
    fn from(value: Value) -> Self {
        match value {
            Value::Number(number) => Datum::Figure(number.into()),
            other => Datum::Plain(other),
        }
    }
}

impl std::fmt::Display for Datum {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Datum::Figure(figure) => match figure.to_number() {
                Some(number) => Value::Number(number).fmt(f),
                None => f.write_str("∞"),
            },
            Datum::Plain(value) => value.fmt(f),
        }
    }
}

/// What a part of an expression has for a value.
#[derive(Debug, Clone)]
pub enum Given {
    /// One value; `None` for a blank.
    One(Result<Option<Datum>, Trouble>),
    /// All values a name means in a fold.
    Many(Result<Vec<Entry>, Trouble>),
}

impl Given {
    /// The one value.
    ///
    /// # Errors
    /// There is none.
    pub fn one(self) -> Result<Option<Datum>, Trouble> {
        match self {
            Given::One(value) => value,
            // A fold hands what it takes to a function that takes it; nothing else uses it.
            Given::Many(entries) => entries.and(Err(Trouble::NotAsked)),
        }
    }

    /// All values.
    ///
    /// # Errors
    /// There are none.
    pub(super) fn all(self) -> Result<Vec<Option<Datum>>, Trouble> {
        match self {
            Given::One(value) => Ok(vec![value?]),
            Given::Many(entries) => {
                let values = entries?.into_iter();
                Ok(values.map(|entry| entry.value.map(Datum::from)).collect())
            }
        }
    }

    /// All values with their keys.
    ///
    /// # Errors
    /// It is no name of a fold.
    pub(super) fn entries(self) -> Result<Vec<Entry>, Trouble> {
        match self {
            Given::Many(entries) => entries,
            Given::One(value) => value.and(Err(not_looked_for())),
        }
    }
}

/// Nothing is looked for in a name: the reader of rules refuses such a call.
pub(super) fn not_looked_for() -> Trouble {
    Trouble::broken(
        "SUMIFS, COUNTIF, COUNTIFS viết là COUNTIFS(cột, điều kiện, ...)",
        "SUMIFS, COUNTIF and COUNTIFS are written COUNTIFS(name, wanted, ...)",
    )
}
