//! What the server must remember: links of units, what was submitted, accounts of the office, what
//! happened. One SQLite database; every change is on the disk before it is answered.

mod accounts;
mod backup;
mod error;
mod events;
mod links;
mod mails;
mod migrations;
mod notes;
mod sessions;
mod submissions;
mod token;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use accounts::{Account, AccountChange, Role, Secret};
pub use backup::back_up;
pub use events::{Event, EventKind};
pub use links::LinkChange;
pub use mails::{Mail, MailState, Sending};
pub use notes::{Note, NoteKind, Reopened};
pub use sessions::IDLE;
pub use submissions::{Judged, StoredFile, Submitted, Verdict};
pub use token::{Token, random, random_bits};

use crate::campaign::ToolError;
use crate::model::write_failure;
use error::Trouble;

/// Name of the database in the folder of the state.
const DATABASE: &str = "trang-web.db";
/// Another process may hold the database for so long, for one change.
const BUSY: Duration = Duration::from_secs(10);

/// The folder of a campaign's state, unless another is named.
pub fn folder_of(campaign: &Path) -> PathBuf {
    campaign.join(".tonghop")
}

/// The state of one campaign's page.
pub struct State {
    path: PathBuf,
    /// Changes go through this one.
    database: Mutex<Connection>,
    /// Questions, which need not wait while a change waits for another process.
    reader: Mutex<Connection>,
}

impl State {
    /// Opens the state in a folder, which is made if it is not there, and brings it to the form this
    /// version knows.
    ///
    /// # Errors
    /// The folder cannot be written, or the database cannot be read or is of a later version.
    pub fn open(folder: &Path) -> Result<State, ToolError> {
        let made = own_folder(folder);
        made.map_err(|error| ToolError::Other(write_failure(folder, &error)))?;
        let path = folder.join(DATABASE);
        let made = own_file(&path);
        made.map_err(|error| ToolError::Other(write_failure(&path, &error)))?;
        let database = Self::connected(&path).trouble(&path)?;
        let state = State {
            reader: Mutex::new(Self::connected(&path).trouble(&path)?),
            database: Mutex::new(database),
            path,
        };
        state.change(migrations::apply)??;
        Ok(state)
    }

    fn connected(path: &Path) -> rusqlite::Result<Connection> {
        let database = Connection::open(path)?;
        database.busy_timeout(BUSY)?;
        database.pragma_update(None, "journal_mode", "WAL")?;
        database.pragma_update(None, "synchronous", "FULL")?;
        database.pragma_update(None, "foreign_keys", true)?;
        Ok(database)
    }

    /// The path of the database.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does one change, whole or not at all, and waits until the disk has it.
    fn change<T>(
        &self,
        change: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, ToolError> {
        let mut database = self.database();
        let done = || -> rusqlite::Result<T> {
            let transaction = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let result = change(&transaction)?;
            transaction.commit()?;
            Ok(result)
        };
        done().trouble(&self.path)
    }

    /// Asks without changing anything.
    fn ask<T>(
        &self,
        question: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, ToolError> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        question(&reader).trouble(&self.path)
    }

    /// A panic while the database was held has rolled its change back.
    fn database(&self) -> MutexGuard<'_, Connection> {
        self.database.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Makes a folder that only its owner may look into.
fn own_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes a file that only its owner may read, unless it is there.
fn own_file(path: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
