//! A copy of the state, also while a server works with it.

use std::path::Path;

use rusqlite::{Connection, OpenFlags, params};
use tempfile::TempDir;

use super::error::Trouble;
use super::{BUSY, DATABASE, own_file};
use crate::campaign::ToolError;
use crate::history::flush;
use crate::model::{Message, write_failure};

/// Writes the state of a folder, as it is at one moment, into a new file that only its owner may read.
///
/// # Errors
/// There is no state, the file is there already, or it cannot be written; nothing is left of it then.
pub fn back_up(folder: &Path, to: &Path) -> Result<(), ToolError> {
    let path = folder.join(DATABASE);
    if !path.is_file() {
        return Err(no_state(folder));
    }
    let beside = match to.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let written = |error: std::io::Error| ToolError::Other(write_failure(to, &error));
    let scratch = TempDir::new_in(beside).map_err(written)?;
    let copy = scratch.path().join(DATABASE);
    own_file(&copy).map_err(written)?;
    let copied = || -> rusqlite::Result<()> {
        let database = Connection::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        database.busy_timeout(BUSY)?;
        let name = copy.to_str();
        let name = name.ok_or_else(|| rusqlite::Error::InvalidPath(copy.clone()))?;
        database.execute("VACUUM INTO ?1", params![name]).map(drop)
    };
    copied().trouble(&path)?;
    flush::file(&copy).map_err(written)?;
    let placed = tempfile::TempPath::try_from_path(&copy).map_err(written)?;
    let placed = placed.persist_noclobber(to);
    placed.map_err(|error| written(error.error))?;
    flush::folder(beside).map_err(written)
}

fn no_state(folder: &Path) -> ToolError {
    let shown = folder.display();
    ToolError::Other(Message::new(
        format!("{shown}: chưa có trạng thái của trang web để sao lưu"),
        format!("{shown}: there is no state of the page to copy"),
    ))
}

#[cfg(test)]
mod tests {
    use super::super::{LinkChange, State};
    use super::*;

    #[test]
    fn a_copy_is_whole_while_the_state_is_in_use_and_replaces_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let state = State::open(folder.path()).unwrap();
        let change = |unit: &str| {
            let made = state.change_links(&[unit], LinkChange::Make, "2025-10-06T08:00:00+07:00");
            made.unwrap()[0].clone().unwrap()
        };
        let before = change("A");
        let to = tempfile::tempdir().unwrap();
        back_up(folder.path(), &to.path().join("sao-luu.db")).unwrap();
        let after = change("B");
        assert!(back_up(folder.path(), &to.path().join("sao-luu.db")).is_err());
        assert_eq!(std::fs::read_dir(to.path()).unwrap().count(), 1);
        std::fs::rename(to.path().join("sao-luu.db"), to.path().join(DATABASE)).unwrap();
        let copy = State::open(to.path()).unwrap();
        assert_eq!(copy.unit_of(before.text()).unwrap().as_deref(), Some("A"));
        assert_eq!(copy.unit_of(after.text()).unwrap(), None);
        let nothing = tempfile::tempdir().unwrap();
        assert!(back_up(nothing.path(), &to.path().join("x")).is_err());
    }
}
