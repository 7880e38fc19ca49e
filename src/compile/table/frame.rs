//! Where the tables of a sheet are: header, numbering row, body.

use super::headless;
use super::numbering::is_numbering;
use super::title::is_legal_basis;
use crate::compile::page::{MOST_COLUMNS, Page};
use crate::compile::words;
use crate::text::normalise;

/// A table's place on its sheet: rows and columns from 0, both ends included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) header: (u32, u32),
    pub(super) numbering: Option<u32>,
    pub(super) columns: (u32, u32),
    /// Rows of the body; empty if the last is before the first.
    pub(super) body: (u32, u32),
}

/// Tables of a sheet that are looked for.
const MOST_TABLES: usize = 40;
/// Rows a header has at most.
const HIGHEST_HEADER: u32 = 12;
/// Rows of a header without lines over a body with lines.
const MOST_UNRULED_HEADER: u32 = 5;
/// Columns before the first header that have none.
const MOST_BLANK_HEADERS: u32 = 2;
/// Blank rows between prepared rows and their total that are looked over.
const MOST_BLANK: u32 = 60;

/// Every table of a sheet, top to bottom.
pub(super) fn frames(page: &Page<'_>) -> Vec<Frame> {
    let last = page.last_row();
    let ruled = (0..=last).any(|row| is_ruled(page, row));
    let mut frames: Vec<Frame> = Vec::new();
    let mut row = 0;
    while row <= last && frames.len() < MOST_TABLES {
        match frame_at(page, row, last, ruled) {
            Some(frame) => {
                row = frame.body.1.max(frame.header.1) + 1;
                frames.extend(beside(page, frame, ruled));
            }
            None => row += 1,
        }
    }
    frames
}

/// The tables that stand side by side in a ruled frame, with blank columns between them.
fn beside(page: &Page<'_>, frame: Frame, ruled: bool) -> Vec<Frame> {
    let rows = frame.header.0..=frame.body.1.max(frame.header.1);
    let drawn = |column: u32| {
        let mut rows = rows.clone();
        rows.any(|row| page.bordered(row, column) || page.seen(row, column).is_some())
    };
    let mut parts: Vec<(u32, u32)> = Vec::new();
    let mut open = false;
    for column in frame.columns.0..=frame.columns.1 {
        let is_drawn = !ruled || drawn(column);
        match parts.last_mut().filter(|_| open) {
            Some(part) if is_drawn => part.1 = column,
            _ if is_drawn => parts.push((column, column)),
            _ => {}
        }
        open = is_drawn;
    }
    if parts.len() < 2 || parts.iter().any(|(first, last)| first == last) {
        return vec![frame];
    }
    let part = |columns: (u32, u32)| {
        let drawn = |row: &u32| (columns.0..=columns.1).any(|column| page.bordered(*row, column));
        let last = (frame.body.0..=frame.body.1).rev().find(drawn);
        let last = last.unwrap_or(frame.body.1);
        Frame {
            columns,
            body: (frame.body.0, last),
            ..frame.clone()
        }
    };
    parts.into_iter().map(part).collect()
}

fn is_ruled(page: &Page<'_>, row: u32) -> bool {
    let cells = (0..MOST_COLUMNS).filter(|column| page.bordered(row, *column));
    cells.take(2).count() == 2
}

/// The table whose header begins in a row.
fn frame_at(page: &Page<'_>, top: u32, last: u32, ruled: bool) -> Option<Frame> {
    if !begins_header(page, top, ruled) {
        return None;
    }
    let numbering = (top..=last.min(top + HIGHEST_HEADER)).find(|row| is_numbering(page, *row));
    // Lines may be drawn around the body alone.
    let drawn = ruled && is_ruled(page, top);
    // A numbering row belongs to this header if no row between them looks like a body.
    let bottom = header_bottom(page, top, last);
    let numbering = numbering.filter(|row| {
        *row > top && (*row <= bottom + 1 || is_all_header(page, (top, *row), drawn))
    });
    let bottom = numbering.map_or(bottom, |row| row - 1);
    let (from, to) = header_columns(page, (top, bottom), drawn)?;
    let columns = match ruled {
        true => (from, to),
        false => (beside_corner(page, from, (top, bottom)), to),
    };
    let first = numbering.unwrap_or(bottom) + 1;
    // Lines may be drawn around the header alone.
    let end = body_end(page, first, last, columns, ruled && is_ruled(page, first));
    if end.is_none() && numbering.is_none() {
        return None;
    }
    let end = end.unwrap_or(first.saturating_sub(1));
    let columns = (
        first_column(page, columns.0, (top, bottom), (first, end), drawn),
        columns.1,
    );
    Some(Frame {
        header: (top, bottom),
        numbering,
        columns,
        body: (first, end),
    })
}

fn begins_header(page: &Page<'_>, row: u32, ruled: bool) -> bool {
    let drawn = is_ruled(page, row);
    if is_numbering(page, row) || headless::is_item(page, row) {
        return false;
    }
    let texts: Vec<(u32, &str)> = page.row(row).collect();
    let named = texts.iter().any(|(_, text)| {
        words::is_ordinal_header(text)
            || words::is_label_header(text)
            || words::is_code_header(text)
    });
    if ruled && !drawn && !(named && texts.len() >= 3 && is_over_lines(page, row)) {
        return false;
    }
    let least = if named || ruled { 2 } else { 3 };
    texts.len() >= least
        && !texts
            .iter()
            .any(|(_, text)| words::is_end(text) || is_title(text))
        && (ruled || named || page.last_row() > row + 1)
}

/// Do lines begin below a row that may be a header, of some more rows at most?
fn is_over_lines(page: &Page<'_>, row: u32) -> bool {
    let rows = row + 1..=row + MOST_UNRULED_HEADER;
    let mut rows = rows.skip_while(|row| !is_ruled(page, *row) && page.row(*row).next().is_some());
    rows.next().is_some_and(|row| is_ruled(page, row))
}

/// A line of a title block.
fn is_title(text: &str) -> bool {
    let basis = is_legal_basis(text);
    let text = normalise(text);
    text.contains("cộng hòa xã hội")
        || text.contains("độc lập - tự do")
        || text.starts_with("đơn vị tính:")
        || text.starts_with("đvt:")
        || text.starts_with("biểu số")
        || text.starts_with("mẫu số")
        || basis && text.contains("ban hành")
        || text.contains("....")
}

fn is_all_header(page: &Page<'_>, (top, end): (u32, u32), ruled: bool) -> bool {
    (top..end).all(|row| {
        let texts: Vec<(u32, &str)> = page.row(row).collect();
        let written = texts.len() >= 2
            || page
                .sheet
                .merges
                .iter()
                .any(|merge| merge.first.row < row && merge.last.row >= row)
            || !texts.is_empty();
        written && (!ruled || is_ruled(page, row))
    })
}

/// The last row of a header that begins in `top`, by its merges.
fn header_bottom(page: &Page<'_>, top: u32, last: u32) -> u32 {
    let mut bottom = top;
    while bottom < last && bottom - top < HIGHEST_HEADER {
        let reaches = page
            .row(bottom)
            .map(|(column, _)| page.span(bottom, column).1.row)
            .max();
        let reaches = reaches.unwrap_or(bottom);
        if reaches > bottom {
            bottom = reaches.min(top + HIGHEST_HEADER);
            continue;
        }
        if !continues_header(page, bottom) {
            break;
        }
        bottom += 1;
    }
    bottom
}

/// Does the row below hold headers of columns that a text in this row spans?
fn continues_header(page: &Page<'_>, row: u32) -> bool {
    let below = row + 1;
    if is_numbering(page, below) {
        return false;
    }
    let spans: Vec<(u32, u32)> = page
        .row(row)
        .map(|(column, _)| page.span(row, column))
        .filter(|(first, last)| first.column < last.column)
        .map(|(first, last)| (first.column, last.column))
        .collect();
    // Ordinals beside labels under one header are rows already.
    if page
        .row(below)
        .any(|(column, text)| spans.iter().any(|(a, _)| *a == column) && words::is_ordinal(text))
    {
        return false;
    }
    let is_word = |text: &str| text.chars().any(char::is_alphabetic) && text != "x" && text != "X";
    let inside = page
        .row(below)
        .filter(|(column, text)| {
            spans.iter().any(|(a, b)| (a..=b).contains(&column)) && is_word(text)
        })
        .count();
    let outside = page
        .row(below)
        .filter(|(column, _)| !spans.iter().any(|(a, b)| (a..=b).contains(&column)))
        .count();
    inside >= 2 || inside == 1 && outside == 0
}

/// The first and last column of a header.
fn header_columns(page: &Page<'_>, (top, bottom): (u32, u32), ruled: bool) -> Option<(u32, u32)> {
    let mut range: Option<(u32, u32)> = None;
    for row in top..=bottom {
        for (column, _) in page.row(row) {
            if ruled && !page.bordered(row, column) {
                continue;
            }
            let (first, last) = page.span(row, column);
            let (from, to) = range.unwrap_or((first.column, last.column));
            range = Some((from.min(first.column), to.max(last.column)));
        }
    }
    range.map(|(from, to)| (from, to.min(MOST_COLUMNS)))
}

/// The first column of a table without lines, of which the header may be blank: something is written
/// right below it.
fn beside_corner(page: &Page<'_>, from: u32, (top, bottom): (u32, u32)) -> u32 {
    let belongs = |column: &u32| {
        let blank = (top..=bottom).all(|row| page.own(row, *column).is_none());
        blank && page.own(bottom + 1, *column).is_some()
    };
    let columns = (from.saturating_sub(MOST_BLANK_HEADERS)..from).rev();
    columns.take_while(belongs).last().unwrap_or(from)
}

/// The first column of a table, of which the header may be blank, or without lines: that of the labels,
/// say, beside a column of figures.
fn first_column(
    page: &Page<'_>,
    from: u32,
    header: (u32, u32),
    body: (u32, u32),
    ruled: bool,
) -> u32 {
    let belongs = |column: &u32| {
        let rows = body.0..=body.1;
        let all = rows.clone().count();
        let written = rows.filter(|row| page.own(*row, *column).is_some()).count();
        let blank = (header.0..=header.1).all(|row| page.own(row, *column).is_none());
        let drawn = !ruled || page.bordered(header.1, *column);
        (drawn || !blank) && written > 0 && written * 2 >= all
    };
    let columns = (from.saturating_sub(MOST_BLANK_HEADERS)..from).rev();
    columns.take_while(belongs).last().unwrap_or(from)
}

/// The last row of a body that begins in `first`; `None` if there is none.
fn body_end(
    page: &Page<'_>,
    first: u32,
    last: u32,
    columns: (u32, u32),
    ruled: bool,
) -> Option<u32> {
    let mut end = None;
    let mut row = first;
    while row <= last {
        if ruled {
            let begins = page.row(row).count() >= 3 && is_header_again(page, row);
            if begins || !(is_ruled(page, row) || is_unruled_row(page, row, columns)) {
                break;
            }
            end = Some(row);
            row += 1;
            continue;
        }
        let inside = page
            .row(row)
            .filter(|(column, _)| (columns.0..=columns.1).contains(column));
        let texts: Vec<(u32, &str)> = inside.collect();
        let formulas = (columns.0..=columns.1).any(|column| page.formula(row, column).is_some());
        if texts.is_empty() && !formulas {
            match total_below(page, row, last, columns) {
                Some(total) => {
                    end = Some(total);
                    row = total + 1;
                    continue;
                }
                None => break,
            }
        }
        if texts.iter().any(|(_, text)| words::is_end(text)) || is_prose(page, row, columns, &texts)
        {
            break;
        }
        end = Some(row);
        row += 1;
    }
    end
}

/// Is a row without lines one of the table all the same: named, with rows on both sides of it?
fn is_unruled_row(page: &Page<'_>, row: u32, columns: (u32, u32)) -> bool {
    let inside = page
        .row(row)
        .filter(|(column, _)| (columns.0..=columns.1).contains(column));
    let texts: Vec<(u32, &str)> = inside.collect();
    let narrow = texts.iter().all(|(column, _)| {
        let (first, last) = page.span(row, *column);
        (last.column - first.column) * 2 < columns.1 - columns.0
    });
    let ends = |(_, text): &(u32, &str)| words::is_end(text);
    let begins = |row: u32| page.row(row).count() >= 3 && is_header_again(page, row);
    !texts.is_empty()
        && narrow
        && !texts.iter().any(ends)
        && row
            .checked_sub(1)
            .is_some_and(|above| is_ruled(page, above))
        && is_ruled(page, row + 1)
        && !begins(row + 1)
}

/// Does a second header begin here, directly under a body?
fn is_header_again(page: &Page<'_>, row: u32) -> bool {
    let texts: Vec<&str> = page.row(row).map(|(_, text)| text).collect();
    let ordinal = texts.iter().any(|text| words::is_ordinal_header(text));
    let label = texts.iter().any(|text| words::is_label_header(text));
    ordinal && label
}

/// One long text over most of the columns.
fn is_prose(page: &Page<'_>, row: u32, columns: (u32, u32), texts: &[(u32, &str)]) -> bool {
    let [(column, text)] = texts else {
        return false;
    };
    let (first, last) = page.span(row, *column);
    let wide = (last.column - first.column + 1) * 10 >= (columns.1 - columns.0 + 1) * 8;
    wide && (text.chars().count() > 60 || text.contains('=') || text.starts_with(['-', '*', '(']))
}

/// The total row below blank rows that units fill.
fn total_below(page: &Page<'_>, row: u32, last: u32, columns: (u32, u32)) -> Option<u32> {
    let next = (row..=last.min(row + MOST_BLANK)).find(|row| page.row(*row).next().is_some())?;
    let mut texts = page
        .row(next)
        .filter(|(column, _)| (columns.0..=columns.1).contains(column));
    texts.any(|(_, text)| words::is_total(text)).then_some(next)
}
