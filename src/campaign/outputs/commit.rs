//! Two-phase commit over the folders of one run, and recovery from a run that was killed.
//!
//! Every folder has a journal of its own moves. A run is committed once the journal of its first
//! folder, the leader, is there; it is written after all others and taken away before them.

use std::path::Path;

use super::journal::{Journal, Moves, NotMoved};
use super::waiting::{HeldFolder, not_writable};
use crate::campaign::error::ToolError;

/// A folder of a run with what is moved in it.
pub(super) struct FolderPart<'a> {
    pub(super) held: &'a HeldFolder,
    /// The folder as the user named it.
    pub(super) shown: &'a Path,
    pub(super) journal: Journal,
}

impl FolderPart<'_> {
    pub(super) fn moves(&self) -> Moves<'_> {
        Moves {
            journal: &self.journal,
            target: &self.held.target,
            waiting: &self.held.waiting,
        }
    }

    fn error(&self, not_moved: &NotMoved) -> ToolError {
        let path = self.shown.join(&not_moved.name);
        not_moved.obstacle.error(&path)
    }

    fn flush_moved(&self) -> Result<(), ToolError> {
        let flushed = self.moves().flush_moved();
        flushed.map_err(|error| not_writable(self.shown, &error))
    }

    /// The note is removed first: once the journal is gone, no later run would remove it.
    fn forget(&self) {
        self.held.remove_note();
        let _ = Journal::remove(&self.held.waiting);
    }
}

/// Changes all folders, the first of which leads, or none.
///
/// # Errors
/// The file that cannot be moved; everything is then as it was before, or the journals stay for the
/// next run.
pub(super) fn commit(parts: &[FolderPart<'_>]) -> Result<(), ToolError> {
    announce(parts).inspect_err(|_| parts.iter().for_each(FolderPart::forget))?;
    // The leader is the folder people look at, so it changes last.
    let made = parts.iter().rev().try_for_each(|part| {
        let moved = part.moves().forward();
        moved.map_err(|not_moved| part.error(&not_moved))?;
        part.flush_moved()
    });
    if made.is_ok() {
        parts.iter().for_each(|part| part.moves().tidy());
        // All notes before any journal: killed in between, whoever looks next has a journal to go by.
        parts.iter().for_each(|part| part.held.remove_note());
        parts.iter().for_each(FolderPart::forget);
        return Ok(());
    }
    if parts.iter().all(|part| part.moves().back().is_ok()) {
        // All notes before any journal: killed in between, whoever looks next has a journal to go by.
        parts.iter().for_each(|part| part.held.remove_note());
        parts.iter().for_each(FolderPart::forget);
    }
    made
}

fn announce(parts: &[FolderPart<'_>]) -> Result<(), ToolError> {
    for part in parts {
        let flushed = part.moves().flush_staged();
        flushed.map_err(|(name, error)| not_writable(&part.shown.join(name), &error))?;
    }
    for part in parts.iter().rev() {
        let written = part.journal.write(&part.held.waiting);
        written.map_err(|error| not_writable(part.shown, &error))?;
    }
    for part in parts.iter().filter(|part| part.journal.steps.len() > 1) {
        let noted = part.held.put_note();
        noted.map_err(|error| not_writable(&HeldFolder::note(part.shown), &error))?;
    }
    Ok(())
}

/// Finishes what a killed run began to put into a folder. Nothing if another run is writing there
/// now: it does so itself.
///
/// # Errors
/// The file that cannot be moved.
pub fn finish_interrupted(folder: &Path) -> Result<(), ToolError> {
    if HeldFolder::journal_in(folder).is_none() && !HeldFolder::has_note(folder) {
        return Ok(());
    }
    match HeldFolder::take(folder, folder) {
        Ok(held) => recover(&held, folder),
        Err(_) => Ok(()),
    }
}

/// Finishes what a killed run left in a folder that is held now, and in the other folders of that
/// run; undoes it if what it had written is damaged.
///
/// # Errors
/// The file that cannot be moved, or another folder of that run in which somebody is writing.
pub(super) fn recover(held: &HeldFolder, shown: &Path) -> Result<(), ToolError> {
    let Some(journal) = Journal::read(&held.waiting) else {
        held.remove_note();
        return Ok(());
    };
    let Some(leader) = journal.leader.clone() else {
        return recover_led(held, shown, journal, None);
    };
    let led = |other: &Journal| other.leader.is_none() && other.run == journal.run;
    if HeldFolder::journal_in(&leader).is_some_and(|other| led(&other)) {
        let held_leader = HeldFolder::take(&leader, &leader)?;
        return match Journal::read(&held_leader.waiting).filter(led) {
            Some(journal) => recover_led(&held_leader, &leader, journal, Some((held, shown))),
            // Somebody else has finished it meanwhile.
            None => Ok(()),
        };
    }
    // Without the leader's journal the run was not committed, is done, or was undone; but for the
    // first of these the leader's folder may be gone or have another name.
    let part = FolderPart {
        held,
        shown,
        journal,
    };
    match part.moves().has_begun() && part.moves().can_be_finished() {
        true => finish(&[part]),
        false => {
            part.forget();
            Ok(())
        }
    }
}

/// Finishes a run by the journal of its leader. `taken`: the other folder that is held already.
fn recover_led(
    leader: &HeldFolder,
    shown: &Path,
    journal: Journal,
    taken: Option<(&HeldFolder, &Path)>,
) -> Result<(), ToolError> {
    let run = journal.run.clone();
    // A copy of the leader's folder, made while a run was interrupted, is not that run's leader.
    let led = |other: &Journal| other.run == run && other.leader.as_ref() == Some(&leader.target);
    let mut others = Vec::new();
    for member in &journal.members {
        let held_already = taken.is_some_and(|(held, _)| held.target == *member);
        if !held_already && HeldFolder::journal_in(member).is_some_and(|other| led(&other)) {
            others.push((HeldFolder::take(member, member)?, member.clone()));
        }
    }
    let others = others.iter().map(|(held, shown)| (held, shown.as_path()));
    let members = taken.into_iter().chain(others);
    let members = members.filter_map(|(held, shown)| {
        let journal = Journal::read(&held.waiting).filter(led)?;
        Some(FolderPart {
            held,
            shown,
            journal,
        })
    });
    let mut parts: Vec<FolderPart<'_>> = members.collect();
    parts.insert(
        0,
        FolderPart {
            held: leader,
            shown,
            journal,
        },
    );
    match parts.iter().all(|part| part.moves().can_be_finished()) {
        true => finish(&parts),
        false => undo(&parts),
    }
}

fn finish(parts: &[FolderPart<'_>]) -> Result<(), ToolError> {
    for part in parts.iter().rev() {
        let moved = part.moves().forward();
        moved.map_err(|not_moved| part.error(&not_moved))?;
        part.flush_moved()?;
        part.moves().tidy();
    }
    // All notes before any journal: killed in between, whoever looks next has a journal to go by.
    parts.iter().for_each(|part| part.held.remove_note());
    parts.iter().for_each(FolderPart::forget);
    Ok(())
}

fn undo(parts: &[FolderPart<'_>]) -> Result<(), ToolError> {
    for part in parts {
        let moved = part.moves().back();
        moved.map_err(|not_moved| part.error(&not_moved))?;
        part.flush_moved()?;
    }
    // All notes before any journal: killed in between, whoever looks next has a journal to go by.
    parts.iter().for_each(|part| part.held.remove_note());
    parts.iter().for_each(FolderPart::forget);
    Ok(())
}
