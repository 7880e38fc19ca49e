//! Lists of the master workbook: findings, submissions, units.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::book::{MAX_LINKS, Master};
use super::list::{Item, ListColumn, SheetList};
use super::plan::SheetPlaces;
use crate::model::{
    Class, Finding, Severity, Submission, SubmissionStatus, Suspect, UnitFiling, UnitStatus,
};
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::SheetWriter;

pub(super) const fn column(header: &'static str, width: f64) -> ListColumn {
    ListColumn { header, width }
}

const FINDING_COLUMNS: &[ListColumn] = &[
    column("STT", 6.0),
    column("Mức độ", 11.0),
    column("Loại", 14.0),
    column("Mã đơn vị", 12.0),
    column("Đơn vị", 28.0),
    column("Biểu", 14.0),
    column("Tệp", 40.0),
    column("Trang tính", 14.0),
    column("Ô", 8.0),
    column("Giá trị", 16.0),
    column("Phải là", 16.0),
    column("Chênh lệch", 14.0),
    column("Nội dung", 52.0),
    column("Gợi ý", 40.0),
    column("Giải trình / chấp nhận", 40.0),
    column("Quy tắc", 26.0),
    column("Mã phát hiện", 14.0),
];

/// The column (from 0) of the list of findings under a header.
pub(super) fn finding_column(header: &str) -> u32 {
    let mut columns = (0u32..).zip(FINDING_COLUMNS);
    columns
        .find(|(_, column)| column.header == header)
        .map_or(0, |(at, _)| at)
}

/// "Phát hiện": what is wrong, where, and what it should be.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn findings(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
    places: &SheetPlaces<'_>,
) -> Result<(), WriteError> {
    let title = format!("Phát hiện ({})", master.input.findings.len());
    let mut list = SheetList::new(sheet, master, &title, FINDING_COLUMNS)?;
    for (index, finding) in master.input.findings.iter().enumerate() {
        let items = finding_items(master, places, finding, index);
        list.row(&items, finding.is_open().then_some(finding.severity))?;
    }
    list.finish()
}

fn finding_items(
    master: &Master<'_>,
    places: &SheetPlaces<'_>,
    finding: &Finding,
    index: usize,
) -> Vec<Item> {
    let place = finding.sheet.as_deref().zip(finding.cell);
    // Each row holds two links.
    let few = index < MAX_LINKS / 2;
    let link = few.then(|| master.link(&finding.file, place)).flatten();
    let unit = finding.unit.as_deref().unwrap_or_default();
    let form = finding.form.as_deref().unwrap_or_default();
    let line = few.then(|| places.line(form, unit)).flatten();
    let form = master.form_name(form);
    vec![
        Item::Count(index + 1),
        Item::Status(standing(finding)),
        Item::text(class_name(finding.class)),
        Item::centred(unit),
        Item::text(whose(master, finding)),
        Item::Link(line.map(|line| line.set_text(form)), form.to_owned()),
        Item::Link(link, finding.file.to_string()),
        Item::text(finding.sheet.as_deref().unwrap_or_default()),
        Item::centred(
            finding
                .cell
                .map(|cell| cell.to_string())
                .unwrap_or_default(),
        ),
        Item::Value(finding.value.clone()),
        Item::Value(finding.expected.clone()),
        Item::Value(finding.difference.clone()),
        Item::text(master.input.lang.of(&finding.message)),
        Item::text(suggestions(master, finding)),
        Item::text(
            finding
                .review
                .justification
                .as_ref()
                .map_or(String::new(), |given| {
                    format!("{} ({})", given.reason, given.by)
                }),
        ),
        Item::text(&finding.rule),
        Item::centred(finding.id()),
    ]
}

/// The unit, or that it is about all of them.
fn whose<'a>(master: &'a Master<'_>, finding: &'a Finding) -> &'a str {
    match (&finding.unit, finding.class) {
        (None, Class::ControlTotal) => "Toàn tỉnh",
        (unit, _) => master.unit_name(unit.as_deref().unwrap_or_default()),
    }
}

/// The word for a finding that follows from another.
pub(super) const FOLLOWS: &str = "kéo theo";

/// "lỗi", "lỗi, kéo theo", "cảnh báo, đã giải trình", "lỗi, được chấp nhận".
pub(super) fn standing(finding: &Finding) -> String {
    let severity = match finding.trial {
        Some(trial) => return format!("thử nghiệm ({})", severity_name(trial)),
        None => severity_name(finding.severity),
    };
    let severity = match finding.review.consequence {
        true => format!("{severity}, {FOLLOWS}"),
        false => severity.to_owned(),
    };
    match &finding.review.justification {
        None => severity,
        Some(given) if given.accepted => format!("{severity}, được chấp nhận"),
        Some(_) => format!("{severity}, đã giải trình"),
    }
}

/// Suspects in words: "F12: 3.259 → 3.295 (đảo chữ số)".
fn suggestions(master: &Master<'_>, finding: &Finding) -> String {
    let here = finding.sheet.as_deref();
    let word = |suspect: &Suspect| {
        let sheet = match here {
            Some(sheet) if sheet == suspect.sheet.as_ref() => String::new(),
            _ => format!("{}!", suspect.sheet),
        };
        let value = suspect
            .value
            .as_ref()
            .map_or("(trống)".to_owned(), ToString::to_string);
        let better = suspect.other().map(|value| format!(" → {value}"));
        let reason = master.input.lang.of(&suspect.reason);
        format!(
            "{sheet}{}: {value}{} ({reason})",
            suspect.cell,
            better.unwrap_or_default()
        )
    };
    finding
        .review
        .suspects
        .iter()
        .map(word)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Column (from 0) of the status in the list of submissions.
pub(super) const SUBMISSION_STATUS: u32 = 4;

/// "Bản nộp": every workbook received and what became of it.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn submissions(
    sheet: &mut SheetWriter<'_>,
    master: &Master<'_>,
) -> Result<(), WriteError> {
    const COLUMNS: &[ListColumn] = &[
        column("STT", 6.0),
        column("Tệp", 44.0),
        column("Mã đơn vị", 12.0),
        column("Đơn vị", 32.0),
        column("Tình trạng", 16.0),
        column("Biểu", 36.0),
        column("Lỗi", 8.0),
        column("Cảnh báo", 10.0),
        column("Vòng", 8.0),
        column("Lưu lúc", 22.0),
        column("Được thay bằng", 44.0),
        column("SHA-256", 36.0),
    ];
    let title = format!("Bản nộp ({})", master.input.submissions.len());
    let mut list = SheetList::new(sheet, master, &title, COLUMNS)?;
    for (index, submission) in master.input.submissions.iter().enumerate() {
        let link = |file: &str| {
            (index < MAX_LINKS / 2)
                .then(|| master.link(file, None))
                .flatten()
        };
        let (code, name) = match &submission.unit {
            Some(unit) => (unit.code.as_str(), unit.name.as_str()),
            None => ("", ""),
        };
        let forms: Vec<&str> = submission
            .forms
            .iter()
            .map(|form| master.form_name(form))
            .collect();
        let replaced = submission.superseded_by.as_deref().unwrap_or_default();
        let items = [
            Item::Count(index + 1),
            Item::Link(link(&submission.file), submission.file.to_string()),
            Item::centred(code),
            Item::text(name),
            Item::Status(submission_status_name(submission.status).to_owned()),
            Item::text(forms.join(", ")),
            Item::Count(submission.errors),
            Item::Count(submission.warnings),
            Item::Count(usize::try_from(submission.round).unwrap_or_default()),
            saved_item(submission),
            Item::Link(link(replaced), replaced.to_owned()),
            Item::text(&submission.sha256),
        ];
        list.row(&items, submission_severity(submission))?;
    }
    // The column of hashes is not printed.
    list.finish_printing(COLUMNS.len() - 1)
}

/// The moment a workbook says it was saved; a stamp nobody can read stays words.
fn saved_item(submission: &Submission) -> Item {
    match submission_moment(submission) {
        Some(moment) => Item::Moment(moment),
        None => Item::centred(submission.saved_at.as_deref().unwrap_or_default()),
    }
}

/// The moment a workbook says it was saved, as its clock had it.
pub(super) fn submission_moment(submission: &Submission) -> Option<NaiveDateTime> {
    let stamp = DateTime::parse_from_rfc3339(submission.saved_at.as_deref()?).ok()?;
    Some(stamp.naive_local())
}

/// The day each unit's first workbook was saved, as the workbooks say.
pub(super) fn first_days<'a>(master: &Master<'a>) -> HashMap<&'a str, NaiveDate> {
    let mut days: HashMap<&str, NaiveDate> = HashMap::new();
    for submission in master.input.submissions {
        let day = submission_moment(submission).map(|moment| moment.date());
        if let (Some(unit), Some(day)) = (&submission.unit, day) {
            let first = days.entry(unit.code.as_str()).or_insert(day);
            *first = day.min(*first);
        }
    }
    days
}

fn submission_severity(submission: &Submission) -> Option<Severity> {
    match submission.status {
        SubmissionStatus::Accepted => None,
        SubmissionStatus::Superseded => Some(Severity::Info),
        SubmissionStatus::Returned => Some(Severity::Warning),
        SubmissionStatus::Unreadable | SubmissionStatus::Unidentified => Some(Severity::Error),
    }
}

/// Columns (from 0) of the list of units: kind, status and day.
pub(super) const UNIT_KIND: u32 = 3;
pub(super) const UNIT_STATUS: u32 = 5;
pub(super) const FIRST_DAY: u32 = 7;

/// "Đơn vị": every unit of the roster and the state of its report.
///
/// # Errors
/// Excel would not take what is written: a name, a length or a place beyond the grid.
pub(super) fn units(sheet: &mut SheetWriter<'_>, master: &Master<'_>) -> Result<(), WriteError> {
    const COLUMNS: &[ListColumn] = &[
        column("STT", 6.0),
        column("Mã đơn vị", 12.0),
        column("Đơn vị", 40.0),
        column("Loại", 20.0),
        column("Nhóm", 28.0),
        column("Tình trạng", 16.0),
        column("Bản nộp được dùng", 48.0),
        column("Ngày lưu bản nộp đầu tiên", 18.0),
    ];
    let title = format!("Đơn vị báo cáo ({})", master.input.units.len());
    let mut list = SheetList::new(sheet, master, &title, COLUMNS)?;
    let first = first_days(master);
    for (index, filing) in master.input.units.iter().enumerate() {
        let file = filing.file.as_deref().unwrap_or_default();
        let items = [
            Item::Count(index + 1),
            Item::centred(&filing.unit.code),
            Item::text(&filing.unit.name),
            Item::text(master.kind_name(&filing.unit.kind)),
            Item::text(&filing.unit.group),
            Item::Status(unit_status_name(filing.status).to_owned()),
            Item::Link(
                (index < MAX_LINKS)
                    .then(|| master.link(file, None))
                    .flatten(),
                file.to_owned(),
            ),
            Item::Day(first.get(filing.unit.code.as_str()).copied()),
        ];
        list.row(&items, unit_severity(filing))?;
    }
    list.finish()
}

fn unit_severity(filing: &UnitFiling) -> Option<Severity> {
    match filing.status {
        UnitStatus::Accepted | UnitStatus::NotExpected => None,
        UnitStatus::Returned => Some(Severity::Error),
        UnitStatus::Missing => Some(Severity::Warning),
    }
}

/// How much a finding matters, in words.
pub(super) fn severity_name(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "lỗi",
        Severity::Warning => "cảnh báo",
        Severity::Info => "ghi chú",
    }
}

fn class_name(class: Class) -> &'static str {
    match class {
        Class::File => "tệp",
        Class::Identity => "nhận diện",
        Class::Structure => "cấu trúc",
        Class::Parse => "cách ghi",
        Class::Type => "kiểu dữ liệu",
        Class::Rule => "quy tắc",
        Class::ControlTotal => "số kiểm soát",
        Class::History => "kỳ trước",
        Class::CrossForm => "giữa các biểu",
        Class::Roster => "danh sách",
    }
}

/// What became of a submission, in words.
pub(super) fn submission_status_name(status: SubmissionStatus) -> &'static str {
    match status {
        SubmissionStatus::Accepted => "đã nhận",
        SubmissionStatus::Returned => "trả lại",
        SubmissionStatus::Superseded => "đã thay thế",
        SubmissionStatus::Unreadable => "không đọc được",
        SubmissionStatus::Unidentified => "chưa rõ đơn vị",
    }
}

/// The state of a unit's report, in words.
pub(super) fn unit_status_name(status: UnitStatus) -> &'static str {
    match status {
        UnitStatus::Accepted => "đã nhận",
        UnitStatus::Returned => "trả lại",
        UnitStatus::Missing => "chưa gửi",
        UnitStatus::NotExpected => "không phải gửi",
    }
}
