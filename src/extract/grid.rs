//! The texts of a sheet as comparison keys, and the alignment of two ordered lists.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use crate::model::CellAddress;
use crate::text::label_key;
use crate::workbook::{Content, Sheet};

/// Longest text, in bytes, that may still be a label or a heading; the longest in use have some
/// 300.
pub const LONGEST_LABEL: usize = 2_000;

/// A sheet with its texts normalised once.
pub struct Texts<'a> {
    /// The sheet.
    pub sheet: &'a Sheet,
    keys: HashMap<CellAddress, Rc<str>>,
}

impl<'a> Texts<'a> {
    /// Normalises every text of a sheet.
    pub fn new(sheet: &'a Sheet) -> Self {
        // A text that many cells share is normalised once.
        let mut known: HashMap<*const str, Rc<str>> = HashMap::new();
        let mut key = |text: &Arc<str>| {
            let key = known.entry(Arc::as_ptr(text));
            key.or_insert_with(|| label_key(text).into()).clone()
        };
        let keys = sheet
            .cells
            .iter()
            .filter_map(|(address, cell)| match &cell.content {
                Content::Text(text) if text.len() <= LONGEST_LABEL => Some((*address, key(text))),
                _ => None,
            });
        Texts {
            sheet,
            keys: keys.collect(),
        }
    }

    /// The same texts without their marks.
    pub fn folded(&self) -> Texts<'a> {
        let keys = self.keys.iter();
        Texts {
            sheet: self.sheet,
            keys: keys
                .map(|(at, key)| (*at, crate::text::fold(key).into()))
                .collect(),
        }
    }

    /// Every text cell with its key.
    pub fn keys(&self) -> impl Iterator<Item = (CellAddress, &str)> {
        self.keys.iter().map(|(address, key)| (*address, &**key))
    }

    /// The key of the cell itself; row and column from 0.
    pub fn own(&self, row: u32, column: u32) -> Option<&str> {
        self.keys
            .get(&CellAddress::new(row, column))
            .map(|key| &**key)
            .filter(|key| !key.is_empty())
    }

    /// The key of a cell (row and column from 0), or of the merged range it lies in.
    pub fn effective(&self, row: u32, column: u32) -> Option<&str> {
        let address = CellAddress::new(row, column);
        let first = self
            .sheet
            .merge_at(address)
            .map_or(address, |merge| merge.first);
        self.own(first.row, first.column)
    }

    /// The nearest text to the left of a cell (from 0) in the same row: a spanning header whose
    /// merge was undone.
    pub fn left_of(&self, row: u32, column: u32) -> Option<&str> {
        (0..column).rev().take(16).find_map(|c| self.own(row, c))
    }

    /// The mark of a column in a row of column numbers, as an ascending sequence: the letters A, B,
    /// C... of the text columns, then a, b, c..., then the numbers 1, 2, 3, 3a, 3b...
    pub fn column_mark(&self, row: u32, column: u32) -> Option<u32> {
        let numbered = |number: u32, letter: u32| {
            let whole = number.checked_mul(LETTERS + 1)?;
            whole.checked_add(2 * LETTERS + letter)
        };
        if let Some(number) = self.column_number(row, column) {
            return numbered(number, 0);
        }
        let text = self.sheet.text_at(CellAddress::new(row, column))?;
        let bare = text.trim().trim_start_matches('(');
        // "(c)=(a)+(b)" is c with the column's rule behind it.
        let bare = bare.split(['=', ')']).next().unwrap_or(bare).trim();
        // Over the labels some forms print "MS" (mã số) in place of a letter.
        if bare == "MS" {
            return Some(0);
        }
        let mut characters = bare.chars();
        match (characters.next(), characters.next()) {
            (Some(letter @ 'A'..='Z'), None) => Some(u32::from(letter) - u32::from('A')),
            (Some(letter @ 'a'..='z'), None) => Some(LETTERS + u32::from(letter) - u32::from('a')),
            _ => {
                let number = bare.strip_suffix(|c: char| c.is_ascii_lowercase())?;
                let letter = u32::from(bare.chars().next_back()?) - u32::from('a') + 1;
                numbered(number.parse().ok()?, letter)
            }
        }
    }

    /// The number of a column-numbering cell: "(3)", "3" or the figure 3.
    pub fn column_number(&self, row: u32, column: u32) -> Option<u32> {
        match &self
            .sheet
            .cells
            .get(&CellAddress::new(row, column))?
            .content
        {
            Content::Number(number) if number.fract() == 0.0 && (1.0..200.0).contains(number) => {
                number.to_string().parse().ok()
            }
            Content::Text(text) => {
                let bare = text
                    .trim()
                    .trim_start_matches('(')
                    .trim_end_matches(')')
                    .trim();
                // "(3)=(4)+(5)" is number 3 with the column's rule behind it.
                let bare = bare.split(['=', ')']).next().unwrap_or(bare).trim();
                bare.parse().ok()
            }
            _ => None,
        }
    }
}

/// Letters that number columns.
const LETTERS: u32 = 26;

/// [`Texts::column_mark`] of the number 1.
pub const FIRST_NUMBER: u32 = 3 * LETTERS + 1;

/// Pairs the items of two ordered lists so that the sum of `score` is largest and order is kept.
/// Returns the sum and the pairs with a score above 0.
pub fn best_alignment(
    left: usize,
    right: usize,
    score: impl Fn(usize, usize) -> u32,
) -> (u32, Vec<(usize, usize)>) {
    let mut best = vec![vec![0u32; right + 1]; left + 1];
    let mut scores = vec![vec![0u32; right]; left];
    for i in (0..left).rev() {
        for j in (0..right).rev() {
            scores[i][j] = score(i, j);
            let paired = if scores[i][j] > 0 {
                scores[i][j] + best[i + 1][j + 1]
            } else {
                0
            };
            best[i][j] = paired.max(best[i + 1][j]).max(best[i][j + 1]);
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < left && j < right {
        if scores[i][j] > 0 && best[i][j] == scores[i][j] + best[i + 1][j + 1] {
            pairs.push((i, j));
            i += 1;
            j += 1;
        } else if best[i][j] == best[i + 1][j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    (best[0][0], pairs)
}

#[cfg(test)]
mod tests {
    use super::best_alignment;

    #[test]
    fn repeated_labels_are_told_apart_by_their_order() {
        let form = ["tong", "a", "tong", "b"];
        let sheet = ["x", "tong", "a", "b"];
        let (score, pairs) = best_alignment(4, 4, |i, j| u32::from(form[i] == sheet[j]));
        assert_eq!((score, pairs), (3, vec![(0, 1), (1, 2), (3, 3)]));
    }
}
