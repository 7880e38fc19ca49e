//! The folder where the files of a run wait, and who holds it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::journal::Journal;
use crate::campaign::error::ToolError;
use crate::model::{Message, write_failure};

/// Name of the folder where files wait, in the folder they are for.
const WAITING: &str = ".tonghop";
/// Locked while a run writes.
const LOCK: &str = "khoa";

/// Lies in a folder while files in it are replaced, and says so to people.
const NOTE: &str = "DANG-GHI-KET-QUA.txt";
const NOTE_TEXT: &str = "\u{feff}tonghop đang ghi kết quả vào thư mục này.\r\n\
    Nếu không có tonghop nào đang chạy mà vẫn thấy tệp này thì lần chạy trước đã bị ngắt giữa chừng: \
    các tệp ở đây có thể lẫn cũ với mới. Hãy chạy lại lệnh tonghop vừa rồi.\r\n";

/// A folder where files wait, locked for this run.
#[derive(Debug)]
pub(super) struct Held {
    /// The folder the files are for.
    pub(super) target: PathBuf,
    /// Where they wait.
    pub(super) waiting: PathBuf,
    _lock: File,
    /// Was the folder they are for made for them?
    made: bool,
}

impl Held {
    /// Locks `folder`, which is made if it is not there.
    ///
    /// # Errors
    /// If nothing can be written there, or another run is writing there now.
    pub(super) fn take(folder: &Path) -> Result<Held, ToolError> {
        let failed = |error: io::Error| not_writable(folder, &error);
        let made = fs::symlink_metadata(folder).is_err();
        fs::create_dir_all(folder).map_err(failed)?;
        let target = fs::canonicalize(folder).map_err(failed)?;
        let waiting = target.join(WAITING);
        // Whatever a link leads to is not ours to clear.
        if fs::symlink_metadata(&waiting).is_ok_and(|there| !there.is_dir()) {
            fs::remove_file(&waiting).map_err(failed)?;
        }
        let lock = lock(&waiting, folder)?;
        Ok(Held {
            target,
            waiting,
            _lock: lock,
            made,
        })
    }

    /// The journal that a killed run (or one that writes there now) has left in `target`.
    pub(super) fn journal_in(target: &Path) -> Option<Journal> {
        Journal::read(&target.join(WAITING))
    }

    /// Says to people that files are being replaced.
    pub(super) fn put_note(&self) -> io::Result<()> {
        // A link of that name is not written through.
        self.remove_note();
        let mut options = OpenOptions::new();
        let mut note = options
            .write(true)
            .create_new(true)
            .open(self.target.join(NOTE))?;
        note.write_all(NOTE_TEXT.as_bytes())
    }

    /// Takes the note away.
    pub(super) fn remove_note(&self) {
        let _ = fs::remove_file(self.target.join(NOTE));
    }

    /// Leaves everything as it is, as a process that is killed does.
    #[cfg(test)]
    pub(super) fn abandon(self) {
        let lock = self._lock.try_clone().unwrap();
        lock.unlock().unwrap();
        std::mem::forget(self);
    }

    /// Takes away everything that waits here.
    pub(super) fn clear(&self) -> io::Result<()> {
        for entry in fs::read_dir(&self.waiting)? {
            let entry = entry?;
            match entry.file_type()?.is_dir() {
                true => fs::remove_dir_all(entry.path())?,
                false if entry.file_name() == LOCK => {}
                false => fs::remove_file(entry.path())?,
            }
        }
        Ok(())
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // What could be neither finished nor undone waits for the next run.
        if Journal::read(&self.waiting).is_some() {
            return;
        }
        // The lock is released after the folder is gone, so that nobody else's is removed.
        let _ = fs::remove_dir_all(&self.waiting);
        if self.made {
            let _ = fs::remove_dir(&self.target);
        }
    }
}

fn lock(waiting: &Path, shown: &Path) -> Result<File, ToolError> {
    let path = waiting.join(LOCK);
    for _ in 0..10 {
        let opened = fs::create_dir_all(waiting).and_then(|()| {
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true).open(&path)
        });
        let file = opened.map_err(|error| not_writable(shown, &error))?;
        match file.try_lock() {
            // The run that held it may have taken the folder away meanwhile.
            Ok(()) if is_still(&file, &path) => return Ok(file),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy(shown)),
            // A file system without locks cannot tell two runs apart.
            Err(TryLockError::Error(_)) => return Ok(file),
        }
    }
    Err(busy(shown))
}

/// Is `file` still what lies at `path`?
#[cfg(unix)]
fn is_still(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let same = |(a, b): (fs::Metadata, fs::Metadata)| a.ino() == b.ino() && a.dev() == b.dev();
    let both = file.metadata().and_then(|a| Ok((a, fs::metadata(path)?)));
    both.is_ok_and(same)
}

#[cfg(not(unix))]
fn is_still(_file: &File, path: &Path) -> bool {
    path.exists()
}

/// The error of an output, or a folder of outputs, that cannot be written.
pub(super) fn not_writable(shown: &Path, error: &io::Error) -> ToolError {
    let Message { vi, en } = write_failure(shown, error);
    ToolError::Other(Message::new(
        format!("{vi}. Kết quả lần trước (nếu có) còn nguyên."),
        format!("{en}. Earlier results, if any, are as they were."),
    ))
}

fn busy(shown: &Path) -> ToolError {
    let shown = shown.display();
    ToolError::Other(Message::new(
        format!(
            "{shown}: một lần chạy tonghop khác đang ghi vào thư mục này; đợi xong rồi chạy lại"
        ),
        format!("{shown}: another tonghop is writing into this folder; run again when it is done"),
    ))
}
