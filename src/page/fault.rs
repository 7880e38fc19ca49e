//! Faults of a file as a whole: what is said first and alone, because nothing else about the file
//! matters before it is mended.

use serde::Serialize;

use super::words;
use crate::judge::receive::FOREIGN;
use crate::model::{Class, Finding, Lang, Message, Submission, SubmissionStatus};

/// One fault of a file as a whole.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Fault {
    /// In a few words.
    title: String,
    /// What was found and what to do.
    message: String,
    /// Address of the rule's page.
    rule_href: Option<String>,
    /// Id of the finding.
    id: String,
}

/// Is the finding about the file as a whole, so that nothing else is worth saying before it is
/// mended? `has_tables`: was any table of the file read?
pub(super) fn is_fundamental(finding: &Finding, submission: &Submission, has_tables: bool) -> bool {
    let lost = matches!(
        submission.status,
        SubmissionStatus::Unreadable | SubmissionStatus::Unidentified
    );
    finding.blocks()
        && match finding.class {
            Class::File | Class::Identity => true,
            Class::Structure => !has_tables && finding.cell.is_none() && !lost,
            _ => false,
        }
}

/// A finding as a fault.
pub(super) fn of(finding: &Finding, rule_href: Option<String>, lang: Lang) -> Fault {
    Fault {
        title: lang.of(&title(finding)).to_owned(),
        message: words::message(&finding.message, lang),
        rule_href,
        id: finding.id(),
    }
}

/// What is wrong, in a few words.
fn title(finding: &Finding) -> Message {
    let (vi, en) = match (finding.rule.as_str(), finding.class) {
        ("tep-co-mat-khau", _) => ("Tệp có mật khẩu", "The file has a password"),
        ("tep-rong", _) => ("Tệp rỗng", "The file is empty"),
        ("tep-hong", _) => ("Tệp bị hỏng", "The file is damaged"),
        ("tep-qua-lon", _) => ("Tệp quá lớn", "The file is too big"),
        ("khong-phai-bang-tinh", _) => ("Không phải tệp Excel", "Not a spreadsheet"),
        ("sai-ky-bao-cao", _) => ("Sai kỳ báo cáo", "Another period"),
        (FOREIGN, _) => ("Tệp của đơn vị khác", "The workbook of another unit"),
        ("mau-ky-khac", _) => ("Mẫu của kỳ khác", "The template of another period"),
        ("mau-cu", _) => ("Mẫu cũ", "An old template"),
        ("khong-thay-bieu", _) => (
            "Không phải biểu mẫu của đợt này",
            "Not a form of this campaign",
        ),
        (_, Class::File) => ("Không đọc được tệp", "The file cannot be read"),
        (_, Class::Identity) => (
            "Chưa rõ tệp của đơn vị nào",
            "Whose workbook this is, is not clear",
        ),
        _ => ("Không đọc được biểu", "The form cannot be read"),
    };
    Message::new(vi, en)
}
