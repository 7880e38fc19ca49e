//! Figures in a table's columns that belong to no row of the form.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use regex::Regex;

use super::complain::shown;
use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::extract::locate::figures;
use crate::model::value::{echoed, message, number_from_f64};
use crate::model::{CellAddress, Severity, Value};

const STRAY: ReadCheck = ReadCheck::structure("so-ngoai-bang", Severity::Warning);
const ROW_OUTSIDE: ReadCheck = ReadCheck::structure("dong-ngoai-bieu", Severity::Error);

/// A row this far below the last one of the table is still seen as part of it: one blank row may
/// lie between.
const REACH: u32 = 2;
/// So is one this far below that is filled in every column of figures, as a row that a unit adds to
/// a list behind its total.
const REACH_OF_WHOLE: u32 = 6;

/// Reports figures that no row of the form holds: a named row that is filled as rows of the table
/// are is one error, any other figure a warning.
pub(super) fn report_strays(context: &ReadContext<'_>, log: &mut ReadLog) {
    let mut reach = log.seen.iter().map(|at| at.row).max().unwrap_or(0);
    for (row, figures) in strays(context, log) {
        let whole = context.form.is_free() && has_columns(context, &figures, 1);
        let far = if whole { REACH_OF_WHOLE } else { REACH };
        let near = row <= reach.saturating_add(far);
        let near = near && figures.iter().any(|(_, figure)| *figure != 0.0);
        match name(context, row).filter(|_| near && has_columns(context, &figures, 2)) {
            Some(name) => {
                reach = reach.max(row);
                report_row(context, log, &figures, &name);
            }
            None => {
                for (address, number) in figures {
                    report_figure(context, log, address, number);
                }
            }
        }
    }
}

/// The figures of each row of the sheet (from 0) that were not read.
fn strays(context: &ReadContext<'_>, log: &ReadLog) -> BTreeMap<u32, Vec<(CellAddress, f64)>> {
    let places = context.located.header.columns.iter().enumerate();
    let columns: HashMap<u32, usize> = places
        .filter_map(|(column, place)| Some(((*place)?, column)))
        .collect();
    let first = CellAddress::new(context.located.header.data, 0);
    let last = CellAddress::new(context.located.last, u32::MAX);
    let unread = context.sheet.cells.range(first..=last);
    let unread = unread.filter(|(address, _)| !log.seen.contains(address));
    let mut rows: BTreeMap<u32, Vec<(CellAddress, f64)>> = BTreeMap::new();
    for (address, cell) in unread {
        let column = columns.get(&address.column);
        let figure = column.and_then(|column| figures::typed_figure(context.form, *column, cell));
        if let Some(figure) = figure {
            rows.entry(address.row)
                .or_default()
                .push((*address, figure));
        }
    }
    rows
}

/// What a row outside the form is called; none if it says that it is a sum, a part of another row
/// or a note.
fn name(context: &ReadContext<'_>, row: u32) -> Option<String> {
    static NO_ROW: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"^(?:[-–+*(]|tổng|cộng|trong đó|ghi chú|lưu ý|ngày |năm |tháng |quý |kỳ |cùng kỳ|lũy kế|luỹ kế|số liệu|kiểm tra|đối chiếu|chênh lệch|so sánh|so với|tăng|giảm|tỷ |tỉ |bình quân|định mức|dự toán|kế hoạch|ước |còn lại|người |thủ trưởng)",
        )
        .expect("the pattern is a constant")
    });
    let header = &context.located.header;
    let key = context.form.key_column();
    let column = header.label.or(key.and_then(|key| header.columns[key]))?;
    let at = CellAddress::new(row, column);
    let text = context.sheet.text_at(at)?;
    let words = text.chars().any(char::is_alphabetic);
    let plain = context.texts.own(row, column)?;
    (words && !NO_ROW.is_match(plain)).then(|| echoed(text))
}

/// Has the row figures in at least one of so many columns of figures?
fn has_columns(context: &ReadContext<'_>, figures: &[(CellAddress, f64)], one_of: usize) -> bool {
    let rows = 0..context.form.file.rows.len().max(1);
    let columns = 0..context.form.file.columns.len();
    let numeric = columns.filter(|column| {
        let mut fields = rows
            .clone()
            .filter_map(|row| context.form.field(Some(row), *column));
        fields.any(|field| field.kind.is_numeric())
    });
    figures.len() * one_of >= numeric.count().max(1)
}

fn report_row(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    figures: &[(CellAddress, f64)],
    name: &str,
) {
    let Some((first, number)) = figures.first() else {
        return;
    };
    let (row, count) = (first.row.saturating_add(1), figures.len());
    let message = message!(
        count;
        "Dòng {row} («{name}») có {count} số nhưng nằm ngoài các dòng của biểu, nên không được tính. Nếu là số liệu của biểu, hãy chuyển vào đúng dòng; nếu không, hãy xóa dòng này khỏi bảng.",
        "Row {row} (`{name}`) has {count} figures but is none of the form's rows, so they are not counted. If they belong to the form, move them to their row; else delete this row from the table."
    );
    let value = number_from_f64(*number).map(Value::Number);
    log.report_value(context, ROW_OUTSIDE, *first, value, message);
}

fn report_figure(context: &ReadContext<'_>, log: &mut ReadLog, address: CellAddress, number: f64) {
    let value = number_from_f64(number).map(Value::Number);
    let shown = shown(number);
    let message = message!(
        shown;
        "Số {shown} nằm ngoài các dòng của biểu, không được tính. Nếu là số liệu, hãy chuyển vào đúng ô; nếu thừa, hãy xóa.",
        "{shown} is outside the form's rows and is not counted. If it is a figure of the form, move it to its cell; else delete it."
    );
    log.report_value(context, STRAY, address, value, message);
}
