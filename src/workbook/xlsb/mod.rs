//! Excel binary workbooks (`.xlsb`), read record by record.
//!
//! calamine reads these too, but indexes past the end of records that are too short, leaves out
//! formulas whose result is an error, and does not report number formats, merges or what is hidden.

mod globals;
mod records;
mod sheet;

use std::io::{Cursor, Read};

use self::records::Records;
use super::limits::Budget;
use super::{FileProblem, Format, Limits, Workbook};
use crate::package::xml::text_of;
use crate::package::{Package, Relationship};

/// Reads a workbook.
///
/// # Errors
/// The workbook is damaged, locked, or larger than the limits allow.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    let mut package = Package::open(Cursor::new(bytes))?;
    package.check_sizes(limits.part_bytes, limits.unpacked_bytes)?;
    let office = package
        .relations("")?
        .into_iter()
        .rfind(|relation| relation.kind == "officeDocument")
        .ok_or_else(|| FileProblem::broken("no workbook in it"))?;
    let workbook = office.target.trim_start_matches('/');
    let folder = workbook.rsplit_once('/').map_or("", |(folder, _)| folder);
    let parts = Parts {
        folder: folder.to_owned(),
        relations: package.relations(workbook)?,
    };
    let listed = globals::workbook(&read_part(&mut package, workbook)?, limits)?;
    let mut shared = globals::Shared::new(listed.since_1904);
    if let Some(styles) = parts.of_kind("styles") {
        shared.read_styles(&read_part(&mut package, &styles)?)?;
    }
    if let Some(strings) = parts.of_kind("sharedStrings") {
        shared.read_strings(&read_part(&mut package, &strings)?, limits)?;
    }
    let mut budget = Budget::new(limits);
    let mut sheets = Vec::new();
    for entry in listed.sheets {
        let Some(part) = parts.worksheet(&entry.relation)? else {
            continue;
        };
        let part = read_part(&mut package, &part)?;
        let sheet = sheet::read(Records::new(&part), &entry, &mut shared, &mut budget)?;
        budget.push_sheet(&mut sheets, sheet)?;
    }
    Ok(Workbook {
        sheets,
        saved_at: saved_at(&mut package),
        format: Format::Xlsb,
        has_macros: package.names().any(|name| name.ends_with("vbaproject.bin")),
        names: Vec::new(),
    })
}

/// The parts that the workbook refers to.
struct Parts {
    folder: String,
    relations: Vec<Relationship>,
}

impl Parts {
    fn path(&self, target: &str) -> String {
        match target.strip_prefix('/') {
            Some(absolute) => absolute.to_owned(),
            None => format!("{}/{target}", self.folder),
        }
    }

    fn of_kind(&self, kind: &str) -> Option<String> {
        let relation = self
            .relations
            .iter()
            .rfind(|relation| relation.kind == kind)?;
        Some(self.path(&relation.target))
    }

    /// The part of a sheet; nothing for charts and dialogues.
    fn worksheet(&self, id: &str) -> Result<Option<String>, FileProblem> {
        let relation = self.relations.iter().rfind(|relation| relation.id == id);
        let relation = relation.ok_or_else(|| FileProblem::broken("a sheet has no part"))?;
        Ok((relation.kind == "worksheet").then(|| self.path(&relation.target)))
    }
}

/// A part as a whole; its size was checked with all others.
fn read_part(package: &mut Package<Cursor<&[u8]>>, name: &str) -> Result<Vec<u8>, FileProblem> {
    let mut bytes = Vec::new();
    package
        .needed(name)?
        .read_to_end(&mut bytes)
        .map_err(FileProblem::broken)?;
    Ok(bytes)
}

/// Nothing depends on the properties: a workbook may well lack them.
fn saved_at(package: &mut Package<Cursor<&[u8]>>) -> Option<String> {
    let part = package.part("docProps/core.xml").ok().flatten()?;
    text_of(part, "modified").ok().flatten()
}

#[cfg(test)]
pub(super) mod tests;
