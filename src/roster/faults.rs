//! What is wrong with a roster file.

use std::fmt;

use crate::model::Message;

/// The column of former units, which a roster may have or not.
pub(super) const PREDECESSORS: &str = "predecessors";

/// The column of the unit that sums a unit up, which a roster may have or not.
pub(super) const SUMMED_BY: &str = "summed_by";

/// Everything that is wrong with a roster file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterError {
    /// One entry a mistake, in the order of the file; at least one.
    pub faults: Vec<RosterFault>,
}

/// One mistake in a roster file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterFault {
    /// The file as it was named to the tool.
    pub file: String,
    /// Line of the file, from 1; `None` if it is about the file as a whole.
    pub line: Option<u64>,
    /// Name of the column, if it is about one.
    pub column: Option<&'static str>,
    /// Which field of the line it is about, from 0, if it is about one that is no known column.
    pub field: Option<usize>,
    /// What is wrong and what to do, opening with file, line and column.
    pub message: Message,
    /// The same without file, line and column.
    pub what: Message,
}

impl fmt::Display for RosterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self
            .faults
            .iter()
            .map(|fault| fault.message.vi.as_str())
            .collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for RosterError {}

/// The end of a sentence about a name nobody knows, before the next: what was probably meant.
pub(super) fn perhaps(near: Option<&str>) -> (String, String) {
    near.map_or((".".to_owned(), ".".to_owned()), |near| {
        (
            format!("; có phải `{near}`?"),
            format!("; did you mean `{near}`?"),
        )
    })
}

/// What is wrong, opening with file, line and column.
pub(super) fn placed(
    file: &str,
    line: Option<u64>,
    column: Option<&str>,
    what: &Message,
) -> Message {
    let place = |line_word: &str, column_word: &str| {
        let line = line
            .map(|line| format!(", {line_word} {line}"))
            .unwrap_or_default();
        let column = column
            .map(|name| format!(", {column_word} {name}"))
            .unwrap_or_default();
        format!("{file}{line}{column}")
    };
    Message {
        vi: format!("{}: {}", place("dòng", "cột"), what.vi),
        en: format!("{}: {}", place("line", "column"), what.en),
    }
}

/// Mistakes found so far.
pub(super) struct Faults<'a> {
    pub(super) file: &'a str,
    pub(super) list: Vec<RosterFault>,
}

impl From<Faults<'_>> for RosterError {
    fn from(faults: Faults<'_>) -> RosterError {
        RosterError {
            faults: faults.list,
        }
    }
}

impl<'a> Faults<'a> {
    pub(super) fn new(file: &'a str) -> Faults<'a> {
        Faults {
            file,
            list: Vec::new(),
        }
    }
}

impl Faults<'_> {
    pub(super) fn add(
        &mut self,
        line: Option<u64>,
        column: Option<&'static str>,
        vi: impl AsRef<str>,
        en: impl AsRef<str>,
    ) {
        let what = Message::new(vi.as_ref(), en.as_ref());
        let message = placed(self.file, line, column, &what);
        self.list.push(RosterFault {
            file: self.file.to_owned(),
            line,
            column,
            field: None,
            message,
            what,
        });
    }

    /// The last mistake is about the field at this place of its line, from 0.
    pub(super) fn in_field(&mut self, field: usize) {
        if let Some(last) = self.list.last_mut() {
            last.field = Some(field);
        }
    }
}
