//! The form files of a folder.

use std::fs;
use std::path::{Path, PathBuf};

use super::campaign_text::{is_campaign, no_campaign};
use super::form_text::is_form_file;
use crate::campaign::error::ToolError;
use crate::model::Message;

/// A form file, or all those of a folder in the order of their names.
///
/// # Errors
/// The folder cannot be read, or has none.
pub(super) fn form_files(path: &Path) -> Result<Vec<PathBuf>, ToolError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path).map_err(ToolError::io(path))? {
        let file = entry.map_err(ToolError::io(path))?.path();
        if is_form_file(&file) {
            files.push(file);
        }
    }
    files.sort();
    let mut below = fs::read_dir(path).into_iter().flatten().flatten();
    if files.is_empty() && below.any(|entry| is_campaign(&entry.path())) {
        return Err(no_campaign(path));
    }
    if files.is_empty() {
        return Err(ToolError::Other(Message::new(
            format!(
                "{}: không có tệp biểu mẫu (.toml, .xlsx) nào",
                path.display()
            ),
            format!("{}: no form file (.toml, .xlsx)", path.display()),
        )));
    }
    Ok(files)
}
