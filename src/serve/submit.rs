//! Submitting: what was sent is checked, what can count is put into the inbox, and then, only then,
//! there is a receipt.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::desk::{Desk, Visitor};
use super::inbox::{Place, Waiting};
use super::state::{Judged, StoredFile, Submitted, Verdict};
use crate::campaign::{Campaign, Run, ToolError};
use crate::judge::newer;
use crate::model::{Finding, Message, Severity, Submission, SubmissionStatus, write_failure};
use crate::page::OpenFinding;

/// What became of what a unit sent.
pub(super) struct Outcome {
    /// The submission that is kept now; none if nothing could count.
    pub(super) kept: Option<Submitted>,
    /// For each of its files: does it count for every form in it?
    pub(super) counts: Vec<bool>,
}

/// A workbook that can count: of this unit, read, with a form in it. Others are refused with what
/// was found and not kept.
fn can_count(submission: &Submission) -> bool {
    let read = matches!(
        submission.status,
        SubmissionStatus::Accepted | SubmissionStatus::Returned
    );
    read && submission.unit.is_some() && !submission.forms.is_empty()
}

/// What the files that can count come to. What follows from a mistake is no place of its own.
pub(super) fn judged(run: &Run) -> Judged {
    let refused = run
        .submissions
        .iter()
        .filter(|submission| !can_count(submission));
    let refused: BTreeSet<&str> = refused.map(|submission| &*submission.file).collect();
    let about: Vec<&Finding> = run
        .findings
        .iter()
        .filter(|finding| !refused.contains(&*finding.file))
        .collect();
    let places = |severity: Severity| {
        let open = about.iter().filter(|finding| finding.asks());
        open.filter(|finding| finding.severity == severity).count()
    };
    let (errors, warnings) = (places(Severity::Error), places(Severity::Warning));
    let verdict = match (about.iter().any(|finding| finding.blocks()), warnings) {
        (true, _) => Verdict::Returned,
        (false, 0) => Verdict::Received,
        (false, _) => Verdict::ToExplain,
    };
    Judged {
        verdict,
        errors,
        warnings,
        open: Some(OpenFinding::among(about)),
    }
}

fn not_kept() -> ToolError {
    ToolError::Other(Message::new(
        "nội dung tệp không được giữ lại khi đọc",
        "the bytes of the file were not kept when it was read",
    ))
}

/// Keeps what can count of a run's files. What a unit has submitted before with the very same bytes
/// is not kept twice: sent again, because the answer was lost on the way, say, it gets the receipt it
/// had.
///
/// # Errors
/// Something could not be written; nothing counts then.
pub(super) fn submit(
    desk: &Desk,
    visitor: &Visitor,
    campaign: &Campaign,
    run: &Run,
) -> Result<Outcome, ToolError> {
    let _one_at_a_time = desk.filing();
    let sent: Vec<&Submission> = run.submissions.iter().filter(|s| can_count(s)).collect();
    let code = &visitor.unit.code;
    let earlier = desk.state.submissions_of(code)?;
    if sent.is_empty() {
        let counts = Vec::new();
        return Ok(Outcome { kept: None, counts });
    }
    let there = |file: &&StoredFile| campaign.folder.join(&file.stored_path).is_file();
    if let Some(same) = earlier.iter().find(|one| is_same(one, &sent, &there)) {
        let counts = counts(same, &earlier);
        return Ok(Outcome {
            kept: Some(same.clone()),
            counts,
        });
    }
    let place = Place::of(&campaign.folder)?;
    let known: Vec<&StoredFile> = earlier
        .iter()
        .flat_map(|one| &one.files)
        .filter(there)
        .collect();
    let mut files = Vec::with_capacity(sent.len());
    let mut waiting: Vec<Waiting> = Vec::new();
    let mut next = known.len() + 1;
    for submission in &sent {
        let same = known.iter().find(|file| file.sha256 == submission.sha256);
        if let Some(same) = same {
            let path = same.stored_path.clone();
            files.push(stored(submission, None, path, same.bytes, same.round));
            continue;
        }
        let bytes = run.originals.get(&submission.file);
        let bytes = bytes
            .map_err(ToolError::io(&desk.scratch))?
            .ok_or_else(not_kept)?;
        let waits = place.wait(&bytes)?;
        let (path, number) = place.free(&visitor.unit, &submission.file, next);
        next = number + 1;
        let (waits_at, path) = (place.below(waits.path()), place.below(&path));
        waiting.push(waits);
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        files.push(stored(
            submission,
            Some(waits_at),
            path,
            length,
            place.round,
        ));
    }
    let mut kept = Submitted {
        number: 0,
        time: desk.settings.clock.time(),
        judged: judged(run),
        files,
    };
    kept.number = desk.state.add_submission(code, &kept)?;
    if let Err(error) = settle(campaign, &place, waiting, &kept) {
        take_back(desk, campaign, code, &kept)?;
        return Err(error);
    }
    let mut all = earlier;
    all.insert(0, kept.clone());
    let counts = counts(&kept, &all);
    Ok(Outcome {
        kept: Some(kept),
        counts,
    })
}

fn stored(
    submission: &Submission,
    waiting_path: Option<String>,
    stored_path: String,
    bytes: u64,
    round: u32,
) -> StoredFile {
    StoredFile {
        sent_name: submission.file.to_string(),
        waiting_path,
        stored_path,
        sha256: submission.sha256.clone(),
        bytes,
        saved_at: submission.saved_at.clone(),
        round,
        forms: submission
            .forms
            .iter()
            .map(|form| form.to_string())
            .collect(),
    }
}

/// Gives every workbook its name, and waits until the disk has them.
fn settle(
    campaign: &Campaign,
    place: &Place,
    waiting: Vec<Waiting>,
    kept: &Submitted,
) -> Result<(), ToolError> {
    let new = kept.files.iter().filter(|file| file.waiting_path.is_some());
    for (waits, file) in waiting.into_iter().zip(new) {
        waits.settle(&campaign.folder.join(&file.stored_path))?;
    }
    place.flush()
}

/// Takes a submission back of which not every file could be put in place.
fn take_back(
    desk: &Desk,
    campaign: &Campaign,
    unit: &str,
    kept: &Submitted,
) -> Result<(), ToolError> {
    desk.state
        .withdraw(unit, kept.number, &desk.settings.clock.now())?;
    for file in kept.files.iter().filter(|file| file.waiting_path.is_some()) {
        let path = campaign.folder.join(&file.stored_path);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(ToolError::Other(write_failure(&path, &error)));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Is this what was submitted then, and is it still there?
fn is_same(one: &Submitted, sent: &[&Submission], there: &dyn Fn(&&StoredFile) -> bool) -> bool {
    let mut then: Vec<&str> = one.files.iter().map(|file| &*file.sha256).collect();
    let mut now: Vec<&str> = sent.iter().map(|submission| &*submission.sha256).collect();
    then.sort_unstable();
    now.sort_unstable();
    then == now && one.files.iter().all(|file| there(&file))
}

/// For each file of a submission: is it newer than every other that the unit has submitted with a
/// form of its own? Decided as a run decides it.
pub(super) fn counts(kept: &Submitted, all: &[Submitted]) -> Vec<bool> {
    let all: Vec<&StoredFile> = all.iter().flat_map(|one| &one.files).collect();
    let count = |file: &StoredFile| {
        let own = file.as_submission();
        all.iter()
            .filter(|other| other.sha256 != file.sha256)
            .filter(|other| other.forms.iter().any(|form| file.forms.contains(form)))
            .all(|other| newer(&own, &other.as_submission()) == Some(Ordering::Greater))
    };
    kept.files.iter().map(count).collect()
}
