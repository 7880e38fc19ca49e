//! A run from top to bottom: receive every file, settle which submission counts, ask the rules,
//! consolidate what is accepted.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use super::definition::Campaign;
use super::error::ToolError;
use super::inbox::{self, ReceivedFile};
use super::precedence;
use super::receive::{Received, receive};
use crate::consolidate::{self, Consolidated, Filing, LineState};
use crate::extract::Table;
use crate::model::{
    Class, Fact, Finding, Message, Period, ReportingUnit, Severity, Submission, SubmissionStatus,
    UnitFiling, UnitStatus,
};
use crate::rules::{UnitTables, check_unit};
use crate::schema::{Form, builtin};
use crate::workbook::Limits;

/// What a run came to.
pub struct Run {
    /// Every file, in the order of their names.
    pub submissions: Vec<Submission>,
    /// Every unit of the roster; empty for `check`.
    pub units: Vec<UnitFiling>,
    /// Everything found, by unit, file, sheet and cell.
    pub findings: Vec<Finding>,
    /// Every fact that was read and counts; for `check`, every fact that was read.
    pub facts: Vec<Fact>,
    /// The province's tables and figures; `None` for `check`.
    pub consolidated: Option<Consolidated>,
}

impl Run {
    /// Is anything wrong: an error, or a unit that owes its report?
    pub fn has_errors(&self) -> bool {
        self.findings
            .iter()
            .any(|finding| finding.severity == Severity::Error)
            || self
                .units
                .iter()
                .any(|unit| matches!(unit.status, UnitStatus::Missing | UnitStatus::Returned))
    }
}

/// Told of every file as it is done: files done, files in all.
pub type Progress<'a> = &'a dyn Fn(usize, usize);

/// Checks files on their own: each workbook against the forms in it.
pub fn check(
    paths: &[PathBuf],
    campaign: Option<&Campaign>,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Run, ToolError> {
    let files = inbox::of_paths(paths)?;
    let built_in;
    let forms = match campaign {
        Some(campaign) => &campaign.forms,
        None => {
            built_in = built_in_forms()?;
            &built_in
        }
    };
    let received = receive_all(&files, forms, campaign, limits, progress);
    let mut run = Run {
        submissions: Vec::new(),
        units: Vec::new(),
        findings: Vec::new(),
        facts: Vec::new(),
        consolidated: None,
    };
    for file in received {
        let (submission, findings, facts) = check_alone(file, campaign);
        run.submissions.push(submission);
        run.findings.extend(findings);
        run.facts.extend(facts);
    }
    sort(&mut run.findings);
    Ok(run)
}

/// Asks the rules of one workbook by itself: its status, what was found, what was read.
pub fn check_alone(
    mut file: Received,
    campaign: Option<&Campaign>,
) -> (Submission, Vec<Finding>, Vec<Fact>) {
    let unit = file.submission.unit.clone();
    let mut findings = file.findings;
    let mut tables = Vec::new();
    for (table, found) in file.tables {
        tables.push(table);
        findings.extend(found);
    }
    findings.extend(ask_rules(unit.as_deref(), &tables, campaign));
    let facts = facts(
        unit.as_deref(),
        &tables,
        campaign.map(|campaign| campaign.file.period),
    );
    settle_status(&mut file.submission, &mut findings);
    (file.submission, findings, facts)
}

fn built_in_forms() -> Result<Vec<Arc<Form>>, ToolError> {
    let load = |id: &str| {
        Ok(Arc::new(Form::parse(
            id,
            builtin::text(id).unwrap_or_default(),
        )?))
    };
    builtin::ids().into_iter().map(load).collect()
}

/// Reads the whole inbox, checks it and consolidates what is accepted.
pub fn consolidate(
    campaign: &Campaign,
    limits: &Limits,
    progress: Progress<'_>,
) -> Result<Run, ToolError> {
    let files = inbox::of_campaign(&campaign.folder)?;
    let mut received = receive_all(&files, &campaign.forms, Some(campaign), limits, progress);
    let mut findings = Vec::new();
    set_copies_aside(&mut received, &mut findings);
    let filings = settle_filings(campaign, &mut received, &mut findings);
    let mut facts_read = Vec::new();
    for (code, filed) in &filings {
        let unit = campaign.roster.by_code(code);
        let tables: Vec<Table> = filed.values().map(|filed| filed.table.clone()).collect();
        findings.extend(filed.values().flat_map(|filed| filed.findings.clone()));
        findings.extend(ask_rules(unit.map(Arc::as_ref), &tables, Some(campaign)));
        facts_read.extend(facts(
            unit.map(Arc::as_ref),
            &tables,
            Some(campaign.file.period),
        ));
    }
    findings.extend(missing_forms(campaign, &filings, &received));
    for file in &mut received {
        settle_status(&mut file.submission, &mut findings);
    }
    let refused = refused_forms(&findings, &received);
    let consolidated = consolidate_accepted(campaign, &filings, &refused)?;
    let units = unit_filings(campaign, &filings, &refused, &received);
    facts_read.retain(|fact| !refused.contains(&(fact.unit.clone(), fact.form.clone())));
    sort(&mut findings);
    Ok(Run {
        submissions: received.into_iter().map(|file| file.submission).collect(),
        units,
        findings,
        facts: facts_read,
        consolidated: Some(consolidated),
    })
}

fn receive_all(
    files: &[ReceivedFile],
    forms: &[Arc<Form>],
    campaign: Option<&Campaign>,
    limits: &Limits,
    progress: Progress<'_>,
) -> Vec<Received> {
    let mut received = Vec::with_capacity(files.len());
    for (i, file) in files.iter().enumerate() {
        progress(i, files.len());
        received.push(receive(file, forms, campaign, limits));
    }
    progress(files.len(), files.len());
    received
}

/// A file with the very bytes of an earlier one says nothing new: said once, and set aside.
fn set_copies_aside(received: &mut [Received], findings: &mut Vec<Finding>) {
    let mut first: HashMap<String, Arc<str>> = HashMap::new();
    for file in received {
        let submission = &mut file.submission;
        if submission.sha256.is_empty() {
            continue;
        }
        let Some(original) = first.get(&submission.sha256) else {
            first.insert(submission.sha256.clone(), submission.file.clone());
            continue;
        };
        let message = Message::new(
            format!("Tệp này giống hệt tệp «{original}», không tính lần nữa."),
            format!("This file is `{original}` byte for byte and is not counted again."),
        );
        findings.push(Finding::new(
            "trung-tep",
            Class::Roster,
            Severity::Info,
            &submission.file,
            message,
        ));
        submission.status = SubmissionStatus::Superseded;
        submission.superseded_by = Some(original.clone());
        file.tables.clear();
        file.findings.clear();
    }
}

/// The table of one form that counts for one unit.
struct Filed {
    table: Table,
    findings: Vec<Finding>,
}

/// Unit code -> form id -> what counts.
type Filings = BTreeMap<String, BTreeMap<String, Filed>>;

/// Settles for every unit and form which submission counts, and says what was replaced.
fn settle_filings(
    campaign: &Campaign,
    received: &mut [Received],
    findings: &mut Vec<Finding>,
) -> Filings {
    let mut candidates: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (i, file) in received.iter().enumerate() {
        let Some(unit) = &file.submission.unit else {
            continue;
        };
        for (table, _) in &file.tables {
            candidates
                .entry((unit.code.clone(), table.form.id().to_owned()))
                .or_default()
                .push(i);
        }
    }
    let mut filings = Filings::new();
    let mut replaced: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    let mut tied: BTreeMap<(String, [usize; 2]), Vec<String>> = BTreeMap::new();
    for ((code, form), files) in &candidates {
        let Some(unit) = campaign.roster.by_code(code) else {
            continue;
        };
        match newest(received, files) {
            Ok(winner) => {
                for &loser in files.iter().filter(|i| **i != winner) {
                    replaced.entry(loser).or_default().push(winner);
                }
                if !campaign.expects(unit, form) {
                    findings.push(unexpected(&received[winner], unit, form, campaign));
                    continue;
                }
                let Some(filed) = take_table(&received[winner], form) else {
                    continue;
                };
                filings
                    .entry(code.clone())
                    .or_default()
                    .insert(form.clone(), filed);
            }
            Err(pair) => tied
                .entry((code.clone(), pair))
                .or_default()
                .push(form.clone()),
        }
    }
    for ((code, pair), forms) in &tied {
        let Some(unit) = campaign.roster.by_code(code) else {
            continue;
        };
        findings.extend(unordered(received, unit, forms, *pair));
    }
    set_replaced_aside(received, &replaced);
    // What is wrong with a file that is not replaced counts, whichever of its forms do.
    for file in received
        .iter()
        .filter(|f| f.submission.superseded_by.is_none())
    {
        findings.extend(file.findings.iter().cloned());
    }
    filings
}

fn take_table(file: &Received, form: &str) -> Option<Filed> {
    let (table, found) = file
        .tables
        .iter()
        .find(|(table, _)| table.form.id() == form)?;
    Some(Filed {
        table: table.clone(),
        findings: found.clone(),
    })
}

/// The submission that is newer than every other, or two that nothing can order.
fn newest(received: &[Received], files: &[usize]) -> Result<usize, [usize; 2]> {
    let beats = |a: usize, b: usize| {
        precedence::newer(&received[a].submission, &received[b].submission)
            .is_some_and(std::cmp::Ordering::is_gt)
    };
    let unbeaten: Vec<usize> = files
        .iter()
        .copied()
        .filter(|a| !files.iter().any(|b| beats(*b, *a)))
        .collect();
    match unbeaten.as_slice() {
        [one] => Ok(*one),
        [a, b, ..] => Err([*a, *b]),
        // Stamps, rounds and names that contradict one another in a circle.
        [] => Err([files[0], files[files.len() - 1]]),
    }
}

/// A submission all of whose forms were replaced is superseded as a whole.
fn set_replaced_aside(received: &mut [Received], replaced: &BTreeMap<usize, Vec<usize>>) {
    let names: Vec<Arc<str>> = received
        .iter()
        .map(|file| file.submission.file.clone())
        .collect();
    for (&loser, winners) in replaced {
        let file = &mut received[loser];
        if winners.len() == file.tables.len() {
            file.submission.status = SubmissionStatus::Superseded;
            file.submission.superseded_by = winners.last().map(|winner| names[*winner].clone());
        }
    }
}

/// Two files of a unit that nothing orders: told at both, once if it is about all their forms.
fn unordered(
    received: &[Received],
    unit: &ReportingUnit,
    forms: &[String],
    pair: [usize; 2],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (own, other) in [(pair[0], pair[1]), (pair[1], pair[0])] {
        let (own, other) = (&received[own].submission, &received[other].submission);
        let message = Message::new(
            format!(
                "{} có hai tệp cùng biểu mà không rõ tệp nào mới hơn: tệp này và «{}». Cả hai chưa được tính. Hãy giữ một tệp, hoặc để tệp mới vào thư mục đợt sau.",
                unit.name, other.file
            ),
            format!(
                "{} filed the same form twice and nothing tells which is newer: this file and `{}`. Neither counts.",
                unit.name, other.file
            ),
        );
        let mut finding = Finding::new(
            "hai-tep-mot-don-vi",
            Class::Roster,
            Severity::Error,
            &own.file,
            message,
        );
        finding.unit = Some(unit.code.as_str().into());
        if forms.len() == own.forms.len() {
            findings.push(finding);
            continue;
        }
        findings.extend(forms.iter().map(|form| Finding {
            form: Some(form.as_str().into()),
            ..finding.clone()
        }));
    }
    findings
}

fn unexpected(file: &Received, unit: &ReportingUnit, form: &str, campaign: &Campaign) -> Finding {
    let title = campaign
        .forms
        .iter()
        .find(|f| f.id() == form)
        .map_or(form, |f| &f.file.title);
    let message = Message::new(
        format!(
            "{} không phải báo cáo biểu «{title}» trong đợt này; số liệu của biểu không được tính.",
            unit.name
        ),
        format!(
            "{} is not asked form `{form}` in this campaign; it is not counted.",
            unit.name
        ),
    );
    let file = &file.submission.file;
    let mut finding = Finding::new(
        "bieu-khong-yeu-cau",
        Class::Roster,
        Severity::Warning,
        file,
        message,
    );
    finding.unit = Some(unit.code.as_str().into());
    finding.form = Some(form.into());
    finding
}

fn ask_rules(
    unit: Option<&ReportingUnit>,
    tables: &[Table],
    campaign: Option<&Campaign>,
) -> Vec<Finding> {
    let code = unit.map_or("", |unit| unit.code.as_str());
    let previous = campaign.and_then(|campaign| campaign.previous.as_ref());
    let mut findings = check_unit(&UnitTables {
        unit: code,
        tables,
        previous,
    })
    .findings;
    for finding in &mut findings {
        finding.unit = unit.map(|unit| unit.code.as_str().into());
    }
    findings
}

fn facts(unit: Option<&ReportingUnit>, tables: &[Table], period: Option<Period>) -> Vec<Fact> {
    let Some(period) = period else {
        return Vec::new();
    };
    let code: Arc<str> = unit.map_or("", |unit| unit.code.as_str()).into();
    tables
        .iter()
        .flat_map(|table| table.facts(&code, period))
        .collect()
}

/// A unit that filed something owes all its forms.
fn missing_forms(campaign: &Campaign, filings: &Filings, received: &[Received]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for unit in &campaign.roster.units {
        let Some(file) = current_file(received, unit) else {
            continue;
        };
        for form in &campaign.forms {
            let filed = filings
                .get(&unit.code)
                .is_some_and(|filed| filed.contains_key(form.id()));
            let questioned = received.iter().any(|file| {
                file.submission.unit.as_ref() == Some(unit)
                    && file.submission.forms.iter().any(|f| **f == *form.id())
            });
            if filed || questioned || !campaign.expects(unit, form.id()) {
                continue;
            }
            let message = Message::new(
                format!("Thiếu biểu «{}». Hãy gửi bổ sung.", form.file.title),
                format!("Form `{}` is lacking.", form.id()),
            );
            let mut finding = Finding::new(
                "thieu-bieu",
                Class::Structure,
                Severity::Error,
                &file,
                message,
            );
            finding.unit = Some(unit.code.as_str().into());
            finding.form = Some(form.id().into());
            findings.push(finding);
        }
    }
    findings
}

/// The newest submission of a unit that was not replaced.
fn current_file(received: &[Received], unit: &ReportingUnit) -> Option<Arc<str>> {
    let own = received
        .iter()
        .map(|file| &file.submission)
        .filter(|submission| {
            submission
                .unit
                .as_ref()
                .is_some_and(|u| u.code == unit.code)
                && submission.status != SubmissionStatus::Superseded
        });
    own.max_by_key(|submission| (submission.round, submission.saved_at.clone()))
        .map(|submission| submission.file.clone())
}

/// Names the unit in the file's findings, counts them, and settles what becomes of the file.
fn settle_status(submission: &mut Submission, findings: &mut [Finding]) {
    for finding in findings
        .iter_mut()
        .filter(|finding| finding.file == submission.file)
    {
        if finding.unit.is_none() {
            finding.unit = submission
                .unit
                .as_ref()
                .map(|unit| unit.code.as_str().into());
        }
        match finding.severity {
            Severity::Error => submission.errors += 1,
            Severity::Warning => submission.warnings += 1,
            Severity::Info => {}
        }
    }
    if submission.status == SubmissionStatus::Accepted && submission.errors > 0 {
        submission.status = SubmissionStatus::Returned;
    }
}

/// (unit, form) pairs that an error keeps out of the totals. An error about the file as a whole
/// keeps out every form in it.
fn refused_forms(
    findings: &[Finding],
    received: &[Received],
) -> std::collections::BTreeSet<(Arc<str>, Arc<str>)> {
    let mut refused = std::collections::BTreeSet::new();
    for finding in findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
    {
        let Some(unit) = &finding.unit else { continue };
        if let Some(form) = &finding.form {
            refused.insert((unit.clone(), form.clone()));
            continue;
        }
        let file = received
            .iter()
            .find(|file| file.submission.file == finding.file);
        for form in file.iter().flat_map(|file| &file.submission.forms) {
            refused.insert((unit.clone(), form.clone()));
        }
    }
    refused
}

type Refused = std::collections::BTreeSet<(Arc<str>, Arc<str>)>;

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
        let lines: Vec<Filing<'_>> = expected
            .map(|unit| Filing {
                unit: unit.clone(),
                state: line_state(filings, refused, &unit.code, form.id()),
                table: filings
                    .get(&unit.code)
                    .and_then(|f| f.get(form.id()))
                    .map(|f| &f.table),
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
    received: &[Received],
) -> Vec<UnitFiling> {
    let filing = |unit: &Arc<ReportingUnit>| {
        let file = current_file(received, unit);
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

/// By unit, file, sheet, cell, rule: the order a person works through them.
fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let key = |f: &Finding| {
            (
                f.unit.clone(),
                f.file.clone(),
                f.sheet.clone(),
                f.cell,
                f.rule.clone(),
            )
        };
        key(a).cmp(&key(b))
    });
}
