//! The copies that go back: each unit's own workbook with what was found marked in it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::error::ToolError;
use super::justify;
use super::run::Run;
use crate::model::{Class, Finding, Message, Severity, Submission, SubmissionStatus};
use crate::schema::campaign::CampaignFile;
use crate::workbook::{Format, Limits, read_bytes, workbook_from_bytes};
use crate::write::returned::{Notice, ReturnError, annotate, plain_copy};
use crate::write::write_whole;

/// Writes a returned copy into `folder` for every submission with findings; `base` is what the
/// submissions' names are relative to. Gives what was written.
pub fn write_returns(
    run: &Run,
    campaign: Option<&CampaignFile>,
    base: &Path,
    folder: &Path,
) -> Result<Vec<PathBuf>, ToolError> {
    let mut taken = BTreeSet::new();
    let mut written = Vec::new();
    for submission in &run.submissions {
        let findings: Vec<Finding> = run
            .findings
            .iter()
            .filter(|finding| finding.file == submission.file)
            .cloned()
            .collect();
        // A file nobody could open cannot be marked; the list of findings tells about it.
        let unmarkable = matches!(
            submission.status,
            SubmissionStatus::Superseded | SubmissionStatus::Unreadable
        );
        if findings.is_empty() || unmarkable {
            continue;
        }
        let bytes = marked(
            submission,
            findings,
            campaign,
            &base.join(&*submission.file),
        )?;
        let path = folder.join(target(&submission.file, &mut taken));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(ToolError::io(parent))?;
        }
        write_whole(&path, &bytes)?;
        written.push(path);
    }
    Ok(written)
}

fn marked(
    submission: &Submission,
    mut findings: Vec<Finding>,
    campaign: Option<&CampaignFile>,
    source: &Path,
) -> Result<Vec<u8>, ToolError> {
    let limits = Limits::default();
    let unreadable = |error: ReturnError| ToolError::Other(error.message());
    let bytes =
        read_bytes(source, &limits).map_err(|problem| ToolError::Other(problem.message()))?;
    let notice = |findings: &[Finding]| -> Notice<'_> {
        Notice {
            unit_name: submission.unit.as_ref().map(|unit| unit.name.clone()),
            period: campaign.map_or(String::new(), |campaign| campaign.period.vietnamese()),
            office: campaign.map_or(String::new(), |campaign| campaign.office.clone()),
            findings: &[],
            justified: justify::by_finding(findings),
        }
    };
    let result = annotate(
        &bytes,
        &Notice {
            findings: &findings,
            ..notice(&findings)
        },
    );
    let reason = match result {
        Ok(bytes) => return Ok(bytes),
        Err(ReturnError::Unreadable(problem)) => {
            return Err(unreadable(ReturnError::Unreadable(problem)));
        }
        Err(other) => other.message(),
    };
    let workbook = workbook_from_bytes(&submission.file, &bytes, &limits)
        .map_err(|problem| ToolError::Other(problem.message()))?;
    let plain = plain_copy(&workbook)?;
    findings.insert(0, not_kept(submission, &reason, workbook.format));
    annotate(
        &plain,
        &Notice {
            findings: &findings,
            ..notice(&findings)
        },
    )
    .map_err(unreadable)
}

/// Tells the unit that only values and layout came back.
fn not_kept(submission: &Submission, reason: &Message, format: Format) -> Finding {
    let (vi, en) = format.names();
    let message = Message::new(
        format!(
            "{}. Bản trả về này là tệp .xlsx chỉ giữ số liệu và bố cục của {vi}; hãy sửa trên tệp gốc của đơn vị.",
            reason.vi
        ),
        format!(
            "{}. This copy is an .xlsx with the values and layout of {en}.",
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

/// Where a copy goes: as the file lies below the inbox, always .xlsx or .xlsm, never twice the
/// same, never outside the folder.
fn target(file: &str, taken: &mut BTreeSet<PathBuf>) -> PathBuf {
    let below = file.strip_prefix("inbox/").unwrap_or(file);
    let safe: PathBuf = Path::new(below)
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .collect();
    let kept = safe
        .extension()
        .and_then(|e| e.to_str())
        .map(str::to_ascii_lowercase);
    let safe = match kept.as_deref() {
        Some("xlsx" | "xlsm") => safe,
        _ => safe.with_extension("xlsx"),
    };
    let stem = safe
        .file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default();
    let extension = safe
        .extension()
        .map(|e| e.to_string_lossy().into_owned())
        .unwrap_or_default();
    let mut name = safe.clone();
    let mut number = 2;
    while !taken.insert(name.clone()) {
        name = safe.with_file_name(format!("{stem} ({number}).{extension}"));
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_keep_their_names_and_stay_in_their_folder() {
        let mut taken = BTreeSet::new();
        let mut of = |file: &str| target(file, &mut taken).to_string_lossy().into_owned();
        assert_eq!(of("inbox/dot-1/a.xlsx"), "dot-1/a.xlsx");
        assert_eq!(of("../../etc/b.xls"), "etc/b.xlsx");
        assert_eq!(of("etc/b.xlsx"), "etc/b (2).xlsx");
        assert_eq!(of("/tmp/c.xlsm"), "tmp/c.xlsm");
    }
}
