//! Reasons why a file could not be read or written, in both languages. The error texts of libraries
//! are English only and of no use to a clerk.

use std::io::{self, ErrorKind};

use super::Message;

/// An error that can be said to a user.
pub trait Why {
    /// The reason as part of a sentence, without a full stop.
    fn why(&self) -> Message;
}

impl Why for Message {
    fn why(&self) -> Message {
        self.clone()
    }
}

impl Why for io::Error {
    fn why(&self) -> Message {
        let (vi, en) = match self.kind() {
            ErrorKind::NotFound => (
                "không có tệp hay thư mục này",
                "there is no such file or folder",
            ),
            ErrorKind::PermissionDenied => (
                "không có quyền đọc hoặc ghi",
                "there is no permission to read or write it",
            ),
            ErrorKind::AlreadyExists => (
                "ở đó đã có tệp hay thư mục cùng tên",
                "a file or folder of that name is there already",
            ),
            ErrorKind::IsADirectory => (
                "đó là thư mục, không phải tệp",
                "it is a folder, not a file",
            ),
            ErrorKind::NotADirectory => (
                "một phần của đường dẫn không phải là thư mục",
                "a part of the path is not a folder",
            ),
            ErrorKind::InvalidData => (
                "nội dung không phải chữ UTF-8; hãy lưu lại với mã UTF-8",
                "its text is not UTF-8; save it as UTF-8",
            ),
            ErrorKind::UnexpectedEof => ("tệp bị cụt", "the file ends too early"),
            ErrorKind::StorageFull => ("ổ đĩa đã đầy", "the disk is full"),
            ErrorKind::QuotaExceeded => (
                "đã dùng hết dung lượng được cấp trên ổ đĩa",
                "the quota on the disk is used up",
            ),
            ErrorKind::ReadOnlyFilesystem => ("ổ đĩa chỉ cho đọc", "the disk can only be read"),
            ErrorKind::FileTooLarge => (
                "hệ thống không cho ghi tệp lớn như vậy",
                "the system does not allow a file of that size",
            ),
            ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => (
                "tệp đang được chương trình khác dùng",
                "another program is using the file",
            ),
            _ => return by_number(self),
        };
        Message::new(vi, en)
    }
}

/// The number of an error for which there is no text of ours, so that support can look it up.
fn by_number(error: &io::Error) -> Message {
    match error.raw_os_error() {
        Some(number) => Message::new(
            format!("lỗi số {number} của hệ điều hành"),
            format!("error {number} of the operating system"),
        ),
        None => Message::new(
            "hệ điều hành không nói lý do",
            "the operating system gives no reason",
        ),
    }
}

impl Why for csv::Error {
    fn why(&self) -> Message {
        match self.kind() {
            csv::ErrorKind::Io(error) => error.why(),
            csv::ErrorKind::Utf8 { .. } => Message::new(
                "nội dung không phải chữ UTF-8; trong Excel hãy lưu với kiểu \"CSV UTF-8\"",
                "its text is not UTF-8; save it from Excel as \"CSV UTF-8\"",
            ),
            csv::ErrorKind::UnequalLengths {
                expected_len, len, ..
            } => Message::new(
                format!("dòng có {len} ô, dòng đầu có {expected_len}; hãy sửa cho bằng nhau"),
                format!(
                    "the line has {len} cells and the first one {expected_len}; make them equal"
                ),
            ),
            _ => Message::new(
                "không đọc hoặc ghi được thành bảng CSV",
                "it cannot be read or written as a CSV table",
            ),
        }
    }
}

impl Why for serde_json::Error {
    fn why(&self) -> Message {
        let line = self.line();
        Message::new(
            format!("không phải JSON đúng, từ dòng {line}"),
            format!("it is not the JSON expected, from line {line} on"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_reads_the_words_of_a_library() {
        let error = io::Error::new(ErrorKind::InvalidData, "stream did not contain valid UTF-8");
        assert_eq!(error.why().en, "its text is not UTF-8; save it as UTF-8");
        let error = io::Error::from_raw_os_error(2);
        assert_eq!(error.why().vi, "không có tệp hay thư mục này");
        let error = io::Error::other("anything");
        assert_eq!(error.why().en, "the operating system gives no reason");
        let mut reader = csv::Reader::from_reader("a,b\n1\n".as_bytes());
        let error = reader.records().next().unwrap().unwrap_err();
        assert!(error.why().vi.starts_with("dòng có 1 ô, dòng đầu có 2"));
    }
}
