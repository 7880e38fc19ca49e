//! What stands around a table: where it ends, and sentences about it.

use crate::text::normalise;

/// A line under a table: notes, signatures, "Nơi nhận".
pub(in crate::compile) fn is_end(text: &str) -> bool {
    const BEGINNINGS: [&str; 22] = [
        "ghi chú",
        "chú thích",
        "lưu ý",
        "người lập",
        "lập biểu",
        "lập, ngày",
        "thủ trưởng",
        "kế toán",
        "nơi nhận",
        "(ký",
        "ký, ghi",
        "chủ tịch",
        "tm.",
        "kt.",
        "xác nhận",
        "giám đốc",
        "tổng số tiền (viết bằng chữ",
        "số tiền bằng chữ",
        "bằng chữ",
        "hướng dẫn",
        "giải thích",
        "người kiểm",
    ];
    let text = normalise(text);
    // «Ghi chú» alone is the header of a column.
    text != "ghi chú"
        && BEGINNINGS
            .iter()
            .any(|beginning| text.starts_with(beginning))
        || is_dated(&text)
}

/// "........., ngày ..... tháng ..... năm ......."
fn is_dated(text: &str) -> bool {
    text.contains("ngày")
        && text.contains("tháng")
        && text.contains("năm")
        && text.len() < 120
        && (text.contains("..") || text.contains('…'))
}

/// Does a sentence say under which condition it holds?
pub(in crate::compile) fn is_conditional(text: &str) -> bool {
    const BEGINNINGS: [&str; 8] = [
        "nếu",
        "trường hợp",
        "đối với",
        "riêng",
        "khi",
        "chỉ khi",
        "trong trường hợp",
        "trừ trường hợp",
    ];
    let text = normalise(text);
    let words = format!(" {text} ");
    BEGINNINGS
        .iter()
        .any(|word| words.contains(&format!(" {word} ")))
}
