//! Where outputs may not go: among what units sent, into the archive, or over a file that the run
//! reads.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Component, Path, PathBuf};

use crate::campaign::definition::Campaign;
use crate::campaign::error::ToolError;
use crate::model::Message;
use crate::text::normalise;

/// A path as a list of steps for comparison: links resolved, lower case, letters composed, because
/// some file systems ignore case and composition.
type Key = Vec<String>;

/// Folders and files that no output may be written into or over.
#[derive(Debug, Default)]
pub(super) struct KeptOut {
    /// Folders whose files are read as submissions.
    received: Vec<PathBuf>,
    archive: Option<PathBuf>,
    files: BTreeSet<Key>,
}

impl KeptOut {
    /// The folders and files of a campaign that outputs are kept out of.
    pub(super) fn of(campaign: &Campaign) -> KeptOut {
        let mut kept_out = KeptOut {
            received: vec![campaign.folder.join("inbox")],
            archive: Some(campaign.archive.folder().to_owned()),
            files: BTreeSet::new(),
        };
        for name in campaign.stamps.keys() {
            kept_out.file(&campaign.folder.join(name));
        }
        kept_out
    }

    /// Keeps outputs out of a folder whose files are read as sent by units.
    pub(super) fn folder(&mut self, folder: &Path) {
        self.received.push(folder.to_owned());
    }

    /// Keeps outputs from replacing a file that is read.
    pub(super) fn file(&mut self, path: &Path) {
        self.files.insert(key(path));
        // The file itself, and what a link leads to.
        if let Some(name) = path.file_name() {
            let folder = path
                .parent()
                .filter(|folder| !folder.as_os_str().is_empty());
            let folder = resolved(folder.unwrap_or(Path::new(".")));
            self.files.insert(key_of(&folder.join(name)));
        }
    }

    /// Refuses a folder that lies in one of those; `named` is the path the user gave, the folder or
    /// a file in it. `whole`: does the folder belong to the run, so that nothing else may be in it?
    ///
    /// # Errors
    /// Which one, and what to do.
    pub(super) fn refuse_folder(
        &self,
        folder: &Path,
        named: &Path,
        whole: bool,
    ) -> Result<(), ToolError> {
        let target = key(folder);
        for received in &self.received {
            let theirs = key(received);
            if target.starts_with(&theirs) {
                return Err(among(named, received));
            }
            if whole && theirs.starts_with(&target) {
                return Err(around(named, received));
            }
        }
        match &self.archive {
            Some(archive) if target.starts_with(&key(archive)) => Err(in_archive(named, archive)),
            _ => Ok(()),
        }
    }

    /// Refuses an output that would replace a file that is read: `name` below `target`, a folder
    /// with links resolved, known to the user as `shown`.
    ///
    /// # Errors
    /// The file, and what to do.
    pub(super) fn refuse_file(
        &self,
        target: &Path,
        name: &str,
        shown: &Path,
    ) -> Result<(), ToolError> {
        match self.files.contains(&key_of(&target.join(name))) {
            true => Err(over_what_is_read(&shown.join(name))),
            false => Ok(()),
        }
    }
}

fn key(path: &Path) -> Key {
    key_of(&resolved(path))
}

fn key_of(path: &Path) -> Key {
    path.components()
        .map(|step| normalise(&step.as_os_str().to_string_lossy()))
        .collect()
}

/// The path with links resolved as far as it is there.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for there in absolute.ancestors() {
        let Ok(mut real) = fs::canonicalize(there) else {
            continue;
        };
        for step in absolute
            .strip_prefix(there)
            .unwrap_or(Path::new(""))
            .components()
        {
            match step {
                Component::ParentDir => {
                    real.pop();
                }
                step => real.push(step),
            }
        }
        return real;
    }
    absolute
}

fn among(folder: &Path, received: &Path) -> ToolError {
    let (folder, received) = (folder.display(), received.display());
    ToolError::Other(Message::new(
        format!(
            "{folder}: nằm trong {received}, nơi để tệp các đơn vị gửi; kết quả ghi vào đó lần sau sẽ bị đọc như bản nộp. Hãy chọn thư mục khác, ngoài {received}."
        ),
        format!(
            "{folder}: lies in {received}, where the files that units sent are; results there would be read as submissions the next time. Choose a folder outside {received}."
        ),
    ))
}

fn around(folder: &Path, received: &Path) -> ToolError {
    let (folder, received) = (folder.display(), received.display());
    ToolError::Other(Message::new(
        format!(
            "{folder}: chứa {received}, nơi để tệp các đơn vị gửi; thư mục kết quả phải là thư mục riêng. Hãy chọn thư mục khác, ví dụ một thư mục con mới ở đó."
        ),
        format!(
            "{folder}: contains {received}, where the files that units sent are; results need a folder of their own. Choose another, such as a new folder in it."
        ),
    ))
}

fn in_archive(folder: &Path, archive: &Path) -> ToolError {
    let (folder, archive) = (folder.display(), archive.display());
    ToolError::Other(Message::new(
        format!(
            "{folder}: nằm trong {archive}, kho lưu trữ các kỳ đã chốt; chỉ lệnh close ghi vào đó. Hãy chọn thư mục khác."
        ),
        format!(
            "{folder}: lies in {archive}, the archive of closed periods, where only close writes. Choose another folder."
        ),
    ))
}

fn over_what_is_read(path: &Path) -> ToolError {
    let path = path.display();
    ToolError::Other(Message::new(
        format!(
            "{path}: lần chạy này đọc tệp ấy nên không ghi đè lên; hãy chọn tên hoặc thư mục khác"
        ),
        format!(
            "{path}: this run reads that file and does not replace it; choose another name or folder"
        ),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_told_apart_by_where_they_are_and_not_by_how_they_are_written() {
        let root = tempfile::tempdir().unwrap();
        let inbox = root.path().join("Đợt 1/inbox");
        fs::create_dir_all(&inbox).unwrap();
        let mut kept_out = KeptOut::default();
        kept_out.folder(&inbox);
        let refused = |below: &str, whole| {
            let folder = root.path().join(below);
            kept_out.refuse_folder(&folder, &folder, whole).is_err()
        };
        // Composed and decomposed letters, capitals, steps up and down.
        for inside in [
            "Đợt 1/inbox",
            "Đợt 1/INBOX/out",
            "\u{110}o\u{31b}\u{323}t 1/inbox/moi/nua",
            "khac/../Đợt 1/inbox/out",
        ] {
            assert!(refused(inside, false), "{inside}");
        }
        assert!(refused("Đợt 1", true));
        assert!(!refused("Đợt 1", false));
        for outside in [
            "Đợt 1/out",
            "Đợt 1/inbox-2",
            "Đợt 2/inbox",
            "Đợt 1/inbox/../out",
        ] {
            assert!(!refused(outside, true), "{outside}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_to_where_they_lead() {
        let root = tempfile::tempdir().unwrap();
        let (inbox, link) = (root.path().join("inbox"), root.path().join("link"));
        fs::create_dir(&inbox).unwrap();
        std::os::unix::fs::symlink(&inbox, &link).unwrap();
        let mut kept_out = KeptOut::default();
        kept_out.folder(&inbox);
        let refused = |kept_out: &KeptOut, folder: &Path| {
            let refused = kept_out.refuse_folder(folder, folder, false);
            refused.is_err()
        };
        assert!(refused(&kept_out, &link.join("out")));
        let mut kept_out = KeptOut::default();
        kept_out.folder(&link);
        assert!(refused(&kept_out, &inbox.join("out")));
        // A file and the link it was given as.
        fs::write(inbox.join("that.xlsx"), "").unwrap();
        let given = root.path().join("a.xlsx");
        std::os::unix::fs::symlink(inbox.join("that.xlsx"), &given).unwrap();
        kept_out.file(&given);
        let target = fs::canonicalize(root.path()).unwrap();
        for name in ["a.xlsx", "A.XLSX", "inbox/that.xlsx"] {
            assert!(
                kept_out.refuse_file(&target, name, &target).is_err(),
                "{name}"
            );
        }
        assert!(kept_out.refuse_file(&target, "that.xlsx", &target).is_ok());
    }
}
