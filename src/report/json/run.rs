//! A run as JSON: `check` and `consolidate` with `--format json`, and `findings.json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::held::JsonValue;
use crate::campaign::{Campaign, Run};
use crate::consolidate::Figure;
use crate::model::{
    Class, Finding, Lang, Severity, Submission, SubmissionStatus, Suspect, UnitFiling, UnitStatus,
};

/// The whole run.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RunDocument<'a> {
    /// Version of the program.
    tonghop: &'a str,
    /// Short name of the campaign; null for `check` without one.
    campaign: Option<&'a str>,
    /// Period of the campaign, as `2025-09`; null for `check` without one.
    period: Option<String>,
    /// Every file, in the order of their names.
    submissions: Vec<SubmissionEntry<'a>>,
    /// Every unit of the roster; empty for `check`.
    units: Vec<UnitEntry<'a>>,
    /// Everything found, by unit, file, sheet and cell.
    findings: Vec<FindingEntry<'a>>,
    /// Figures of the report; empty for `check`.
    figures: Vec<FigureEntry<'a>>,
    /// Every rule of the forms, and how often it was evaluated.
    rules: Vec<RuleEntry<'a>>,
}

/// A file as received.
#[derive(Debug, Serialize, JsonSchema)]
struct SubmissionEntry<'a> {
    /// Path below the campaign, or as given.
    file: &'a str,
    /// SHA-256 of its bytes, in hex.
    sha256: &'a str,
    /// Code of the unit that filed it; null if unknown.
    unit: Option<&'a str>,
    /// Name of the unit.
    unit_name: Option<&'a str>,
    /// What became of it.
    status: SubmissionStatus,
    /// Ids of the forms found in it.
    forms: Vec<&'a str>,
    /// Number of errors about it.
    errors: usize,
    /// Number of warnings about it.
    warnings: usize,
    /// Round of the inbox, from the folder's name.
    round: u32,
    /// When it was saved, as it says itself (RFC 3339).
    saved_at: Option<&'a str>,
    /// The file that took its place.
    superseded_by: Option<&'a str>,
}

/// A reporting unit.
#[derive(Debug, Serialize, JsonSchema)]
struct UnitEntry<'a> {
    /// Its code.
    unit: &'a str,
    /// Its name.
    name: &'a str,
    /// How far its report has got.
    status: UnitStatus,
    /// The newest file that counts.
    file: Option<&'a str>,
    /// Code of the unit that sums it up; null if none does.
    summed_by: Option<&'a str>,
}

/// One thing found.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FindingEntry<'a> {
    /// Stays the same from run to run while file, cell and rule do.
    id: String,
    /// File it is about; empty if it is about none.
    file: &'a str,
    /// Code of the unit.
    unit: Option<&'a str>,
    /// Id of the form.
    form: Option<&'a str>,
    /// Id of the rule or check.
    rule: &'a str,
    /// Sort of finding.
    class: Class,
    /// How much it matters.
    severity: Severity,
    /// Of a rule on trial: the severity it will have once in force.
    beta: Option<Severity>,
    /// Sheet.
    sheet: Option<&'a str>,
    /// Cell, as `C12`.
    cell: Option<String>,
    /// What the cell holds.
    value: Option<JsonValue>,
    /// The one value that was expected there; null where a rule only bounds it.
    expected: Option<JsonValue>,
    /// `value` minus what it was compared with.
    difference: Option<JsonValue>,
    /// What is wrong, and what to do about it.
    message: &'a str,
    /// Why it no longer counts as open; null while it does.
    justification: Option<JustificationEntry<'a>>,
    /// The cell from whose mistake it follows; findings of a file that share it are one mistake.
    cause: Option<CellEntry<'a>>,
    /// Is that mistake reported with an earlier finding?
    consequence: bool,
    /// Cells that are probably wrong, the most probable first.
    suspects: Vec<SuspectEntry<'a>>,
}

/// Why a finding no longer counts as open.
#[derive(Debug, Serialize, JsonSchema)]
struct JustificationEntry<'a> {
    /// The reason as given.
    reason: &'a str,
    /// Who gave it.
    by: &'a str,
    /// Accepted by the consolidating office? Otherwise explained by the unit.
    accepted: bool,
}

/// A cell of the file.
#[derive(Debug, Serialize, JsonSchema)]
struct CellEntry<'a> {
    /// Its sheet.
    sheet: &'a str,
    /// The cell, as `C12`.
    cell: String,
}

/// A cell that is probably wrong. Only ever a suggestion.
#[derive(Debug, Serialize, JsonSchema)]
struct SuspectEntry<'a> {
    /// Its sheet.
    sheet: &'a str,
    /// The cell, as `C12`.
    cell: String,
    /// What it holds.
    value: Option<JsonValue>,
    /// What would fit.
    suggestion: Option<JsonValue>,
    /// 1 for the most probable; equal ranks are undecided.
    #[schemars(range(min = 1))]
    rank: usize,
    /// It has to change along with the one before it; otherwise it is another explanation.
    together: bool,
    /// Why this cell.
    reason: &'a str,
}

/// A figure of the report.
#[derive(Debug, Serialize, JsonSchema)]
struct FigureEntry<'a> {
    /// Its id in the campaign file.
    id: &'a str,
    /// Its value; null if no unit has any.
    value: Option<JsonValue>,
    /// As printed in the report.
    text: String,
    /// What it is.
    label: &'a str,
    /// Unit of measure.
    unit: Option<&'a str>,
    /// Are units lacking in it?
    provisional: bool,
}

/// A rule of a form.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum RuleEntry<'a> {
    /// In force or on trial.
    Asked {
        /// Id of the form.
        form: &'a str,
        /// Id of the rule.
        rule: &'a str,
        /// In force or on trial?
        status: InForce,
        /// Times it was evaluated, or would have been.
        asked: usize,
        /// Of these, it held.
        held: usize,
        /// Of these, it failed.
        failed: usize,
        /// Of these, it could not be evaluated, by reason.
        #[schemars(with = "BTreeMap<String, usize>")]
        not_evaluated: Map<String, Json>,
    },
    /// Switched off.
    Idle {
        /// Id of the form.
        form: &'a str,
        /// Id of the rule.
        rule: &'a str,
        /// Always `idle`.
        status: Off,
        /// Why it is not evaluated in this campaign.
        reason: String,
    },
}

/// A rule that is evaluated.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum InForce {
    /// In force.
    Active,
    /// On trial: its findings are notes.
    Beta,
}

/// A rule that is not.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Off {
    /// Switched off, by its period or by the campaign.
    Idle,
}

/// The whole run.
pub fn document<'a>(run: &'a Run, campaign: Option<&'a Campaign>, lang: Lang) -> RunDocument<'a> {
    let consolidated = run.consolidated.iter();
    RunDocument {
        tonghop: env!("CARGO_PKG_VERSION"),
        campaign: campaign.map(|campaign| campaign.file.name.as_str()),
        period: campaign.map(|campaign| campaign.file.period.to_string()),
        submissions: run.submissions.iter().map(submission).collect(),
        units: run.units.iter().map(unit).collect(),
        findings: findings(run, lang),
        figures: consolidated.flat_map(|c| &c.figures).map(figure).collect(),
        rules: rules(run, campaign, lang),
    }
}

/// The findings alone, as `findings.json` holds them.
pub fn findings(run: &Run, lang: Lang) -> Vec<FindingEntry<'_>> {
    run.findings.iter().map(|one| finding(one, lang)).collect()
}

fn submission(submission: &Submission) -> SubmissionEntry<'_> {
    SubmissionEntry {
        file: &submission.file,
        sha256: &submission.sha256,
        unit: submission.unit.as_ref().map(|unit| &*unit.code),
        unit_name: submission.unit.as_ref().map(|unit| &*unit.name),
        status: submission.status,
        forms: submission.forms.iter().map(|form| &**form).collect(),
        errors: submission.errors,
        warnings: submission.warnings,
        round: submission.round,
        saved_at: submission.saved_at.as_deref(),
        superseded_by: submission.superseded_by.as_deref(),
    }
}

fn unit(filing: &UnitFiling) -> UnitEntry<'_> {
    UnitEntry {
        unit: &filing.unit.code,
        name: &filing.unit.name,
        status: filing.status,
        file: filing.file.as_deref(),
        summed_by: filing.unit.summed_by.as_deref(),
    }
}

fn finding(finding: &Finding, lang: Lang) -> FindingEntry<'_> {
    FindingEntry {
        id: finding.id(),
        file: &finding.file,
        unit: finding.unit.as_deref(),
        form: finding.form.as_deref(),
        rule: &finding.rule,
        class: finding.class,
        severity: finding.severity,
        beta: finding.trial,
        sheet: finding.sheet.as_deref(),
        cell: finding.cell.map(|cell| cell.to_string()),
        value: finding.value.as_ref().map(JsonValue::of),
        expected: finding.expected.as_ref().map(JsonValue::of),
        difference: finding.difference.as_ref().map(JsonValue::of),
        message: lang.of(&finding.message),
        justification: finding
            .review
            .justification
            .as_ref()
            .map(|given| JustificationEntry {
                reason: &given.reason,
                by: &given.by,
                accepted: given.accepted,
            }),
        cause: finding.review.cause.as_ref().map(|cause| CellEntry {
            sheet: &cause.sheet,
            cell: cause.cell.to_string(),
        }),
        consequence: finding.review.consequence,
        suspects: finding
            .review
            .suspects
            .iter()
            .map(|s| suspect(s, lang))
            .collect(),
    }
}

fn suspect(suspect: &Suspect, lang: Lang) -> SuspectEntry<'_> {
    SuspectEntry {
        sheet: &suspect.sheet,
        cell: suspect.cell.to_string(),
        value: suspect.value.as_ref().map(JsonValue::of),
        suggestion: suspect.suggestion.as_ref().map(JsonValue::of),
        rank: suspect.rank,
        together: suspect.together,
        reason: lang.of(&suspect.reason),
    }
}

fn figure(figure: &Figure) -> FigureEntry<'_> {
    FigureEntry {
        id: &figure.id,
        value: figure.value.as_ref().map(JsonValue::of),
        text: figure.text(),
        label: &figure.label,
        unit: figure.unit.as_deref(),
        provisional: !figure.lacking.is_empty(),
    }
}

/// Every rule: whether it is in force, and how often it held, failed and could not be evaluated.
fn rules<'a>(run: &'a Run, campaign: Option<&'a Campaign>, lang: Lang) -> Vec<RuleEntry<'a>> {
    let forms = campaign.map_or(&[][..], |campaign| &campaign.forms);
    let asked = run.tallies.iter().map(|(form, rule, tally)| {
        let mut of_form = forms.iter().filter(|other| other.id() == form);
        let beta = of_form.any(|form| form.rules.iter().any(|r| r.id == rule && r.beta));
        let lacks = tally.not_evaluated.iter();
        RuleEntry::Asked {
            form,
            rule,
            status: if beta { InForce::Beta } else { InForce::Active },
            asked: tally.asked,
            held: tally.held,
            failed: tally.failed,
            not_evaluated: lacks
                .map(|(lack, count)| (lack.key().to_owned(), json!(count)))
                .collect(),
        }
    });
    let idle = forms.iter().flat_map(|form| {
        form.idle.iter().map(|(rule, idle)| RuleEntry::Idle {
            form: form.id(),
            rule: &rule.id,
            status: Off::Idle,
            reason: lang.of(&idle.words()).to_owned(),
        })
    });
    asked.chain(idle).collect()
}
