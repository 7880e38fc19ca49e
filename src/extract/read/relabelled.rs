//! Labels that were retyped, in a table still found by the template's names or by its other texts:
//! the figures are read, and a finding asks the unit whether they are in the right place.

use std::collections::BTreeSet;

use super::context::{ReadCheck, ReadContext, ReadLog};
use super::measures::report_measures;
use super::spanning::{first_of, foreign_spans, header_cells};
use crate::model::{CellAddress, Class, Message, Severity, Value};
use crate::text::label_key;

const RELABELLED: ReadCheck = ReadCheck::new("nhan-da-doi", Class::Structure, Severity::Warning);

/// Rows above the first data row in which a header is looked for.
const HEADER_ROWS: u32 = 6;

/// Reports texts of the header and labels of fixed rows (`places`: the sheet row of each, from 0)
/// that are not the form's own.
pub(super) fn report_relabelled(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    places: &[Option<u32>],
) {
    // A text with another unit of measure is reported for that alone.
    let reported = report_measures(context, log, places);
    report_spanning(context, log, &reported);
    report_columns(context, log, &reported);
    report_rows(context, log, places, &reported);
    report_exchanged(context, log, places);
}

/// Warns of texts over several columns that are not the form's.
fn report_spanning(context: &ReadContext<'_>, log: &mut ReadLog, reported: &BTreeSet<CellAddress>) {
    let read = match context.located.anchors {
        Some(_) => BY_TEMPLATE,
        None => BY_OWN_TEXT,
    };
    for span in foreign_spans(context) {
        if reported.contains(&span.at) {
            continue;
        }
        let label = context.form.file.columns[span.column].label.own();
        let wanted = span.wanted;
        let label = Message::new(
            format!("Tiêu đề «{wanted}» (trên cột «{label}»)"),
            format!("Header `{wanted}` (over column `{label}`)"),
        );
        report_foreign(context, log, label, read, span.at);
    }
}

/// Warns of columns whose own text is gone from where the template's names say that they are.
fn report_columns(context: &ReadContext<'_>, log: &mut ReadLog, reported: &BTreeSet<CellAddress>) {
    let Some(anchors) = context.located.anchors.clone() else {
        return;
    };
    for (column, named) in anchors.columns.iter().enumerate() {
        let Some(named) = *named else { continue };
        let place = context.located.header.columns[column];
        if place == Some(named) && report_dragged(context, log, column, named) {
            continue;
        }
        let Some(at) = foreign_header(context, column, named) else {
            continue;
        };
        let label = context.form.file.columns[column].label.full();
        match place {
            Some(place) if place != named => report_moved(context, log, column, place),
            _ if reported.contains(&at) => {}
            _ => {
                let label = Message::new(format!("Cột «{label}»"), format!("Column `{label}`"));
                report_foreign(context, log, label, BY_TEMPLATE, at);
            }
        }
    }
}

/// Warns of fixed rows whose own label is gone from where the template's names say that they are.
fn report_rows(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    places: &[Option<u32>],
    reported: &BTreeSet<CellAddress>,
) {
    let (Some(anchors), Some(labels)) = (
        context.located.anchors.clone(),
        context.located.header.label,
    ) else {
        return;
    };
    for (row, place) in places.iter().enumerate() {
        let (Some(place), Some(true)) = (place, anchors.rows.get(row).map(|r| r == place)) else {
            continue;
        };
        let known = &context.form.keys.rows[row];
        let there = context.texts.effective(*place, labels);
        let at = CellAddress::new(*place, labels);
        let is_own = there.is_some_and(|there| known.iter().any(|label| label == there));
        if !is_own && !reported.contains(&at) {
            let label = context.form.row_label(row);
            let label = Message::new(format!("Dòng «{label}»"), format!("Row `{label}`"));
            report_foreign(context, log, label, BY_TEMPLATE, at);
        }
    }
}

/// Warns of fixed rows that are read by their labels where the template has another row, unless their
/// ordinals went there, too: whether the figures did cannot be known.
fn report_exchanged(context: &ReadContext<'_>, log: &mut ReadLog, places: &[Option<u32>]) {
    let (Some(anchors), Some(labels)) = (
        context.located.anchors.clone(),
        context.located.header.label,
    ) else {
        return;
    };
    let rows = || context.form.file.rows.iter().enumerate();
    let mut exchanged: Vec<(CellAddress, String)> = Vec::new();
    for (row, of) in rows().filter(|(_, of)| !of.heading) {
        let (Some(place), Some(named)) = (places[row], anchors.rows[row]) else {
            continue;
        };
        let before = rows().take(row + 1).filter(|(_, of)| !of.heading);
        let ordinal = || of.no.clone().unwrap_or(before.count().to_string());
        let anothers = || anchors.rows.contains(&Some(place));
        if place != named && anothers() && !has_ordinal(context, place, &ordinal()) {
            let at = CellAddress::new(place, labels);
            exchanged.push((at, context.form.row_label(row)));
        }
    }
    exchanged.sort();
    let Some((first, _)) = exchanged.first() else {
        return;
    };
    let told = |at: &str| {
        let each = exchanged
            .iter()
            .map(|(cell, label)| format!("«{label}» ({at} {cell})"));
        each.collect::<Vec<_>>().join(", ")
    };
    let (vi, en) = (told("ô"), told("at"));
    let message = Message::new(
        format!(
            "Tên dòng đã đổi chỗ so với mẫu: {vi}. Số liệu được đọc theo tên dòng. Nếu số ở mỗi dòng đúng là của tên ấy thì không phải sửa gì; nếu chỉ tên dòng bị đổi chỗ, hãy ghi lại tên theo mẫu."
        ),
        format!(
            "Row labels stand where the template has others: {en}. The figures are read by the labels. Nothing needs to be done if the figures of each row are that label's; if only the labels were moved, move them back."
        ),
    );
    let text = context.sheet.text_at(*first).unwrap_or_default().trim();
    let text = Some(Value::Text(text.to_owned()));
    log.report_value(context, RELABELLED, *first, text, message);
}

/// Is this the ordinal of a row of the sheet, from 0?
fn has_ordinal(context: &ReadContext<'_>, row: u32, wanted: &str) -> bool {
    let cell = context.located.header.ordinal.and_then(|column| {
        let at = CellAddress::new(row, column);
        context.sheet.cells.get(&at)?.label()
    });
    cell.is_some_and(|found| label_key(&found) == label_key(wanted))
}

/// Notes that a column is read where its header is now, not where the template had it: following
/// advice to write the old header back would exchange the columns' figures.
fn report_moved(context: &ReadContext<'_>, log: &mut ReadLog, column: usize, place: u32) {
    let (own, _) = &context.form.keys.columns[column];
    let cells = header_cells(context, place);
    let header = cells
        .iter()
        .rfind(|(_, key)| own.iter().any(|label| label == key));
    let Some((at, _)) = header else { return };
    let label = context.form.file.columns[column].label.full();
    let message = Message::new(
        format!(
            "Cột «{label}»: tiêu đề nay ở ô {at}, khác chỗ của mẫu. Số liệu được đọc theo tiêu đề này. Nếu số dưới tiêu đề đúng là của cột này thì không phải sửa gì; nếu chỉ tiêu đề bị đổi chỗ, hãy đổi lại tiêu đề."
        ),
        format!(
            "Column `{label}`: its header is at {at} now, not where the template has it. The figures are read by this header. Nothing needs to be done if the figures below it are this column's; if only the header was moved, move it back."
        ),
    );
    let text = context.sheet.text_at(*at).unwrap_or_default().trim();
    log.report_value(
        context,
        RELABELLED,
        *at,
        Some(Value::Text(text.to_owned())),
        message,
    );
}

/// Warns of a column whose header cell was dragged over another column; was it?
fn report_dragged(context: &ReadContext<'_>, log: &mut ReadLog, column: usize, named: u32) -> bool {
    let (own, _) = &context.form.keys.columns[column];
    let header = &context.located.header;
    let says = |at: &CellAddress| {
        let there = context.texts.own(at.row, at.column);
        there.is_some_and(|there| own.iter().any(|label| label == there))
    };
    // Another column of the same name has its header.
    let by_right = |at: &CellAddress| {
        let columns = header.columns.iter().zip(&context.form.keys.columns);
        let mut there = columns.filter(|(place, _)| **place == Some(at.column));
        there.any(|(_, (labels, _))| labels.iter().any(|label| own.contains(label)))
    };
    let rows = CellAddress::new(header.top, 0)..CellAddress::new(header.data, 0);
    let mut cells = context.sheet.cells.range(rows).map(|(at, _)| *at);
    let here = header_cells(context, named);
    if here.iter().any(|(at, _)| says(at)) {
        return false;
    }
    let Some(at) = cells.find(|at| says(at) && !by_right(at)) else {
        return false;
    };
    let label = context.form.file.columns[column].label.full();
    let own = CellAddress::new(0, named).column_letters();
    let message = Message::new(
        format!(
            "Cột «{label}»: tiêu đề bị kéo sang ô {at}, còn số liệu vẫn ở cột {own} và được đọc ở đó. Hãy ghi lại tiêu đề trên cột {own}."
        ),
        format!(
            "Column `{label}`: its header was dragged to {at}; its figures are still in column {own} and are read there. Write the header above column {own} again."
        ),
    );
    let text = context.sheet.text_at(at).unwrap_or_default().trim();
    let text = Some(Value::Text(text.to_owned()));
    log.report_value(context, RELABELLED, at, text, message);
    true
}

/// The header cell of a column that no longer says what the form calls it; of merged cells the first.
fn foreign_header(context: &ReadContext<'_>, column: usize, named: u32) -> Option<CellAddress> {
    let (own, _) = &context.form.keys.columns[column];
    let data = context.located.header.data;
    let rows = data.saturating_sub(HEADER_ROWS)..data;
    let texts: Vec<(u32, &str)> = rows
        .filter_map(|row| Some((row, context.texts.effective(row, named)?)))
        .collect();
    if texts
        .iter()
        .any(|(_, text)| own.iter().any(|label| label == text))
    {
        return None;
    }
    let words = |text: &str| text.chars().any(char::is_alphabetic);
    let (row, _) = texts.iter().rev().find(|(_, text)| words(text))?;
    Some(first_of(context, CellAddress::new(*row, named)))
}

/// How a column or row whose label was retyped is recognised, in both languages.
type ReadBy = (&'static str, &'static str);

const BY_TEMPLATE: ReadBy = ("vị trí của mẫu", "the template's own names");
const BY_OWN_TEXT: ReadBy = ("tiêu đề cột ở dưới", "the columns' own headers");

fn report_foreign(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    label: Message,
    (by_vi, by_en): ReadBy,
    at: CellAddress,
) {
    let there = context
        .sheet
        .effective(at)
        .and_then(|cell| cell.text())
        .unwrap_or_default();
    let there = there.trim().to_owned();
    let (says_vi, says_en) = match there.as_str() {
        "" => ("để trống".to_owned(), "is blank".to_owned()),
        text => (format!("ghi «{text}»"), format!("says `{text}`")),
    };
    let (vi, en) = (label.vi, label.en);
    let message = Message::new(
        format!(
            "{vi}: nhãn nay {says_vi}. Số liệu vẫn được đọc theo {by_vi}; hãy xem có điền nhầm chỗ không và ghi lại nhãn cũ."
        ),
        format!(
            "{en}: the label {says_en}. The figures are read by {by_en}; check that they belong here."
        ),
    );
    let there = Some(Value::Text(there)).filter(|value| value.to_string() != "");
    log.report_value(context, RELABELLED, at, there, message);
}
