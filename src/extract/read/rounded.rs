//! Typed figures of which the cell shows fewer decimals than it stores. What is stored counts; the
//! unit is told both, because the figures on its paper are others.

use std::collections::BTreeSet;

use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::extract::table::Table;
use crate::model::value::message;
use crate::model::{CellAddress, Class, Message, Number, Severity, Value};
use crate::schema::evaluate::round;
use crate::schema::form::Rounding;
use crate::workbook::Content;

const SHOWN_ROUNDED: ReadCheck = ReadCheck::new("so-hien-lam-tron", Class::Parse, Severity::Info);
/// Cells that the note quotes.
const QUOTED: usize = 3;

/// Notes once a table which typed figures are shown rounded. Results of formulas mostly have more
/// decimals than anybody wants to see.
pub(super) fn report_rounded(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    let rows = table.rows.iter().chain(&table.total);
    let figures = rows.flat_map(|row| &row.cells).filter_map(|cell| {
        let Some(Value::Number(stored)) = cell.value() else {
            return None;
        };
        let at = cell.address?;
        Some((at, *stored, shown(context, at, *stored)?))
    });
    let asked: BTreeSet<CellAddress> = log.findings.iter().filter_map(|f| f.cell).collect();
    let rounded: Vec<_> = figures.filter(|(at, ..)| !asked.contains(at)).collect();
    let Some((first, ..)) = rounded.first().copied() else {
        return;
    };
    let quoted = rounded.iter().take(QUOTED).map(|(at, stored, shown)| {
        let (stored, shown) = (Value::Number(*stored), Value::Number(*shown));
        message!(
            stored, shown;
            "{at} (hiện {shown}, lưu {stored})",
            "{at} (shows {shown}, stores {stored})"
        )
    });
    let quoted: Vec<Message> = quoted.collect();
    let list = |side: fn(&Message) -> &str| {
        let more = if rounded.len() > QUOTED { "..." } else { "" };
        let cells: Vec<&str> = quoted.iter().map(side).collect();
        format!("{}{more}", cells.join(", "))
    };
    let (count, vi, en) = (rounded.len(), list(|m| &m.vi), list(|m| &m.en));
    let message = Message::new(
        format!(
            "{count} ô hiện số đã làm tròn, khác số lưu trong ô: {vi}. Đã lấy số lưu trong ô; nếu số hiện ra mới đúng thì hãy gõ lại."
        ),
        format!(
            "{count} cells show rounded figures: {en}. What is stored was taken; type the figure again where what is shown is right."
        ),
    );
    log.report(context, SHOWN_ROUNDED, Some(first), message);
}

/// The figure that the cell shows, if it was typed and is another one.
fn shown(context: &ReadContext<'_>, at: CellAddress, stored: Number) -> Option<Number> {
    let cell = context.sheet.cell(at)?;
    let Content::Number(double) = cell.content else {
        return None;
    };
    let look = cell.style.as_ref()?.shown(double);
    let decimals = look.decimals.filter(|_| cell.formula.is_none())?;
    let shown = round(stored, decimals, Rounding::HalfUp).normalize();
    (shown != stored.normalize()).then_some(shown)
}
