//! Lists the files of the inbox, with their rounds.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use regex::Regex;
use walkdir::WalkDir;

use crate::campaign::error::ToolError;
use crate::judge::receive::ReceivedFile;
use crate::workbook::is_system_file;

/// The number behind "đợt", "lần" or "vòng" in the name of the folder right under the inbox, else
/// the only number there is: `dot-2`, `lần 3`, `2025-10 đợt 2`.
static ROUND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?:đợt|dot|lần|lan|vòng|vong|round)[ _-]*(\d+)|^\D*(\d+)\D*$")
        .expect("the pattern is a constant")
});

/// Every file under `campaign/inbox`, sorted by name. Hidden files and those of the system are left
/// out.
///
/// # Errors
/// The folder cannot be listed.
pub fn of_campaign(campaign: &Path) -> Result<Vec<ReceivedFile>, ToolError> {
    let inbox = campaign.join("inbox");
    if !inbox.is_dir() {
        return Err(ToolError::Other(crate::model::Message::new(
            format!(
                "{}: không có thư mục inbox. Hãy tạo thư mục này và để các tệp nhận được vào đó.",
                inbox.display()
            ),
            format!(
                "{}: no inbox folder. Create it and put the received files there.",
                inbox.display()
            ),
        )));
    }
    let mut files = files_under(&inbox)?;
    for file in &mut files {
        let below = file.path.strip_prefix(&inbox).unwrap_or(&file.path);
        file.round = round(below);
        file.name = shown(file.path.strip_prefix(campaign).unwrap_or(&file.path));
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(files)
}

/// Files and folders as given on the command line.
///
/// # Errors
/// A path does not exist or cannot be listed.
pub fn of_paths(paths: &[PathBuf]) -> Result<Vec<ReceivedFile>, ToolError> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            files.extend(files_under(path)?);
        } else if path.exists() {
            files.push(ReceivedFile {
                path: path.clone(),
                name: shown(path),
                round: 0,
            });
        } else {
            return Err(ToolError::Io {
                path: path.clone(),
                error: std::io::ErrorKind::NotFound.into(),
            });
        }
    }
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files.dedup();
    Ok(files)
}

/// The folder under the inbox of the latest round, and its number; none if no folder names a round.
///
/// # Errors
/// The inbox cannot be listed.
pub fn latest_round(inbox: &Path) -> std::io::Result<Option<(PathBuf, u32)>> {
    let mut latest: Option<(PathBuf, u32)> = None;
    for entry in inbox.read_dir()? {
        let folder = entry?.path();
        let hidden = folder.file_name().is_none_or(is_hidden);
        if hidden || !folder.is_dir() {
            continue;
        }
        let number = round(&Path::new(folder.file_name().unwrap_or_default()).join("x"));
        // Of two folders of one round the first by name.
        let later = match &latest {
            None => number > 0,
            Some((known, most)) => number > *most || (number == *most && folder < *known),
        };
        if later {
            latest = Some((folder, number));
        }
    }
    Ok(latest)
}

fn is_hidden(name: &std::ffi::OsStr) -> bool {
    name.to_string_lossy().starts_with('.')
}

fn files_under(folder: &Path) -> Result<Vec<ReceivedFile>, ToolError> {
    let mut files = Vec::new();
    let entries = WalkDir::new(folder)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()));
    for entry in entries {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(folder).to_owned();
            let error = error
                .into_io_error()
                .unwrap_or_else(|| std::io::ErrorKind::Other.into());
            ToolError::Io { path, error }
        })?;
        let name = entry.file_name().to_string_lossy();
        if entry.file_type().is_file()
            && !is_system_file(&name)
            && !is_beside_its_workbook(entry.path())
        {
            let path = entry.into_path();
            files.push(ReceivedFile {
                name: shown(&path),
                path,
                round: 0,
            });
        }
    }
    Ok(files)
}

/// Is it the file that Excel keeps beside an open workbook (`~$x.xlsx`), and the workbook is there,
/// too?
fn is_beside_its_workbook(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let workbook = name.and_then(|name| name.strip_prefix("~$"));
    // Excel puts `~$` over the first two letters of a long name.
    workbook.is_some_and(|workbook| {
        let beside = path.parent().and_then(|folder| folder.read_dir().ok());
        let mut names = beside.into_iter().flatten().flatten();
        names.any(|other| {
            let other = other.file_name().to_string_lossy().into_owned();
            !other.starts_with("~$") && other.ends_with(workbook)
        })
    })
}

/// The round of a file by its path below the inbox; 0 outside any numbered folder.
fn round(below: &Path) -> u32 {
    let folder = below.parent().and_then(|parent| parent.components().next());
    let name = folder.map(|folder| folder.as_os_str().to_string_lossy().into_owned());
    let number = name.and_then(|name| {
        let name = crate::text::normalise(&name);
        let found = ROUND.captures(&name)?;
        found.get(1).or(found.get(2))?.as_str().parse().ok()
    });
    number.unwrap_or(0)
}

fn shown(path: &Path) -> Arc<str> {
    path.to_string_lossy().replace('\\', "/").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_folder_under_the_inbox_tells_the_round() {
        assert_eq!(round(Path::new("dot-2/xa/a.xlsx")), 2);
        assert_eq!(round(Path::new("lần 3/a.xlsx")), 3);
        assert_eq!(round(Path::new("2025-10 Đợt 2/a.xlsx")), 2);
        assert_eq!(round(Path::new("2025-10/a.xlsx")), 0);
        assert_eq!(round(Path::new("bo sung/a.xlsx")), 0);
        assert_eq!(round(Path::new("bao cao 9.xlsx")), 0);
    }

    #[test]
    fn the_latest_round_is_that_of_the_highest_number() {
        let inbox = tempfile::tempdir().unwrap();
        let latest = || latest_round(inbox.path()).unwrap();
        assert_eq!(latest(), None);
        for name in ["bo sung", "dot-2", "dot-10", ".dot-11", "Đợt 9"] {
            std::fs::create_dir(inbox.path().join(name)).unwrap();
        }
        std::fs::write(inbox.path().join("dot-12"), "").unwrap();
        assert_eq!(latest(), Some((inbox.path().join("dot-10"), 10)));
    }
}
