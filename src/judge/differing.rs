//! Two files of one unit in one round: the newer counts, and what differs between them is reported,
//! because nobody said that the older one is withdrawn.

use std::collections::HashMap;

use super::receive::Received;
use crate::extract::{CellState, Table, TableCell, TableRow};
use crate::model::{Class, Finding, Message, ReportingUnit, Severity};

/// Cells named in a note.
const NAMED: usize = 5;

/// The note at the newer of two files of one round whose figures of a form differ.
pub(super) fn note(
    newer: &Received,
    older: &Received,
    form: &str,
    unit: &ReportingUnit,
) -> Option<Finding> {
    let folder = |file: &Received| {
        let folder = file.submission.file.rsplit_once(['/', '\\']);
        folder.map(|(folder, _)| folder.to_owned())
    };
    if newer.submission.round != older.submission.round || folder(newer) != folder(older) {
        return None;
    }
    let table = |file: &'_ Received| {
        let mut tables = file.tables.iter().map(|(table, _)| table);
        tables.find(|table| table.form.id() == form).cloned()
    };
    let (new, old) = (table(newer)?, table(older)?);
    let changes = changes(&new, &old);
    let first = changes.first()?;
    let count = changes.len();
    let shown: Vec<&str> = changes.iter().take(NAMED).map(|one| &*one.text).collect();
    let more = if count > NAMED { "..." } else { "" };
    let (shown, other) = (shown.join("; "), &older.submission.file);
    let message = Message::new(
        format!(
            "{} gửi hai tệp trong cùng một lần gửi. Tệp này lưu sau nên được tính; tệp «{other}» không tính. Hai tệp khác nhau {count} ô (trước → sau): {shown}{more}. Nếu tệp kia mới là bản đúng, hãy gửi lại tệp đó ở lần gửi sau.",
            unit.name
        ),
        format!(
            "{} sent two files in one round. This one was saved later and counts; `{other}` does not. {count} cells differ (before → after): {shown}{more}.",
            unit.name
        ),
    );
    let rule = "hai-tep-khac-so";
    let finding = Finding::new(
        rule,
        Class::Roster,
        Severity::Info,
        &newer.submission.file,
        message,
    )
    .of_unit(&unit.code)
    .of_form(form);
    Some(match first.cell {
        Some(cell) => finding.at(&new.sheet, cell),
        None => finding.on(&new.sheet),
    })
}

/// Have two tables of one form the same figures?
pub(super) fn same(one: &Table, other: &Table) -> bool {
    changes(one, other).is_empty() && changes(other, one).is_empty()
}

/// The note at one of two files of which nobody knows the newer, and whose figures are the same.
pub(super) fn same_note(counts: &Received, other: &Received, unit: &ReportingUnit) -> Finding {
    let (file, other) = (&counts.submission.file, &other.submission.file);
    let message = Message::new(
        format!(
            "{} gửi hai tệp có số liệu giống nhau: tệp này được tính, tệp «{other}» không tính lần nữa.",
            unit.name
        ),
        format!(
            "{} sent two files with the same figures: this one counts, `{other}` is not counted again.",
            unit.name
        ),
    );
    let (rule, class) = ("hai-tep-giong-so", Class::Roster);
    let finding = Finding::new(rule, class, Severity::Info, file, message);
    finding.of_unit(&unit.code)
}

struct DifferingCell {
    cell: Option<crate::model::CellAddress>,
    text: String,
}

/// What differs, in the order of the newer table, then rows that only the older one has.
fn changes(new: &Table, old: &Table) -> Vec<DifferingCell> {
    let before: HashMap<&str, &TableRow> = old.rows.iter().map(|row| (&*row.key, row)).collect();
    let after: HashMap<&str, &TableRow> = new.rows.iter().map(|row| (&*row.key, row)).collect();
    let mut changes = Vec::new();
    for row in &new.rows {
        let own = before.get(&*row.key);
        for (column, cell) in row.cells.iter().enumerate() {
            let was = own.and_then(|row| row.cells.get(column));
            if was.is_some_and(|was| was.state == cell.state) || own.is_none() && blank(cell) {
                continue;
            }
            let place = cell.address.map_or(String::new(), |at| format!("ô {at} "));
            let before = was.map_or("không có".to_owned(), said);
            changes.push(DifferingCell {
                cell: cell.address,
                text: format!("{place}{before} → {}", said(cell)),
            });
        }
    }
    let gone = old.rows.iter().filter(|row| !after.contains_key(&*row.key));
    changes.extend(gone.map(|row| DifferingCell {
        cell: None,
        text: format!("dòng «{}» → không có", row.key),
    }));
    changes
}

fn blank(cell: &TableCell) -> bool {
    matches!(cell.state, CellState::Blank | CellState::Absent)
}

fn said(cell: &TableCell) -> String {
    match &cell.state {
        CellState::Value(value) => value.to_string(),
        CellState::Blank | CellState::Absent => "trống".to_owned(),
        CellState::Unreadable => "không đọc được".to_owned(),
    }
}
