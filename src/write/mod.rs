//! Workbooks the tool writes: the template of each unit, the master workbook, the appendices.
//! The only place that names the spreadsheet writer.

pub mod appendix;
mod appendix_build;
mod appendix_document;
mod appendix_lines;
mod appendix_query;
mod appendix_sheet;
mod chart_look;
mod check_lines;
mod expression;
mod first_page;
pub mod grid;
mod list;
pub mod master;
mod master_charts;
mod master_contents;
mod master_counts;
mod master_detail;
mod master_figure;
mod master_fold;
mod master_lists;
mod master_outliers;
mod master_overview;
mod master_plan;
mod master_rules;
mod master_table;
mod master_tree;
mod master_trend;
pub mod measure;
pub mod returned;
mod rule_formula;
mod rule_names;
mod rule_slack;
mod sheet;
pub mod style;
pub mod template;
mod template_checks;
mod template_choices;
mod template_computed;
mod template_frame;
mod template_guide;
mod template_input;
mod template_previous;
mod template_sheet;
mod template_text;
mod template_total;

use std::fmt;
use std::io::Write;
use std::path::Path;

use chrono::{Datelike, NaiveDateTime, Timelike};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use crate::model::Message;

pub use appendix::{
    Listed, ListedGroup, ListedRow, appendix_lists, write_appendices, write_appendix_document,
};
pub use master::{MasterInput, write_master};
pub use template::{
    CheckCell, CheckPlace, Fill, FormSheet, Input, Layout, RowRef, TemplateInput, write_template,
};

/// What kept a workbook from being written.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteError {
    /// What happened and what to do about it.
    pub message: Message,
}

impl WriteError {
    fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            message: Message::new(vi, en),
        }
    }
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.vi)
    }
}

impl std::error::Error for WriteError {}

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        WriteError::new(
            format!("không tạo được bảng tính: {error}"),
            format!("the workbook cannot be built: {error}"),
        )
    }
}

/// Writes a workbook so that `path` never holds half of one.
pub fn save(workbook: &mut Workbook, path: &Path) -> Result<(), WriteError> {
    let bytes = workbook.save_to_buffer()?;
    write_whole(path, &bytes)
}

/// Writes a file whole or not at all: into a file beside it, then renamed.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let failed = |error: std::io::Error| {
        WriteError::new(
            format!("không ghi được `{}`: {error}", path.display()),
            format!("cannot write `{}`: {error}", path.display()),
        )
    };
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tonghop-").suffix(".tmp");
    // A temporary file is private by default; a result is for the office to read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder).map_err(failed)?;
    file.write_all(bytes).map_err(failed)?;
    file.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

/// An empty workbook in the house font, stamped `created` so that the same input gives the same
/// bytes. The stamp is also what a reader takes for the moment the workbook was saved.
fn new_workbook(title: &str, author: &str, created: NaiveDateTime) -> Result<Workbook, WriteError> {
    let mut workbook = Workbook::new();
    // Times New Roman 12: rows of 24 pixels, digits 8 pixels wide.
    workbook.set_default_format(&style::base(), 24, 72)?;
    workbook.set_properties(&properties(title, author, created)?);
    Ok(workbook)
}

fn properties(
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
/// of `[]:*?/\`, told from its namesakes by " (2)".
fn sheet_name(wanted: &str, taken: &[String]) -> String {
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
fn shorten(name: &str, tail: &str) -> String {
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

#[cfg(test)]
mod tests;

#[cfg(test)]
mod master_tests;
