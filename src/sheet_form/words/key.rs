//! What a key of the form language is called in a workbook, and what it takes.

/// What a key takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Words as they are.
    Text,
    /// Several texts, one a line.
    Texts,
    /// The header or label of a column or row; spanning headers before it, parted by ›.
    Label,
    /// A whole number that is not below zero.
    Whole,
    /// Yes or no.
    Flag,
    /// One of a few words.
    Word(&'static [Word]),
    /// An id.
    Id,
    /// Ids that are those of columns.
    Columns,
    /// Ids of rules.
    Rules,
    /// Codes of units or kinds.
    Codes,
    /// A period.
    Period,
    /// A day, written day first or year first.
    Day,
    /// A figure, exact.
    Figure,
    /// An expression over columns or rows.
    Expression,
    /// Lines `key = value` in the form language.
    Other,
    /// Not read: for people only.
    Aside,
    /// Read by the sheet itself, not as one key.
    Own,
}

/// A choice of the form language, and its word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Word {
    /// In the form language.
    pub value: &'static str,
    /// In a workbook.
    pub says: &'static str,
    /// Other words for it, as [`crate::text::fold`] leaves them.
    pub also: &'static [&'static str],
}

/// A key of the form language.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// Its path from the table it stands in; empty if it is none of the form language.
    pub path: &'static str,
    /// Its heading.
    pub heading: &'static str,
    /// Other headings for it, as [`crate::text::fold`] leaves them.
    pub also: &'static [&'static str],
    /// What it takes.
    pub kind: Kind,
    /// What it says, for people.
    pub help: &'static str,
}

/// Heading of the column of keys that have no column of their own.
pub const OTHER: &str = "Khác";

/// Sheet of columns, rows and settings.
pub const FIELDS_SHEET: &str = "Chỉ tiêu";
/// Sheet of rules.
pub const RULES_SHEET: &str = "Quy tắc";
/// Sheet of examples.
pub const EXAMPLES_SHEET: &str = "Ví dụ";

pub(super) const fn word(
    value: &'static str,
    says: &'static str,
    also: &'static [&'static str],
) -> Word {
    Word { value, says, also }
}

pub(super) const fn key(
    path: &'static str,
    heading: &'static str,
    also: &'static [&'static str],
    kind: Kind,
    help: &'static str,
) -> Key {
    Key {
        path,
        heading,
        also,
        kind,
        help,
    }
}
