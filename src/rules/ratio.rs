//! A percentage must be its numerator divided by its denominator, at its declared decimals.
//!
//! What it does: computes numerator x 100 / denominator exactly and compares. Rounded as declared:
//! silent. Rounded the other way (truncated where half-up is declared, or the reverse): an info
//! finding, because the figure is right and printed unusually. Anything else: an error that shows
//! both operands.

use super::scope::{CellRef, Place, RowRef, RuleScope, UnitTables};
use crate::model::{Class, Finding, Message, Number, Severity, Value};
use crate::schema::evaluate::{number, round};
use crate::schema::field::Ratio;
use crate::schema::form::{BlankPolicy, Rounding};
use crate::schema::{Field, RowKind};

/// Id of the finding for a percentage that is not its ratio.
pub const WRONG: &str = "ty-le-sai";
/// Id of the finding for a percentage rounded otherwise than declared.
pub const OTHER_ROUNDING: &str = "ty-le-lam-tron-khac";

/// Checks every percentage of a unit's tables that declares its operands.
pub fn check(unit: &UnitTables<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (table, read) in unit.tables.iter().enumerate() {
        let rows = (0..read.rows.len()).map(RowRef::Row);
        let total = read.total.is_some().then_some(RowRef::Total);
        for row in rows.chain(total) {
            for column in 0..read.form.file.columns.len() {
                let form_row = match row {
                    RowRef::Row(row) if read.form.file.layout.rows == RowKind::Fixed => Some(row),
                    _ => None,
                };
                let Some(field) = read.form.field(form_row, column) else {
                    continue;
                };
                let Some(ratio) = &field.ratio else { continue };
                let at = CellRef { table, row, column };
                findings.extend(check_cell(unit, at, field, ratio, form_row.is_some()));
            }
        }
    }
    findings
}

fn check_cell(
    unit: &UnitTables<'_>,
    at: CellRef,
    field: &Field,
    ratio: &Ratio,
    fixed: bool,
) -> Option<Finding> {
    let table = &unit.tables[at.table];
    let cell = unit.cell(at)?;
    let typed = cell.value()?.as_number()?;
    let place = if fixed {
        Place::Column(at.column)
    } else {
        Place::Row(at.row)
    };
    let scope = RuleScope {
        unit,
        table: at.table,
        place,
        blank: BlankPolicy::SkipAny,
        suppose: None,
    };
    let (numerator, denominator) = (
        number(&ratio.numerator, &scope).ok()?,
        number(&ratio.denominator, &scope).ok()?,
    );
    let exact = percentage(numerator, denominator);
    let operands = format!(
        "{} : {}",
        Value::Number(numerator),
        Value::Number(denominator)
    );
    let label = super::explain::cell_label(at, unit);
    let (rule, severity, expected, mut message) = match exact {
        None if typed.is_zero() => return None,
        None => (
            WRONG,
            Severity::Error,
            None,
            Message::new(
                format!(
                    "{label} ghi {}, nhưng mẫu số bằng 0 ({operands}) nên không có tỷ lệ. Hãy để trống.",
                    Value::Number(typed)
                ),
                format!("{label} is {typed}, but the denominator is 0 ({operands})."),
            ),
        ),
        Some(exact) => judge(field, typed, exact, &operands, &label)?,
    };
    if rule == WRONG {
        for more in [
            taken_together(unit, at, typed),
            super::explain::overwritten(at, unit),
        ] {
            let more = more.unwrap_or(Message::new("", ""));
            message.vi.push_str(&more.vi);
            message.en.push_str(&more.en);
        }
    }
    let mut finding = Finding::new(rule, Class::Rule, severity, &table.file, message)
        .at(&table.sheet, cell.address?);
    finding.form = Some(table.form.id().into());
    finding.value = Some(Value::Number(typed));
    finding.difference = expected
        .and_then(|e| typed.checked_sub(e))
        .map(Value::Number);
    finding.expected = expected.map(Value::Number);
    Some(finding)
}

/// Percentages of the rows neither add up nor average to the percentage of the total; says so where
/// the total row holds just that.
fn taken_together(unit: &UnitTables<'_>, at: CellRef, typed: Number) -> Option<Message> {
    if at.row != RowRef::Total {
        return None;
    }
    let rows = unit.tables[at.table].rows.iter();
    let shares: Vec<Number> = rows
        .filter_map(|row| row.cells.get(at.column)?.value()?.as_number())
        .collect();
    if shares.len() < 2 {
        return None;
    }
    let sum = shares
        .iter()
        .try_fold(Number::ZERO, |sum, share| sum.checked_add(*share))?;
    let mean = sum.checked_div(Number::from(shares.len()))?;
    let near = |other: Number| round(other, typed.scale(), Rounding::HalfUp) == typed;
    let (vi, en) = if sum == typed {
        ("tổng các tỷ lệ", "the sum of the percentages")
    } else if near(mean) {
        (
            "trung bình cộng các tỷ lệ",
            "the plain mean of the percentages",
        )
    } else {
        return None;
    };
    Some(Message::new(
        format!(
            " Số này là {vi} ở các dòng trên; tỷ lệ không cộng, không lấy trung bình được, phải tính lại từ tử số và mẫu số của dòng tổng."
        ),
        format!(" It is {en} of the rows; compute it from the total's own operands."),
    ))
}

/// `numerator x 100 / denominator`; `None` if the denominator is 0.
pub fn percentage(numerator: Number, denominator: Number) -> Option<Number> {
    numerator
        .checked_mul(Number::ONE_HUNDRED)?
        .checked_div(denominator)
}

fn judge(
    field: &Field,
    typed: Number,
    exact: Number,
    operands: &str,
    label: &str,
) -> Option<(&'static str, Severity, Option<Number>, Message)> {
    let declared = round(exact, field.decimals, field.rounding);
    // A formula in the workbook holds more decimals than it shows; rounded, it must agree.
    if typed == declared
        || round(typed, field.decimals, field.rounding) == declared
            && typed.scale() > field.decimals
    {
        return None;
    }
    let (other, how_vi, how_en) = match field.rounding {
        Rounding::HalfUp => (
            Rounding::Truncate,
            "bị cắt bớt phần lẻ thay vì làm tròn",
            "truncated, not rounded",
        ),
        Rounding::Truncate => (
            Rounding::HalfUp,
            "được làm tròn thay vì cắt bớt phần lẻ",
            "rounded, not truncated",
        ),
    };
    let (typed_v, declared_v) = (Value::Number(typed), Value::Number(declared));
    if typed == round(exact, field.decimals, other) {
        let message = Message::new(
            format!(
                "{label} ghi {typed_v}: {how_vi}; làm tròn theo quy định của biểu là {declared_v} ({operands})."
            ),
            format!(
                "{label} is {typed_v}: {how_en}; as the form declares it is {declared_v} ({operands})."
            ),
        );
        return Some((OTHER_ROUNDING, Severity::Info, Some(declared), message));
    }
    let message = Message::new(
        format!(
            "{label} ghi {typed_v}%, nhưng {operands} = {declared_v}%. Hãy kiểm tra tỷ lệ và hai số dùng để tính."
        ),
        format!("{label} is {typed_v}%, but {operands} = {declared_v}%."),
    );
    Some((WRONG, Severity::Error, Some(declared), message))
}
