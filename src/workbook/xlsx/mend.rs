//! Workbooks that Excel opens and calamine refuses: a size of a sheet that is no range (it is only
//! a hint), an unknown state of a sheet (Excel shows the sheet), sheets of Excel 4 macros. They are
//! read from a copy in memory in which these are left out; everything else is copied as it is.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, Writer};
use zip::{ZipArchive, ZipWriter};

use crate::model::CellAddress;
use crate::workbook::FileProblem;
use crate::workbook::xml::{Step, Walk, attribute, walk};

const WORKBOOK: &str = "xl/workbook.xml";
const RELATIONS: &str = "xl/_rels/workbook.xml.rels";
const MACRO_SHEETS: &str = "macrosheets/";
/// Bytes of a worksheet part in which its size is looked for; it stands before the cells.
const START: u64 = 8192;

/// A package as calamine takes it, and whether sheets of macros were left out of it.
pub(super) struct Mended<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) macro_sheets: bool,
}

/// Mends what calamine would refuse. The parts' sizes must have been checked before.
///
/// # Errors
/// The package or one of the parts concerned is damaged.
pub(super) fn mend(bytes: &[u8]) -> Result<Mended<'_>, FileProblem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes))?;
    let mut changed: BTreeMap<String, String> = BTreeMap::new();
    let macros = macro_relations(&mut archive)?;
    if let Some(book) = text(&mut archive, WORKBOOK, u64::MAX)
        && let Some(mended) = workbook(&book, &macros)?
    {
        changed.insert(WORKBOOK.to_owned(), mended);
    }
    let sheets: Vec<String> = archive
        .file_names()
        .filter_map(Result::ok)
        .filter(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml"))
        .map(|name| name.to_string())
        .collect();
    for name in sheets {
        let start = text(&mut archive, &name, START).unwrap_or_default();
        let Some(place) = odd_dimension(&start) else {
            continue;
        };
        if let Some(mut sheet) = text(&mut archive, &name, u64::MAX) {
            sheet.replace_range(place, "");
            changed.insert(name, sheet);
        }
    }
    Ok(Mended {
        bytes: match changed.is_empty() {
            true => Cow::Borrowed(bytes),
            false => Cow::Owned(repacked(archive, &changed)?),
        },
        macro_sheets: !macros.is_empty(),
    })
}

/// The start of a part as text; `None` if there is no such part or it is no text.
fn text(archive: &mut ZipArchive<Cursor<&[u8]>>, name: &str, most: u64) -> Option<String> {
    let mut bytes = Vec::new();
    let part = archive.by_name(name).ok()?;
    part.take(most).read_to_end(&mut bytes).ok()?;
    match most {
        u64::MAX => String::from_utf8(bytes).ok(),
        _ => Some(String::from_utf8_lossy(&bytes).into_owned()),
    }
}

/// Ids of the relations that lead to sheets of macros.
fn macro_relations(
    archive: &mut ZipArchive<Cursor<&[u8]>>,
) -> Result<BTreeSet<String>, FileProblem> {
    let mut ids = BTreeSet::new();
    let relations = text(archive, RELATIONS, u64::MAX).unwrap_or_default();
    walk(relations.as_bytes(), |step| {
        if let Step::Open(element) = step {
            let target = attribute(element, "Target")?.unwrap_or_default();
            if target.contains(MACRO_SHEETS) {
                ids.extend(attribute(element, "Id")?);
            }
        }
        Ok(Walk::On)
    })?;
    Ok(ids)
}

/// The list of sheets without sheets of macros and without unknown states; `None` if it has none.
fn workbook(text: &str, macros: &BTreeSet<String>) -> Result<Option<String>, FileProblem> {
    let mut reader = Reader::from_str(text);
    let mut writer = Writer::new(Vec::new());
    let (mut changed, mut leaving_out) = (false, false);
    loop {
        let event = reader.read_event().map_err(FileProblem::broken)?;
        match event {
            Event::Eof => break,
            Event::End(end) if leaving_out && end.local_name().as_ref() == "sheet" => {
                leaving_out = false;
            }
            Event::Empty(sheet) if sheet.local_name().as_ref() == "sheet" => {
                match mended_sheet(&sheet, macros)? {
                    SheetEntry::LeftOut => changed = true,
                    SheetEntry::Kept => write(&mut writer, Event::Empty(sheet))?,
                    SheetEntry::Mended(mended) => {
                        changed = true;
                        write(&mut writer, Event::Empty(mended))?;
                    }
                }
            }
            Event::Start(sheet) if sheet.local_name().as_ref() == "sheet" => {
                match mended_sheet(&sheet, macros)? {
                    SheetEntry::LeftOut => (changed, leaving_out) = (true, true),
                    SheetEntry::Kept => write(&mut writer, Event::Start(sheet))?,
                    SheetEntry::Mended(mended) => {
                        changed = true;
                        write(&mut writer, Event::Start(mended))?;
                    }
                }
            }
            other => write(&mut writer, other)?,
        }
    }
    let mended = String::from_utf8(writer.into_inner()).map_err(FileProblem::broken)?;
    Ok(changed.then_some(mended))
}

fn write(writer: &mut Writer<Vec<u8>>, event: Event<'_>) -> Result<(), FileProblem> {
    writer.write_event(event).map_err(FileProblem::broken)
}

enum SheetEntry<'a> {
    Kept,
    Mended(BytesStart<'a>),
    LeftOut,
}

fn mended_sheet<'a>(
    sheet: &BytesStart<'a>,
    macros: &BTreeSet<String>,
) -> Result<SheetEntry<'a>, FileProblem> {
    if attribute(sheet, "id")?.is_some_and(|id| macros.contains(&id)) {
        return Ok(SheetEntry::LeftOut);
    }
    let state = attribute(sheet, "state")?;
    let known = ["visible", "hidden", "veryHidden"];
    if state.is_none_or(|state| known.contains(&state.as_str())) {
        return Ok(SheetEntry::Kept);
    }
    let mut mended = sheet.to_owned();
    mended.clear_attributes();
    for attribute in sheet.attributes().with_checks(false) {
        let attribute = attribute.map_err(FileProblem::broken)?;
        if attribute.key.as_ref() != "state" {
            mended.push_attribute(attribute);
        }
    }
    Ok(SheetEntry::Mended(mended.into_owned()))
}

/// The place of a `<dimension>` whose range calamine would refuse.
fn odd_dimension(start: &str) -> Option<std::ops::Range<usize>> {
    let from = start.find("<dimension")?;
    let to = from + start[from..].find('>')? + 1;
    let tag = &start[from..to];
    let range = tag.split_once("ref=")?.1;
    let range = range.trim_start_matches(['"', '\'']);
    let range = range.split(['"', '\'']).next()?;
    let (first, last) = range.split_once(':').unwrap_or((range, range));
    let corners = (first.parse::<CellAddress>(), last.parse::<CellAddress>());
    let sound = matches!(corners, (Ok(first), Ok(last)) if first.row <= last.row && first.column <= last.column);
    (!sound && tag.ends_with("/>")).then_some(from..to)
}

fn repacked(
    mut archive: ZipArchive<Cursor<&[u8]>>,
    changed: &BTreeMap<String, String>,
) -> Result<Vec<u8>, FileProblem> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..archive.len() {
        let part = archive.by_index_raw(at)?;
        let name = part.name().map_err(FileProblem::broken)?.to_string();
        match changed.get(&name) {
            None => writer.raw_copy_file(part)?,
            Some(text) => {
                drop(part);
                writer.start_file(name, zip::write::SimpleFileOptions::default())?;
                writer
                    .write_all(text.as_bytes())
                    .map_err(FileProblem::broken)?;
            }
        }
    }
    Ok(writer.finish()?.into_inner())
}
