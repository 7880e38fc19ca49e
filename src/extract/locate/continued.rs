//! Headers repeated for another printed page, below which one table goes on.

use super::header::Header;
use super::rows::{SumLabel, fixed, has_values, sum_label};
use crate::extract::grid::Texts;
use crate::schema::Form;

/// Does the table below a header go on below one further down? `last`: the last row of the sheet (from
/// 0) that may belong to it.
pub(super) fn is_continued(
    form: &Form,
    texts: &Texts<'_>,
    first: &Header,
    again: &Header,
    last: u32,
) -> bool {
    // Of a header of several rows only one may have been repeated.
    let mut columns = first.columns.iter().zip(&again.columns);
    let same = columns.all(|(first, again)| again.is_none() || again == first);
    let below = first.data <= again.top;
    same && below
        && !form.names_above()
        && match form.is_free() {
            true => list_goes_on(form, texts, first, again),
            false => rows_go_on(form, texts, first, again, last),
        }
}

/// A list goes on as long as its total row has not come; where it has none, as long as its rows reach
/// down to the second header.
fn list_goes_on(form: &Form, texts: &Texts<'_>, first: &Header, again: &Header) -> bool {
    let ends = |row| sum_label(form, texts, first, row) == Some(SumLabel::Total);
    let reaches = || {
        let above = again.top.checked_sub(1).filter(|row| *row >= first.data);
        above.is_some_and(|row| has_values(form, texts, first, row))
    };
    match form.keys.total {
        Some(_) => !(first.data..again.top).any(ends),
        None => reaches(),
    }
}

/// Rows of the form go on where those below the second header are others than those above it.
fn rows_go_on(form: &Form, texts: &Texts<'_>, first: &Header, again: &Header, last: u32) -> bool {
    let Some(end) = again.top.checked_sub(1) else {
        return false;
    };
    let above = fixed(form, texts, first, end);
    let below = fixed(form, texts, again, last);
    let has_some = |rows: &[Option<u32>]| rows.iter().any(Option::is_some);
    let twice = above
        .iter()
        .zip(&below)
        .any(|(a, b)| a.is_some() && b.is_some());
    has_some(&above) && has_some(&below) && !twice
}
