//! «Lũy kế»: what was there in the previous period, and what came in this one.

use super::rule::rule;
use crate::compile::found::Found;
use crate::compile::rule::{Candidate, Place, Term};
use crate::compile::table::{Column, Part, Role, RowKind, Table};
use crate::compile::words::is_cumulative;
use crate::schema::expression::{Comparison, Operator};
use crate::text::normalise;

pub(super) fn read(table: &Table, found: &mut Found) {
    for (index, column) in table.columns.iter().enumerate() {
        if !column.is_additive() {
            continue;
        }
        if let Some((current, said)) = current_column(table, index, column) {
            push(Place::Column(index), Place::Column(current), said, found);
        }
    }
    for (index, row) in table.rows.iter().enumerate() {
        if row.kind != RowKind::Line || !goes_on(&row.label.text) {
            continue;
        }
        let near = [index.checked_sub(1), Some(index + 1)]
            .into_iter()
            .flatten();
        let mut near = near.filter(|at| {
            table.rows.get(*at).is_some_and(|other| {
                other.kind == RowKind::Line
                    && other.unit == row.unit
                    && other.level == row.level
                    && is_current(&other.label.text)
            })
        });
        if let (Some(current), None) = (near.next(), near.next()) {
            push(Place::Row(index), Place::Row(current), &row.label, found);
        }
    }
}

fn push(left: Place, current: Place, said: &Part, found: &mut Found) {
    let sum = Term::join(Operator::Add, Term::Previous(left), Term::At(current));
    found.rules.push(Candidate {
        // A year begins anew unless it is said to go on from further back.
        within_year: !goes_on_for_years(&said.text),
        ..rule(left, Comparison::Equal, sum, &[said])
    });
}

/// The column of the period that a cumulative column adds to, and the header that says so.
fn current_column<'a>(
    table: &'a Table,
    index: usize,
    column: &'a Column,
) -> Option<(usize, &'a Part)> {
    let depth = column.path.iter().position(|part| goes_on(&part.text))?;
    let said = column.path.get(depth)?;
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
    let mut found = table.columns.iter().enumerate().filter(fits);
    match (found.next(), found.next()) {
        (Some((current, _)), None) => Some((current, said)),
        _ => None,
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
