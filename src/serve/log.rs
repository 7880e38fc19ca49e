//! What the server says on standard error, for whoever runs it. Never the token of a link: messages
//! are made from paths of the disk and words of the system, not from requests.

use std::fmt::Display;
use std::io::Write;

use crate::model::Message;

/// Says what could not be done.
pub(super) fn failed(what: &str, error: &dyn Display) {
    say(&format!("{what}: {error}"));
}

/// Says something.
pub(super) fn say(line: &str) {
    // Where nobody listens, nothing is to be done.
    for line in line.lines() {
        let _ = writeln!(std::io::stderr(), "{}", crate::report::plain(line));
    }
}

/// To the unit, where the cause is nothing that it can do something about.
pub(super) fn not_stored() -> Message {
    Message::new(
        "Máy chủ không ghi được tệp nên tệp CHƯA được nhận. Hãy báo cơ quan tổng hợp: ổ đĩa của máy chủ đã đầy hoặc không có quyền ghi.",
        "The server could not write the file, so it was NOT received. Tell the consolidating office: the server's disk is full or may not be written.",
    )
}

/// To the unit, where what it has said cannot be written.
pub(super) fn reasons_not_stored() -> Message {
    Message::new(
        "Máy chủ không ghi được nên giải trình CHƯA được lưu. Hãy báo cơ quan tổng hợp: ổ đĩa của máy chủ đã đầy hoặc không có quyền ghi.",
        "The server could not write the reasons, so they were NOT kept. Tell the consolidating office: the server's disk is full or may not be written.",
    )
}

/// To the unit, where the campaign or the state cannot be read now.
pub(super) fn not_now() -> Message {
    Message::new(
        "Máy chủ chưa trả lời được lúc này: cơ quan tổng hợp có thể đang sửa biểu mẫu hoặc danh sách đơn vị. Hãy thử lại sau ít phút; nếu vẫn vậy, báo cơ quan tổng hợp.",
        "The server cannot answer now: the office may be changing forms or the roster. Try again in some minutes; if it stays so, tell the office.",
    )
}
