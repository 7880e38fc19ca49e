//! What keeps a workbook from being written.

use std::fmt;

use rust_xlsxwriter::XlsxError;

use crate::model::Message;
use crate::model::value::message;
use crate::model::why::Why;

/// What kept a workbook from being written.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteError {
    /// What happened and what to do about it.
    pub message: Message,
}

impl WriteError {
    /// The error, in both languages.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            message: Message::new(vi, en),
        }
    }
}

/// Why a finished document is refused by its library: a fault of this program, not of the user.
pub(in crate::write) fn unforeseen() -> Message {
    Message::new(
        "lỗi của chương trình; hãy báo cho người phụ trách chương trình",
        "a fault of this program; please report it to whoever maintains it",
    )
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.vi)
    }
}

impl std::error::Error for WriteError {}

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        let why = match error {
            XlsxError::IoError(error) => error.why(),
            XlsxError::RowColumnLimitError => Message::new(
                "có nhiều dòng hoặc cột hơn một trang Excel giữ được",
                "there are more rows or columns than a sheet of Excel holds",
            ),
            XlsxError::MaxStringLengthExceeded => Message::new(
                "có chữ dài hơn một ô Excel giữ được",
                "a text is longer than a cell of Excel holds",
            ),
            _ => unforeseen(),
        };
        WriteError {
            message: message!(
                why;
                "không tạo được bảng tính: {why}",
                "the workbook cannot be built: {why}"
            ),
        }
    }
}
