//! The headers over each column of a table.

use super::frame::Frame;
use super::numbering;
use super::types::Part;
use crate::compile::equation;
use crate::compile::page::Page;
use crate::compile::words;
use crate::model::CellAddress;

/// A column before it is known what it is for.
#[derive(Debug)]
pub(super) struct Headed {
    pub(super) at: u32,
    pub(super) path: Vec<Part>,
    pub(super) code: Option<(String, CellAddress)>,
}

/// The columns of a table, left to right; those behind the first header have one.
pub(super) fn columns(page: &Page<'_>, frame: &Frame) -> Vec<Headed> {
    let mut columns = Vec::new();
    for at in frame.columns.0..=frame.columns.1 {
        let path = path(page, frame, at);
        // Beside the first header a blank one is that of ordinals or labels.
        let written = (frame.body.0..=frame.body.1).any(|row| page.own(row, at).is_some());
        let named = columns
            .iter()
            .any(|column: &Headed| !column.path.is_empty());
        if path.is_empty() && (named || !written)
            || !written && is_same_column(page, frame, columns.last(), (at, &path))
        {
            continue;
        }
        let code = frame.numbering.and_then(|row| {
            let (cell, text) = page.seen(row, at)?;
            Some((numbering::code(text)?, cell))
        });
        columns.push(Headed { at, path, code });
    }
    if frame.numbering.is_none() {
        codes_in_headers(&mut columns);
    }
    columns
}

/// Are two sheet columns one of the table, as where another table of the sheet needs them apart: all
/// headers, the number and the first cell to be filled are merged over both?
fn is_same_column(
    page: &Page<'_>,
    frame: &Frame,
    before: Option<&Headed>,
    (at, path): (u32, &[Part]),
) -> bool {
    let Some(before) = before.filter(|before| !path.is_empty() && before.path == path) else {
        return false;
    };
    let mut rows = frame.numbering.into_iter().chain([frame.body.0]);
    rows.all(|row| page.span(row, at).0 == page.span(row, before.at).0)
}

/// Header texts over a column, outermost first.
fn path(page: &Page<'_>, frame: &Frame, at: u32) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for row in frame.header.0..=frame.header.1 {
        let seen = page
            .seen(row, at)
            .or_else(|| unmerged_group(page, frame, (row, at)));
        let Some((cell, text)) = seen else { continue };
        if parts.iter().any(|part| part.cell == cell) {
            continue;
        }
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        parts.push(Part { cell, text });
    }
    parts
}

/// The text that spans a blank header cell although nobody merged them: the nearest to the left in
/// the same row, if both have headers of their own below.
fn unmerged_group<'p>(
    page: &'p Page<'_>,
    frame: &Frame,
    (row, at): (u32, u32),
) -> Option<(CellAddress, &'p str)> {
    let below = |column| (row + 1..=frame.header.1).any(|row| page.own(row, column).is_some());
    let above = |column| (frame.header.0..row).any(|row| page.seen(row, column).is_some());
    if row == frame.header.1 || !below(at) || above(at) {
        return None;
    }
    for left in (frame.columns.0..at).rev() {
        if let Some(text) = page.own(row, left) {
            let (first, last) = page.span(row, left);
            let alone = first == last && below(left);
            return alone.then_some((first, text));
        }
        if page.seen(row, left).is_some() || !below(left) {
            return None;
        }
    }
    None
}

/// Without a numbering row the numbers may be in the headers: "Tổng số (3)", "Cộng (4)=(5)+(6)".
fn codes_in_headers(columns: &mut [Headed]) {
    let codes: Vec<Option<(String, CellAddress)>> = columns
        .iter()
        .map(|column| {
            let part = column.path.last()?;
            let own = printed_code(&part.text).map(|code| (code, part.cell));
            own.or_else(|| code_of_group(columns, column))
        })
        .collect();
    if codes.iter().flatten().count() >= 3 {
        for (column, code) in columns.iter_mut().zip(codes) {
            column.code = code;
        }
    }
}

/// The code before the equation of a group, «Hồ sơ (7)=(8)+(9)», which is that of its one «Tổng số».
fn code_of_group(columns: &[Headed], column: &Headed) -> Option<(String, CellAddress)> {
    let [.., group, own] = column.path.as_slice() else {
        return None;
    };
    let is_total = |column: &&Headed| {
        let own = column.path.last();
        column.path.contains(group) && own.is_some_and(|own| words::is_total(&own.text))
    };
    let alone = columns.iter().filter(is_total).count() == 1;
    let computed = !equation::find(&group.text).is_empty();
    if !(alone && computed && words::is_total(&own.text)) {
        return None;
    }
    Some((printed_code(&group.text)?, group.cell))
}

/// The code at the end of a header, or before its equation.
fn printed_code(text: &str) -> Option<String> {
    if let Some(equation) = equation::find(text).first() {
        let left = equation.left.as_ref().filter(|left| !left.label)?;
        return Some(left.text.clone());
    }
    let rest = text.trim_end().strip_suffix(')')?;
    let (_, code) = rest.rsplit_once('(')?;
    let short = code.trim();
    (numbering::code(short).is_some() && short.len() <= 3).then(|| short.to_owned())
}
