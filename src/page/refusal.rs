//! Pages that say why something is not done, and what to do.

use super::frame::Frame;
use super::plain::Plain;
use super::words;
use crate::model::{Lang, Message};

/// Why a request is not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No unit has this link, or no longer.
    UnknownLink,
    /// The upload is too big.
    TooBig {
        /// The most bytes it may have.
        most_bytes: u64,
    },
    /// Others are being checked first.
    Busy {
        /// How many are before it.
        ahead: usize,
    },
    /// Too many requests in a short time.
    TooMany {
        /// Seconds to wait.
        seconds: u64,
    },
    /// No file was chosen.
    NoFile,
    /// The page the form was on is too old.
    Expired,
    /// The period is closed.
    Closed,
    /// There is nothing at this address.
    NotFound,
    /// It could not be done.
    Failed(Message),
}

impl Refusal {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::NoFile => 400,
            Refusal::Expired => 403,
            Refusal::UnknownLink | Refusal::NotFound => 404,
            Refusal::Closed => 409,
            Refusal::TooBig { .. } => 413,
            Refusal::TooMany { .. } => 429,
            Refusal::Failed(_) => 500,
            Refusal::Busy { .. } => 503,
        }
    }

    /// Seconds after which it may go better; `None`: it will not by itself.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Refusal::Busy { ahead } => {
                // A workbook takes about a second; more often than that nobody asks.
                let ahead = u64::try_from(*ahead).unwrap_or(u64::MAX);
                Some(ahead.clamp(2, 30))
            }
            Refusal::TooMany { seconds } => Some(*seconds),
            _ => None,
        }
    }

    /// What is refused, in a few words.
    pub fn title(&self) -> Message {
        let (vi, en) = match self {
            Refusal::UnknownLink => ("Đường dẫn này không dùng được", "This link cannot be used"),
            Refusal::TooBig { .. } => ("Tệp quá lớn", "The file is too big"),
            Refusal::Busy { .. } => (
                "Đang có nhiều đơn vị gửi cùng lúc",
                "Many units are sending",
            ),
            Refusal::TooMany { .. } => ("Gửi quá nhiều lần", "Too many requests"),
            Refusal::NoFile => ("Chưa chọn tệp", "No file was chosen"),
            Refusal::Expired => ("Trang để lâu quá", "The page is too old"),
            Refusal::Closed => ("Kỳ báo cáo đã chốt", "The period is closed"),
            Refusal::NotFound => ("Không có trang này", "There is no such page"),
            Refusal::Failed(_) => ("Chưa làm được", "It could not be done"),
        };
        Message::new(vi, en)
    }

    /// Why, and what to do.
    pub fn message(&self) -> Message {
        match self {
            Refusal::UnknownLink => Message::new(
                "Đường dẫn chép thiếu, đã được thay bằng đường dẫn mới, hoặc đã thu hồi. Hãy mở lại từ thư của cơ quan tổng hợp; nếu vẫn không được, hãy hỏi cơ quan đó để nhận đường dẫn mới.",
                "The link was copied in part, was replaced by a new one, or was revoked. Open it again from the office's letter; if that does not help, ask the office for a new link.",
            ),
            Refusal::TooBig { most_bytes } => {
                let (vi, en) = (
                    words::size(*most_bytes, Lang::Vi),
                    words::size(*most_bytes, Lang::En),
                );
                Message::new(
                    format!(
                        "Mỗi lần gửi được nhiều nhất {vi}. Hãy gửi từng tệp một, hoặc chỉ giữ lại các biểu, bỏ hình ảnh và trang thừa rồi gửi lại."
                    ),
                    format!(
                        "At most {en} can be sent at once. Send the files one by one, or keep only the forms, without pictures and other sheets, and send it again."
                    ),
                )
            }
            Refusal::Busy { ahead } => Message::new(
                format!(
                    "Còn {ahead} lượt trước. Tệp chưa được nhận; trang sẽ tự gửi lại, hoặc hãy bấm gửi lại sau ít giây."
                ),
                format!(
                    "{ahead} are before you. The file was not received; the page sends it again by itself, or send it again in some seconds."
                ),
            ),
            Refusal::TooMany { seconds } => Message::new(
                format!(
                    "Hãy đợi {seconds} giây rồi gửi lại. Những gì đã nộp trước đó vẫn còn nguyên."
                ),
                format!(
                    "Wait {seconds} seconds and send it again. What was submitted before is kept."
                ),
            ),
            Refusal::NoFile => Message::new(
                "Hãy quay lại, chọn tệp Excel của đơn vị rồi bấm lại.",
                "Go back, choose the workbook of your unit and send it again.",
            ),
            Refusal::Expired => Message::new(
                "Vì an toàn, trang chỉ dùng được trong một thời gian. Hãy mở lại trang của đơn vị, chọn lại tệp rồi gửi.",
                "For safety a page can be used only for some time. Open the page of your unit again, choose the file again and send it.",
            ),
            Refusal::Closed => Message::new(
                "Cơ quan tổng hợp đã chốt số liệu kỳ này nên không nhận thêm. Nếu cần sửa số liệu, hãy liên hệ cơ quan tổng hợp. Việc kiểm tra tệp vẫn dùng được.",
                "The office has closed this period and takes nothing more. If a figure must be corrected, ask the office. Checking a file is still possible.",
            ),
            Refusal::NotFound => Message::new(
                "Hãy mở lại đường dẫn trong thư của cơ quan tổng hợp.",
                "Open the link in the office's letter again.",
            ),
            Refusal::Failed(why) => why.clone(),
        }
    }
}

/// A refusal as a page; `back` is the address of the page to go back to.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn refusal_page(
    frame: &Frame<'_>,
    refusal: &Refusal,
    back: Option<&str>,
) -> Result<String, Message> {
    let shown = Plain {
        heading: words::message(&refusal.title(), frame.lang),
        message: words::message(&refusal.message(), frame.lang),
        back,
        html: None,
    };
    shown.page(frame)
}
