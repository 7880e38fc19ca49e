//! Checks on a workbook before calamine reads it.
//!
//! calamine reserves memory for as many shared strings as the file says it has, and gives every
//! cell format its own copy of its font. A small file can make either demand terabytes, which
//! ends the process and cannot be caught. (What parts unpack to is bounded before: see
//! [`crate::workbook::Limits`].)

use std::io::{BufRead, Read, Seek};

use crate::package::Package;
use crate::package::xml::{Step, Walk, attribute, walk};
use crate::workbook::FileProblem;

/// Cell formats, with those of named styles. Excel allows 65,490.
const MOST_FORMATS: usize = 200_000;
/// Bytes of a font name or number format. Excel allows 255 characters.
const LONGEST_STYLE: usize = 1024;

/// Refuses a workbook whose declarations would exhaust memory; a part has at most `part_bytes`
/// bytes unpacked.
///
/// # Errors
/// Such a declaration, or a damaged part.
pub(super) fn check<R: Read + Seek>(
    package: &mut Package<R>,
    part_bytes: u64,
) -> Result<(), FileProblem> {
    let suspicious: Vec<String> = package
        .names()
        .filter(|name| name.ends_with("sharedstrings.xml") || name.ends_with("styles.xml"))
        .map(str::to_owned)
        .collect();
    for name in suspicious {
        let part = package.needed(&name)?;
        match name.ends_with("styles.xml") {
            true => check_styles(part)?,
            false => check_string_count(part, part_bytes)?,
        }
    }
    Ok(())
}

/// A string takes at least the five bytes of `<si/>`.
fn check_string_count(part: impl BufRead, part_bytes: u64) -> Result<(), FileProblem> {
    walk(part, |step| {
        let Step::Open(element) = step else {
            return Ok(Walk::On);
        };
        if element.local_name().as_ref() != "sst" {
            return Ok(Walk::On);
        }
        let count = attribute(element, "uniqueCount")?.and_then(|count| count.parse::<u64>().ok());
        match count {
            Some(count) if count > part_bytes / 5 => Err(FileProblem::broken(format!(
                "it claims to have {count} texts"
            ))),
            _ => Ok(Walk::Done),
        }
    })
}

fn check_styles(part: impl BufRead) -> Result<(), FileProblem> {
    let mut formats = 0;
    walk(part, |step| {
        let Step::Open(element) = step else {
            return Ok(Walk::On);
        };
        let name = element.local_name();
        formats += usize::from(name.as_ref() == "xf");
        let long = matches!(name.as_ref(), "name" | "numFmt")
            && element.attributes_raw().len() > LONGEST_STYLE;
        if formats > MOST_FORMATS || long {
            return Err(FileProblem::broken("too many or too long cell formats"));
        }
        Ok(Walk::On)
    })
}
