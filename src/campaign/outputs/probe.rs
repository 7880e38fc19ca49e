//! Tests whether files can be replaced, before anything is replaced.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};

use crate::campaign::error::ToolError;
use crate::model::Message;
use crate::model::value::message;
use crate::model::why::Why;

/// Why a file cannot be replaced.
#[derive(Debug)]
pub(super) enum Obstacle {
    /// Another program holds it, or this one may not write it.
    Held(io::Error),
    /// It is marked as read-only.
    ReadOnly,
    /// A folder of that name is there.
    Folder,
    /// Something of that name is there that is neither a file nor a folder.
    NoFile,
    /// Where a folder is needed (named below the place of the outputs) there is a file or a link.
    NoFolder(PathBuf),
}

/// What keeps the file `name` below `folder` from being replaced; `None` if nothing does, or no
/// such file is there. A link on the way would lead out of the folder.
pub(super) fn obstacle_below(folder: &Path, name: &str) -> Option<Obstacle> {
    let steps: Vec<&Path> = Path::new(name).ancestors().skip(1).collect();
    let inner = steps.iter().filter(|step| !step.as_os_str().is_empty());
    for step in inner.rev() {
        let kind = fs::symlink_metadata(folder.join(step)).map(|there| there.is_dir());
        match kind {
            Ok(true) => {}
            Ok(false) => return Some(Obstacle::NoFolder((*step).to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
            Err(error) => return Some(Obstacle::Held(error)),
        }
    }
    obstacle(&folder.join(name))
}

fn obstacle(target: &Path) -> Option<Obstacle> {
    match fs::metadata(target) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => Some(Obstacle::Held(error)),
        Ok(there) if there.is_dir() => Some(Obstacle::Folder),
        // Devices and pipes are never replaced.
        Ok(there) if !there.is_file() => Some(Obstacle::NoFile),
        Ok(there) if there.permissions().readonly() => Some(Obstacle::ReadOnly),
        // Excel lets others read what it has open, and nobody write.
        Ok(_) => OpenOptions::new()
            .write(true)
            .open(target)
            .err()
            .map(Obstacle::Held),
    }
}

impl Obstacle {
    /// The error for `path`, as the user knows it.
    pub(super) fn error(&self, path: &Path) -> ToolError {
        let shown = path.display();
        let untouched = "Kết quả lần trước còn nguyên, chưa tệp nào bị thay.";
        let untouched_en = "Nothing was replaced; the earlier results are as they were.";
        ToolError::Other(match self {
            Obstacle::Held(error) => {
                let why = error.why();
                message!(
                    why;
                    "không ghi được {shown}: đang mở trong Excel? hãy đóng lại rồi chạy lại; nếu không mở ở đâu thì xin quyền ghi vào tệp và thư mục chứa nó. {untouched} (hệ thống báo: {why})",
                    "cannot write {shown}: open in Excel? Close it and run again; if it is not, get permission to write the file and its folder. {untouched_en} (the system says: {why})"
                )
            }
            Obstacle::ReadOnly => Message::new(
                format!(
                    "không ghi được {shown}: tệp đặt chỉ đọc, hoặc đang mở trong Excel? hãy đóng lại, bỏ dấu chỉ đọc rồi chạy lại. {untouched}"
                ),
                format!(
                    "cannot write {shown}: it is read-only, or open in Excel? Close it, make it writable and run again. {untouched_en}"
                ),
            ),
            Obstacle::NoFile => Message::new(
                format!(
                    "không ghi được {shown}: đó không phải là tệp thường; hãy chọn tên khác rồi chạy lại. {untouched}"
                ),
                format!(
                    "cannot write {shown}: it is no ordinary file; choose another name and run again. {untouched_en}"
                ),
            ),
            Obstacle::NoFolder(step) => Message::new(
                format!(
                    "không ghi được {shown}: «{}» phải là thư mục nhưng ở đó đang có một tệp hoặc một liên kết; hãy đổi tên hoặc chuyển nó đi rồi chạy lại. {untouched}",
                    step.display()
                ),
                format!(
                    "cannot write {shown}: `{}` must be a folder, and a file or link is there; move it away and run again. {untouched_en}",
                    step.display()
                ),
            ),
            Obstacle::Folder => Message::new(
                format!(
                    "không ghi được {shown}: ở đó đang có một thư mục cùng tên; hãy đổi tên thư mục ấy rồi chạy lại. {untouched}"
                ),
                format!(
                    "cannot write {shown}: a folder of that name is there; rename it and run again. {untouched_en}"
                ),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_the_way_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tong-hop.xlsx");
        let obstacle = || obstacle_below(folder.path(), "tong-hop.xlsx");
        assert!(obstacle().is_none());
        fs::write(&path, "x").unwrap();
        assert!(obstacle().is_none());
        let mut permissions = fs::metadata(&path).unwrap().permissions();
        permissions.set_readonly(true);
        fs::set_permissions(&path, permissions).unwrap();
        let found = obstacle().unwrap();
        assert!(matches!(found, Obstacle::ReadOnly));
        let text = found.error(&path).message().vi;
        assert!(text.contains("tong-hop.xlsx"), "{text}");
        assert!(text.contains("đang mở trong Excel? hãy đóng lại"), "{text}");
        fs::remove_file(&path).unwrap();
        fs::create_dir(&path).unwrap();
        assert!(matches!(obstacle(), Some(Obstacle::Folder)));
        fs::write(folder.path().join("dot-1"), "").unwrap();
        let found = obstacle_below(folder.path(), "dot-1/a.xlsx");
        assert!(matches!(found, Some(Obstacle::NoFolder(step)) if step == Path::new("dot-1")));
    }

    #[cfg(unix)]
    #[test]
    fn links_and_devices_are_not_written_through() {
        let folder = tempfile::tempdir().unwrap();
        std::os::unix::fs::symlink("/tmp", folder.path().join("dot-1")).unwrap();
        let found = obstacle_below(folder.path(), "dot-1/a.xlsx");
        assert!(matches!(found, Some(Obstacle::NoFolder(_))));
        std::os::unix::fs::symlink("/dev/null", folder.path().join("facts.csv")).unwrap();
        let found = obstacle_below(folder.path(), "facts.csv");
        assert!(matches!(found, Some(Obstacle::NoFile)));
    }
}
