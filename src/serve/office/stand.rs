//! How things stand: one run over the whole inbox, as `consolidate` makes it, kept for as long as
//! neither a file of the inbox nor the campaign changes.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDateTime;
use tokio::sync::OwnedMutexGuard;

use crate::campaign::{Campaign, Reading, Run, ToolError, consolidate_whole, inbox_files};
use crate::history::Closed;
use crate::judge::ReceivedFile;
use crate::serve::by_hand::{Mark, marks};

/// How things stand.
pub(super) struct Stand {
    pub(super) campaign: Arc<Campaign>,
    pub(super) run: Run,
    /// The period's versions in the archive, if it is closed.
    pub(super) closed: Option<Closed>,
    /// When each file of the inbox was last written, by its name, as a clock on the wall showed it.
    pub(super) written: BTreeMap<Arc<str>, NaiveDateTime>,
    /// When it was looked at.
    pub(super) at: NaiveDateTime,
    seen: Seen,
}

/// What a run has read: as long as it is the same, so is what comes of it.
#[derive(PartialEq, Eq)]
struct Seen {
    /// Every file of the inbox.
    files: Vec<Mark>,
    /// Hashes of the campaign's files.
    campaign: BTreeMap<String, String>,
    /// Hash of the closed period before, and of this one.
    archive: Vec<Option<(String, String)>>,
}

/// The last stand.
#[derive(Default)]
pub(in crate::serve) struct Stands {
    kept: Mutex<Option<Arc<Stand>>>,
    /// Whoever comes while one is made waits for it.
    making: Arc<tokio::sync::Mutex<()>>,
}

/// The right to make one.
pub(super) struct StandTurn {
    _guard: OwnedMutexGuard<()>,
}

impl Stands {
    /// Waits until nobody else makes one: before a place in the line is taken, so that the checks of
    /// units go on meanwhile.
    pub(super) async fn turn(&self) -> StandTurn {
        StandTurn {
            _guard: self.making.clone().lock_owned().await,
        }
    }

    /// How things stand now.
    ///
    /// # Errors
    /// The inbox or the archive cannot be read, or the processes that read not be started.
    pub(super) fn get(
        &self,
        _turn: &StandTurn,
        campaign: Arc<Campaign>,
        reading: &Reading,
        now: NaiveDateTime,
    ) -> Result<Arc<Stand>, ToolError> {
        let files = match campaign.folder.join("inbox").is_dir() {
            true => inbox_files(&campaign.folder)?,
            false => Vec::new(),
        };
        let seen = seen(&campaign, &files)?;
        let kept = self
            .kept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        if let Some(stand) = kept.filter(|stand| stand.seen == seen) {
            return Ok(stand);
        }
        std::fs::create_dir_all(campaign.folder.join("inbox"))
            .map_err(ToolError::io(&campaign.folder))?;
        let run = consolidate_whole(&campaign, reading, &|_, _| {})?;
        let closed = campaign.archive.closed(campaign.file.period)?;
        let written = files.iter().filter_map(written).collect();
        let stand = Arc::new(Stand {
            campaign,
            run,
            closed,
            written,
            at: now,
            seen,
        });
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(stand.clone());
        Ok(stand)
    }
}

fn seen(campaign: &Campaign, files: &[ReceivedFile]) -> Result<Seen, ToolError> {
    let stamp = |period| campaign.archive.stamp(period);
    Ok(Seen {
        files: marks(files),
        campaign: campaign.stamps.clone(),
        archive: vec![
            stamp(campaign.file.previous_period())?,
            stamp(campaign.file.period)?,
        ],
    })
}

fn written(file: &ReceivedFile) -> Option<(Arc<str>, NaiveDateTime)> {
    let modified = std::fs::metadata(&file.path).ok()?.modified().ok()?;
    let local = chrono::DateTime::<chrono::Local>::from(modified);
    Some((file.name.clone(), local.naive_local()))
}
