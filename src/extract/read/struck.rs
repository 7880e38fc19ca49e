//! Struck-out cells of a table. To a reader they are crossed out, so their figures are not used,
//! and a finding asks the unit whether they count.

use std::collections::BTreeMap;

use super::cell;
use super::context::{ReadCheck, ReadContext, ReadLog, listed};
use super::reading::{CellProblem, CellReading};
use crate::extract::given::said;
use crate::extract::locate::figures::holds_figures;
use crate::extract::table::Table;
use crate::model::value::{message, number_from_f64};
use crate::model::{CellAddress, Class, Message, Number, Severity, Value};
use crate::schema::{Aggregate, Field, FieldType};
use crate::workbook::{Cell, Content, Struck};

/// Id of the findings about what is struck out.
pub const STRUCK_OUT: &str = "so-bi-gach-ngang";
const STRUCK_ROW: ReadCheck = ReadCheck::new(STRUCK_OUT, Class::Parse, Severity::Error);

/// Is the whole cell struck out, so that its row is reported?
pub(super) fn is_whole(context: &ReadContext<'_>, address: CellAddress) -> bool {
    context.sheet.struck.get(&address) == Some(&Struck::Whole)
}

/// The reading of a cell of which some letters are struck out: a question, with what is left as the
/// likely figure. Any other cell is read as it is.
pub(super) fn with_struck_letters(
    context: &ReadContext<'_>,
    reading: CellReading,
    address: CellAddress,
    field: &Field,
) -> CellReading {
    let cell = context.sheet.cells.get(&address);
    let (Some(Struck::Part { out, left }), Some(cell)) = (context.sheet.struck.get(&address), cell)
    else {
        return reading;
    };
    let rest = Cell {
        content: Content::Text(left.clone()),
        ..cell.clone()
    };
    let meant = match cell::read(Some(&rest), field) {
        CellReading::Value(value) | CellReading::Noted(value) => Some(value),
        _ => None,
    };
    let whole = cell.text().unwrap_or_default().trim();
    let words = matches!(field.kind, FieldType::Text | FieldType::Code);
    let message = match (&meant, words) {
        (Some(meant), false) => message!(
            meant;
            "Ô ghi «{whole}», trong đó «{out}» bị gạch ngang, còn lại «{left}». Có phải {meant} không? Hãy xóa phần gạch ngang, chỉ để số đúng.",
            "The cell says `{whole}`, of which `{out}` is struck out. Is it {meant}? Delete what is struck out."
        ),
        _ => Message::new(
            format!(
                "Ô ghi «{whole}», trong đó «{out}» bị gạch ngang, còn lại «{left}». Hãy xóa phần gạch ngang, chỉ để nội dung đúng."
            ),
            format!(
                "The cell says `{whole}`, of which `{out}` is struck out. Delete what is struck out."
            ),
        ),
    };
    CellReading::Problem(Box::new(CellProblem {
        rule: STRUCK_OUT,
        class: Class::Parse,
        severity: if words {
            Severity::Warning
        } else {
            Severity::Error
        },
        found: Some(Value::Text(whole.to_owned())),
        usable: meant.clone().filter(|_| words),
        suggestion: meant,
        message,
    }))
}

/// One finding for each row with struck-out cells; it says whether the total row counts them.
pub(super) fn report_rows(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    let mut rows: BTreeMap<u32, Vec<CellAddress>> = BTreeMap::new();
    for address in &log.struck {
        rows.entry(address.row).or_default().push(*address);
    }
    let totals = against_total(context, log, table);
    for (row, cells) in rows {
        let Some(first) = cells.first().copied() else {
            continue;
        };
        let filled = context
            .sheet
            .cells
            .range(CellAddress::new(row, 0)..=CellAddress::new(row, u32::MAX));
        let whole = filled.clone().count() > 1
            && filled
                .filter(|(_, cell)| cell.content != Content::EmptyText)
                .all(|(at, _)| {
                    is_whole(context, *at) || Some(at.column) == context.located.header.ordinal
                });
        let (what_vi, what_en) = match (whole, cells.len()) {
            (true, _) => (
                format!("Cả dòng {} bị gạch ngang", row + 1),
                format!("Row {} is struck out", row + 1),
            ),
            (false, 1) => (
                format!("Ô ghi {} nhưng bị gạch ngang", shown(context, first)),
                format!("{} is struck out", shown(context, first)),
            ),
            (false, _) => (
                format!("Các ô {} bị gạch ngang", listed(&cells)),
                format!("{} are struck out", listed(&cells)),
            ),
        };
        let columns = context.located.header.columns.iter().enumerate();
        let figures = columns.filter(|(column, _)| holds_figures(context.form, *column));
        let figures: Vec<u32> = figures.filter_map(|(_, place)| *place).collect();
        let zero = match whole || cells.iter().any(|at| figures.contains(&at.column)) {
            true => " (không phát sinh thì ghi 0)",
            false => "",
        };
        let message = Message::new(
            format!(
                "{what_vi}, nên chưa được coi là số liệu.{} Nếu bỏ thì hãy xóa hẳn{zero}; nếu vẫn dùng thì hãy bỏ gạch ngang.",
                totals.vi
            ),
            format!(
                "{what_en} and not taken for figures.{} Delete what is not meant, or undo the striking out.",
                totals.en
            ),
        );
        log.report(context, STRUCK_ROW, Some(first), message);
    }
}

fn shown(context: &ReadContext<'_>, at: CellAddress) -> String {
    match context.sheet.cells.get(&at).map(|cell| &cell.content) {
        Some(Content::Number(number)) => number_from_f64(*number)
            .map_or(number.to_string(), |figure| {
                Value::Number(figure).to_string()
            }),
        Some(Content::Text(text)) => format!("«{}»", text.trim()),
        Some(Content::Date(moment)) => Value::Date(moment.date()).to_string(),
        Some(content) => said(content).unwrap_or_default(),
        None => String::new(),
    }
}

/// Whether the total row counts what is struck out, if all its columns agree.
fn against_total(context: &ReadContext<'_>, log: &ReadLog, table: &Table) -> Message {
    let unsaid = Message::new("", "");
    let Some(total) = &table.total else {
        return unsaid;
    };
    let mut verdicts = Vec::new();
    for (column, place) in context.located.header.columns.iter().enumerate() {
        let field = table.form.field(None, column);
        let adds =
            field.is_some_and(|field| field.kind.is_numeric() && field.aggregate == Aggregate::Sum);
        let total = total
            .cells
            .get(column)
            .and_then(|cell| cell.value()?.as_number());
        let (Some(place), Some(total), true) = (place, total, adds) else {
            continue;
        };
        let own = log.struck.iter().filter(|at| at.column == *place);
        let out: Option<Number> = own
            .filter_map(|at| match context.sheet.cells.get(at)?.content {
                Content::Number(number) => number_from_f64(number),
                _ => None,
            })
            .try_fold(Number::ZERO, |sum, figure| sum.checked_add(figure));
        let left: Option<Number> = table
            .rows
            .iter()
            .filter_map(|row| row.cells.get(column)?.value()?.as_number())
            .try_fold(Number::ZERO, |sum, figure| sum.checked_add(figure));
        if let (Some(out), Some(left)) = (out.filter(|out| !out.is_zero()), left) {
            verdicts.push((total == left, left.checked_add(out) == Some(total)));
        }
    }
    let all = |is: fn(&(bool, bool)) -> bool| !verdicts.is_empty() && verdicts.iter().all(is);
    if all(|(without, _)| *without) {
        return Message::new(
            " Dòng tổng không cộng phần bị gạch ngang.",
            " The total row leaves it out.",
        );
    }
    if all(|(_, with)| *with) {
        return Message::new(
            " Dòng tổng vẫn cộng cả phần bị gạch ngang.",
            " The total row counts it.",
        );
    }
    unsaid
}
