//! The master workbook: everything consolidated, open to audit. One sheet a form, each total a
//! live formula over the cells it adds, beside lists of findings, submissions, units and rules.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use chrono::NaiveDateTime;
use rust_xlsxwriter::Url;

use super::master_detail::Detail;
use super::sheet::Sheet;
use super::{
    WriteError, master_detail, master_lists, master_overview, master_rules, master_table,
    new_workbook, save, sheet_name,
};
use crate::consolidate::{Consolidated, FormTable, LineState};
use crate::model::{CellAddress, Finding, Lang, Period, Submission, UnitFiling};
use crate::rules::Tallies;
use crate::schema::campaign::CampaignFile;

/// What the master workbook is made of.
#[derive(Debug, Clone, Copy)]
pub struct MasterInput<'a> {
    /// The campaign: title, office, kinds of unit.
    pub campaign: &'a CampaignFile,
    /// The period consolidated.
    pub period: Period,
    /// The day the newest submission was saved, as printed; nothing is printed without.
    pub received_until: Option<&'a str>,
    /// Tables and figures.
    pub consolidated: &'a Consolidated,
    /// Every unit and where it stands.
    pub units: &'a [UnitFiling],
    /// Every workbook received.
    pub submissions: &'a [Submission],
    /// Everything found wrong.
    pub findings: &'a [Finding],
    /// How often each rule was asked, and what came of it.
    pub tallies: &'a Tallies,
    /// The way from the master workbook's folder to what files are relative to: `../`.
    pub link_prefix: &'a str,
    /// Language of the findings' messages.
    pub lang: Lang,
}

/// Names of sheets that are not a form's.
pub(super) const OVERVIEW: &str = "Tổng quan";
pub(super) const FINDINGS: &str = "Phát hiện";
pub(super) const SUBMISSIONS: &str = "Bản nộp";
pub(super) const UNITS: &str = "Đơn vị";
pub(super) const RULES: &str = "Quy tắc";

/// Hyperlinks a sheet may hold in Excel; those beyond stay plain text.
pub(super) const MAX_LINKS: usize = 60_000;

/// Writes the master workbook to `path`, stamped `created`.
pub fn write_master(
    input: &MasterInput<'_>,
    created: NaiveDateTime,
    path: &Path,
) -> Result<(), WriteError> {
    let mut workbook = new_workbook(&input.campaign.title, &input.campaign.office, created)?;
    let names = SheetNames::new(&input.consolidated.forms);
    let master = Master::new(input);

    master_overview::write(&mut Sheet::add(&mut workbook, OVERVIEW)?, &master, &names)?;
    for (table, name) in input.consolidated.forms.iter().zip(&names.forms) {
        let detail = name
            .detail
            .as_deref()
            .map(|sheet| Detail::new(table, sheet));
        let mut sheet = Sheet::add(&mut workbook, &name.table)?;
        master_table::write(&mut sheet, &master, table, detail.as_ref())?;
        if let Some(detail) = detail {
            let mut sheet = Sheet::add(&mut workbook, detail.sheet)?;
            master_detail::write(&mut sheet, &master, table, &detail)?;
        }
    }
    master_lists::findings(&mut Sheet::add(&mut workbook, FINDINGS)?, &master)?;
    master_lists::submissions(&mut Sheet::add(&mut workbook, SUBMISSIONS)?, &master)?;
    master_lists::units(&mut Sheet::add(&mut workbook, UNITS)?, &master)?;
    master_rules::write(&mut Sheet::add(&mut workbook, RULES)?, &master)?;
    save(&mut workbook, path)
}

/// Names of the sheets of one form.
pub(super) struct FormSheets {
    /// One line a unit.
    pub table: String,
    /// Rows of a free-row form.
    pub detail: Option<String>,
}

/// Names of all sheets.
pub(super) struct SheetNames {
    /// One a form, in order.
    pub forms: Vec<FormSheets>,
}

impl SheetNames {
    fn new(tables: &[FormTable]) -> Self {
        let mut taken: Vec<String> = [OVERVIEW, FINDINGS, SUBMISSIONS, UNITS, RULES]
            .map(str::to_owned)
            .to_vec();
        let mut take = |wanted: &str, tail: &str| {
            let name = sheet_name(&super::shorten(wanted, tail), &taken);
            taken.push(name.clone());
            name
        };
        let forms = tables.iter().map(|table| FormSheets {
            table: take(&table.form.file.sheet, ""),
            detail: table
                .form
                .is_free()
                .then(|| take(&table.form.file.sheet, " - chi tiết")),
        });
        SheetNames {
            forms: forms.collect(),
        }
    }
}

/// The input with what every sheet looks up in it.
pub(super) struct Master<'a> {
    pub input: &'a MasterInput<'a>,
    /// Units by code.
    unit_names: HashMap<&'a str, &'a str>,
    /// Forms by id, as their sheets are called.
    form_names: HashMap<&'a str, &'a str>,
}

impl<'a> Master<'a> {
    fn new(input: &'a MasterInput<'a>) -> Self {
        let units = input.units.iter().map(|filing| &filing.unit);
        let forms = input.consolidated.forms.iter().map(|table| &table.form);
        Master {
            input,
            unit_names: units
                .map(|unit| (unit.code.as_str(), unit.name.as_str()))
                .collect(),
            form_names: forms
                .map(|form| (form.id(), form.file.sheet.as_str()))
                .collect(),
        }
    }

    /// Name of a unit; its code if it is not in the roster.
    pub fn unit_name<'b>(&'b self, code: &'b str) -> &'b str {
        self.unit_names.get(code).copied().unwrap_or(code)
    }

    /// What a form's sheet is called; its id if it is not in the campaign.
    pub fn form_name<'b>(&'b self, id: &'b str) -> &'b str {
        self.form_names.get(id).copied().unwrap_or(id)
    }

    /// Name of a kind of unit.
    pub fn kind_name<'b>(&'b self, id: &'b str) -> &'b str {
        let kinds = &self.input.campaign.kinds;
        kinds
            .iter()
            .find(|kind| kind.id == id)
            .map_or(id, |kind| &kind.name)
    }

    /// A link to a received file, at a cell of it if one is given. `None` if Excel could not
    /// follow it.
    pub fn link(&self, file: &str, place: Option<(&str, CellAddress)>) -> Option<Url> {
        // Excel takes both for marks of its own.
        if file.is_empty() || file.contains(['#', '%']) || file.len() > 1_000 {
            return None;
        }
        // Of a file in an archive only the archive can be opened.
        let submissions = &self.input.submissions;
        let own = submissions.iter().find(|own| &*own.file == file);
        let archive = own.and_then(|own| own.archive.as_deref());
        let anchor = place
            .filter(|_| archive.is_none())
            .filter(|(sheet, _)| !sheet.contains(['#', '%']))
            .map(|(sheet, cell)| format!("#'{}'!{cell}", sheet.replace('\'', "''")));
        let target = format!(
            "file:///{}{}{}",
            self.input.link_prefix,
            archive.unwrap_or(file),
            anchor.unwrap_or_default()
        );
        Some(Url::new(target).set_text(file))
    }

    /// Codes of units whose figures are not in the totals, of one table or of all, as listed.
    pub fn lacking<'b>(&self, tables: impl Iterator<Item = &'b FormTable>) -> Vec<&'b str> {
        let lines = tables.flat_map(|table| &table.lines);
        let mut seen = HashSet::new();
        lines
            .filter(|line| line.state != LineState::Accepted)
            .map(|line| line.unit.code.as_str())
            .filter(|code| seen.insert(*code))
            .collect()
    }
}

/// What stands over a table whose totals lack units.
pub(super) fn provisional_text(lacking: usize) -> String {
    format!("SỐ LIỆU TẠM TÍNH: còn {lacking} đơn vị chưa có số")
}
