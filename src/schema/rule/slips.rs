//! What people who know Excel, or write rules as mathematics, write otherwise than the parser reads
//! it. Signs with one meaning are understood; slips are reported before the parser sees them: its own
//! words about them are no help.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

use crate::model::{Message, Number};

/// What is wrong with an expression, and where in its text.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpressionError {
    /// What is wrong and what to write instead.
    pub message: Message,
    /// Byte offset in the text, from 0.
    pub offset: usize,
}

/// Signs of mathematics and of word processors, and Excel's for them. Both take as many bytes, so
/// that places in the text stay where they are.
const SIGNS: [(char, &str); 10] = [
    ('≤', "<= "),
    ('≥', ">= "),
    ('≠', "<> "),
    ('×', "* "),
    ('÷', "/ "),
    ('−', "-  "),
    ('–', "-  "),
    ('“', "  \""),
    ('”', "\"  "),
    ('\u{a0}', "  "),
];

/// The expression with Excel's signs for those of mathematics and of word processors; text in
/// straight quotes is left alone.
pub(super) fn in_signs_of_excel(text: &str) -> Cow<'_, str> {
    let known = |c: char| SIGNS.iter().find(|(sign, _)| *sign == c);
    if !text.contains(|c| known(c).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut closing = None;
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        let literal = closing.is_some_and(|closing| closing != c);
        closing = match (closing, c) {
            (None, '"') => Some('"'),
            (None, '“') => Some('”'),
            (Some(closing), _) if closing == c => None,
            (closing, _) => closing,
        };
        match known(c).filter(|_| !literal) {
            Some((_, excel)) => plain.push_str(excel),
            None => plain.push(c),
        }
    }
    Cow::Owned(plain)
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
    if let Some(slip) = words(text) {
        return Some(slip);
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
        let found = match byte {
            b'(' => {
                open.push(at);
                None
            }
            b')' if open.pop().is_none() => {
                Some(("thừa dấu đóng ngoặc `)`", "this `)` closes nothing"))
            }
            _ => sign(before, *byte, bytes.get(at + 1), open.is_empty()),
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

/// A sign, with those before and after it, that is written otherwise; `outside`: of all brackets.
fn sign(
    before: Option<&u8>,
    byte: u8,
    after: Option<&u8>,
    outside: bool,
) -> Option<(&'static str, &'static str)> {
    Some(match (before, byte, after) {
        (_, b';', _) => (
            "các đối số trong hàm cách nhau bằng dấu phẩy, không phải dấu chấm phẩy",
            "arguments are separated by commas, not by semicolons",
        ),
        (_, b'=', Some(b'=')) => (
            "phép so sánh bằng viết một dấu `=`",
            "equality is written with one `=`",
        ),
        (_, b'=', Some(b'<')) => ("viết `<=`, không phải `=<`", "write `<=`, not `=<`"),
        (_, b'=', Some(b'>')) => ("viết `>=`, không phải `=>`", "write `>=`, not `=>`"),
        (_, b'!', Some(b'=')) => ("khác viết là `<>`", "write `<>` for unlike"),
        (Some(before), b',', Some(after))
            if before.is_ascii_digit() && after.is_ascii_digit() && outside =>
        {
            (
                "số lẻ viết bằng dấu chấm, ví dụ 1.5",
                "decimals are written with a point, such as 1.5",
            )
        }
        _ => return None,
    })
}

/// Digits in groups of three with points between: 1.000 is one to Excel and a thousand to whoever
/// wrote it. 0.125 can only be a fraction.
static GROUPED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?:^|[^\w.])([1-9]\d{0,2}(?:\.\d{3})+)(?:$|[^\w.])").ok());

/// An operand, blanks, and another operand.
static SIDE_BY_SIDE: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"([\w.]+|\))\s+([\w"][\w.]*)"#).ok());

/// Slips that take more than a sign or two to see.
fn words(text: &str) -> Option<ExpressionError> {
    let bare = without_quoted(text);
    if bare.trim_start().starts_with('=') {
        let at = bare.len() - bare.trim_start().len();
        return Some(slip(
            at,
            "quy tắc không bắt đầu bằng dấu `=`; ví dụ `tong = a + b`",
            "a rule does not begin with `=`; for example `tong = a + b`",
        ));
    }
    if let Some((at, message)) = grouped(&bare) {
        return Some(ExpressionError {
            message,
            offset: at,
        });
    }
    if let Some(found) = SIDE_BY_SIDE.as_ref()?.captures(&bare) {
        let (left, right) = (found.get(1)?, found.get(2)?);
        let (at, left, right) = (right.start(), left.as_str(), right.as_str());
        return Some(slip(
            at,
            &format!("giữa `{left}` và `{right}` thiếu một dấu (+, -, *, /, =, <=, dấu phẩy...)"),
            &format!(
                "a sign is missing between `{left}` and `{right}` (+, -, *, /, =, <=, a comma...)"
            ),
        ));
    }
    let last = bare.trim_end().chars().next_back()?;
    "+-*/=<>,&^".contains(last).then(|| {
        slip(
            bare.trim_end().len() - 1,
            &format!("sau dấu `{last}` chưa viết gì"),
            &format!("nothing is written after `{last}`"),
        )
    })
}

/// A number with points between groups of three digits: its place, and how to write it.
pub(super) fn grouped(text: &str) -> Option<(usize, Message)> {
    let group = GROUPED.as_ref()?.captures(text)?.get(1)?;
    let (digits, written) = (group.as_str().replace('.', ""), group.as_str());
    let message = match written.split('.').count() {
        2 => {
            let small = format!("{written}0");
            Message::new(
                format!(
                    "`{written}` có thể hiểu hai cách: hàng nghìn thì viết `{digits}`, số lẻ thì viết `{small}`"
                ),
                format!(
                    "`{written}` can be read in two ways: write `{digits}` for thousands, `{small}` for decimals"
                ),
            )
        }
        _ => Message::new(
            format!("`{written}`: số viết liền, không có dấu chấm ngăn hàng nghìn: `{digits}`"),
            format!("`{written}`: digits are written without separators: `{digits}`"),
        ),
    };
    Some((group.start(), message))
}

/// What is wrong with the figure in what is looked for, such as `">1.000"`: it is written as in the
/// rest of the rule.
pub(super) fn in_criterion(words: &str) -> Option<Message> {
    let figure = words.trim().trim_start_matches(['<', '>', '=']);
    let sign = words
        .trim()
        .strip_suffix(figure)
        .filter(|sign| !sign.is_empty())?;
    if let Some((_, message)) = grouped(figure) {
        return Some(message);
    }
    let point = figure.trim().replacen(',', ".", 1);
    let is_number = figure.contains(',') && point.parse::<Number>().is_ok();
    let right = format!("\"{sign}{point}\"");
    is_number.then(|| {
        Message::new(
            format!("số lẻ viết bằng dấu chấm, cả trong nháy kép: `{right}`"),
            format!("decimals are written with a point, in quotes, too: `{right}`"),
        )
    })
}

/// The text with what is in quotes made unreadable, byte for byte.
fn without_quoted(text: &str) -> String {
    let mut quoted = false;
    let mut bare = String::with_capacity(text.len());
    for c in text.chars() {
        quoted ^= c == '"';
        match c {
            '"' => bare.push(c),
            _ if quoted => bare.extend(std::iter::repeat_n('\u{1}', c.len_utf8())),
            _ => bare.push(c),
        }
    }
    bare
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
            ("= a + b", 0, "không bắt đầu bằng dấu `=`"),
            ("a <= 1.000.000", 5, "`1000000`"),
            ("a <= 1.000", 5, "`1.0000`"),
            ("a b = c", 2, "giữa `a` và `b`"),
            ("a = (b + c) d", 12, "giữa `)` và `d`"),
            ("tong = a +", 9, "sau dấu `+`"),
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
    fn signs_of_mathematics_are_understood_and_keep_their_places() {
        for (text, plain) in [
            ("a ≤ b × 2", "a <=  b *  2"),
            ("a ≥ b − c", "a >=  b -   c"),
            ("loai = “x ≤ y”", "loai =   \"x ≤ y\"  "),
            ("loai = \"≤ “\"", "loai = \"≤ “\""),
        ] {
            let read = in_signs_of_excel(text);
            assert_eq!(read, plain);
            assert_eq!(read.len(), text.len());
        }
    }

    #[test]
    fn what_is_right_is_let_through() {
        for text in [
            "ROUND(1,2) = a",
            "loai = \"a;b == c\"",
            "a <> b",
            "a >= b",
            "a = 0.125 * b + 12.5",
            "loai = \"a b 1.000\"",
            "AND (a > 0, b = (c))",
            "tong = SUM(a, b)",
        ] {
            assert!(find(text).is_none(), "{text}");
        }
    }
}
