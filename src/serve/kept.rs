//! What was only checked, kept for a while so that its marked copy can be fetched.

use std::collections::VecDeque;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::state::random;
use crate::campaign::file_names::usable;
use crate::campaign::{Run, ToolError};
use crate::judge::receive::FOREIGN;
use crate::model::{Finding, Submission, SubmissionStatus};

/// No more than this many are kept, however new, nor more bytes.
const MOST: usize = 200;
const MOST_BYTES: u64 = 500_000_000;

/// Name of the list of what was found.
const LIST: &str = "danh-sach.xlsx";

/// Checks whose files are kept.
pub(super) struct Kept {
    time: Duration,
    checks: Mutex<VecDeque<Check>>,
}

struct Check {
    id: String,
    unit: String,
    since: Instant,
    files: Arc<CheckedFiles>,
}

/// The files of a check, in a folder that goes when this is dropped.
pub(super) struct CheckedFiles {
    _folder: TempDir,
    /// Name and path of each workbook that can be marked.
    pub(super) files: Vec<(String, PathBuf)>,
    /// The list of what was found, a workbook.
    pub(super) list: Option<PathBuf>,
    /// Length of all of them together.
    pub(super) bytes: u64,
}

impl CheckedFiles {
    /// The workbooks of a run in which something can be marked, each in a folder of its own below
    /// `scratch`, under its own name.
    ///
    /// # Errors
    /// They cannot be written.
    pub(super) fn of(
        run: &Run,
        list: Option<Vec<u8>>,
        scratch: &Path,
    ) -> Result<CheckedFiles, ToolError> {
        let folder = TempDir::new_in(scratch).map_err(ToolError::io(scratch))?;
        let (mut files, mut length) = (Vec::new(), 0);
        let list_path = folder.path().join(LIST);
        if let Some(list) = &list {
            fs::write(&list_path, list).map_err(ToolError::io(scratch))?;
            length += bytes_of(list);
        }
        for submission in run.submissions.iter().filter(|one| has_copy(run, one)) {
            let bytes = run
                .originals
                .get(&submission.file)
                .map_err(ToolError::io(scratch))?;
            let Some(bytes) = bytes else { continue };
            let own = folder.path().join(files.len().to_string());
            let last = submission.file.rsplit('/').next().unwrap_or_default();
            let path = own.join(usable(last));
            let written = fs::create_dir(&own).and_then(|()| fs::write(&path, &bytes));
            written.map_err(ToolError::io(scratch))?;
            length += bytes_of(&bytes);
            files.push((submission.file.to_string(), path));
        }
        Ok(CheckedFiles {
            _folder: folder,
            files,
            list: list.map(|_| list_path),
            bytes: length,
        })
    }
}

fn bytes_of(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// Is there something to mark in it?
fn has_copy(run: &Run, submission: &Submission) -> bool {
    let read = !matches!(
        submission.status,
        SubmissionStatus::Superseded | SubmissionStatus::Unreadable
    );
    let foreign = |finding: &Finding| &*finding.rule == FOREIGN;
    let mut about = run
        .findings
        .iter()
        .filter(|finding| finding.file == submission.file);
    read && about.clone().next().is_some() && !about.any(foreign)
}

impl Kept {
    pub(super) fn new(time: Duration) -> Self {
        Self {
            time,
            checks: Mutex::new(VecDeque::new()),
        }
    }

    /// Keeps the files of a unit's check; gives the id under which they are kept.
    ///
    /// # Errors
    /// The system gives no random numbers.
    pub(super) fn keep(&self, unit: &str, files: CheckedFiles) -> Result<String, ToolError> {
        let id = random()?;
        let mut checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        let old = |check: &Check| check.since.elapsed() >= self.time;
        let mut bytes: u64 = checks.iter().map(|check| check.files.bytes).sum();
        while checks.len() >= MOST
            || (bytes > MOST_BYTES && !checks.is_empty())
            || checks.front().is_some_and(old)
        {
            bytes -= checks.pop_front().map_or(0, |check| check.files.bytes);
        }
        checks.push_back(Check {
            id: id.clone(),
            unit: unit.to_owned(),
            since: Instant::now(),
            files: Arc::new(files),
        });
        Ok(id)
    }

    /// The files of a check, for its own unit.
    pub(super) fn get(&self, id: &str, unit: &str) -> Option<Arc<CheckedFiles>> {
        let checks = self.checks.lock().unwrap_or_else(PoisonError::into_inner);
        let found = checks.iter().find(|check| {
            check.id == id && check.unit == unit && check.since.elapsed() < self.time
        });
        found.map(|check| check.files.clone())
    }
}
