//! Slips of the pen in rules that people who know Excel make, reported before the parser sees them:
//! its own words about them are no help.

use crate::model::Message;

/// What is wrong with an expression, and where in its text.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpressionError {
    /// What is wrong and what to write instead.
    pub message: Message,
    /// Byte offset in the text.
    pub offset: usize,
}

/// The first slip of an expression; text in quotes is left alone.
pub(super) fn find(text: &str) -> Option<ExpressionError> {
    if text.trim().is_empty() {
        return Some(slip(
            0,
            "chưa viết gì; ví dụ `tong = a + b`",
            "nothing is written; for example `tong = a + b`",
        ));
    }
    let bytes = text.as_bytes();
    let mut quoted = false;
    let mut open = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        quoted ^= *byte == b'"';
        if quoted {
            continue;
        }
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        let after = bytes.get(at + 1);
        let found = match (before, byte, after) {
            (_, b'(', _) => {
                open.push(at);
                None
            }
            (_, b')', _) if open.pop().is_none() => {
                Some(("thừa dấu đóng ngoặc `)`", "this `)` closes nothing"))
            }
            (_, b';', _) => Some((
                "các đối số trong hàm cách nhau bằng dấu phẩy, không phải dấu chấm phẩy",
                "arguments are separated by commas, not by semicolons",
            )),
            (_, b'=', Some(b'=')) => Some((
                "phép so sánh bằng viết một dấu `=`",
                "equality is written with one `=`",
            )),
            (_, b'=', Some(b'<')) => Some(("viết `<=`, không phải `=<`", "write `<=`, not `=<`")),
            (_, b'=', Some(b'>')) => Some(("viết `>=`, không phải `=>`", "write `>=`, not `=>`")),
            (_, b'!', Some(b'=')) => Some(("khác viết là `<>`", "write `<>` for unlike")),
            (Some(before), b',', Some(after))
                if before.is_ascii_digit() && after.is_ascii_digit() && open.is_empty() =>
            {
                Some((
                    "số lẻ viết bằng dấu chấm, ví dụ 1.5",
                    "decimals are written with a point, such as 1.5",
                ))
            }
            _ => None,
        };
        if let Some((vi, en)) = found {
            return Some(slip(at, vi, en));
        }
    }
    if quoted {
        return Some(slip(
            text.rfind('"').unwrap_or_default(),
            "thiếu dấu nháy kép đóng chữ",
            "this quote is never closed",
        ));
    }
    let unclosed = open.pop()?;
    Some(slip(
        unclosed,
        "thiếu dấu đóng ngoặc `)` cho dấu mở ngoặc này",
        "this `(` is never closed",
    ))
}

fn slip(offset: usize, vi: &str, en: &str) -> ExpressionError {
    ExpressionError {
        message: Message::new(vi, en),
        offset,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_told_at_their_place() {
        for (text, offset, part) in [
            ("", 0, "chưa viết gì"),
            ("tong = SUM(a; b)", 12, "dấu phẩy"),
            ("tong == a", 5, "một dấu `=`"),
            ("tong => a", 5, "`>=`"),
            ("tong =< a", 5, "`<=`"),
            ("tong != a", 5, "`<>`"),
            ("tong <= 1,5 * a", 9, "dấu chấm"),
            ("tong <= (a + (b)", 8, "thiếu dấu đóng ngoặc"),
            ("tong <= a + b)", 13, "thừa dấu đóng ngoặc"),
            ("COUNTIF(co, \"x) = 1", 12, "dấu nháy kép"),
        ] {
            let slip = find(text).expect(text);
            assert_eq!(slip.offset, offset, "{text}");
            assert!(
                slip.message.vi.contains(part),
                "{text}: {}",
                slip.message.vi
            );
        }
    }

    #[test]
    fn what_is_right_is_let_through() {
        for text in [
            "ROUND(1,2) = a",
            "loai = \"a;b == c\"",
            "a <> b",
            "a >= b",
            "tong = SUM(a, b)",
        ] {
            assert!(find(text).is_none(), "{text}");
        }
    }
}
