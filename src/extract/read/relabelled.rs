//! Labels that were retyped, in a table still found by the template's names: the figures are read,
//! and a finding asks the unit whether they are in the right place.

use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::model::{CellAddress, Class, Message, Severity, Value};

const RELABELLED: ReadCheck = ReadCheck::new("nhan-da-doi", Class::Structure, Severity::Warning);

/// Rows above the first data row in which a header is looked for.
const HEADER_ROWS: u32 = 6;

/// Warns of columns and of fixed rows (`places`: the sheet row of each, from 0) whose own text is
/// gone.
pub(super) fn report_relabelled(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    places: &[Option<u32>],
) {
    let Some(anchors) = context.located.anchors.clone() else {
        return;
    };
    for (column, named) in anchors.columns.iter().enumerate() {
        if let Some(at) = named.and_then(|named| foreign_header(context, column, named)) {
            let label = context.form.file.columns[column].label.full();
            report_foreign(
                context,
                log,
                &format!("Cột «{label}»"),
                &format!("Column `{label}`"),
                at,
            );
        }
    }
    let Some(labels) = context.located.header.label else {
        return;
    };
    for (row, place) in places.iter().enumerate() {
        let (Some(place), Some(true)) = (place, anchors.rows.get(row).map(|r| r == place)) else {
            continue;
        };
        let known = &context.form.keys.rows[row];
        let there = context.texts.effective(*place, labels);
        if there.is_none_or(|there| !known.iter().any(|label| label == there)) {
            let label = context.form.file.rows[row].label.own();
            let at = CellAddress::new(*place, labels);
            report_foreign(
                context,
                log,
                &format!("Dòng «{label}»"),
                &format!("Row `{label}`"),
                at,
            );
        }
    }
}

/// The header cell of a column that no longer says what the form calls it.
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
    Some(CellAddress::new(*row, named))
}

fn report_foreign(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    vi: &str,
    en: &str,
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
    let message = Message::new(
        format!(
            "{vi}: nhãn nay {says_vi}. Số liệu vẫn được đọc theo vị trí của mẫu; hãy xem có điền nhầm chỗ không và ghi lại nhãn cũ."
        ),
        format!(
            "{en}: the label {says_en}. The figures are read by the template's own names; check that they belong here."
        ),
    );
    let there = Some(Value::Text(there)).filter(|value| value.to_string() != "");
    log.report_value(context, RELABELLED, at, there, message);
}
