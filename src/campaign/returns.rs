//! The copies that go back: each unit's own workbook with what was found marked in it.

use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::clock::stopwatch;
use super::error::ToolError;
use super::file_names::usable;
use super::run::Run;
use crate::judge::returned_copy::returned_copy;
use crate::judge::settle::in_time;
use crate::model::{Finding, Message, Submission, SubmissionStatus};
use crate::schema::campaign::CampaignFile;
use crate::text::normalise;
use crate::workbook::{FileProblem, Limits};

/// A copy that goes back.
#[derive(Debug)]
pub struct ReturnedCopy {
    /// The submission it is of.
    pub file: Arc<str>,
    /// Where it belongs below the folder of copies.
    pub name: PathBuf,
    /// Its bytes, or why there is none; its findings are listed all the same.
    pub bytes: Result<Vec<u8>, Message>,
}

/// Makes a returned copy for every submission with findings, from the bytes that were judged, and
/// hands each over as it is made.
///
/// # Errors
/// What `take` returns.
pub fn returned_copies(
    run: &Run,
    campaign: Option<&CampaignFile>,
    limits: &Limits,
    take: &mut dyn FnMut(ReturnedCopy) -> Result<(), ToolError>,
) -> Result<(), ToolError> {
    let mut taken = BTreeSet::new();
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
        take(ReturnedCopy {
            file: submission.file.clone(),
            name: target(submission, &mut taken),
            bytes: copy_of(run, submission, findings, campaign, limits),
        })?;
    }
    Ok(())
}

/// Names that copies of the files of a run have, whether they have any now or not.
pub fn copy_names(run: &Run) -> BTreeSet<String> {
    let name = |submission: &Submission| {
        let name = target(submission, &mut BTreeSet::new());
        name.to_string_lossy().replace('\\', "/")
    };
    run.submissions.iter().map(name).collect()
}

fn copy_of(
    run: &Run,
    submission: &Submission,
    findings: Vec<Finding>,
    campaign: Option<&CampaignFile>,
    limits: &Limits,
) -> Result<Vec<u8>, Message> {
    let original = match run.originals.get(&submission.file) {
        Ok(Some(original)) => original,
        Ok(None) => return Err(not_kept()),
        Err(error) => return Err(ToolError::io(Path::new("tmp"))(error).message()),
    };
    let watch = || stopwatch(limits);
    // A file that could be read may still have a structure in which nothing can be inserted.
    catch_unwind(AssertUnwindSafe(|| {
        in_time(&watch, |allowance| {
            returned_copy(submission, findings, campaign, &original, limits, allowance)
        })
    }))
    .unwrap_or_else(|_| Err(FileProblem::ReaderStopped.message()))
}

fn not_kept() -> Message {
    Message::new(
        "nội dung tệp không được giữ lại khi đọc",
        "the bytes of the file were not kept when it was read",
    )
}

/// The name of a submission inside its archive.
fn inside<'a>(submission: &'a Submission, archive: &str) -> &'a str {
    let rest = submission.file.strip_prefix(archive);
    rest.map_or(&*submission.file, |rest| rest.trim_start_matches('/'))
}

/// Where a copy goes: as the file lies below the inbox, a folder in place of an archive, always
/// .xlsx or .xlsm, never twice the same, never outside the folder.
fn target(submission: &Submission, taken: &mut BTreeSet<String>) -> PathBuf {
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
    // Some systems take names for the same that differ in capitals or in how a letter is composed.
    while !taken.insert(normalise(&name.to_string_lossy())) {
        name = safe.with_file_name(format!("{stem} ({number}).{extension}"));
        number += 1;
    }
    name
}

/// Names in archives may be deep; some systems keep 260 characters of a path.
const MOST_STEPS: usize = 4;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::judge::{Received, ReceivedFile};

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
