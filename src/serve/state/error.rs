//! What can go wrong with the database, in words.

use std::path::Path;

use rusqlite::ErrorCode;

use crate::campaign::ToolError;
use crate::model::Message;

/// Turns an error of the database into one of the tool that names the database.
pub(super) trait Trouble<T> {
    /// # Errors
    /// The same, in words.
    fn trouble(self, path: &Path) -> Result<T, ToolError>;
}

impl<T> Trouble<T> for rusqlite::Result<T> {
    fn trouble(self, path: &Path) -> Result<T, ToolError> {
        self.map_err(|error| ToolError::Other(told(path, &error)))
    }
}

fn told(path: &Path, error: &rusqlite::Error) -> Message {
    let (vi, en) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => (
            "chương trình khác đang giữ tệp này; thử lại sau giây lát",
            "another program holds this file; try again in a moment",
        ),
        Some(ErrorCode::DiskFull) => (
            "đĩa đã đầy, không ghi thêm được; giải phóng chỗ trên đĩa rồi làm lại",
            "the disk is full; free some space and do it again",
        ),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => (
            "không được phép ghi vào tệp này; kiểm tra quyền của thư mục",
            "this file may not be written; look at the rights of its folder",
        ),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => (
            "tệp trạng thái của trang web đã hỏng; lấy lại bản sao lưu, hoặc chuyển tệp đi để bắt \
             đầu lại (đường dẫn và tài khoản phải tạo lại; biên nhận, ghi chú, gia hạn, nhật ký sẽ mất)",
            "the state of the page is damaged; restore a copy, or move the file away to begin \
             anew (links and accounts must then be made again; receipts, notes, extensions and the log \
             are lost)",
        ),
        _ => {
            let shown = path.display();
            return Message::new(
                format!("{shown}: không đọc hoặc ghi được trạng thái của trang web ({error})"),
                format!("{shown}: the state of the page cannot be read or written ({error})"),
            );
        }
    };
    let shown = path.display();
    Message::new(format!("{shown}: {vi}"), format!("{shown}: {en}"))
}

/// A text of a column that is not what this program writes there.
pub(super) fn unreadable(
    column: usize,
    why: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> rusqlite::Error {
    let kind = rusqlite::types::Type::Text;
    rusqlite::Error::FromSqlConversionFailure(column, kind, why.into())
}
