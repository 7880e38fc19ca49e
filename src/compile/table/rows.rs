//! The rows of a table with fixed rows.

use std::collections::BTreeSet;

use super::numbering;
use super::types::{Column, Figures, Part, Role, Row, RowKind};
use crate::compile::page::Page;
use crate::compile::words;
use crate::text::is_roman;

/// Reads the rows of a body, top to bottom.
pub(super) fn read(page: &Page<'_>, columns: &[Column], body: (u32, u32)) -> Vec<Row> {
    let mut rows: Vec<Row> = (body.0..=body.1)
        .filter_map(|at| row(page, columns, at))
        .collect();
    headings(&mut rows, columns);
    summed_below(&mut rows);
    levels(&mut rows);
    for index in 0..rows.len() {
        rows[index].figures = figures(page, columns, &rows, index);
    }
    rows
}

/// What the cells of a row take.
fn figures(page: &Page<'_>, columns: &[Column], rows: &[Row], index: usize) -> Figures {
    let open = |row: &Row| -> Vec<u32> {
        let values = columns.iter().enumerate();
        let values = values.filter(|(at, column)| {
            column.role == Role::Value && row.kind == RowKind::Line && !row.closed.contains(at)
        });
        values.map(|(_, column)| column.at).collect()
    };
    let row = &rows[index];
    let shown = |row: &Row, column: u32| shows_figures(page.format(row.at, column));
    let cells = open(row);
    let whole = |column: &u32| page.is_whole(row.at, *column);
    let computed = |column: &u32| {
        let format = page.format(row.at, *column);
        page.formula(row.at, *column).is_some()
            && shows_figures(format)
            && !format.contains(['.', '%'])
    };
    if cells.iter().any(whole) && cells.iter().all(|cell| whole(cell) || computed(cell)) {
        return Figures::Whole;
    }
    let plain = |column: &u32| !shown(row, *column) && page.formula(row.at, *column).is_none();
    let mut measured = rows.iter().filter(|other| other.unit.is_some()).peekable();
    let all_shown = measured.peek().is_some()
        && measured.all(|other| open(other).iter().all(|column| shown(other, *column)));
    match row.unit.is_none() && all_shown && !cells.is_empty() && cells.iter().all(plain) {
        true => Figures::Words,
        false => Figures::OfColumns,
    }
}

/// Is it a number format of figures?
fn shows_figures(format: &str) -> bool {
    format.contains(['0', '#'])
}

fn row(page: &Page<'_>, columns: &[Column], at: u32) -> Option<Row> {
    let of = |role: Role| columns.iter().find(|column| column.role == role);
    let text = |role: Role| of(role).and_then(|column| page.own(at, column.at));
    let printed = text(Role::Ordinal).filter(|text| text.len() <= 12);
    let label = label(page, columns, at)?;
    let (first, last) = page.span(label.cell.row, label.cell.column);
    let values: Vec<u32> = columns
        .iter()
        .filter(|c| c.role == Role::Value)
        .map(|c| c.at)
        .collect();
    let spanned = values
        .iter()
        .all(|value| (first.column..=last.column).contains(value));
    // Grey cells beside a label that is not grey are not to be filled.
    let is_sum = words::is_total(&label.text) || words::subtotal_of(&label.text).is_some();
    let grey = |column: u32| {
        // Totals and computed cells may be shaded, too.
        let computed = is_sum || page.formula(at, column).is_some();
        !computed && page.grey(at, column) && !page.grey(at, label.cell.column)
    };
    let blocked = !values.is_empty() && values.iter().all(|value| grey(*value));
    let closed = columns.iter().enumerate().filter(|(_, column)| {
        column.role == Role::Value
            && (page.own(at, column.at).is_some_and(is_cross) || grey(column.at))
    });
    let closed: BTreeSet<usize> = closed.map(|(index, _)| index).collect();
    let ordinal = match printed {
        Some(ordinal) if ordinal != label.text => Some(bare(ordinal)),
        _ => leading_ordinal(&label.text).map(str::to_owned),
    };
    let subject = of(Role::Subject).and_then(|column| page.seen(at, column.at));
    let subject = subject.map(|(_, text)| text.split_whitespace().collect::<Vec<_>>().join(" "));
    Some(Row {
        at,
        subject: subject.filter(|subject| *subject != label.text),
        ordinal,
        // `130 = 131 + 132` is code 130 with what it is computed from behind it.
        code: text(Role::Code).map(|text| numbering::code(text).unwrap_or_else(|| text.to_owned())),
        unit: text(Role::Unit).map(str::to_owned),
        kind: match (spanned || blocked) && !values.is_empty() {
            true => RowKind::Heading,
            false => RowKind::Line,
        },
        closed,
        figures: Figures::OfColumns,
        level: None,
        id: String::new(),
        label,
    })
}

/// A mark that no figure is wanted.
fn is_cross(text: &str) -> bool {
    matches!(text.trim(), "x" | "X" | "×" | "xx" | "XX")
}

/// The text that names the row: in the label column, else the first words before the figures.
fn label(page: &Page<'_>, columns: &[Column], at: u32) -> Option<Part> {
    let label = columns.iter().find(|column| column.role == Role::Label)?;
    let own = page.seen(at, label.at).filter(|(cell, _)| cell.row == at);
    let found = own.or_else(|| {
        let before = columns
            .iter()
            .take_while(|column| column.role != Role::Value);
        before
            .filter(|column| column.role != Role::Unit)
            .find_map(|column| {
                let (cell, text) = page.seen(at, column.at)?;
                let words = text.chars().filter(|c| c.is_alphabetic()).count() >= 2;
                (cell.row == at && words).then_some((cell, text))
            })
    });
    let (cell, text) = found?;
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (text.chars().any(char::is_alphanumeric)).then_some(Part { cell, text })
}

/// An ordinal without what is around it: `(1)`, `a)`, `I.`
fn bare(ordinal: &str) -> String {
    ordinal
        .trim()
        .trim_matches(['(', ')', '.', ' ', '/'])
        .to_owned()
}

/// The ordinal a label begins with: "1. Doanh thu", "a) Nam", "II. Chi".
fn leading_ordinal(label: &str) -> Option<&str> {
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && c != '.' && c != 'đ')?;
    let (head, rest) = label.split_at(end);
    let marked = head.ends_with('.') || rest.starts_with([')', '/']);
    let head = head.trim_end_matches('.');
    let letters = head.chars().filter(|c| c.is_alphabetic()).count();
    let parts = head
        .split('.')
        .all(|part| part.chars().all(|c| c.is_ascii_digit()) || part.len() <= 2 || is_roman(part));
    let dotted = head.contains('.') && head.starts_with(|c: char| c.is_ascii_digit());
    let short = head.len() <= 8 && (letters <= 1 || is_roman(head)) && parts;
    (short && !head.is_empty() && (marked || dotted)).then_some(head)
}

/// A row without a unit of measure where nearly all rows have one only prints its label.
fn headings(rows: &mut [Row], columns: &[Column]) {
    if !columns.iter().any(|column| column.role == Role::Unit) {
        return;
    }
    let with = rows.iter().filter(|row| row.unit.is_some()).count();
    if with * 10 < rows.len() * 6 {
        return;
    }
    for row in rows.iter_mut().filter(|row| row.unit.is_none()) {
        let dash = row.label.text.starts_with(['-', '+']);
        if !dash && !words::is_total(&row.label.text) && !words::is_part(&row.label.text) {
            row.kind = RowKind::Heading;
        }
    }
}

/// A row whose figures are in a row of its own further down («Cộng I», «Cộng khu vực 1») only prints
/// its label.
fn summed_below(rows: &mut [Row]) {
    for at in 0..rows.len() {
        let label = words::without_marks(&rows[at].label.text);
        let Some(named) = words::summed_name(&label) else {
            continue;
        };
        let mut above = rows[..at].iter_mut().rev();
        let is = |row: &&mut Row| words::without_marks(&row.label.text) == named;
        if let Some(row) = above.find(is) {
            row.kind = RowKind::Heading;
        }
    }
    let subtotals: Vec<(usize, String)> = rows
        .iter()
        .enumerate()
        .filter_map(|(at, row)| Some((at, words::subtotal_of(&row.label.text)?)))
        .collect();
    for (at, code) in subtotals {
        let mut above = rows[..at].iter_mut().rev();
        let is = |row: &&mut Row| {
            row.ordinal
                .as_ref()
                .is_some_and(|own| own.to_uppercase() == code)
        };
        if let Some(row) = above.find(is) {
            row.kind = RowKind::Heading;
        }
    }
}

/// How an ordinal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Capital,
    Roman,
    Number,
    Dotted(usize),
    Small,
}

fn style(ordinal: &str, before: Option<Style>) -> Option<Style> {
    let dots = ordinal.matches('.').count();
    let digits = ordinal.chars().all(|c| c.is_ascii_digit() || c == '.');
    if digits {
        return Some(match dots {
            0 => Style::Number,
            dots => Style::Dotted(dots),
        });
    }
    if dots > 0 {
        return Some(Style::Dotted(dots));
    }
    let mut chars = ordinal.chars();
    let (first, more) = (chars.next()?, chars.next().is_some());
    match () {
        () if is_roman(ordinal) => Some(Style::Roman),
        () if !more && first.is_uppercase() => Some(Style::Capital),
        () if !more && first.is_lowercase() => match (first, before) {
            ('i', Some(Style::Roman)) => Some(Style::Roman),
            _ => Some(Style::Small),
        },
        () => None,
    }
}

/// Nests ordinals: a way of writing not seen since the last outer one is one deeper.
fn levels(rows: &mut [Row]) {
    let outlined = rows.iter().any(|row| row.ordinal.is_some());
    let mut open: Vec<Style> = Vec::new();
    for row in rows {
        let unmarked = row
            .label
            .text
            .trim_start()
            .starts_with(['-', '+', '*', '•', '–'])
            || words::is_part(&row.label.text)
            || words::divides_rows(&row.label.text);
        let Some(ordinal) = &row.ordinal else {
            row.level = (!outlined && !unmarked).then_some(0);
            continue;
        };
        let Some(style) = style(ordinal, open.last().copied()) else {
            row.level = None;
            continue;
        };
        match open.iter().position(|other| *other == style) {
            Some(at) => open.truncate(at + 1),
            None => open.push(style),
        }
        row.level = u8::try_from(open.len() - 1).ok();
    }
}
