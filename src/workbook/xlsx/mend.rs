//! Workbooks that Excel opens and calamine refuses or reads wrongly: a size of a sheet that is no
//! range (it is only a hint), an unknown state of a sheet (Excel shows the sheet), sheets of Excel 4
//! macros, targets such as `./worksheets/sheet1.xml`, formats and shared texts in parts of other
//! names or in parts that nothing leads to, parts in UTF-16, comments, CDATA and references within a
//! figure (`1<!---->2` and `1&#50;` are 12, calamine takes a part of it). They are read from a copy in
//! memory in which these are left out, moved or rewritten;
//! everything else is copied as it is.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::ops::Range;

use crate::model::CellAddress;
use crate::package::edit::{Edits, Element};
use crate::package::xml::plain_text;
use crate::package::{Package, PackageCopy, Relationship, relations_of};
use crate::workbook::{FileProblem, Limits};

const WORKBOOK: &str = "xl/workbook.xml";
const MACRO_SHEETS: &str = "macrosheets/";
/// Parts of the workbook that calamine finds by their names, with the kinds of the relationships by
/// which Excel finds them.
const FOUND_BY_NAME: [(&str, &str); 2] = [
    ("styles", "xl/styles.xml"),
    ("sharedStrings", "xl/sharedStrings.xml"),
];
/// States of sheets that the format knows.
const STATES: [&str; 3] = ["visible", "hidden", "veryHidden"];
/// Bytes of a worksheet part in which its size is looked for; it precedes the cells.
const START: u64 = 8192;
/// Bytes of a part looked at in one piece.
const PIECE: u64 = 65_536;

/// A package as calamine takes it.
pub(super) struct Mended<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Were sheets of macros left out of it?
    pub(super) macro_sheets: bool,
}

/// Mends what calamine would refuse. The parts' sizes must have been checked before.
///
/// # Errors
/// The package or one of the parts concerned is damaged.
pub(super) fn mend<'a>(
    package: &mut Package<Cursor<&[u8]>>,
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Mended<'a>, FileProblem> {
    let relations = package.relations(WORKBOOK)?;
    let macros: BTreeSet<String> = relations
        .iter()
        .filter(|relation| relation.part.contains(MACRO_SHEETS))
        .map(|relation| relation.id.clone())
        .collect();
    let sheets: Vec<String> = package
        .names()
        .filter(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml"))
        .map(str::to_owned)
        .collect();
    let mut odd = Vec::new();
    for name in sheets {
        if is_odd(package.needed(&name)?)? {
            odd.push(name);
        }
    }
    let mut copy = PackageCopy::of(bytes, limits.part_bytes)?;
    let list = copy.text(WORKBOOK)?.unwrap_or_default();
    let listed = listed(&list, &macros)?;
    let lines_part = relations_of(WORKBOOK);
    let lines = copy.text(&lines_part)?.unwrap_or_default();
    let straight = straightened(&lines, &relations);
    let moved = moved(&copy, &relations)?;
    if odd.is_empty() && listed.is_empty() && straight.is_empty() && moved.is_empty() {
        return Ok(Mended {
            bytes: Cow::Borrowed(bytes),
            macro_sheets: false,
        });
    }
    copy.set(WORKBOOK, listed.apply(&list)?);
    if !straight.is_empty() {
        copy.set(&lines_part, straight.apply(&lines)?);
    }
    for (name, part) in moved {
        match part {
            Some(part) => {
                let text = copy.needed(&part)?;
                copy.set(name, text);
            }
            None => copy.remove(name)?,
        }
    }
    for name in odd {
        let mut text = plain_text(&copy.needed(&name)?);
        if let Some(place) = odd_dimension(&text) {
            text.replace_range(place, "");
        }
        copy.set(&name, text);
    }
    Ok(Mended {
        bytes: Cow::Owned(copy.finish()?),
        macro_sheets: !macros.is_empty(),
    })
}

/// The package with every part in UTF-8: parts in UTF-16 are well-formed, and no library here reads
/// them. The parts' sizes must have been checked before.
///
/// # Errors
/// The package or one of the parts concerned is damaged.
pub(super) fn in_utf8<'a>(
    package: &mut Package<Cursor<&[u8]>>,
    bytes: &'a [u8],
    limits: &Limits,
) -> Result<Cow<'a, [u8]>, FileProblem> {
    let names: Vec<String> = package
        .names()
        .filter(|name| name.ends_with(".xml") || name.ends_with(".rels"))
        .map(str::to_owned)
        .collect();
    let mut wide = Vec::new();
    for name in names {
        let mut start = Vec::new();
        let part = package.needed(&name)?;
        let read = part.take(2).read_to_end(&mut start);
        read.map_err(FileProblem::broken)?;
        if matches!(start.as_slice(), [0xFF, 0xFE] | [0xFE, 0xFF]) {
            wide.push(name);
        }
    }
    if wide.is_empty() {
        return Ok(Cow::Borrowed(bytes));
    }
    let mut copy = PackageCopy::of(bytes, limits.part_bytes)?;
    for name in wide {
        let text = copy.needed(&name)?;
        copy.set(&name, text);
    }
    Ok(Cow::Owned(copy.finish()?))
}

/// The names that calamine knows, each with the part that is meant where that is another; none where
/// nothing leads to a part of that name, which Excel does not read either.
///
/// # Errors
/// A relationship leads to no part: read by another one, or by none, figures would be others.
fn moved(
    copy: &PackageCopy<'_>,
    relations: &[Relationship],
) -> Result<Vec<(&'static str, Option<String>)>, FileProblem> {
    let mut moved = Vec::new();
    for (kind, name) in FOUND_BY_NAME {
        match relations.iter().find(|relation| relation.kind == kind) {
            Some(relation) if !copy.has(&relation.part) => {
                // A list of no texts is left out by some programs.
                let is_list = kind == "sharedStrings" && relation.part.eq_ignore_ascii_case(name);
                if !is_list {
                    return Err(FileProblem::broken(format!(
                        "its {kind} are said to be in `{}`, which it does not have",
                        relation.target
                    )));
                }
            }
            Some(relation) if relation.part.eq_ignore_ascii_case(name) => {}
            Some(relation) => moved.push((name, Some(relation.part.clone()))),
            None if copy.has(name) => moved.push((name, None)),
            None => {}
        }
    }
    Ok(moved)
}

/// The changes to the relationships of the workbook: targets that go by `.` or `..` are written from
/// the root of the package.
fn straightened(text: &str, relations: &[Relationship]) -> Edits {
    let mut edits = Edits::default();
    let Ok(lines) = Element::read(text) else {
        return edits;
    };
    for line in lines.all("Relationship") {
        let id = line.attribute(text, "Id");
        let Some(relation) = relations.iter().find(|one| Some(&*one.id) == id.as_deref()) else {
            continue;
        };
        let winding = relation
            .target
            .split('/')
            .any(|step| matches!(step, "." | ".."));
        if winding && !relation.part.is_empty() {
            edits.set(text, line, "Target", &format!("/{}", relation.part));
        }
    }
    edits
}

/// The changes to the list of sheets: without sheets of macros, without unknown states.
fn listed(text: &str, macros: &BTreeSet<String>) -> Result<Edits, FileProblem> {
    let mut edits = Edits::default();
    // A damaged list is for the reader to report.
    let Ok(book) = Element::read(text) else {
        return Ok(edits);
    };
    let sheets = book.child("sheets").into_iter();
    for sheet in sheets.flat_map(|sheets| sheets.all("sheet")) {
        let tag = sheet.tag(text);
        let prefix = tag
            .text
            .split_whitespace()
            .find_map(|part| part.split_once("id=")?.0.strip_suffix(':'));
        let id = match prefix {
            Some(prefix) => sheet.attribute(text, &format!("{prefix}:id")),
            None => sheet.attribute(text, "id"),
        };
        let state = sheet.attribute(text, "state");
        if id.is_some_and(|id| macros.contains(&*id)) {
            edits.remove(sheet.outer.clone());
        } else if state.is_some_and(|state| !STATES.contains(&&*state)) {
            tag.unset(&mut edits, "state");
        }
    }
    Ok(edits)
}

/// Is a worksheet part to be mended?
fn is_odd(mut part: impl Read) -> Result<bool, FileProblem> {
    let mut start = Vec::new();
    let read = part.by_ref().take(START).read_to_end(&mut start);
    read.map_err(FileProblem::broken)?;
    let odd_size = odd_dimension(&String::from_utf8_lossy(&start)).is_some();
    Ok(odd_size || has_marked_text(start, part)?)
}

/// Are there comments, CDATA or references to letters in a part? `start` is what was read of it
/// already.
///
/// # Errors
/// The part cannot be read, or declares a document type: the format forbids it, and what stands for
/// what there is not known here.
fn has_marked_text(start: Vec<u8>, mut rest: impl Read) -> Result<bool, FileProblem> {
    let mut piece = start;
    loop {
        if piece.windows(3).any(|mark| mark == b"<!D") {
            return Err(FileProblem::broken("a sheet declares a document type"));
        }
        if piece
            .windows(3)
            .any(|mark| mark == b"<!-" || mark == b"<![" || mark.starts_with(b"&#"))
        {
            return Ok(true);
        }
        // A mark may begin at the end of one piece.
        piece.drain(..piece.len().saturating_sub(2));
        let read = rest.by_ref().take(PIECE).read_to_end(&mut piece);
        if read.map_err(FileProblem::broken)? == 0 {
            return Ok(false);
        }
    }
}

/// The place of a `<dimension>` whose range calamine would refuse.
fn odd_dimension(text: &str) -> Option<Range<usize>> {
    let from = text.find("<dimension")?;
    let to = from + text[from..].find('>')? + 1;
    let tag = &text[from..to];
    let range = tag.split_once("ref=")?.1.trim_start_matches(['"', '\'']);
    let range = range.split(['"', '\'']).next()?;
    let (first, last) = range.split_once(':').unwrap_or((range, range));
    let corners = (first.parse::<CellAddress>(), last.parse::<CellAddress>());
    let in_order = |first: CellAddress, last: CellAddress| {
        first.row <= last.row && first.column <= last.column
    };
    let sound =
        matches!(corners, (Ok(first), Ok(last)) if in_order(first, last)) && !range.contains('$');
    (!sound && tag.ends_with("/>")).then_some(from..to)
}
