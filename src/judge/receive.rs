//! Receives one file: reads it, identifies its unit, finds and reads its tables.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

use super::definition::Definition;
use super::printed::TitleBlocks;
use super::search::Search;
use crate::extract::identity::{self, Identity};
use crate::extract::letters;
use crate::extract::title_block::PrintedText;
use crate::extract::{Explanation, Table, locate, read_explanations, read_table};
use crate::model::value::message;
use crate::model::{
    Class, Finding, Message, ReportingUnit, Severity, Submission, SubmissionStatus, Value,
};
use crate::roster::{Match, Roster};
use crate::schema::Form;
use crate::workbook::{FileProblem, Limits, Sheet, Visibility, Workbook, workbook_from_bytes};

/// A file that was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedFile {
    /// Where it is.
    pub path: PathBuf,
    /// How it is called in messages: relative to the campaign, or as given.
    pub name: Arc<str>,
    /// The round it came in, from 1; 0 outside any numbered folder.
    pub round: u32,
}

/// The outcome of receiving one file.
pub struct Received {
    /// The submission; its status is settled later, when all are known.
    pub submission: Submission,
    /// Tables found, each with the findings of reading its cells.
    pub tables: Vec<(Table, Vec<Finding>)>,
    /// What is wrong with the file as a whole.
    pub findings: Vec<Finding>,
    /// Reasons the unit wrote into it.
    pub explanations: Vec<Explanation>,
    /// What the workbook says about itself.
    pub identity: Identity,
}

/// Reads one file against the forms given. Without a campaign no unit is identified by name and any
/// period is accepted.
pub fn receive(
    file: &ReceivedFile,
    bytes: &[u8],
    forms: &[Arc<Form>],
    campaign: Option<&Definition>,
    limits: &Limits,
) -> Received {
    let name = file.name.rsplit('/').next().unwrap_or_default();
    let visible = |sheet: &Sheet| sheet.visibility == Visibility::Visible;
    match workbook_from_bytes(name, bytes, limits) {
        Ok(workbook) if !workbook.sheets.iter().any(visible) => {
            Received::unreadable(file, &FileProblem::NoVisibleSheet)
        }
        Ok(workbook) => {
            let mut received = Received::nothing(file);
            received.take(&workbook, forms, campaign);
            received
        }
        Err(problem) => Received::unreadable(file, &problem),
    }
}

/// As [`receive`], but a panic of a reader makes the file an unreadable one; nothing of the
/// interrupted work is kept.
pub fn receive_caught(
    file: &ReceivedFile,
    bytes: &[u8],
    forms: &[Arc<Form>],
    campaign: Option<&Definition>,
    limits: &Limits,
) -> Received {
    let read = AssertUnwindSafe(|| receive(file, bytes, forms, campaign, limits));
    catch_unwind(read).unwrap_or_else(|_| Received::unreadable(file, &FileProblem::ReaderStopped))
}

impl Received {
    /// A file of which nothing is known yet.
    pub fn nothing(file: &ReceivedFile) -> Received {
        Received {
            submission: Submission {
                file: file.name.clone(),
                archive: None,
                sha256: String::new(),
                unit: None,
                status: SubmissionStatus::Unreadable,
                forms: Vec::new(),
                errors: 0,
                warnings: 0,
                round: file.round,
                saved_at: None,
                superseded_by: None,
            },
            tables: Vec::new(),
            findings: Vec::new(),
            explanations: Vec::new(),
            identity: Identity::default(),
        }
    }

    /// A file that cannot be read.
    pub fn unreadable(file: &ReceivedFile, problem: &FileProblem) -> Received {
        let mut received = Received::nothing(file);
        received.findings.push(Finding::new(
            problem.rule_id(),
            Class::File,
            Severity::Error,
            &file.name,
            problem.message(),
        ));
        received
    }

    /// Of a workbook of another unit keeps nothing but that it is one: its figures, and what closed
    /// periods say of them, are none of this unit's business.
    pub fn only_of(&mut self, unit: &ReportingUnit) {
        let Some(other) = self
            .submission
            .unit
            .take_if(|other| other.code != unit.code)
        else {
            return;
        };
        let file = self.submission.file.clone();
        self.submission.status = SubmissionStatus::Unidentified;
        self.submission.forms.clear();
        self.tables.clear();
        self.explanations.clear();
        self.identity = Identity::default();
        self.findings = vec![foreign(&other, unit, &file)];
    }

    /// Identifies a workbook, finds its tables and reads them.
    pub fn take(
        &mut self,
        workbook: &Workbook,
        forms: &[Arc<Form>],
        campaign: Option<&Definition>,
    ) {
        let file = self.submission.file.clone();
        self.submission.saved_at = workbook.saved_at.clone();
        self.submission.status = SubmissionStatus::Accepted;
        self.explanations = read_explanations(workbook);
        self.findings.extend(letters::old_fonts(workbook, &file));
        let identity = identity::read(workbook);
        if let Some(campaign) = campaign {
            let day = campaign.file.period.last_day();
            let (unit, findings) = identify(&identity, &campaign.roster, day, &file);
            if unit.is_none() {
                self.submission.status = SubmissionStatus::Unidentified;
            }
            self.submission.unit = unit;
            self.findings.extend(findings);
        }
        let forms = its_versions(&identity, forms, campaign);
        let found = locate(workbook, &identity, &forms);
        if let Some(campaign) = campaign {
            let unit = self.submission.unit.as_deref();
            let blocks = TitleBlocks::read(campaign, unit, &file, workbook, &found.tables);
            self.findings.extend(blocks.findings(&identity));
        }
        let search = Search {
            file: &file,
            workbook,
            forms: &forms,
            found: &found,
            campaign,
        };
        self.findings.extend(search.findings());
        let unit = self.submission.unit.clone();
        let filer = unit.as_deref().map(ReportingUnit::filer);
        let period = campaign.map(|campaign| campaign.file.period);
        for located in &found.tables {
            self.findings
                .extend(check_version(&identity, &located.form, &file));
            self.submission.forms.push(located.form.id().into());
            let (table, found) = read_table(workbook, &file, located, filer, period);
            if table.rows.len() > MOST_ROWS {
                self.findings.push(too_long(&table));
            } else {
                self.tables.push((table, found));
            }
        }
        self.identity = identity;
    }
}

/// Rows of one table. The longest forms in use have some hundreds. Looking for suspects takes time
/// with the square of the rows.
const MOST_ROWS: usize = 2_000;

fn too_long(table: &Table) -> Finding {
    let (title, rows) = (&table.form.file.title, table.rows.len());
    let most = MOST_ROWS;
    let message = message!(
        rows, most;
        "Biểu «{title}» có {rows} dòng, quá {most} dòng nên không được đọc. Hãy xóa các dòng thừa bên dưới biểu rồi gửi lại.",
        "The form `{title}` has {rows} rows, more than {most}, and is not read. Delete the rows that are too many below it and send it again."
    );
    let class = Class::Structure;
    Finding::new("bang-qua-dai", class, Severity::Error, &table.file, message)
        .of_form(table.form.id())
        .on(&table.sheet)
}

/// Whose workbook it is. A code decides; a printed name that is another unit's contradicts it, and
/// nobody chooses between the two.
fn identify(
    identity: &Identity,
    roster: &Roster,
    day: chrono::NaiveDate,
    file: &Arc<str>,
) -> (Option<Arc<ReportingUnit>>, Vec<Finding>) {
    let printed_code = identity
        .printed_code
        .as_ref()
        .map(|printed| printed.text.as_str());
    let code = identity.unit_code.as_deref().or(printed_code);
    let by_code = code.and_then(|code| roster.by_code(code)).cloned();
    let name = identity.printed_name.as_ref();
    let by_name = name.map(|printed| (printed, roster.find(&printed.text, day)));
    match (by_code, by_name) {
        (Some(unit), Some((printed, Match::Exact(other)))) if unit.code != other.code => {
            (None, vec![contradiction(&unit, &other, printed, file)])
        }
        (Some(unit), Some((printed, Match::None { .. }))) => {
            let finding = printed_name_unknown(&unit, printed, file);
            (Some(unit), vec![finding])
        }
        (Some(unit), _) => (Some(unit), Vec::new()),
        (None, Some((_, Match::Exact(unit)))) => (Some(unit), Vec::new()),
        (None, Some((printed, other))) => (None, vec![unknown_name(printed, &other, file)]),
        (None, None) => (None, vec![no_identity(code, file)]),
    }
}

fn identity_finding(
    rule: &str,
    severity: Severity,
    file: &Arc<str>,
    printed: Option<&PrintedText>,
    message: Message,
) -> Finding {
    let finding = Finding::new(rule, Class::Identity, severity, file, message);
    match printed {
        Some(printed) => finding
            .at(&printed.sheet, printed.cell)
            .value(Some(Value::Text(printed.text.clone()))),
        None => finding,
    }
}

fn contradiction(
    by_code: &ReportingUnit,
    by_name: &ReportingUnit,
    printed: &PrintedText,
    file: &Arc<str>,
) -> Finding {
    let message = Message::new(
        format!(
            "Tệp này làm từ mẫu của {} (mã {}) nhưng ghi tên đơn vị là «{}» (mã {}). Không rõ số liệu của đơn vị nào. Hãy dùng đúng mẫu của đơn vị mình.",
            by_code.name, by_code.code, printed.text, by_name.code
        ),
        format!(
            "The workbook was made from the template of {} ({}) but names `{}` ({}). Whose figures these are cannot be known. Use the unit's own template.",
            by_code.name, by_code.code, printed.text, by_name.code
        ),
    );
    identity_finding(
        "don-vi-mau-thuan",
        Severity::Error,
        file,
        Some(printed),
        message,
    )
}

/// Id of the finding for a workbook of another unit than the one it was sent for.
pub const FOREIGN: &str = "tep-cua-don-vi-khac";

fn foreign(other: &ReportingUnit, unit: &ReportingUnit, file: &Arc<str>) -> Finding {
    let message = Message::new(
        format!(
            "Tệp này là của {} (mã {}), không phải của {} (mã {}) nên không được xem xét. Hãy chọn đúng tệp của đơn vị mình.",
            other.name, other.code, unit.name, unit.code
        ),
        format!(
            "This is the workbook of {} ({}), not of {} ({}), and is not looked at. Choose the unit's own file.",
            other.name, other.code, unit.name, unit.code
        ),
    );
    identity_finding(FOREIGN, Severity::Error, file, None, message)
}

fn printed_name_unknown(unit: &ReportingUnit, printed: &PrintedText, file: &Arc<str>) -> Finding {
    let message = Message::new(
        format!(
            "Tên đơn vị ghi «{}» không có trong danh sách; lấy theo mã đơn vị {}: {}.",
            printed.text, unit.code, unit.name
        ),
        format!(
            "`{}` is not on the roster; the unit code {} says {}.",
            printed.text, unit.code, unit.name
        ),
    );
    identity_finding(
        "ten-don-vi-la",
        Severity::Info,
        file,
        Some(printed),
        message,
    )
}

fn unknown_name(printed: &PrintedText, found: &Match, file: &Arc<str>) -> Finding {
    let listed = |units: &[Arc<ReportingUnit>]| {
        units
            .iter()
            .map(|unit| format!("{} ({})", unit.name, unit.code))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let name = &printed.text;
    let (rule, vi, en) = match found {
        Match::Several(units) => (
            "ten-don-vi-khong-ro",
            format!(
                "Tên «{name}» có thể là {}. Hãy ghi rõ xã hay phường, hoặc ghi mã đơn vị.",
                listed(units)
            ),
            format!("`{name}` may be {}.", listed(units)),
        ),
        Match::Inactive(unit) => (
            "don-vi-khong-con",
            format!(
                "{} ({}) không có trong danh sách đơn vị của kỳ này.",
                unit.name, unit.code
            ),
            format!(
                "{} ({}) does not exist in this period.",
                unit.name, unit.code
            ),
        ),
        Match::None { nearest } if !nearest.is_empty() => (
            "don-vi-khong-co-trong-danh-sach",
            format!(
                "Không có đơn vị «{name}» trong danh sách. Gần giống: {}. Chương trình không tự chọn; hãy ghi đúng tên hoặc mã đơn vị.",
                listed(nearest)
            ),
            format!(
                "`{name}` is not on the roster. Close to it: {}. The program does not choose; write the exact name or the unit code.",
                listed(nearest)
            ),
        ),
        _ => (
            "don-vi-khong-co-trong-danh-sach",
            format!("Không có đơn vị «{name}» trong danh sách. Hãy ghi đúng tên hoặc mã đơn vị."),
            format!("`{name}` is not on the roster. Write the exact name or the unit code."),
        ),
    };
    let mut message = Message::new(vi, en);
    if let (Match::None { .. }, Some(advice)) = (found, letters::advice(name)) {
        message.vi += &advice.vi;
        message.en += &advice.en;
    }
    identity_finding(rule, Severity::Error, file, Some(printed), message)
}

fn no_identity(code: Option<&str>, file: &Arc<str>) -> Finding {
    let message = match code {
        Some(code) => Message::new(
            format!(
                "Mã đơn vị «{code}» không có trong danh sách. Hãy ghi đúng mã, hoặc ghi tên sau chữ «Đơn vị báo cáo:»."
            ),
            format!(
                "Unit code `{code}` is not on the roster. Write the right code, or the name behind `Đơn vị báo cáo:`."
            ),
        ),
        None => Message::new(
            "Không thấy tên đơn vị gửi báo cáo. Hãy ghi tên sau chữ «Đơn vị báo cáo:» ở đầu biểu.",
            "The workbook does not say whose it is. Write the name behind `Đơn vị báo cáo:`.",
        ),
    };
    identity_finding("khong-ro-don-vi", Severity::Error, file, None, message)
}

/// The forms a workbook is read by: of each the version its template was made from, if the
/// campaign still has that, else the current one.
fn its_versions(
    identity: &Identity,
    forms: &[Arc<Form>],
    campaign: Option<&Definition>,
) -> Vec<Arc<Form>> {
    let version = |form: &Arc<Form>| {
        let (_, version, _) = identity.forms.iter().find(|(id, ..)| id == form.id())?;
        let older = campaign?.older.iter();
        older
            .clone()
            .find(|old| old.id() == form.id() && old.file.version == *version)
            .cloned()
    };
    forms
        .iter()
        .map(|form| version(form).unwrap_or_else(|| form.clone()))
        .collect()
}

fn check_version(identity: &Identity, form: &Form, file: &Arc<str>) -> Option<Finding> {
    let (id, version, _) = identity.forms.iter().find(|(id, ..)| id == form.id())?;
    if *version == form.file.version {
        return None;
    }
    let message = Message::new(
        format!(
            "Biểu «{}» làm theo mẫu bản {version}, bản hiện nay là {}. Hãy điền vào mẫu mới; cơ quan tổng hợp tạo mẫu mới bằng lệnh: tonghop template.",
            form.file.title, form.file.version
        ),
        format!(
            "Form `{id}` follows template version {version}; the current one is {}. Fill in the new template; the office makes it with `tonghop template`.",
            form.file.version
        ),
    );
    let finding = Finding::new("mau-cu", Class::Identity, Severity::Error, file, message);
    Some(finding.of_form(form.id()))
}
