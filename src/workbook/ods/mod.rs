//! OpenDocument spreadsheets (`.ods`), read in one pass over their XML.
//!
//! calamine lays each sheet out as a rectangle, with every repetition spelled out. Here a row
//! repeated a million times costs nothing while it is empty.

mod content;
mod formats;
mod formula;
mod looks;

use std::io::Cursor;

use self::looks::Looks;
use super::{Content, FileProblem, Format, Limits, Workbook};
use crate::package::Package;
use crate::package::xml::{Step, Walk, text_of, walk};

/// Reads a workbook.
///
/// # Errors
/// The workbook is damaged, locked, or larger than the limits allow.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    let mut package = Package::open(Cursor::new(bytes))?;
    package.check_sizes(limits.part_bytes, limits.unpacked_bytes)?;
    if is_encrypted(&mut package)? {
        return Err(FileProblem::Encrypted);
    }
    let mut looks = Looks::default();
    // Named styles are in a part of their own, those of single cells with the content.
    if let Some(styles) = package.part("styles.xml")? {
        looks.read(styles)?;
    }
    looks.read(package.needed("content.xml")?)?;
    let empty_result = match written_by_office(&mut package) {
        true => Content::EmptyText,
        false => Content::Uncached,
    };
    let content = package.needed("content.xml")?;
    let sheets = content::read(content, looks, empty_result, limits)?;
    Ok(Workbook {
        sheets,
        saved_at: saved_at(&mut package),
        format: Format::Ods,
        has_macros: package.names().any(|name| {
            name.starts_with("basic/") || (name.starts_with("scripts/") && !name.ends_with('/'))
        }),
        names: Vec::new(),
    })
}

/// Reads a workbook that is one XML file (`.fods`).
///
/// # Errors
/// The file is damaged, or larger than the limits allow.
pub(super) fn read_flat(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    let mut looks = Looks::default();
    looks.read(bytes)?;
    let saved_at = text_of(bytes, "date").ok().flatten();
    let saved_at = saved_at.filter(|saved| chrono::DateTime::parse_from_rfc3339(saved).is_ok());
    Ok(Workbook {
        sheets: content::read(bytes, looks, Content::EmptyText, limits)?,
        saved_at,
        format: Format::FlatOds,
        has_macros: false,
        names: Vec::new(),
    })
}

/// The list of parts says that there is a password; each part is then unreadable.
fn is_encrypted(package: &mut Package<Cursor<&[u8]>>) -> Result<bool, FileProblem> {
    let mut encrypted = false;
    let Some(manifest) = package.part("META-INF/manifest.xml")? else {
        return Ok(false);
    };
    walk(manifest, |step| {
        if let Step::Open(element) = step
            && element.local_name().as_ref() == "encryption-data"
        {
            encrypted = true;
            return Ok::<_, FileProblem>(Walk::Done);
        }
        Ok(Walk::On)
    })?;
    Ok(encrypted)
}

/// LibreOffice and OpenOffice always compute, and write an empty text as no value at all. From
/// others a formula without a value is one that was never computed.
fn written_by_office(package: &mut Package<Cursor<&[u8]>>) -> bool {
    let part = package.part("meta.xml").ok().flatten();
    let generator = part.and_then(|part| text_of(part, "generator").ok().flatten());
    generator.is_some_and(|name| name.contains("Office"))
}

/// When it was saved, if given with a time zone: LibreOffice mostly leaves that out, and moments
/// of unknown zones cannot be put in order.
fn saved_at(package: &mut Package<Cursor<&[u8]>>) -> Option<String> {
    let part = package.part("meta.xml").ok().flatten()?;
    let saved = text_of(part, "date").ok().flatten()?;
    chrono::DateTime::parse_from_rfc3339(&saved).ok()?;
    Some(saved)
}

#[cfg(test)]
mod tests;
