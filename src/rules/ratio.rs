//! A percentage must be its numerator divided by its denominator, at its declared decimals.
//!
//! What it does: computes numerator x 100 / denominator exactly and compares. Rounded as declared:
//! silent. Rounded the other way (truncated where half-up is declared, or the reverse): an info
//! finding, because the figure is right and printed unusually. Anything else: an error that shows
//! both operands.

use super::instance::{Verdict, collect};
use super::page::Page;
use super::scope::{CellRef, Place, RowRef, RuleScope, Supposed, UnitTables};
use super::tally::{Lack, Tallies};
use crate::extract::CellState;
use crate::model::value::message;
use crate::model::{Class, Finding, Message, Number, Severity, Value};
use crate::schema::evaluate::{number, round};
use crate::schema::field::Ratio;
use crate::schema::form::{BlankPolicy, Rounding};
use crate::schema::{Field, RowKind, RuleScope as FormScope};

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

/// A percentage that declares its operands, at its place.
pub struct Asked<'a> {
    /// The percentage.
    pub at: CellRef,
    field: &'a Field,
    ratio: &'a Ratio,
    place: Place,
}

/// Every percentage of a unit's tables that declares its operands.
pub fn all<'a>(unit: &'a UnitTables<'_>) -> Vec<Asked<'a>> {
    let mut asked = Vec::new();
    for (table, read) in unit.tables.iter().enumerate() {
        let rows = (0..read.rows.len()).map(RowRef::Row);
        let total = read.total.is_some().then_some(RowRef::Total);
        for row in rows.chain(total) {
            for column in 0..read.form.file.columns.len() {
                let at = CellRef { table, row, column };
                let Some(field) = unit.field(at) else {
                    continue;
                };
                let Some(ratio) = &field.ratio else { continue };
                let fixed = read.form.file.layout.rows == RowKind::Fixed;
                let place = match read.form.ratio_scope(ratio) {
                    FormScope::EachColumn if fixed && row != RowRef::Total => Place::Column(column),
                    _ => Place::Row(row),
                };
                asked.push(Asked {
                    at,
                    field,
                    ratio,
                    place,
                });
            }
        }
    }
    asked
}

impl Asked<'_> {
    /// Every cell it reads, the percentage first.
    pub fn cells(&self, unit: &UnitTables<'_>) -> Vec<CellRef> {
        let scope = self.scope(unit, &[]);
        let mut cells = vec![self.at];
        collect(&self.ratio.numerator, false, &scope, &mut cells);
        collect(&self.ratio.denominator, false, &scope, &mut cells);
        cells
    }

    /// Does it hold, whichever way it was rounded? Says nothing where a figure is not there.
    pub fn ask(&self, unit: &UnitTables<'_>, suppose: Supposed<'_>) -> Verdict {
        let supposed = suppose.iter().find(|(at, _)| *at == self.at);
        let typed = match supposed {
            Some((_, value)) => value.as_number(),
            None => unit.figure(self.at),
        };
        let (Some(typed), Some((numerator, denominator))) = (typed, self.operands(unit, suppose))
        else {
            return Verdict::Missing(Lack::Blank);
        };
        let wrong = match percentage(numerator, denominator) {
            None => !typed.is_zero(),
            Some(exact) => {
                let unsaid = Message::new("", "");
                let judged = judge(self.field, typed, exact, &unsaid, "");
                judged.is_some_and(|(rule, ..)| rule == WRONG)
            }
        };
        if wrong { Verdict::Fail } else { Verdict::Pass }
    }

    /// What the percentage should be, as declared; `None` where the denominator is 0.
    pub fn expected(&self, unit: &UnitTables<'_>, suppose: Supposed<'_>) -> Option<Number> {
        let (numerator, denominator) = self.operands(unit, suppose)?;
        let exact = percentage(numerator, denominator)?;
        Some(round(exact, self.field.decimals, self.field.rounding))
    }

    /// By how much the numerator alone, and the denominator alone, would have to differ for the
    /// percentage to be right: near enough, to be rounded as their cells are.
    pub fn moves(&self, unit: &UnitTables<'_>, suppose: Supposed<'_>) -> Vec<Number> {
        let moves = || {
            let typed = unit.figure(self.at)?;
            let (numerator, denominator) = self.operands(unit, suppose)?;
            let above = typed
                .checked_mul(denominator)?
                .checked_div(Number::ONE_HUNDRED)?;
            let below = numerator
                .checked_mul(Number::ONE_HUNDRED)?
                .checked_div(typed)?;
            Some(vec![
                above.checked_sub(numerator)?,
                below.checked_sub(denominator)?,
            ])
        };
        moves().unwrap_or_default()
    }

    fn operands(&self, unit: &UnitTables<'_>, suppose: Supposed<'_>) -> Option<(Number, Number)> {
        let scope = self.scope(unit, suppose);
        let figure = |of| number(of, &scope).ok();
        Some((
            figure(&self.ratio.numerator)?,
            figure(&self.ratio.denominator)?,
        ))
    }

    fn scope<'a>(&self, unit: &'a UnitTables<'a>, suppose: Supposed<'a>) -> RuleScope<'a> {
        RuleScope {
            unit,
            table: self.at.table,
            place: self.place,
            blank: BlankPolicy::SkipAny,
            suppose,
        }
    }
}

/// Checks every percentage of a unit's tables that declares its operands; each finding comes with
/// its index in `asked`.
pub fn check(
    unit: &UnitTables<'_>,
    asked: &[Asked<'_>],
    tallies: &mut Tallies,
) -> Vec<(usize, Finding)> {
    let mut findings = Vec::new();
    for (index, asked) in asked.iter().enumerate() {
        if let Some(answer) = check_cell(unit, asked) {
            let counted = answer.as_ref().map(Option::is_none).map_err(|lack| *lack);
            let form = unit.tables[asked.at.table].form.id();
            tallies.count(form, WRONG, counted);
            findings.extend(answer.ok().flatten().map(|finding| (index, finding)));
        }
    }
    findings
}

fn check_cell(unit: &UnitTables<'_>, asked: &Asked<'_>) -> Option<Result<Option<Finding>, Lack>> {
    let typed = match &unit.cell(asked.at)?.state {
        CellState::Absent => return None,
        CellState::Unreadable => return Some(Err(Lack::Unreadable)),
        CellState::Blank => return Some(Err(Lack::Blank)),
        CellState::Value(value) => value.as_number()?,
    };
    Some(match asked.operands(unit, &[]) {
        Some((numerator, denominator)) => Ok(judge_cell(
            unit,
            asked.at,
            asked.field,
            typed,
            numerator,
            denominator,
        )),
        None => Err(Lack::Blank),
    })
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
    let operands = message!(
        numerator, denominator;
        "{numerator} : {denominator}",
        "{numerator} : {denominator}"
    );
    let label = super::scope::cell_label(at, unit);
    let (rule, severity, expected, mut message) = match exact {
        None if typed.is_zero() => return None,
        None => (
            WRONG,
            Severity::Error,
            None,
            message!(
                typed, operands;
                "{label} ghi {typed}, nhưng mẫu số bằng 0 ({operands}) nên không có tỷ lệ. Hãy để trống.",
                "{label} is {typed}, but the denominator is 0 ({operands}), so there is no percentage. Leave it blank."
            ),
        ),
        Some(exact) => judge(field, typed, exact, &operands, &label)?,
    };
    if rule == WRONG {
        for more in [
            taken_together(unit, at, typed),
            super::words::explain::overwritten(at, unit),
        ] {
            let more = more.unwrap_or(Message::new("", ""));
            message.vi.push_str(&more.vi);
            message.en.push_str(&more.en);
        }
    }
    let difference = expected.and_then(|expected| typed.checked_sub(expected));
    let finding = Finding::new(rule, Class::Rule, severity, &table.file, message)
        .of_form(table.form.id())
        .at(&table.sheet, unit.cell(at)?.address?)
        .value(Some(Value::Number(typed)))
        .expected(expected.map(Value::Number))
        .difference(difference.map(Value::Number));
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
        format!(
            " It is {en} of the rows above; percentages can neither be added up nor averaged, so compute it again from the numerator and the denominator of the total row."
        ),
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
    operands: &Message,
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
        let message = message!(
        typed_v, declared_v, operands;
        "{label} ghi {typed_v}: {how_vi}; làm tròn theo quy định của biểu là {declared_v} ({operands}).",
        "{label} is {typed_v}: {how_en}; as the form declares it is {declared_v} ({operands})."
        );
        return Some((OTHER_ROUNDING, Severity::Info, Some(declared), message));
    }
    let message = message!(
    typed_v, declared_v, operands;
    "{label} ghi {typed_v}%, nhưng {operands} = {declared_v}%. Hãy kiểm tra tỷ lệ và hai số dùng để tính.",
    "{label} is {typed_v}%, but {operands} = {declared_v}%. Check the percentage and the two figures it is computed from."
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
