//! Helpers for relative file names below a folder, and for moving files.

use std::fs;
use std::io;
use std::path::{Component, Path};

/// A relative path with `/` between its steps.
pub(super) fn slashed(path: &Path) -> String {
    let steps: Vec<_> = path
        .components()
        .map(|step| step.as_os_str().to_string_lossy())
        .collect();
    steps.join("/")
}

/// Is this the name of a file below a folder, and never of one outside it?
pub(super) fn is_below(name: &str) -> bool {
    let path = Path::new(name);
    path.components().next().is_some()
        && path
            .components()
            .all(|step| matches!(step, Component::Normal(_)))
}

/// Is anything there? A link counts, wherever it leads.
pub(super) fn is_there(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// Tries a move again for a second or two where a virus scanner or an indexer may hold a file for
/// a moment.
pub(super) fn patiently(mut move_it: impl FnMut() -> io::Result<()>) -> io::Result<()> {
    let tries = if cfg!(windows) { 15 } else { 1 };
    for _ in 1..tries {
        match move_it() {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                std::thread::sleep(std::time::Duration::from_millis(100));
            }
            other => return other,
        }
    }
    move_it()
}

/// Removes the folders of a file that are empty now, from the innermost outwards, below `top`.
pub(super) fn remove_empty(top: &Path, name: &str) {
    for folder in Path::new(name).ancestors().skip(1) {
        if folder.as_os_str().is_empty() || fs::remove_dir(top.join(folder)).is_err() {
            break;
        }
    }
}
