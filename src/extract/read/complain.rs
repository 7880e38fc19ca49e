//! Findings of reading a table: each doubt once, at its cell.

use std::collections::HashMap;

use super::context::{ReadCheck, ReadContext, ReadLog, listed};
use super::reading::CellProblem;
use super::unfilled::addresses;
use crate::extract::locate::figures;
use crate::extract::table::CellState;
use crate::model::value::message;
use crate::model::{CellAddress, Class, Finding, Message, Severity, Suspect, Value};
use crate::workbook::{Content, Merge};

const NO_TOTAL: ReadCheck = ReadCheck::structure("thieu-dong-tong", Severity::Error);
/// Id of the finding for figures without a name.
pub const NAMELESS: &str = "dong-khong-ten";
const NAMELESS_ROW: ReadCheck = ReadCheck::structure(NAMELESS, Severity::Error);
const OVERWRITTEN: ReadCheck = ReadCheck::structure("ghi-de-dong-tong", Severity::Error);
const NOT_ASKED: ReadCheck = ReadCheck::structure("o-khong-phai-bao-cao", Severity::Error);
const NOT_FILLED: ReadCheck = ReadCheck::structure("bieu-chua-dien", Severity::Error);
const SAME_NAME: ReadCheck = ReadCheck::structure("trung-ten-dong", Severity::Warning);
const ODD_ORDINAL: ReadCheck = ReadCheck::structure("so-thu-tu-lech", Severity::Info);
const FIGURE_AS_TEXT: ReadCheck = ReadCheck::new("so-dang-chu", Class::Parse, Severity::Info);

pub(super) fn report_problem(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    problem: CellProblem,
    row: Option<usize>,
    column: usize,
    address: CellAddress,
) -> CellState {
    let label = context.label(row, column, address);
    let message = Message::new(
        format!("«{label}»: {}", problem.message.vi),
        format!("`{label}`: {}", problem.message.en),
    );
    let sheet = context.sheet.name.clone();
    let check = ReadCheck::new(problem.rule, problem.class, problem.severity);
    let suspect = problem.suggestion.is_some().then(|| Suspect {
        sheet,
        cell: address,
        value: problem.found.clone(),
        suggestion: problem.suggestion.clone(),
        rank: 1,
        together: false,
        reason: Message::new("cách ghi số ở ô này", "the way this cell is written"),
    });
    let finding = context.finding(check, Some(address), message);
    log.findings.push(
        finding
            .value(problem.found)
            .expected(problem.suggestion)
            .suspecting(suspect.into_iter().collect()),
    );
    problem
        .usable
        .map_or(CellState::Unreadable, CellState::Value)
}

/// Ordinals are not data, but one out of order may be a figure typed into the wrong column, so the
/// first is reported. `counter`: which row of the form it is, `by_place`: which of the sheet, both
/// from 1; they differ where rows were exchanged.
pub(super) fn check_ordinal(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    row: u32,
    declared: Option<&str>,
    counter: u32,
    by_place: u32,
) {
    let Some(column) = context.located.header.ordinal else {
        return;
    };
    let address = CellAddress::new(row, column);
    let cell = context.sheet.cells.get(&address);
    let Some(Content::Number(number)) = cell.map(|cell| &cell.content) else {
        return;
    };
    let expected = declared.map_or(counter.to_string(), str::to_owned);
    let told = log
        .findings
        .iter()
        .any(|finding| finding.rule == ODD_ORDINAL.rule);
    let in_order = by_place != counter && number.to_string() == by_place.to_string();
    if number.to_string() == expected || in_order || told {
        return;
    }
    let found = crate::model::value::number_from_f64(*number).map(Value::Number);
    let shown = shown(*number);
    let message = message!(
        shown;
        "Số thứ tự ghi {shown}, theo thứ tự dòng là {expected}. Không ảnh hưởng đến số liệu; hãy xem có gõ nhầm cột không.",
        "The ordinal is {shown}; by the order of rows it is {expected}. Figures are not affected; see whether something was typed into the wrong column."
    );
    log.report_value(context, ODD_ORDINAL, address, found, message);
}

pub(super) fn report_missing_total(context: &ReadContext<'_>, log: &mut ReadLog, label: &str) {
    let message = Message::new(
        format!(
            "Không thấy dòng «{label}» ở cuối bảng. Hãy thêm lại dòng này, cột đầu ghi đúng «{label}»."
        ),
        format!(
            "The total row `{label}` was not found. Put it back below the table, with exactly `{label}` in the first column."
        ),
    );
    log.report(context, NO_TOTAL, None, message);
}

/// Reports an item written over the template's total row.
pub(super) fn report_overwritten(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    row: u32,
    name: &str,
) {
    log.seen.extend(addresses(context, row));
    let label = context
        .form
        .file
        .layout
        .total
        .as_deref()
        .unwrap_or("Tổng cộng");
    let line = row + 1;
    let message = Message::new(
        format!(
            "Dòng {line} của mẫu là dòng «{label}», nay ghi «{name}», nên không rõ các số ở dòng này là của một mục hay là tổng. Nếu «{name}» là một mục, hãy chèn một dòng ở trên và chuyển mục này lên đó; rồi ghi lại «{label}» ở dòng {line} và để công thức của mẫu tính."
        ),
        format!(
            "Row {line} of the template is `{label}` and now says `{name}`, so that nobody knows whether its figures are an item's or the total. If `{name}` is an item, insert a row above and move it there; then write `{label}` in row {line} again and let the template's formulas compute it."
        ),
    );
    log.report(context, OVERWRITTEN, context.name_cell(row), message);
}

/// Reports a row that says in its name that there is nothing, beside figures.
pub(super) fn report_not_nothing(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    row: u32,
    name: &str,
) {
    log.seen.extend(addresses(context, row));
    let key = context.form.key_column();
    let column = key.and_then(|key| context.located.header.columns[key]);
    let address = column.map(|column| CellAddress::new(row, column));
    let line = row + 1;
    let message = Message::new(
        format!(
            "Dòng {line} ghi «{name}» mà vẫn có số liệu bên cạnh. Nếu có phát sinh, hãy ghi tên dòng; nếu không, hãy xóa số liệu."
        ),
        format!(
            "Row {line} says `{name}` and has figures beside it. Name the row if there is something; else delete the figures."
        ),
    );
    log.report(context, NAMELESS_ROW, address, message);
}

pub(super) fn report_nameless(context: &ReadContext<'_>, log: &mut ReadLog, row: u32) {
    let columns: Vec<u32> = context
        .located
        .header
        .columns
        .iter()
        .flatten()
        .copied()
        .collect();
    log.seen
        .extend(columns.iter().map(|column| CellAddress::new(row, *column)));
    let key = context.form.key_column();
    let Some(column) = key.and_then(|key| context.located.header.columns[key]) else {
        return;
    };
    let label = key.map_or(String::new(), |key| context.form.cell_label(None, key));
    let address = CellAddress::new(row, column);
    let merge = context.sheet.merge_at(address);
    if let Some(merge) = merge.filter(|merge| merge.first.row < row) {
        let message = merged_name(row + 1, merge, &label);
        return log.report(context, NAMELESS_ROW, Some(address), message);
    }
    let message = Message::new(
        format!(
            "Dòng {} có số liệu nhưng ô «{label}» để trống. Hãy ghi tên dòng, hoặc xóa số liệu nếu thừa.",
            row + 1
        ),
        format!(
            "Row {} has figures but `{label}` is blank. Write the name of the row, or delete the figures if they do not belong here.",
            row + 1
        ),
    );
    log.report(context, NAMELESS_ROW, Some(address), message);
}

/// Of a row whose cell for a name is merged with one above.
fn merged_name(line: u32, merge: &Merge, label: &str) -> Message {
    let (first, last) = (merge.first, merge.last);
    Message::new(
        format!(
            "Dòng {line} có số liệu nhưng ô «{label}» gộp chung với dòng trên (các ô {first}:{last}), nên không rõ dòng này tên gì. Hãy bỏ gộp ô và ghi tên ở từng dòng."
        ),
        format!(
            "Row {line} has figures, but its cell `{label}` is merged with the row above ({first}:{last}), so that it has no name. Split the cells and write a name in each row."
        ),
    )
}

/// Reports a figure in a cell that this unit need not fill in; it would be lost otherwise.
pub(super) fn report_unasked(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    row: Option<usize>,
    column: usize,
    address: CellAddress,
) {
    log.seen.insert(address);
    let cell = context.sheet.cells.get(&address);
    let typed = cell.and_then(|cell| match &cell.content {
        Content::Number(number) => Some(*number),
        _ => figures::typed_figure(context.form, column, cell),
    });
    let Some(figure) = typed.and_then(crate::model::value::number_from_f64) else {
        return;
    };
    if figure.is_zero() {
        return;
    }
    let label = context.label(row, column, address);
    let value = Value::Number(figure);
    let message = message!(
    value;
    "«{label}»: ô này không thuộc phần đơn vị phải báo cáo nhưng có số {value}. Hãy xóa, hoặc chuyển số về đúng ô.",
    "`{label}`: the unit is not asked this, but the cell holds {value}. Delete it, or move it to its cell."
    );
    log.report_value(context, NOT_ASKED, address, Some(value), message);
}

/// Two rows with one name stay two facts; a finding asks the unit whether that is meant.
pub(super) fn unique_key(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    keys: &mut HashMap<String, u32>,
    key: String,
    row: u32,
) -> String {
    let count = keys.entry(crate::text::normalise(&key)).or_insert(0);
    *count += 1;
    if *count == 1 {
        return key;
    }
    let unique = format!("{key} ({count})");
    let column = context
        .form
        .key_column()
        .and_then(|k| context.located.header.columns[k]);
    let message = Message::new(
        format!("Tên dòng «{key}» đã có ở trên. Nếu là một việc ghi hai lần, hãy xóa một dòng."),
        format!(
            "The row name `{key}` is further up already. If one thing was written twice, delete one row."
        ),
    );
    let cell = column.map(|column| CellAddress::new(row, column));
    log.report(context, SAME_NAME, cell, message);
    unique
}

/// A workbook that no program has computed lacks the result of every formula: one finding a table
/// instead of one a cell.
pub(super) fn gather_uncomputed(log: &mut ReadLog) {
    let uncomputed = |finding: &Finding| finding.rule == super::cell::UNCOMPUTED;
    let cells: Vec<String> = log
        .findings
        .iter()
        .filter(|finding| uncomputed(finding))
        .filter_map(|finding| Some(finding.cell?.to_string()))
        .collect();
    if cells.len() < 2 {
        return;
    }
    let list = cells.join(", ");
    let message = Message::new(
        format!(
            "{} ô có công thức nhưng chưa có kết quả: {list}. Hãy mở tệp bằng Excel, bấm F9 rồi lưu lại.",
            cells.len()
        ),
        format!(
            "{} formulas have no stored result: {list}. Open the file in Excel, press F9, save.",
            cells.len()
        ),
    );
    let mut message = Some(message);
    let findings = std::mem::take(&mut log.findings).into_iter();
    let gathered = findings.filter_map(|finding| match uncomputed(&finding) {
        true => Some(finding.saying(message.take()?)),
        false => Some(finding),
    });
    log.findings = gathered.collect();
}

/// One note a table, not one a cell: some old templates store every figure as text.
pub(super) fn report_noted(context: &ReadContext<'_>, log: &mut ReadLog) {
    let Some(first) = log.noted.first().copied() else {
        return;
    };
    let (count, cells) = (log.noted.len(), listed(&log.noted));
    let message = Message::new(
        format!("{count} ô ghi số dạng chữ, đã đọc được: {cells}."),
        format!("{count} cells hold figures as text, which could be read: {cells}."),
    );
    log.report(context, FIGURE_AS_TEXT, Some(first), message);
}

/// A figure as each language writes it; one that no decimal holds, as a power of ten.
pub(super) fn shown(number: f64) -> Message {
    match crate::model::value::number_from_f64(number).map(Value::Number) {
        Some(figure) => message!(figure; "{figure}", "{figure}"),
        None => {
            let text = format!("{number:e}");
            Message::new(text.replace('.', ","), text)
        }
    }
}

pub(super) fn report_not_filled(context: &ReadContext<'_>, log: &mut ReadLog, message: Message) {
    log.report(context, NOT_FILLED, None, message);
}
