//! Puts a failed rule into a clerk's words: the cell, both sides with their figures and places.

use super::instance::{Instance, collect};
use super::rounding;
use super::scope::{CellRef, RowRef, RuleScope, UnitTables};
use crate::model::{Message, Number, Value};
use crate::schema::evaluate::{Scope, evaluate, number};
use crate::schema::expression::{Comparison, Expr, Function, Operator, Past};

/// The cell a failed rule is told at: the left side's, else the first this form has.
pub fn subject(instance: &Instance, unit: &UnitTables<'_>) -> Option<CellRef> {
    let placed = |at: &&CellRef| unit.cell(**at).is_some_and(|cell| cell.address.is_some());
    let own = |at: &&CellRef| at.table == instance.table;
    if let Some((left, ..)) = instance.rule.check.comparison() {
        let scope = instance.scope(unit, &[]);
        let mut cells = Vec::new();
        collect(left, false, &scope, &mut cells);
        if let Some(at) = cells.iter().filter(placed).find(own) {
            return Some(*at);
        }
    }
    instance
        .cells
        .iter()
        .filter(placed)
        .find(own)
        .or(instance.cells.iter().find(placed))
        .copied()
}

/// Left and right side of a failed comparison as figures, where they are figures.
pub fn sides(instance: &Instance, unit: &UnitTables<'_>) -> Option<(Number, Number)> {
    let (left, _, right) = instance.rule.check.comparison()?;
    let scope = instance.scope(unit, &[]);
    Some((number(left, &scope).ok()?, number(right, &scope).ok()?))
}

/// The message of a failed rule.
pub fn message(instance: &Instance, unit: &UnitTables<'_>) -> Message {
    let scope = instance.scope(unit, &[]);
    let why = instance
        .rule
        .message
        .as_deref()
        .map(|why| format!("{}. ", why.trim_end_matches('.')));
    let why = why.unwrap_or_default();
    let Some((left, comparison, right)) = instance.rule.check.comparison() else {
        return Message::new(
            format!("{why}Không đúng quy tắc: {}.", instance.rule.text),
            format!("{why}The rule does not hold: {}.", instance.rule.text),
        );
    };
    let (left_text, right_text) = (side(left, &scope), side(right, &scope));
    let (symbol_vi, symbol_en) = wanted(comparison);
    let (mut vi, mut en) = match single_cell(left, &scope) {
        Some(at) => {
            let found = evaluate(left, &scope).ok().flatten();
            let found_vi = found
                .as_ref()
                .map_or("để trống".to_owned(), |v| format!("ghi {v}"));
            let found_en = found
                .as_ref()
                .map_or("blank".to_owned(), ToString::to_string);
            let name = cell_label(at, unit);
            (
                format!("{why}{name} {found_vi}, {symbol_vi} {right_text}"),
                format!("{why}{name} is {found_en}, {symbol_en} {right_text}"),
            )
        }
        None => (
            format!("{why}{left_text} {symbol_vi} {right_text}"),
            format!("{why}{left_text} {symbol_en} {right_text}"),
        ),
    };
    if let (Some((l, r)), Comparison::Equal) = (sides(instance, unit), comparison)
        && let Some(difference) = l.checked_sub(r)
    {
        vi.push_str(&format!("; lệch {}", Value::Number(difference)));
        en.push_str(&format!("; off by {}", Value::Number(difference)));
        if let Some(slack) = rounding::slack(instance, unit).map(Value::Number) {
            vi.push_str(&format!(" (làm tròn chỉ có thể lệch đến {slack})"));
            en.push_str(&format!(" (rounding explains no more than {slack})"));
        }
    }
    vi.push('.');
    en.push('.');
    Message { vi, en }
}

/// What to add to a message about a cell whose formula was typed over.
pub fn overwritten(at: CellRef, unit: &UnitTables<'_>) -> Option<Message> {
    let address = unit.cell(at)?.address?;
    unit.tables[at.table].overwritten.contains(&address).then(|| {
        Message::new(
            " Trong mẫu ô này tự tính bằng công thức, đã bị gõ đè bằng số; hãy lấy lại công thức của mẫu.",
            " The template computes this cell; a typed figure took the formula's place.",
        )
    })
}

fn wanted(comparison: Comparison) -> (&'static str, &'static str) {
    match comparison {
        Comparison::Equal => ("phải bằng", "should equal"),
        Comparison::NotEqual => ("phải khác", "should differ from"),
        Comparison::Less => ("phải nhỏ hơn", "should be below"),
        Comparison::LessOrEqual => ("không được lớn hơn", "should be at most"),
        Comparison::Greater => ("phải lớn hơn", "should be above"),
        Comparison::GreaterOrEqual => ("không được nhỏ hơn", "should be at least"),
    }
}

fn single_cell(expr: &Expr, scope: &RuleScope<'_>) -> Option<CellRef> {
    let Expr::Name(name) = expr else { return None };
    match scope.cells(name, false).as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// «Tổng số», with the row where columns alone would not tell. The finding itself says the cell.
pub fn cell_label(at: CellRef, unit: &UnitTables<'_>) -> String {
    let table = &unit.tables[at.table];
    let row = unit.row(at);
    let label = match (at.row, row) {
        (RowRef::Total, _) => format!(
            "{} › {}",
            table.form.file.layout.total.as_deref().unwrap_or_default(),
            table.form.cell_label(None, at.column)
        ),
        (_, Some(row)) if row.row.is_none() => {
            format!("{} › {}", row.key, table.form.cell_label(None, at.column))
        }
        (_, row) => table
            .form
            .cell_label(row.and_then(|row| row.row), at.column),
    };
    format!("«{label}»")
}

/// One side of a comparison: its terms with their cells, and what they come to.
fn side(expr: &Expr, scope: &RuleScope<'_>) -> String {
    let terms = terms(expr, scope);
    let total = evaluate(expr, scope).ok().flatten();
    match (expr, total) {
        (Expr::Number(_) | Expr::Name(_) | Expr::Text(_) | Expr::Flag(_), _) | (_, None) => terms,
        (Expr::Call(function, _), Some(_)) if function.past().is_some() => terms,
        (_, Some(Value::Flag(flag))) => {
            format!("{} (vì {terms})", if flag { "«x»" } else { "để trống" })
        }
        (_, Some(total)) => format!("{total} (= {terms})"),
    }
}

/// The expression with figures and addresses in place of names.
fn terms(expr: &Expr, scope: &RuleScope<'_>) -> String {
    match expr {
        Expr::Number(number) => Value::Number(*number).to_string(),
        Expr::Text(text) => format!("«{text}»"),
        Expr::Flag(flag) => if *flag { "đúng" } else { "sai" }.to_owned(),
        Expr::Name(name) => match scope.cells(name, false).as_slice() {
            [one] => {
                let value = scope.value(name).ok().flatten();
                let value = value.map_or("trống".to_owned(), |value| value.to_string());
                format!("{value}{}", place(*one, scope))
            }
            _ => format!("«{name}»"),
        },
        Expr::Negate(inner) => format!("-{}", terms(inner, scope)),
        Expr::Binary(operator, left, right) => {
            let symbol = match operator {
                Operator::Multiply => "×",
                Operator::Divide => ":",
                other => other.symbol(),
            };
            format!("{} {symbol} {}", terms(left, scope), terms(right, scope))
        }
        Expr::Call(function, arguments) => match function.past() {
            Some(past) => past_text(past, expr, arguments, scope),
            None => fold_text(*function, arguments, scope),
        },
    }
}

/// "182 (số đã chốt kỳ trước)".
fn past_text(past: Past, expr: &Expr, arguments: &[Expr], scope: &RuleScope<'_>) -> String {
    let (closed, of) = closed_words(past);
    let value = evaluate(expr, scope).ok().flatten();
    match (value, arguments.first()) {
        (Some(value), _) => format!("{value} ({closed})"),
        (None, Some(Expr::Name(name))) => format!("{of} của «{name}»"),
        (None, _) => String::new(),
    }
}

/// What of the archive a figure is, and of a name when there is none.
fn closed_words(past: Past) -> (&'static str, &'static str) {
    match past {
        Past::Previous => ("số đã chốt kỳ trước", "kỳ trước"),
        Past::YearBefore => ("số cùng kỳ năm trước đã chốt", "cùng kỳ năm trước"),
        Past::YearToDate => (
            "lũy kế từ đầu năm đến hết kỳ trước đã chốt",
            "lũy kế từ đầu năm",
        ),
    }
}

/// "tổng cột «Trực tuyến»", "số ô «x» trong C9:C24".
fn fold_text(function: Function, arguments: &[Expr], scope: &RuleScope<'_>) -> String {
    let mut cells = Vec::new();
    arguments
        .iter()
        .for_each(|argument| collect(argument, true, scope, &mut cells));
    let addresses: Vec<_> = cells
        .iter()
        .filter_map(|at| scope.unit.cell(*at)?.address)
        .collect();
    let range = match (addresses.first(), addresses.last()) {
        (Some(first), Some(last)) if first != last => format!("{first}:{last}"),
        (Some(first), _) => first.to_string(),
        _ => String::new(),
    };
    let sheet = cells
        .first()
        .map(|at| scope.unit.tables[at.table].sheet.clone());
    let other = cells.first().is_some_and(|at| at.table != scope.table);
    let whence = match (sheet, other) {
        (Some(sheet), true) => format!("{range} trang «{sheet}»"),
        _ => range,
    };
    let closed = arguments.iter().find_map(|argument| match argument {
        Expr::Call(function, _) if cells.is_empty() => function.past(),
        _ => None,
    });
    if let (Function::Sum, Some(past)) = (function, closed) {
        return format!("tổng {}", closed_words(past).0);
    }
    match function {
        Function::Sum | Function::SumIfs => format!("tổng các ô {whence}"),
        Function::CountIf => format!("số ô đánh dấu trong {whence}"),
        Function::Count | Function::CountA => format!("số ô có ghi trong {whence}"),
        Function::Min => format!("số nhỏ nhất trong {whence}"),
        Function::Max => format!("số lớn nhất trong {whence}"),
        other => {
            let inner: Vec<String> = arguments.iter().map(|a| terms(a, scope)).collect();
            format!("{}({})", other.name(), inner.join("; "))
        }
    }
}

/// " (ô F6)", with the sheet if it is another one.
fn place(at: CellRef, scope: &RuleScope<'_>) -> String {
    let Some(address) = scope.unit.cell(at).and_then(|cell| cell.address) else {
        return String::new();
    };
    if at.table == scope.table {
        format!(" (ô {address})")
    } else {
        format!(
            " (ô {address} trang «{}»)",
            scope.unit.tables[at.table].sheet
        )
    }
}
