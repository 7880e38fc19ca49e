//! Sums of groups that a unit adds in the middle of a table: compared with the rows they add up,
//! and never counted.

use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::extract::table::{CellState, TableCell, TableRow};
use crate::model::value::message;
use crate::model::{CellAddress, Message, Number, Severity, Value};
use crate::schema::Aggregate;

pub(super) const SUBTOTAL: ReadCheck = ReadCheck::structure("dong-cong-nhom", Severity::Info);
const NOT_COMPARED: ReadCheck = ReadCheck::structure("cong-nhom-chua-so", Severity::Warning);
const WRONG: ReadCheck = ReadCheck::structure("cong-nhom-lech", Severity::Error);

/// Reports a subtotal row whose figures are not the sums of its rows, at the first such figure;
/// `below`: the rows are below it, not above.
pub(super) fn check(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    row: u32,
    cells: &[TableCell],
    rows: &[TableRow],
    below: bool,
) {
    let compared = compared(context, cells, rows);
    let (at, count) = (row + 1, rows.len());
    let (where_vi, where_en) = side(below);
    let wrong = compared.iter().find(|(.., figure, sum)| figure != sum);
    let Some((column, address, figure, sum)) = wrong.copied() else {
        let address = cells.iter().find_map(|cell| cell.address);
        let (check, message) = match compared.len() {
            0 => (
                NOT_COMPARED,
                Message::new(
                    format!(
                        "Dòng {at} được hiểu là dòng cộng, không tính vào tổng, và không so được với các dòng ở {where_vi} nó. Nếu đây là một dòng số liệu, hãy ghi tên khác; nếu là dòng cộng thì xóa đi."
                    ),
                    format!(
                        "Row {at} is taken for a sum and is not counted; it cannot be compared with the rows {where_en} it. If it is a row of figures of its own, give it another name; else delete it."
                    ),
                ),
            ),
            figures => (SUBTOTAL, is_sum(at, count, figures, below)),
        };
        log.report(context, check, address, message);
        return;
    };
    let label = context.form.cell_label(None, column);
    let (figure, sum) = (Value::Number(figure), Value::Number(sum));
    let message = message!(
        figure, sum;
        "Dòng {at} được hiểu là dòng cộng của {count} dòng ở {where_vi} nó, không tính vào tổng. «{label}» ghi {figure}, các dòng ấy cộng lại là {sum}. Hãy xem lại các dòng đó và dòng cộng; nếu đây là một dòng số liệu, hãy ghi tên khác.",
        "Row {at} is taken for the sum of the {count} rows {where_en} it and is not counted. `{label}` holds {figure}; those rows add up to {sum}. Check them and the sum; if it is a row of figures of its own, give it another name."
    );
    log.report_value(context, WRONG, address, Some(figure), message);
}

/// Are the figures of a subtotal row, those that can be compared, the sums of these rows?
pub(super) fn agrees(context: &ReadContext<'_>, cells: &[TableCell], rows: &[TableRow]) -> bool {
    let compared = compared(context, cells, rows);
    !compared.is_empty() && compared.iter().all(|(.., figure, sum)| figure == sum)
}

/// The figures of a subtotal row and the sums of some rows: column, cell, figure, sum.
fn compared(
    context: &ReadContext<'_>,
    cells: &[TableCell],
    rows: &[TableRow],
) -> Vec<(usize, CellAddress, Number, Number)> {
    let mut compared = Vec::new();
    for (column, cell) in cells.iter().enumerate() {
        let added = context.form.field(None, column);
        let added = added.is_some_and(|field| field.aggregate == Aggregate::Sum);
        if let (true, Some(Value::Number(figure)), Some(address)) =
            (added, cell.value(), cell.address)
            && let Some(sum) = sum(rows, column)
        {
            compared.push((column, address, *figure, sum));
        }
    }
    compared
}

fn side(below: bool) -> (&'static str, &'static str) {
    match below {
        true => ("dưới", "below"),
        false => ("trên", "above"),
    }
}

/// What is said of a row of the sheet (from 1) that is the sum of `count` rows above it, or below.
pub(super) fn is_sum(at: u32, count: usize, figures: usize, below: bool) -> Message {
    let (vi, en) = side(below);
    Message::new(
        format!(
            "Dòng {at} được hiểu là dòng cộng của {count} dòng ở {vi} nó: {figures} số đã so và khớp, không tính vào tổng. Mẫu không có dòng này; lần sau chỉ cần một dòng tổng ở cuối bảng."
        ),
        format!(
            "Row {at} is taken for the sum of the {count} rows {en} it: {figures} figures compared and equal, none counted. The template has no such row; one total row at the end is enough."
        ),
    )
}

/// The sum of a column, if every row has a figure or a blank there.
fn sum(rows: &[TableRow], column: usize) -> Option<Number> {
    let mut sum = Number::ZERO;
    for row in rows {
        let cell = row.cells.get(column)?;
        match cell.value() {
            Some(Value::Number(figure)) => sum = sum.checked_add(*figure)?,
            Some(_) => return None,
            None if cell.state == CellState::Blank => {}
            None => return None,
        }
    }
    Some(sum)
}
