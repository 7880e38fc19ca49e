//! Workbooks put into the campaign's inbox. Each is first written whole under a hidden name, which no
//! run reads, and flushed; then its row is committed; then it gets its name. So what a run sees is
//! always what the state knows of, and a kill in between leaves either nothing, or something that the
//! next start finishes.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::TempPath;
use walkdir::WalkDir;

use super::state::State;
use crate::campaign::file_names::usable;
use crate::campaign::{ToolError, latest_round};
use crate::history::flush;
use crate::model::{ReportingUnit, write_failure};
use crate::text::slug;

/// Folder in a round's folder for what comes in by the page.
const FOLDER: &str = "trang-web";
/// Names of files that wait begin and end so.
const WAITING: (&str, &str) = (".dang-nhan-", ".part");

/// Where new workbooks go.
pub(super) struct Place {
    /// The folder, below the campaign.
    folder: PathBuf,
    campaign: PathBuf,
    /// The round it belongs to; 0 if the inbox has no rounds.
    pub(super) round: u32,
}

/// A workbook that waits in the inbox; dropped without a name it is gone.
pub(super) struct Waiting(TempPath);

impl Place {
    /// The folder of the latest round, made if it is not there.
    ///
    /// # Errors
    /// The inbox cannot be listed or written.
    pub(super) fn of(campaign: &Path) -> Result<Place, ToolError> {
        let inbox = campaign.join("inbox");
        let made = || -> io::Result<(PathBuf, u32)> {
            std::fs::create_dir_all(&inbox)?;
            let (round, number) = latest_round(&inbox)?.unwrap_or((inbox.clone(), 0));
            let folder = round.join(FOLDER);
            std::fs::create_dir_all(&folder)?;
            flush::folder(&round)?;
            flush::folder(&inbox)?;
            Ok((folder, number))
        };
        let (folder, round) = made().map_err(|error| not_written(&inbox, &error))?;
        Ok(Place {
            folder,
            campaign: campaign.to_owned(),
            round,
        })
    }

    /// Writes a workbook under a hidden name and waits until the disk has it.
    ///
    /// # Errors
    /// It cannot be written.
    pub(super) fn wait(&self, bytes: &[u8]) -> Result<Waiting, ToolError> {
        let written = || -> io::Result<Waiting> {
            let mut builder = tempfile::Builder::new();
            builder.prefix(WAITING.0).suffix(WAITING.1);
            // Other programs of the office read it, too; the process's mask still holds.
            #[cfg(unix)]
            builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
            let mut file = builder.tempfile_in(&self.folder)?;
            file.write_all(bytes)?;
            flush::file(file.path())?;
            flush::folder(&self.folder)?;
            Ok(Waiting(file.into_temp_path()))
        };
        written().map_err(|error| not_written(&self.folder, &error))
    }

    /// A name of a unit's workbook that nothing has, and its number, at least the one given; names of
    /// one unit differ in their number only, the later the higher.
    pub(super) fn free(&self, unit: &ReportingUnit, sent: &str, number: usize) -> (PathBuf, usize) {
        let stem = format!("{}-{}", usable(&unit.code), slug(&unit.name));
        let extension = Path::new(sent).extension();
        let extension = extension.map(|e| e.to_string_lossy().to_ascii_lowercase());
        let plain = |e: &String| e.len() <= 5 && e.chars().all(|c| c.is_ascii_alphanumeric());
        let extension = extension.filter(plain).unwrap_or("xlsx".to_owned());
        numbered(&self.folder, &stem, &extension, number)
    }

    /// A path as the state keeps it: below the campaign, with `/` between its steps.
    pub(super) fn below(&self, path: &Path) -> String {
        below(&self.campaign, path)
    }

    /// Waits until the disk has the names of what was put in place.
    ///
    /// # Errors
    /// The folder cannot be flushed.
    pub(super) fn flush(&self) -> Result<(), ToolError> {
        flush::folder(&self.folder).map_err(|error| not_written(&self.folder, &error))
    }
}

impl Waiting {
    /// Where it waits.
    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// Gives it its name, never over another file.
    ///
    /// # Errors
    /// There is a file of that name, or the folder cannot be written. The workbook is gone then.
    pub(super) fn settle(self, path: &Path) -> Result<(), ToolError> {
        let settled = self.0.persist_noclobber(path);
        settled.map_err(|error| not_written(path, &error.error))
    }
}

/// Finishes what a killed server had begun: workbooks of submissions that are kept get their names,
/// others that wait are removed.
///
/// # Errors
/// The inbox or the state cannot be read or written.
pub(super) fn recover(campaign: &Path, state: &State) -> Result<(), ToolError> {
    let inbox = campaign.join("inbox");
    for entry in WalkDir::new(&inbox).into_iter().flatten() {
        let name = entry.file_name().to_string_lossy();
        let waits = name.starts_with(WAITING.0) && name.ends_with(WAITING.1);
        if !waits || !entry.file_type().is_file() {
            continue;
        }
        let path = entry.path();
        let Some(stored) = state.place_of_waiting(&below(campaign, path))? else {
            std::fs::remove_file(path).map_err(|error| not_written(path, &error))?;
            continue;
        };
        finish(campaign, state, path, &stored)?;
    }
    Ok(())
}

/// Gives a workbook that waits the name that its row says; another one, if somebody has put a file
/// there meanwhile.
fn finish(campaign: &Path, state: &State, path: &Path, stored: &str) -> Result<(), ToolError> {
    let failed = |error: io::Error| not_written(path, &error);
    let waits = below(campaign, path);
    let mut target = campaign.join(stored);
    let (Some(folder), Some(name)) = (target.parent(), target.file_name()) else {
        return Ok(());
    };
    let (folder, name) = (folder.to_owned(), name.to_string_lossy().into_owned());
    if std::fs::read(&target).ok() == Some(std::fs::read(path).map_err(failed)?) {
        // It had its name already, and only the other one was left.
        return std::fs::remove_file(path).map_err(failed);
    }
    if std::fs::symlink_metadata(&target).is_ok() {
        let (stem, extension) = name.rsplit_once('.').unwrap_or((&name, "xlsx"));
        let stem = stem.rsplit_once(" (").map_or(stem, |(stem, _)| stem);
        target = numbered(&folder, stem, extension, 1).0;
        state.rename_stored(&waits, &below(campaign, &target))?;
    }
    let mut waiting = TempPath::try_from_path(path).map_err(failed)?;
    waiting.disable_cleanup(true);
    let settled = waiting.persist_noclobber(&target);
    settled.map_err(|error| not_written(&target, &error.error))?;
    flush::folder(&folder).map_err(failed)
}

/// The first path from `number` on that nothing has, and its number.
fn numbered(folder: &Path, stem: &str, extension: &str, number: usize) -> (PathBuf, usize) {
    let mut number = number;
    loop {
        let path = folder.join(format!("{stem} ({number}).{extension}"));
        if std::fs::symlink_metadata(&path).is_err() {
            return (path, number);
        }
        number += 1;
    }
}

fn below(campaign: &Path, path: &Path) -> String {
    let path = path.strip_prefix(campaign).unwrap_or(path);
    path.to_string_lossy().replace('\\', "/")
}

fn not_written(path: &Path, error: &io::Error) -> ToolError {
    ToolError::Other(write_failure(path, error))
}
