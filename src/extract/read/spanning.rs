//! The header of a located table, cell by cell, and the texts in it that span several columns.

use std::collections::BTreeSet;

use super::context::ReadContext;
use crate::model::CellAddress;

/// A text over a column that is not the one the form has there.
pub(super) struct ForeignSpan {
    /// Column of the form, from 0.
    pub(super) column: usize,
    /// The form's text, as printed.
    pub(super) wanted: String,
    /// The cell that holds the other text; of a merged range the first.
    pub(super) at: CellAddress,
}

/// The cells with texts over a sheet column (from 0), top to bottom, each with its comparison key.
pub(super) fn header_cells<'a>(
    context: &'a ReadContext<'_>,
    column: u32,
) -> Vec<(CellAddress, &'a str)> {
    let rows = context.located.header.top..context.located.header.data;
    let mut cells: Vec<(CellAddress, &str)> = Vec::new();
    for row in rows {
        let Some(key) = context.texts.effective(row, column) else {
            continue;
        };
        let at = first_of(context, CellAddress::new(row, column));
        if cells.last().is_none_or(|(last, _)| *last != at) {
            cells.push((at, key));
        }
    }
    cells
}

/// The first cell of the merged range that covers a cell, or the cell itself.
pub(super) fn first_of(context: &ReadContext<'_>, at: CellAddress) -> CellAddress {
    context.sheet.merge_at(at).map_or(at, |merge| merge.first)
}

/// Texts that span columns of the form in place of the form's own. A header whose spanning texts
/// are gone altogether says nothing else, and is not reported.
pub(super) fn foreign_spans(context: &ReadContext<'_>) -> Vec<ForeignSpan> {
    let mut found: Vec<ForeignSpan> = Vec::new();
    let mut seen: BTreeSet<CellAddress> = BTreeSet::new();
    for (column, place) in context.located.header.columns.iter().enumerate() {
        let Some(place) = *place else { continue };
        for (wanted, at) in foreign_over(context, column, place) {
            if seen.insert(at) {
                found.push(ForeignSpan { column, wanted, at });
            }
        }
    }
    found
}

/// The form's spanning texts that are not above a column, each with the cell of another text there.
fn foreign_over(
    context: &ReadContext<'_>,
    column: usize,
    place: u32,
) -> Vec<(String, CellAddress)> {
    let (own, spanning) = &context.form.keys.columns[column];
    let cells = header_cells(context, place);
    let words = |key: &str| key.chars().any(char::is_alphabetic);
    let is_own = |key: &str| own.iter().any(|label| label == key);
    // The column's own text is the lowest one; where it was retyped that is reported elsewhere.
    let leaf = cells.iter().rposition(|(_, key)| is_own(key));
    let Some(leaf) = leaf.or_else(|| cells.iter().rposition(|(_, key)| words(key))) else {
        return Vec::new();
    };
    let leaf_row = cells[leaf].0.row;
    // A spanning text whose merged range was undone is over the first of its columns only.
    let is_over = |wanted: &String| {
        (context.located.header.top..leaf_row).any(|row| {
            let there = context.texts.effective(row, place);
            there.or_else(|| context.texts.left_of(row, place)) == Some(wanted)
        })
    };
    let texts = context.form.file.columns[column].label.path();
    let missing = spanning.iter().zip(texts);
    let missing = missing.filter(|(key, _)| !is_over(key));
    let others = cells[..leaf]
        .iter()
        .filter(|(_, key)| words(key) && !is_own(key) && !spanning.iter().any(|one| one == key));
    missing
        .zip(others)
        .map(|((_, text), (at, _))| (text.clone(), *at))
        .collect()
}
