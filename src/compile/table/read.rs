//! Reads the tables of a sheet.

use super::columns::{self, Body};
use super::frame::{Frame, frames};
use super::types::{Part, Role, Table};
use super::{decimals, header, rows, title};
use crate::compile::page::Page;
use crate::compile::words;
use crate::model::CellAddress;

/// Every table of a sheet, top to bottom.
pub(crate) fn tables(page: &Page<'_>) -> Vec<Table> {
    let frames = frames(page);
    let mut tables: Vec<Table> = Vec::new();
    let (mut above, mut before) = (0, 0..0);
    for (index, frame) in frames.iter().enumerate() {
        // What is over and under tables side by side is that of the first.
        if index > 0 && frames[index - 1].header == frame.header {
            tables.extend(table(
                page,
                frame,
                before.clone(),
                Vec::new(),
                tables.first(),
            ));
            continue;
        }
        let mut below = frames[index + 1..].iter();
        let until = below
            .find(|next| next.header != frame.header)
            .map_or(page.last_row() + 1, |next| next.header.0);
        before = above..frame.header.0;
        above = frame.body.1.max(frame.header.1) + 1;
        let mut notes = Vec::new();
        if index == 0 {
            notes.extend(texts(page, before.clone()));
        }
        notes.extend(texts(page, above..until));
        let table = table(page, frame, before.clone(), notes, tables.first());
        tables.extend(table);
    }
    tables
}

fn texts(page: &Page<'_>, rows: std::ops::Range<u32>) -> Vec<Part> {
    let cells = rows.flat_map(|row| page.row(row).map(move |(column, text)| (row, column, text)));
    cells
        .map(|(row, column, text)| Part {
            cell: CellAddress::new(row, column),
            text: text.to_owned(),
        })
        .collect()
}

fn table(
    page: &Page<'_>,
    frame: &Frame,
    above: std::ops::Range<u32>,
    notes: Vec<Part>,
    first: Option<&Table>,
) -> Option<Table> {
    let over = title::read(page, above);
    let unit = over
        .unit
        .or_else(|| first.and_then(|first| first.unit.clone()));
    let headed = header::columns(page, frame);
    let free = columns::is_free(page, frame, &headed);
    let body = Body {
        rows: frame.body,
        free,
    };
    let mut columns = columns::read(page, headed, &body, unit.as_deref());
    decimals::read(&mut columns, &notes);
    let fillable = columns.iter().any(|column| column.role == Role::Value);
    let labelled = columns.iter().any(|column| column.role == Role::Label);
    if !fillable || !labelled || frame.body.0 > frame.body.1 {
        return None;
    }
    let named = columns.iter().find(|column| column.role == Role::Label);
    let examples = match named {
        Some(column) if free => columns::examples(page, frame, column.at),
        _ => Vec::new(),
    };
    let (lines, total) = match free {
        true => prepared(page, frame, examples.len()),
        false => (None, None),
    };
    let rows = match free {
        true => Vec::new(),
        false => rows::read(page, &columns, frame.body),
    };
    if !free && rows.is_empty() {
        return None;
    }
    let sheet_name = page.sheet.name.to_string();
    Some(Table {
        title: over.title.unwrap_or_else(|| sheet_name.clone()),
        sheet_name,
        code: over
            .code
            .or_else(|| first.and_then(|first| first.code.clone())),
        legal_basis: over
            .legal_basis
            .or_else(|| first.and_then(|first| first.legal_basis.clone())),
        unit,
        landscape: page.dressing.landscape,
        top: frame.header.0,
        numbering: frame.numbering,
        columns,
        rows,
        lines,
        examples,
        total,
        notes,
        others: Vec::new(),
        id: String::new(),
    })
}

/// The rows prepared for units, and the total row among or under them; `examples`: rows at the top
/// that show how to fill the others.
fn prepared(page: &Page<'_>, frame: &Frame, examples: usize) -> (Option<(u32, u32)>, Option<Part>) {
    let total = (frame.body.0..=frame.body.1).rev().find_map(|row| {
        let mut own = page
            .row(row)
            .filter(|(column, _)| (frame.columns.0..=frame.columns.1).contains(column));
        let (column, text) = own.find(|(_, text)| words::is_total(text))?;
        Some(Part {
            cell: CellAddress::new(row, column),
            text: text.to_owned(),
        })
    });
    let (mut first, mut last) = frame.body;
    first += u32::try_from(examples)
        .unwrap_or(u32::MAX)
        .min(last - first);
    if let Some(total) = &total {
        match total.cell.row == first {
            true => first += 1,
            false => last = total.cell.row.saturating_sub(1),
        }
    }
    (Some((first, last.max(first))), total)
}
