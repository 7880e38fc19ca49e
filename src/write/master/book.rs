//! The input of the master workbook, the names of its sheets, and lookups shared by all sheets.

use std::collections::{HashMap, HashSet};

use rust_xlsxwriter::Url;

use crate::consolidate::{Consolidated, FormTable, LineState, PastFigures};
use crate::model::{CellAddress, Finding, Lang, Period, Provenance, Submission, UnitFiling};
use crate::rules::Tallies;
use crate::schema::campaign::CampaignFile;
use crate::schema::expression::Expr;
use crate::write::paper::workbook::sheet_name;

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
    /// The figures' expressions, in order.
    pub expressions: &'a [Expr],
    /// The figures in closed periods, the oldest first.
    pub past: &'a [PastFigures],
    /// Every unit and the state of its report.
    pub units: &'a [UnitFiling],
    /// Every workbook received.
    pub submissions: &'a [Submission],
    /// Everything found wrong.
    pub findings: &'a [Finding],
    /// How often each rule was evaluated, with what results.
    pub tallies: &'a Tallies,
    /// The way from the master workbook's folder to what files are relative to: `../`.
    pub link_prefix: &'a str,
    /// Language of the findings' messages.
    pub lang: Lang,
}

/// Names of sheets that are not a form's.
pub(super) const CONTENTS: &str = "Mục lục";
pub(super) const OVERVIEW: &str = "Tổng quan";
pub(super) const TREND: &str = "Diễn biến";
pub(super) const CHARTS: &str = "Biểu đồ";
pub(super) const FINDINGS: &str = "Phát hiện";
pub(super) const SUBMISSIONS: &str = "Bản nộp";
pub(super) const UNITS: &str = "Đơn vị";
pub(super) const RULES: &str = "Quy tắc";

/// Most hyperlinks of a sheet; Excel takes 65,530, and those beyond stay plain text.
pub(super) const MAX_LINKS: usize = 60_000;

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
    pub fn new(tables: &[FormTable]) -> Self {
        let mut taken: Vec<String> = [
            CONTENTS,
            OVERVIEW,
            TREND,
            CHARTS,
            FINDINGS,
            SUBMISSIONS,
            UNITS,
            RULES,
        ]
        .map(str::to_owned)
        .to_vec();
        let mut take = |wanted: &str, tail: &str| {
            let name = sheet_name(
                &crate::write::paper::workbook::shorten(wanted, tail),
                &taken,
            );
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
    /// Findings by file, sheet and cell.
    found: HashMap<(&'a str, &'a str, CellAddress), Vec<&'a Finding>>,
}

impl<'a> Master<'a> {
    pub fn new(input: &'a MasterInput<'a>) -> Self {
        let units = input.units.iter().map(|filing| &filing.unit);
        let forms = input.consolidated.forms.iter().map(|table| &table.form);
        let mut found: HashMap<_, Vec<&Finding>> = HashMap::new();
        for finding in input.findings {
            if let (Some(sheet), Some(cell)) = (finding.sheet.as_deref(), finding.cell) {
                let place = (&*finding.file, sheet, cell);
                found.entry(place).or_default().push(finding);
            }
        }
        Master {
            found,
            input,
            unit_names: units
                .map(|unit| (unit.code.as_str(), unit.name.as_str()))
                .collect(),
            form_names: forms
                .map(|form| (form.id(), form.file.sheet.as_str()))
                .collect(),
        }
    }

    /// Is there a closed period to compare with?
    pub fn has_trend(&self) -> bool {
        !self.input.past.is_empty() && !self.input.consolidated.figures.is_empty()
    }

    /// What was found at a cell of a received file.
    pub fn found<'b>(&'b self, source: &'b Provenance) -> &'b [&'a Finding] {
        let place = (&*source.file, &*source.sheet, source.cell);
        self.found.get(&place).map_or(&[], Vec::as_slice)
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
        // Excel cannot open a file inside an archive, so the link is to the archive.
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
