//! Notes on hidden rows, columns and sheets: they are read like others, but the person who filled
//! the form may not have seen them.

use std::collections::BTreeSet;

use super::context::{ReadCheck, ReadContext, ReadLog, listed};
use crate::model::address::column_letters;
use crate::model::{CellAddress, Class, Message, Severity};
use crate::workbook::{Content, Visibility};

const HIDDEN_SHEET: ReadCheck = ReadCheck::new("trang-an", Class::Structure, Severity::Info);
const UNSEEN: ReadCheck = ReadCheck::new("so-cung-mau-nen", Class::Structure, Severity::Info);
const HIDDEN_CELLS: ReadCheck = ReadCheck::new("dong-cot-an", Class::Structure, Severity::Info);

/// Hidden rows or columns named one by one; more are counted.
const NAMED: usize = 8;

/// Adds a note if the table, or some of the cells it was read from, are hidden.
pub(super) fn report_hidden(context: &ReadContext<'_>, log: &mut ReadLog) {
    let name = context.sheet.name.clone();
    let how = match context.sheet.visibility {
        Visibility::Visible => None,
        Visibility::Hidden => Some(("đang ẩn", "hidden")),
        Visibility::VeryHidden => Some((
            "đang ẩn hẳn (không bỏ ẩn được từ menu)",
            "hidden so that the menu cannot show it",
        )),
    };
    if let Some((vi, en)) = how {
        let message = Message::new(
            format!("Trang «{name}» {vi}; số liệu trên trang vẫn được đọc."),
            format!("Sheet `{name}` is {en}; its figures are read all the same."),
        );
        log.report(context, HIDDEN_SHEET, None, message);
    }
    report_unseen(context, log);
    let hidden: Vec<CellAddress> = log
        .seen
        .iter()
        .filter(|cell| context.sheet.is_hidden(**cell) && context.sheet.cells.contains_key(cell))
        .copied()
        .collect();
    let Some(first) = hidden.first().copied() else {
        return;
    };
    let rows: BTreeSet<u32> = hidden.iter().map(|cell| cell.row).collect();
    let rows: Vec<String> = rows
        .intersection(&context.sheet.hidden_rows)
        .map(|row| (row + 1).to_string())
        .collect();
    let columns: BTreeSet<u32> = hidden.iter().map(|cell| cell.column).collect();
    let columns: Vec<String> = columns
        .intersection(&context.sheet.hidden_columns)
        .map(|column| column_letters(*column))
        .collect();
    let mut parts_vi = Vec::new();
    let mut parts_en = Vec::new();
    if !rows.is_empty() {
        parts_vi.push(format!("dòng {}", named(&rows, "và", "dòng khác")));
        parts_en.push(format!("rows {}", named(&rows, "and", "more")));
    }
    if !columns.is_empty() {
        parts_vi.push(format!("cột {}", named(&columns, "và", "cột khác")));
        parts_en.push(format!("columns {}", named(&columns, "and", "more")));
    }
    let message = Message::new(
        format!(
            "Đang ẩn {}; số liệu ở đó vẫn được đọc. Hãy bỏ ẩn để kiểm tra lại.",
            parts_vi.join(" và ")
        ),
        format!(
            "Hidden: {}; the figures there are read all the same. Show them and check them.",
            parts_en.join(" and ")
        ),
    );
    log.report(context, HIDDEN_CELLS, Some(first), message);
}

/// Adds a note if figures are in the colour of their cells: nobody sees what is read there.
fn report_unseen(context: &ReadContext<'_>, log: &mut ReadLog) {
    let is_unseen = |at: &&CellAddress| {
        let cell = context.sheet.cells.get(at);
        cell.is_some_and(|cell| {
            let figure = matches!(cell.content, Content::Number(number) if number != 0.0);
            figure && cell.style.as_ref().is_some_and(|style| style.unseen)
        })
    };
    let unseen: Vec<CellAddress> = log.seen.iter().filter(is_unseen).copied().collect();
    let Some(first) = unseen.first().copied() else {
        return;
    };
    let cells = listed(&unseen);
    let message = Message::new(
        format!(
            "Chữ cùng màu với nền nên không nhìn thấy số ở ô {cells}; số ở đó vẫn được đọc. Hãy đổi màu chữ để kiểm tra lại."
        ),
        format!(
            "Letters in the colour of the cell hide the figures in {cells}; they are read all the same. Change the colour and check them."
        ),
    );
    log.report(context, UNSEEN, Some(first), message);
}

fn named(places: &[String], and: &str, more: &str) -> String {
    let rest = places.len().saturating_sub(NAMED);
    let shown = places[..places.len() - rest].join(", ");
    match rest {
        0 => shown,
        rest => format!("{shown} {and} {rest} {more}"),
    }
}
