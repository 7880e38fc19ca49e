//! The boxes in which notes are shown. They are VML, which is XML in name only, so this part is
//! searched rather than parsed.

use std::collections::BTreeSet;
use std::ops::Range;

use super::error::ReturnError;
use super::outline::Outline;
use crate::model::CellAddress;
use crate::model::address::MAX_COLUMNS;
use crate::package::edit::{Edits, TagKind, walk_tags};
use crate::package::xml::Walk;

/// A part without any box.
pub(super) const EMPTY: &str = "<xml xmlns:v=\"urn:schemas-microsoft-com:vml\" \
    xmlns:o=\"urn:schemas-microsoft-com:office:office\" \
    xmlns:x=\"urn:schemas-microsoft-com:office:excel\">\
    <o:shapelayout v:ext=\"edit\"><o:idmap v:ext=\"edit\" data=\"1\"/></o:shapelayout></xml>";

const NAMESPACES: [(&str, &str); 3] = [
    ("v", "urn:schemas-microsoft-com:vml"),
    ("o", "urn:schemas-microsoft-com:office:office"),
    ("x", "urn:schemas-microsoft-com:office:excel"),
];

/// The kind of shape that notes are.
const BOX_KIND: &str = "<v:shapetype id=\"_x0000_t202\" coordsize=\"21600,21600\" o:spt=\"202\" \
    path=\"m,l,21600r21600,l21600,xe\"><v:stroke joinstyle=\"miter\"/>\
    <v:path gradientshapeok=\"t\" o:connecttype=\"rect\"/></v:shapetype>";

/// Width of a box in pixels.
const WIDTH: u32 = 380;
/// Height of a line in it.
const LINE: u32 = 17;
/// Characters that fit on a line.
const CHARACTERS: usize = 52;
/// Lines of the highest box; what is longer can be scrolled to.
const MOST_LINES: usize = 30;

/// Adds a box for each note.
///
/// # Errors
/// The drawing part cannot be changed.
pub(super) fn add<'n>(
    text: &str,
    outline: &Outline,
    notes: impl Iterator<Item = (CellAddress, &'n str)>,
) -> Result<String, ReturnError> {
    let end = text
        .rfind("</xml>")
        .ok_or_else(|| ReturnError::broken("a drawing of another kind"))?;
    let root = &text[..text
        .find("<xml")
        .map_or(0, |at| at + text[at..].find('>').unwrap_or(0))];
    let declared =
        |(prefix, uri): &(&str, &str)| root.contains(&format!("xmlns:{prefix}=\"{uri}\""));
    let missing: String = NAMESPACES
        .iter()
        .filter(|namespace| !declared(namespace))
        .map(|(prefix, uri)| format!(" xmlns:{prefix}=\"{uri}\""))
        .collect();
    let mut shapes = String::new();
    if !text.contains("id=\"_x0000_t202\"") {
        shapes.push_str(&BOX_KIND.replacen("<v:shapetype", &format!("<v:shapetype{missing}"), 1));
    }
    let first = next_id(text);
    for (id, (cell, note)) in (first..).zip(notes) {
        shapes.push_str(&shape(id, &missing, cell, note, outline));
    }
    Ok(format!("{}{shapes}{}", &text[..end], &text[end..]))
}

/// The number after the highest in `_x0000_s1025`.
fn next_id(text: &str) -> u64 {
    let number = |rest: &str| -> Option<u64> {
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        rest[..end.min(9)].parse().ok()
    };
    let highest = text.split("_x0000_s").skip(1).filter_map(number).max();
    highest.unwrap_or(0).max(1024) + 1
}

fn shape(id: u64, namespaces: &str, cell: CellAddress, note: &str, outline: &Outline) -> String {
    let anchor = anchor(cell, note, outline);
    let (row, column) = (cell.row, cell.column);
    format!(
        "<v:shape{namespaces} id=\"_x0000_s{id}\" type=\"#_x0000_t202\" \
         style=\"position:absolute;margin-left:60pt;margin-top:2pt;width:285pt;height:120pt;\
         z-index:{};visibility:hidden\" fillcolor=\"#ffffe1\" o:insetmode=\"auto\">\
         <v:fill color2=\"#ffffe1\"/><v:shadow on=\"t\" color=\"black\" obscured=\"t\"/>\
         <v:path o:connecttype=\"none\"/><v:textbox style=\"mso-direction-alt:auto\">\
         <div style=\"text-align:left\"></div></v:textbox><x:ClientData ObjectType=\"Note\">\
         <x:MoveWithCells/><x:SizeWithCells/><x:Anchor>{anchor}</x:Anchor>\
         <x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row><x:Column>{column}</x:Column>\
         </x:ClientData></v:shape>",
        id - 1024,
    )
}

/// The place of the box: right of its cell, or left of it at the edge of the sheet; as high as
/// its text needs.
fn anchor(cell: CellAddress, note: &str, outline: &Outline) -> String {
    let lines: usize = note
        .lines()
        .map(|line| line.chars().count() / CHARACTERS + 1)
        .sum();
    let lines = u32::try_from(lines.min(MOST_LINES) + 1).unwrap_or(1);
    let beside = if cell.column + 12 < MAX_COLUMNS {
        cell.column + 1
    } else {
        cell.column - 12
    };
    let (left, left_in) = outline.right_of(beside, 15);
    let (right, right_in) = outline.right_of(beside, 15 + WIDTH);
    let top_row = cell.row.saturating_sub(1);
    let (top, top_in) = outline.below(top_row, 10);
    let (bottom, bottom_in) = outline.below(top_row, 10 + lines * LINE);
    format!("{left}, {left_in}, {top}, {top_in}, {right}, {right_in}, {bottom}, {bottom_in}")
}

/// A part without the boxes of some notes.
pub(super) struct StrippedDrawing {
    pub(super) text: String,
    /// Is any shape left?
    pub(super) empty: bool,
}

/// Takes the boxes of the notes at `gone` out.
///
/// # Errors
/// The drawing part cannot be changed.
pub(super) fn strip(
    text: &str,
    gone: &BTreeSet<CellAddress>,
) -> Result<StrippedDrawing, ReturnError> {
    let shapes = shapes(text)?;
    let goes = |shape: &&Shape| shape.note.is_some_and(|cell| gone.contains(&cell));
    let empty = shapes.iter().all(|shape| goes(&shape));
    let mut edits = Edits::default();
    for shape in shapes.iter().filter(goes) {
        edits.remove(shape.range.clone());
    }
    Ok(StrippedDrawing {
        text: edits.apply(text)?,
        empty,
    })
}

struct Shape {
    range: Range<usize>,
    /// The cell it belongs to, if it is the box of a note.
    note: Option<CellAddress>,
}

fn shapes(text: &str) -> Result<Vec<Shape>, ReturnError> {
    let mut shapes = Vec::new();
    let mut open: Option<(usize, bool, Option<u32>, Option<u32>)> = None;
    let figure = |from: usize| {
        text[from..]
            .split('<')
            .next()
            .and_then(|n| n.trim().parse().ok())
    };
    walk_tags(text, |tag| {
        match (tag.local, tag.kind, &mut open) {
            ("shape", TagKind::Open, _) => open = Some((tag.range.start, false, None, None)),
            ("ClientData", TagKind::Open, Some((_, note, ..))) => {
                *note = tag.attribute("ObjectType").as_deref() == Some("Note");
            }
            ("Row", TagKind::Open, Some((_, _, row, _))) => *row = figure(tag.range.end),
            ("Column", TagKind::Open, Some((_, _, _, column))) => *column = figure(tag.range.end),
            ("shape", TagKind::Close, Some((start, note, row, column))) => {
                let cell = row
                    .zip(*column)
                    .map(|(row, column)| CellAddress::new(row, column));
                let range = *start..tag.range.end;
                shapes.push(Shape {
                    range,
                    note: cell.filter(|_| *note),
                });
                open = None;
            }
            _ => {}
        }
        Ok::<_, ReturnError>(Walk::On)
    })?;
    Ok(shapes)
}
