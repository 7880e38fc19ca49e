//! An empty workbook in the house font, its properties, and names for its sheets.

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook};

use super::error::WriteError;
use super::style;

/// An empty workbook in the house font, stamped `created` so that the same input gives the same
/// bytes. The stamp is also what a reader takes for the moment the workbook was saved.
///
/// # Errors
/// `created` is no moment that a workbook can be stamped with.
pub fn new_workbook(
    title: &str,
    author: &str,
    created: NaiveDateTime,
) -> Result<Workbook, WriteError> {
    let mut workbook = Workbook::new();
    // Times New Roman 12: rows of 24 pixels, digits 8 pixels wide.
    workbook.set_default_format(&style::base(), 24, 72)?;
    workbook.set_properties(&properties(title, author, created)?);
    Ok(workbook)
}

/// The properties of a document, stamped `created`.
///
/// # Errors
/// `created` is no moment that a workbook can be stamped with.
pub fn properties(
    title: &str,
    author: &str,
    created: NaiveDateTime,
) -> Result<DocProperties, WriteError> {
    Ok(DocProperties::new()
        .set_title(title)
        .set_author(author)
        .set_company(author)
        .set_creation_datetime(&stamp(created)?))
}

fn stamp(created: NaiveDateTime) -> Result<ExcelDateTime, WriteError> {
    let unfit = || {
        WriteError::new(
            format!("thời điểm lập `{created}` không ghi được vào bảng tính"),
            format!("a workbook cannot be stamped `{created}`"),
        )
    };
    let small = |number: u32| u8::try_from(number).map_err(|_| unfit());
    let year = u16::try_from(created.year()).map_err(|_| unfit())?;
    let hour = u16::try_from(created.hour()).map_err(|_| unfit())?;
    let second = f64::from(created.second());
    let date = ExcelDateTime::from_ymd(year, small(created.month())?, small(created.day())?)?;
    Ok(date.and_hms(hour, small(created.minute())?, second)?)
}

/// A sheet name that Excel accepts and no other sheet of `taken` has: at most 31 characters, none
/// of `[]:*?/\`, distinguished from its namesakes by " (2)".
pub fn sheet_name(wanted: &str, taken: &[String]) -> String {
    let clean: String = wanted
        .chars()
        .map(|c| if "[]:*?/\\".contains(c) { '-' } else { c })
        .collect();
    let clean = clean.trim().trim_matches('\'');
    let clean = if clean.is_empty() { "Biểu" } else { clean };
    let used = |name: &str| {
        let name = name.to_lowercase();
        taken.iter().any(|other| other.to_lowercase() == name)
    };
    (1usize..)
        .map(|n| match n {
            1 => shorten(clean, ""),
            n => shorten(clean, &format!(" ({n})")),
        })
        .find(|name| !used(name))
        .unwrap_or_default()
}

/// `name` cut so that it and `tail` have Excel's 31 UTF-16 units at most.
pub fn shorten(name: &str, tail: &str) -> String {
    let room = 31 - tail.encode_utf16().count().min(31);
    let mut length = 0;
    let kept: String = name
        .chars()
        .take_while(|c| {
            length += c.len_utf16();
            length <= room
        })
        .collect();
    format!("{}{tail}", kept.trim_end())
}
