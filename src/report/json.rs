//! The run as JSON. Keys are fixed: other tools read them.

use serde_json::{Value as Json, json};

use super::is_unsafe;
use crate::campaign::{Campaign, Run};
use crate::model::{Finding, Lang, Submission, Suspect, Value};

/// The whole run.
pub fn document(run: &Run, campaign: Option<&Campaign>, lang: Lang) -> Json {
    json!({
        "tonghop": env!("CARGO_PKG_VERSION"),
        "campaign": campaign.map(|campaign| &campaign.file.name),
        "period": campaign.map(|campaign| campaign.file.period.to_string()),
        "submissions": run.submissions.iter().map(submission).collect::<Vec<_>>(),
        "units": run.units.iter().map(|filing| json!({
            "unit": filing.unit.code,
            "name": filing.unit.name,
            "status": filing.status,
            "file": filing.file.as_deref(),
        })).collect::<Vec<_>>(),
        "findings": run.findings.iter().map(|f| finding(f, lang)).collect::<Vec<_>>(),
        "figures": figures(run),
        "rules": rules(run, campaign, lang),
    })
}

/// JSON safe for a terminal: what JSON itself leaves unescaped of the characters that control one,
/// or that turn the order of text around.
pub fn plain(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        match c != '\n' && is_unsafe(c) {
            true => plain.extend(
                c.encode_utf16(&mut [0; 2])
                    .iter()
                    .map(|u| format!("\\u{u:04x}")),
            ),
            false => plain.push(c),
        }
    }
    plain
}

/// The findings alone, as `findings.json` holds them.
pub fn findings(run: &Run, lang: Lang) -> Json {
    run.findings.iter().map(|f| finding(f, lang)).collect()
}

fn submission(submission: &Submission) -> Json {
    json!({
        "file": &*submission.file,
        "sha256": submission.sha256,
        "unit": submission.unit.as_ref().map(|unit| &unit.code),
        "unit_name": submission.unit.as_ref().map(|unit| &unit.name),
        "status": submission.status,
        "forms": submission.forms.iter().map(|form| &**form).collect::<Vec<_>>(),
        "errors": submission.errors,
        "warnings": submission.warnings,
        "round": submission.round,
        "saved_at": submission.saved_at,
        "superseded_by": submission.superseded_by.as_deref(),
    })
}

fn finding(finding: &Finding, lang: Lang) -> Json {
    json!({
        "id": finding.id(),
        "file": &*finding.file,
        "unit": finding.unit.as_deref(),
        "form": finding.form.as_deref(),
        "rule": finding.rule,
        "class": finding.class,
        "severity": finding.severity,
        "beta": finding.trial,
        "sheet": finding.sheet.as_deref(),
        "cell": finding.cell.map(|cell| cell.to_string()),
        "value": finding.value.as_ref().map(Value::to_json),
        "expected": finding.expected.as_ref().map(Value::to_json),
        "difference": finding.difference.as_ref().map(Value::to_json),
        "message": lang.of(&finding.message),
        "justification": finding.review.justification.as_ref().map(|given| json!({
            "reason": given.reason,
            "by": given.by,
            "accepted": given.accepted,
        })),
        "cause": finding.review.cause.as_ref().map(|cause| json!({
            "sheet": &*cause.sheet,
            "cell": cause.cell.to_string(),
        })),
        "consequence": finding.review.consequence,
        "suspects": finding.review.suspects.iter().map(|s| suspect(s, lang)).collect::<Vec<_>>(),
    })
}

/// Every rule: whether it is in force, how often it was asked and what came of it.
fn rules(run: &Run, campaign: Option<&Campaign>, lang: Lang) -> Vec<Json> {
    let forms = campaign.map_or(&[][..], |campaign| &campaign.forms);
    let mut rules: Vec<Json> = run
        .tallies
        .iter()
        .map(|(form, rule, tally)| {
            let mut of_form = forms.iter().filter(|other| other.id() == form);
            let beta = of_form.any(|form| form.rules.iter().any(|r| r.id == rule && r.beta));
            let lacks = tally.not_evaluated.iter();
            json!({
                "form": form,
                "rule": rule,
                "status": if beta { "beta" } else { "active" },
                "asked": tally.asked,
                "held": tally.held,
                "failed": tally.failed,
                "not_evaluated": lacks
                    .map(|(lack, count)| (lack.key().to_owned(), json!(count)))
                    .collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
    for form in forms {
        rules.extend(form.idle.iter().map(|(rule, idle)| {
            json!({
                "form": form.id(),
                "rule": rule.id,
                "status": "idle",
                "reason": lang.of(&idle.words()),
            })
        }));
    }
    rules
}

fn suspect(suspect: &Suspect, lang: Lang) -> Json {
    json!({
        "sheet": &*suspect.sheet,
        "cell": suspect.cell.to_string(),
        "value": suspect.value.as_ref().map(Value::to_json),
        "suggestion": suspect.suggestion.as_ref().map(Value::to_json),
        "rank": suspect.rank,
        "reason": lang.of(&suspect.reason),
    })
}

fn figures(run: &Run) -> Vec<Json> {
    let figures = run
        .consolidated
        .iter()
        .flat_map(|consolidated| &consolidated.figures);
    figures
        .map(|figure| {
            json!({
                "id": figure.id,
                "value": figure.value.as_ref().map(Value::to_json),
                "text": figure.text(),
                "label": figure.label,
                "unit": figure.unit,
                "provisional": !figure.lacking.is_empty(),
            })
        })
        .collect()
}
