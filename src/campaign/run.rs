//! A run from top to bottom: receive every file, settle which submission counts, evaluate the
//! rules, consolidate what is accepted.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::clock::stopwatch;
use super::composed;
use super::definition::Campaign;
use super::error::ToolError;
use super::originals::Originals;
use super::reading::{Against, AllReceived, Progress, Reading, built_in_forms, inbox, receive_all};
use super::tables::consolidated;
use crate::consolidate::{Consolidated, LineState};
use crate::extract::Table;
use crate::judge::ReceivedFile;
use crate::judge::evaluate_alone;
use crate::judge::filings::{self, Filings};
use crate::judge::mistakes;
use crate::judge::settle::{Refused, in_time, settle};
use crate::model::{Fact, Finding, Reason, ReportingUnit, Submission, UnitFiling, UnitStatus};
use crate::rules::Tallies;
use crate::workbook::Limits;

/// The outcome of a run.
#[derive(Default)]
pub struct Run {
    /// Every file, in the order of their names.
    pub submissions: Vec<Submission>,
    /// Every unit of the roster; empty for `check`.
    pub units: Vec<UnitFiling>,
    /// Everything found, by unit, file, sheet and cell.
    pub findings: Vec<Finding>,
    /// Every fact that was read and counts; for `check`, every fact that was read.
    pub facts: Vec<Fact>,
    /// Every table that was read and counts; empty for `consolidate`.
    pub tables: Vec<Table>,
    /// Every reason the units gave, for the archive.
    pub reasons: Vec<Reason>,
    /// How often each rule was evaluated, with what results.
    pub tallies: Tallies,
    /// The province's tables and figures; `None` for `check`.
    pub consolidated: Option<Consolidated>,
    /// SHA-256 of every file that was read, by name; `None` if its bytes could not be read.
    pub inputs: BTreeMap<Arc<str>, Option<String>>,
    /// Bytes of the submissions, if they were to be kept.
    pub originals: Originals,
}

impl Run {
    /// What was settled as a run, and beside it what consolidating needs.
    fn of(campaign: &Campaign, all: AllReceived, whole: bool, limits: &Limits) -> Whole {
        let watch = || stopwatch(limits);
        let settled = settle(campaign, all.received, whole, &watch);
        let run = Run {
            submissions: settled.submissions,
            findings: settled.findings,
            facts: settled.facts,
            reasons: settled.reasons,
            tallies: settled.tallies,
            inputs: all.inputs,
            originals: all.originals,
            ..Run::default()
        };
        Whole {
            run,
            filings: settled.filings,
            refused: settled.refused,
        }
    }

    /// Is anything wrong: an error, or a unit that owes its report?
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::blocks)
            || self
                .units
                .iter()
                .any(|unit| matches!(unit.status, UnitStatus::Missing | UnitStatus::Returned))
    }
}

/// A run, and what consolidating needs beside it.
struct Whole {
    run: Run,
    filings: Filings,
    refused: Refused,
}

/// Checks files. With a campaign they are taken for what its units filed, as `consolidate` does;
/// without one each workbook is checked by itself against the built-in forms in it.
///
/// # Errors
/// A path, the campaign or a form cannot be read. What is wrong in a file is a finding.
pub fn check(
    paths: &[PathBuf],
    campaign: Option<&Campaign>,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Run, ToolError> {
    check_by(paths, campaign, &Reading::here(limits), progress)
}

/// [`check`], with a choice of where files are read.
///
/// # Errors
/// As for [`check`].
pub fn check_by(
    paths: &[PathBuf],
    campaign: Option<&Campaign>,
    reading: &Reading,
    progress: Progress<'_>,
) -> Result<Run, ToolError> {
    let files = inbox::of_paths(paths)?;
    if let Some(campaign) = campaign {
        let all = receive_all(&files, against(campaign), reading, progress)?;
        return Ok(judged(campaign, all, &reading.limits));
    }
    let against = Against {
        campaign: None,
        forms: &built_in_forms()?,
    };
    let all = receive_all(&files, against, reading, progress)?;
    let mut run = Run {
        inputs: all.inputs,
        originals: all.originals,
        ..Run::default()
    };
    for file in all.received {
        let watch = || stopwatch(&reading.limits);
        let judged = in_time(&watch, |allowance| evaluate_alone(file, None, allowance));
        run.submissions.push(judged.submission);
        run.tallies.merge(&judged.tallies);
        run.findings.extend(judged.findings);
        run.facts.extend(judged.facts);
        run.tables.extend(judged.tables);
    }
    mistakes::gather(&mut run.findings);
    Ok(run)
}

/// [`check`] of files that one unit sent, which need not be known yet by the names they are read
/// under. Of a workbook of another unit nothing is said but that.
///
/// # Errors
/// The campaign's archive cannot be read, or the processes to read in cannot be started.
pub fn check_sent(
    files: &[ReceivedFile],
    unit: &ReportingUnit,
    campaign: &Campaign,
    reading: &Reading,
) -> Result<Run, ToolError> {
    let mut all = receive_all(files, against(campaign), reading, &|_, _| {})?;
    all.received.iter_mut().for_each(|file| file.only_of(unit));
    Ok(judged(campaign, all, &reading.limits))
}

/// What a check of files comes to, with the tables that count.
fn judged(campaign: &Campaign, all: AllReceived, limits: &Limits) -> Run {
    let whole = Run::of(campaign, all, false, limits);
    Run {
        tables: filings::tables(whole.filings),
        ..whole.run
    }
}

/// Reads the whole inbox, checks it and consolidates what is accepted; or puts the period together
/// from closed ones, if the campaign says so.
///
/// # Errors
/// The campaign, its inbox or its archive cannot be read. What is wrong in a file is a finding.
pub fn consolidate(
    campaign: &Campaign,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Run, ToolError> {
    consolidate_by(campaign, &Reading::here(limits), progress)
}

/// [`consolidate`], with a choice of where files are read.
///
/// # Errors
/// As for [`consolidate`].
pub fn consolidate_by(
    campaign: &Campaign,
    reading: &Reading,
    progress: Progress<'_>,
) -> Result<Run, ToolError> {
    let run = consolidate_whole(campaign, reading, progress)?;
    Ok(Run {
        tables: Vec::new(),
        ..run
    })
}

/// [`consolidate_by`], with the tables that count.
///
/// # Errors
/// As for [`consolidate`].
pub fn consolidate_whole(
    campaign: &Campaign,
    reading: &Reading,
    progress: Progress<'_>,
) -> Result<Run, ToolError> {
    if campaign.file.made_of.is_some() {
        let whole = composed::run(campaign)?;
        return Ok(Run {
            findings: whole.findings,
            units: whole.units,
            consolidated: Some(whole.consolidated),
            facts: whole.facts,
            inputs: whole.inputs,
            ..Run::default()
        });
    }
    let files = inbox::of_campaign(&campaign.folder)?;
    let all = receive_all(&files, against(campaign), reading, progress)?;
    let Whole {
        mut run,
        filings,
        refused,
    } = Run::of(campaign, all, true, &reading.limits);
    run.consolidated = Some(consolidate_accepted(campaign, &filings, &refused)?);
    run.units = unit_filings(campaign, &filings, &refused, &run.submissions);
    run.facts
        .retain(|fact| !refused.contains(&(fact.unit.clone(), fact.form.clone())));
    run.tables = filings::tables(filings);
    Ok(run)
}

fn against(campaign: &Campaign) -> Against<'_> {
    Against {
        campaign: Some(campaign),
        forms: &campaign.forms,
    }
}

fn line_state(filings: &Filings, refused: &Refused, unit: &str, form: &str) -> LineState {
    let filed = filings
        .get(unit)
        .is_some_and(|filed| filed.contains_key(form));
    match (filed, refused.contains(&(unit.into(), form.into()))) {
        (_, true) => LineState::Returned,
        (true, false) => LineState::Accepted,
        (false, false) => LineState::Missing,
    }
}

fn consolidate_accepted(
    campaign: &Campaign,
    filings: &Filings,
    refused: &Refused,
) -> Result<Consolidated, ToolError> {
    // A table read by an older version of its form is laid out as the current one requires.
    let mut recast: BTreeMap<(String, String), Table> = BTreeMap::new();
    for (code, filed) in filings {
        for form in &campaign.forms {
            if let Some(filed) = filed.get(form.id())
                && !Arc::ptr_eq(&filed.table.form, form)
            {
                let key = (code.clone(), form.id().to_owned());
                recast.insert(key, filed.table.recast(form));
            }
        }
    }
    consolidated(campaign, &|unit, form| {
        let own = recast.get(&(unit.code.clone(), form.id().to_owned()));
        let filed = || Some(&filings.get(&unit.code)?.get(form.id())?.table);
        (
            line_state(filings, refused, &unit.code, form.id()),
            own.or_else(filed),
        )
    })
}

fn unit_filings(
    campaign: &Campaign,
    filings: &Filings,
    refused: &Refused,
    submissions: &[Submission],
) -> Vec<UnitFiling> {
    let filing = |unit: &Arc<ReportingUnit>| {
        let file = filings::current_file(submissions, unit);
        let expected: Vec<LineState> = campaign
            .forms
            .iter()
            .filter(|form| campaign.expects(unit, form.id()))
            .map(|form| line_state(filings, refused, &unit.code, form.id()))
            .collect();
        let status = if expected.is_empty() {
            UnitStatus::NotExpected
        } else if file.is_none() {
            UnitStatus::Missing
        } else if expected.iter().all(|state| *state == LineState::Accepted) {
            UnitStatus::Accepted
        } else {
            UnitStatus::Returned
        };
        UnitFiling {
            unit: unit.clone(),
            status,
            file,
        }
    };
    campaign.units_in_order().iter().map(filing).collect()
}
