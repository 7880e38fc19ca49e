//! What is wrong with a TOML text, in words of a person who writes forms: the parser's own messages
//! name rules of its grammar, in English, and seldom say what to write. None of them is shown.
//!
//! Here are the mistakes of texts that are TOML but not what a key takes; those of the writing
//! itself are in `toml_syntax`.

use std::ops::Range;

use super::toml_syntax;
use crate::model::Message;

/// What is wrong at `span` of `text`, for which the parser says `detail`.
pub(super) fn words(detail: &str, text: &str, span: Option<Range<usize>>) -> Message {
    let written = span
        .as_ref()
        .and_then(|span| text.get(span.clone()))
        .unwrap_or_default();
    one_of_several(detail, text, span.as_ref())
        .or_else(|| named_in(detail))
        .or_else(|| date(detail, written))
        .or_else(|| figure(detail, written))
        .or_else(|| another_type(detail, written))
        .or_else(|| toml_syntax::words(detail, text, span.as_ref().map_or(0, |s| s.start)))
        .unwrap_or_else(toml_syntax::otherwise)
}

/// Tables written as several where there is one: then the first key of the table is taken for the
/// value of its first key.
fn one_of_several(detail: &str, text: &str, span: Option<&Range<usize>>) -> Option<Message> {
    let span = span.filter(|_| detail.starts_with("unknown variant"))?;
    let (before, after) = (text.get(..span.start)?, text.get(span.end..)?);
    let is_key = after.trim_start().starts_with('=');
    let mut above = before.lines().rev().map(str::trim);
    let title = above
        .find(|line| line.starts_with('['))
        .filter(|_| is_key)?;
    let name = header(title).filter(|_| title.starts_with("[["))?;
    Some(brackets(name, true))
}

/// Messages that name a key, a choice or a period.
fn named_in(detail: &str) -> Option<Message> {
    let all: Vec<&str> = detail.split('`').skip(1).step_by(2).collect();
    let first = all.first().copied().unwrap_or_default();
    let usable = all
        .iter()
        .skip(1)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ");
    if detail.starts_with("unknown field") {
        return Some(Message::new(
            format!("không có khóa `{first}`; các khóa dùng được ở đây: {usable}"),
            format!("unknown key `{first}`; the keys usable here are {usable}"),
        ));
    }
    if detail.starts_with("unknown variant") {
        return Some(Message::new(
            format!("không có giá trị `{first}`; dùng được: {usable}"),
            format!("unknown value `{first}`; write one of {usable}"),
        ));
    }
    if detail.starts_with("missing field") {
        return Some(Message::new(
            format!("thiếu khóa `{first}`"),
            format!("the key `{first}` is missing"),
        ));
    }
    if detail.starts_with("duplicate field") {
        return Some(Message::new(
            format!("khóa khai hai lần: `{first}`"),
            format!("the key `{first}` is given twice"),
        ));
    }
    let (text, how) = detail.split_once(" is not a period; write ")?;
    Some(Message::new(
        format!(
            "kỳ {text} viết sai; viết như {}",
            how.replace(" or ", " hoặc ")
        ),
        detail,
    ))
}

/// A text that is no date where one must be, or a date without quotation marks.
fn date(detail: &str, written: &str) -> Option<Message> {
    let no_date = [
        "input contains invalid characters",
        "input is out of range",
        "input is not enough for unique date and time",
        "no possible date and time matching input",
        "premature end of input",
        "trailing input",
    ]
    .contains(&detail);
    let wanted = detail.ends_with("expected a formatted date string");
    let text = written.trim_matches(['"', '\'']).trim();
    if no_date || wanted {
        let example = toml_syntax::as_date(text).unwrap_or_else(|| "2025-10-10".to_owned());
        return Some(Message::new(
            format!(
                "ngày `{text}` viết sai hoặc không có trong lịch; viết năm-tháng-ngày trong dấu \
                 nháy kép: \"{example}\""
            ),
            format!(
                "`{text}` is no date, or not one of the calendar; write year-month-day in \
                 quotation marks: \"{example}\""
            ),
        ));
    }
    let typed = detail.starts_with("invalid type: map")
        && written.starts_with(|first: char| first.is_ascii_digit());
    typed.then(|| toml_syntax::unquoted(written))
}

/// A figure that is none, or too large.
fn figure(detail: &str, written: &str) -> Option<Message> {
    let too_large = [
        "integer number overflowed",
        "floating-point number overflowed",
        "no figure of that size can be held",
    ];
    if too_large.contains(&detail) {
        return Some(Message::new(
            format!("số `{written}` quá lớn hoặc viết dở; viết số như 3259 hoặc 53.22"),
            format!("`{written}` is too large or incomplete; write a figure such as 3259 or 53.22"),
        ));
    }
    let (text, _) = detail.split_once(" is no figure; write ")?;
    Some(Message::new(
        format!(
            "{text} không phải là số; viết như 3259 hoặc 53.22, dấu chấm cho phần lẻ, không ngăn \
             hàng nghìn"
        ),
        format!("{text} is no figure; write 3259 or 53.22, without thousands separators"),
    ))
}

/// A value of another type than the key takes.
fn another_type(detail: &str, written: &str) -> Option<Message> {
    let of_type = [
        "invalid type: ",
        "invalid length ",
        "wanted string or table",
    ];
    let of_type = of_type.iter().any(|start| detail.starts_with(start));
    if let Some(name) = header(written).filter(|_| of_type) {
        return Some(brackets(name, written.starts_with("[[")));
    }
    if detail == "wanted string or table" {
        return Some(Message::new(
            "chữ phải đặt trong dấu nháy kép",
            "a text in quotation marks must be here",
        ));
    }
    if detail.starts_with("data did not match any variant of untagged enum") {
        return Some(Message::new(
            "phải là chữ trong dấu nháy kép, hoặc danh sách các chữ trong [ ]",
            "must be a text in quotation marks, or a list of such texts in [ ]",
        ));
    }
    if let Some(rest) = detail.strip_prefix("invalid length ") {
        let count = rest.split([',', ' ']).next().unwrap_or_default();
        return Some(Message::new(
            format!("danh sách có {count} phần tử, khóa này cần số phần tử khác"),
            format!("the list has {count} elements; this key takes another number of them"),
        ));
    }
    let (found, wanted) = detail
        .strip_prefix("invalid type: ")
        .or_else(|| detail.strip_prefix("invalid value: "))?
        .rsplit_once(", expected ")?;
    let (wanted, found) = (want(wanted), thing(found));
    Some(Message::new(
        format!("phải là {}, không phải {}", wanted.vi, found.vi),
        format!("must be {}, not {}", wanted.en, found.en),
    ))
}

/// The name in "[row]" or "[[row]]".
fn header(written: &str) -> Option<&str> {
    let name = written.trim_matches(['[', ']']);
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (written.starts_with('[') && name.starts_with(|c: char| c.is_ascii_alphabetic()))
        .then_some(name)
        .filter(|name| name.chars().all(plain))
}

/// A table of which there is one, written as one of several, or the other way round.
fn brackets(name: &str, several: bool) -> Message {
    if !several {
        return Message::new(
            format!("viết `[[{name}]]`, hai dấu ngoặc vuông ở mỗi bên: có thể có nhiều `{name}`"),
            format!("write `[[{name}]]` with double brackets: there may be several `{name}`"),
        );
    }
    Message::new(
        format!("viết `[{name}]`, một dấu ngoặc vuông ở mỗi bên: chỉ có một `{name}`"),
        format!("write `[{name}]` with single brackets: there is only one `{name}`"),
    )
}

/// What was found: "integer `1`", "string \"a\"".
fn thing(found: &str) -> Message {
    let (sort, value) = found.split_once(' ').unwrap_or((found, ""));
    let value = value.trim_end_matches(" as i128");
    match sort {
        "integer" => Message::new(format!("số {value}"), format!("the number {value}")),
        "floating" => {
            let value = value.trim_start_matches("point ");
            Message::new(format!("số {value}"), format!("the number {value}"))
        }
        "string" | "character" => Message::new(format!("chữ {value}"), format!("the text {value}")),
        "boolean" => Message::new(value, value),
        "sequence" => Message::new("danh sách", "a list"),
        "map" => Message::new("bảng", "a table"),
        _ => Message::new("giá trị kiểu này", "a value of this type"),
    }
}

/// What was expected: "a string", "u32".
fn want(wanted: &str) -> Message {
    let numbered = |text: &str| {
        text.strip_prefix(['u', 'i', 'f'])
            .is_some_and(|bits| bits.parse::<u8>().is_ok() || bits == "size")
    };
    match wanted {
        "a string" | "a borrowed string" | "string" | "str" | "string or map" => {
            Message::new("chữ trong dấu nháy", "a text in quotation marks")
        }
        "a boolean" => Message::new("true hoặc false", "true or false"),
        "a sequence" => Message::new("danh sách trong [ ]", "a list in [ ]"),
        "a map" => Message::new("bảng có các khóa", "a table of keys"),
        "a figure such as 3259 or 53.22" => {
            Message::new("số như 3259 hoặc 53.22", "a figure such as 3259 or 53.22")
        }
        "f64" | "f32" => Message::new("số như 12 hoặc 0.5", "a number such as 12 or 0.5"),
        _ if wanted.starts_with("struct") => Message::new("bảng có các khóa", "a table of keys"),
        _ if numbered(wanted) => Message::new(
            "số nguyên không âm",
            "a whole number that is not below zero",
        ),
        _ => Message::new("giá trị kiểu khác", "a value of another type"),
    }
}

#[cfg(test)]
mod tests;
