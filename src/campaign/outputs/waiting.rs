//! The folder `.tonghop` in which the files of a run are staged, and its lock.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::folders::is_there;
use super::journal::{Journal, NEW, OLD};
use crate::campaign::error::ToolError;
use crate::model::{Message, write_failure};

/// Name of the folder where files wait, in the folder they are for.
const WAITING: &str = ".tonghop";
/// Locked while a run writes.
const LOCK: &str = "khoa";

/// Name of the note for people that lies in a folder while its files are being replaced.
const NOTE: &str = "DANG-GHI-KET-QUA.txt";
const NOTE_TEXT: &str = "\u{feff}tonghop đang ghi kết quả vào thư mục này.\r\n\
    Nếu không có tonghop nào đang chạy mà vẫn thấy tệp này thì lần chạy trước đã bị ngắt giữa chừng: \
    các tệp ở đây có thể lẫn cũ với mới. Hãy chạy lại lệnh tonghop vừa rồi.\r\n";

/// A folder where files wait, locked for this run.
#[derive(Debug)]
pub(super) struct HeldFolder {
    /// The folder the files are for.
    pub(super) target: PathBuf,
    /// Where they wait.
    pub(super) waiting: PathBuf,
    _lock: File,
    /// Was the folder they are for made for them?
    made: bool,
}

impl HeldFolder {
    /// Locks `folder`, which is made if it is not there; `shown` is the path the user gave, the
    /// folder or a file in it.
    ///
    /// # Errors
    /// If nothing can be written there, another run is writing there now, or a file of the user's
    /// has the name of the folder where files wait.
    pub(super) fn take(folder: &Path, shown: &Path) -> Result<HeldFolder, ToolError> {
        let failed = |error: io::Error| not_writable(shown, &error);
        let made = fs::symlink_metadata(folder).is_err();
        fs::create_dir_all(folder).map_err(failed)?;
        let target = fs::canonicalize(folder).map_err(failed)?;
        let waiting = target.join(WAITING);
        match fs::symlink_metadata(&waiting).map(|there| there.file_type()) {
            // A link is removed, never what it leads to.
            Ok(there) if there.is_symlink() => fs::remove_file(&waiting).map_err(failed)?,
            Ok(there) if !there.is_dir() => return Err(in_our_way(&folder.join(WAITING))),
            _ => {}
        }
        let lock = lock(&waiting, folder, shown)?;
        Ok(HeldFolder {
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

    /// The note's path in a folder that people know as `shown`.
    pub(super) fn note(shown: &Path) -> PathBuf {
        shown.join(NOTE)
    }

    /// Does a folder still say that files in it are being replaced?
    pub(super) fn has_note(folder: &Path) -> bool {
        is_there(&folder.join(NOTE))
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

    /// Takes away everything that waits here. What somebody else has put here stays.
    pub(super) fn clear(&self) -> io::Result<()> {
        for name in [NEW, OLD, Journal::DRAFT, Journal::NAME] {
            let path = self.waiting.join(name);
            let removed = match fs::symlink_metadata(&path).map(|there| there.is_dir()) {
                Ok(true) => fs::remove_dir_all(&path),
                Ok(false) => fs::remove_file(&path),
                Err(error) => Err(error),
            };
            match removed {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }
}

impl Drop for HeldFolder {
    fn drop(&mut self) {
        // What could be neither finished nor undone waits for the next run.
        if Journal::read(&self.waiting).is_some() {
            return;
        }
        // The lock is released only after the folder is removed, so that another run's folder is
        // never removed.
        let _ = self.clear();
        let _ = fs::remove_file(self.waiting.join(LOCK));
        let _ = fs::remove_dir(&self.waiting);
        if self.made {
            let _ = fs::remove_dir(&self.target);
        }
    }
}

fn lock(waiting: &Path, folder: &Path, shown: &Path) -> Result<File, ToolError> {
    let path = waiting.join(LOCK);
    // A killed run of somebody else leaves a folder that nobody else may write to.
    let theirs = is_there(waiting).then(|| folder.join(WAITING));
    for _ in 0..10 {
        let opened = fs::create_dir_all(waiting).and_then(|()| {
            let mut options = OpenOptions::new();
            options.create(true).truncate(false).write(true).open(&path)
        });
        let named = theirs.as_deref().unwrap_or(shown);
        let file = opened.map_err(|error| not_writable(named, &error))?;
        match file.try_lock() {
            // The run that held it may have taken the folder away meanwhile.
            Ok(()) if is_still(&file, &path) => return Ok(file),
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy(shown)),
            // On a file system without locks two runs cannot be kept apart.
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

fn in_our_way(path: &Path) -> ToolError {
    let path = path.display();
    ToolError::Other(Message::new(
        format!(
            "{path}: đang có một tệp mang tên này, mà tonghop cần một thư mục tạm cùng tên ở đó; hãy đổi tên hoặc chuyển tệp đi rồi chạy lại"
        ),
        format!(
            "{path}: a file has this name, and tonghop needs a folder of that name for a while; rename or move the file and run again"
        ),
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
