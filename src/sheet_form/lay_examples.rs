//! The examples of a form as lines of a sheet, one figure a line.

use toml::{Table, Value};

use super::examples;
use super::names::{Axis, Names};
use super::shown::{Line, Shown, keyed, tables, text_of, words};
use super::words::{EXAMPLES, PARTS};

/// The lines of the sheet «Ví dụ».
pub(super) fn example_lines(table: &Table) -> Vec<Line> {
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
