//! A percentage must be its numerator divided by its denominator, at its declared decimals.
//!
//! What it does: computes numerator x 100 / denominator exactly and compares. Rounded as declared:
//! silent. Rounded the other way (truncated where half-up is declared, or the reverse): an info
//! finding, because the figure is right and printed unusually. Anything else: an error that shows
//! both operands.

use super::page::Page;
use super::scope::{CellRef, Place, RowRef, RuleScope, UnitTables};
use super::tally::{Lack, Tallies};
use crate::extract::CellState;
use crate::model::{Class, Finding, Message, Number, Severity, Value};
use crate::schema::evaluate::{number, round};
use crate::schema::field::Ratio;
use crate::schema::form::{BlankPolicy, Rounding};
use crate::schema::{Field, RowKind};

/// Id of the finding for a percentage that is not its ratio.
pub const WRONG: &str = "ty-le-sai";
/// Id of the finding for a percentage rounded otherwise than declared.
pub const OTHER_ROUNDING: &str = "ty-le-lam-tron-khac";

/// The page of the user guide about percentages.
pub const PAGE: Page = Page {
    title: "Tỷ lệ khác tử số chia mẫu số",
    rules: &[(WRONG, "lỗi"), (OTHER_ROUNDING, "ghi chú")],
    what: "Tính lại tỷ lệ từ tử số và mẫu số đã khai, làm tròn như biểu khai, rồi so với số đã ghi. Mẫu số bằng 0 thì ô phải để trống hoặc ghi 0. Dòng tổng cộng các tỷ lệ hay lấy trung bình thì nói rõ.",
    why: "Tỷ lệ thường được chép từ chỗ khác hoặc tính trước khi sửa số liệu, nên lệch với chính hai số bên cạnh. Tỷ lệ toàn tỉnh luôn được tính lại từ tử số, mẫu số đã cộng.",
    parameters: "```toml\ntype = \"percent\"\ndecimals = 2            # mặc định 2\nrounding = \"half-up\"    # mặc định; \"truncate\" là cắt bớt\nnumerator = \"nu\"\ndenominator = \"so_nguoi\"\n```",
    example: "20 trên 45 là 44,44%. Ghi 44,4 hay 45 là lỗi; ghi 44,45 cũng là lỗi. Với 66 trên 124 (53,2258...), ghi 53,22 chỉ là ghi chú: bị cắt bớt thay vì làm tròn thành 53,23.",
    clerk: "«Tỷ lệ nữ (%)» ghi 45%, nhưng 20 : 45 = 44,44%. Cán bộ sửa tỷ lệ, hoặc sửa một trong hai số dùng để tính.",
};

/// Checks every percentage of a unit's tables that declares its operands.
pub fn check(unit: &UnitTables<'_>, tallies: &mut Tallies) -> Vec<Finding> {
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
                let answer = check_cell(unit, at, field, ratio, form_row.is_some());
                if let Some(answer) = answer {
                    let counted = answer.as_ref().map(Option::is_none).map_err(|lack| *lack);
                    tallies.count(read.form.id(), WRONG, counted);
                    findings.extend(answer.ok().flatten());
                }
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
) -> Option<Result<Option<Finding>, Lack>> {
    let cell = unit.cell(at)?;
    let typed = match &cell.state {
        CellState::Absent => return None,
        CellState::Unreadable => return Some(Err(Lack::Unreadable)),
        CellState::Blank => return Some(Err(Lack::Blank)),
        CellState::Value(value) => value.as_number()?,
    };
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
    let operands = [&ratio.numerator, &ratio.denominator].map(|of| number(of, &scope));
    let [Ok(numerator), Ok(denominator)] = operands else {
        return Some(Err(Lack::Blank));
    };
    Some(Ok(judge_cell(
        unit,
        at,
        field,
        typed,
        numerator,
        denominator,
    )))
}

fn judge_cell(
    unit: &UnitTables<'_>,
    at: CellRef,
    field: &Field,
    typed: Number,
    numerator: Number,
    denominator: Number,
) -> Option<Finding> {
    let table = &unit.tables[at.table];
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
        .at(&table.sheet, unit.cell(at)?.address?);
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

#[cfg(test)]
mod tests {
    use super::super::testing::{check, form, table, with_total};
    use super::*;

    fn told(tu: &str, mau: &str, percent: &str) -> Vec<(String, String)> {
        let form = share("");
        let told = check(&[table(&form, &[&["a", tu, mau, percent]])], None).into_iter();
        told.map(|told| (told.rule, told.vi)).collect()
    }

    fn share(total: &str) -> std::sync::Arc<crate::schema::Form> {
        let rest = format!(
            "{total}[defaults]\ntype = \"count\"\n\
             [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
             [[column]]\nid = \"tu\"\nlabel = \"Đạt\"\n[[column]]\nid = \"mau\"\nlabel = \"Tổng\"\n\
             [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\nnumerator = \"tu\"\ndenominator = \"mau\"\n"
        );
        form("abc", "free", &rest)
    }

    #[test]
    fn a_percentage_is_computed_anew_from_its_operands() {
        assert_eq!(told("66", "124", "53.23"), []);
        let cut = &told("66", "124", "53.22")[0];
        assert_eq!(cut.0, OTHER_ROUNDING);
        assert!(cut.1.contains("cắt bớt"), "{}", cut.1);
        assert_eq!(told("20", "45", "44.4")[0].0, WRONG);
        let glued = &told("662", "124", "53.22")[0];
        assert_eq!(glued.0, WRONG);
        assert!(glued.1.contains("662 : 124"), "{}", glued.1);
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        assert_eq!(told("0", "0", "0"), []);
        assert_eq!(told("0", "0", ""), []);
        let some = &told("0", "0", "100")[0];
        assert!(some.1.contains("mẫu số bằng 0"), "{}", some.1);
    }

    #[test]
    fn percentages_added_up_or_averaged_in_the_total_row_are_told_as_such() {
        let form = share("total = \"Tổng cộng\"\n");
        let rows: [&[&str]; 2] = [&["a", "1", "2", "50"], &["b", "1", "4", "25"]];
        for (total, part) in [("75", "cộng"), ("37.5", "trung bình")] {
            let table = with_total(table(&form, &rows), &["", "2", "6", total]);
            let told = check(&[table], None);
            assert_eq!(told[0].rule, WRONG, "{told:#?}");
            assert!(told[0].vi.contains(part), "{}", told[0].vi);
        }
    }
}
