//! Which rules on rows hold for a sum of rows. `a + b = c` and `a <= b` do where they hold for each
//! row; a limit for one row (`a <= 200`) and a product (`a * b = c`) do not, and say nothing about
//! the total row.

use super::checked::{Form, Origin, Rule, RuleScope};
use super::file::FieldType;
use super::rule::expression::{Expr, Function, Operator, Path};

/// How an expression grows when all figures of a row grow: by power 0 (percentages, constants), 1
/// (figures that are added up), 2 (their products)...
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Growth {
    /// Zero, which fits everything.
    Zero,
    Power(i32),
    /// A sum of unlike things, such as `a + 1`.
    Mixed,
}

impl Form {
    /// Is a rule evaluated on the total row, too? Rules that say nothing of rows are not.
    pub fn asks_total(&self, rule: &Rule) -> bool {
        let written = rule.origin == Origin::Written;
        rule.scope == RuleScope::EachRow && (!written || rule.exprs().all(|expr| fits(self, expr)))
    }
}

/// Do all comparisons of an expression compare like with like? What cannot be said is taken to.
fn fits(form: &Form, expr: &Expr) -> bool {
    match expr {
        Expr::Binary(Operator::Compare(_), left, right) => {
            let sides = (growth(form, left), growth(form, right));
            let alike = match sides {
                (Some(Growth::Power(left)), Some(Growth::Power(right))) => {
                    left == right && left <= 1
                }
                (Some(Growth::Mixed), Some(_)) | (Some(_), Some(Growth::Mixed)) => false,
                _ => true,
            };
            alike && fits(form, left) && fits(form, right)
        }
        Expr::Binary(_, left, right) => fits(form, left) && fits(form, right),
        Expr::Negate(inner) => fits(form, inner),
        Expr::Call(_, arguments) => arguments.iter().all(|argument| fits(form, argument)),
        Expr::Number(_) | Expr::Text(_) | Expr::Flag(_) | Expr::Name(_) => true,
    }
}

/// `None` where it cannot be said.
fn growth(form: &Form, expr: &Expr) -> Option<Growth> {
    match expr {
        Expr::Number(number) if number.is_zero() => Some(Growth::Zero),
        Expr::Number(_) => Some(Growth::Power(0)),
        Expr::Name(name) if name.form.is_none() => {
            let Path::One(id) = &name.path else {
                return Some(Growth::Power(1));
            };
            let field = form.field(None, form.column(id)?)?;
            match field.kind {
                FieldType::Count | FieldType::Amount => Some(Growth::Power(1)),
                FieldType::Percent => Some(Growth::Power(0)),
                _ => None,
            }
        }
        Expr::Negate(inner) => growth(form, inner),
        Expr::Binary(operator, left, right) => {
            let (left, right) = (growth(form, left)?, growth(form, right)?);
            combined(*operator, left, right)
        }
        Expr::Call(function, arguments) => match function {
            Function::Sum
            | Function::Abs
            | Function::Round
            | Function::RoundDown
            | Function::Prev
            | Function::PrevYear
            | Function::Ytd => growth(form, arguments.first()?),
            _ => None,
        },
        Expr::Text(_) | Expr::Flag(_) | Expr::Name(_) => None,
    }
}

fn combined(operator: Operator, left: Growth, right: Growth) -> Option<Growth> {
    match (operator, left, right) {
        (Operator::Add | Operator::Subtract, Growth::Zero, other)
        | (Operator::Add | Operator::Subtract, other, Growth::Zero) => Some(other),
        (Operator::Add | Operator::Subtract, left, right) => Some(match left == right {
            true => left,
            false => Growth::Mixed,
        }),
        (Operator::Multiply | Operator::Divide, Growth::Mixed, _)
        | (Operator::Multiply | Operator::Divide, _, Growth::Mixed) => Some(Growth::Mixed),
        (Operator::Multiply, Growth::Power(left), Growth::Power(right)) => {
            Some(Growth::Power(left + right))
        }
        (Operator::Divide, Growth::Power(left), Growth::Power(right)) => {
            Some(Growth::Power(left - right))
        }
        (Operator::Multiply | Operator::Divide, ..) => Some(Growth::Zero),
        (Operator::Compare(_), ..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = r#"
id = "abc"
version = "1"
title = "T"
sheet = "T"
[layout]
rows = "free"
total = "Tổng cộng"
[defaults]
type = "amount"
[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true
[[column]]
id = "a"
label = "A"
[[column]]
id = "b"
label = "B"
[[column]]
id = "c"
label = "C"
[[column]]
id = "p"
label = "P"
type = "percent"
numerator = "a"
denominator = "b"
[[rule]]
id = "r"
"#;

    fn asks(check: &str, when: &str) -> bool {
        let when = match when {
            "" => String::new(),
            when => format!("when = \"{when}\"\n"),
        };
        let form = Form::parse("abc.toml", &format!("{FORM}check = \"{check}\"\n{when}")).unwrap();
        form.asks_total(&form.rules[0])
    }

    #[test]
    fn only_what_adds_up_is_asked_of_a_total_row() {
        for check in [
            "a = b + c",
            "a <= b",
            "a - 2 * b = c",
            "a > 0",
            "p <= 100",
            "a / b <= 0.5",
            "a * p / 100 = b",
            "a <= 2 * PREV(a)",
        ] {
            assert!(asks(check, ""), "{check}");
        }
        for check in [
            "a <= 200",
            "a >= 1",
            "a = b + 1",
            "a * b = c",
            "ABS(a - b) <= 5",
        ] {
            assert!(!asks(check, ""), "{check}");
        }
        assert!(asks("a <= b", "a > 0"));
        assert!(!asks("a = b", "a > 5"));
    }
}
