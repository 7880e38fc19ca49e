//! What a percentage, or any other ratio, is computed from and where. Its rule (`derived`), the
//! figure it should be, and every formula of it go by this.

use super::checked::{Form, RuleScope};
use super::field::{Field, Ratio};
use super::file::{FieldType, Rounding};
use super::resolve::{FieldRef, Site};
use super::rule::evaluate::{Scope, number, round};
use super::rule::expression::Expr;
use super::rule::fold::Read;
use super::rule::trouble::{Trouble, both};
use crate::model::value::message;
use crate::model::{Message, Number, Value};

/// A cell that the form declares to be a ratio of two others: a percentage is one times 100.
#[derive(Clone, Copy)]
pub struct RatioCell<'f> {
    form: &'f Form,
    field: &'f Field,
    ratio: &'f Ratio,
    /// Where its operands are evaluated; in a free-row form on each row, and in the same way on the
    /// total row.
    pub site: Site,
}

impl Form {
    /// The ratio that a cell is, `row` and `column` of the form file from 0 (in a free-row form
    /// `row` is ignored); `None` if the form does not declare its operands.
    pub fn ratio(&self, row: Option<usize>, column: usize) -> Option<RatioCell<'_>> {
        let field = self.field(row, column)?;
        let ratio = field.ratio.as_ref()?;
        let site = match (self.is_free(), self.site_of(ratio.on, row, column)) {
            (true, _) => Site::FreeRow,
            (false, site) => site.unwrap_or(Site::Once),
        };
        Some(RatioCell {
            form: self,
            field,
            ratio,
            site,
        })
    }
}

impl<'f> RatioCell<'f> {
    /// What is divided.
    pub fn numerator(&self) -> &'f Expr {
        &self.ratio.numerator
    }

    /// What it is divided by.
    pub fn denominator(&self) -> &'f Expr {
        &self.ratio.denominator
    }

    /// To how many of the denominator it is: 100 for a percentage, 1 for a plain ratio.
    pub fn per(&self) -> u32 {
        self.ratio.per
    }

    /// What is written behind its figure: `%` for a percentage.
    pub fn sign(&self) -> &'static str {
        match self.field.kind {
            FieldType::Percent => "%",
            _ => "",
        }
    }

    /// What such a figure is called in messages.
    pub fn noun(&self) -> Message {
        match self.field.kind {
            FieldType::Percent => Message::new("tỷ lệ", "percentage"),
            _ => Message::new("tỷ số", "ratio"),
        }
    }

    /// The division of two operands, written as in a rule or a formula of Excel:
    /// `100*nu/so_nguoi`, with `space` between the signs.
    pub fn quotient(&self, (n, d): (&str, &str), space: &str) -> String {
        match self.per() {
            1 => format!("{n}{space}/{space}{d}"),
            per => format!("{per}{space}*{space}{n}{space}/{space}{d}"),
        }
    }

    /// Two operands as a message writes them: `20 : 45`, with `x 1.000` behind them where the ratio
    /// is to so many of the denominator.
    pub fn divided(&self, numerator: Number, denominator: Number) -> Message {
        let per = Value::Number(self.per().into());
        match (self.field.kind, self.per()) {
            (FieldType::Percent, _) | (_, 1) => message!(
                numerator, denominator;
                "{numerator} : {denominator}",
                "{numerator} : {denominator}"
            ),
            _ => message!(
                numerator, denominator, per;
                "{numerator} : {denominator} x {per}",
                "{numerator} : {denominator} x {per}"
            ),
        }
    }

    /// Decimals of the ratio.
    pub fn decimals(&self) -> u32 {
        self.field.decimals
    }

    /// Is a right figure the quotient rounded to so many decimals, as declared or, where the form
    /// leaves them open, fewer?
    pub fn may_have(&self, decimals: u32) -> bool {
        let fewer = self.ratio.fewer_decimals && decimals < self.decimals();
        fewer || decimals == self.decimals()
    }

    /// Does the form leave open to how many decimals it is given, and how a half is rounded?
    pub fn leaves_decimals(&self) -> bool {
        self.ratio.fewer_decimals
    }

    /// How it is brought to them.
    pub fn rounding(&self) -> Rounding {
        self.field.rounding
    }

    /// Where its rule is evaluated.
    pub fn scope(&self) -> RuleScope {
        match self.site {
            Site::FreeRow => RuleScope::EachRow,
            site => RuleScope::At(site),
        }
    }

    /// The one cell of the form that an operand reads; `None` if it reads several, or elsewhere.
    pub fn cell(&self, read: Read<'_>) -> Option<FieldRef<'f>> {
        let cells = self.form.own_cells(read.name, read.folded, self.site);
        match (read.past, cells.as_slice()) {
            (None, [one]) => Some(*one),
            _ => None,
        }
    }

    /// Numerator and denominator.
    ///
    /// # Errors
    /// One of them has no figure here.
    pub fn operands(&self, scope: &dyn Scope) -> Result<(Number, Number), Trouble> {
        let numerator = number(self.numerator(), scope);
        both(numerator, number(self.denominator(), scope))
    }

    /// What the ratio should be, as declared; `None` where an operand has no figure or the
    /// denominator is 0.
    pub fn value(&self, scope: &dyn Scope) -> Option<Number> {
        self.of(self.operands(scope).ok()?)
    }

    /// The ratio of a numerator and a denominator, as declared; `None` if the latter is 0.
    pub fn of(&self, (numerator, denominator): (Number, Number)) -> Option<Number> {
        let exact = self.exact((numerator, denominator))?;
        Some(self.rounded(exact))
    }

    /// The same without rounding.
    pub fn exact(&self, (numerator, denominator): (Number, Number)) -> Option<Number> {
        self.ratio.exact(numerator, denominator)
    }

    /// A figure as the ratio is rounded.
    pub fn rounded(&self, figure: Number) -> Number {
        round(figure, self.decimals(), self.rounding())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = r#"
id = "b"
version = "1"
title = "Biểu"
sheet = "Biểu"
[layout]
rows = "fixed"
label = "Chỉ tiêu"
[defaults]
type = "count"
[[column]]
id = "nu"
label = "Nữ"
[[column]]
id = "ty_le"
label = "Tỷ lệ"
type = "percent"
rounding = "truncate"
numerator = "nu"
denominator = "SUM(nu)"
[[row]]
id = "r1"
label = "Một"
[[row]]
id = "r2"
label = "Hai"
"#;

    #[test]
    fn operands_are_cells_of_the_place_where_the_rule_is_evaluated() {
        let form = Form::parse("b.toml", FORM).unwrap();
        assert!(form.ratio(Some(1), 0).is_none());
        let of = form.ratio(Some(1), 1).unwrap();
        assert_eq!(of.site, Site::Row(1));
        let cell = |expr: &Expr| of.cell(expr.reads()[0]).map(|at| (at.row(), at.column));
        assert_eq!(cell(of.numerator()), Some((Some(1), 0)));
        assert_eq!(cell(of.denominator()), None, "both rows");
        let share = |n: i64, d: i64| of.of((n.into(), d.into()));
        assert_eq!(share(2, 3), Some(Number::new(6666, 2)));
        assert_eq!(share(2, 0), None);
    }
}
