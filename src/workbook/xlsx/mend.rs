//! Workbooks that Excel opens and calamine refuses: a size of a sheet that is no range (it is only
//! a hint), an unknown state of a sheet (Excel shows the sheet), sheets of Excel 4 macros. They are
//! read from a copy in memory in which these are left out; everything else is copied as it is.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::{Cursor, Read};
use std::ops::Range;

use crate::model::CellAddress;
use crate::package::edit::{Edits, Element};
use crate::package::{Package, PackageCopy};
use crate::workbook::{FileProblem, Limits};

const WORKBOOK: &str = "xl/workbook.xml";
const MACRO_SHEETS: &str = "macrosheets/";
/// States of sheets that the format knows.
const STATES: [&str; 3] = ["visible", "hidden", "veryHidden"];
/// Bytes of a worksheet part in which its size is looked for; it precedes the cells.
const START: u64 = 8192;

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
        .into_iter()
        .filter(|relation| relation.part.contains(MACRO_SHEETS))
        .map(|relation| relation.id)
        .collect();
    let sheets: Vec<String> = package
        .names()
        .filter(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml"))
        .map(str::to_owned)
        .collect();
    let mut odd = Vec::new();
    for name in sheets {
        let mut start = Vec::new();
        let part = package.needed(&name)?;
        part.take(START)
            .read_to_end(&mut start)
            .map_err(FileProblem::broken)?;
        if odd_dimension(&String::from_utf8_lossy(&start)).is_some() {
            odd.push(name);
        }
    }
    let mut copy = PackageCopy::of(bytes, limits.part_bytes)?;
    let list = copy.text(WORKBOOK)?.unwrap_or_default();
    let listed = listed(&list, &macros)?;
    if odd.is_empty() && listed.is_empty() {
        return Ok(Mended {
            bytes: Cow::Borrowed(bytes),
            macro_sheets: false,
        });
    }
    copy.set(WORKBOOK, listed.apply(&list)?);
    for name in odd {
        let mut text = copy.needed(&name)?;
        if let Some(place) = odd_dimension(&text) {
            text.replace_range(place, "");
            copy.set(&name, text);
        }
    }
    Ok(Mended {
        bytes: Cow::Owned(copy.finish()?),
        macro_sheets: !macros.is_empty(),
    })
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
    let sound = matches!(corners, (Ok(first), Ok(last)) if in_order(first, last));
    (!sound && tag.ends_with("/>")).then_some(from..to)
}
