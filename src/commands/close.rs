//! Closes a period: what is accepted goes into the archive.

use std::path::{Path, PathBuf};

use super::record;
use crate::campaign::outputs::finish_interrupted;
use crate::campaign::{
    self, Campaign, Clock, CloseOutcome, Progress, Reading, Run, RunRecord, Since, ToolError,
    consolidate_by,
};

/// Options of [`close`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Close although units are lacking?
    pub provisional: bool,
    /// Close again a period that is closed?
    pub reopen: bool,
    /// Folder of the results of the last `consolidate`; `out` in the campaign's folder if `None`.
    pub results: Option<PathBuf>,
    /// How files are read.
    pub reading: Reading,
    /// The time of closing.
    pub clock: Clock,
}

/// The outcome of [`close`].
pub struct ClosedPeriod {
    /// The campaign.
    pub campaign: Campaign,
    /// The outcome of the run.
    pub run: Run,
    /// What became of the period.
    pub outcome: CloseOutcome,
    /// What has changed since the results people have looked at; `None` if there are none.
    pub since: Option<Since>,
}

/// Reads the inbox of the campaign in `folder` and closes its period.
///
/// # Errors
/// If the campaign cannot be loaded, the period is closed already, or the archive not be written.
pub fn close(
    folder: &Path,
    options: &Options,
    progress: Progress<'_>,
) -> Result<ClosedPeriod, ToolError> {
    let campaign = Campaign::load(folder)?;
    // Refused before the whole inbox is read.
    if !options.reopen {
        campaign.archive.refuse_if_closed(campaign.file.period)?;
    }
    let reading = Reading {
        keep: false,
        ..options.reading.clone()
    };
    let run = consolidate_by(&campaign, &reading, progress)?;
    let since = since_results(&campaign, &run, options.results.as_deref(), options.clock)?;
    let now = options.clock.now();
    let outcome = campaign::close(&campaign, &run, &now, options.provisional, options.reopen)?;
    Ok(ClosedPeriod {
        campaign,
        run,
        outcome,
        since,
    })
}

/// What has changed between the results in `results` and what `run` read.
pub(super) fn since_results(
    campaign: &Campaign,
    run: &Run,
    results: Option<&Path>,
    clock: Clock,
) -> Result<Option<Since>, ToolError> {
    let own = campaign.folder.join("out");
    let results = results.unwrap_or(&own);
    finish_interrupted(results)?;
    let record = RunRecord::read(results).filter(|record| record.command == "consolidate");
    let now = record::of("consolidate", Some(campaign), run, clock);
    Ok(record.map(|record| record.since(&now)))
}
