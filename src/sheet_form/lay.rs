//! A form file laid out as the sheets that are read back into it.

use chrono::NaiveDate;
use toml::{Table, Value};

use super::names::{Axis, Named, Names};
use super::split::split;
use super::terms::{Bare, resolve};
use super::text::quoted;
use super::value::{codes, texts};
use super::words::{
    EXAMPLES, EXAMPLES_SHEET, FIELDS, FIELDS_SHEET, FLAGS, Key, Kind, OTHER, PARTS, RULES,
    RULES_SHEET, SETTINGS, SORTS, Word,
};
use super::{examples, fields, rules};
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

/// The sheets of a form.
#[derive(Debug, Clone)]
pub struct Laid {
    /// Settings, columns and rows.
    pub fields: LaidSheet,
    /// Rules.
    pub rules: LaidSheet,
    /// Examples.
    pub examples: LaidSheet,
}

/// The longest text of a cell, in UTF-16 units.
const LONGEST: usize = 32_767;

type Line = Vec<(&'static str, Shown)>;

fn words(text: impl Into<String>) -> Shown {
    Shown::Text(text.into())
}

/// Lays out the text of a form that has been read without a mistake.
///
/// # Errors
/// The text is no TOML, or something in it is longer than a cell holds.
pub fn lay(text: &str) -> Result<Laid, Message> {
    let table: Table = toml::from_str(text).map_err(|error| {
        let why = error.message();
        Message::new(
            format!("tệp viết sai: {why}"),
            format!("the file is wrong: {why}"),
        )
    })?;
    let names = names(&table);
    let laid = Laid {
        fields: LaidSheet {
            name: FIELDS_SHEET,
            keys: FIELDS,
            lines: field_lines(&table, &names),
        },
        rules: LaidSheet {
            name: RULES_SHEET,
            keys: RULES,
            lines: rule_lines(&table, &names),
        },
        examples: LaidSheet {
            name: EXAMPLES_SHEET,
            keys: EXAMPLES,
            lines: example_lines(&table),
        },
    };
    let sheets = [&laid.fields, &laid.rules, &laid.examples];
    let cells = sheets
        .into_iter()
        .flat_map(|sheet| sheet.lines.iter().flatten());
    for (heading, shown) in cells {
        if let Shown::Text(text) = shown
            && text.encode_utf16().count() > LONGEST
        {
            return Err(Message::new(
                format!("«{heading}» dài hơn {LONGEST} ký tự, một ô Excel không chứa hết"),
                format!("«{heading}» is longer than the {LONGEST} characters a cell holds"),
            ));
        }
    }
    Ok(laid)
}

fn tables<'t>(table: &'t Table, key: &str) -> Vec<&'t Table> {
    let all = table
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    all.filter_map(Value::as_table).collect()
}

fn text_of<'t>(table: &'t Table, key: &str) -> Option<&'t str> {
    table.get(key).and_then(Value::as_str)
}

fn names(table: &Table) -> Names<'static> {
    let of = |key: &str| {
        let named = tables(table, key).into_iter().map(|one| Named {
            id: text_of(one, "id").unwrap_or_default().to_owned(),
            ..Named::default()
        });
        named.collect()
    };
    Names {
        columns: of("column"),
        rows: of("row"),
        printed: None,
    }
}

fn sort(value: &str) -> Shown {
    words(
        SORTS
            .iter()
            .find(|word| word.value == value)
            .map_or("", |word| word.says),
    )
}

fn field_lines(table: &Table, names: &Names<'_>) -> Vec<Line> {
    let mut lines = setting_lines(table);
    if let Some(defaults) = table.get("defaults").and_then(Value::as_table) {
        let mut line = vec![(fields::SORT, sort("defaults"))];
        keyed(defaults, &[], FIELDS, Axis::Columns, names, &mut line);
        lines.push(line);
    }
    for (key, axis) in [("column", Axis::Columns), ("row", Axis::Rows)] {
        for one in tables(table, key) {
            let is_heading = one.get("heading") == Some(&Value::Boolean(true));
            let kind = if axis == Axis::Rows && is_heading {
                "heading"
            } else {
                key
            };
            let mut line = vec![(fields::SORT, sort(kind))];
            line.push((fields::ID, words(text_of(one, "id").unwrap_or_default())));
            let label = one.get("label").and_then(label);
            let mut done = vec!["id"];
            if let Some(label) = label {
                line.push((fields::LABEL, words(label)));
                done.push("label");
            }
            if is_heading {
                done.push("heading");
            }
            keyed(one, &done, FIELDS, axis, names, &mut line);
            lines.push(line);
        }
    }
    lines
}

/// A label or a path of labels in one cell.
fn label(value: &Value) -> Option<String> {
    let fits = |text: &str| !text.contains('›') && !text.trim().is_empty();
    match value {
        Value::String(text) => fits(text).then(|| text.clone()),
        Value::Array(parts) => {
            let parts: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
            let parts = parts.filter(|parts| parts.len() > 1)?;
            let plain = parts.iter().all(|part| fits(part) && part.trim() == *part);
            plain.then(|| parts.join(" › "))
        }
        _ => None,
    }
}

fn setting_lines(table: &Table) -> Vec<Line> {
    let mut found: Vec<(&Key, Shown)> = Vec::new();
    let mut rest = Vec::new();
    for (path, value) in leaves(table, &["column", "row", "rule", "example", "defaults"]) {
        let key = SETTINGS.iter().find(|key| key.path == path);
        match key.and_then(|key| Some((key, show(key, value)?))) {
            Some(found_one) => found.push(found_one),
            None => rest.push(format!("{path} = {}", literal(value))),
        }
    }
    let place = |key: &Key| SETTINGS.iter().position(|known| known.path == key.path);
    found.sort_by_key(|(key, _)| place(key));
    let mut lines: Vec<Line> = Vec::new();
    for (key, shown) in found {
        lines.push(vec![
            (fields::SORT, sort("form")),
            (fields::ID, words(key.heading)),
            (fields::LABEL, shown),
        ]);
    }
    if !rest.is_empty() {
        lines.push(vec![
            (fields::SORT, sort("form")),
            (fields::ID, words(OTHER)),
            (fields::LABEL, words(rest.join("\n"))),
        ]);
    }
    lines
}

/// The values of a table by dotted path, tables in it taken apart.
fn leaves<'t>(table: &'t Table, without: &[&str]) -> Vec<(String, &'t Value)> {
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

fn bare(key: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    match !key.is_empty() && key.chars().all(plain) {
        true => key.to_owned(),
        false => quoted(key),
    }
}

/// Puts the keys of a table that are not `done` into a line, those without a column of their own
/// under [`OTHER`].
fn keyed(
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
fn operand(text: &str, axis: Axis, names: &Names<'_>) -> Option<Shown> {
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
fn show(key: &Key, value: &Value) -> Option<Shown> {
    let texts_of = || -> Option<Vec<String>> {
        let all = value.as_array()?.iter();
        all.map(|one| one.as_str().map(str::to_owned)).collect()
    };
    match key.kind {
        Kind::Text | Kind::Id | Kind::Period => {
            let text = value.as_str()?;
            let kept = key.kind == Kind::Text || text.trim() == text;
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
        Kind::Label | Kind::Expression | Kind::Other | Kind::Aside | Kind::Own => None,
    }
}

fn says(choices: &[Word], value: &str) -> Option<Shown> {
    let word = choices.iter().find(|word| word.value == value)?;
    Some(words(word.says))
}

/// A value as the form language writes it, on one line.
fn literal(value: &Value) -> String {
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

fn rule_lines(table: &Table, names: &Names<'_>) -> Vec<Line> {
    let lines = tables(table, "rule")
        .into_iter()
        .enumerate()
        .map(|(index, rule)| {
            let number = u32::try_from(index + 1).map_or(0.0, f64::from);
            let mut line = vec![("STT", Shown::Number(number))];
            let mut done = Vec::new();
            check(rule, names, &mut line, &mut done);
            if let Some(when) = text_of(rule, "when")
                && resolve(when, Bare::Figure, names).is_ok_and(|read| read == when)
            {
                line.push((rules::WHEN, words(when)));
                done.push("when");
            }
            keyed(rule, &done, RULES, Axis::Columns, names, &mut line);
            line
        });
    lines.collect()
}

/// The cells of what must hold, and of where it is asked.
fn check(rule: &Table, names: &Names<'_>, line: &mut Line, done: &mut Vec<&'static str>) {
    let Some(check) = text_of(rule, "check") else {
        return;
    };
    done.push("check");
    let split = split(check, names);
    let asked = |these: &'static str, but: &'static str| -> Option<(&'static str, String)> {
        let ids = |key: &str| -> Option<String> {
            let all = rule.get(key)?.as_array()?.iter().map(Value::as_str);
            Some(all.collect::<Option<Vec<_>>>()?.join("; "))
        };
        match (ids(these), ids(but)) {
            (Some(ids), None) if !ids.is_empty() => Some((these, ids)),
            (None, Some(ids)) if !ids.is_empty() => Some((but, format!("* trừ {ids}"))),
            _ => None,
        }
    };
    let rows = asked("rows", "except_rows");
    let columns = asked("columns", "except_columns");
    let Some(split) = split else {
        for (heading, asked) in [(rules::ROW, rows), (rules::COLUMN, columns)] {
            if let Some((key, ids)) = asked {
                line.push((heading, words(ids)));
                done.push(key);
            }
        }
        line.push((rules::WHOLE, words(check)));
        return;
    };
    let (mut row, mut column) = split.left.clone();
    match split.axis {
        Some(Axis::Columns) => row = place(rows, done),
        Some(Axis::Rows) => column = place(columns, done),
        None => {}
    }
    line.push((rules::ROW, words(row)));
    line.push((rules::COLUMN, words(column)));
    line.push((rules::RELATION, words(split.relation)));
    for (heading, text) in [
        (rules::RIGHT_ROW, split.right.0),
        (rules::RIGHT_COLUMN, split.right.1),
    ] {
        if !text.is_empty() {
            line.push((heading, words(text)));
        }
    }
}

/// Where a rule is asked, as its cell says it.
fn place(asked: Option<(&'static str, String)>, done: &mut Vec<&'static str>) -> String {
    match asked {
        Some((key, ids)) => {
            done.push(key);
            ids
        }
        None => "*".to_owned(),
    }
}

fn example_lines(table: &Table) -> Vec<Line> {
    let is_free = tables(table, "row").is_empty();
    let mut lines = Vec::new();
    for example in tables(table, "example") {
        let mut figures: Vec<Line> = Vec::new();
        let mut done = vec!["name"];
        for word in PARTS {
            let Some(part) = example.get(word.value).and_then(Value::as_table) else {
                continue;
            };
            let cells: Option<Vec<Line>> = part
                .iter()
                .map(|(name, value)| figure(word.says, name, value))
                .collect();
            // Rows by number are this period's.
            if let Some(cells) = cells.filter(|_| !(is_free && word.value == "cells")) {
                figures.extend(cells);
                done.push(word.value);
            }
        }
        if let Some(rows) = example.get("rows").and_then(Value::as_array)
            && let Some(cells) = row_figures(rows).filter(|_| is_free)
        {
            figures.extend(cells);
            done.push("rows");
        }
        let mut first = vec![(
            examples::NAME,
            words(text_of(example, "name").unwrap_or_default()),
        )];
        keyed(
            example,
            &done,
            EXAMPLES,
            Axis::Columns,
            &Names::default(),
            &mut first,
        );
        let mut figures = figures.into_iter();
        first.extend(figures.next().into_iter().flatten());
        lines.push(first);
        lines.extend(figures);
    }
    lines
}

/// One figure of a cell named `row.column`.
fn figure(part: &'static str, name: &str, value: &Value) -> Option<Line> {
    let mut line = vec![(examples::PART, words(part))];
    match name.rsplit_once('.') {
        Some((row, column)) if !row.trim().is_empty() && !column.trim().is_empty() => {
            if row.trim() != row || column.trim() != column {
                return None;
            }
            line.push((examples::ROW, words(row)));
            line.push((examples::COLUMN, words(column)));
        }
        _ if name.trim() == name && !name.is_empty() => line.push((examples::COLUMN, words(name))),
        _ => return None,
    }
    line.push((examples::VALUE, example_value(value)?));
    Some(line)
}

/// The figures of free rows, row by row.
fn row_figures(rows: &[Value]) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    for (number, row) in (1_u32..).zip(rows) {
        let row = row.as_table()?;
        let number = Shown::Number(f64::from(number));
        if row.is_empty() {
            lines.push(vec![(examples::ROW, number.clone())]);
        }
        for (column, value) in row {
            if column.trim() != column || column.is_empty() {
                return None;
            }
            lines.push(vec![
                (examples::ROW, number.clone()),
                (examples::COLUMN, words(column.as_str())),
                (examples::VALUE, example_value(value)?),
            ]);
        }
    }
    Some(lines)
}

fn example_value(value: &Value) -> Option<Shown> {
    const LARGEST: i64 = 1_000_000_000_000_000;
    Some(match value {
        Value::String(text) if !text.trim().is_empty() => words(text.as_str()),
        Value::Integer(number) if number.abs() < LARGEST => {
            Shown::Number(number.to_string().parse().ok()?)
        }
        Value::Float(number) if number.is_finite() && number.abs() < 1e15 => Shown::Number(*number),
        Value::Boolean(flag) => Shown::Flag(*flag),
        Value::Datetime(day) if day.time.is_none() => Shown::Day(day.to_string().parse().ok()?),
        _ => return None,
    })
}
