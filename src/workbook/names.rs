//! Defined names that refer to one range of cells: the template's own anchors, which Excel moves
//! along when rows and columns are inserted.

use std::sync::Arc;

use crate::model::CellAddress;

/// A name and the cells it refers to; both corners belong to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinedName {
    /// The name, as written in the file.
    pub name: String,
    /// Sheet of the cells.
    pub sheet: Arc<str>,
    /// Top left cell.
    pub first: CellAddress,
    /// Bottom right cell.
    pub last: CellAddress,
}

impl DefinedName {
    /// The name behind `'Tên trang'!$C$12` or `TTHC!$C$12:$C$20`; `None` for anything that is no
    /// plain range (a formula, a constant, `#REF!`).
    pub fn parse(name: &str, refers_to: &str) -> Option<DefinedName> {
        let (sheet, range) = refers_to.trim_start_matches('=').rsplit_once('!')?;
        let sheet = match sheet.strip_prefix('\'') {
            Some(quoted) => quoted.strip_suffix('\'')?.replace("''", "'"),
            None => sheet.to_owned(),
        };
        let (first, last) = range.split_once(':').unwrap_or((range, range));
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        Some(DefinedName {
            name: name.to_owned(),
            sheet: sheet.into(),
            first,
            last,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_and_the_rest_is_left() {
        let parse = |refers_to: &str| DefinedName::parse("th_a", refers_to);
        let one = parse("'Biểu ''A'''!$C$12").unwrap();
        assert_eq!(
            (&*one.sheet, one.first, one.last),
            ("Biểu 'A'", one.first, one.first)
        );
        assert_eq!(one.first.to_string(), "C12");
        assert_eq!(parse("TTHC!$C$12:$C$20").unwrap().last.to_string(), "C20");
        assert_eq!(parse("#REF!"), None);
        assert_eq!(parse("TTHC!#REF!"), None);
        assert_eq!(parse("3259"), None);
    }
}
