//! What keeps a workbook from being written.

use std::fmt;

use rust_xlsxwriter::XlsxError;

use crate::model::Message;

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

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message.vi)
    }
}

impl std::error::Error for WriteError {}

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> Self {
        WriteError::new(
            format!("không tạo được bảng tính: {error}"),
            format!("the workbook cannot be built: {error}"),
        )
    }
}
