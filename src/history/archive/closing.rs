//! Closing a period: its files are written in a temporary folder of the archive, which is then
//! renamed to the period.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Archive, FACTS, FINDINGS, REASONS, UNFINISHED, folder_name};
use crate::history::kept::KeptFinding;
use crate::history::manifest::{self, Manifest};
use crate::history::reasons::write_reasons;
use crate::history::{HistoryError, broken, flush, parquet_file};
use crate::model::{Fact, Period, Reason, sha256};

/// What a period is closed with.
#[derive(Debug)]
pub struct Closing<'a> {
    /// What it was made of; `facts` and `files` are filled in when it is written.
    pub manifest: Manifest,
    /// The facts that count.
    pub facts: &'a [Fact],
    /// The units' reasons.
    pub reasons: &'a [Reason],
    /// The findings that need an answer.
    pub findings: &'a [KeptFinding],
}

/// Where a period was written, and where the one before it is now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenPeriod {
    /// Folder of the period.
    pub folder: PathBuf,
    /// Folder of what it replaced.
    pub replaced: Option<PathBuf>,
    /// Later closed periods, whose checks used the version that was replaced.
    pub later: Vec<Period>,
}

impl Archive {
    /// Writes a period whole or not at all. One that is closed already is replaced only if
    /// `reopen`, and is kept.
    ///
    /// # Errors
    /// The period is closed already and not to be reopened, or the archive cannot be written.
    pub fn close(&self, closing: Closing<'_>, reopen: bool) -> Result<WrittenPeriod, HistoryError> {
        let period = closing.manifest.period;
        if !reopen {
            self.refuse_if_closed(period)?;
        }
        let standing = self.standing(period)?;
        fs::create_dir_all(&self.folder).map_err(|error| broken(&self.folder, &error))?;
        let whole = self.write_beside(closing)?;
        let target = self.folder.join(period.to_string());
        let rename =
            |from: &Path, to: &Path| fs::rename(from, to).map_err(|error| broken(to, &error));
        // A crash in the last close may have left nothing but a numbered version; it stays so.
        let replaced = match standing {
            Some(folder) if folder == target => {
                let kept = self.next_version(period)?;
                rename(&target, &kept)?;
                Some(kept)
            }
            other => other,
        };
        if let Err(error) = rename(whole.path(), &target) {
            if let Some(kept) = &replaced {
                // Puts the earlier version back; if even that fails it is found under its number.
                let _ = fs::rename(kept, &target);
            }
            return Err(error);
        }
        let _ = whole.keep();
        // It is in its place; where folders cannot be waited for, the rename holds all the same.
        let _ = flush::folder(&self.folder);
        let later = match replaced {
            Some(_) => self.later(period)?,
            None => Vec::new(),
        };
        Ok(WrittenPeriod {
            folder: target,
            replaced,
            later,
        })
    }

    /// The closed periods that begin after another has ended.
    fn later(&self, than: Period) -> Result<Vec<Period>, HistoryError> {
        let periods = self.versions()?.into_iter().map(|(period, _)| period);
        let after = periods.filter(|period| period.first_day() > than.last_day());
        let mut later: Vec<Period> = after.collect();
        later.sort_by_key(|period| (period.first_day(), period.last_day()));
        later.dedup();
        Ok(later)
    }

    /// All files of a period in a folder of their own that nobody reads yet.
    fn write_beside(&self, closing: Closing<'_>) -> Result<tempfile::TempDir, HistoryError> {
        let mut manifest = closing.manifest;
        let mut builder = tempfile::Builder::new();
        let prefix = format!("{UNFINISHED}{}-", manifest.period);
        builder.prefix(&prefix);
        // A temporary folder is private by default; the archive is for the office to read.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let folder = builder
            .tempdir_in(&self.folder)
            .map_err(|error| broken(&self.folder, &error))?;
        let mut facts = Vec::new();
        parquet_file::write_facts(closing.facts, &mut facts)?;
        let mut reasons = Vec::new();
        write_reasons(closing.reasons, &mut reasons)
            .map_err(|error| broken(Path::new(REASONS), &error))?;
        let findings = to_json(FINDINGS, &closing.findings)?;
        manifest.facts = closing.facts.len();
        manifest.files.clear();
        for (name, bytes) in [(FACTS, facts), (REASONS, reasons), (FINDINGS, findings)] {
            manifest.files.insert(name.to_owned(), sha256(&bytes));
            write(&folder.path().join(name), &bytes)?;
        }
        let bytes = to_json(manifest::FILE, &manifest)?;
        write(&folder.path().join(manifest::FILE), &bytes)?;
        flush::folder(folder.path()).map_err(|error| broken(folder.path(), &error))?;
        Ok(folder)
    }

    fn next_version(&self, period: Period) -> Result<PathBuf, HistoryError> {
        let numbers = self.versions()?.into_iter();
        let used = numbers
            .filter(|(other, _)| *other == period)
            .filter_map(|(_, number)| number)
            .max();
        let next = used.map_or(1, |last| last.saturating_add(1));
        Ok(self.folder.join(folder_name(period, Some(next))))
    }
}

fn to_json(name: &str, value: &impl serde::Serialize) -> Result<Vec<u8>, HistoryError> {
    let mut bytes =
        serde_json::to_vec_pretty(value).map_err(|error| broken(Path::new(name), &error))?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), HistoryError> {
    flush::write(path, bytes).map_err(|error| broken(path, &error))
}
