//! Judges one workbook from its bytes: findings, facts, and the marked copy that goes back to the
//! unit. Needs no file system, no clock and no other process.

use std::path::PathBuf;
use std::sync::Arc;

use super::definition::Definition;
use super::receive::{Received, ReceivedFile, receive_caught};
use super::returned_copy::returned_copy;
use super::settle::{Stopwatch, evaluate_rules, facts, in_time, name_unit, settle, settle_status};
use super::{filings, mistakes, switched_off};
use crate::extract::Table;
use crate::model::{Allowance, Fact, Finding, Message, Submission, SubmissionStatus, sha256};
use crate::rules::Tallies;
use crate::schema::Form;
use crate::schema::checks::Checks;
use crate::workbook::Limits;

/// What a workbook is judged against.
#[derive(Clone, Copy)]
pub struct Judging<'a> {
    /// Forms to look for where there is no campaign.
    pub forms: &'a [Arc<Form>],
    /// The campaign it was filed in: its forms, roster, period and past.
    pub campaign: Option<&'a Definition>,
    /// The most that is read of it.
    pub limits: &'a Limits,
    /// Bounds the time that rules, and then the returned copy, may take.
    pub watch: Stopwatch<'a>,
    /// Make the copy that goes back?
    pub copy: bool,
}

/// What became of a workbook.
#[derive(Debug)]
pub struct Judged {
    /// The submission: whose it is, which forms it has, whether it is accepted.
    pub submission: Submission,
    /// Everything found, in the order in which it is best read.
    pub findings: Vec<Finding>,
    /// Every fact that was read.
    pub facts: Vec<Fact>,
    /// Every table that was read and counts.
    pub tables: Vec<Table>,
    /// How often each rule held, failed and could not be evaluated.
    pub tallies: Tallies,
    /// The workbook with the findings marked in it, or why there is none; `None` if none was
    /// wanted or nothing was found.
    pub returned: Option<Result<Vec<u8>, Message>>,
}

/// Judges one workbook: `name` is what the file is called in messages. In a campaign it is taken
/// for all that its unit filed.
pub fn judge(name: &str, bytes: &[u8], judging: Judging<'_>) -> Judged {
    let file = ReceivedFile {
        path: PathBuf::new(),
        name: name.into(),
        round: 0,
    };
    let Judging {
        campaign,
        limits,
        watch,
        ..
    } = judging;
    let forms = campaign.map_or(judging.forms, |campaign| &campaign.forms);
    let mut received = receive_caught(&file, bytes, forms, campaign, limits);
    received.submission.sha256 = sha256(bytes);
    let mut judged = match campaign {
        Some(campaign) => judge_in(campaign, received, watch),
        None => in_time(watch, |allowance| judge_alone(received, None, allowance)),
    };
    let markable = judged.submission.status != SubmissionStatus::Unreadable;
    if judging.copy && markable && !judged.findings.is_empty() {
        let file = campaign.map(|campaign| &campaign.file);
        let (submission, findings) = (&judged.submission, judged.findings.clone());
        judged.returned = Some(in_time(watch, |allowance| {
            returned_copy(submission, findings, file, bytes, limits, allowance)
        }));
    }
    judged
}

fn judge_in(campaign: &Definition, received: Received, watch: Stopwatch<'_>) -> Judged {
    let submission = received.submission.clone();
    let settled = settle(campaign, vec![received], false, watch);
    Judged {
        submission: settled.submissions.into_iter().next().unwrap_or(submission),
        findings: settled.findings,
        facts: settled.facts,
        tables: filings::tables(settled.filings),
        tallies: settled.tallies,
        returned: None,
    }
}

fn judge_alone(
    received: Received,
    campaign: Option<&Definition>,
    allowance: &Allowance<'_>,
) -> Judged {
    let mut judged = evaluate_alone(received, campaign, allowance);
    mistakes::gather(&mut judged.findings);
    judged
}

/// Evaluates the rules of one workbook by itself: its status, what was found, what was read.
pub fn check_alone(
    file: Received,
    campaign: Option<&Definition>,
) -> (Submission, Vec<Finding>, Vec<Fact>) {
    let judged = judge_alone(file, campaign, &Allowance::default());
    (judged.submission, judged.findings, judged.facts)
}

/// Evaluates the rules of one workbook by itself, within an allowance; findings as they come.
pub(crate) fn evaluate_alone(
    mut file: Received,
    campaign: Option<&Definition>,
    allowance: &Allowance<'_>,
) -> Judged {
    let unit = file.submission.unit.clone();
    let mut findings = file.findings;
    let (mut tables, mut read) = (Vec::new(), Vec::new());
    for (table, found) in file.tables {
        tables.push(table);
        read.extend(found);
    }
    let asked = evaluate_rules(unit.as_deref(), &tables, read, campaign, allowance);
    findings.extend(asked.findings);
    let checks = campaign.map_or_else(Checks::default, |campaign| campaign.file.checks.clone());
    let forms = tables.iter().map(|table| &table.form);
    switched_off::drop(forms, &checks, &mut findings);
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
    Judged {
        submission: file.submission,
        findings,
        facts,
        tables,
        tallies: asked.tallies,
        returned: None,
    }
}
