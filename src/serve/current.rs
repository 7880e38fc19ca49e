//! The campaign as it is now: loaded again when some seconds have passed, because the office works on
//! its files while the server runs.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::campaign::{Campaign, ToolError};

/// A campaign this old is loaded again.
const FRESH: Duration = Duration::from_secs(3);

/// The campaign of a folder.
pub(super) struct Current {
    folder: PathBuf,
    kept: Mutex<Option<(Instant, Arc<Campaign>)>>,
}

impl Current {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            kept: Mutex::new(None),
        }
    }

    /// The campaign; as it was some seconds ago at most.
    ///
    /// # Errors
    /// It cannot be loaded.
    pub(super) fn get(&self) -> Result<Arc<Campaign>, ToolError> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((loaded, campaign)) = &*kept
            && loaded.elapsed() < FRESH
        {
            return Ok(campaign.clone());
        }
        let campaign = Arc::new(Campaign::load(&self.folder)?);
        *kept = Some((Instant::now(), campaign.clone()));
        Ok(campaign)
    }

    /// Loads it again next time: something in it has changed.
    pub(super) fn forget(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
