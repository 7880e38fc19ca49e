//! What clerks add to a table of their own: counts of marks, rows named "as above", labels
//! they cross out. None of it is a figure of the form, and each is told once.

use super::complain::NAMELESS;
use super::context::{ReadCheck, ReadContext, ReadLog, listed};
use super::struck;
use crate::extract::locate::figures;
use crate::extract::table::{CellState, Table};
use crate::model::value::{message, number_from_f64};
use crate::model::{CellAddress, Class, Message, Place, Severity, Value};
use crate::text::normalise;

const AS_ABOVE: ReadCheck = ReadCheck::structure("ten-dong-nhu-tren", Severity::Warning);
const MARKS_MISCOUNTED: ReadCheck = ReadCheck::structure("dem-dau-lech", Severity::Warning);
const STRUCK_LABEL: ReadCheck = ReadCheck::new(struck::STRUCK_OUT, Class::Parse, Severity::Error);

/// Asks for the names of rows that only say "as above": alone they name nothing, and last period's
/// row cannot be found by them.
pub(super) fn report_as_above(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    let key = context.form.key_column();
    let Some(column) = key.and_then(|key| context.located.header.columns[key]) else {
        return;
    };
    let cells: Vec<CellAddress> = table
        .rows
        .iter()
        .filter_map(|row| row.cells.iter().find_map(|cell| cell.address))
        .map(|at| CellAddress::new(at.row, column))
        .filter(|at| context.sheet.text_at(*at).is_some_and(says_as_above))
        .collect();
    let Some(first) = cells.first().copied() else {
        return;
    };
    let (count, list) = (cells.len(), listed(&cells));
    let message = message!(
        count;
        "{count} dòng chỉ ghi tên là «như trên» ({list}). Hãy ghi đủ tên từng dòng: tên dòng dùng để nối với kỳ trước và để liệt kê trong tổng hợp.",
        "{count} rows are only called `as above` ({list}). Write the name of each: rows are continued from last period and listed by their names."
    );
    log.report(context, AS_ABOVE, Some(first), message);
}

/// `-nt-`, «như trên», `"`, `-//-`.
fn says_as_above(text: &str) -> bool {
    let plain = normalise(text);
    let bare: String = plain.chars().filter(|c| !"-–. ()*".contains(*c)).collect();
    // Without dashes it may be somebody's abbreviation.
    (bare == "nt" && plain != "nt")
        || matches!(
            bare.as_str(),
            "nhưtrên" | "nhưdòngtrên" | "\"" | "\"\"" | "''" | "//" | "〃"
        )
}

/// Asks about counts of marks typed into the total row that are not the number of marks.
pub(super) fn report_marks_miscounted(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    for (at, column) in std::mem::take(&mut log.mark_counts) {
        let cell = context.sheet.cells.get(&at);
        let typed = cell
            .filter(|cell| cell.formula.is_none())
            .and_then(figures::any_figure);
        let Some(typed) = typed.and_then(number_from_f64) else {
            continue;
        };
        let marks = table.rows.iter().filter(|row| {
            let cell = row.cells.get(column);
            cell.is_some_and(|cell| cell.value() == Some(&Value::Flag(true)))
        });
        let marks = marks.count();
        if typed == crate::model::Number::from(marks) {
            continue;
        }
        let label = context.form.cell_label(None, column);
        let message = message!(
            typed, marks;
            "Dòng tổng ghi {typed} ở cột «{label}», nhưng cột này có {marks} dấu. Số đếm ở dòng tổng không vào tổng hợp; hãy xem lại các dấu, rồi sửa hoặc xóa số đếm.",
            "The total row says {typed} in column `{label}`, which has {marks} marks. The count in the total row is not consolidated; look at the marks, then correct or delete the count."
        );
        // A mark that cannot be read, or is in no row, is told by itself.
        let unread = table.rows.iter().find_map(|row| {
            let cell = row.cells.get(column)?;
            cell.address.filter(|_| cell.state == CellState::Unreadable)
        });
        let nowhere = || {
            let nameless = log.findings.iter().filter(|one| one.rule == NAMELESS);
            let marked = |row: u32| {
                let mark = CellAddress::new(row, at.column);
                context.sheet.cells.contains_key(&mark)
            };
            let mut cells = nameless.filter_map(|one| one.cell);
            cells.find(|cell| marked(cell.row))
        };
        let cause = unread.or_else(nowhere).map(|cell| Place {
            sheet: context.sheet.name.clone(),
            cell,
        });
        let finding = context.finding(MARKS_MISCOUNTED, Some(at), message);
        let finding = finding.value(Some(Value::Number(typed)));
        log.findings.push(finding.caused_by(cause));
    }
}

/// Asks about fixed rows whose label is crossed out while their figures are not.
pub(super) fn report_struck_labels(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    let Some(column) = context.located.header.label else {
        return;
    };
    for row in &table.rows {
        let Some(i) = row.row else { continue };
        let filled = row.cells.iter().filter(|cell| cell.value().is_some());
        let Some(first) = filled.filter_map(|cell| cell.address).next() else {
            continue;
        };
        let at = CellAddress::new(first.row, column);
        let told = log.struck.iter().any(|struck| struck.row == first.row);
        if told || !struck::is_whole(context, at) {
            continue;
        }
        let label = context.form.row_label(i);
        let message = Message::new(
            format!(
                "Nhãn dòng «{label}» bị gạch ngang nhưng số liệu của dòng thì không. Nếu dòng vẫn báo cáo, hãy bỏ gạch ngang; nếu không phát sinh thì ghi 0."
            ),
            format!(
                "The label of row `{label}` is struck out, its figures are not. If the row is reported, undo the striking out; if there is nothing to report, write 0."
            ),
        );
        log.report(context, STRUCK_LABEL, Some(at), message);
    }
}

#[cfg(test)]
mod tests {
    use super::says_as_above;

    #[test]
    fn as_above_is_known_however_it_is_written() {
        for text in [
            "-nt-",
            "Như trên",
            "- nt -",
            "(như trên)",
            "\"",
            "-//-",
            "”",
        ] {
            assert!(says_as_above(text), "{text}");
        }
        for text in ["NT2", "NT", "Nhà trẻ", "Như trên núi", "-", ""] {
            assert!(!says_as_above(text), "{text}");
        }
    }
}
