//! Flushing files and folders to disk, so that after a power cut a period or a journal is either
//! complete or absent.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

use tempfile::NamedTempFile;

/// Writes a file and waits until the disk has it.
///
/// # Errors
/// What the system says.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    supported(file.sync_all())
}

/// A file beside `path` that can take its place, as readable as other files are.
///
/// # Errors
/// What the system says.
pub(crate) fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tonghop-").suffix(".tmp");
    // A temporary file is private by default; this one is for the office to read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Puts a file with these bytes in place of another, whole or not at all, and waits until the disk has
/// it.
///
/// # Errors
/// What the system says; the file is as it was then.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.write_all(bytes)?;
    supported(file.as_file().sync_all())?;
    file.persist(path).map_err(|error| error.error)?;
    folder(path.parent().unwrap_or(Path::new(".")))
}

/// Waits until the disk has a file that is written already. A full disk on the network may report
/// itself only here.
///
/// # Errors
/// What the system says.
pub(crate) fn file(path: &Path) -> io::Result<()> {
    // Windows flushes only what is open for writing.
    let file = OpenOptions::new().write(true).open(path)?;
    supported(file.sync_all())
}

/// Waits until the disk has the entries of a folder: what was created, renamed and removed in it.
///
/// # Errors
/// What the system says.
#[cfg(unix)]
pub(crate) fn folder(path: &Path) -> io::Result<()> {
    supported(File::open(path)?.sync_all())
}

/// Windows has no such call: its file systems keep the order of renames by their own journal.
#[cfg(not(unix))]
pub(crate) fn folder(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Waits until the disk has a folder and all folders below it.
///
/// # Errors
/// What the system says.
pub(crate) fn folders_below(top: &Path) -> io::Result<()> {
    for entry in fs::read_dir(top)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            folders_below(&entry.path())?;
        }
    }
    folder(top)
}

/// Some file systems (of networks, of other systems) cannot be waited for; that is no failure.
fn supported(flushed: io::Result<()>) -> io::Result<()> {
    match flushed {
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::Unsupported | ErrorKind::InvalidInput
            ) =>
        {
            Ok(())
        }
        other => other,
    }
}
