//! The outputs of one run, gathered in the folders they are for and then put in place.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::time::SystemTime;

use super::commit::{FolderPart, commit, recover};
use super::folders::{is_below, is_there, slashed};
use super::journal::{Journal, JournalStep, NEW};
use super::kept_out::KeptOut;
use super::probe::obstacle_below;
use super::record::{RECORD, RunRecord, has_hash};
use super::waiting::{HeldFolder, not_writable};
use crate::campaign::definition::Campaign;
use crate::campaign::error::ToolError;
use crate::model::sha256;
use crate::text::normalise;

/// The outputs of one run.
#[derive(Debug, Default)]
pub struct Outputs {
    folders: Vec<Staged>,
    kept_out: KeptOut,
}

/// One of the folders a run writes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OutputFolder(usize);

/// What was put in place.
#[derive(Debug, Default, Clone)]
pub struct Placed {
    /// Files of an earlier run that were not written again and are gone now.
    pub removed: Vec<PathBuf>,
    /// Files of an earlier run that were not written again and stay, because somebody has changed
    /// them since.
    pub left: Vec<PathBuf>,
}

/// Files staged for one folder.
#[derive(Debug)]
struct Staged {
    /// The folder as the user named it.
    shown: PathBuf,
    held: HeldFolder,
    /// New files and their hashes.
    files: BTreeMap<String, String>,
    /// What an earlier run wrote there, if the folder is the run's own.
    earlier: Option<RunRecord>,
    /// Files of the earlier run that this one has nothing to do with.
    spared: BTreeMap<String, String>,
    /// Does it get a record?
    recorded: bool,
}

impl Outputs {
    /// The outputs of a run over a campaign: none goes among what units sent, into the archive, or
    /// over a file of the campaign's definition.
    pub fn of(campaign: &Campaign) -> Outputs {
        Outputs {
            folders: Vec::new(),
            kept_out: KeptOut::of(campaign),
        }
    }

    /// Keeps outputs out of what is read besides: whole folders of what units sent, and files. A
    /// path that is not there keeps nothing out.
    pub fn keep_out_of(&mut self, path: &Path) {
        match path.is_dir() {
            true => self.kept_out.folder(path),
            false => self.kept_out.file(path),
        }
    }

    /// Opens a folder that is the run's own: its files are recorded in a `run.json`, and files that
    /// an earlier run wrote and this one does not are removed. What a killed run left there is
    /// finished first. The first folder is the last to change.
    ///
    /// # Errors
    /// If outputs are kept out of it, nothing can be written there, another run is writing there
    /// now, or a file that a killed run had still to replace cannot be replaced.
    pub fn folder(&mut self, folder: &Path) -> Result<OutputFolder, ToolError> {
        self.open(folder, folder, true)
    }

    /// A folder of the user's, where files are only added and replaced.
    ///
    /// # Errors
    /// As [`Outputs::folder`].
    pub fn among(&mut self, folder: &Path) -> Result<OutputFolder, ToolError> {
        self.open(folder, folder, false)
    }

    /// The folder of a file of the user's, which is named in errors.
    ///
    /// # Errors
    /// As [`Outputs::folder`].
    pub fn beside(&mut self, file: &Path) -> Result<OutputFolder, ToolError> {
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        self.open(folder.unwrap_or(Path::new(".")), file, false)
    }

    fn open(
        &mut self,
        folder: &Path,
        named: &Path,
        recorded: bool,
    ) -> Result<OutputFolder, ToolError> {
        let same = |staged: &Staged| {
            fs::canonicalize(folder).is_ok_and(|target| target == staged.held.target)
        };
        if let Some(at) = self.folders.iter().position(same) {
            return Ok(OutputFolder(at));
        }
        self.kept_out.refuse_folder(folder, named, recorded)?;
        let held = HeldFolder::take(folder, named)?;
        recover(&held, folder)?;
        let cleared = held.clear();
        cleared.map_err(|error| not_writable(named, &error))?;
        let earlier = recorded.then(|| RunRecord::read(&held.target)).flatten();
        self.folders.push(Staged {
            shown: folder.to_owned(),
            held,
            files: BTreeMap::new(),
            earlier,
            spared: BTreeMap::new(),
            recorded,
        });
        Ok(OutputFolder(self.folders.len() - 1))
    }

    /// Refuses now, before anything is read, if one of `names` cannot be replaced, or one of the
    /// files an earlier run wrote.
    ///
    /// # Errors
    /// The first file that cannot be replaced, and what to do.
    pub fn probe(&self, place: OutputFolder, names: &[&str]) -> Result<(), ToolError> {
        let staged = &self.folders[place.0];
        let earlier = staged.recorded_earlier().map(|(name, _)| name.as_str());
        let mut names = names.iter().copied().chain(earlier).chain([RECORD]);
        names.try_for_each(|name| self.refuse(staged, name))
    }

    /// Leaves files of an earlier run as they are, for a run that looked at less: those that are not
    /// written again and whose name is not `mine`.
    pub fn spare(&mut self, place: OutputFolder, mine: impl Fn(&str) -> bool) {
        let staged = &mut self.folders[place.0];
        let others = staged.recorded_earlier().filter(|(name, _)| !mine(name));
        staged.spared = others.map(|(n, hash)| (n.clone(), hash.clone())).collect();
    }

    /// Adds a file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, place: OutputFolder, name: &Path, bytes: &[u8]) -> Result<(), ToolError> {
        self.folders[place.0].stage(&slashed(name), bytes)
    }

    fn refuse(&self, staged: &Staged, name: &str) -> Result<(), ToolError> {
        let (target, shown) = (&staged.held.target, &staged.shown);
        self.kept_out.refuse_file(target, name, shown)?;
        staged.refuse_if_held(name)
    }

    /// Puts everything in place, or nothing. `record` says what was read; each folder of the run's
    /// own gets it with its own files.
    ///
    /// # Errors
    /// The file that cannot be replaced and what to do; everything is then as it was before.
    pub fn place(mut self, record: Option<&RunRecord>) -> Result<Placed, ToolError> {
        let (journals, placed) = self.plan(record)?;
        let parts = self.folders.iter().zip(journals);
        let parts: Vec<FolderPart<'_>> = parts
            .map(|(staged, journal)| FolderPart {
                held: &staged.held,
                shown: &staged.shown,
                journal,
            })
            .collect();
        commit(&parts)?;
        Ok(placed)
    }

    /// All moves, once it is sure that every file can be replaced.
    fn plan(&mut self, record: Option<&RunRecord>) -> Result<(Vec<Journal>, Placed), ToolError> {
        for staged in &self.folders {
            let mut names = staged.files.keys();
            names.try_for_each(|name| self.refuse(staged, name))?;
        }
        for staged in &mut self.folders {
            if let Some(record) = record.filter(|_| staged.recorded) {
                staged.write_record(record)?;
            }
        }
        let run = unique();
        let targets: Vec<PathBuf> = self.folders.iter().map(|f| f.held.target.clone()).collect();
        let (mut journals, mut placed) = (Vec::new(), Placed::default());
        for (at, staged) in self.folders.iter().enumerate() {
            let (leader, members) = match at {
                0 => (None, targets[1..].to_vec()),
                _ => (Some(targets[0].clone()), Vec::new()),
            };
            journals.push(Journal {
                run: run.clone(),
                leader,
                members,
                steps: staged.steps(&mut placed),
            });
        }
        Ok((journals, placed))
    }
}

/// A name that no other run has.
fn unique() -> String {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let moment = since.map_or(0, |since| since.as_nanos());
    format!("{}-{moment}", process::id())
}

impl Staged {
    /// What an earlier run wrote here, with its hashes.
    fn recorded_earlier(&self) -> impl Iterator<Item = (&String, &String)> {
        let earlier = self.earlier.iter().flat_map(|record| &record.outputs);
        earlier.filter(|(name, _)| is_below(name) && *name != RECORD)
    }

    fn refuse_if_held(&self, name: &str) -> Result<(), ToolError> {
        match obstacle_below(&self.held.target, name) {
            Some(obstacle) => Err(obstacle.error(&self.shown.join(name))),
            None => Ok(()),
        }
    }

    /// Writes a file where it waits.
    fn stage(&mut self, name: &str, bytes: &[u8]) -> Result<(), ToolError> {
        let path = self.held.waiting.join(NEW).join(name);
        let folder = path.parent().map_or(Ok(()), fs::create_dir_all);
        let written = folder.and_then(|()| fs::write(&path, bytes));
        written.map_err(|error| not_writable(&self.shown.join(name), &error))?;
        self.files.insert(name.to_owned(), sha256(bytes));
        Ok(())
    }

    fn write_record(&mut self, record: &RunRecord) -> Result<(), ToolError> {
        let mut outputs = self.files.clone();
        for (name, hash) in &self.spared {
            if is_there(&self.held.target.join(name)) {
                outputs.entry(name.clone()).or_insert_with(|| hash.clone());
            }
        }
        let record = RunRecord {
            outputs,
            ..record.clone()
        };
        let bytes = serde_json::to_vec_pretty(&record).map_err(io::Error::from);
        let bytes = bytes.map_err(|error| not_writable(&self.shown.join(RECORD), &error))?;
        self.stage(RECORD, &bytes)
    }

    /// Is the file `name` written again under a name that the file system takes for the same one,
    /// as most do without regard to capitals and some to how a letter is composed? Then it is
    /// replaced and must not be removed.
    fn is_written_as(&self, name: &str) -> bool {
        let key = normalise(name);
        let real = |name: &str| fs::canonicalize(self.held.target.join(name)).ok();
        let same = |other: &str| real(name).is_some_and(|there| Some(there) == real(other));
        let mut written = self.files.keys();
        written.any(|other| normalise(other) == key && same(other))
    }

    /// What is moved: first what goes, then what comes, at last the record, which says what lies
    /// beside it.
    fn steps(&self, placed: &mut Placed) -> Vec<JournalStep> {
        let mut steps = Vec::new();
        let gone = self.recorded_earlier().filter(|(name, _)| {
            !self.files.contains_key(*name)
                && !self.spared.contains_key(*name)
                && is_there(&self.held.target.join(name))
                && !self.is_written_as(name)
        });
        for (name, hash) in gone {
            let path = self.held.target.join(name);
            let untouched =
                has_hash(&path, hash) && obstacle_below(&self.held.target, name).is_none();
            if !untouched {
                placed.left.push(self.shown.join(name));
                continue;
            }
            placed.removed.push(self.shown.join(name));
            steps.push(JournalStep {
                name: name.clone(),
                sha256: None,
            });
        }
        let (record, others): (Vec<_>, Vec<_>) =
            self.files.iter().partition(|(name, _)| *name == RECORD);
        steps.extend(
            others
                .into_iter()
                .chain(record)
                .map(|(name, hash)| JournalStep {
                    name: name.clone(),
                    sha256: Some(hash.clone()),
                }),
        );
        steps
    }
}

#[cfg(test)]
mod tests;
