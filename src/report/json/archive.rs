//! The archive of closed periods as JSON: `close` and `history` with `--format json`.

use std::path::{Path, PathBuf};

use schemars::JsonSchema;
use serde::Serialize;

use crate::campaign::Since;
use crate::history::{Closed, Manifest, Units, Version, WrittenPeriod};
use crate::model::Period;

/// The closed periods.
#[derive(Debug, Serialize, JsonSchema)]
pub struct HistoryDocument<'a> {
    /// Version of the program.
    tonghop: &'a str,
    /// Folder of the archive.
    archive: &'a Path,
    /// Closed periods, the oldest first.
    periods: Vec<PeriodEntry<'a>>,
}

/// A closed period.
#[derive(Debug, Serialize, JsonSchema)]
struct PeriodEntry<'a> {
    #[serde(flatten)]
    current: VersionEntry<'a>,
    /// What it replaced, the oldest first.
    replaced: Vec<VersionEntry<'a>>,
    /// Shorter periods it was put together from that have been closed again since, or are gone.
    #[schemars(with = "Vec<String>")]
    outdated: &'a [Period],
}

/// A period as it was closed once.
#[derive(Debug, Serialize, JsonSchema)]
struct VersionEntry<'a> {
    /// Name of its folder: `2025-09`, or `2025-09.ban-1` once replaced.
    name: &'a str,
    /// The period.
    #[schemars(with = "String")]
    period: Period,
    /// Files that were changed or deleted since.
    changed: &'a [PathBuf],
    /// What it was made of; null for figures put there by hand.
    manifest: Option<&'a Manifest>,
}

/// The outcome of closing a period.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CloseDocument<'a> {
    /// Version of the program.
    tonghop: &'a str,
    /// Was it closed?
    closed: bool,
    /// Folder it was written to.
    folder: Option<&'a Path>,
    /// Folder of what it replaced.
    replaced: Option<&'a Path>,
    /// Periods closed with what it replaced as their past; null if it was not closed.
    #[schemars(with = "Option<Vec<String>>")]
    later: Option<&'a [Period]>,
    /// The period; null if it was not closed.
    #[schemars(with = "Option<String>")]
    period: Option<Period>,
    /// Number of figures written.
    facts: Option<usize>,
    /// Who is in it, and who is not.
    units: &'a Units,
    /// What has changed since the results of the last `consolidate`; null if there are none to
    /// compare with.
    since_results: Option<&'a Since>,
}

/// The closed periods of the archive in `folder`.
pub fn history<'a>(folder: &'a Path, periods: &'a [Closed]) -> HistoryDocument<'a> {
    let entry = |closed: &'a Closed| PeriodEntry {
        current: version(&closed.current),
        replaced: closed.replaced.iter().map(version).collect(),
        outdated: &closed.outdated,
    };
    HistoryDocument {
        tonghop: env!("CARGO_PKG_VERSION"),
        archive: folder,
        periods: periods.iter().map(entry).collect(),
    }
}

fn version(version: &Version) -> VersionEntry<'_> {
    VersionEntry {
        name: &version.name,
        period: version.period,
        changed: &version.changed,
        manifest: version.manifest.as_ref(),
    }
}

/// The outcome of closing; without `written` the period was not closed.
pub fn close<'a>(
    written: Option<&'a WrittenPeriod>,
    manifest: Option<&'a Manifest>,
    units: &'a Units,
    since_results: Option<&'a Since>,
) -> CloseDocument<'a> {
    CloseDocument {
        tonghop: env!("CARGO_PKG_VERSION"),
        closed: written.is_some(),
        folder: written.map(|written| &*written.folder),
        replaced: written.and_then(|written| written.replaced.as_deref()),
        later: written.map(|written| &*written.later),
        period: manifest.map(|manifest| manifest.period),
        facts: manifest.map(|manifest| manifest.facts),
        units,
        since_results,
    }
}
