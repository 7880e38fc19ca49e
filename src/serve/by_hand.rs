//! Files that came into the inbox past the page: whose they are, and what they came to. The office
//! puts them there; a unit that sent its workbook by mail sees that it has arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Metadata;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use chrono::{DateTime, Local, NaiveDateTime};

use super::state::State;
use crate::campaign::{Campaign, Reading, Run, ToolError, check_by, inbox_files};
use crate::judge::ReceivedFile;
use crate::model::{Severity, Submission, SubmissionStatus};
use crate::page::FormState;

/// A file of a unit that came past the page.
#[derive(Debug, Clone)]
pub(super) struct HandFile {
    unit: String,
    /// Its name without folders.
    pub(super) name: String,
    /// When it was written, as a clock on the wall showed it.
    pub(super) at: Option<NaiveDateTime>,
    /// Ids of the forms in it.
    pub(super) forms: Vec<String>,
    /// What it came to.
    pub(super) state: FormState,
}

/// Name, length and time of writing of a file.
pub(super) type Mark = (Arc<str>, u64, Option<SystemTime>);

/// What was read, and what of: as long as that is the same, so is what comes of it.
type Read = (Vec<Mark>, BTreeMap<String, String>, Arc<[HandFile]>);

/// The files that came past the page, as far as they have been read.
#[derive(Default)]
pub(super) struct ByHand {
    kept: Mutex<Option<Read>>,
}

/// What is there to be read.
pub(super) struct Unread {
    files: Vec<ReceivedFile>,
    marks: Vec<Mark>,
}

impl ByHand {
    /// The files of the inbox that the state does not know, if there are any and they have not been
    /// read yet; else what is known of them.
    ///
    /// # Errors
    /// The inbox cannot be listed, or the state not be read.
    pub(super) fn known(
        &self,
        campaign: &Campaign,
        state: &State,
    ) -> Result<Result<Arc<[HandFile]>, Unread>, ToolError> {
        if !campaign.folder.join("inbox").is_dir() {
            return Ok(Ok(Arc::default()));
        }
        let mut files = inbox_files(&campaign.folder)?;
        // Looked at after the inbox: a row is there before its file has its name.
        let own: BTreeSet<String> = state.stored_paths()?;
        files.retain(|file| !own.contains(&*file.name));
        if files.is_empty() {
            return Ok(Ok(Arc::default()));
        }
        let marks = marks(&files);
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(match &*kept {
            Some((read, stamps, found)) if *read == marks && *stamps == campaign.stamps => {
                Ok(found.clone())
            }
            _ => Err(Unread { files, marks }),
        })
    }

    /// Reads them as `check` does.
    ///
    /// # Errors
    /// The processes that read cannot be started.
    pub(super) fn read(
        &self,
        unread: Unread,
        campaign: &Campaign,
        reading: &Reading,
    ) -> Result<Arc<[HandFile]>, ToolError> {
        let Unread { files, marks } = unread;
        let paths: Vec<_> = files.into_iter().map(|file| file.path).collect();
        let run = check_by(&paths, Some(campaign), reading, &|_, _| {})?;
        let found: Arc<[HandFile]> = run
            .submissions
            .iter()
            .filter_map(|one| of(one, &run))
            .collect();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        *kept = Some((marks, campaign.stamps.clone(), found.clone()));
        Ok(found)
    }
}

/// Those of one unit.
pub(super) fn of_unit(found: &[HandFile], unit: &str) -> Vec<HandFile> {
    let own = found.iter().filter(|file| file.unit == unit);
    own.cloned().collect()
}

/// What tells files from those they were before.
pub(super) fn marks(files: &[ReceivedFile]) -> Vec<Mark> {
    let mark = |file: &ReceivedFile| {
        let metadata = std::fs::metadata(&file.path).ok();
        let length = metadata.as_ref().map_or(0, Metadata::len);
        let time = metadata.and_then(|metadata| metadata.modified().ok());
        (file.name.clone(), length, time)
    };
    files.iter().map(mark).collect()
}

fn of(one: &Submission, run: &Run) -> Option<HandFile> {
    let unit = one.unit.as_ref()?;
    let asks = run.findings.iter().any(|finding| {
        *finding.file == *one.file && finding.severity == Severity::Warning && finding.is_open()
    });
    let state = match one.status {
        SubmissionStatus::Returned => FormState::Returned,
        SubmissionStatus::Accepted if asks => FormState::ToExplain,
        SubmissionStatus::Accepted => FormState::Received,
        // Another of them counts, or nobody can tell what it is.
        SubmissionStatus::Superseded
        | SubmissionStatus::Unreadable
        | SubmissionStatus::Unidentified => return None,
    };
    let written = || std::fs::metadata(of_disk(one)).ok()?.modified().ok();
    Some(HandFile {
        unit: unit.code.clone(),
        // Of an archive the file in it: the archive may be of many units.
        name: last(&one.file).to_owned(),
        at: written().map(|time| DateTime::<Local>::from(time).naive_local()),
        forms: one.forms.iter().map(ToString::to_string).collect(),
        state,
    })
}

/// Where a submission lies: files that are checked are named by their paths.
fn of_disk(one: &Submission) -> &str {
    one.archive.as_deref().unwrap_or(&one.file)
}

fn last(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}
