//! Ids of forms, columns and rows: from their labels, without diacritics, the same every time the
//! same form is compiled.

use std::collections::HashSet;

use super::equation;
use super::table::Table;
use crate::text::{fold, is_roman, slug};

/// Letters of an id; longer ones are cut at a word.
const LONGEST_ID: usize = 40;

/// Names every table, and its columns and rows.
pub(super) fn name(tables: &mut [Table]) {
    let mut forms = HashSet::new();
    for table in tables {
        let code = table.code.as_deref().map(|code| {
            match is_roman(code) || code.starts_with(|c: char| c.is_ascii_digit()) {
                true => format!("bieu {code}"),
                false => code.to_owned(),
            }
        });
        let wanted = id(&code.unwrap_or_else(|| table.title.clone()), "bieu");
        table.id = unused(&mut forms, &wanted);
        let mut used = HashSet::new();
        columns(table, &mut used);
        rows(table, &mut used);
    }
}

fn columns(table: &mut Table, used: &mut HashSet<String>) {
    let ids: Vec<Vec<String>> = table
        .columns
        .iter()
        .map(|column| {
            column
                .path
                .iter()
                .map(|part| {
                    let code = column.code.as_ref().map(|(code, _)| code.as_str());
                    id(without_number(without_equation(&part.text), code), "cot")
                })
                .collect()
        })
        .collect();
    for (column, path) in table.columns.iter_mut().zip(&ids) {
        // A header that occurs once is enough; else what spans it goes before it.
        let own = path.last().map_or("cot", String::as_str);
        let repeated = ids
            .iter()
            .filter(|other| other.last().map(String::as_str) == Some(own))
            .count()
            > 1;
        let wanted = match repeated || matches!(own, "tong_so" | "cong" | "trong_do") {
            true => {
                let from = path.len().saturating_sub(2);
                cut(&path[from..].join("_"))
            }
            false => own.to_owned(),
        };
        column.id = unused(used, &wanted);
    }
}

fn rows(table: &mut Table, used: &mut HashSet<String>) {
    let labels: Vec<String> = table
        .rows
        .iter()
        .map(|row| {
            let own = without_equation(&row.label.text);
            match &row.subject {
                Some(subject) => id(&format!("{subject} {own}"), "dong"),
                None => id(own, "dong"),
            }
        })
        .collect();
    let mut above: Option<usize> = None;
    for at in 0..table.rows.len() {
        let wanted = labels[at].clone();
        let repeated =
            labels.iter().filter(|other| **other == wanted).count() > 1 || used.contains(&wanted);
        let outer = outer(table, at).or(above);
        let wanted = match (repeated, outer) {
            (true, Some(outer)) => cut(&format!("{}_{wanted}", table.rows[outer].id)),
            (true, None) => cut(&format!("dong_{wanted}")),
            (false, _) => wanted,
        };
        table.rows[at].id = unused(used, &wanted);
        if table.rows[at].level == Some(0) {
            above = Some(at);
        }
    }
}

/// The row a row belongs to in the outline.
fn outer(table: &Table, at: usize) -> Option<usize> {
    let level = table.rows[at].level.unwrap_or(u8::MAX);
    (0..at)
        .rev()
        .find(|other| table.rows[*other].level.is_some_and(|other| other < level))
}

/// A header without the column's number behind it: "Đúng hạn (5)".
fn without_number<'t>(text: &'t str, code: Option<&str>) -> &'t str {
    let bare = |text: &str| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
    let behind = text
        .trim_end()
        .strip_suffix(')')
        .and_then(|text| text.rsplit_once('('));
    match (behind, code) {
        (Some((head, number)), Some(code)) if bare(number) == bare(code) => head.trim_end(),
        _ => text,
    }
}

/// A label without the equation in it and the ordinal before it.
pub(super) fn without_equation(text: &str) -> &str {
    let said = equation::find(text)
        .into_iter()
        .next()
        .or_else(|| equation::implied(text));
    let text = match said {
        Some(equation) if equation.start > 3 => &text[..equation.start],
        _ => text,
    };
    let text = text.trim_end_matches(['(', '{', '[', ' ', ':']);
    // "1. Doanh thu", "a) Nam", "- Trẻ em"
    let rest = text.trim_start_matches(['-', '+', '*', ' ']);
    let end = rest.find([' ', ')']).unwrap_or(0);
    let (head, tail) = rest.split_at(end);
    let ordinal = head.len() <= 8
        && (head.ends_with('.') || tail.starts_with(')'))
        && head.chars().all(|c| c.is_ascii_alphanumeric() || c == '.');
    match ordinal {
        true => tail.trim_start_matches([')', ' ']),
        false => rest,
    }
}

/// An id from a label; `otherwise` if nothing of it is a letter.
fn id(text: &str, otherwise: &str) -> String {
    let plain = slug(&fold(text)).replace('-', "_");
    let plain = cut(plain.trim_matches('_'));
    match plain.chars().next() {
        None => otherwise.to_owned(),
        Some(first) if first.is_ascii_digit() => cut(&format!("{otherwise}_{plain}")),
        Some(_) => plain,
    }
}

fn cut(id: &str) -> String {
    if id.len() <= LONGEST_ID {
        return id.to_owned();
    }
    let short: String = id.chars().take(LONGEST_ID).collect();
    match short.rsplit_once('_') {
        Some((words, _)) if words.len() >= LONGEST_ID / 2 => words.to_owned(),
        _ => short,
    }
}

/// The wanted name, or the first with a number behind it that is not in use.
pub(super) fn unused(used: &mut HashSet<String>, wanted: &str) -> String {
    let mut name = wanted.to_owned();
    let mut number = 2;
    while !used.insert(name.clone()) {
        name = format!("{wanted}_{number}");
        number += 1;
    }
    name
}
