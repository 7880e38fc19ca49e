//! Texts for the clerk: the note on a cell, a line of the result sheet.

use super::subject::Subject;
use crate::model::returned::{NOTE_END, NOTE_START, RESULT_SHEET};
use crate::model::{Finding, Place, Severity, Suspect, Value};

/// Longest text of one cell or note, in characters; Excel takes 32,767.
const LONGEST: usize = 30_000;

/// The place of a finding, in the unit's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing<'a> {
    /// As it is.
    Open,
    /// The unit has given this reason.
    Justified(&'a str),
}

/// Name of a severity.
pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Lỗi",
        Severity::Warning => "Cảnh báo",
        Severity::Info => "Thông tin",
    }
}

/// How a finding is called: by its severity, or as what a rule on trial noticed.
pub(super) fn name(finding: &Finding) -> &'static str {
    match (finding.trial, finding.severity) {
        (Some(_), _) => "Thử nghiệm, chưa phải sửa",
        (None, Severity::Error) if finding.review.consequence => "Lỗi kéo theo",
        (None, severity_of) => severity(severity_of),
    }
}

/// The cell's content, as the clerk would write it.
pub(super) fn found(finding: &Finding) -> String {
    finding
        .value
        .as_ref()
        .map(|value| clip(&value.to_string()))
        .unwrap_or_default()
}

/// What it probably should be: the figure of the suspected cells, else what was expected.
pub(super) fn suggestion(finding: &Finding) -> String {
    if let Some(cause) = cause_elsewhere(finding) {
        return format!("sửa {cause} trước");
    }
    let suspects = finding.review.suspects.iter();
    let mut fixes = suspects.filter_map(|suspect| Some((suspect, fix(finding, suspect)?)));
    let Some((_, mut all)) = fixes.next() else {
        let expected = finding.expected.as_ref();
        return expected.map_or(String::new(), |value| clip(&value.to_string()));
    };
    for (suspect, fix) in fixes {
        all.push_str(if suspect.together { "\n" } else { "\nhoặc " });
        all.push_str(&fix);
    }
    all
}

/// Is one of the suspects to be changed along with another?
fn has_several(finding: &Finding) -> bool {
    finding.review.suspects.iter().any(|one| one.together)
}

/// The cell of a mistake that another finding reports: "ô C9", "ô C9 trang «II.06a»".
fn cause_elsewhere(finding: &Finding) -> Option<String> {
    let cause = finding
        .review
        .cause
        .as_ref()
        .filter(|_| finding.review.consequence)?;
    let here = finding.sheet.as_ref() == Some(&cause.sheet) && finding.cell == Some(cause.cell);
    (!here).then(|| place(finding, cause))
}

/// "43", or with the cell if that is another: "ô F6: 43".
fn fix(finding: &Finding, suspect: &Suspect) -> Option<String> {
    let value = suspect.suggestion.as_ref()?;
    let value = match suspect.other() {
        Some(value) => value.to_string(),
        None => format!("gõ lại {value} dạng số"),
    };
    let here = finding.sheet.as_deref() == Some(&*suspect.sheet);
    let own = finding.cell == Some(suspect.cell) && !has_several(finding);
    Some(match (here, own) {
        (true, true) => clip(&value),
        (true, false) => format!("ô {}: {value}", suspect.cell),
        (false, _) => format!("ô {} trang «{}»: {value}", suspect.cell, suspect.sheet),
    })
}

/// The cell to be looked at before the one a finding is reported at, in words. `suspected`: the
/// cell that is suspected in its place, if one is.
pub(super) fn elsewhere(finding: &Finding, suspected: Option<&Place>) -> Option<String> {
    cause_elsewhere(finding).or_else(|| suspected.map(|at| place(finding, at)))
}

/// "ô C9", "ô C9 trang «II.06a»".
fn place(finding: &Finding, at: &Place) -> String {
    match finding.sheet.as_ref() == Some(&at.sheet) {
        true => format!("ô {}", at.cell),
        false => format!("ô {} trang «{}»", at.cell, at.sheet),
    }
}

/// Why a cell is marked although nothing is reported at it: "Ô NGHI SAI (đang ghi 45): thử 43 – …"
fn suspect(finding: &Finding) -> Option<String> {
    let cause = finding.review.cause.as_ref()?;
    let first = finding
        .review
        .suspects
        .iter()
        .find(|suspect| suspect.sheet == cause.sheet && suspect.cell == cause.cell)?;
    let now = match &first.value {
        Some(now) => format!("đang ghi {now}"),
        None => "đang để trống".to_owned(),
    };
    let meant = first
        .other()
        .map_or(String::new(), |value| format!(": thử {value}"));
    let whence = match (&finding.sheet, finding.cell) {
        (Some(sheet), Some(cell)) if *sheet == cause.sheet => format!("ô {cell}"),
        (Some(sheet), Some(cell)) => format!("ô {cell} trang «{sheet}»"),
        _ => "biểu này".to_owned(),
    };
    let reason = first.reason.vi.trim().trim_end_matches('.');
    Some(format!(
        "Ô NGHI SAI ({now}){meant} – {reason}. Vì ở {whence} có chỗ không khớp, xem ghi chú ở đó."
    ))
}

/// The note on a cell: every finding there, and what makes it suspect, then what to do. With each
/// finding the cell to be looked at before this one, if there is one.
pub(super) fn note<'a>(
    subject: Subject,
    findings: impl Iterator<Item = (&'a Finding, Standing<'a>, Option<String>)>,
    suspects: impl Iterator<Item = &'a Finding>,
) -> String {
    let mut lines = vec![NOTE_START.to_owned()];
    let (mut worst, mut open) = (Severity::Info, false);
    let mut first: Option<String> = None;
    for (finding, standing, elsewhere) in findings {
        let name = name(finding).to_uppercase();
        lines.push(format!("{name}: {}", finding.message.vi.trim()));
        lines.extend(figures(finding));
        match cause_elsewhere(finding) {
            Some(cause) => lines.push(format!(
                "Chỗ này sai theo {cause}: không phải làm gì ở đây, sửa xong {cause} thì thường tự hết."
            )),
            None => lines.extend(
                finding
                    .review
                    .suspects
                    .iter()
                    .filter_map(|suspect| suspected(finding, suspect)),
            ),
        }
        match standing {
            Standing::Justified(reason) => lines.push(format!("Đã giải trình: {reason}")),
            Standing::Open if finding.severity == Severity::Error && elsewhere.is_some() => {
                first = first.or(elsewhere);
            }
            Standing::Open => {
                open = true;
                worst = worst.min(finding.severity);
            }
        }
    }
    let told = lines.len();
    lines.extend(suspects.filter_map(suspect));
    match (open, worst) {
        (_, worst) if subject == Subject::Form => lines.extend(form_advice(worst)),
        _ if told == 1 => lines.push(
            "→ Xem lại ô này trước. Nếu ô này đúng thì sửa ở ô kia, rồi gửi lại tệp này."
                .to_owned(),
        ),
        (false, _) if lines.len() == told => lines.extend(first.map(|first| {
            format!("→ Chưa phải làm gì ở ô này: sửa {first} trước. Nếu {first} đúng thì mới xem lại ô này.")
        })),
        (true, Severity::Error) => lines.push("→ Sửa lại cho đúng rồi gửi lại tệp này.".to_owned()),
        (true, Severity::Warning) => lines.push(match first {
            Some(first) => format!(
                "→ Sửa {first} trước: lỗi thì phải sửa, không giải trình được. Sau đó, nếu số ở ô này đúng mà vẫn còn cảnh báo thì ghi lý do vào cột «Giải trình» ở trang «{RESULT_SHEET}»."
            ),
            None => format!(
                "→ Nếu sai: sửa lại. Nếu đúng: ghi lý do vào cột «Giải trình» ở trang «{RESULT_SHEET}»."
            ),
        }),
        _ => {}
    }
    let mut note = clip(&lines.join("\n"));
    note.push('\n');
    note.push_str(NOTE_END);
    note
}

/// What is there and what was expected, unless the message has said so.
fn figures(finding: &Finding) -> Option<String> {
    let told = |value: &Value| finding.message.vi.contains(&value.to_string());
    let found = finding.value.as_ref().filter(|value| !told(value));
    let expected = finding.expected.as_ref().filter(|value| !told(value));
    match (found, expected) {
        (Some(found), Some(expected)) => Some(format!("Đang ghi {found}, nên là {expected}.")),
        (Some(found), None) => Some(format!("Đang ghi {found}.")),
        (None, Some(expected)) => Some(format!("Nên là {expected}.")),
        (None, None) => None,
    }
}

/// "Có thể sai ở ô F6 (đang ghi 45): nên là 43, vì …"
fn suspected(finding: &Finding, suspect: &Suspect) -> Option<String> {
    let tried = match (&suspect.suggestion, suspect.other()) {
        (_, Some(value)) => format!(": thử {value}"),
        (Some(_), None) => String::new(),
        (None, _) => return None,
    };
    let place = match finding.sheet.as_deref() == Some(&*suspect.sheet) {
        true if finding.cell == Some(suspect.cell) => "chính ô này".to_owned(),
        true => format!("ô {}", suspect.cell),
        false => format!("ô {} trang «{}»", suspect.cell, suspect.sheet),
    };
    let now = match &suspect.value {
        Some(now) => format!("đang ghi {now}"),
        None => "đang để trống".to_owned(),
    };
    let reason = suspect.reason.vi.trim().trim_end_matches('.');
    Some(format!("Có thể sai ở {place} ({now}){tried} – {reason}."))
}

/// What its owner has to do about a mistake in a form.
fn form_advice(worst: Severity) -> Option<String> {
    match worst {
        Severity::Error => Some("→ Sửa ô này, lưu rồi soát lại tệp.".to_owned()),
        Severity::Warning => Some("→ Xem lại; đúng ý thì không phải sửa.".to_owned()),
        Severity::Info => None,
    }
}

/// Counts of findings by what has to be done about them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct NoticeCounts {
    /// Number of errors whose cause is no other finding's.
    pub(super) errors: usize,
    /// Number of errors that follow from others.
    pub(super) consequences: usize,
    /// Number of warnings without a reason.
    pub(super) warnings: usize,
    /// Number of warnings with one.
    pub(super) justified: usize,
    pub(super) infos: usize,
}

impl NoticeCounts {
    /// Is there anything to do?
    pub(super) fn asks(&self) -> bool {
        self.errors + self.consequences + self.warnings > 0
    }
}

/// The verdict on a workbook, in one line.
pub(super) fn verdict(tally: &NoticeCounts) -> String {
    let (errors, follow) = match (tally.errors, tally.consequences) {
        (0, follow) => (follow, 0),
        counts => counts,
    };
    let mut parts = Vec::new();
    let mut part = |count: usize, words: &str| {
        if count > 0 {
            parts.push(format!("{count} {words}"));
        }
    };
    part(errors, "chỗ phải sửa");
    part(follow, "chỗ sai theo, thường tự hết");
    part(tally.warnings, "chỗ phải giải trình, hoặc sửa nếu sai");
    part(tally.justified, "chỗ đã giải trình");
    part(tally.infos, "điều để biết");
    let parts = parts.join("; ");
    match (errors, tally.warnings) {
        (1.., _) => format!("TRẢ LẠI: {parts}."),
        (0, 1..) => format!("ĐÃ NHẬN, CẦN GIẢI TRÌNH: {parts}."),
        (0, 0) if parts.is_empty() => "ĐÃ NHẬN: không phải làm gì.".to_owned(),
        (0, 0) => format!("ĐÃ NHẬN: không phải làm gì ({parts})."),
    }
}

/// The verdict on a form, in one line.
pub(super) fn form_verdict(tally: &NoticeCounts) -> String {
    let (errors, warnings, notes) = (tally.errors, tally.warnings, tally.infos);
    match errors {
        0 => format!("DÙNG ĐƯỢC: {warnings} chỗ nên xem lại; {notes} điều để biết."),
        _ => format!(
            "CHƯA DÙNG ĐƯỢC: {errors} chỗ phải sửa; {warnings} chỗ nên xem lại; {notes} điều để biết."
        ),
    }
}

/// A text no longer than a cell takes.
pub(super) fn clip(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use rust_decimal::dec;

    use super::*;
    use crate::model::{Class, Message};

    #[test]
    fn a_note_says_what_is_there_what_was_expected_and_what_to_do() {
        let sheet: Arc<str> = "BM01".into();
        let message = Message::new("Tổng số ghi 45, phải bằng 43; lệch 2.", "");
        let mut finding =
            Finding::new("r", Class::Rule, Severity::Error, &"a.xlsx".into(), message)
                .at(&sheet, "C9".parse().unwrap())
                .value(Some(Value::Number(dec!(45))))
                .expected(Some(Value::Number(dec!(43))));
        finding.review.suspects.push(Suspect {
            sheet,
            cell: "F9".parse().unwrap(),
            value: None,
            suggestion: Some(Value::Number(dec!(2))),
            rank: 1,
            together: false,
            reason: Message::new("nếu ô này là 2 thì đúng quy tắc", ""),
        });
        let findings = [(&finding, Standing::Open, None)].into_iter();
        let note = note(Subject::Submission, findings, std::iter::empty());
        assert_eq!(
            note,
            "▼ Kết quả kiểm tra (tonghop)\nLỖI: Tổng số ghi 45, phải bằng 43; lệch 2.\n\
             Có thể sai ở ô F9 (đang để trống): thử 2 – nếu ô này là 2 thì đúng quy tắc.\n\
             → Sửa lại cho đúng rồi gửi lại tệp này.\n▲ tonghop"
        );
        assert_eq!(suggestion(&finding), "ô F9: 2");
        finding.review.suspects.clear();
        assert_eq!(
            (found(&finding), suggestion(&finding)),
            ("45".to_owned(), "43".to_owned())
        );
    }
}
