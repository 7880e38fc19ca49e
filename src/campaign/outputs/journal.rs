//! What is moved in one folder, step by step, so that it can be finished or undone by another run.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::folders::{is_below, is_there, patiently, remove_empty};
use super::probe::{Obstacle, obstacle_below};
use super::record::has_hash;
use crate::history::flush;

/// What a run moves in one folder. Every name in it is of a file below that folder.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Journal {
    /// An id of the run that no other run has.
    pub(super) run: String,
    /// The folder whose journal commits the run; `None` in that folder.
    pub(super) leader: Option<PathBuf>,
    /// The run's other folders, in the journal that commits it.
    pub(super) members: Vec<PathBuf>,
    pub(super) steps: Vec<JournalStep>,
}

/// One file that is replaced, or removed. The old one, if any, is kept aside meanwhile.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct JournalStep {
    pub(super) name: String,
    /// Hash of the new file; `None` if the file is removed.
    pub(super) sha256: Option<String>,
}

/// The journal of one folder, with the folders it speaks of.
#[derive(Debug)]
pub(super) struct Moves<'a> {
    pub(super) journal: &'a Journal,
    /// The folder.
    pub(super) target: &'a Path,
    /// Where its files wait.
    pub(super) waiting: &'a Path,
}

/// A file that could not be moved.
#[derive(Debug)]
pub(super) struct NotMoved {
    /// Its name below its folder.
    pub(super) name: String,
    pub(super) obstacle: Obstacle,
}

impl Moves<'_> {
    fn staged(&self, step: &JournalStep) -> PathBuf {
        self.waiting.join(NEW).join(&step.name)
    }

    /// Where the old file of step number `at` (from 0) is kept.
    fn kept(&self, at: usize) -> PathBuf {
        self.waiting.join(OLD).join(at.to_string())
    }

    /// Has this step been made?
    fn is_done(&self, step: &JournalStep) -> bool {
        let target = self.target.join(&step.name);
        match &step.sha256 {
            Some(hash) => !is_there(&self.staged(step)) && has_hash(&target, hash),
            None => !is_there(&target),
        }
    }

    /// Has any step been made?
    pub(super) fn has_begun(&self) -> bool {
        self.journal.steps.iter().any(|step| self.is_done(step))
    }

    /// Can every step that is left be made? Not if what was written is damaged, as after a power
    /// cut.
    pub(super) fn can_be_finished(&self) -> bool {
        self.journal.steps.iter().all(|step| {
            let whole = |hash: &String| has_hash(&self.staged(step), hash);
            self.is_done(step) || step.sha256.as_ref().is_none_or(whole)
        })
    }

    /// Waits until the disk has every file that is to be moved.
    ///
    /// # Errors
    /// The name of the file the disk does not take, below the folder, and what the system says.
    pub(super) fn flush_staged(&self) -> Result<(), (PathBuf, io::Error)> {
        let new = self.waiting.join(NEW);
        for step in self.journal.steps.iter().filter(|s| s.sha256.is_some()) {
            let flushed = flush::file(&self.staged(step));
            flushed.map_err(|error| (step.name.clone().into(), error))?;
        }
        match is_there(&new) {
            true => flush::folders_below(&new).map_err(|error| (PathBuf::new(), error)),
            false => Ok(()),
        }
    }

    /// Waits until the disk knows of every move, so that the journal may go.
    ///
    /// # Errors
    /// What the system says.
    pub(super) fn flush_moved(&self) -> io::Result<()> {
        let names = self.journal.steps.iter().map(|step| &step.name);
        let folders: BTreeSet<PathBuf> = names
            .map(|name| self.target.join(name))
            .filter_map(|path| path.parent().map(Path::to_owned))
            .filter(|folder| is_there(folder))
            .collect();
        folders.iter().try_for_each(|folder| flush::folder(folder))
    }

    /// Makes every step that is left.
    ///
    /// # Errors
    /// The first file that cannot be moved; the steps before it are made.
    pub(super) fn forward(&self) -> Result<(), NotMoved> {
        for (at, step) in self.journal.steps.iter().enumerate() {
            let not_moved = |obstacle| NotMoved {
                name: step.name.clone(),
                obstacle,
            };
            if self.is_done(step) {
                continue;
            }
            if let Some(obstacle) = obstacle_below(self.target, &step.name) {
                return Err(not_moved(obstacle));
            }
            self.step(at, step)
                .map_err(|error| not_moved(Obstacle::Held(error)))?;
        }
        Ok(())
    }

    fn step(&self, at: usize, step: &JournalStep) -> io::Result<()> {
        let (target, kept) = (self.target.join(&step.name), self.kept(at));
        fs::create_dir_all(self.waiting.join(OLD))?;
        if step.sha256.is_none() {
            return patiently(|| fs::rename(&target, &kept));
        }
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        if is_there(&target) {
            keep_aside(&target, &kept)?;
        }
        patiently(|| fs::rename(self.staged(step), &target))
    }

    /// Undoes every step that was made, the last one first.
    ///
    /// # Errors
    /// The first file that cannot be put back.
    pub(super) fn back(&self) -> Result<(), NotMoved> {
        for (at, step) in self.journal.steps.iter().enumerate().rev() {
            self.step_back(at, step).map_err(|error| NotMoved {
                name: step.name.clone(),
                obstacle: Obstacle::Held(error),
            })?;
        }
        Ok(())
    }

    fn step_back(&self, at: usize, step: &JournalStep) -> io::Result<()> {
        let (target, kept) = (self.target.join(&step.name), self.kept(at));
        // The new file first goes back to where it waited: killed here, the run can still be
        // finished.
        if step.sha256.is_some() && self.is_done(step) {
            patiently(|| fs::rename(&target, self.staged(step)))?;
        }
        if is_there(&kept) {
            patiently(|| fs::rename(&kept, &target))?;
        }
        remove_empty(self.target, &step.name);
        Ok(())
    }

    /// Takes away folders that hold nothing any more, once all steps are made.
    pub(super) fn tidy(&self) {
        let removed = |step: &&JournalStep| step.sha256.is_none();
        for step in self.journal.steps.iter().filter(removed) {
            remove_empty(self.target, &step.name);
        }
    }
}

/// In the folder where files wait: what is new, and what is kept of the old.
pub(super) const NEW: &str = "moi";
pub(super) const OLD: &str = "cu";

impl Journal {
    /// Name of the file in the folder where files wait.
    pub(super) const NAME: &str = "nhat-ky.json";
    /// Its name while it is written.
    pub(super) const DRAFT: &str = "nhat-ky.tam";

    /// The journal that lies in a folder. Half a journal is none: nothing was moved by it. Nor is
    /// one that names anything outside its folder.
    pub(super) fn read(waiting: &Path) -> Option<Journal> {
        let bytes = fs::read(waiting.join(Self::NAME)).ok()?;
        let journal: Journal = serde_json::from_slice(&bytes).ok()?;
        let all_below = journal.steps.iter().all(|step| is_below(&step.name));
        all_below.then_some(journal)
    }

    /// Writes the journal, whole, and waits until the disk has it.
    pub(super) fn write(&self, waiting: &Path) -> io::Result<()> {
        let draft = waiting.join(Self::DRAFT);
        flush::write(&draft, &serde_json::to_vec(self)?)?;
        fs::rename(&draft, waiting.join(Self::NAME))?;
        flush::folder(waiting)
    }

    pub(super) fn remove(waiting: &Path) -> io::Result<()> {
        match fs::remove_file(waiting.join(Self::NAME)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }
}

/// The old file also under another name, so that there is no moment without one; moved where the
/// system knows no second name.
fn keep_aside(target: &Path, kept: &Path) -> io::Result<()> {
    if is_there(kept) {
        fs::remove_file(kept)?;
    }
    match fs::hard_link(target, kept) {
        Ok(()) => Ok(()),
        Err(_) => patiently(|| fs::rename(target, kept)),
    }
}
