//! Reasons given outside of workbooks: those kept with the previous period, and those that units gave
//! on their pages, in a file of the campaign.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

use crate::campaign::error::ToolError;
use crate::history::{Archive, flush, read_reasons, write_reasons};
use crate::model::campaign_files::REASONS;
use crate::model::{Reason, sha256, write_failure};
use crate::schema::campaign::CampaignFile;

/// Every reason given outside of workbooks, those of the closed period first; `stamps` gets the hash
/// of the campaign's own file of them.
///
/// # Errors
/// The archive or the file cannot be read.
pub(super) fn load(
    folder: &Path,
    archive: &Archive,
    file: &CampaignFile,
    stamps: &mut BTreeMap<String, String>,
) -> Result<Vec<Reason>, ToolError> {
    let mut reasons = archive.reasons(file.previous_period())?;
    let path = folder.join(REASONS);
    if let Some(bytes) = given(&path)? {
        reasons.extend(read_reasons(&path, &bytes)?);
        stamps.insert(REASONS.to_owned(), sha256(&bytes));
    }
    Ok(reasons)
}

/// The bytes of a campaign's file of reasons; nothing if there is none.
fn given(path: &Path) -> Result<Option<Vec<u8>>, ToolError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ToolError::io(path)(error)),
    }
}

/// Adds reasons to those that units gave on their pages. Where two are about one finding the later
/// one counts. The file is replaced as a whole once the disk has it; two that add at once must take
/// turns.
///
/// # Errors
/// The file cannot be read or written; it is as it was then.
pub fn add_reasons(folder: &Path, new: &[Reason]) -> Result<(), ToolError> {
    let path = folder.join(REASONS);
    let mut all = match given(&path)? {
        Some(bytes) => read_reasons(&path, &bytes)?,
        None => Vec::new(),
    };
    all.extend_from_slice(new);
    let written = || -> io::Result<()> {
        let mut bytes = Vec::new();
        write_reasons(&all, &mut bytes).map_err(io::Error::other)?;
        flush::replace(&path, &bytes)
    };
    written().map_err(|error| ToolError::Other(write_failure(&path, &error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason(cell: &str, text: &str) -> Reason {
        Reason {
            unit: "A".into(),
            form: "lop".into(),
            rule: "so-lon".into(),
            sheet: "Lớp học".into(),
            cell: cell.parse().ok(),
            found: "3.259".into(),
            text: text.into(),
            by: "Xã An Bình".into(),
        }
    }

    #[test]
    fn reasons_are_added_behind_those_there_are() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (
            reason("C4", "=đúng, \"đã\" rà soát\nhai lần"),
            reason("C5", "b"),
        );
        add_reasons(folder.path(), std::slice::from_ref(&one)).unwrap();
        add_reasons(folder.path(), std::slice::from_ref(&other)).unwrap();
        let path = folder.path().join(REASONS);
        let read = read_reasons(&path, &fs::read(&path).unwrap()).unwrap();
        assert_eq!(read, [one, other]);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    /// A file that is there and cannot be read holds reasons all the same.
    #[test]
    fn reasons_that_cannot_be_read_are_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join(REASONS)).unwrap();
        assert!(add_reasons(folder.path(), &[reason("C4", "a")]).is_err());
        assert!(folder.path().join(REASONS).is_dir());
    }
}
