//! Rows that are no items of a list by what they are called, and would be counted twice.

use std::collections::BTreeSet;

use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::extract::sum_names::is_no_item;
use crate::extract::table::{Table, TableCell, TableRow};
use crate::model::{Message, Severity};
use crate::text::normalise;

const PART: ReadCheck = ReadCheck::structure("dong-trong-do", Severity::Error);
const NO_ITEM: ReadCheck = ReadCheck::structure("dong-khong-phai-muc", Severity::Error);

/// Reports such rows. `lines`: the rows of the sheet, from 0, that the rows of the table are;
/// `uncounted`: the places of those without an ordinal, where others have one.
pub(super) fn report(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    table: &Table,
    lines: &[u32],
    uncounted: &BTreeSet<usize>,
) {
    let has_ordinals = context.located.header.ordinal.is_some();
    let rows = table.rows.iter().zip(lines).enumerate();
    for (at, (row, line)) in rows {
        let is_figure = |cell: &TableCell| cell.value().is_some_and(|v| v.as_number().is_some());
        if !row.cells.iter().any(is_figure) {
            continue;
        }
        // Without ordinals, what closes the list.
        let closes = || !has_ordinals && at + 1 == table.rows.len();
        let (check, message) = if normalise(&row.key).starts_with("trong đó") {
            (PART, part(row, line + 1))
        } else if is_no_item(&row.key) && (uncounted.contains(&at) || closes()) {
            (NO_ITEM, no_item(row, line + 1))
        } else {
            continue;
        };
        log.report(context, check, context.name_cell(*line), message);
    }
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
