//! What must be known of a worksheet before anything in it is changed.

use std::collections::BTreeMap;
use std::ops::Range;

use super::error::ReturnError;
use crate::model::CellAddress;
use crate::model::address::{MAX_COLUMNS, MAX_ROWS};
use crate::package::edit::{Tag, TagKind, walk_tags};
use crate::package::xml::Walk;
use crate::write::worksheet::CHILDREN;

/// Entries about columns: one for each column of Excel's grid.
const MOST_COLUMNS: usize = 16_384;

/// Columns that share a width and a format.
struct Columns {
    first: u32,
    last: u32,
    style: usize,
    /// Pixels.
    width: u32,
}

/// Does a child of a worksheet come before `legacyDrawing`?
fn is_before_notes(child: &str) -> bool {
    let mut before = CHILDREN.iter().take_while(|name| **name != "legacyDrawing");
    before.any(|name| *name == child)
}

/// What must be known of a worksheet before anything in it is changed.
pub(super) struct Outline {
    /// Prefix of its elements with the colon, mostly empty.
    pub(super) prefix: String,
    /// Byte of the text at which `legacyDrawing` belongs; below, the range of its tag and its
    /// relationship, if there is one.
    pub(super) notes_at: usize,
    pub(super) notes: Option<(Range<usize>, String)>,
    merges: Vec<(CellAddress, CellAddress)>,
    columns: Vec<Columns>,
    column_width: u32,
    /// Pixels of the rows that say so.
    heights: BTreeMap<u32, u32>,
    row_height: u32,
    depth: usize,
}

impl Outline {
    /// Reads the outline of a worksheet part.
    ///
    /// # Errors
    /// The part is no well-formed XML.
    pub(super) fn read(text: &str) -> Result<Self, ReturnError> {
        let mut outline = Self {
            prefix: String::new(),
            notes_at: 0,
            notes: None,
            merges: Vec::new(),
            columns: Vec::new(),
            column_width: 64,
            heights: BTreeMap::new(),
            row_height: 20,
            depth: 0,
        };
        walk_tags(text, |tag| {
            outline.see(&tag)?;
            Ok::<_, ReturnError>(Walk::On)
        })?;
        match outline.notes_at {
            0 => Err(ReturnError::broken("a sheet has no place for cells")),
            _ => Ok(outline),
        }
    }

    fn see(&mut self, tag: &Tag<'_>) -> Result<(), ReturnError> {
        if tag.kind == TagKind::Close {
            self.depth = self.depth.saturating_sub(1);
        } else {
            self.look(tag)?;
        }
        let ends = tag.kind != TagKind::Open;
        if self.depth == 1 && ends && is_before_notes(tag.local) {
            self.notes_at = tag.range.end;
        }
        if tag.kind == TagKind::Open {
            self.depth += 1;
        }
        Ok(())
    }

    fn look(&mut self, tag: &Tag<'_>) -> Result<(), ReturnError> {
        match (self.depth, tag.local) {
            (0, _) => tag.prefix().clone_into(&mut self.prefix),
            (1, "legacyDrawing") => {
                let id = tag.attribute("id").unwrap_or_default().into_owned();
                self.notes = Some((tag.range.clone(), id));
            }
            (1, "sheetFormatPr") => {
                if let Some(width) = tag
                    .attribute("defaultColWidth")
                    .and_then(|w| pixels(&w, 7.0))
                {
                    self.column_width = width;
                }
                if let Some(height) = height(tag, "defaultRowHeight") {
                    self.row_height = height;
                }
            }
            (2, "col") if self.columns.len() >= MOST_COLUMNS => {
                return Err(ReturnError::broken("too many columns"));
            }
            (2, "col") => self.columns.push(read_columns(tag)?),
            (2, "row") => {
                let number = tag.attribute("r").and_then(|r| r.parse::<u32>().ok());
                let hidden = tag.flag("hidden").then_some(0);
                if let (Some(number), Some(height)) = (number, hidden.or(height(tag, "ht"))) {
                    self.heights.insert(number.saturating_sub(1), height);
                }
            }
            (2, "mergeCell") => self
                .merges
                .extend(tag.attribute("ref").and_then(|r| read_range(&r))),
            _ => {}
        }
        Ok(())
    }

    /// The cell that shows what is at `address`: the first of its merged range.
    pub(super) fn shown(&self, address: CellAddress) -> CellAddress {
        self.merges
            .iter()
            .find(|range| address.is_within(**range))
            .map_or(address, |(first, _)| *first)
    }

    /// Index of the format of a column's cells (from 0) that do not have their own.
    pub(super) fn column_style(&self, column: u32) -> usize {
        self.column(column).map_or(0, |columns| columns.style)
    }

    fn column(&self, column: u32) -> Option<&Columns> {
        self.columns
            .iter()
            .find(|columns| (columns.first..=columns.last).contains(&column))
    }

    /// Column and pixels within it, `pixels` to the right of where `column` begins.
    pub(super) fn right_of(&self, column: u32, pixels: u32) -> (u32, u32) {
        let width = |at| {
            self.column(at)
                .map_or(self.column_width, |columns| columns.width)
        };
        along(column, MAX_COLUMNS, pixels, width)
    }

    /// Row and pixels within it, `pixels` below where `row` begins.
    pub(super) fn below(&self, row: u32, pixels: u32) -> (u32, u32) {
        along(row, MAX_ROWS, pixels, |at| {
            self.heights.get(&at).copied().unwrap_or(self.row_height)
        })
    }
}

fn along(start: u32, most: u32, pixels: u32, size: impl Fn(u32) -> u32) -> (u32, u32) {
    let (mut at, mut left) = (start, pixels);
    // A box over more than some hundred rows is among hidden ones, and may as well end there.
    let end = most.min(start.saturating_add(500));
    while left >= size(at) && at + 1 < end {
        left -= size(at);
        at += 1;
    }
    (at, left.min(size(at)))
}

fn read_columns(tag: &Tag<'_>) -> Result<Columns, ReturnError> {
    let number = |name| {
        tag.attribute(name)
            .and_then(|value| value.parse::<u32>().ok())
    };
    let (Some(first @ 1..), Some(last)) = (number("min"), number("max")) else {
        return Err(ReturnError::broken("columns without numbers"));
    };
    let width = tag.attribute("width").and_then(|width| pixels(&width, 7.0));
    Ok(Columns {
        first: first - 1,
        last: last.saturating_sub(1),
        style: tag
            .attribute("style")
            .and_then(|style| style.parse().ok())
            .unwrap_or(0),
        width: if tag.flag("hidden") {
            0
        } else {
            width.unwrap_or(64)
        },
    })
}

/// A height in points as pixels.
fn height(tag: &Tag<'_>, name: &str) -> Option<u32> {
    pixels(&tag.attribute(name)?, 4.0 / 3.0)
}

/// A size in characters or points as pixels, rounded.
fn pixels(size: &str, each: f64) -> Option<u32> {
    let size: f64 = size.parse().ok()?;
    (0.0..2000.0)
        .contains(&size)
        .then(|| format!("{:.0}", size * each).parse().ok())?
}

/// `B5:D6`.
pub(super) fn read_range(range: &str) -> Option<(CellAddress, CellAddress)> {
    let (first, last) = range.split_once(':').unwrap_or((range, range));
    Some((first.parse().ok()?, last.parse().ok()?))
}
