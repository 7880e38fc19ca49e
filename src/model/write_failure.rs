//! The message about a file that cannot be written.

use std::io::{self, ErrorKind};
use std::path::Path;

use super::Message;

/// Says which file or folder could not be written, why, and what to do: `path` as the user knows
/// it, never a draft beside it.
pub fn write_failure(path: &Path, error: &io::Error) -> Message {
    let (vi, en) = match error.kind() {
        ErrorKind::StorageFull => (
            "ổ đĩa đã đầy; hãy xóa bớt tệp trên ổ đĩa này, hoặc chọn thư mục ở ổ khác, rồi chạy lại",
            "the disk is full; make room on it, or choose a folder on another disk, and run again",
        ),
        ErrorKind::QuotaExceeded => (
            "đã dùng hết dung lượng được cấp trên ổ đĩa này; hãy xóa bớt tệp của mình ở đó, hoặc chọn thư mục ở ổ khác, rồi chạy lại",
            "your quota on this disk is used up; make room, or choose a folder on another disk, and run again",
        ),
        ErrorKind::FileTooLarge => (
            "hệ thống không cho ghi tệp lớn như vậy ở đó; hãy chọn thư mục ở ổ khác, hoặc nhờ quản trị nới giới hạn (ulimit -f), rồi chạy lại",
            "the system does not allow a file of that size there; choose a folder on another disk, or have the limit raised (ulimit -f), and run again",
        ),
        ErrorKind::ReadOnlyFilesystem => (
            "ổ đĩa này chỉ cho đọc; hãy chọn thư mục ở ổ khác rồi chạy lại",
            "the disk can only be read; choose a folder on another disk and run again",
        ),
        ErrorKind::PermissionDenied => (
            "không có quyền ghi ở đó; hãy xin quyền ghi, hoặc chọn thư mục khác, rồi chạy lại",
            "there is no permission to write there; get it, or choose another folder, and run again",
        ),
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => (
            "ở đó phải là thư mục nhưng đang có một tệp, hoặc một liên kết không dẫn đến đâu; hãy đổi tên nó, hoặc chọn chỗ khác, rồi chạy lại",
            "a folder is needed there, and a file or a link that leads nowhere is in its place; rename it, or choose another place, and run again",
        ),
        ErrorKind::NotFound => (
            "không có thư mục ấy; hãy tạo thư mục, hoặc chọn chỗ khác, rồi chạy lại",
            "there is no such folder; create it, or choose another, and run again",
        ),
        _ => (
            "hãy kiểm tra quyền ghi, chỗ trống trên đĩa, hoặc chọn thư mục khác, rồi chạy lại",
            "check permissions and the space on the disk, or choose another folder, and run again",
        ),
    };
    let path = path.display();
    // For support; the error itself may name a draft that the user knows nothing of.
    let (number, number_en) = match error.raw_os_error() {
        Some(number) => (
            format!(" (lỗi số {number} của hệ điều hành)"),
            format!(" (error {number} of the operating system)"),
        ),
        None => Default::default(),
    };
    Message::new(
        format!("{path}: không ghi được: {vi}{number}"),
        format!("{path}: cannot be written: {en}{number_en}"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_to_do_depends_on_what_happened_and_the_draft_is_not_named() {
        let said = |error: io::Error| write_failure(Path::new("out/tong-hop.xlsx"), &error);
        let full = said(ErrorKind::StorageFull.into());
        assert!(
            full.vi
                .starts_with("out/tong-hop.xlsx: không ghi được: ổ đĩa đã đầy; hãy xóa")
        );
        assert!(
            full.en
                .starts_with("out/tong-hop.xlsx: cannot be written: the disk is full")
        );
        let draft = io::Error::other("disk on fire at \"out/.tonghop/moi/tong-hop.xlsx\"");
        for text in [said(draft), full].map(|message| message.vi + &message.en) {
            assert!(!text.contains(".tonghop"), "{text}");
        }
        assert_ne!(
            said(ErrorKind::FileTooLarge.into()),
            said(ErrorKind::PermissionDenied.into())
        );
    }
}
