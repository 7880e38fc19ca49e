//! A form text made from a workbook, and the cell behind every part of it.

use std::ops::Range;

use crate::model::Place;

/// What a stretch of lines is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// Settings of the form.
    Head,
    /// What columns and rows are unless they say otherwise.
    Defaults,
    /// A column or row.
    Field,
    /// A rule.
    Rule,
    /// An example.
    Example,
}

/// The lines of one table of the text.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub(super) sort: Sort,
    /// Its id or name.
    pub(super) id: String,
    /// Lines, from 0.
    pub(super) lines: Range<usize>,
}

/// Which cells the lines of a text come from.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// By line: from which character on (from 1), which cell.
    lines: Vec<Vec<(usize, Place)>>,
}

impl Places {
    /// The cell behind a place of the text, by line and character from 1; of a line that has none,
    /// that of the line above.
    pub fn at(&self, line: usize, column: usize) -> Option<&Place> {
        let above = self.lines.get(..line)?;
        let pieces = above.iter().rev().find(|pieces| !pieces.is_empty())?;
        let piece = pieces.iter().rev().find(|(from, _)| *from <= column);
        piece.or(pieces.first()).map(|(_, place)| place)
    }
}

/// A text being written.
#[derive(Debug, Default)]
pub(super) struct Text {
    pub(super) toml: String,
    pub(super) places: Places,
    pub(super) blocks: Vec<Block>,
}

impl Text {
    fn line(&mut self, text: &str, pieces: Vec<(usize, Place)>) {
        self.toml.push_str(text);
        self.toml.push('\n');
        self.places.lines.push(pieces);
        if let Some(block) = self.blocks.last_mut() {
            block.lines.end = self.places.lines.len();
        }
    }

    /// Begins a table; `header` is empty for the settings at the top.
    pub(super) fn begin(&mut self, sort: Sort, id: &str, header: &str, place: &Place) {
        let from = self.places.lines.len();
        self.blocks.push(Block {
            sort,
            id: id.to_owned(),
            lines: from..from,
        });
        if !header.is_empty() {
            self.line(header, vec![(1, place.clone())]);
        }
    }

    /// `key = literal`.
    pub(super) fn pair(&mut self, key: &str, literal: &str, place: &Place) {
        self.line(&format!("{key} = {literal}"), vec![(1, place.clone())]);
    }

    /// Is there a line for a key?
    pub(super) fn has(&self, key: &str) -> bool {
        let start = format!("{key} = ");
        self.toml.lines().any(|line| line.starts_with(&start))
    }

    /// A line of several parts, each from a character on (from 1) with its cell.
    pub(super) fn placed(&mut self, line: &str, pieces: Vec<(usize, Place)>) {
        self.line(line, pieces);
    }

    /// A line as it is.
    pub(super) fn verbatim(&mut self, line: &str, place: &Place) {
        self.line(line, vec![(1, place.clone())]);
    }

    /// `key = "..."` put together from the words of several cells.
    pub(super) fn pieces(&mut self, key: &str, pieces: &[(String, Place)]) {
        let whole: String = pieces.iter().map(|(text, _)| text.as_str()).collect();
        let literal = quoted(&whole);
        let mut column = key.chars().count() + 4;
        let mut places = Vec::new();
        for (index, (text, place)) in pieces.iter().enumerate() {
            let from = if index == 0 { 1 } else { column + 1 };
            places.push((from, place.clone()));
            column += text.chars().count();
        }
        self.line(&format!("{key} = {literal}"), places);
    }
}

/// A text as the form language writes it, on one line. Places in it stay where they are if it has no
/// apostrophe and nothing to escape.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| c != '\'' && (!c.is_control() || c == '\t');
    if text.chars().all(plain) && text.contains(['"', '\\']) {
        return format!("'{text}'");
    }
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A list of texts as the form language writes it.
pub(super) fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| self::quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}
