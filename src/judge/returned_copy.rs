//! The copy of one workbook that goes back to its unit, made from the bytes that were judged.

use super::justify;
use crate::model::{Allowance, Class, Finding, Message, Severity, Submission};
use crate::schema::campaign::CampaignFile;
use crate::workbook::{Format, Limits, workbook_from_bytes};
use crate::write::returned::{Notice, ReturnError, Subject, annotate_within, plain_copy};

/// The unit's own workbook (`bytes`) with its findings marked in it; one whose format cannot be
/// marked comes back as an .xlsx of its values and layout.
///
/// # Errors
/// Why no copy can be made, in words for the office: the workbook cannot be read, is put together so
/// that nothing can be put in, or time was up.
pub(crate) fn returned_copy(
    submission: &Submission,
    mut findings: Vec<Finding>,
    campaign: Option<&CampaignFile>,
    bytes: &[u8],
    limits: &Limits,
    allowance: &Allowance<'_>,
) -> Result<Vec<u8>, Message> {
    let unreadable = |error: ReturnError| error.message();
    let notice = |findings: &[Finding]| -> Notice<'_> {
        Notice {
            subject: Subject::Submission,
            unit_name: submission.unit.as_ref().map(|unit| unit.name.clone()),
            period: campaign.map_or(String::new(), |campaign| campaign.period.vietnamese()),
            office: campaign.map_or(String::new(), |campaign| campaign.office.clone()),
            deadline: campaign.and_then(|campaign| campaign.deadline),
            contact: campaign
                .and_then(|campaign| campaign.contact.clone())
                .unwrap_or_default(),
            findings: &[],
            justified: justify::by_finding(findings),
        }
    };
    let result = annotate_within(
        bytes,
        &Notice {
            findings: &findings,
            ..notice(&findings)
        },
        limits,
        allowance,
    );
    let reason = match result {
        Ok(bytes) => return Ok(bytes),
        Err(ReturnError::Unreadable(problem)) => {
            return Err(unreadable(ReturnError::Unreadable(problem)));
        }
        Err(ReturnError::TooSlow) => return Err(too_slow(limits)),
        Err(other) => other.message(),
    };
    let workbook = workbook_from_bytes(&submission.file, bytes, limits)
        .map_err(|problem| problem.message())?;
    if allowance.is_late() {
        return Err(too_slow(limits));
    }
    let plain = plain_copy(&workbook).map_err(|error| error.message)?;
    findings.insert(0, not_kept(submission, &reason, workbook.format));
    let renamed = |finding: Finding| {
        let name = finding.sheet.as_ref().and_then(|s| plain.renamed.get(s));
        match name.cloned() {
            Some(name) => finding.on(&name),
            None => finding,
        }
    };
    let findings: Vec<Finding> = findings.into_iter().map(renamed).collect();
    annotate_within(
        &plain.bytes,
        &Notice {
            findings: &findings,
            ..notice(&findings)
        },
        limits,
        allowance,
    )
    .map_err(|error| match error {
        ReturnError::TooSlow => too_slow(limits),
        other => other.message(),
    })
}

/// The time of one unit is up; its findings are in the lists all the same.
fn too_slow(limits: &Limits) -> Message {
    let seconds = limits.seconds;
    Message::new(
        format!(
            "đánh dấu vào tệp mất quá {seconds} giây (--max-seconds) nên không có bản trả về; các phát hiện của tệp xem ở danh sách phát hiện"
        ),
        format!(
            "marking took longer than {seconds} seconds (--max-seconds), so there is no copy; its findings are in the list"
        ),
    )
}

/// Says to the unit that only values and layout came back.
fn not_kept(submission: &Submission, reason: &Message, format: Format) -> Finding {
    let (vi, en) = format.names();
    let message = Message::new(
        format!(
            "{}. Bản trả về này là tệp .xlsx chỉ giữ số liệu và bố cục của {vi}; hãy sửa trên tệp gốc của đơn vị.",
            reason.vi
        ),
        format!(
            "{}. This copy is an .xlsx with only the figures and the layout of {en}; correct the unit's own file.",
            reason.en
        ),
    );
    Finding::new(
        "ban-tra-ve-khong-giu-dinh-dang",
        Class::File,
        Severity::Info,
        &submission.file,
        message,
    )
}
