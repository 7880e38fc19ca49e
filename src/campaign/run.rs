//! A run from top to bottom: receive every file, settle which submission counts, evaluate the
//! rules, consolidate what is accepted.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::across::Together;
use super::definition::{Campaign, past_findings};
use super::error::ToolError;
use super::filings::{self, Filings};
use super::justify;
use super::mistakes;
use super::reading::{Against, Progress, Reading, built_in_forms, inbox, receive_all};
use super::receive::Received;
use crate::consolidate::{self, Consolidated, Filing, LineState};
use crate::extract::Table;
use crate::model::{
    Allowance, Fact, Finding, Message, Period, Reason, ReportingUnit, Severity, Submission,
    SubmissionStatus, UnitFiling, UnitStatus,
};
use crate::rules::{Outcome, Tallies, UnitTables, check_unit, fill_in};
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
    /// Every reason the units gave, for the archive.
    pub reasons: Vec<Reason>,
    /// How often each rule was evaluated, with what results.
    pub tallies: Tallies,
    /// The province's tables and figures; `None` for `check`.
    pub consolidated: Option<Consolidated>,
}

impl Run {
    /// Is anything wrong: an error, or a unit that owes its report?
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::blocks)
            || self
                .units
                .iter()
                .any(|unit| matches!(unit.status, UnitStatus::Missing | UnitStatus::Returned))
    }
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
        let received = receive_all(&files, against(campaign), reading, progress)?;
        return Ok(settle(campaign, received, false, &reading.limits).run);
    }
    let mut run = Run::default();
    let against = Against {
        campaign: None,
        forms: &built_in_forms()?,
    };
    for file in receive_all(&files, against, reading, progress)? {
        let asked = in_time(&reading.limits, |allowance| {
            ask_alone(file, None, allowance)
        });
        let (submission, outcome, facts) = asked;
        run.submissions.push(submission);
        run.tallies.merge(&outcome.tallies);
        run.findings.extend(outcome.findings);
        run.facts.extend(facts);
    }
    mistakes::gather(&mut run.findings);
    Ok(run)
}

/// Reads the whole inbox, checks it and consolidates what is accepted.
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
    let files = inbox::of_campaign(&campaign.folder)?;
    let received = receive_all(&files, against(campaign), reading, progress)?;
    let Settled {
        mut run,
        filings,
        refused,
    } = settle(campaign, received, true, &reading.limits);
    run.consolidated = Some(consolidate_accepted(campaign, &filings, &refused)?);
    run.units = unit_filings(campaign, &filings, &refused, &run.submissions);
    run.facts
        .retain(|fact| !refused.contains(&(fact.unit.clone(), fact.form.clone())));
    Ok(run)
}

/// What is known once every submission has been put in its place and every rule evaluated.
struct Settled {
    run: Run,
    filings: Filings,
    refused: Refused,
}

/// Does a unit's part of a run with the time that [`Limits::seconds`] gives it.
fn in_time<T>(limits: &Limits, part: impl FnOnce(&Allowance<'_>) -> T) -> T {
    let (begun, most) = (Instant::now(), Duration::from_secs(limits.seconds));
    part(&Allowance::until(&|| begun.elapsed() >= most))
}

/// `whole`: is this everything received, so that totals over units can be evaluated?
fn settle(
    campaign: &Campaign,
    mut received: Vec<Received>,
    whole: bool,
    limits: &Limits,
) -> Settled {
    let mut findings = Vec::new();
    filings::set_copies_aside(&mut received, &mut findings);
    let filings = filings::settle(campaign, &mut received, &mut findings);
    let mut run = Run::default();
    for (code, filed) in &filings {
        let unit = campaign.roster.by_code(code).map(Arc::as_ref);
        let tables: Vec<Table> = filed.values().map(|filed| filed.table.clone()).collect();
        let read = filed.values().flat_map(|filed| filed.findings.clone());
        let outcome = in_time(limits, |allowance| {
            ask_rules(unit, &tables, read.collect(), Some(campaign), allowance)
        });
        run.tallies.merge(&outcome.tallies);
        findings.extend(outcome.findings);
        run.facts
            .extend(facts(code, &tables, Some(campaign.file.period)));
    }
    // Nobody's file adds nothing, but what is wrong in it is reported all the same.
    for file in received
        .iter()
        .filter(|file| file.submission.unit.is_none())
    {
        let tables: Vec<Table> = file.tables.iter().map(|(table, _)| table.clone()).collect();
        let read = file.tables.iter().flat_map(|(_, found)| found.clone());
        let outcome = in_time(limits, |allowance| {
            ask_rules(None, &tables, read.collect(), Some(campaign), allowance)
        });
        findings.extend(outcome.findings);
    }
    run.reasons = justify::reasons(campaign, &received);
    run.submissions = received.into_iter().map(|file| file.submission).collect();
    let missing = filings::missing_forms(campaign, &filings, &run.submissions, &findings);
    findings.extend(missing);
    let file_of = |code: &str| {
        let unit = campaign.roster.by_code(code)?;
        filings::current_file(&run.submissions, unit)
    };
    findings.extend(past_findings(&campaign.lacks, &file_of));
    for submission in &run.submissions {
        name_unit(submission, &mut findings);
    }
    let together = Together::new(campaign, &filings);
    together.ask(campaign, &mut findings);
    if whole && !campaign.controls.is_empty() {
        let mut so_far = findings.clone();
        justify::apply(&mut so_far, &run.reasons, &campaign.file.accepts);
        let refused = refused_forms(&so_far, &filings, &run.submissions);
        let out = |unit: &str, form: &str| refused.contains(&(unit.into(), form.into()));
        findings.extend(together.totals(campaign, &out));
    }
    justify::apply(&mut findings, &run.reasons, &campaign.file.accepts);
    for submission in &mut run.submissions {
        settle_status(submission, &findings);
    }
    let refused = refused_forms(&findings, &filings, &run.submissions);
    mistakes::gather(&mut findings);
    run.findings = findings;
    Settled {
        run,
        filings,
        refused,
    }
}

fn against(campaign: &Campaign) -> Against<'_> {
    Against {
        campaign: Some(campaign),
        forms: &campaign.forms,
    }
}

/// Evaluates the rules on one workbook by itself: its status, what was found, what was read.
pub fn check_alone(
    file: Received,
    campaign: Option<&Campaign>,
) -> (Submission, Vec<Finding>, Vec<Fact>) {
    let (submission, mut outcome, facts) = ask_alone(file, campaign, &Allowance::default());
    mistakes::gather(&mut outcome.findings);
    (submission, outcome.findings, facts)
}

fn ask_alone(
    mut file: Received,
    campaign: Option<&Campaign>,
    allowance: &Allowance<'_>,
) -> (Submission, Outcome, Vec<Fact>) {
    let unit = file.submission.unit.clone();
    let mut findings = file.findings;
    let (mut tables, mut read) = (Vec::new(), Vec::new());
    for (table, found) in file.tables {
        tables.push(table);
        read.extend(found);
    }
    let asked = ask_rules(unit.as_deref(), &tables, read, campaign, allowance);
    findings.extend(asked.findings);
    // Without a campaign the template's own record says whose figures these are, and when.
    let recorded = &file.identity;
    let period = match campaign {
        Some(campaign) => Some(campaign.file.period),
        None => recorded
            .period
            .as_deref()
            .and_then(|period| period.parse().ok()),
    };
    let code = unit
        .as_ref()
        .map(|unit| unit.code.as_str())
        .or(recorded.unit_code.as_deref());
    let facts = facts(code.unwrap_or_default(), &tables, period);
    name_unit(&file.submission, &mut findings);
    settle_status(&mut file.submission, &findings);
    let outcome = Outcome {
        findings,
        tallies: asked.tallies,
    };
    (file.submission, outcome, facts)
}

/// Evaluates all rules on one unit's tables; `read` is what was found while they were read, and is
/// first in what is found.
fn ask_rules(
    unit: Option<&ReportingUnit>,
    tables: &[Table],
    mut read: Vec<Finding>,
    campaign: Option<&Campaign>,
    allowance: &Allowance<'_>,
) -> Outcome {
    let unit_tables = UnitTables {
        unit: unit.map_or("", |unit| unit.code.as_str()),
        tables,
        previous: campaign.and_then(|campaign| campaign.previous.as_ref()),
    };
    let mut outcome = check_unit(&unit_tables, allowance);
    if let Some(unit) = unit {
        for finding in &mut outcome.findings {
            finding.sign(&unit.code);
        }
    }
    fill_in(&unit_tables, &mut read, &outcome.findings);
    read.append(&mut outcome.findings);
    outcome.findings = read;
    outcome
}

fn facts(unit: &str, tables: &[Table], period: Option<Period>) -> Vec<Fact> {
    let unit: Arc<str> = unit.into();
    tables
        .iter()
        .flat_map(|table| table.facts(&unit, period))
        .collect()
}

/// Names the unit in the findings about its file.
fn name_unit(submission: &Submission, findings: &mut [Finding]) {
    let Some(unit) = &submission.unit else { return };
    let unnamed =
        |finding: &&mut Finding| finding.file == submission.file && finding.unit.is_none();
    for finding in findings.iter_mut().filter(unnamed) {
        finding.sign(&unit.code);
    }
}

/// Counts the open findings about a file and settles what becomes of it.
fn settle_status(submission: &mut Submission, findings: &[Finding]) {
    for finding in findings
        .iter()
        .filter(|finding| finding.file == submission.file)
    {
        match finding.severity {
            _ if !finding.is_open() => {}
            Severity::Error => submission.errors += 1,
            Severity::Warning => submission.warnings += 1,
            Severity::Info => {}
        }
    }
    if submission.status == SubmissionStatus::Accepted && submission.errors > 0 {
        submission.status = SubmissionStatus::Returned;
    }
}

/// (unit, form) pairs that an error keeps out of the totals. An error about a file as a whole keeps
/// out every form that would count from it.
fn refused_forms(findings: &[Finding], filings: &Filings, submissions: &[Submission]) -> Refused {
    let mut refused = Refused::new();
    for finding in findings.iter().filter(|finding| finding.blocks()) {
        let Some(unit) = &finding.unit else { continue };
        if let Some(form) = &finding.form {
            refused.insert((unit.clone(), form.clone()));
            continue;
        }
        let file = submissions
            .iter()
            .find(|submission| submission.file == finding.file);
        for form in file.iter().flat_map(|file| &file.forms) {
            let filed = filings.get(&**unit).and_then(|filed| filed.get(&**form));
            if filed.is_none_or(|filed| filed.table.file == finding.file) {
                refused.insert((unit.clone(), form.clone()));
            }
        }
    }
    refused
}

/// (unit, form) pairs kept out of the totals.
type Refused = BTreeSet<(Arc<str>, Arc<str>)>;

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
    let units = campaign.units_in_order();
    let mut tables = Vec::new();
    for form in &campaign.forms {
        let expected = units
            .iter()
            .filter(|unit| campaign.expects(unit, form.id()));
        // A table read by an older version of its form is laid out as the current one requires.
        let recast: BTreeMap<&str, Table> = filings
            .iter()
            .filter_map(|(code, filed)| Some((code.as_str(), &filed.get(form.id())?.table)))
            .filter(|(_, table)| !Arc::ptr_eq(&table.form, form))
            .map(|(code, table)| (code, table.recast(form)))
            .collect();
        let filed = |code: &str| Some(&filings.get(code)?.get(form.id())?.table);
        let lines: Vec<Filing<'_>> = expected
            .map(|unit| Filing {
                unit: unit.clone(),
                state: line_state(filings, refused, &unit.code, form.id()),
                table: recast.get(unit.code.as_str()).or(filed(&unit.code)),
            })
            .collect();
        tables.push(consolidate::form_table(form, &lines).map_err(|error| {
            ToolError::Other(Message::new(
                format!("biểu `{}`: không cộng được: {error}", form.id()),
                format!("form `{}`: cannot be added up: {error}", form.id()),
            ))
        })?);
    }
    let figures = consolidate::figures(&campaign.file.figures, &campaign.figures, &tables);
    Ok(Consolidated {
        forms: tables,
        figures,
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
