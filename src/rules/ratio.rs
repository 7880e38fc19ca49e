//! A percentage, or another ratio, must be its numerator divided by its denominator, at its declared
//! decimals.
//!
//! The rule follows from the field (`schema/derived.rs`) and is evaluated like any other; here are
//! its words, with both operands, and what may be wrong with it. Rounded as declared: silent.
//! Rounded the other way (truncated where half-up is declared, or the reverse) the rule holds, and
//! an info finding says so, because the figure is right and printed unusually. Typed with more decimals than
//! declared it is right if the quotient rounds to it there.

use std::collections::BTreeSet;

use super::instance::{Instance, Verdict};
use super::page::Page;
use super::scope::{CellRef, RowRef, Supposed, UnitTables, cell_label};
use super::words::explain::overwritten;
use crate::extract::TableRow;
use crate::model::value::message;
use crate::model::{Class, Finding, Message, Number, Severity, Value};
use crate::schema::checked::Origin;
use crate::schema::derived::RATIO;
use crate::schema::evaluate::round;
use crate::schema::expression::Expr;
use crate::schema::form::Rounding;
use crate::schema::ratio::RatioCell;

/// Id of the finding for a ratio rounded otherwise than declared.
pub const OTHER_ROUNDING: &str = "ty-le-lam-tron-khac";

/// The page of the user guide about ratios.
pub const PAGE: Page = Page {
    title: "Tỷ lệ, tỷ số khác tử số chia mẫu số",
    rules: &[(RATIO, "lỗi"), (OTHER_ROUNDING, "ghi chú")],
    what: "Tính lại tỷ lệ, tỷ số từ tử số và mẫu số đã khai, làm tròn như biểu khai, rồi so với số đã ghi. Ghi nhiều chữ số lẻ hơn biểu khai cũng đúng, nếu bằng thương làm tròn đến chừng ấy chữ số. Mẫu số bằng 0 thì ô phải để trống hoặc ghi 0. Dòng tổng cộng các tỷ lệ, tỷ số hay lấy trung bình thì nói rõ.",
    why: "Tỷ lệ thường được chép từ chỗ khác hoặc tính trước khi sửa số liệu, nên lệch với chính hai số bên cạnh. Tỷ lệ toàn tỉnh luôn được tính lại từ tử số, mẫu số đã cộng.",
    parameters: "```toml\ntype = \"percent\"\ndecimals = 2            # mặc định 2\nrounding = \"half-up\"    # mặc định; \"truncate\" là cắt bớt\nnumerator = \"nu\"\ndenominator = \"so_nguoi\"\n```\n\n```toml\ntype = \"ratio\"          # tỷ số không phải phần trăm: học sinh một lớp\ndecimals = 1            # mặc định 2\nnumerator = \"hoc_sinh\"\ndenominator = \"lop\"\n# per = 1000            # tính trên 1.000; mặc định 1\n# fewer_decimals = true # ghi ít chữ số lẻ hơn cũng được, nếu thương làm tròn đúng bằng số ấy\n```",
    example: "20 trên 45 là 44,44%. Ghi 44,4 hay 45 là lỗi; ghi 44,45 cũng là lỗi. Với 66 trên 124 (53,2258...), ghi 53,22 chỉ là ghi chú: bị cắt bớt thay vì làm tròn thành 53,23. Biểu khai 1 chữ số lẻ mà thương là 59,247 thì 59,2 và 59,25 đều đúng; có `fewer_decimals` thì 59 cũng đúng, 60 vẫn là lỗi.",
    clerk: "«Tỷ lệ nữ (%)» ghi 45%, nhưng 20 : 45 = 44,44%. Cán bộ sửa tỷ lệ, hoặc sửa một trong hai số dùng để tính.",
};

/// A ratio at its place.
pub struct RatioAt<'a> {
    unit: &'a UnitTables<'a>,
    instance: &'a Instance,
    /// The cell of the ratio.
    pub at: CellRef,
    ratio: RatioCell<'a>,
}

/// The ratio that an instance of its rule is about; `None` for any other rule.
pub fn of<'a>(instance: &'a Instance, unit: &'a UnitTables<'a>) -> Option<RatioAt<'a>> {
    let Origin::Ratio { row, column } = instance.rule.origin else {
        return None;
    };
    let at = instance.subject()?;
    let ratio = unit.tables.get(at.table)?.form.ratio(row, column)?;
    Some(RatioAt {
        unit,
        instance,
        at,
        ratio,
    })
}

impl RatioAt<'_> {
    /// The finding about it, given the verdict of its rule.
    pub fn finding(&self, verdict: &Verdict) -> Option<Finding> {
        let typed = self.unit.figure(self.at)?;
        let (numerator, denominator) = self.operands(&[])?;
        let declared = self.ratio.of((numerator, denominator));
        let operands = self.ratio.divided(numerator, denominator);
        let (rule, severity, message) = match verdict {
            Verdict::Fail => {
                let message = self.wrong(typed, declared, &operands, numerator.is_zero());
                (RATIO, Severity::Error, message)
            }
            Verdict::Pass if self.is_rounded_otherwise(typed, (numerator, denominator)) => {
                let message = self.rounded_otherwise(typed, declared?, &operands);
                (OTHER_ROUNDING, Severity::Info, message)
            }
            _ => return None,
        };
        let table = &self.unit.tables[self.at.table];
        let difference = declared.and_then(|declared| typed.checked_sub(declared));
        let finding = Finding::new(rule, Class::Rule, severity, &table.file, message)
            .of_form(table.form.id())
            .at(&table.sheet, self.unit.cell(self.at)?.address?)
            .value(Some(Value::Number(typed)))
            .expected(declared.map(Value::Number))
            .difference(difference.map(Value::Number));
        Some(finding)
    }

    /// Is a right figure neither as declared nor the quotient rounded at the decimals it is typed
    /// with?
    fn is_rounded_otherwise(&self, typed: Number, operands: (Number, Number)) -> bool {
        let Some(exact) = self.ratio.exact(operands) else {
            return false;
        };
        let own = typed.normalize().scale();
        let finer = own > self.ratio.decimals() && round(exact, own, Rounding::HalfUp) == typed;
        let coarser = self.ratio.may_have(own) && round(exact, own, self.ratio.rounding()) == typed;
        let half = Number::try_new(5, own + 1).ok();
        let half =
            self.ratio.leaves_decimals() && typed.checked_sub(exact).map(|off| off.abs()) == half;
        !finer && !coarser && !half && self.ratio.rounded(typed) != self.ratio.rounded(exact)
    }

    fn wrong(
        &self,
        typed: Number,
        declared: Option<Number>,
        operands: &Message,
        nothing_divided: bool,
    ) -> Message {
        let label = cell_label(self.at, self.unit);
        let (sign, noun) = (self.ratio.sign(), self.ratio.noun());
        let mut message = match declared {
            None if nothing_divided => message!(
                typed, operands, noun;
                "{label} ghi {typed}, nhưng mẫu số bằng 0 ({operands}) nên không có {noun}. Hãy để trống.",
                "{label} is {typed}, but the denominator is 0 ({operands}), so there is no {noun}. Leave it blank."
            ),
            // Something divided by nothing: the 0 is as doubtful as the ratio.
            None => message!(
                typed, operands, noun;
                "{label} ghi {typed}, nhưng mẫu số bằng 0 ({operands}) nên không có {noun}. Hãy kiểm tra mẫu số; nếu mẫu số đúng là 0 thì để trống {noun}.",
                "{label} is {typed}, but the denominator is 0 ({operands}), so there is no {noun}. Check the denominator; if it is 0, leave the {noun} blank."
            ),
            Some(declared) => {
                let (typed, declared) = (Value::Number(typed), Value::Number(declared));
                message!(
                    typed, declared, operands, noun;
                    "{label} ghi {typed}{sign}, nhưng {operands} = {declared}{sign}. Hãy kiểm tra {noun} và hai số dùng để tính.",
                    "{label} is {typed}{sign}, but {operands} = {declared}{sign}. Check the {noun} and the two figures it is computed from."
                )
            }
        };
        let more = [
            taken_together(self, typed),
            self.is_unmultiplied()
                .then(|| not_multiplied(self.ratio.per())),
            overwritten(self.at, self.unit),
        ];
        for more in more.into_iter().flatten() {
            message.vi.push_str(&more.vi);
            message.en.push_str(&more.en);
        }
        message
    }

    fn rounded_otherwise(&self, typed: Number, declared: Number, operands: &Message) -> Message {
        let label = cell_label(self.at, self.unit);
        let (how_vi, how_en) = match self.ratio.rounding() {
            Rounding::HalfUp => (
                "bị cắt bớt phần lẻ thay vì làm tròn",
                "truncated, not rounded",
            ),
            Rounding::Truncate => (
                "được làm tròn thay vì cắt bớt phần lẻ",
                "rounded, not truncated",
            ),
        };
        let (typed, declared) = (Value::Number(typed), Value::Number(declared));
        message!(
            typed, declared, operands;
            "{label} ghi {typed}: {how_vi}; làm tròn theo quy định của biểu là {declared} ({operands}).",
            "{label} is {typed}: {how_en}; as the form declares it is {declared} ({operands})."
        )
    }

    /// Is it the plain quotient, where the form declares one to 1000, say?
    pub fn is_unmultiplied(&self) -> bool {
        let plain = || {
            let (typed, operands) = (self.unit.figure(self.at)?, self.operands(&[])?);
            let per = Number::from(self.ratio.per());
            let quotient = self.ratio.exact(operands)?.checked_div(per)?;
            let same = round(quotient, typed.scale(), Rounding::HalfUp) == typed;
            Some(same && !typed.is_zero() && per != Number::ONE)
        };
        plain() == Some(true)
    }

    /// What the ratio should be, as declared; `None` where the denominator is 0.
    pub fn expected(&self, suppose: Supposed<'_>) -> Option<Number> {
        self.ratio.value(&self.instance.scope(self.unit, suppose))
    }

    /// Is the ratio that is written what its parts give, but for how it is rounded? `None` where there is
    /// no such figure or its parts are not known.
    pub fn agrees(&self, suppose: Supposed<'_>) -> Option<bool> {
        let typed = self.unit.figure(self.at)?;
        let (numerator, denominator) = self.operands(suppose)?;
        let exact = self.ratio.exact((numerator, denominator))?;
        let last = Number::try_new(1, self.ratio.decimals()).ok()?;
        Some(typed.checked_sub(exact)?.abs() < last)
    }

    /// By how much the numerator alone, and the denominator alone, would have to differ for the
    /// ratio to be right: near enough, to be rounded as their cells are.
    pub fn moves(&self, suppose: Supposed<'_>) -> Vec<Number> {
        let moves = || {
            let typed = self.unit.figure(self.at)?;
            let (numerator, denominator) = self.operands(suppose)?;
            let per = Number::from(self.ratio.per());
            let above = typed.checked_mul(denominator)?.checked_div(per)?;
            let below = numerator.checked_mul(per)?.checked_div(typed)?;
            Some(vec![
                above.checked_sub(numerator)?,
                below.checked_sub(denominator)?,
            ])
        };
        moves().unwrap_or_default()
    }

    /// The ratios of the rows that this one's row adds up: of all rows on the total row, else of those
    /// of which a rule makes the numerator.
    fn shares_of_parts(&self) -> Option<Vec<Number>> {
        let table = &self.unit.tables[self.at.table];
        let share = |row: &TableRow| row.cells.get(self.at.column)?.value()?.as_number();
        let RowRef::Row(index) = self.at.row else {
            return Some(table.rows.iter().filter_map(share).collect());
        };
        let (form, own) = (&table.form, table.rows.get(index)?.row?);
        let numerator = self.ratio.cell(*self.ratio.numerator().reads().first()?)?;
        let adds = |right: &Expr, _| right.as_past().is_none();
        let sum = form.determined_by(Some(own), numerator.column, &adds)?;
        let reads = sum.right.reads();
        let cells = reads
            .iter()
            .flat_map(|read| form.own_cells(read.name, read.folded, sum.site));
        let parts: BTreeSet<usize> = cells.filter_map(|cell| cell.row()).collect();
        let is_part = |row: &&TableRow| {
            row.row
                .is_some_and(|row| row != own && parts.contains(&row))
        };
        Some(
            table
                .rows
                .iter()
                .filter(is_part)
                .filter_map(share)
                .collect(),
        )
    }

    fn operands(&self, suppose: Supposed<'_>) -> Option<(Number, Number)> {
        let scope = self.instance.scope(self.unit, suppose);
        self.ratio.operands(&scope).ok()
    }
}

fn not_multiplied(per: u32) -> Message {
    let per = Value::Number(per.into());
    message!(
        per;
        " Số này mới là tử số chia mẫu số, chưa nhân {per}.",
        " It is the plain quotient, not multiplied by {per}."
    )
}

/// Ratios of the rows neither add up nor average to the ratio of the total; says so where the total
/// row holds just that.
fn taken_together(of: &RatioAt<'_>, typed: Number) -> Option<Message> {
    let noun = of.ratio.noun();
    let shares = of.shares_of_parts()?;
    if shares.len() < 2 {
        return None;
    }
    let sum = shares
        .iter()
        .try_fold(Number::ZERO, |sum, share| sum.checked_add(*share))?;
    let mean = sum.checked_div(Number::from(shares.len()))?;
    let near = |other: Number| round(other, typed.scale(), Rounding::HalfUp) == typed;
    let (vi, en) = if sum == typed {
        ("tổng", "the sum")
    } else if near(mean) {
        ("trung bình cộng", "the plain mean")
    } else {
        return None;
    };
    Some(Message::new(
        format!(
            " Số này là {vi} các {0} ở các dòng được cộng; {0} không cộng, không lấy trung bình được, phải tính lại từ tử số và mẫu số của dòng tổng.",
            noun.vi
        ),
        format!(
            " It is {en} of the {0}s of the rows that are added up; {0}s can neither be added up nor averaged, so compute it again from the numerator and the denominator of the total row.",
            noun.en
        ),
    ))
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
        assert_eq!(told("20", "45", "44.4")[0].0, RATIO);
        let glued = &told("662", "124", "53.22")[0];
        assert_eq!(glued.0, RATIO);
        assert!(glued.1.contains("662 : 124"), "{}", glued.1);
    }

    #[test]
    fn a_ratio_typed_with_more_decimals_than_declared_is_right_where_the_quotient_rounds_to_it() {
        let told = |decimals: &str, nu: &str, typed: &str| {
            let rest = format!(
                "[defaults]\ntype = \"count\"\n\
                 [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
                 [[column]]\nid = \"tu\"\nlabel = \"Đạt\"\n[[column]]\nid = \"mau\"\nlabel = \"Tổng\"\n\
                 [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\n{decimals}\n\
                 numerator = \"tu\"\ndenominator = \"mau\"\n"
            );
            let form = form("abc", "free", &rest);
            let told = check(&[table(&form, &[&["a", nu, "100000", typed]])], None);
            told.into_iter().map(|told| told.rule).collect::<Vec<_>>()
        };
        let one = "decimals = 1";
        for right in ["59.2", "59.25", "59.247", "59.2470"] {
            assert_eq!(told(one, "59247", right), [""; 0], "{right}");
        }
        for wrong in ["59.26", "59.3", "59", "59.2515"] {
            assert_eq!(told(one, "59247", wrong), [RATIO], "{wrong}");
        }
        // Right at its own decimals is no other rounding; dropped digits are.
        assert_eq!(told(one, "59250", "59.25"), [""; 0]);
        assert_eq!(told(one, "59250", "59.2"), [OTHER_ROUNDING]);
        assert_eq!(told(one, "59249", "59.249"), [""; 0]);
        let cut = "decimals = 1\nrounding = \"truncate\"";
        for right in ["59.2", "59.30", "59.296"] {
            let rules = told(cut, "59296", right);
            let note: &[&str] = if right == "59.30" {
                &[OTHER_ROUNDING]
            } else {
                &[]
            };
            assert_eq!(rules, note, "{right}");
        }
        assert_eq!(told(cut, "59296", "59.4"), [RATIO]);
    }

    #[test]
    fn a_ratio_with_fewer_decimals_is_right_where_the_form_leaves_them_open() {
        let told = |open: &str, typed: &str| {
            let rest = format!(
                "[defaults]\ntype = \"count\"\n\
                 [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
                 [[column]]\nid = \"tu\"\nlabel = \"Đạt\"\n[[column]]\nid = \"mau\"\nlabel = \"Tổng\"\n\
                 [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\n{open}\n\
                 numerator = \"tu\"\ndenominator = \"mau\"\n"
            );
            let form = form("abc", "free", &rest);
            let told = check(&[table(&form, &[&["a", "59247", "100000", typed]])], None);
            told.into_iter().map(|told| told.rule).collect::<Vec<_>>()
        };
        let open = "fewer_decimals = true";
        for right in ["59.25", "59.2", "59", "59.247"] {
            assert_eq!(told(open, right), [""; 0], "{right}");
        }
        for wrong in ["59.3", "60", "59.26", "60.0"] {
            assert_eq!(told(open, wrong), [RATIO], "{wrong}");
        }
        assert_eq!(told("", "59.2"), [RATIO]);
    }

    #[test]
    fn a_ratio_that_is_no_percentage_is_computed_anew_without_a_sign() {
        let text = |per: &str| {
            format!(
                "[defaults]\ntype = \"count\"\n\
                 [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
                 [[column]]\nid = \"hs\"\nlabel = \"Học sinh\"\n[[column]]\nid = \"lop\"\nlabel = \"Lớp\"\n\
                 [[column]]\nid = \"bq\"\nlabel = \"Bình quân\"\ntype = \"ratio\"\ndecimals = 1\n\
                 numerator = \"hs\"\ndenominator = \"lop\"\n{per}"
            )
        };
        let told = |per: &str, row: [&str; 3]| {
            let form = form("abc", "free", &text(per));
            let told = check(&[table(&form, &[&["a", row[0], row[1], row[2]]])], None);
            let told = told.into_iter().map(|told| (told.rule, told.vi));
            told.collect::<Vec<_>>()
        };
        assert_eq!(told("", ["100", "3", "33.3"]), []);
        assert_eq!(
            told("", ["100", "3", "33.3333"]),
            [],
            "as Excel computes it"
        );
        assert_eq!(told("", ["200", "3", "66.6"])[0].0, OTHER_ROUNDING);
        assert_eq!(told("", ["0", "0", ""]), []);
        let wrong = &told("", ["100", "3", "35"])[0];
        assert_eq!(wrong.0, RATIO);
        let (says, but) = ("ghi 35, nhưng 100 : 3 = 33,3.", "tỷ số");
        assert!(
            wrong.1.contains(says) && wrong.1.contains(but),
            "{}",
            wrong.1
        );
        let mille = &told("per = 1000\n", ["2", "250", "9"])[0];
        assert!(mille.1.contains("2 : 250 x 1.000 = 8."), "{}", mille.1);
    }

    #[test]
    fn nothing_is_divided_by_nothing() {
        assert_eq!(told("0", "0", "0"), []);
        assert_eq!(told("0", "0", ""), []);
        let some = &told("0", "0", "100")[0];
        assert!(
            some.1.contains("không có tỷ lệ. Hãy để trống."),
            "{}",
            some.1
        );
        let doubtful = &told("7", "0", "100")[0];
        let check = "Hãy kiểm tra mẫu số; nếu mẫu số đúng là 0 thì để trống tỷ lệ.";
        assert!(doubtful.1.contains(check), "{}", doubtful.1);
    }

    #[test]
    fn percentages_added_up_or_averaged_in_the_total_row_are_told_as_such() {
        let form = share("total = \"Tổng cộng\"\n");
        let rows: [&[&str]; 2] = [&["a", "1", "2", "50"], &["b", "1", "4", "25"]];
        for (total, part) in [("75", "cộng"), ("37.5", "trung bình")] {
            let table = with_total(table(&form, &rows), &["", "2", "6", total]);
            let told = check(&[table], None);
            assert_eq!(told[0].rule, RATIO, "{told:#?}");
            assert!(told[0].vi.contains(part), "{}", told[0].vi);
        }
    }

    #[test]
    fn a_fixed_row_that_adds_up_others_is_no_mean_either() {
        let rest = "label = \"Chỉ tiêu\"\n[defaults]\ntype = \"count\"\n\
             [[column]]\nid = \"hs\"\nlabel = \"HS\"\n[[column]]\nid = \"lop\"\nlabel = \"Lớp\"\n\
             [[column]]\nid = \"bq\"\nlabel = \"BQ\"\ntype = \"ratio\"\n\
             numerator = \"hs\"\ndenominator = \"lop\"\n\
             [[row]]\nid = \"r1\"\nlabel = \"Một\"\n[[row]]\nid = \"r2\"\nlabel = \"Hai\"\n\
             [[row]]\nid = \"tong\"\nlabel = \"Tổng\"\n\
             [[rule]]\nid = \"tong-lech\"\ncheck = \"tong = SUM(r1:r2)\"\n";
        let form = form("abc", "fixed", rest);
        let rows: [&[&str]; 3] = [
            &["90", "3", "30"],
            &["50", "2", "25"],
            &["140", "5", "27.5"],
        ];
        let told = check(&[table(&form, &rows)], None);
        assert!(
            told[0].vi.contains("là trung bình cộng các tỷ số"),
            "{told:#?}"
        );
    }
}
