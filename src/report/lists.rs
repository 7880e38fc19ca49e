//! Findings and figures as CSV in UTF-8, for programs; people open the master workbook.

use std::io::Write;

use crate::consolidate::Figure;
use crate::history::guard;
use crate::model::{Finding, Lang, Value};

/// `findings.csv`: one line a finding.
///
/// # Errors
/// The output cannot be written.
pub fn findings(findings: &[Finding], lang: Lang, to: impl Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record([
        "id",
        "severity",
        "class",
        "rule",
        "unit",
        "form",
        "file",
        "sheet",
        "cell",
        "value",
        "expected",
        "difference",
        "message",
        "suspect_cell",
        "suggestion",
        "reason",
        "justification",
        "justified_by",
        "beta",
        "cause_sheet",
        "cause_cell",
        "consequence",
    ])?;
    for finding in findings {
        writer.write_record(record(finding, lang))?;
    }
    writer.flush()?;
    Ok(())
}

fn record(finding: &Finding, lang: Lang) -> Vec<String> {
    let word = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let text = |text: Option<&str>| guard(text.unwrap_or_default());
    let value = |value: &Option<Value>| value.as_ref().map_or(String::new(), exact);
    let suspect = finding.review.suspects.first();
    vec![
        finding.id(),
        word(serde_json::json!(finding.severity)),
        word(serde_json::json!(finding.class)),
        guard(&finding.rule),
        text(finding.unit.as_deref()),
        text(finding.form.as_deref()),
        guard(&finding.file),
        text(finding.sheet.as_deref()),
        finding.cell.map_or(String::new(), |cell| cell.to_string()),
        value(&finding.value),
        value(&finding.expected),
        value(&finding.difference),
        guard(lang.of(&finding.message)),
        suspect.map_or(String::new(), |suspect| suspect.cell.to_string()),
        suspect.map_or(String::new(), |suspect| value(&suspect.suggestion)),
        suspect.map_or(String::new(), |suspect| guard(lang.of(&suspect.reason))),
        finding
            .review
            .justification
            .as_ref()
            .map_or(String::new(), |given| guard(&given.reason)),
        finding
            .review
            .justification
            .as_ref()
            .map_or(String::new(), |given| guard(&given.by)),
        finding
            .trial
            .map_or(String::new(), |trial| word(serde_json::json!(trial))),
        text(finding.review.cause.as_ref().map(|cause| &*cause.sheet)),
        finding
            .review
            .cause
            .as_ref()
            .map_or(String::new(), |cause| cause.cell.to_string()),
        finding.review.consequence.to_string(),
    ]
}

/// A value for programs: a dot before decimals and nothing between thousands.
pub(super) fn exact(value: &Value) -> String {
    match value {
        Value::Number(number) => number.normalize().to_string(),
        Value::Date(date) => date.to_string(),
        other => guard(&other.to_string()),
    }
}

/// `figures.csv`: id,label,value,text,unit.
///
/// # Errors
/// The output cannot be written.
pub fn figures(figures: &[Figure], to: impl Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(["id", "label", "value", "text", "unit"])?;
    for figure in figures {
        writer.write_record([
            guard(&figure.id),
            guard(&figure.label),
            figure.value.as_ref().map_or(String::new(), exact),
            guard(&figure.text()),
            guard(figure.unit.as_deref().unwrap_or_default()),
        ])?;
    }
    writer.flush()?;
    Ok(())
}
