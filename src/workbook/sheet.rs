//! Sheets of cells, the same for every file format.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDateTime;

use super::number_format::{FormatSection, section_of};
use super::runs::Runs;
use super::seen;
use super::{DefinedName, Format, Merge, Merges};
use crate::model::CellAddress;
use crate::model::value::number_from_f64;
use crate::schema::calculation::Held;
use crate::text::fold;
use crate::text::legacy::OldFont;

/// A spreadsheet file as it was received.
#[derive(Debug, Clone, PartialEq)]
pub struct Workbook {
    /// Worksheets in the order of their tabs; chart sheets are left out.
    pub sheets: Vec<Sheet>,
    /// When the program that wrote it says it was last saved, as written there (RFC 3339).
    pub saved_at: Option<String>,
    /// What kind of file it is.
    pub format: Format,
    /// Does it carry macros? They are never run.
    pub has_macros: bool,
    /// Names that refer to a range of cells.
    pub names: Vec<DefinedName>,
}

impl Workbook {
    /// The first sheet of a name, however its case, accents and spaces are written.
    pub fn sheet_named(&self, name: &str) -> Option<&Sheet> {
        let name = fold(name);
        self.sheets.iter().find(|sheet| fold(&sheet.name) == name)
    }
}

/// One worksheet: only cells that hold something are stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// The name on the tab, as written in the file.
    pub name: Arc<str>,
    /// Can the reader of the file see it?
    pub visibility: Visibility,
    /// Cells that hold something, row by row.
    pub cells: BTreeMap<CellAddress, Cell>,
    /// Merged ranges of two cells or more.
    pub merges: Merges,
    /// Zero-based rows that are hidden, by hand or by a filter.
    pub hidden_rows: BTreeSet<u32>,
    /// Zero-based columns that are hidden.
    pub hidden_columns: BTreeSet<u32>,
    /// Footnote marks that were raised in a text; the cell holds the text without them.
    pub marks: BTreeMap<CellAddress, Arc<str>>,
    /// Cells typed in fonts from before Unicode.
    pub old_fonts: OldFonts,
    /// Cells of which some or all is struck out.
    pub struck: BTreeMap<CellAddress, Struck>,
    /// Texts of more than one look, until [`super::letters`] has read them.
    pub(super) runs: BTreeMap<CellAddress, Runs>,
}

/// Characters kept of a sheet's name; Excel allows 31.
const LONGEST_NAME: usize = 100;

/// Cells typed in fonts from before Unicode.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OldFonts {
    /// The cell holds the text in Unicode.
    pub read: BTreeMap<CellAddress, OldFont>,
    /// The text makes no sense as a whole: the cell holds it as it is stored.
    pub unread: BTreeMap<CellAddress, OldFont>,
}

/// What of a cell is struck out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Struck {
    /// All of it.
    Whole,
    /// Some of a text: what is struck out, and what is left.
    Part {
        /// The letters that are struck out.
        out: Arc<str>,
        /// The letters that are not.
        left: Arc<str>,
    },
}

/// Can the reader of the file see a sheet?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// Yes.
    Visible,
    /// No, but the menu can show it.
    Hidden,
    /// No, and only a macro can show it.
    VeryHidden,
}

/// A cell that holds something.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// What it shows, or would show.
    pub content: Content,
    /// The formula behind it, without `=`; empty if there is one that the file does not spell out.
    pub formula: Option<String>,
    /// How it is shown; shared between cells.
    pub style: Option<Arc<CellStyle>>,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A number, as the double it is stored in.
    Number(f64),
    /// Text, as typed: nothing trimmed or repaired.
    Text(Arc<str>),
    /// TRUE or FALSE.
    Bool(bool),
    /// A number shown as a date or a time of day.
    Date(NaiveDateTime),
    /// `#DIV/0!` and its like.
    Error(String),
    /// A formula that no program has computed yet.
    Uncached,
    /// A formula whose result is the empty text.
    EmptyText,
}

impl Content {
    /// What formulas that read the cell find there; `None` if that cannot be said.
    pub fn held(&self) -> Option<Held> {
        Some(match self {
            Content::Number(number) => Held::Number(*number),
            Content::Text(text) => Held::Text(text.to_string()),
            Content::EmptyText => Held::Text(String::new()),
            Content::Bool(flag) => Held::Flag(*flag),
            Content::Error(_) => Held::Error,
            Content::Date(_) | Content::Uncached => return None,
        })
    }
}

/// The little of a cell's looks that changes what it means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CellStyle {
    /// Number format such as `0.00%` or `@`; `None` for General.
    pub number_format: Option<String>,
    /// Font name: `.VnTime` distinguishes TCVN3 text from Unicode.
    pub font: Option<String>,
    /// Is it struck out?
    pub struck: bool,
    /// Are its letters of the colour of the cell, white on white, say? Known of `.xlsx` only.
    pub unseen: bool,
}

impl CellStyle {
    /// What a person sees of a figure in this cell.
    pub fn shown(&self, figure: f64) -> FormatSection {
        section_of(self.number_format.as_deref().unwrap_or("General"), figure)
    }
}

impl Cell {
    /// What a person sees of a number or a moment where words are asked: «50%», «09/2025»; nothing
    /// where the file leaves that to the program that shows it.
    pub fn seen(&self) -> Option<String> {
        let format = self.style.as_ref()?.number_format.as_deref()?;
        match &self.content {
            Content::Number(double) => seen::number(format, *double, number_from_f64(*double)?),
            Content::Date(moment) => seen::moment(format, *moment),
            _ => None,
        }
    }

    /// The month, as «09/2025», that a moment shows where its day is left out: «Tháng 9 năm 2025»,
    /// «Sep-25».
    pub fn seen_month(&self) -> Option<String> {
        let format = self.style.as_ref()?.number_format.as_deref()?;
        match &self.content {
            Content::Date(moment) => seen::month(format, *moment),
            _ => None,
        }
    }

    /// A formula whose result is 0, as those of prepared rows nobody filled may be: nobody typed a
    /// figure here.
    pub fn is_computed_zero(&self) -> bool {
        self.formula.is_some() && matches!(self.content, Content::Number(number) if number == 0.0)
    }

    /// The text of a text cell.
    pub fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The cell as a heading would be read aloud: text as it is, a whole number (a year, the
    /// number of a column) by its digits; nothing for the rest.
    pub fn label(&self) -> Option<Cow<'_, str>> {
        match &self.content {
            Content::Text(text) => Some(Cow::Borrowed(text)),
            Content::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => {
                Some(Cow::Owned(format!("{number:.0}")))
            }
            _ => None,
        }
    }
}

impl Sheet {
    /// An empty, visible sheet. A name longer than any program writes is cut: findings quote it.
    pub fn new(name: impl Into<Arc<str>>) -> Self {
        let name: Arc<str> = name.into();
        let name = match name.char_indices().nth(LONGEST_NAME) {
            Some((end, _)) => format!("{}…", &name[..end]).into(),
            None => name,
        };
        Self {
            name,
            visibility: Visibility::Visible,
            cells: BTreeMap::new(),
            merges: Merges::default(),
            hidden_rows: BTreeSet::new(),
            hidden_columns: BTreeSet::new(),
            marks: BTreeMap::new(),
            old_fonts: OldFonts::default(),
            struck: BTreeMap::new(),
            runs: BTreeMap::new(),
        }
    }

    /// The cell at `address`; `None` if it is blank.
    pub fn cell(&self, address: CellAddress) -> Option<&Cell> {
        self.cells.get(&address)
    }

    /// The text at `address`, if that is a text cell.
    pub fn text_at(&self, address: CellAddress) -> Option<&str> {
        self.cell(address)?.text()
    }

    /// The merged range that covers `address`.
    pub fn merge_at(&self, address: CellAddress) -> Option<&Merge> {
        self.merges.at(address)
    }

    /// The cell a reader sees at `address`: that of the merged range's top left corner if it is
    /// in one.
    pub fn effective(&self, address: CellAddress) -> Option<&Cell> {
        self.cell(self.merge_at(address).map_or(address, |merge| merge.first))
    }

    /// Is the row or the column of `address` hidden?
    pub fn is_hidden(&self, address: CellAddress) -> bool {
        self.hidden_rows.contains(&address.row) || self.hidden_columns.contains(&address.column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(address: &str) -> CellAddress {
        address.parse().unwrap()
    }

    #[test]
    fn a_merged_heading_is_read_from_any_of_its_cells() {
        let mut sheet = Sheet::new("BM01");
        let heading = Cell {
            content: Content::Text("Tiếp nhận".into()),
            formula: None,
            style: None,
        };
        sheet.cells.insert(at("C3"), heading);
        sheet.merges.push(Merge {
            first: at("C3"),
            last: at("E4"),
        });
        assert_eq!(
            sheet.effective(at("E4")).and_then(Cell::text),
            Some("Tiếp nhận")
        );
        assert_eq!(sheet.text_at(at("E4")), None);
        assert_eq!(sheet.effective(at("F4")), None);
    }

    #[test]
    fn numbers_in_headings_read_as_digits() {
        let label = |content| {
            Cell {
                content,
                formula: None,
                style: None,
            }
            .label()
            .map(Cow::into_owned)
        };
        assert_eq!(label(Content::Number(2025.0)).as_deref(), Some("2025"));
        assert_eq!(label(Content::Number(0.5)), None);
        assert_eq!(label(Content::EmptyText), None);
    }
}
