//! A form file laid out as the sheets that are read back into it.

use toml::{Table, Value};

use super::lay_examples::example_lines;
use super::names::{Axis, Named, Names};
pub use super::shown::{LaidSheet, Shown};
use super::shown::{
    Line, keyed, leaves, literal, parsed, refuse_long, show, tables, text_of, words,
};
use super::split::split;
use super::terms::{Bare, resolve};
use super::words::{
    EXAMPLES, EXAMPLES_SHEET, FIELDS, FIELDS_SHEET, Key, OTHER, RULES, RULES_SHEET, SETTINGS, SORTS,
};
use super::{fields, rules};
use crate::model::Message;

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

/// Lays out the text of a form that has been read without a mistake.
///
/// # Errors
/// The text is no TOML, or something in it is longer than a cell holds.
pub fn lay(text: &str) -> Result<Laid, Message> {
    let table = parsed(text)?;
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
    refuse_long(sheets.into_iter())?;
    Ok(laid)
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
