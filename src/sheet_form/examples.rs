//! The sheet «Ví dụ»: figures and the rules they break, one figure a line.

use std::collections::BTreeMap;

use super::cells::{Entry, Shape};
use super::lines::{Line, Lines};
use super::other;
use super::pairs::plain;
use super::text::{Sort, Text, quoted};
use super::told::Told;
use super::value;
use super::words::{EXAMPLES, Kind, PARTS};
use crate::model::{Message, Place};

/// Headings the sheet cannot do without.
pub(super) const NEEDED: [&str; 2] = [NAME, VALUE];
pub(super) const NAME: &str = "Ví dụ";
pub(super) const PART: &str = "Số liệu của";
pub(super) const ROW: &str = "Dòng";
pub(super) const COLUMN: &str = "Cột";
pub(super) const VALUE: &str = "Giá trị";

/// Reads the examples into the text; `is_free` says how rows are named.
pub(super) fn read(lines: &Lines<'_>, is_free: bool, text: &mut Text, told: &mut Told) {
    let all = lines.read(told);
    let mut examples: Vec<Vec<&Line<'_>>> = Vec::new();
    for line in &all {
        match (line.get(NAME), examples.last_mut()) {
            (Some(_), _) => examples.push(vec![line]),
            (None, Some(last)) => last.push(line),
            (None, None) => told.error(
                &line.place(NAME),
                Message::new(
                    "ví dụ đầu tiên chưa có tên; ghi ví dụ nói gì",
                    "the first example has no name; say what it shows",
                ),
            ),
        }
    }
    for example in &examples {
        write(example, is_free, text, told);
    }
}

fn write(lines: &[&Line<'_>], is_free: bool, text: &mut Text, told: &mut Told) {
    let Some(name) = lines.first().and_then(|line| line.get(NAME)) else {
        return;
    };
    text.begin(Sort::Example, name.trimmed(), "[[example]]", &name.place);
    text.pair("name", &quoted(&name.text), &name.place);
    let mut rows: BTreeMap<u32, Vec<(String, Place)>> = BTreeMap::new();
    for line in lines {
        for (key, entry) in line.entries() {
            match key.kind {
                Kind::Own | Kind::Aside => {}
                Kind::Other => other::lines(entry, text, told),
                _ => plain(key, entry, text, told),
            }
        }
        figure(line, is_free, &mut rows, text, told);
    }
    let last = rows.keys().next_back().copied();
    let Some(last) = last else { return };
    text.placed("rows = [", Vec::new());
    for number in 1..=last {
        let cells = rows.remove(&number).unwrap_or_default();
        let mut written = String::from("{ ");
        let mut places = Vec::new();
        for (index, (cell, place)) in cells.iter().enumerate() {
            if index > 0 {
                written.push_str(", ");
            }
            places.push((written.chars().count() + 1, place.clone()));
            written.push_str(cell);
        }
        written.push_str(" },");
        text.placed(&written, places);
    }
    text.placed("]", Vec::new());
}

/// The figure of a line, if it has one.
fn figure(
    line: &Line<'_>,
    is_free: bool,
    rows: &mut BTreeMap<u32, Vec<(String, Place)>>,
    text: &mut Text,
    told: &mut Told,
) {
    let named = [ROW, COLUMN].map(|heading| line.get(heading));
    let Some(entry) = line.get(VALUE) else {
        if let Some(named) = named.iter().flatten().next()
            && !(is_free && line.get(COLUMN).is_none())
        {
            told.note(
                &line.place(VALUE),
                Message::new(
                    format!("«{}» chưa có giá trị; coi là ô trống", named.trimmed()),
                    format!("«{}» has no value; taken for a blank cell", named.trimmed()),
                ),
            );
        }
        if is_free && let Some(number) = named[0].and_then(|row| row.trimmed().parse().ok()) {
            rows.entry(number).or_default();
        }
        return;
    };
    let part = match line.get(PART) {
        None => "cells",
        Some(part) => {
            let key = EXAMPLES.iter().find(|key| key.heading == PART);
            match key.map(|key| value::choice(key, PARTS, part)) {
                Some(Ok(word)) => word.value,
                Some(Err(message)) => return told.error(&part.place, message),
                None => return,
            }
        }
    };
    let read = named.iter().flatten().chain([&entry]);
    let mut unknown = read.filter_map(|entry| Some((&entry.place, entry.known().err()?)));
    if let Some((place, why)) = unknown.next() {
        return told.error(place, why);
    }
    let literal = literal(entry);
    let [row, column] = named.map(|entry| entry.map(|entry| entry.trimmed().to_owned()));
    if is_free && part == "cells" {
        let number = row.as_deref().and_then(|row| row.parse::<u32>().ok());
        let number = number.filter(|number| (1..=MOST_ROWS).contains(number));
        match (number, column) {
            (Some(number), Some(column)) => {
                let cell = format!("{} = {literal}", key(&column));
                rows.entry(number).or_default().push((cell, entry.place.clone()));
            }
            _ => told.error(
                &line.place(if column_missing(line) { COLUMN } else { ROW }),
                Message::new(
                    "biểu có dòng tự thêm: ghi dòng thứ mấy (1, 2, 3) và mã cột của giá trị",
                    "units add rows: write the number of the row (1, 2, 3) and the id of the column",
                ),
            ),
        }
        return;
    }
    let name = match (row, column) {
        (Some(row), Some(column)) => format!("{row}.{column}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => {
            return told.error(
                &line.place(ROW),
                Message::new(
                    "giá trị chưa rõ của ô nào; ghi mã dòng và mã cột",
                    "the value belongs to no cell; write the ids of row and column",
                ),
            );
        }
    };
    text.pair(&format!("{part}.{}", quoted(&name)), &literal, &entry.place);
}

/// Rows of an example at most.
const MOST_ROWS: u32 = 10_000;

fn column_missing(line: &Line<'_>) -> bool {
    line.get(COLUMN).is_none()
}

/// A key of an inline table.
fn key(column: &str) -> String {
    let bare = column
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    match bare && !column.is_empty() {
        true => column.to_owned(),
        false => quoted(column),
    }
}

/// A value as the form language writes it.
fn literal(entry: &Entry) -> String {
    match entry.shape {
        Shape::Words => quoted(&entry.text),
        Shape::Number(_) | Shape::Day(_) | Shape::Flag(_) => entry.text.clone(),
    }
}
