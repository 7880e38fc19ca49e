//! Last period's rows of a table the unit adds rows to, as the hidden sheet of a template holds them:
//! formulas find a row's figures there by its name.
//!
//! Every row of last period is a column of that sheet, so that a table's rows (down) can be laid
//! against them (across) inside SUMPRODUCT, however many rows the unit inserts.
//!
//! Names are compared as the checks compare them, as far as Excel can: upper and lower case and
//! spaces do not count. Excel distinguishes "hòa" from "hoà": such a row is not found and its live
//! check stays empty, but the received workbook is checked all the same.

use crate::model::template_names::PREVIOUS_SHEET;
use crate::model::{Number, address::column_letters};
use crate::rules::{PreviousFigures, PreviousRow};
use crate::schema::checked::BETWEEN_KEYS;
use crate::schema::rule_text::BlankPolicy;
use crate::schema::{Form, RuleScope};
use crate::write::paper::count::count;
use crate::write::paper::sheet::sheet_reference;

/// Number of columns of the hidden sheet before the first row of last period: form, column.
pub const NAMED: u32 = 2;

/// More rows than this do not fit side by side.
const MOST_ROWS: usize = 16_000;

/// Empty rows prepared behind the names of last period.
const EMPTY_ROWS: usize = 3;

/// Last period's rows of one form of one unit.
#[derive(Debug, Clone, PartialEq)]
pub struct LastRows {
    /// What identifies them, as formulas join it.
    pub names: Vec<String>,
    /// The same, as the archive has it.
    keys: Vec<String>,
    /// For each column of the form that identifies rows its words, row by row.
    words: Vec<(usize, Vec<String>)>,
    /// For each column of the form its figures, row by row; `None` for a column without any.
    pub figures: Vec<Option<Vec<Option<Number>>>>,
    /// First row of the block on the hidden sheet, from 0.
    pub top: u32,
    /// Are the names written into the table?
    written: bool,
}

impl LastRows {
    /// The rows the archive has; `None` if it has nothing of the form for this unit. `top`: first
    /// row of the block on the hidden sheet, from 0.
    pub fn find(
        form: &Form,
        previous: Option<(&PreviousFigures, &str)>,
        top: u32,
    ) -> Option<LastRows> {
        let (previous, unit) = previous.filter(|_| form.is_free())?;
        let rows: Vec<_> = previous.rows(unit, form.id()).collect();
        if rows.is_empty() || rows.len() > MOST_ROWS {
            return None;
        }
        let figures = form.file.columns.iter().enumerate().map(|(index, column)| {
            let numeric = form.field(None, index)?.kind.is_numeric();
            let of_row = |row: &crate::rules::PreviousRow<'_>| {
                row.value(column.id.get_ref())
                    .and_then(|value| value.as_number())
            };
            let figures: Vec<Option<Number>> = rows.iter().map(of_row).collect();
            (numeric && figures.iter().any(Option::is_some)).then_some(figures)
        });
        let figures = figures.collect();
        let words: Vec<(usize, Vec<String>)> = words(form, &rows);
        let joined = |row: usize| {
            let words: Vec<&str> = words.iter().map(|(_, words)| &*words[row]).collect();
            words.join(BETWEEN_KEYS)
        };
        Some(LastRows {
            names: (0..rows.len()).map(joined).collect(),
            keys: rows.iter().map(|row| row.key.to_owned()).collect(),
            words,
            figures,
            top,
            written: goes_on(form),
        })
    }

    /// Number of rows of the hidden sheet that the block takes.
    pub fn height(&self) -> u32 {
        1 + count(self.figures.iter().flatten().count())
    }

    /// Number of rows the table needs to hold the names written into it.
    pub fn rows_needed(&self) -> usize {
        match self.written {
            true => self.names.len() + EMPTY_ROWS,
            false => 0,
        }
    }

    /// The word written into a row of the table, from 0, in a column of the form.
    pub fn word(&self, row: usize, column: usize) -> Option<&str> {
        let words = self.words.iter().filter(|(at, _)| *at == column);
        let mut words = words.filter_map(|(_, words)| words.get(row).filter(|_| self.written));
        words
            .next()
            .map(String::as_str)
            .filter(|word| !word.is_empty())
    }

    /// All that is written into the table: what identifies its rows, and where several columns do,
    /// the words of each.
    pub fn written(&self) -> impl Iterator<Item = &str> {
        let several = self.words.len() > 1;
        let words = self.words.iter().filter(move |_| several);
        let words = words.flat_map(|(_, words)| words);
        let all = self.keys.iter().chain(words).filter(|_| self.written);
        all.map(String::as_str).filter(|word| !word.is_empty())
    }

    /// The figure of a row whose name is written into the table.
    pub fn figure(&self, row: usize, column: usize) -> Option<Number> {
        let figures = self.figures.get(column)?.as_ref()?;
        (*figures.get(row).filter(|_| self.written)?).map(|number| number.normalize())
    }

    fn across(&self, row: u32) -> String {
        let last = NAMED + count(self.names.len()) - 1;
        let (first, last) = (column_letters(NAMED), column_letters(last));
        let sheet = sheet_reference(PREVIOUS_SHEET);
        format!("{sheet}!${first}${0}:${last}${0}", row + 1)
    }

    /// The names, as a range one row high.
    fn names_range(&self) -> String {
        self.across(self.top)
    }

    /// The figures of a column, as a range one row high; `None` if there are none.
    pub fn range(&self, column: usize) -> Option<String> {
        self.figures.get(column)?.as_ref()?;
        let before = self.figures.iter().take(column).flatten().count();
        Some(self.across(self.top + 1 + count(before)))
    }

    /// Which rows (down), by the ranges that identify them, are which of last period's (across). Of
    /// two rows of one name only the first is, as when the tool itself checks.
    pub fn matches(&self, keys: &[String]) -> String {
        let (plain, names) = (joined(keys), self.names_range());
        let row = keys
            .first()
            .map_or(String::new(), |key| format!("ROW({key})"));
        format!("({plain}={names})*(MATCH({plain},{plain},0)={row}-MIN({row})+1)")
    }

    /// The figure of the row identified by some cells; an error if there is none.
    pub fn lookup(&self, keys: &[String], column: usize) -> Option<String> {
        let (names, figures) = (self.names_range(), self.range(column)?);
        Some(format!(
            "LOOKUP(2,1/(({names}={})*ISNUMBER({figures})),{figures})",
            joined(keys)
        ))
    }
}

/// For each column that identifies rows its words. A name alone is the key of its row, which the
/// archive numbers where two rows have one name.
fn words(form: &Form, rows: &[PreviousRow<'_>]) -> Vec<(usize, Vec<String>)> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let several = form.key_columns().nth(1).is_some();
    let columns = form.key_columns().enumerate().map(|(which, column)| {
        let id = form.file.columns[column].id.get_ref();
        let word = |row: &PreviousRow<'_>| match row.value(id).filter(|_| several) {
            Some(value) => plain(&value.to_string()),
            // Where the archive has no word, or several of merged units, the key says it.
            None if several => plain(row.key.split(BETWEEN_KEYS).nth(which).unwrap_or("")),
            None => plain(row.key),
        };
        (column, rows.iter().map(word).collect())
    });
    columns.collect()
}

/// What identifies a row, as formula text; `keys`: its cells, or ranges of all rows.
pub fn joined(keys: &[String]) -> String {
    let words: Vec<String> = keys.iter().map(|key| plain(key)).collect();
    match words.as_slice() {
        [word] => word.clone(),
        words => format!("({})", words.join(&format!("&\"{BETWEEN_KEYS}\"&"))),
    }
}

/// A name without spaces at its ends or doubled, no-break spaces included.
fn plain(name: &str) -> String {
    format!("TRIM(SUBSTITUTE({name},\"\u{a0}\",\" \"))")
}

/// Do the rows of a form go on from period to period? Its rules lay a row against the same row of
/// last period. Not where a blank counts as 0: there a name alone would already be wrong.
fn goes_on(form: &Form) -> bool {
    let compares = |rule: &crate::schema::Rule| {
        let mut compares = false;
        rule.check.names(&mut |_, previous| compares |= previous);
        compares && rule.scope == RuleScope::EachRow
    };
    form.written().any(compares)
        && form
            .written()
            .all(|rule| rule.blank == BlankPolicy::SkipAny)
}
