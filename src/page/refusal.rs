//! Why a request is refused: what is said, what there is to do, and the page that says it.

use super::frame::Frame;
use super::plain::Plain;
use super::words;
use crate::model::{Lang, Message};

/// Why a request is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No unit has this link, whether none ever had or it was revoked.
    UnknownLink,
    /// There is nothing at this address.
    NotFound,
    /// The address takes no such request.
    WrongMethod,
    /// Sent from a page of somebody else.
    Foreign,
    /// The form is not of this session: the session has ended, or the form was not ours.
    Expired,
    /// The account may not do this.
    NotAllowed,
    /// The period is closed.
    Closed,
    /// More bytes than are taken; the most that are.
    TooBig(u64),
    /// More workbooks than are taken; the most that are.
    TooManyFiles(usize),
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
    /// What was asked for cannot be done as things are.
    Impossible(Message),
    /// It could not be done.
    Failed(Message),
}

impl Refusal {
    /// The HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Refusal::NoFile | Refusal::Broken => 400,
            Refusal::Foreign | Refusal::Expired | Refusal::NotAllowed => 403,
            Refusal::UnknownLink | Refusal::NotFound => 404,
            Refusal::WrongMethod => 405,
            Refusal::TooSlow => 408,
            Refusal::Closed | Refusal::Impossible(_) => 409,
            Refusal::TooBig(_) | Refusal::TooManyFiles(_) => 413,
            Refusal::TooMany(_) => 429,
            Refusal::Failed(_) => 500,
            Refusal::Busy(_) => 503,
        }
    }

    /// Seconds after which it may go better; `None`: it will not by itself.
    pub fn retry_after(&self) -> Option<u64> {
        match self {
            Refusal::Busy(waiting) => {
                // Each of two takes half a second at most, as a rule; more often than every two
                // seconds nobody asks.
                let seconds = u64::try_from(waiting / 4).unwrap_or(u64::MAX);
                Some(seconds.clamp(2, 60))
            }
            Refusal::TooMany(seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// What is refused, in a few words.
    pub fn title(&self) -> Message {
        let (vi, en) = match self {
            Refusal::UnknownLink => ("Đường dẫn này không dùng được", "This link does not work"),
            Refusal::NotFound | Refusal::WrongMethod => {
                ("Không có trang này", "There is no such page")
            }
            Refusal::Foreign => ("Gửi từ một trang khác", "Sent from another page"),
            Refusal::Expired => ("Trang để lâu quá", "The page is too old"),
            Refusal::NotAllowed => ("Không được làm việc này", "Not allowed"),
            Refusal::Closed => ("Kỳ báo cáo đã chốt", "The period is closed"),
            Refusal::TooBig(_) => ("Tệp quá lớn", "The file is too big"),
            Refusal::TooManyFiles(_) => ("Quá nhiều tệp", "Too many files"),
            Refusal::NoFile => ("Chưa chọn tệp", "No file was chosen"),
            Refusal::Broken => ("Gửi chưa trọn", "It did not arrive whole"),
            Refusal::TooSlow => ("Gửi quá lâu", "It took too long"),
            Refusal::TooMany(_) => ("Gửi quá nhiều lần", "Too many requests"),
            Refusal::Busy(_) => (
                "Đang có nhiều đơn vị gửi cùng lúc",
                "Many units are sending",
            ),
            Refusal::Impossible(_) | Refusal::Failed(_) => {
                ("Chưa làm được", "It could not be done")
            }
        };
        Message::new(vi, en)
    }

    /// Why, and what to do. It says all there is to say without the title.
    pub fn message(&self) -> Message {
        let fixed = |vi: &str, en: &str| Message::new(vi, en);
        match self {
            Refusal::UnknownLink => fixed(
                "Đường dẫn này không dùng được: chép thiếu, đã được thay bằng đường dẫn mới, hoặc đã thu hồi. Hãy mở lại từ thư của cơ quan tổng hợp; nếu vẫn không được, hãy xin cơ quan đó đường dẫn mới.",
                "This link does not work: a part of it is missing, it was replaced by a new one, or it was revoked. Open it again from the office's letter; if that does not help, ask the office for a new link.",
            ),
            Refusal::NotFound => fixed(
                "Không có trang này. Hãy mở lại đường dẫn trong thư của cơ quan tổng hợp.",
                "There is no such page. Open the link in the office's letter again.",
            ),
            Refusal::WrongMethod => fixed(
                "Địa chỉ này không nhận yêu cầu kiểu đó.",
                "This address takes no such request.",
            ),
            Refusal::Foreign => fixed(
                "Yêu cầu này gửi từ một trang khác nên không được nhận. Hãy mở đường dẫn của đơn vị rồi gửi lại từ đó.",
                "This was sent from another page and is not taken. Open the unit's link and send it from there.",
            ),
            Refusal::Expired => fixed(
                "Phiên làm việc đã hết hoặc biểu này không còn dùng được, nên chưa có gì được ghi lại. Hãy mở lại trang, đăng nhập nếu cần, rồi làm lại.",
                "The session has ended, or this form can no longer be used; nothing was changed. Open the page again, sign in if asked, and do it once more.",
            ),
            Refusal::NotAllowed => fixed(
                "Tài khoản này không được làm việc đó. Cần thì nhờ người quản trị đổi quyền.",
                "This account may not do that. Ask an administrator for the right, if you need it.",
            ),
            Refusal::Closed => fixed(
                "Cơ quan tổng hợp đã chốt số liệu kỳ này nên không nhận thêm. Nếu cần sửa số liệu, hãy liên hệ cơ quan tổng hợp. Việc kiểm tra tệp vẫn dùng được.",
                "The office has closed this period and takes nothing more. If a figure must be corrected, ask the office. Checking a file is still possible.",
            ),
            Refusal::TooBig(most) => too_big(*most),
            Refusal::TooManyFiles(most) => Message::new(
                format!("Mỗi lần chỉ nhận {most} tệp. Hãy chia ra gửi nhiều lần."),
                format!("At most {most} files are taken at once. Send them in parts."),
            ),
            Refusal::NoFile => fixed(
                "Chưa có tệp nào được gửi. Hãy quay lại, chọn tệp Excel của đơn vị rồi gửi lại.",
                "No file was sent. Go back, choose the workbook of your unit and send it again.",
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
                    "Gửi quá nhiều lần trong thời gian ngắn. Hãy đợi {seconds} giây rồi làm lại. Những gì đã nộp trước đó vẫn còn nguyên."
                ),
                format!(
                    "Too many requests in a short time. Wait {seconds} seconds and try again. What was submitted before is kept."
                ),
            ),
            Refusal::Busy(waiting) => Message::new(
                format!(
                    "Máy chủ đang kiểm tra cho {waiting} lượt khác nên chưa nhận thêm. Tệp chưa được nhận; trang sẽ tự gửi lại, hoặc hãy gửi lại sau ít phút."
                ),
                format!(
                    "{waiting} other checks are waiting and no more are taken. The file was not received; the page sends it again by itself, or send it again in some minutes."
                ),
            ),
            Refusal::Impossible(why) | Refusal::Failed(why) => why.clone(),
        }
    }
}

fn too_big(most: u64) -> Message {
    let (vi, en) = (words::size(most, Lang::Vi), words::size(most, Lang::En));
    Message::new(
        format!(
            "Các tệp gửi lên quá {vi} nên không được nhận. Hãy gửi từng tệp một, hoặc chỉ giữ lại các biểu, bỏ hình ảnh và trang thừa rồi gửi lại."
        ),
        format!(
            "What was sent is more than {en} and is not taken. Send the files one by one, or keep only the forms, without pictures and other sheets, and send it again."
        ),
    )
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
