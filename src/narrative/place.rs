//! Errors of a template with their place in the office's own file.

use minijinja::{Error, ErrorKind};

use super::context::Context;
use super::filters;
use crate::campaign::{NoFigures, ToolError};
use crate::model::value::{Shown, message};
use crate::model::{Lang, Message};
use crate::text::nearest;

/// Most characters of a template quoted in a message.
const MOST_QUOTED: usize = 80;

/// What a part of a document is called, in Vietnamese and English, with what follows it; empty for
/// its body.
pub(super) type Called = (&'static str, &'static str);

/// A place in a template.
pub(super) enum TemplatePlace {
    /// A line of a text file, from 1.
    Line(usize),
    /// A paragraph of a Word document: its part, its number from 1, how it begins.
    Paragraph {
        part: Called,
        number: usize,
        words: String,
    },
}

impl TemplatePlace {
    /// The place without the template's own words.
    fn without_words(&self) -> Message {
        match self {
            TemplatePlace::Line(line) => {
                Message::new(format!("dòng {line}"), format!("line {line}"))
            }
            TemplatePlace::Paragraph { part, number, .. } => Message::new(
                format!("{}đoạn {number}", part.0),
                format!("{}paragraph {number}", part.1),
            ),
        }
    }
}

impl Shown for TemplatePlace {
    fn shown(&self, lang: Lang) -> String {
        match self {
            TemplatePlace::Line(line) => format!("{} {line}", lang.pick("dòng", "line")),
            TemplatePlace::Paragraph {
                part,
                number,
                words,
            } => {
                let (part, word) = (lang.pick(part.0, part.1), lang.pick("đoạn", "paragraph"));
                format!("{part}{word} {number} («{words}»)")
            }
        }
    }
}

/// The error that lists all unknown names of a template; `place` maps a line (from 1) to its place.
pub(super) fn unknown(
    name: &str,
    unknown: &[String],
    text: &str,
    context: &Context,
    place: &dyn Fn(usize) -> TemplatePlace,
) -> ToolError {
    let mut lines = Vec::new();
    for word in unknown {
        let near = nearest(word, context.names());
        let at = (1usize..).zip(text.lines());
        let found = at.filter(|(_, line)| has_word(line, word));
        let places: Vec<TemplatePlace> = found.map(|(line, _)| place(line)).collect();
        lines.push((word, places, near));
    }
    let all = |lang: Lang| {
        let there = lang.pick(
            "không có số liệu hay danh sách tên",
            "no figure or list named",
        );
        let lines = lines.iter().map(|(word, places, near)| {
            let places: Vec<String> = places.iter().map(|place| place.shown(lang)).collect();
            let hint = lang.of(&hint(*near)).to_owned();
            format!("{name}: {}: {there} `{word}`{hint}", places.join(", "))
        });
        lines.collect::<Vec<_>>().join("\n")
    };
    ToolError::Other(Message::new(all(Lang::Vi), all(Lang::En)))
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

/// An error of the template engine in plain words; `place` maps a line (from 1) to its place.
pub(super) fn told(
    name: &str,
    error: &Error,
    text: &str,
    context: &Context,
    place: &dyn Fn(usize) -> TemplatePlace,
) -> ToolError {
    let line = error.line().unwrap_or(1);
    let at = place(line);
    let source = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    if is_of_nothing(error) {
        let lacking = context.without_value();
        let lacking = lacking.filter(|figure| has_word(source, figure));
        let figures: Vec<String> = lacking.map(str::to_owned).collect();
        let what = not_there(&figures);
        return ToolError::NoFigures(Box::new(NoFigures {
            message: message!(at, what; "{name}: {at}: {what}", "{name}: {at}: {what}"),
            place: at.without_words(),
            figures,
        }));
    }
    let what = match filters::refusal(error) {
        Some(refusal) => refusal.clone(),
        None => in_words(error, source),
    };
    ToolError::Other(message!(at, what; "{name}: {at}: {what}", "{name}: {at}: {what}"))
}

/// Errors of the template engine in our own words: its messages are English and about its
/// internals, so only the kind of error and the line are used.
fn in_words(error: &Error, source: &str) -> Message {
    let detail = error.detail().unwrap_or_default();
    let source: String = source.trim().chars().take(MOST_QUOTED).collect();
    match error.kind() {
        ErrorKind::SyntaxError => Message::new(
            format!("viết sai cú pháp ở «{source}»; xem lại dấu ngoặc, dấu | và tên thẻ ở đó"),
            format!("wrong syntax in `{source}`; check the brackets, the | and the tag there"),
        ),
        ErrorKind::UnknownFilter => {
            let unknown = source.split('|').skip(1).map(first_word);
            let unknown = unknown
                .into_iter()
                .find(|word| detail.split_whitespace().any(|said| said == *word));
            let near = unknown.and_then(|word| nearest(word, filters::NAMES.into_iter()));
            let (unknown, hint) = (unknown.unwrap_or(&source), hint(near));
            message!(
                hint;
                "không có bộ lọc `{unknown}`{hint}",
                "there is no filter `{unknown}`{hint}"
            )
        }
        ErrorKind::UndefinedError => Message::new(
            format!("dùng một giá trị không có, ở «{source}»"),
            format!("a value is used that is not there, in `{source}`"),
        ),
        _ if detail.starts_with("tried to use") => Message::new(
            "phép tính giữa số và chữ; nếu có bộ lọc thì đặt cả phép tính trong ngoặc: {{ (A01 / A02) | phan_tram }}",
            "a computation of a figure and a text; where there is a filter, put the whole computation in brackets: {{ (A01 / A02) | phan_tram }}",
        ),
        _ => Message::new(
            format!("không điền được «{source}»; xem docs/bao-cao.md"),
            format!("cannot fill in `{source}`; see docs/bao-cao.md"),
        ),
    }
}

/// Does the template compute with a figure that has no value?
fn is_of_nothing(error: &Error) -> bool {
    let detail = error.detail().unwrap_or_default();
    let own = filters::refusal(error).is_none() && error.kind() == ErrorKind::InvalidOperation;
    own && detail.starts_with("tried to use") && detail.contains("undefined")
}

/// What to do about a sentence that computes from figures which are not there.
fn not_there(figures: &[String]) -> Message {
    let Some(first) = figures.first() else {
        return Message::new(
            "phép tính dùng số liệu chưa có; chỉ cho câu này hiện khi có số",
            "a computation uses a figure that is not there yet; let the sentence appear only with it",
        );
    };
    let named = figures.join(", ");
    let tested: Vec<String> = figures.iter().map(|id| format!("{id}.co_so")).collect();
    let tested = match tested.len() {
        1..=4 => tested.join(" and "),
        _ => format!("{first}.co_so and ..."),
    };
    Message::new(
        format!(
            "phép tính dùng số liệu chưa có: {named}; đặt câu này trong {{% if {tested} %}} ... {{% endif %}}"
        ),
        format!(
            "a computation uses figures that are not there yet: {named}; put the sentence in {{% if {tested} %}} ... {{% endif %}}"
        ),
    )
}

/// "; có phải `x`?" if something is near.
fn hint(near: Option<&str>) -> Message {
    near.map_or(Message::new("", ""), |near| {
        Message::new(
            format!("; có phải `{near}`?"),
            format!("; did you mean `{near}`?"),
        )
    })
}

fn first_word(text: &str) -> &str {
    let text = text.trim_start();
    let end = text.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    &text[..end.unwrap_or(text.len())]
}
