//! Columns and rows that were not found, each reported with the nearest thing that was.

use std::collections::BTreeSet;

use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::model::{CellAddress, Message, Severity};
use crate::text::nearest;

const NO_COLUMN: ReadCheck = ReadCheck::structure("khong-thay-cot", Severity::Error);
const NO_ROW: ReadCheck = ReadCheck::structure("khong-thay-dong", Severity::Error);

pub(super) fn report_missing_columns(context: &ReadContext<'_>, log: &mut ReadLog) {
    let form = context.form.clone();
    for (i, place) in context.located.header.columns.iter().enumerate() {
        if place.is_some() {
            continue;
        }
        let label = form.file.columns[i].label.full();
        let near = header_in_place(context, i, form.file.columns[i].label.own());
        let cell = near.as_ref().map(|(cell, _)| *cell);
        let near = told_nearest(near);
        let message = Message::new(
            format!(
                "Không thấy cột «{label}»{}. Hãy giữ nguyên tiêu đề cột của biểu mẫu.",
                near.vi
            ),
            format!(
                "Column `{label}` was not found{}. Keep the form's own headers.",
                near.en
            ),
        );
        log.report(context, NO_COLUMN, cell, message);
    }
}

/// The header in the place of a missing column's: among the columns between its
/// neighbours that are none of the form's, the nearest text, or else the only one.
fn header_in_place(
    context: &ReadContext<'_>,
    missing: usize,
    label: &str,
) -> Option<(CellAddress, String)> {
    let header = &context.located.header;
    let beside = [header.ordinal, header.label];
    let taken: BTreeSet<u32> = header
        .columns
        .iter()
        .chain(&beside)
        .flatten()
        .copied()
        .collect();
    let free = |cell: CellAddress| {
        (header.top..header.data).contains(&cell.row) && !taken.contains(&cell.column)
    };
    let before = header.columns[..missing].iter().flatten().next_back();
    let from = before.copied().or(header.label).or(header.ordinal);
    let to = header.columns[missing..].iter().flatten().next().copied();
    let between = |cell: CellAddress| {
        free(cell)
            && from.is_none_or(|from| cell.column > from)
            && to.is_none_or(|to| cell.column < to)
    };
    nearest_text(context, label, between)
        .or_else(|| nearest_text(context, label, free))
        .or_else(|| {
            // Of a header of several rows, the lowest text is the column's own.
            let words = |text: &str| text.chars().any(char::is_alphabetic);
            let texts = texts_among(context, between);
            let (last, text) = texts.iter().rfind(|(_, text)| words(text))?;
            let only = texts
                .iter()
                .all(|(cell, text)| cell.column == last.column || !words(text));
            only.then(|| (*last, (*text).to_owned()))
        })
}

pub(super) fn report_missing_rows(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    places: &[Option<u32>],
) {
    let form = context.form.clone();
    for (i, (row, place)) in form.file.rows.iter().zip(places).enumerate() {
        if place.is_some() || row.heading || !context.asks(row, false) {
            continue;
        }
        let label = row.label.own();
        let near = stranger_in_place(context, places, i, label);
        if let Some((cell, _)) = &near {
            // Its cells count as read, so that its figures are not reported again as figures
            // outside the table.
            let columns = context.located.header.columns.iter().flatten();
            log.seen
                .extend(columns.map(|column| CellAddress::new(cell.row, *column)));
        }
        let cell = near.as_ref().map(|(cell, _)| *cell);
        let (near, label) = (told_nearest(near), form.row_label(i));
        let message = Message::new(
            format!(
                "Không thấy dòng «{label}»{}. Hãy giữ nguyên các dòng của biểu mẫu.",
                near.vi
            ),
            format!(
                "Row `{label}` was not found{}. Keep the form's own rows.",
                near.en
            ),
        );
        log.report(context, NO_ROW, cell, message);
    }
}

/// The label in the place of the missing row `missing` (of the form file, from 0): among the
/// sheet's rows between its neighbours that are no row of the form, the only one, or else the
/// nearest. `places`: the sheet row (from 0) of each row that was found.
pub(super) fn stranger_in_place(
    context: &ReadContext<'_>,
    places: &[Option<u32>],
    missing: usize,
    label: &str,
) -> Option<(CellAddress, String)> {
    let taken: BTreeSet<u32> = places.iter().flatten().copied().collect();
    let before = places[..missing].iter().flatten().next_back();
    let after = places[missing..].iter().flatten().next();
    let from = before.map_or(context.located.header.data, |row| row + 1);
    let to = after.map_or(context.located.last, |row| row.saturating_sub(1));
    let keys = &context.form.keys.rows;
    // A row of the form that stands there by right is not this one retyped.
    let another = |cell: CellAddress| {
        let there = context.texts.effective(cell.row, cell.column);
        let is =
            |labels: &Vec<String>| there.is_some_and(|there| labels.iter().any(|own| own == there));
        keys.iter().any(is) && !is(&keys[missing])
    };
    let stranger = |cell: CellAddress| {
        Some(cell.column) == context.located.header.label
            && (from..=to).contains(&cell.row)
            && !taken.contains(&cell.row)
            && !another(cell)
    };
    let labels = texts_among(context, stranger);
    match (labels.as_slice(), after) {
        ([(cell, text)], Some(_)) => Some((*cell, (*text).to_owned())),
        _ => nearest_text(context, label, stranger),
    }
}

/// The text nearest to `wanted` among some cells.
pub(super) fn nearest_text(
    context: &ReadContext<'_>,
    wanted: &str,
    among: impl Fn(CellAddress) -> bool,
) -> Option<(CellAddress, String)> {
    let texts = texts_among(context, among);
    let near = nearest(wanted, texts.iter().map(|(_, text)| *text))?;
    let (cell, text) = texts.iter().find(|(_, text)| *text == near)?;
    Some((*cell, (*text).to_owned()))
}

/// The texts of some cells, row by row.
fn texts_among<'a>(
    context: &ReadContext<'a>,
    among: impl Fn(CellAddress) -> bool,
) -> Vec<(CellAddress, &'a str)> {
    let cells = context.sheet.cells.iter();
    cells
        .filter(|(address, _)| among(**address))
        .filter_map(|(address, cell)| Some((*address, cell.text()?.trim())))
        .collect()
}

/// "; gần nhất: «Trực tiếp» ở ô F6".
fn told_nearest(near: Option<(CellAddress, String)>) -> Message {
    match near {
        Some((cell, text)) => Message::new(
            format!("; gần nhất: «{text}» ở ô {cell}"),
            format!("; nearest: `{text}` at {cell}"),
        ),
        None => Message::new("", ""),
    }
}
