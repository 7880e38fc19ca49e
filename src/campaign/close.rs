//! Closes a period: accepted facts, reasons and findings go into the archive, with a manifest of
//! what they were made from.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use super::definition::Campaign;
use super::error::ToolError;
use super::run::Run;
use crate::consolidate::{FormTable, LineState, UnitLine, past};
use crate::history::{
    Closing, FormStamp, InputStamp, KeptFinding, LeftOut, Manifest, Units, WrittenPeriod,
};
use crate::model::{CellAddress, Fact, Finding, Message, Severity, UnitStatus};
use crate::schema::Form;

/// The outcome of closing a period.
#[derive(Debug)]
pub enum CloseOutcome {
    /// It is in the archive.
    Closed(WrittenPeriod, Box<Manifest>),
    /// Units are lacking and `provisional` was not given; nothing was written.
    Lacking(Units),
}

/// Closes the period of a consolidated run. While units are lacking only if `provisional`, a
/// closed one only if `reopen`.
///
/// # Errors
/// No figures were accepted, the period cannot be closed as things are, or the archive
/// cannot be written.
pub fn close(
    campaign: &Campaign,
    run: &Run,
    closed_at: &str,
    provisional: bool,
    reopen: bool,
) -> Result<CloseOutcome, ToolError> {
    let units = units(run);
    let lacking = !units.missing.is_empty() || !units.returned.is_empty();
    if run.facts.is_empty() {
        return Err(ToolError::Other(Message::new(
            "chưa có số liệu nào được nhận nên không có gì để chốt",
            "no figures have been accepted, so there is nothing to close",
        )));
    }
    if lacking && !provisional {
        return Ok(CloseOutcome::Lacking(units));
    }
    let manifest = Manifest {
        period: campaign.file.period,
        campaign: campaign.file.name.clone(),
        closed_at: closed_at.to_owned(),
        tonghop: env!("CARGO_PKG_VERSION").to_owned(),
        provisional: lacking,
        units,
        facts: run.facts.len(),
        files: BTreeMap::new(),
        forms: forms(campaign, run),
        definition: definition(campaign),
        inputs: inputs(run),
    };
    let findings = kept(&run.findings, &run.facts);
    let closing = Closing {
        manifest: manifest.clone(),
        facts: &run.facts,
        reasons: &run.reasons,
        findings: &findings,
    };
    let written = campaign.archive.close(closing, reopen)?;
    Ok(CloseOutcome::Closed(written, Box::new(manifest)))
}

/// How many units are in it, and which units or forms are not.
fn units(run: &Run) -> Units {
    let mut left_out: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for table in run.consolidated.iter().flat_map(|c| &c.forms) {
        let lines = table.lines.iter().chain(&table.sums);
        let open = lines.filter(|line| line.state != LineState::Accepted);
        for line in open {
            let forms = left_out.entry(line.unit.code.as_str()).or_default();
            forms.push(table.form.id().to_owned());
        }
    }
    let mut units = Units::default();
    for filing in &run.units {
        let code = filing.unit.code.clone();
        match filing.status {
            UnitStatus::NotExpected => continue,
            UnitStatus::Accepted => units.accepted += 1,
            UnitStatus::Missing => units.missing.push(code),
            UnitStatus::Returned => units.returned.push(LeftOut {
                forms: left_out.remove(code.as_str()).unwrap_or_default(),
                unit: code,
            }),
        }
        units.expected += 1;
    }
    units
}

/// A stamp of each form: version and hash, the units that had to file it, and its cells.
fn forms(campaign: &Campaign, run: &Run) -> Vec<FormStamp> {
    let tables = || run.consolidated.iter().flat_map(|c| &c.forms);
    let table = |form: &Form| tables().find(|table| table.form.id() == form.id());
    let codes = |lines: &[UnitLine]| -> Vec<String> {
        let codes = lines.iter().map(|line| line.unit.code.clone());
        codes.collect()
    };
    let due = |table: &FormTable| [codes(&table.lines), codes(&table.sums)].concat();
    let stamp = |form: &Arc<Form>| FormStamp {
        id: form.id().to_owned(),
        version: form.file.version.clone(),
        sha256: form.sha256.clone(),
        expected: table(form).map(due),
        sums: table(form).map_or(Vec::new(), |table| codes(&table.sums)),
        cells: Some(past::names(form).collect()),
    };
    campaign.forms.iter().map(stamp).collect()
}

fn definition(campaign: &Campaign) -> BTreeMap<String, String> {
    campaign
        .own_stamp()
        .into_iter()
        .chain(campaign.roster_stamp())
        .map(|(name, hash)| (name.clone(), hash.clone()))
        .collect()
}

/// The received files that figures come from.
fn inputs(run: &Run) -> Vec<InputStamp> {
    if run.submissions.is_empty() {
        // Closed periods that the run put together.
        let read = run.inputs.iter();
        let stamp = |(file, hash): (&Arc<str>, &Option<String>)| {
            Some(InputStamp {
                file: file.to_string(),
                sha256: hash.clone()?,
                unit: String::new(),
            })
        };
        return read.filter_map(stamp).collect();
    }
    let counted: BTreeSet<&str> = run
        .facts
        .iter()
        .filter_map(|fact| Some(&*fact.source.as_ref()?.file))
        .collect();
    let submissions = run
        .submissions
        .iter()
        .filter(|submission| counted.contains(&*submission.file));
    submissions
        .map(|submission| InputStamp {
            file: submission.file.to_string(),
            sha256: submission.sha256.clone(),
            unit: submission
                .unit
                .as_ref()
                .map_or(String::new(), |unit| unit.code.clone()),
        })
        .collect()
}

/// The findings that need an answer, each with the place of its cell in the form.
pub(super) fn kept(findings: &[Finding], facts: &[Fact]) -> Vec<KeptFinding> {
    let mut places: HashMap<(&str, &str, CellAddress), (&str, &str)> = HashMap::new();
    for fact in facts {
        if let Some(source) = &fact.source {
            let at = (&*source.file, &*source.sheet, source.cell);
            places.insert(at, (&*fact.row, &*fact.column));
        }
    }
    let asking = findings
        .iter()
        .filter(|finding| finding.severity != Severity::Info);
    asking
        .map(|finding| {
            let place = finding.sheet.as_deref().zip(finding.cell);
            let place = place.and_then(|(sheet, cell)| places.get(&(&*finding.file, sheet, cell)));
            KeptFinding::of(finding, place.copied())
        })
        .collect()
}
