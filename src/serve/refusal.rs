//! Why a request is refused, in words; a handler returns it, and it becomes a page or JSON on the way
//! out.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::settings::Bounds;
use crate::model::Message;
use crate::page;

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// No link has this token, whether none ever had or it was revoked.
    UnknownLink,
    /// There is no such page.
    NotFound,
    /// The address takes no such request.
    WrongMethod,
    /// Sent from a page of somebody else.
    Foreign,
    /// More bytes than are taken.
    TooBig,
    /// More workbooks than are taken.
    TooManyFiles,
    /// No workbook in it.
    NoFile,
    /// Cut off, or not put together as a form is.
    Broken,
    /// It took too long to arrive.
    TooSlow,
    /// Too many requests; seconds until the next is taken.
    TooMany(u64),
    /// The line before the checks is full; how many wait.
    Busy(usize),
    /// The server could not do it.
    Failed(Message),
}

impl Refusal {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Refusal::UnknownLink | Refusal::NotFound => StatusCode::NOT_FOUND,
            Refusal::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::Foreign => StatusCode::FORBIDDEN,
            Refusal::TooBig | Refusal::TooManyFiles => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::NoFile | Refusal::Broken => StatusCode::BAD_REQUEST,
            Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Refusal::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Refusal::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Refusal::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Seconds after which it is worth trying again.
    pub(super) fn retry_after(&self) -> Option<u64> {
        match self {
            Refusal::TooMany(seconds) => Some(*seconds),
            // Each of two takes half a second at most, as a rule.
            Refusal::Busy(waiting) => Some(u64::try_from(waiting / 4).unwrap_or(60).max(2)),
            _ => None,
        }
    }

    pub(super) fn message(&self, bounds: &Bounds) -> Message {
        let fixed = |vi: &str, en: &str| Message::new(vi, en);
        match self {
            Refusal::UnknownLink => fixed(
                "Đường dẫn này không dùng được: gõ thiếu, hoặc đã được thay bằng đường dẫn khác. Hãy xin cơ quan tổng hợp đường dẫn mới.",
                "This link does not work: a part of it is missing, or it was replaced. Ask the consolidating office for a new one.",
            ),
            Refusal::NotFound => fixed("Không có trang này.", "There is no such page."),
            Refusal::WrongMethod => fixed(
                "Địa chỉ này không nhận yêu cầu kiểu đó.",
                "This address takes no such request.",
            ),
            Refusal::Foreign => fixed(
                "Yêu cầu này gửi từ một trang khác nên không được nhận. Hãy mở đường dẫn của đơn vị rồi gửi lại từ đó.",
                "This was sent from another page and is not taken. Open the unit's link and send it from there.",
            ),
            Refusal::TooBig => {
                let most = bounds.body >> 20;
                Message::new(
                    format!(
                        "Các tệp gửi lên quá {most} MB nên không được nhận. Hãy xóa hình ảnh và trang tính thừa trong tệp, hoặc gửi từng tệp một."
                    ),
                    format!(
                        "What was sent is more than {most} MB and is not taken. Remove pictures and sheets that are not needed, or send one file at a time."
                    ),
                )
            }
            Refusal::TooManyFiles => {
                let most = bounds.files;
                Message::new(
                    format!("Mỗi lần chỉ nhận {most} tệp. Hãy chia ra gửi nhiều lần."),
                    format!("At most {most} files are taken at once. Send them in parts."),
                )
            }
            Refusal::NoFile => fixed(
                "Chưa có tệp nào được gửi. Hãy chọn tệp rồi gửi lại.",
                "No file was sent. Choose one and send again.",
            ),
            Refusal::Broken => fixed(
                "Tệp gửi lên bị đứt giữa chừng hoặc không đúng cách nên không được nhận. Hãy gửi lại.",
                "What was sent was cut off or is not put together as a form is. Send it again.",
            ),
            Refusal::TooSlow => fixed(
                "Tệp gửi lên quá lâu chưa xong nên không được nhận. Hãy kiểm tra đường truyền rồi gửi lại.",
                "The file took too long to arrive and is not taken. Look at the connection and send again.",
            ),
            Refusal::TooMany(seconds) => Message::new(
                format!(
                    "Gửi quá nhiều lần trong thời gian ngắn. Hãy đợi {seconds} giây rồi làm lại."
                ),
                format!("Too many requests in a short time. Wait {seconds} seconds and try again."),
            ),
            Refusal::Busy(waiting) => Message::new(
                format!(
                    "Máy chủ đang kiểm tra cho {waiting} lượt khác nên chưa nhận thêm. Tệp chưa được nhận; hãy gửi lại sau ít phút."
                ),
                format!(
                    "{waiting} other checks are waiting and no more are taken. The file was not received; send it again in some minutes."
                ),
            ),
            Refusal::Failed(message) => message.clone(),
        }
    }
}

impl Refusal {
    /// As a page shows it.
    pub(super) fn shown(&self, bounds: &Bounds) -> page::Refusal {
        match self {
            Refusal::UnknownLink => page::Refusal::UnknownLink,
            Refusal::NotFound | Refusal::WrongMethod => page::Refusal::NotFound,
            Refusal::NoFile => page::Refusal::NoFile,
            Refusal::TooMany(seconds) => page::Refusal::TooMany { seconds: *seconds },
            Refusal::Busy(ahead) => page::Refusal::Busy { ahead: *ahead },
            Refusal::TooBig => page::Refusal::TooBig {
                most_bytes: u64::try_from(bounds.body).unwrap_or(u64::MAX),
            },
            other => page::Refusal::Failed(other.message(bounds)),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}
