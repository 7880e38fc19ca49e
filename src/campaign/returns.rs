//! The copies that go back: each unit's own workbook with what was found marked in it.

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::error::ToolError;
use super::justify;
use super::run::Run;
use crate::model::{Class, Finding, Message, Severity, Submission, SubmissionStatus};
use crate::schema::campaign::CampaignFile;
use crate::workbook::{
    ArchivedFile, FileProblem, Format, Limits, read_archive, read_bytes, workbook_from_bytes,
};
use crate::write::returned::{Notice, ReturnError, annotate_within, plain_copy};
use crate::write::write_whole;

/// What became of the copies.
#[derive(Debug, Default)]
pub struct Returns {
    /// What was written.
    pub written: Vec<PathBuf>,
    /// Submissions of which no copy could be made, and why. Their findings are listed all the same.
    pub failed: Vec<(Arc<str>, Message)>,
}

/// Writes a returned copy into `folder` for every submission with findings; `base` is what the
/// submissions' names are relative to.
///
/// # Errors
/// The folder or a copy in it cannot be written.
pub fn write_returns(
    run: &Run,
    campaign: Option<&CampaignFile>,
    base: &Path,
    folder: &Path,
    limits: &Limits,
) -> Result<Returns, ToolError> {
    let mut taken = BTreeSet::new();
    let mut sources = Sources {
        base,
        limits,
        archive: None,
    };
    let mut returns = Returns::default();
    for submission in &run.submissions {
        let findings: Vec<Finding> = run
            .findings
            .iter()
            .filter(|finding| finding.file == submission.file)
            .cloned()
            .collect();
        // A file nobody could open cannot be marked; the list of findings reports it.
        let unmarkable = matches!(
            submission.status,
            SubmissionStatus::Superseded | SubmissionStatus::Unreadable
        );
        if findings.is_empty() || unmarkable {
            continue;
        }
        // A file that could be read may still be put together so that nothing can be put in.
        let bytes = catch_unwind(AssertUnwindSafe(|| {
            let original = sources.bytes(submission).map_err(|p| p.message())?;
            marked(submission, findings, campaign, &original, limits)
        }))
        .unwrap_or_else(|_| Err(FileProblem::ReaderStopped.message()));
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(reason) => {
                returns.failed.push((submission.file.clone(), reason));
                continue;
            }
        };
        let path = folder.join(target(submission, &mut taken));
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(ToolError::io(parent))?;
        }
        write_whole(&path, &bytes)?;
        returns.written.push(path);
    }
    Ok(returns)
}

fn marked(
    submission: &Submission,
    mut findings: Vec<Finding>,
    campaign: Option<&CampaignFile>,
    bytes: &[u8],
    limits: &Limits,
) -> Result<Vec<u8>, Message> {
    let unreadable = |error: ReturnError| error.message();
    let notice = |findings: &[Finding]| -> Notice<'_> {
        Notice {
            unit_name: submission.unit.as_ref().map(|unit| unit.name.clone()),
            period: campaign.map_or(String::new(), |campaign| campaign.period.vietnamese()),
            office: campaign.map_or(String::new(), |campaign| campaign.office.clone()),
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
    );
    let reason = match result {
        Ok(bytes) => return Ok(bytes),
        Err(ReturnError::Unreadable(problem)) => {
            return Err(unreadable(ReturnError::Unreadable(problem)));
        }
        Err(other) => other.message(),
    };
    let workbook = workbook_from_bytes(&submission.file, bytes, limits)
        .map_err(|problem| problem.message())?;
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
    )
    .map_err(unreadable)
}

/// Gives the bytes of submissions again; of an archive, unpacked once for all its files.
struct Sources<'a> {
    base: &'a Path,
    limits: &'a Limits,
    archive: Option<(Arc<str>, Vec<ArchivedFile>)>,
}

impl Sources<'_> {
    fn bytes(&mut self, submission: &Submission) -> Result<Vec<u8>, FileProblem> {
        let Some(archive) = &submission.archive else {
            return read_bytes(&self.base.join(&*submission.file), self.limits);
        };
        if self
            .archive
            .as_ref()
            .is_none_or(|(name, _)| name != archive)
        {
            let bytes = read_bytes(&self.base.join(&**archive), self.limits)?;
            self.archive = Some((archive.clone(), read_archive(&bytes, self.limits)?));
        }
        let files = self.archive.iter().flat_map(|(_, files)| files);
        let name = inside(submission, archive);
        let found = files.into_iter().find(|file| file.name == name);
        // Somebody changed the archive while we worked.
        let gone = || Err(FileProblem::Unopenable(submission.file.to_string()));
        found.map_or_else(gone, |file| file.content.clone())
    }
}

/// The name of a submission inside its archive.
fn inside<'a>(submission: &'a Submission, archive: &str) -> &'a str {
    let rest = submission.file.strip_prefix(archive);
    rest.map_or(&*submission.file, |rest| rest.trim_start_matches('/'))
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

/// Where a copy goes: as the file lies below the inbox, a folder in place of an archive, always
/// .xlsx or .xlsm, never twice the same, never outside the folder.
fn target(submission: &Submission, taken: &mut BTreeSet<PathBuf>) -> PathBuf {
    let file = match &submission.archive {
        Some(archive) => Path::new(&**archive)
            .with_extension("")
            .join(inside(submission, archive)),
        None => PathBuf::from(&*submission.file),
    };
    let below = file.strip_prefix("inbox").unwrap_or(&file);
    let safe: PathBuf = below
        .components()
        .filter(|part| matches!(part, Component::Normal(_)))
        .map(|part| usable(&part.as_os_str().to_string_lossy()))
        .collect();
    let steps = safe.components().count();
    let safe: PathBuf = safe.iter().skip(steps.saturating_sub(MOST_STEPS)).collect();
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

/// Names in archives may be of any length; systems keep 255 bytes of a step, some 260 characters
/// of a path.
const LONGEST_STEP: usize = 60;
const MOST_STEPS: usize = 4;

/// A step of a path that every system can write: names in archives come from anywhere.
fn usable(step: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_control() || "<>:\"|?*".contains(c) => '_',
        c => c,
    };
    let step: String = step.chars().map(plain).collect();
    let step = match step.char_indices().nth(LONGEST_STEP) {
        Some((end, _)) => {
            step[..end].to_owned()
                + step.rfind('.').map_or("", |dot| {
                    let extension = &step[dot..];
                    if extension.len() <= 5 { extension } else { "" }
                })
        }
        None => step,
    };
    let step = step.trim_end_matches(['.', ' ']);
    let stem = step
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_uppercase();
    // Windows keeps these names for devices, whatever follows the dot.
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")));
    match device || step.is_empty() {
        true => format!("_{step}"),
        false => step.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campaign::{Received, ReceivedFile};

    fn submission(file: &str, archive: Option<&str>) -> Submission {
        let file = ReceivedFile {
            path: PathBuf::new(),
            name: file.into(),
            round: 0,
        };
        Submission {
            archive: archive.map(Arc::from),
            ..Received::nothing(&file).submission
        }
    }

    #[test]
    fn copies_of_files_in_an_archive_lie_in_a_folder_of_its_name() {
        let mut taken = BTreeSet::new();
        let mut of = |file: &str, archive: &str| {
            let target = target(&submission(file, Some(archive)), &mut taken);
            target.to_string_lossy().into_owned()
        };
        let archive = "inbox/dot-1/xã.zip";
        assert_eq!(
            of("inbox/dot-1/xã.zip/A/a.xls", archive),
            "dot-1/xã/A/a.xlsx"
        );
        assert_eq!(
            of("inbox/dot-1/xã.zip/C:b?.xlsx", archive),
            "dot-1/xã/C_b_.xlsx"
        );
        assert_eq!(
            of("inbox/dot-1/xã.zip/con.xlsx", archive),
            "dot-1/xã/_con.xlsx"
        );
        assert_eq!(
            of("inbox/dot-1/xã.zip//etc/x", archive),
            "dot-1/xã/etc/x.xlsx"
        );
    }

    #[test]
    fn copies_keep_their_names_and_stay_in_their_folder() {
        let mut taken = BTreeSet::new();
        let mut of = |file: &str| {
            let target = target(&submission(file, None), &mut taken);
            target.to_string_lossy().into_owned()
        };
        assert_eq!(of("inbox/dot-1/a.xlsx"), "dot-1/a.xlsx");
        assert_eq!(of("../../etc/b.xls"), "etc/b.xlsx");
        assert_eq!(of("etc/b.xlsx"), "etc/b (2).xlsx");
        assert_eq!(of("/tmp/c.xlsm"), "tmp/c.xlsm");
    }
}
