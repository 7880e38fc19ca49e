//! Formats of single cells: given, with the cell made if there is none, and taken back. Every
//! other byte of the sheet stays.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::error::ReturnError;
use super::outline::Outline;
use crate::model::CellAddress;
use crate::package::edit::{Edits, Tag, TagKind, attributes, walk_tags};
use crate::package::xml::Walk;

/// Gives each cell of `wanted` the format that it makes of the cell's own.
///
/// # Errors
/// The sheet is put together in a way that marking might damage.
pub(super) fn restyle<T: Copy>(
    text: &str,
    outline: &Outline,
    wanted: &BTreeMap<CellAddress, T>,
    format: impl FnMut(usize, T) -> Option<usize>,
    edits: &mut Edits,
) -> Result<(), ReturnError> {
    let mut pass = Restyle {
        outline,
        wanted: wanted.iter().map(|(cell, what)| (*cell, *what)).peekable(),
        format,
        place: SheetPosition::default(),
        edits,
    };
    walk_tags(text, |tag| pass.see(&tag))
}

/// Where a walk over a sheet is.
#[derive(Default)]
struct SheetPosition {
    in_data: bool,
    /// Zero-based row, and the columns it has had cells up to.
    row: u32,
    next_row: u32,
    next_column: u32,
    /// Format of the row's cells that do not say their own.
    row_style: Option<usize>,
}

impl SheetPosition {
    fn enter_row(&mut self, tag: &Tag<'_>) -> Result<(), ReturnError> {
        let number = tag.attribute("r").and_then(|r| r.parse::<u32>().ok());
        self.row = number.map_or(self.next_row, |number| number.saturating_sub(1));
        if self.row < self.next_row {
            return Err(ReturnError::broken("rows are not in order"));
        }
        self.next_row = self.row.saturating_add(1);
        self.next_column = 0;
        let style = tag.attribute("s").and_then(|style| style.parse().ok());
        self.row_style = style.filter(|_| tag.flag("customFormat"));
        Ok(())
    }

    fn enter_cell(&mut self, tag: &Tag<'_>) -> Result<CellAddress, ReturnError> {
        let column = match tag.attribute("r") {
            Some(address) => {
                address
                    .parse::<CellAddress>()
                    .map_err(ReturnError::broken)?
                    .column
            }
            None => self.next_column,
        };
        if column < self.next_column {
            return Err(ReturnError::broken("cells are not in order"));
        }
        self.next_column = column.saturating_add(1);
        Ok(CellAddress::new(self.row, column))
    }

    fn inherited(&self, outline: &Outline, column: u32) -> usize {
        self.row_style
            .unwrap_or_else(|| outline.column_style(column))
    }
}

struct Restyle<'a, I: Iterator<Item = (CellAddress, T)>, T, F> {
    outline: &'a Outline,
    wanted: std::iter::Peekable<I>,
    format: F,
    place: SheetPosition,
    edits: &'a mut Edits,
}

impl<I, T, F> Restyle<'_, I, T, F>
where
    I: Iterator<Item = (CellAddress, T)>,
    T: Copy,
    F: FnMut(usize, T) -> Option<usize>,
{
    fn see(&mut self, tag: &Tag<'_>) -> Result<Walk, ReturnError> {
        match (tag.local, tag.kind) {
            ("sheetData", TagKind::Close | TagKind::Empty) => {
                let rows = self.new_rows(u32::MAX);
                self.insert(tag, rows);
                return Ok(Walk::Done);
            }
            ("sheetData", TagKind::Open) => self.place.in_data = true,
            ("row", TagKind::Close) => {
                let cells = self.new_cells(u32::MAX);
                self.insert(tag, cells);
            }
            ("row", _) if self.place.in_data => {
                self.place.enter_row(tag)?;
                let rows = self.new_rows(self.place.row);
                self.put(tag.range.start, rows);
                if tag.kind == TagKind::Empty {
                    let cells = self.new_cells(u32::MAX);
                    self.insert(tag, cells);
                }
            }
            ("c", TagKind::Open | TagKind::Empty) if self.place.in_data => {
                let address = self.place.enter_cell(tag)?;
                let cells = self.new_cells(address.column);
                self.put(tag.range.start, cells);
                if let Some((_, what)) = self.wanted.next_if(|(cell, _)| *cell == address) {
                    let own = tag.attribute("s").and_then(|s| s.parse().ok()).unwrap_or(0);
                    if let Some(style) = (self.format)(own, what) {
                        tag.set(self.edits, "s", &style.to_string());
                    }
                }
            }
            _ => {}
        }
        Ok(Walk::On)
    }

    fn put(&mut self, at: usize, content: String) {
        if !content.is_empty() {
            self.edits.replace(at..at, content);
        }
    }

    fn insert(&mut self, tag: &Tag<'_>, content: String) {
        if !content.is_empty() {
            tag.fill(self.edits, tag.range.start, &content);
        }
    }

    /// Cells of the current row, left of `column`, that do not exist.
    fn new_cells(&mut self, column: u32) -> String {
        let mut cells = String::new();
        let row = self.place.row;
        let here = |(cell, _): &(CellAddress, T)| cell.row == row && cell.column < column;
        while let Some((cell, what)) = self.wanted.next_if(here) {
            let own = self.place.inherited(self.outline, cell.column);
            if let Some(style) = (self.format)(own, what) {
                cells.push_str(&format!(
                    "<{}c s=\"{style}\" r=\"{cell}\"/>",
                    self.outline.prefix
                ));
            }
        }
        cells
    }

    /// Rows above `row` that do not exist, with their cells.
    fn new_rows(&mut self, row: u32) -> String {
        let mut rows = String::new();
        let here = self.place.row;
        let style = self.place.row_style.take();
        while let Some((cell, _)) = self.wanted.peek()
            && cell.row < row
        {
            self.place.row = cell.row;
            let number = u64::from(cell.row) + 1;
            let cells = self.new_cells(u32::MAX);
            let p = &self.outline.prefix;
            if !cells.is_empty() {
                rows.push_str(&format!("<{p}row r=\"{number}\">{cells}</{p}row>"));
            }
        }
        (self.place.row, self.place.row_style) = (here, style);
        rows
    }
}

/// Gives marked cells the formats they had, by `before`, and removes cells and rows that were
/// only made to be marked.
///
/// # Errors
/// The sheet cannot be changed.
pub(super) fn unmark(
    text: &str,
    outline: &Outline,
    before: &HashMap<usize, usize>,
    edits: &mut Edits,
) -> Result<(), ReturnError> {
    let mut pass = Unmark {
        outline,
        before,
        place: SheetPosition::default(),
        row: None,
        data: None,
        gone_rows: Vec::new(),
        keeps_rows: false,
        edits,
    };
    walk_tags(text, |tag| pass.see(&tag))
}

/// The row a walk is in: the place of its tag and whether anything will be left of it.
struct OpenRow<'a> {
    tag: Tag<'a>,
    removed: Vec<Range<usize>>,
    keeps_cells: bool,
}

struct Unmark<'a, 't> {
    outline: &'a Outline,
    before: &'a HashMap<usize, usize>,
    place: SheetPosition,
    row: Option<OpenRow<'t>>,
    /// End of the tag that opens the cells.
    data: Option<usize>,
    gone_rows: Vec<Range<usize>>,
    keeps_rows: bool,
    edits: &'a mut Edits,
}

impl<'t> Unmark<'_, 't> {
    fn see(&mut self, tag: &Tag<'t>) -> Result<Walk, ReturnError> {
        match (tag.local, tag.kind) {
            ("sheetData", TagKind::Open) => {
                self.place.in_data = true;
                self.data = Some(tag.range.end);
            }
            ("sheetData", _) => self.close_data(tag),
            ("col", _) if !self.place.in_data => self.restore(tag, "style"),
            ("row", TagKind::Close) => self.close_row(tag),
            ("row", _) if self.place.in_data => {
                self.place.enter_row(tag)?;
                self.restore(tag, "s");
                let open = OpenRow {
                    tag: tag.clone(),
                    removed: Vec::new(),
                    keeps_cells: false,
                };
                self.row = (tag.kind == TagKind::Open).then_some(open);
                self.keeps_rows |= tag.kind == TagKind::Empty;
            }
            ("c", TagKind::Open | TagKind::Empty) if self.place.in_data => self.cell(tag)?,
            _ => {}
        }
        Ok(Walk::On)
    }

    fn restore(&mut self, tag: &Tag<'_>, attribute: &str) {
        let style = tag
            .attribute(attribute)
            .and_then(|style| style.parse().ok());
        if let Some(before) = style.and_then(|style: usize| self.before.get(&style)) {
            tag.set(self.edits, attribute, &before.to_string());
        }
    }

    fn cell(&mut self, tag: &Tag<'t>) -> Result<(), ReturnError> {
        let address = self.place.enter_cell(tag)?;
        let known = self.before;
        let style = tag
            .attribute("s")
            .and_then(|style| style.parse::<usize>().ok());
        let Some(before) = style.and_then(|style| known.get(&style)) else {
            self.keep();
            return Ok(());
        };
        // Only we write the format before the address.
        let ours = attributes(tag.text)
            .next()
            .is_some_and(|a| a.name(tag.text) == "s");
        let inherited = self.place.inherited(self.outline, address.column);
        if ours && tag.kind == TagKind::Empty && *before == inherited {
            if let Some(row) = &mut self.row {
                row.removed.push(tag.range.clone());
            }
            return Ok(());
        }
        self.keep();
        match ours && *before == 0 {
            true => tag.unset(self.edits, "s"),
            false => tag.set(self.edits, "s", &before.to_string()),
        }
        Ok(())
    }

    fn keep(&mut self) {
        if let Some(row) = &mut self.row {
            row.keeps_cells = true;
        }
    }

    fn close_row(&mut self, tag: &Tag<'_>) {
        let Some(row) = self.row.take() else { return };
        if row.keeps_cells || row.removed.is_empty() {
            self.keeps_rows = true;
            row.removed
                .into_iter()
                .for_each(|cell| self.edits.remove(cell));
            return;
        }
        let mut attributes = attributes(row.tag.text);
        let only_number = attributes.all(|a| a.name(row.tag.text) == "r");
        if only_number {
            self.gone_rows.push(row.tag.range.start..tag.range.end);
        } else {
            self.keeps_rows = true;
            self.edits
                .replace(row.tag.range.end - 1..tag.range.end, "/>");
        }
    }

    fn close_data(&mut self, tag: &Tag<'_>) {
        self.place.in_data = false;
        match self.data {
            Some(open) if !self.keeps_rows && !self.gone_rows.is_empty() => {
                self.edits.replace(open - 1..tag.range.end, "/>");
            }
            _ => self
                .gone_rows
                .drain(..)
                .for_each(|row| self.edits.remove(row)),
        }
    }
}
