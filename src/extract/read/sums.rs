//! What a row that is the sum of others is known by.

use std::ops::Range;

use crate::model::Number;

/// Smaller figures are sums of others by chance.
pub(super) const LARGE: Number = Number::ONE_HUNDRED;

/// The figures of a row in the columns that are added up.
pub(super) type Amounts = Vec<Number>;

/// A row that is the sum of others.
pub(super) struct Sum {
    /// Its place among the rows of the table, from 0.
    pub(super) at: usize,
    /// The rows it adds up.
    pub(super) of: Range<usize>,
    pub(super) figures: Compared,
}

/// What is known of the figures of a sum.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Compared {
    /// They are the sums of those of its rows, in so many columns with a figure other than 0.
    Equal(usize),
    /// They have to be compared.
    NotYet,
}

impl Sum {
    pub(super) fn is_equal(&self) -> bool {
        self.figures != Compared::NotYet
    }
}

/// The figures of two rows, added up; `None` beyond what numbers hold.
pub(super) fn plus(one: &[Number], other: &[Number]) -> Option<Amounts> {
    let pairs = one.iter().zip(other);
    pairs.map(|(one, other)| one.checked_add(*other)).collect()
}

/// The sums of some rows by column; `None` if there are none, or one could not be read.
pub(super) fn added(
    rows: &[Option<Amounts>],
    places: impl IntoIterator<Item = usize>,
) -> Option<Amounts> {
    let mut sums: Option<Amounts> = None;
    for at in places {
        let row = rows[at].as_ref()?;
        sums = Some(match sums {
            None => row.clone(),
            Some(sums) => plus(&sums, row)?,
        });
    }
    sums
}
