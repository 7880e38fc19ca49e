//! Where a cell is: zero-based row and column, written the A1 way.

use std::fmt;
use std::str::FromStr;

/// Number of rows of an Excel worksheet (ECMA-376 limit).
pub const MAX_ROWS: u32 = 1_048_576;
/// Number of columns of an Excel worksheet (ECMA-376 limit).
pub const MAX_COLUMNS: u32 = 16_384;

/// A cell's place in a sheet. Orders row by row, so findings sort the way a person reads.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct CellAddress {
    /// Zero-based row.
    pub row: u32,
    /// Zero-based column.
    pub column: u32,
}

impl CellAddress {
    /// The cell at zero-based `row` and `column`.
    pub const fn new(row: u32, column: u32) -> Self {
        Self { row, column }
    }

    /// Is it in the rectangle with these corners, which belong to it?
    pub fn is_within(self, (first, last): (CellAddress, CellAddress)) -> bool {
        (first.row..=last.row).contains(&self.row)
            && (first.column..=last.column).contains(&self.column)
    }

    /// The letters of this cell's column: 0 is `A`, 26 is `AA`.
    pub fn column_letters(self) -> String {
        column_letters(self.column)
    }
}

/// The letters of a zero-based column: 0 is `A`, 26 is `AA`.
pub fn column_letters(column: u32) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        let digit = (rest - 1) % 26;
        letters.push(char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit as usize]));
        rest = (rest - 1) / 26;
    }
    letters.iter().rev().collect()
}

impl fmt::Display for CellAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.column_letters(), self.row + 1)
    }
}

impl FromStr for CellAddress {
    type Err = String;

    /// Reads `F12` (dollar signs allowed). Errors on anything outside Excel's grid.
    fn from_str(text: &str) -> Result<Self, String> {
        let bad = || format!("`{text}` is not a cell address such as F12");
        let clean: String = text.chars().filter(|c| *c != '$').collect();
        let split = clean.find(|c: char| c.is_ascii_digit()).ok_or_else(bad)?;
        let (letters, digits) = clean.split_at(split);
        if letters.is_empty() || letters.len() > 3 || digits.starts_with('0') {
            return Err(bad());
        }
        let mut column = 0u32;
        for letter in letters.chars() {
            if !letter.is_ascii_alphabetic() {
                return Err(bad());
            }
            column = column * 26 + (u32::from(letter.to_ascii_uppercase()) - u32::from('A') + 1);
        }
        let row: u32 = digits.parse().map_err(|_| bad())?;
        if row > MAX_ROWS || column > MAX_COLUMNS {
            return Err(bad());
        }
        Ok(Self::new(row - 1, column - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn corners_of_the_grid() {
        assert_eq!(CellAddress::new(0, 0).to_string(), "A1");
        assert_eq!(
            CellAddress::new(MAX_ROWS - 1, MAX_COLUMNS - 1).to_string(),
            "XFD1048576"
        );
        assert!("XFE1".parse::<CellAddress>().is_err());
        assert!("A0".parse::<CellAddress>().is_err());
        assert!("A1048577".parse::<CellAddress>().is_err());
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(row in 0..MAX_ROWS, column in 0..MAX_COLUMNS) {
            let address = CellAddress::new(row, column);
            prop_assert_eq!(address.to_string().parse::<CellAddress>(), Ok(address));
        }
    }
}
