//! Ratios and averages without a figure. Where the denominator is 0 there is none, and any way
//! of writing that is accepted; where both operands of a ratio are given and the denominator is
//! not 0, a figure is required.

use super::blanks;
use super::context::{ReadCheck, ReadContext, ReadLog};
use super::shares::{computes_nothing, operands, place_of, row_at};
use crate::extract::table::{CellState, Table};
use crate::model::value::message;
use crate::model::{CellAddress, Class, Finding, Message, Number, Severity, Suspect, Value};
use crate::schema::Rule;
use crate::schema::checked::Origin;
use crate::schema::ratio::RatioCell;
use crate::text::normalise;
use crate::workbook::Content;

const NO_FIGURE: ReadCheck = ReadCheck::new(blanks::NO_FIGURE, Class::Type, Severity::Error);

/// Withdraws findings about ratios without a denominator, and reports those that were left
/// blank although both operands are given.
pub(super) fn settle(context: &ReadContext<'_>, log: &mut ReadLog, table: &mut Table) {
    let doubts: Vec<CellAddress> = log
        .findings
        .iter()
        .filter(|finding| says_none(finding))
        .filter_map(|finding| finding.cell)
        .collect();
    let is_divided = |finding: &&Finding| {
        finding.rule == "o-loi-cong-thuc"
            && finding.value == Some(Value::Text("#DIV/0!".to_owned()))
    };
    let divided = log.findings.iter().filter(is_divided);
    let divided: Vec<CellAddress> = divided.filter_map(|finding| finding.cell).collect();
    let blanks: Vec<CellAddress> = log.missing.iter().map(|one| one.address).collect();
    for address in doubts.into_iter().chain(blanks) {
        let Some((row, column)) = place_of(table, address) else {
            continue;
        };
        let has_none = match operands(table, row, column) {
            Some((_, denominator)) => denominator.is_zero(),
            None => divided.contains(&address) && computes_nothing(table, row, column),
        };
        if !has_none {
            continue;
        }
        let rows = table.rows.len();
        let target = match row == rows {
            true => table.total.as_mut(),
            false => table.rows.get_mut(row),
        };
        if let Some(cell) = target.and_then(|row| row.cells.get_mut(column)) {
            cell.state = CellState::Blank;
            log.missing.retain(|one| one.address != address);
            log.empty_results.retain(|at| *at != address);
            log.findings
                .retain(|finding| finding.cell != Some(address) || !says_none(finding));
        }
    }
    suggest(context, log, table);
    unfill(context, table);
    report_left_blank(context, log, table);
}

/// Suggests the quotient where a ratio cannot be read and both operands can.
fn suggest(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    for finding in &mut log.findings {
        let unread = finding.severity == Severity::Error && finding.review.suspects.is_empty();
        let Some(address) = finding.cell.filter(|_| unread) else {
            continue;
        };
        let quotient = || {
            let (row, column) = place_of(table, address)?;
            let of_row = row_at(table, row)?;
            let unreadable = of_row.cells.get(column)?.state == CellState::Unreadable;
            let of = table
                .form
                .ratio(of_row.row, column)
                .filter(|_| unreadable)?;
            of.of(operands(table, row, column)?)
        };
        if let Some(figure) = quotient() {
            let found = finding.value.clone();
            finding
                .review
                .suspects
                .push(quotient_there(context, address, found, figure));
        }
    }
}

/// That a cell should hold what its operands give.
fn quotient_there(
    context: &ReadContext<'_>,
    address: CellAddress,
    found: Option<Value>,
    figure: Number,
) -> Suspect {
    Suspect {
        sheet: context.sheet.name.clone(),
        cell: address,
        value: found,
        suggestion: Some(Value::Number(figure)),
        rank: 1,
        together: false,
        reason: Message::new("tử số chia mẫu số", "numerator divided by denominator"),
    }
}

/// Is the finding about a cell that expresses that there is no ratio (#DIV/0!, N/A...)?
fn says_none(finding: &Finding) -> bool {
    let Some(Value::Text(text)) = &finding.value else {
        return false;
    };
    match finding.rule.as_str() {
        "o-loi-cong-thuc" => matches!(text.as_str(), "#DIV/0!" | "#N/A"),
        "sai-kieu-du-lieu" => matches!(
            normalise(text).as_str(),
            "n/a"
                | "na"
                | "#n/a"
                | "#div/0!"
                | "-"
                | "--"
                | "---"
                | "–"
                | "—"
                | "không"
                | "không có"
                | "không có số liệu"
                | "không phát sinh"
                | "không xác định"
                | "không tính"
        ),
        _ => false,
    }
}

/// Makes ratios blank again that a form's «blank is 0» filled, where they have another figure: what
/// is wrong is then the blank cell, and no operand of it.
fn unfill(context: &ReadContext<'_>, table: &mut Table) {
    let mut blanks = Vec::new();
    for (index, row) in table.rows.iter().enumerate() {
        for (column, cell) in row.cells.iter().enumerate() {
            let shown = |at: CellAddress| context.sheet.cells.get(&at).map(|cell| &cell.content);
            let is_empty = |at| matches!(shown(at), None | Some(Content::EmptyText));
            let filled = cell.value() == Some(&Value::Number(Number::ZERO));
            let quotient = || {
                let operands = operands(table, index, column).filter(|(_, of)| !of.is_zero())?;
                table.form.ratio(row.row, column)?.of(operands)
            };
            if filled
                && cell.address.is_some_and(is_empty)
                && quotient().is_some_and(|q| !q.is_zero())
            {
                blanks.push((index, column));
            }
        }
    }
    for (index, column) in blanks {
        table.rows[index].cells[column].state = CellState::Blank;
    }
}

fn report_left_blank(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    let form = &table.form;
    let asked_in_total = |column: usize| {
        let is_it = |rule: &&Rule| matches!(rule.origin, Origin::Ratio { row: None, column: of } if of == column);
        form.rules
            .iter()
            .find(is_it)
            .is_some_and(|rule| form.asks_total(rule))
    };
    for (index, row) in table.rows.iter().chain(&table.total).enumerate() {
        let is_total = index == table.rows.len();
        for (column, cell) in row.cells.iter().enumerate() {
            let (CellState::Blank, Some(address)) = (&cell.state, cell.address) else {
                continue;
            };
            if is_total && !asked_in_total(column) {
                continue;
            }
            let known = log.missing.iter().any(|one| one.address == address);
            let Some((numerator, denominator)) =
                operands(table, index, column).filter(|(_, below)| !known && !below.is_zero())
            else {
                continue;
            };
            let Some(of) = table.form.ratio(row.row, column) else {
                continue;
            };
            let Some(ratio) = of.of((numerator, denominator)) else {
                continue;
            };
            let label = context.label(row.row, column, address);
            let operands = of.divided(numerator, denominator);
            log.findings
                .push(left_blank(context, address, &label, (&of, operands, ratio)));
        }
    }
}

fn left_blank(
    context: &ReadContext<'_>,
    address: CellAddress,
    label: &str,
    (of, operands, ratio): (&RatioCell<'_>, Message, Number),
) -> Finding {
    let (sign, noun) = (of.sign(), of.noun());
    let message = message!(
        operands, ratio, noun;
        "«{label}»: ô để trống, nhưng đã có tử số và mẫu số: {operands} = {ratio}{sign}. Hãy ghi {noun}; chỉ để trống khi mẫu số bằng 0.",
        "`{label}`: blank, although both operands are there: {operands} = {ratio}{sign}. Write the {noun}; leave it blank only where the denominator is 0."
    );
    let suspect = quotient_there(context, address, None, ratio);
    context
        .finding(NO_FIGURE, Some(address), message)
        .expected(Some(Value::Number(ratio)))
        .suspecting(vec![suspect])
}
