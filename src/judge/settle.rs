//! Settles a run: which submission counts, what the rules find in it, and the status of each file.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::across::{Filed, Together};
use super::definition::{Definition, lacking};
use super::filings::{self, Filings};
use super::justify;
use super::mistakes;
use super::receive::Received;
use super::switched_off;
use crate::extract::Table;
use crate::model::{
    Allowance, Fact, Finding, Period, Reason, ReportingUnit, Severity, Submission, SubmissionStatus,
};
use crate::rules::{Outcome, Reporter, Tallies, UnitTables, check_confirmed, control, fill_in};

/// Starts the clock of one unit's part of a run; what it returns says whether the time is up. Only
/// the caller has a clock.
pub type Stopwatch<'a> = &'a dyn Fn() -> Box<dyn Fn() -> bool>;

/// A stopwatch whose time is never up.
pub fn no_hurry() -> Box<dyn Fn() -> bool> {
    Box::new(|| false)
}

/// The outcome once it is decided which submissions count and every rule has been evaluated.
#[derive(Default)]
pub(crate) struct Settled {
    pub(crate) submissions: Vec<Submission>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) reasons: Vec<Reason>,
    pub(crate) tallies: Tallies,
    pub(crate) filings: Filings,
    pub(crate) refused: Refused,
}

/// Does a unit's part of a run within its time.
pub(crate) fn in_time<T>(watch: Stopwatch<'_>, part: impl FnOnce(&Allowance<'_>) -> T) -> T {
    let late = watch();
    part(&Allowance::until(&*late))
}

/// `whole`: is this everything received, so that totals over units can be checked?
pub(crate) fn settle(
    campaign: &Definition,
    mut received: Vec<Received>,
    whole: bool,
    watch: Stopwatch<'_>,
) -> Settled {
    let mut findings = Vec::new();
    filings::set_copies_aside(&mut received, &mut findings);
    let filings = filings::settle(campaign, &mut received, &mut findings);
    let mut settled = Settled::default();
    for (code, filed) in &filings {
        let unit = campaign.roster.by_code(code).map(Arc::as_ref);
        let tables: Vec<Table> = filed.values().map(|filed| filed.table.clone()).collect();
        let read = filed.values().flat_map(|filed| filed.findings.clone());
        let outcome = in_time(watch, |allowance| {
            evaluate_rules(unit, &tables, read.collect(), Some(campaign), allowance)
        });
        settled.tallies.merge(&outcome.tallies);
        findings.extend(outcome.findings);
        settled
            .facts
            .extend(facts(code, &tables, Some(campaign.file.period)));
    }
    // A file of no known unit adds no figures, but its findings are reported.
    for file in received
        .iter()
        .filter(|file| file.submission.unit.is_none())
    {
        let tables: Vec<Table> = file.tables.iter().map(|(table, _)| table.clone()).collect();
        let read = file.tables.iter().flat_map(|(_, found)| found.clone());
        let outcome = in_time(watch, |allowance| {
            evaluate_rules(None, &tables, read.collect(), Some(campaign), allowance)
        });
        findings.extend(outcome.findings);
    }
    settled.reasons = justify::reasons(campaign, &received);
    settled.submissions = received.into_iter().map(|file| file.submission).collect();
    let missing = filings::missing_forms(campaign, &filings, &settled.submissions, &findings);
    findings.extend(missing);
    let file_of = |code: &str| {
        let unit = campaign.roster.by_code(code)?;
        filings::current_file(&settled.submissions, unit)
    };
    findings.extend(lacking(&campaign.lacks, &campaign.written_in, &file_of));
    for submission in &settled.submissions {
        name_unit(submission, &mut findings);
    }
    let filed = Filed::new(campaign, &filings);
    let mut together = Together::new(campaign, &filed);
    together.ask(&mut findings);
    switched_off::drop(campaign.forms.iter(), &campaign.file.checks, &mut findings);
    let refused = |findings: &[Finding]| {
        let mut so_far = findings.to_vec();
        justify::apply(
            &mut so_far,
            &settled.reasons,
            &campaign.file.accepts,
            &campaign.written_in,
        );
        refused_forms(&so_far, &filings, &settled.submissions)
    };
    let among = |refused: Refused| {
        move |unit: &str, form: &str| refused.contains(&(unit.into(), form.into()))
    };
    for level in 1..=together.levels() {
        together.leave_out(&among(refused(&findings)));
        findings.extend(together.sums(level));
        switched_off::drop(campaign.forms.iter(), &campaign.file.checks, &mut findings);
    }
    if whole && !campaign.controls.is_empty() {
        together.leave_out(&among(refused(&findings)));
        findings.extend(together.totals());
    }
    if whole && together.has_unsettled() {
        together.leave_out(&among(refused(&findings)));
        findings.extend(together.unsettled());
        switched_off::drop(campaign.forms.iter(), &campaign.file.checks, &mut findings);
    }
    justify::apply(
        &mut findings,
        &settled.reasons,
        &campaign.file.accepts,
        &campaign.written_in,
    );
    for submission in &mut settled.submissions {
        settle_status(submission, &findings);
    }
    settled.refused = refused_forms(&findings, &filings, &settled.submissions);
    mistakes::gather(&mut findings);
    settled.findings = findings;
    settled.filings = filings;
    settled
}

/// Evaluates all rules on one unit's tables. `read` holds the findings of reading them, which come
/// first in the outcome.
pub(crate) fn evaluate_rules(
    unit: Option<&ReportingUnit>,
    tables: &[Table],
    mut read: Vec<Finding>,
    campaign: Option<&Definition>,
    allowance: &Allowance<'_>,
) -> Outcome {
    let unit_tables = UnitTables {
        unit: unit.map_or("", |unit| unit.code.as_str()),
        kind: unit.map(|unit| unit.kind.as_str()),
        tables,
        previous: campaign.and_then(|campaign| campaign.previous.as_ref()),
    };
    let confirmed = campaign.zip(unit).map(|(campaign, unit)| {
        let reporter = Reporter {
            unit,
            tables: UnitTables { ..unit_tables },
            owes: Vec::new(),
            refused: Vec::new(),
            sums: Vec::new(),
            unsettled: Vec::new(),
        };
        control::confirmed(&campaign.controls, &reporter)
    });
    let mut outcome = check_confirmed(&unit_tables, &confirmed.unwrap_or_default(), allowance);
    if let Some(unit) = unit {
        for finding in &mut outcome.findings {
            finding.sign(&unit.code);
        }
    }
    fill_in(&unit_tables, &mut read, &mut outcome.findings);
    read.append(&mut outcome.findings);
    outcome.findings = read;
    outcome
}

pub(crate) fn facts(unit: &str, tables: &[Table], period: Option<Period>) -> Vec<Fact> {
    let unit: Arc<str> = unit.into();
    tables
        .iter()
        .flat_map(|table| table.facts(&unit, period))
        .collect()
}

/// Names the unit in the findings about its file.
pub(crate) fn name_unit(submission: &Submission, findings: &mut [Finding]) {
    let Some(unit) = &submission.unit else { return };
    let unnamed =
        |finding: &&mut Finding| finding.file == submission.file && finding.unit.is_none();
    for finding in findings.iter_mut().filter(unnamed) {
        finding.sign(&unit.code);
    }
}

/// Counts the open findings about a file and settles what becomes of it.
pub(crate) fn settle_status(submission: &mut Submission, findings: &[Finding]) {
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
pub(crate) type Refused = BTreeSet<(Arc<str>, Arc<str>)>;
