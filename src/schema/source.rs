//! Where something is wrong in a form file or a campaign file: the text being checked, and the one
//! error type of everything that reads it.

use std::fmt;
use std::ops::Range;

use toml::Spanned;

use super::rule::expression::Expr;
use super::rule::parser;
use super::toml_words;
use crate::model::{Message, Place};
use crate::text::nearest;

/// What is wrong with a form or campaign file, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct SchemaError {
    /// The file, as given.
    pub file: Box<str>,
    /// Line and column, from 1, if known.
    pub place: Option<(usize, usize)>,
    /// The cell, of a form written in a workbook.
    pub cell: Option<Place>,
    /// What is wrong and what to write instead.
    pub message: Message,
    /// What it is about, where its place does not say so.
    pub about: Option<Box<About>>,
}

/// What an error is about, for who goes on without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum About {
    /// The value of this key of the table at whose head the error is placed.
    Key(&'static str),
    /// A key that is missing.
    Lacks(String),
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.location().vi, self.message.vi)
    }
}

impl std::error::Error for SchemaError {}

impl SchemaError {
    /// The same error, about the value of a key of the table at whose head it is placed.
    #[must_use]
    pub fn about(self, key: &'static str) -> SchemaError {
        SchemaError {
            about: Some(Box::new(About::Key(key))),
            ..self
        }
    }

    /// The file and the place in it.
    pub fn location(&self) -> Message {
        let file = &self.file;
        match (&self.cell, self.place) {
            (Some(Place { sheet, cell }), _) => Message::new(
                format!("{file}: trang «{sheet}», ô {cell}"),
                format!("{file}: sheet «{sheet}», cell {cell}"),
            ),
            (None, Some((line, column))) => {
                let at = format!("{file}:{line}:{column}");
                Message::new(at.clone(), at)
            }
            (None, None) => Message::new(&**file, &**file),
        }
    }
}

/// A TOML text being checked: turns byte ranges into lines and columns.
pub struct Source<'a> {
    /// The file, as shown in errors.
    pub name: &'a str,
    /// Its text.
    pub text: &'a str,
}

impl Source<'_> {
    /// The name of the file alone, without its folders.
    pub fn file_name(&self) -> &str {
        let name = self.name.rsplit(['/', '\\']).next();
        name.unwrap_or(self.name)
    }
}

impl Source<'_> {
    /// An error at a byte range of the text.
    pub fn error(&self, span: Option<Range<usize>>, message: Message) -> SchemaError {
        let place = span.map(|span| {
            let mut start = span.start.min(self.text.len());
            while !self.text.is_char_boundary(start) {
                start -= 1;
            }
            let before = &self.text[..start];
            let line = before.matches('\n').count() + 1;
            let column = before
                .rsplit('\n')
                .next()
                .map_or(0, |last| last.chars().count())
                + 1;
            (line, column)
        });
        SchemaError {
            file: self.name.into(),
            place,
            cell: None,
            message,
            about: None,
        }
    }

    /// Deserialises the text, with the nearest valid key for an unknown one.
    ///
    /// # Errors
    /// The text is no TOML, lacks a key, or has one that is unknown.
    pub fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, SchemaError> {
        toml::from_str(self.text).map_err(|error| {
            let detail = error.message();
            let words = toml_words::words(detail, self.text, error.span());
            let hint = unknown_key_hint(detail);
            let told = self.error(
                error.span(),
                Message::new(
                    format!(
                        "tệp viết sai: {}{}",
                        words.vi,
                        hint.as_deref()
                            .map_or(String::new(), |h| format!("; có phải `{h}`?"))
                    ),
                    format!(
                        "{}{}",
                        words.en,
                        hint.as_deref()
                            .map_or(String::new(), |h| format!("; did you mean `{h}`?"))
                    ),
                ),
            );
            SchemaError {
                about: missing_key(detail).map(|key| Box::new(About::Lacks(key.to_owned()))),
                ..told
            }
        })
    }

    /// Parses an expression written in the file.
    ///
    /// # Errors
    /// The text is no expression.
    pub fn expression(&self, text: &Spanned<String>) -> Result<Expr, SchemaError> {
        parser::parse(text.get_ref())
            .map_err(|error| self.error(Some(self.inside(text, error.offset)), error.message))
    }

    /// The place of a byte of a quoted string: after its opening quote.
    pub fn inside(&self, text: &Spanned<String>, offset: usize) -> Range<usize> {
        let start = text.span().start;
        let quoted = self.text.get(start..).unwrap_or_default();
        let quotes = if quoted.starts_with("\"\"\"") || quoted.starts_with("'''") {
            3
        } else {
            1
        };
        start + quotes + offset..text.span().end
    }
}

/// serde says "missing field `x`".
fn missing_key(detail: &str) -> Option<&str> {
    detail.strip_prefix("missing field `")?.split('`').next()
}

/// serde says "unknown field `x`, expected one of `a`, `b`": picks the nearest of those.
fn unknown_key_hint(detail: &str) -> Option<String> {
    let mut quoted = detail.split('`').skip(1).step_by(2);
    let unknown = detail.starts_with("unknown").then(|| quoted.next())??;
    let known: Vec<&str> = quoted.collect();
    nearest(unknown, known.iter().copied()).map(str::to_owned)
}

/// "; có phải `x`?" if something is near.
pub fn suggestion(wanted: &str, known: &[&str]) -> Message {
    match nearest(wanted, known.iter().copied()) {
        Some(near) => did_you_mean(near),
        None => Message::new("", ""),
    }
}

/// Names that are not known as a list, and [`suggestion`] where it is one.
pub fn unknown_names(unknown: &[&str], known: &[&str]) -> (String, Message) {
    let names: Vec<String> = unknown.iter().map(|name| format!("`{name}`")).collect();
    let hint = match unknown {
        [one] => suggestion(one, known),
        _ => Message::new("", ""),
    };
    (names.join(", "), hint)
}

/// `; có phải ...?`, to be put behind what is not known.
pub fn did_you_mean(near: &str) -> Message {
    Message::new(
        format!("; có phải `{near}`?"),
        format!("; did you mean `{near}`?"),
    )
}
