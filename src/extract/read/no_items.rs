//! Rows that are no items of a list by what they are called, and would be counted twice.

use std::collections::BTreeSet;

use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::extract::sum_names::is_no_item;
use crate::extract::table::{CellState, Table, TableCell, TableRow};
use crate::model::{Finding, Message, Severity};
use crate::text::normalise;

const PART: ReadCheck = ReadCheck::structure("dong-trong-do", Severity::Error);
const NO_ITEM: ReadCheck = ReadCheck::structure("dong-khong-phai-muc", Severity::Error);

/// The places of rows that are no items. `uncounted`: those of rows without an ordinal, where others
/// have one; without ordinals, what closes the list may be none.
pub(super) fn places(
    context: &ReadContext<'_>,
    table: &Table,
    uncounted: &BTreeSet<usize>,
) -> Vec<usize> {
    let has_ordinals = context.located.header.ordinal.is_some();
    let is_none = |at: &usize| {
        let row = &table.rows[*at];
        let closes = || !has_ordinals && at + 1 == table.rows.len();
        is_no_item(&row.key) && has_figures(row) && (uncounted.contains(at) || closes())
    };
    (0..table.rows.len()).filter(is_none).collect()
}

/// Reports a row that is no item and was taken out of the table; what its cells hold is no figure of the
/// table and nothing is said of it. `line`: its row of the sheet, from 0.
pub(super) fn take_out(context: &ReadContext<'_>, log: &mut ReadLog, row: &TableRow, line: u32) {
    log.missing.retain(|figure| figure.address.row != line);
    let of_row = |finding: &Finding| finding.cell.is_some_and(|cell| cell.row == line);
    log.findings.retain(|finding| !of_row(finding));
    let message = no_item(row, line + 1);
    log.report(context, NO_ITEM, context.name_cell(line), message);
}

fn has_figures(row: &TableRow) -> bool {
    let is_figure = |cell: &TableCell| {
        let number = cell
            .value()
            .is_some_and(|value| value.as_number().is_some());
        number || cell.state == CellState::Unreadable
    };
    row.cells.iter().any(is_figure)
}

/// Reports rows that are a part of another. `lines`: the rows of the sheet, from 0, that the rows of the
/// table are.
pub(super) fn report_parts(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    table: &Table,
    lines: &[u32],
) {
    for (row, line) in table.rows.iter().zip(lines) {
        let is_figure = |cell: &TableCell| cell.value().is_some_and(|v| v.as_number().is_some());
        if is_part(&row.key) && row.cells.iter().any(is_figure) {
            log.report(context, PART, context.name_cell(*line), part(row, line + 1));
        }
    }
}

/// Does a name say that its row is a part of another?
pub(super) fn is_part(name: &str) -> bool {
    normalise(name).starts_with("trong đó")
}

/// A row «Trong đó: ...» is a part of another, and its figures are counted with that already.
fn part(row: &TableRow, line: u32) -> Message {
    let name = &row.key;
    Message::new(
        format!(
            "Dòng {line} «{name}» là một phần của dòng khác, nên số của dòng này bị cộng hai lần. Hãy xóa dòng này; nếu là một mục riêng, hãy ghi tên khác."
        ),
        format!(
            "Row {line} `{name}` is a part of another row, so that its figures are counted twice. Delete it; if it is an item of its own, give it another name."
        ),
    )
}

fn no_item(row: &TableRow, line: u32) -> Message {
    let name = &row.key;
    Message::new(
        format!(
            "Dòng {line} «{name}» không phải là một mục của bảng mà là số bình quân, số so sánh hoặc số của thời gian khác, nên không được cộng cùng các dòng ở trên. Hãy xóa dòng này; nếu là một mục riêng, hãy ghi tên khác và ghi số thứ tự."
        ),
        format!(
            "Row {line} `{name}` is no item of the table but an average, a comparison or a figure of another time, which must not be added up with the rows above. Delete it; if it is an item of its own, give it another name and an ordinal."
        ),
    )
}
