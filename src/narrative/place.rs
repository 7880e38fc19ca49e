//! Errors of a template with their place in the office's own file.

use std::fmt;

use minijinja::{Error, ErrorKind};

use super::context::Context;
use super::filters;
use crate::campaign::ToolError;
use crate::model::Message;
use crate::text::nearest;

/// A place in a template.
pub(super) enum Place {
    /// A line of a text file, from 1.
    Line(usize),
    /// A paragraph of a Word document: its part, its number from 1, how it begins.
    Paragraph {
        part: String,
        number: usize,
        words: String,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(line) => write!(f, "dòng {line}"),
            Place::Paragraph {
                part,
                number,
                words,
            } => write!(f, "{part}đoạn {number} («{words}»)"),
        }
    }
}

/// All names a template uses that mean nothing.
pub(super) fn unknown(
    name: &str,
    unknown: &[String],
    text: &str,
    context: &Context,
    place: &dyn Fn(usize) -> Place,
) -> ToolError {
    let mut lines = Vec::new();
    for word in unknown {
        let near = nearest(word, context.names());
        let hint = near.map_or(String::new(), |near| format!("; có phải `{near}`?"));
        let at = (1usize..).zip(text.lines());
        let found = at.filter(|(_, line)| has_word(line, word));
        let places: Vec<String> = found.map(|(line, _)| place(line).to_string()).collect();
        lines.push((word, places.join(", "), hint));
    }
    let told = |there: &str| {
        let lines = lines.iter();
        let lines =
            lines.map(|(word, places, hint)| format!("{name}: {places}: {there} `{word}`{hint}"));
        lines.collect::<Vec<_>>().join("\n")
    };
    ToolError::Other(Message::new(
        told("không có số liệu hay danh sách tên"),
        told("no figure or list named"),
    ))
}

/// Does a tag of the line use the word?
fn has_word(line: &str, word: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        !before.is_some_and(|c| part(c) || c == '.') && !after.is_some_and(part)
    })
}

/// What the template engine found wrong, in plain words.
pub(super) fn told(
    name: &str,
    error: &Error,
    text: &str,
    place: &dyn Fn(usize) -> Place,
) -> ToolError {
    let line = error.line().unwrap_or(1);
    let at = place(line);
    let detail = error.detail().unwrap_or_default();
    let source = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let (vi, en) = match error.kind() {
        ErrorKind::SyntaxError => (
            format!("viết sai cú pháp: {detail}"),
            format!("syntax error: {detail}"),
        ),
        ErrorKind::UnknownFilter => {
            let used = source.split('|').skip(1).map(first_word);
            let hint = used
                .filter_map(|word| nearest(word, filters::NAMES.into_iter()))
                .next();
            let hint = hint.map_or(String::new(), |near| format!("; có phải `{near}`?"));
            (
                format!("không có bộ lọc này: {detail}{hint}"),
                format!("unknown filter: {detail}{hint}"),
            )
        }
        ErrorKind::UndefinedError => (
            format!("dùng một giá trị không có{}", quoted(detail)),
            format!("a value that is not there{}", quoted(detail)),
        ),
        _ if detail.starts_with("tried to use") && detail.contains("undefined") => (
            "phép tính dùng số liệu chưa có; đặt câu này trong {% if A01.co_so %} ... {% endif %}"
                .to_owned(),
            "a computation uses a figure that is not there yet; put the sentence in {% if A01.co_so %} ... {% endif %}"
                .to_owned(),
        ),
        _ if detail.starts_with("tried to use") => (
            "phép tính giữa số và chữ; nếu có bộ lọc thì đặt cả phép tính trong ngoặc: {{ (A01 / A02) | phan_tram }}"
                .to_owned(),
            format!("{detail}; put the computation in brackets before a filter"),
        ),
        _ => (detail.to_owned(), format!("{error}")),
    };
    ToolError::Other(Message::new(
        format!("{name}: {at}: {vi}"),
        format!("{name}: {at}: {en}"),
    ))
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    &text[..end.unwrap_or(text.len())]
}

fn quoted(detail: &str) -> String {
    if detail.is_empty() {
        String::new()
    } else {
        format!(" ({detail})")
    }
}
