//! «Lũy kế»: what was there in the previous period, and what came in this one.

use super::rule::rule;
use crate::compile::found::Found;
use crate::compile::names::without_equation;
use crate::compile::rule::{Candidate, Place, Term};
use crate::compile::table::{Column, Part, Role, RowKind, Table};
use crate::compile::words::is_cumulative;
use crate::model::Message;
use crate::schema::expression::{Comparison, Operator};
use crate::text::normalise;

pub(super) fn read(table: &Table, found: &mut Found) {
    for (index, column) in table.columns.iter().enumerate() {
        if !column.is_additive() {
            continue;
        }
        match current_column(table, index, column) {
            Current::One(current, said) => {
                let rule = chain(Place::Column(index), Place::Column(current), said);
                found.rules.push(Candidate {
                    at: flows(table),
                    ..rule
                });
            }
            Current::Several(said) => found.ask(said.cell, &said.text, several()),
            Current::None => {}
        }
    }
    for (index, row) in table.rows.iter().enumerate() {
        if row.kind != RowKind::Line || !goes_on(&row.label.text) {
            continue;
        }
        let near = [index.checked_sub(1), Some(index + 1)]
            .into_iter()
            .flatten();
        let near = near.filter(|at| {
            table.rows.get(*at).is_some_and(|other| {
                other.kind == RowKind::Line
                    && other.unit == row.unit
                    && other.level == row.level
                    && is_current(&other.label.text)
            })
        });
        let near: Vec<usize> = near.collect();
        let label = |at: &usize| table.rows[*at].label.text.as_str();
        match the_one(&row.label.text, &near, label) {
            Some(current) => {
                let rule = chain(Place::Row(index), Place::Row(current), &row.label);
                found.rules.push(rule);
            }
            None if near.is_empty() => {}
            None => found.ask(row.label.cell, &row.label.text, several()),
        }
    }
}

fn several() -> Message {
    Message::new(
        "không rõ số lũy kế này cộng dồn từ số «trong kỳ» nào",
        "which figure of the period it adds up is not clear",
    )
}

/// Rows of what comes in a period; `None` if all are. What is there at its beginning or end is not
/// added up from period to period.
fn flows(table: &Table) -> Option<Vec<usize>> {
    let rows = table.rows.iter().enumerate();
    let flows = rows.filter(|(_, row)| !is_stock(&row.label.text));
    let flows: Vec<usize> = flows.map(|(at, _)| at).collect();
    (flows.len() < table.rows.len()).then_some(flows)
}

/// «Dân số đầu kỳ», «Tồn cuối tháng», «Số hiện có đến cuối kỳ»
fn is_stock(text: &str) -> bool {
    let text = normalise(text);
    let words: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    words.windows(2).any(|two| {
        matches!(
            two,
            ["đầu" | "cuối", "kỳ" | "tháng" | "quý" | "năm"] | ["hiện", "có"]
        )
    })
}

/// Of several figures of the period, that of the same thing: «Số kiểm tra lũy kế từ đầu năm» adds up
/// «Số kiểm tra trong kỳ».
fn the_one<'a>(
    cumulative: &str,
    fitting: &[usize],
    label: impl Fn(&usize) -> &'a str,
) -> Option<usize> {
    if let [one] = fitting {
        return Some(*one);
    }
    let thing = thing(cumulative);
    let same = fitting.iter().filter(|at| self::thing(label(at)) == thing);
    let same: Vec<&usize> = same.collect();
    match same.as_slice() {
        [one] => Some(**one),
        _ => None,
    }
}

/// What a label counts, without the words that say over which time.
fn thing(label: &str) -> String {
    const TIMES: [&str; 16] = [
        "lũy kế",
        "luỹ kế",
        "cộng dồn",
        "từ đầu năm",
        "đến hết",
        "đến cuối",
        "đến nay",
        "đến",
        "thực hiện",
        "tháng báo cáo",
        "kỳ báo cáo",
        "quý báo cáo",
        "phát sinh",
        "trong",
        "này",
        "năm",
    ];
    let mut text = format!(" {} ", normalise(without_equation(label)));
    for time in TIMES.into_iter().chain(["tháng", "quý", "kỳ"]) {
        text = text.replace(&format!(" {time} "), "  ");
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn chain(left: Place, current: Place, said: &Part) -> Candidate {
    let sum = Term::join(Operator::Add, Term::Previous(left), Term::At(current));
    Candidate {
        // A year begins anew unless it is said to go on from further back.
        within_year: !goes_on_for_years(&said.text),
        ..rule(left, Comparison::Equal, sum, &[said])
    }
}

/// The column of the period that a cumulative column adds to.
enum Current<'a> {
    None,
    /// With the header that says so.
    One(usize, &'a Part),
    /// Which is not clear.
    Several(&'a Part),
}

fn current_column<'a>(table: &'a Table, index: usize, column: &'a Column) -> Current<'a> {
    let mut path = column.path.iter().enumerate();
    let Some((depth, said)) = path.find(|(_, part)| goes_on(&part.text)) else {
        return Current::None;
    };
    let outer: Vec<_> = column
        .path
        .iter()
        .take(depth)
        .map(|part| part.cell)
        .collect();
    let inner: Vec<String> = column
        .path
        .iter()
        .skip(depth + 1)
        .map(|part| normalise(&part.text))
        .collect();
    let fits = |(at, other): &(usize, &Column)| {
        let same_outer = other
            .path
            .iter()
            .take(depth)
            .map(|part| part.cell)
            .eq(outer.iter().copied());
        let below = other
            .path
            .iter()
            .skip(depth + 1)
            .map(|part| normalise(&part.text));
        *at != index
            && other.role == Role::Value
            && other.is_additive()
            && same_outer
            && other
                .path
                .get(depth)
                .is_some_and(|part| is_current(&part.text))
            && below.eq(inner.iter().cloned())
    };
    let fitting = table.columns.iter().enumerate().filter(fits);
    let fitting: Vec<usize> = fitting.map(|(at, _)| at).collect();
    let label = |at: &usize| {
        let part = table.columns[*at].path.get(depth);
        part.map_or("", |part| part.text.as_str())
    };
    match the_one(&said.text, &fitting, label) {
        Some(current) => Current::One(current, said),
        None if fitting.is_empty() => Current::None,
        None => Current::Several(said),
    }
}

/// Cumulative to the end of this period, not of another.
fn goes_on(text: &str) -> bool {
    let text = normalise(text);
    is_cumulative(&text)
        && ![
            "năm trước",
            "cùng kỳ",
            "kỳ trước",
            "tháng trước",
            "so với",
            "kế hoạch",
        ]
        .iter()
        .any(|word| text.contains(word))
}

/// Cumulative from the beginning of a work, not of a year.
fn goes_on_for_years(text: &str) -> bool {
    let text = normalise(text);
    [
        "khởi công",
        "từ khi",
        "trước đến nay",
        "đầu dự án",
        "bắt đầu",
        "toàn bộ",
    ]
    .iter()
    .any(|word| text.contains(word))
}

/// Of this period alone.
fn is_current(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "trong kỳ",
        "trong tháng",
        "trong quý",
        "kỳ này",
        "tháng này",
        "quý này",
        "tháng báo cáo",
        "kỳ báo cáo",
        "quý báo cáo",
        "phát sinh kỳ",
        "thực hiện tháng",
        "thực hiện quý",
    ];
    let text = normalise(text);
    !is_cumulative(&text) && !text.contains("trước") && WORDS.iter().any(|word| text.contains(word))
}
