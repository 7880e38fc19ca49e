//! Unfilled forms and rows: a form sent back as it was handed out, and a row of last period that
//! the unit no longer has. A blank is not 0: how to report that there is nothing depends on the
//! form.

use std::sync::LazyLock;

use regex::Regex;

use super::context::{ReadCheck, ReadContext, ReadLog};
use crate::extract::locate::{figures, rows};
use crate::extract::table::{CellState, Table};
use crate::model::{CellAddress, Message, Severity};
use crate::schema::{Field, FieldType, Meaning};
use crate::text::normalise;
use crate::workbook::{Cell, Content};

/// Did the unit fill the cell? What the template writes itself does not count: formulas that give
/// nothing or 0 as long as nothing is typed, last period's figures and row names.
pub(super) fn is_answer(
    context: &ReadContext<'_>,
    cell: &Cell,
    field: &Field,
    row: Option<usize>,
    column: usize,
) -> bool {
    if context.form.opening(row, column).is_some() {
        return false;
    }
    match &cell.content {
        Content::Text(text)
            if row.is_none() && context.form.key_columns().any(|key| key == column) =>
        {
            !context.located.prepared.contains(&normalise(text))
        }
        _ if cell.formula.is_none() => true,
        _ if field.computed => false,
        // A unit may link its figures from sheets of its own.
        Content::Number(number) => *number != 0.0,
        Content::Text(_) | Content::Bool(_) | Content::Date(_) => true,
        Content::EmptyText | Content::Error(_) | Content::Uncached => false,
    }
}

/// Is this row of the sheet (from 0) a row of last period that the template named and nobody
/// filled, with nothing to carry over? Then the unit has no such row this time.
pub(super) fn is_untouched(context: &ReadContext<'_>, row: u32, key: &str) -> bool {
    let names = context.form.key_columns();
    let names = names.filter_map(|name| context.located.header.columns[name]);
    let names: Vec<u32> = names.collect();
    let nothing = |at: CellAddress| match context.sheet.cells.get(&at) {
        None => true,
        Some(cell) => cell.content == Content::EmptyText || cell.is_computed_zero(),
    };
    context.located.prepared.contains(&normalise(key))
        && addresses(context, row).all(|at| names.contains(&at.column) || nothing(at))
}

/// Does a row that the unit added say in its name that there is nothing to report, with no figure or
/// word beside it?
pub(super) fn says_nothing(context: &ReadContext<'_>, row: u32, key: &str) -> bool {
    let names = context.form.key_columns();
    let names = names.filter_map(|name| context.located.header.columns[name]);
    let names: Vec<u32> = names.collect();
    let is_nothing = |cell: &Cell| match &cell.content {
        Content::EmptyText => true,
        Content::Number(number) => *number == 0.0,
        Content::Text(text) => means_nothing(text),
        _ => false,
    };
    means_nothing(key)
        && addresses(context, row)
            .filter(|at| !names.contains(&at.column))
            .all(|at| context.sheet.cells.get(&at).is_none_or(is_nothing))
}

/// «Không phát sinh», «không có», 0 or a dash, as a clerk says that a list is empty.
pub(super) fn means_nothing(text: &str) -> bool {
    static NOTHING: LazyLock<Regex> = LazyLock::new(|| {
        const PERIOD: &str = "(?:trong )?(?:kỳ|tháng|quý|năm)(?: này| báo cáo)?";
        Regex::new(&format!(
            r"^[-–— (/*.:]*(?:[-–—]|0|(?:{PERIOD},? )?không(?: có)?(?: phát sinh)?(?: mới)?(?: {PERIOD})?)[- )/*.:]*$"
        ))
        .expect("the pattern is a constant")
    });
    // Dots and lines alone are what a blank prints to be written over.
    NOTHING.is_match(&normalise(text))
}

/// Id of the finding for a name without figures.
pub const BARE: &str = "dong-khong-so";
const BARE_ROW: ReadCheck = ReadCheck::structure(BARE, Severity::Warning);

/// In a table without ordinals, reports a row with a name and nothing else: it may be a heading,
/// which needs no figures, or a row that was not filled. Names that the template wrote are rows the
/// unit does not have this time.
pub(super) fn report_bare(context: &ReadContext<'_>, log: &mut ReadLog, row: u32, key: &str) {
    let name = context.form.key_column();
    let name = name.and_then(|name| context.located.header.columns[name]);
    let Some(column) = name.filter(|_| !context.located.prepared.contains(&normalise(key))) else {
        return;
    };
    let at = CellAddress::new(row, column);
    if context.sheet.merge_at(at).is_some() {
        return;
    }
    let message = Message::new(
        format!(
            "Dòng «{key}» chỉ có tên, không có số liệu, nên chưa được tính là một dòng của biểu. Nếu là một dòng thì hãy điền (không phát sinh thì ghi 0); nếu là tiêu đề của một nhóm thì để nguyên."
        ),
        format!(
            "Row `{key}` has a name and nothing else and was not read as a row. Fill it in if it is one; leave it if it is a heading."
        ),
    );
    log.report(context, BARE_ROW, Some(at), message);
}

/// Were figures typed that could not be read, because a column or row was not found or rows have no
/// names? Then other findings say so, and the form must not be reported as unfilled.
pub(super) fn has_lost_figures(context: &ReadContext<'_>, log: &ReadLog, table: &Table) -> bool {
    if table.incomplete {
        return true;
    }
    let is_error = |finding: &crate::model::Finding| finding.severity == Severity::Error;
    if !log.findings.iter().any(is_error) {
        return false;
    }
    let header = &context.located.header;
    let first = CellAddress::new(header.data, 0);
    let last = CellAddress::new(context.located.last, u32::MAX);
    let typed = context
        .sheet
        .cells
        .range(first..=last)
        .filter(|(at, cell)| {
            let column = header
                .columns
                .iter()
                .position(|own| *own == Some(at.column));
            let own = column.is_some_and(|column| context.form.opening(None, column).is_none());
            own && !log.seen.contains(at)
                && cell.formula.is_none()
                && figures::figure(cell).is_some()
        });
    typed.count() > 0
}

/// The form's cells in a row of the sheet, from 0.
pub(super) fn addresses(
    context: &ReadContext<'_>,
    row: u32,
) -> impl Iterator<Item = CellAddress> + use<> {
    let columns: Vec<u32> = context
        .located
        .header
        .columns
        .iter()
        .flatten()
        .copied()
        .collect();
    columns
        .into_iter()
        .map(move |column| CellAddress::new(row, column))
}

/// The message about an unfilled form; how to report that there is nothing depends on the form's
/// fields.
pub(super) fn not_filled(context: &ReadContext<'_>) -> Message {
    let form = context.form;
    let title = &form.file.title;
    let asks = |wanted: &dyn Fn(&Field) -> bool| {
        let rows = 0..form.file.rows.len().max(1);
        let mut columns = 0..form.file.columns.len();
        columns.any(|column| {
            let fields = rows.clone().filter_map(|row| form.field(Some(row), column));
            fields.filter(|field| !field.computed).any(wanted)
        })
    };
    let figures = asks(&|field| field.kind.is_numeric() && field.blank == Meaning::Missing);
    let marks = asks(&|field| field.kind == FieldType::Flag && field.khong == Meaning::No);
    let first = form.key_column().filter(|_| form.is_free());
    let header = &context.located.header;
    if let Some(column) = first.and_then(|key| header.columns[key]) {
        let row = rows::first(form, &context.texts, header, context.located.last);
        let at = CellAddress::new(row, column);
        return Message::new(
            format!(
                "Biểu «{title}» chưa điền dòng nào. Hãy điền biểu rồi gửi lại; không có gì để báo cáo thì ghi «không phát sinh» vào ô {at}."
            ),
            format!(
                "Form `{title}` has no row; fill it in, or write `không phát sinh` into cell {at} if there is nothing to report."
            ),
        );
    }
    let (vi, en) = match (figures, marks) {
        (false, true) => (
            "không có mục nào thì ghi: không",
            "write `không` if there is none",
        ),
        _ => (
            "nếu không phát sinh, ghi 0",
            "write 0 where there is nothing",
        ),
    };
    Message::new(
        format!("Biểu «{title}» chưa điền số liệu nào. Hãy điền biểu rồi gửi lại; {vi}."),
        format!("Form `{title}` is not filled; fill it in, {en}."),
    )
}

/// The table of an unfilled form with every cell absent, so that no rule is evaluated on what the
/// template wrote.
pub(super) fn unasked(mut table: Table) -> Table {
    table.total = None;
    if table.form.is_free() {
        table.rows.clear();
    }
    let cells = table.rows.iter_mut().flat_map(|row| &mut row.cells);
    for cell in cells.filter(|cell| cell.state != CellState::Absent) {
        cell.state = CellState::Unreadable;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_empty_however_a_clerk_says_so() {
        for text in [
            "không",
            "Không có.",
            "Không phát sinh",
            "(Không phát sinh trong kỳ)",
            "Trong kỳ không phát sinh",
            "Không phát sinh trong tháng",
            "Không phát sinh mới",
            "0",
            "-",
        ] {
            assert!(means_nothing(text), "{text}");
        }
        for text in [
            "...",
            "……",
            ". . .",
            "/",
            "",
            "Không gian mạng",
            "Ấp 3",
            "10",
            "Không phát sinh ở Ấp 3",
        ] {
            assert!(!means_nothing(text), "{text}");
        }
    }
}
