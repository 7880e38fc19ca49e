//! What cells of a form workbook show: values of the form language as a person would type them.

use chrono::NaiveDate;
use toml::{Table, Value};

use super::names::{Axis, Names};
use super::terms::{Bare, resolve};
use super::text::quoted;
use super::value::{codes, is_answer, texts};
use super::words::{FLAGS, Key, Kind, OTHER, Word};
use crate::model::Message;

/// What a cell shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// Words, as text even if they look like a number.
    Text(String),
    /// A number.
    Number(f64),
    /// TRUE or FALSE.
    Flag(bool),
    /// A day.
    Day(NaiveDate),
}

/// A sheet of a form workbook.
#[derive(Debug, Clone)]
pub struct LaidSheet {
    /// Its name.
    pub name: &'static str,
    /// What its columns may be.
    pub keys: &'static [Key],
    /// Its lines; each cell with the heading it stands under.
    pub lines: Vec<Vec<(&'static str, Shown)>>,
}

/// The longest text of a cell, in UTF-16 units.
const LONGEST: usize = 32_767;

/// The text of a form or campaign that is to be laid out.
///
/// # Errors
/// It is no TOML.
pub(super) fn parsed(text: &str) -> Result<Table, Message> {
    toml::from_str(text).map_err(|error| {
        let why = error.message();
        Message::new(
            format!("tệp viết sai: {why}"),
            format!("the file is wrong: {why}"),
        )
    })
}

/// Refuses sheets in which something is longer than a cell holds.
///
/// # Errors
/// Names the heading of the first such cell.
pub(super) fn refuse_long<'s>(
    mut sheets: impl Iterator<Item = &'s LaidSheet>,
) -> Result<(), Message> {
    let is_long =
        |shown: &Shown| matches!(shown, Shown::Text(text) if text.encode_utf16().count() > LONGEST);
    let long = sheets.find_map(|sheet| {
        let mut cells = sheet.lines.iter().flatten();
        cells.find(|(_, shown)| is_long(shown))
    });
    long.map_or(Ok(()), |(heading, _)| {
        Err(Message::new(
            format!("«{heading}» dài hơn {LONGEST} ký tự, một ô Excel không chứa hết"),
            format!("«{heading}» is longer than the {LONGEST} characters a cell holds"),
        ))
    })
}

pub(super) type Line = Vec<(&'static str, Shown)>;

pub(super) fn words(text: impl Into<String>) -> Shown {
    Shown::Text(text.into())
}

pub(super) fn tables<'t>(table: &'t Table, key: &str) -> Vec<&'t Table> {
    let all = table
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    all.filter_map(Value::as_table).collect()
}

pub(super) fn text_of<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key).and_then(Value::as_str)
}

/// The values of a table by dotted path, tables in it taken apart.
pub(super) fn leaves<'t>(table: &'t Table, without: &[&str]) -> Vec<(String, &'t Value)> {
    let mut found = Vec::new();
    for (key, value) in table
        .iter()
        .filter(|(key, _)| !without.contains(&key.as_str()))
    {
        let key = bare(key);
        match value {
            Value::Table(inner) if !inner.is_empty() => {
                let below = leaves(inner, &[]).into_iter();
                found.extend(below.map(|(path, value)| (format!("{key}.{path}"), value)));
            }
            value => found.push((key, value)),
        }
    }
    found
}

pub(super) fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    match !key.is_empty() && key.chars().all(plain) {
        true => key.to_owned(),
        false => quoted(key),
    }
}

/// Puts the keys of a table that are not `done` into a line, those without a column of their own
/// under [`OTHER`].
pub(super) fn keyed(
    table: &Table,
    done: &[&str],
    keys: &'static [Key],
    axis: Axis,
    names: &Names<'_>,
    line: &mut Line,
) {
    let mut rest = Vec::new();
    for (path, value) in leaves(table, done) {
        let key = keys.iter().find(|key| key.path == path);
        let shown = key.and_then(|key| {
            let shown = match key.kind {
                Kind::Expression => operand(value.as_str()?, axis, names)?,
                _ => show(key, value)?,
            };
            Some((key.heading, shown))
        });
        match shown {
            Some(shown) => line.push(shown),
            None => rest.push(format!("{path} = {}", literal(value))),
        }
    }
    if !rest.is_empty() {
        line.push((OTHER, words(rest.join("\n"))));
    }
}

/// An expression as its cell shows it.
pub(super) fn operand(text: &str, axis: Axis, names: &Names<'_>) -> Option<Shown> {
    if text.trim() != text || text.contains('\n') {
        return None;
    }
    let reads_back = |bare: Bare| resolve(text, bare, names).is_ok_and(|read| read == text);
    if reads_back(Bare::Code(axis)) || reads_back(Bare::Code(axis.other())) {
        return Some(words(text));
    }
    reads_back(Bare::Figure).then(|| words(format!("={text}")))
}

/// A value as its cell shows it, if it reads back as the same value.
pub(super) fn show(key: &Key, value: &Value) -> Option<Shown> {
    let texts_of = || -> Option<Vec<String>> {
        let all = value.as_array()?.iter();
        all.map(|one| one.as_str().map(str::to_owned)).collect()
    };
    match key.kind {
        Kind::Text | Kind::Id | Kind::Period => {
            let text = value.as_str()?;
            let kept = match key.kind {
                Kind::Text => !is_answer(text),
                _ => text.trim() == text,
            };
            (kept && !text.trim().is_empty()).then(|| words(text))
        }
        Kind::Texts => {
            let all = texts_of()?;
            let joined = all.join("\n");
            (!all.is_empty() && texts(&joined) == all).then(|| words(joined))
        }
        Kind::Codes | Kind::Columns | Kind::Rules => {
            let all = texts_of()?;
            let joined = all.join(", ");
            (!all.is_empty() && codes(&joined) == all).then(|| words(joined))
        }
        Kind::Whole => {
            let number = u32::try_from(value.as_integer()?).ok()?;
            Some(Shown::Number(f64::from(number)))
        }
        Kind::Flag => says(FLAGS, if value.as_bool()? { "true" } else { "false" }),
        Kind::Word(choices) => says(choices, value.as_str()?),
        Kind::Day => {
            let text = value.as_str()?;
            let day: NaiveDate = text.parse().ok()?;
            (day.to_string() == text).then_some(Shown::Day(day))
        }
        Kind::Figure => figure(value),
        Kind::Label | Kind::Expression | Kind::Other | Kind::Aside | Kind::Own => None,
    }
}

pub(super) fn figure(value: &Value) -> Option<Shown> {
    const LARGEST: f64 = 1e15;
    match value {
        Value::Integer(_) | Value::Float(_) => {
            let number: f64 = value.to_string().parse().ok()?;
            (number.abs() < LARGEST).then_some(Shown::Number(number))
        }
        _ => None,
    }
}

fn says(choices: &[Word], value: &str) -> Option<Shown> {
    let word = choices.iter().find(|word| word.value == value)?;
    Some(words(word.says))
}

/// A value as the form language writes it, on one line.
pub(super) fn literal(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Array(all) => {
            let all: Vec<String> = all.iter().map(literal).collect();
            format!("[{}]", all.join(", "))
        }
        Value::Table(table) => {
            let pairs = table
                .iter()
                .map(|(key, value)| format!("{} = {}", bare(key), literal(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}
