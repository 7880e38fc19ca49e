//! Cells that the office filled in its own template before it was sent: locked figures that a
//! unit's file shows differently are asked about.

use super::context::{Changed, ReadCheck, ReadContext, ReadLog};
use crate::extract::given::said;
use crate::model::value::number_from_f64;
use crate::model::{CellAddress, Class, Message, Severity, Value};
use crate::text::normalise;
use crate::workbook::Cell;

const CHANGED: ReadCheck = ReadCheck::new("so-cua-mau-bi-doi", Class::Structure, Severity::Warning);

/// Is the cell as the office has filled it? `row`, `column`: of the form file, from 0; `row` is `None`
/// in rows that units add. Remembers locked figures that are not.
pub(super) fn is_as_given(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    cell: Option<&Cell>,
    (row, column): (Option<usize>, usize),
    at: CellAddress,
) -> bool {
    let Some(says) = given(context, row, column, at) else {
        return false;
    };
    let now = cell.and_then(|cell| said(&cell.content));
    let is_same = now.as_deref() == Some(says);
    if let (false, Some(_), Ok(given)) = (is_same, row, says.parse()) {
        let label = context.label(row, column, at);
        log.changed.push(Changed { at, label, given });
    }
    is_same
}

/// What the office has put into a cell.
fn given<'a>(
    context: &'a ReadContext<'_>,
    row: Option<usize>,
    column: usize,
    at: CellAddress,
) -> Option<&'a str> {
    let given = &context.located.given;
    if given.is_empty() {
        return None;
    }
    let named = || {
        let key = context.form.key_column()?;
        let place = context.located.header.columns[key]?;
        let name = context.sheet.text_at(CellAddress::new(at.row, place))?;
        Some(normalise(name))
    };
    let file = &context.form.file;
    let row = match row {
        Some(row) => file.rows.get(row)?.id.get_ref().clone(),
        None => named()?,
    };
    let place = (
        row.as_str(),
        file.columns.get(column)?.id.get_ref().as_str(),
    );
    let at = given.partition_point(|given| given.place() < place);
    let given = given.get(at).filter(|given| given.place() == place)?;
    Some(&given.says)
}

/// Asks about figures of the template that were changed.
pub(super) fn report_changed(context: &ReadContext<'_>, log: &mut ReadLog) {
    for Changed { at, label, given } in std::mem::take(&mut log.changed) {
        let Some(given) = number_from_f64(given) else {
            continue;
        };
        let given = Value::Number(given);
        let cell = context.sheet.cells.get(&at);
        let now = cell.and_then(|cell| match &cell.content {
            crate::workbook::Content::Number(now) => number_from_f64(*now).map(Value::Number),
            crate::workbook::Content::Text(now) => Some(Value::Text(now.trim().to_owned())),
            _ => None,
        });
        let (vi, en) = match &now {
            Some(now) => (format!("tệp ghi {now}"), format!("the file says {now}")),
            None => (
                "trong tệp ô này để trống".to_owned(),
                "the cell is blank".to_owned(),
            ),
        };
        let message = Message::new(
            format!(
                "«{label}»: mẫu của cơ quan ghi sẵn {given} và khóa ô này, nhưng {vi}. Nếu số của mẫu đúng thì ghi lại số ấy; nếu số của mẫu nay đã khác thì giải trình."
            ),
            format!(
                "`{label}`: the office's template has {given} in this locked cell, but {en}. Put the figure of the template back, or explain why it is another now."
            ),
        );
        let finding = context.finding(CHANGED, Some(at), message);
        log.findings.push(finding.value(now).expected(Some(given)));
    }
}
