//! What was found in a unit's workbooks as a list to work through: a workbook with a filter.

use crate::campaign::{Campaign, Clock, Run, ToolError};
use crate::model::value::Shown;
use crate::model::{Finding, Lang, Message, ReportingUnit, Severity, Suspect};
use crate::write::{ListBook, ListCell, ListColumn, ListSheet, list_bytes};

/// Vietnamese and English header of a column, and its width.
const COLUMNS: [(&str, &str, f64); 11] = [
    ("STT", "No.", 6.0),
    ("Mức", "Gravity", 14.0),
    ("Trang", "Sheet", 18.0),
    ("Ô", "Cell", 8.0),
    ("Nội dung", "What is wrong", 60.0),
    ("Đang ghi", "It says", 16.0),
    ("Nên là", "Should be", 16.0),
    ("Có lẽ sai ở", "Probably wrong", 36.0),
    ("Giải trình", "Reason", 36.0),
    ("Tệp", "File", 30.0),
    ("Quy tắc", "Rule", 26.0),
];

/// The list of what was found in a run, a workbook; none if nothing was.
///
/// # Errors
/// It cannot be written.
pub(super) fn list(
    clock: &Clock,
    unit: &ReportingUnit,
    campaign: &Campaign,
    run: &Run,
    lang: Lang,
) -> Result<Option<Vec<u8>>, ToolError> {
    if run.findings.is_empty() {
        return Ok(None);
    }
    let title = lang.pick("Những chỗ cần xem lại", "What is to be looked at");
    let period = match lang {
        Lang::Vi => campaign.file.period.vietnamese(),
        Lang::En => campaign.file.period.to_string(),
    };
    let column = |(vi, en, width): (&'static str, &'static str, f64)| {
        ListColumn::new(lang.pick(vi, en), width)
    };
    let sheet = ListSheet {
        name: lang.pick("Chỗ cần sửa", "To correct").to_owned(),
        title: format!("{title}: {}", unit.name),
        about: format!("{}, {period}", campaign.file.title),
        columns: COLUMNS.map(column).to_vec(),
        rows: run
            .findings
            .iter()
            .enumerate()
            .map(|(at, finding)| row(at + 1, finding, lang))
            .collect(),
    };
    let book = ListBook {
        title: title.to_owned(),
        author: campaign.file.office.clone(),
        created: clock.moment(),
        sheets: vec![sheet],
    };
    let written = list_bytes(&book);
    written.map(Some).map_err(|error| {
        ToolError::Other(Message::new(
            format!("không ghi được danh sách: {error}"),
            format!("the list cannot be written: {error}"),
        ))
    })
}

fn row(number: usize, finding: &Finding, lang: Lang) -> Vec<ListCell> {
    let text = |text: Option<&str>| ListCell::text(text.unwrap_or_default());
    let cell = finding.cell.map(|cell| cell.to_string());
    let given = finding.review.justification.as_ref();
    vec![
        ListCell::Count(number),
        ListCell::State(
            standing(finding, lang),
            finding.is_open().then_some(finding.severity),
        ),
        text(finding.sheet.as_deref()),
        ListCell::Code(cell.unwrap_or_default()),
        ListCell::text(lang.of(&finding.message)),
        ListCell::Value(finding.value.clone()),
        ListCell::Value(finding.expected.clone()),
        ListCell::text(suspects(finding, lang)),
        text(given.map(|given| &*given.reason)),
        text(Some(&finding.file)),
        text(Some(&finding.rule)),
    ]
}

fn standing(finding: &Finding, lang: Lang) -> String {
    let word = match finding.severity {
        _ if !finding.is_open() => lang.pick("đã giải trình", "explained"),
        Severity::Info => lang.pick("ghi chú", "note"),
        _ if finding.review.consequence => lang.pick("sai theo", "follows"),
        Severity::Error => lang.pick("cần sửa", "to correct"),
        Severity::Warning => lang.pick("cần xem lại", "to check"),
    };
    word.to_owned()
}

/// Suspected cells with what they probably should hold: `E12 → 3.295`.
fn suspects(finding: &Finding, lang: Lang) -> String {
    if !finding.is_open() {
        return String::new();
    }
    let word = |suspect: &Suspect| {
        let sheet = match finding.sheet.as_ref() == Some(&suspect.sheet) {
            true => String::new(),
            false => format!("{}, ", suspect.sheet),
        };
        let other = suspect
            .other()
            .map(|value| format!(" → {}", value.shown(lang)));
        format!("{sheet}{}{}", suspect.cell, other.unwrap_or_default())
    };
    let suspects: Vec<String> = finding.review.suspects.iter().map(word).collect();
    suspects.join("; ")
}
