//! The archive of closed periods: one folder a period, written whole or not at all.
//!
//! `<period>/` is the current version. Closing again moves it to `<period>.ban-1`, `.ban-2`... and
//! puts a new one in its place. A crash between the two leaves the version moved last, which is
//! then the valid one.

use std::fs;
use std::path::{Path, PathBuf};

use super::kept::KeptFinding;
use super::manifest::{self, Manifest};
use super::reasons::read_reasons;
use super::{HistoryError, broken, csv_file, parquet_file};
use crate::model::{Fact, Message, Period, Reason, sha256};

mod closing;
mod problems;

pub use closing::{Closing, WrittenPeriod};
use problems::{closed_already, damaged_manifest, emptied, other_period};

const FACTS: &str = "facts.parquet";
const FACTS_BY_HAND: &str = "facts.csv";
const REASONS: &str = "justifications.csv";
const FINDINGS: &str = "findings.json";
/// Between a period and the number of a version that was replaced.
const VERSION: &str = ".ban-";
/// In front of what is not yet whole.
const UNFINISHED: &str = ".dang-chot-";

/// The closed periods of a series of campaigns.
#[derive(Debug, Clone)]
pub struct Archive {
    folder: PathBuf,
}

/// One version of a closed period.
#[derive(Debug, Clone)]
pub struct Version {
    /// The period.
    pub period: Period,
    /// Name of its folder: the period, with `.ban-1` where it was replaced.
    pub name: String,
    /// What it was made of; `None` for figures somebody put there by hand.
    pub manifest: Option<Manifest>,
    /// Files that are not what the manifest says.
    pub changed: Vec<PathBuf>,
}

/// A closed period with all its versions.
#[derive(Debug, Clone)]
pub struct Closed {
    /// The current version.
    pub current: Version,
    /// Earlier versions, oldest first.
    pub replaced: Vec<Version>,
    /// The shorter periods the current version was put together from that have been closed again
    /// since, or are gone.
    pub outdated: Vec<Period>,
}

/// The facts of a closed period, and what they were made of.
#[derive(Debug, Clone)]
pub struct ClosedFacts {
    /// The period.
    pub period: Period,
    /// Its facts, in the order they were written.
    pub facts: Vec<Fact>,
    /// What it was made of; `None` for figures somebody put there by hand.
    pub manifest: Option<Manifest>,
}

impl Archive {
    /// The archive in a folder, which need not exist yet.
    pub fn new(folder: PathBuf) -> Archive {
        Archive { folder }
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The facts of the current version of a period; `None` if the archive does not have it. An
    /// error if they are not what the manifest says.
    ///
    /// # Errors
    /// The files of the period cannot be read, or differ from the manifest.
    pub fn facts(&self, period: Period) -> Result<Option<Vec<Fact>>, HistoryError> {
        match self.standing(period)? {
            Some(folder) => facts_in(&folder, period),
            None => Ok(None),
        }
    }

    /// The valid version of a period, with what it was made of; `None` if the archive does not have it.
    ///
    /// # Errors
    ///
    /// A file that cannot be read, or is not what the manifest says.
    pub fn period(&self, period: Period) -> Result<Option<ClosedFacts>, HistoryError> {
        let Some(folder) = self.standing(period)? else {
            return Ok(None);
        };
        let Some(facts) = facts_in(&folder, period)? else {
            return Ok(None);
        };
        Ok(Some(ClosedFacts {
            period,
            facts,
            manifest: read_manifest(&folder)?,
        }))
    }

    /// Path in the archive and SHA-256 of what vouches for the valid version of a period: its
    /// manifest, else its facts; `None` if the archive does not have it.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn stamp(&self, period: Period) -> Result<Option<(String, String)>, HistoryError> {
        let Some(folder) = self.standing(period)? else {
            return Ok(None);
        };
        let files = [manifest::FILE, FACTS, FACTS_BY_HAND];
        let Some(file) = files.into_iter().find(|file| folder.join(file).is_file()) else {
            return Ok(None);
        };
        let path = folder.join(file);
        let bytes = fs::read(&path).map_err(|error| broken(&path, &error))?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        Ok(Some((format!("{name}/{file}"), sha256(&bytes))))
    }

    /// The reasons kept with a period; none if there is no such file.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn reasons(&self, period: Period) -> Result<Vec<Reason>, HistoryError> {
        let Some(folder) = self.standing(period)? else {
            return Ok(Vec::new());
        };
        if !is_kept(&folder, REASONS)? {
            return Ok(Vec::new());
        }
        let path = folder.join(REASONS);
        let bytes = fs::read(&path).map_err(|error| broken(&path, &error))?;
        read_reasons(&path, &bytes)
    }

    /// The findings kept with a version; `None` if there are none.
    ///
    /// # Errors
    /// The file is there and cannot be read.
    pub fn findings(&self, version: &Version) -> Result<Option<Vec<KeptFinding>>, HistoryError> {
        let folder = self.folder.join(&version.name);
        if !is_kept(&folder, FINDINGS)? {
            return Ok(None);
        }
        let path = folder.join(FINDINGS);
        let bytes = fs::read(&path).map_err(|error| broken(&path, &error))?;
        let findings = serde_json::from_slice(&bytes).map_err(|error| broken(&path, &error))?;
        Ok(Some(findings))
    }

    /// The facts of a version.
    ///
    /// # Errors
    /// The files of the version cannot be read, or differ from the manifest.
    pub fn facts_of(&self, version: &Version) -> Result<Vec<Fact>, HistoryError> {
        let folder = self.folder.join(&version.name);
        Ok(facts_in(&folder, version.period)?.unwrap_or_default())
    }

    /// Every closed period, the oldest first.
    ///
    /// # Errors
    /// The folder or a manifest in it cannot be read.
    pub fn list(&self) -> Result<Vec<Closed>, HistoryError> {
        let mut periods: Vec<Period> = self.versions()?.iter().map(|(p, _)| *p).collect();
        periods.sort_by_key(|period| (period.last_day(), period.first_day(), *period));
        periods.dedup();
        let closed = periods.into_iter().map(|period| self.closed(period));
        Ok(closed
            .collect::<Result<Vec<_>, _>>()?
            .into_iter()
            .flatten()
            .collect())
    }

    /// A closed period and what it replaced; `None` if the archive does not have it.
    ///
    /// # Errors
    /// A manifest is there and cannot be read.
    pub fn closed(&self, period: Period) -> Result<Option<Closed>, HistoryError> {
        let mut numbers: Vec<Option<u32>> = self
            .versions()?
            .into_iter()
            .filter(|(other, _)| *other == period)
            .map(|(_, number)| number)
            .collect();
        // The current version has no number; where it is lacking, the version moved last is
        // current.
        numbers.sort_by_key(|number| number.unwrap_or(u32::MAX));
        let Some(current) = numbers.pop() else {
            return Ok(None);
        };
        let version = |number| self.version(period, number);
        let own = self.folder.join(folder_name(period, None));
        let emptied = current.is_some() && own.is_dir();
        let mut current = version(current)?;
        if emptied {
            current.changed.push(own);
        }
        Ok(Some(Closed {
            outdated: self.outdated(&current)?,
            current,
            replaced: numbers.into_iter().map(version).collect::<Result<_, _>>()?,
        }))
    }

    /// The parts of a longer period that are no longer as it was put together from them.
    fn outdated(&self, version: &Version) -> Result<Vec<Period>, HistoryError> {
        let mut outdated = Vec::new();
        for input in version
            .manifest
            .iter()
            .flat_map(|manifest| &manifest.inputs)
        {
            // Files of units have a unit; what was read of the archive has none.
            let folder = input
                .file
                .split('/')
                .next()
                .filter(|_| input.unit.is_empty());
            let Some((part, _)) = folder.and_then(version_name) else {
                continue;
            };
            if !self.holds_what_was(part, &input.sha256)? {
                outdated.push(part);
            }
        }
        Ok(outdated)
    }

    /// Does the valid version of a period hold the figures, units and forms of the one whose manifest
    /// had this hash? A period closed again without any change has a manifest of its own.
    fn holds_what_was(&self, part: Period, stamp: &str) -> Result<bool, HistoryError> {
        let Some((current, hash)) = self.stamp(part)? else {
            return Ok(false);
        };
        if hash == stamp {
            return Ok(true);
        }
        let mut was = None;
        for (period, number) in self.versions()? {
            let folder = self.folder.join(folder_name(period, number));
            if period == part && is_as_written(&folder.join(manifest::FILE), stamp)? {
                was = read_manifest(&folder)?;
            }
        }
        let folder = current.split('/').next().unwrap_or_default();
        let now = read_manifest(&self.folder.join(folder))?;
        Ok(was.zip(now).is_some_and(|(was, now)| {
            let figures = |of: &Manifest| of.files.get(FACTS).cloned();
            figures(&was).is_some()
                && (figures(&was), &was.units, &was.forms)
                    == (figures(&now), &now.units, &now.forms)
        }))
    }

    /// The version named `2025-09` or `2025-09.ban-1`; `None` if there is none.
    ///
    /// # Errors
    /// A manifest is there and cannot be read.
    pub fn named(&self, name: &str) -> Result<Option<Version>, HistoryError> {
        let Some((period, number)) = version_name(name) else {
            return Ok(None);
        };
        let Some(closed) = self.closed(period)? else {
            return Ok(None);
        };
        if number.is_none() {
            return Ok(Some(closed.current));
        }
        let mut all = closed.replaced.into_iter().chain([closed.current]);
        Ok(all.find(|version| version.name == name))
    }

    /// An error if the period is closed already.
    ///
    /// # Errors
    /// The period is closed already, or its folder cannot be read.
    pub fn refuse_if_closed(&self, period: Period) -> Result<(), HistoryError> {
        match self.standing(period)? {
            Some(folder) => Err(closed_already(&folder, period)),
            None => Ok(()),
        }
    }

    /// The folder of a period's current version, if there is one with figures in it. If the
    /// period's own folder exists but is empty, somebody removed its files: that is an error, and
    /// no older version is used instead.
    fn standing(&self, period: Period) -> Result<Option<PathBuf>, HistoryError> {
        let mut numbers: Vec<Option<u32>> = self
            .versions()?
            .into_iter()
            .filter(|(other, _)| *other == period)
            .map(|(_, number)| number)
            .collect();
        numbers.sort_by_key(|number| number.unwrap_or(u32::MAX));
        let last = numbers.pop();
        let own = self.folder.join(folder_name(period, None));
        if matches!(last, Some(Some(_))) && own.is_dir() {
            return Err(emptied(own));
        }
        Ok(last.map(|number| self.folder.join(folder_name(period, number))))
    }

    /// Every folder of the archive that holds figures: its period, and its number if it was
    /// replaced.
    fn versions(&self) -> Result<Vec<(Period, Option<u32>)>, HistoryError> {
        if !self.folder.is_dir() {
            return Ok(Vec::new());
        }
        let entries = fs::read_dir(&self.folder).map_err(|error| broken(&self.folder, &error))?;
        let mut found = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| broken(&self.folder, &error))?;
            let name = entry.file_name();
            let Some(version) = name.to_str().and_then(version_name) else {
                continue;
            };
            let has = |file: &str| entry.path().join(file).is_file();
            if [FACTS, FACTS_BY_HAND, REASONS, manifest::FILE]
                .iter()
                .any(|file| has(file))
            {
                found.push(version);
            }
        }
        Ok(found)
    }

    fn version(&self, period: Period, number: Option<u32>) -> Result<Version, HistoryError> {
        let name = folder_name(period, number);
        let folder = self.folder.join(&name);
        let mut changed = Vec::new();
        let manifest = match read_manifest(&folder) {
            Ok(manifest) => manifest,
            // One damaged period must not hide the others.
            Err(_) => {
                changed.push(folder.join(manifest::FILE));
                None
            }
        };
        if manifest
            .as_ref()
            .is_some_and(|manifest| manifest.period != period)
        {
            changed.push(folder.join(manifest::FILE));
        }
        for (file, wanted) in manifest.iter().flat_map(|manifest| &manifest.files) {
            if !is_as_written(&folder.join(file), wanted)? {
                changed.push(folder.join(file));
            }
        }
        Ok(Version {
            period,
            name,
            manifest,
            changed,
        })
    }
}

/// `2025-09`, or `2025-09.ban-1`.
fn folder_name(period: Period, number: Option<u32>) -> String {
    match number {
        None => period.to_string(),
        Some(number) => format!("{period}{VERSION}{number}"),
    }
}

fn version_name(name: &str) -> Option<(Period, Option<u32>)> {
    let (period, number) = match name.rsplit_once(VERSION) {
        Some((period, number)) => (period, Some(number.parse().ok()?)),
        None => (name, None),
    };
    let version = (period.parse().ok()?, number);
    // A folder somebody called "2025-09 " or "2025-09.ban-01" is none of the archive's.
    (folder_name(version.0, version.1) == name).then_some(version)
}

fn facts_in(folder: &Path, period: Period) -> Result<Option<Vec<Fact>>, HistoryError> {
    let (parquet, csv) = (folder.join(FACTS), folder.join(FACTS_BY_HAND));
    let (path, facts) = if parquet.is_file() {
        verify(folder, FACTS)?;
        let facts = parquet_file::read_facts(&parquet)?;
        (parquet, facts)
    } else if csv.is_file() && read_manifest(folder)?.is_none() {
        let facts = csv_file::read_facts(&csv)?;
        (csv, facts)
    } else {
        verify(folder, FACTS)?;
        return Ok(None);
    };
    match facts.iter().find(|fact| fact.period != Some(period)) {
        None => Ok(Some(facts)),
        Some(fact) => Err(other_period(&path, fact.period, period)),
    }
}

/// Does the file exist, unchanged since it was written? A file that the manifest lists and the
/// folder lacks is an error: it was deleted.
fn is_kept(folder: &Path, name: &str) -> Result<bool, HistoryError> {
    let manifest = read_manifest(folder)?;
    let written = manifest.is_some_and(|manifest| manifest.files.contains_key(name));
    if !written && !folder.join(name).is_file() {
        return Ok(false);
    }
    verify(folder, name)?;
    Ok(true)
}

/// Refuses a file that is not what the manifest beside it says.
fn verify(folder: &Path, name: &str) -> Result<(), HistoryError> {
    let Some(manifest) = read_manifest(folder)? else {
        return Ok(());
    };
    let path = folder.join(name);
    match manifest.files.get(name) {
        Some(wanted) if is_as_written(&path, wanted)? => Ok(()),
        _ => Err(HistoryError {
            file: path,
            line: None,
            message: Message::new(
                "tệp đã bị sửa, xóa hoặc chép đè sau khi chốt (mã băm khác với manifest.json), nên số liệu kỳ này không dùng được. Hãy lấy lại đúng tệp từ bản sao lưu, hoặc chốt lại kỳ này: tonghop close ... --reopen",
                "the file was changed, deleted or overwritten after the period was closed (its hash is not that of manifest.json), so the period cannot be used. Restore it, or close the period again: tonghop close ... --reopen",
            ),
        }),
    }
}

/// Is the file there with this hash?
fn is_as_written(path: &Path, wanted: &str) -> Result<bool, HistoryError> {
    match fs::read(path) {
        Ok(bytes) => Ok(sha256(&bytes) == wanted),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(broken(path, &error)),
    }
}

fn read_manifest(folder: &Path) -> Result<Option<Manifest>, HistoryError> {
    let path = folder.join(manifest::FILE);
    match fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes)
            .map(Some)
            .map_err(|error| damaged_manifest(path, &error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(broken(&path, &error)),
    }
}

#[cfg(test)]
mod tests;
