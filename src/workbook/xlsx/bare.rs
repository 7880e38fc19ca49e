//! Sheets that somebody formatted to the end of the grid: a million rows of cells without a value
//! unpack to more than is read of a file, and say nothing. They are read from a copy in memory
//! without such rows.

use std::borrow::Cow;
use std::io::{BufRead, Cursor, Read};

use crate::package::xml::local;
use crate::package::{Package, PackageCopy, PackageProblem};
use crate::workbook::{FileProblem, Limits};

/// How many times the limits such a workbook may unpack to. A million rows of ten cells are three.
const ROOM: u64 = 6;
/// Bytes of a row that are kept back until it is known whether it holds anything.
const LONGEST_ROW: usize = 1_000_000;

/// The workbook within the limits: as it is, or without rows that hold nothing.
///
/// # Errors
/// The workbook is damaged, or larger than the limits allow all the same.
pub(super) fn within<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Cow<'a, [u8]>, FileProblem> {
    let mut package = Package::open(Cursor::new(bytes))?;
    match package.check_sizes(limits.part_bytes, limits.unpacked_bytes) {
        Ok(()) => return Ok(Cow::Borrowed(bytes)),
        Err(PackageProblem::TooLarge(_)) => {}
        Err(problem) => return Err(problem.into()),
    }
    let room = |limit: u64| limit.saturating_mul(ROOM);
    package.check_sizes(room(limits.part_bytes), room(limits.unpacked_bytes))?;
    let sheets: Vec<String> = package
        .names()
        .filter(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml"))
        .map(str::to_owned)
        .collect();
    let mut copy = PackageCopy::of(bytes, limits.part_bytes)?;
    for name in sheets {
        let part = package.needed(&name)?;
        copy.set(&name, without_blank_rows(part, limits.part_bytes)?);
    }
    let bared = copy.finish()?;
    Package::open(Cursor::new(bared.as_slice()))?
        .check_sizes(limits.part_bytes, limits.unpacked_bytes)?;
    Ok(Cow::Owned(bared))
}

/// A worksheet without the rows of which no cell holds anything; at most so many bytes of it.
fn without_blank_rows(mut part: impl BufRead, most: u64) -> Result<String, FileProblem> {
    let (mut kept, mut piece) = (Vec::new(), Vec::new());
    // The row that has begun, while none of its cells holds anything.
    let mut row: Option<Vec<u8>> = None;
    loop {
        piece.clear();
        // A tag and the text before it.
        let read = Read::by_ref(&mut part)
            .take(most + 1)
            .read_until(b'>', &mut piece);
        if read.map_err(FileProblem::broken)? == 0 {
            break;
        }
        let tag = Tag::of(&piece);
        match (&mut row, tag) {
            (None, Tag::Blank("row")) => continue,
            (None, Tag::Open("row")) => row = Some(std::mem::take(&mut piece)),
            (Some(_), Tag::Close("row")) => row = None,
            (Some(begun), Tag::Blank("c")) if begun.len() < LONGEST_ROW => {
                begun.extend_from_slice(&piece);
            }
            _ => {
                kept.extend(row.take().unwrap_or_default());
                kept.extend_from_slice(&piece);
            }
        }
        if kept.len() as u64 > most {
            return Err(FileProblem::from(PackageProblem::TooLarge(most)));
        }
    }
    String::from_utf8(kept).map_err(FileProblem::broken)
}

/// What a piece of XML ends with; a name without its prefix.
#[derive(Debug, PartialEq)]
enum Tag<'a> {
    Open(&'a str),
    /// `<c r="A1" s="5"/>`
    Blank(&'a str),
    Close(&'a str),
    Other,
}

impl Tag<'_> {
    fn of(piece: &[u8]) -> Tag<'_> {
        let Ok(text) = std::str::from_utf8(piece) else {
            return Tag::Other;
        };
        // Text before a tag is no blank cell.
        let Some(inside) = text
            .trim_start()
            .strip_prefix('<')
            .and_then(|text| text.strip_suffix('>'))
        else {
            return Tag::Other;
        };
        let name = |text: &'_ str| -> usize {
            text.find(|c: char| c.is_ascii_whitespace() || c == '/')
                .unwrap_or(text.len())
        };
        if let Some(closed) = inside.strip_prefix('/') {
            return Tag::Close(local(closed.trim_end()));
        }
        let named = local(&inside[..name(inside)]);
        match inside.ends_with('/') {
            true => Tag::Blank(named),
            false => Tag::Open(named),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_that_hold_nothing_are_left_out() {
        let sheet = "<x:sheetData><x:row r=\"1\"><x:c r=\"A1\" s=\"1\"/><x:c r=\"B1\"><x:v>5</x:v></x:c></x:row>\
                     <row r=\"2\" s=\"3\"><c r=\"A2\" s=\"1\"/> <c r=\"B2\"/></row><row r=\"3\"/>\
                     <row r=\"4\"><c r=\"A4\"><f>A1</f></c></row></x:sheetData><mergeCells/>";
        let bare = "<x:sheetData><x:row r=\"1\"><x:c r=\"A1\" s=\"1\"/><x:c r=\"B1\"><x:v>5</x:v></x:c></x:row>\
                    <row r=\"4\"><c r=\"A4\"><f>A1</f></c></row></x:sheetData><mergeCells/>";
        assert_eq!(without_blank_rows(sheet.as_bytes(), 1000).unwrap(), bare);
        assert!(without_blank_rows(sheet.as_bytes(), 100).is_err());
    }
}
