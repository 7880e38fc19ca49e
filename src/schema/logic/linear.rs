//! Rules as sums: what a rule says once both sides are brought together. Most rules of a form are
//! linear, and about those a form file can be told that they can never hold.

use std::collections::BTreeMap;

use crate::model::Number;
use crate::schema::rule::expression::{Comparison, Expr, Function, Name, Operator};

/// `constant + Σ coefficient × atom`. An atom is a name, or a call that is not taken apart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Linear<'a> {
    /// Coefficients by the atom's text; none is zero.
    pub terms: BTreeMap<String, Number>,
    /// What stands alone.
    pub constant: Number,
    names: BTreeMap<String, Option<&'a Name>>,
}

impl<'a> Linear<'a> {
    /// The sum behind an expression; `None` if it multiplies or divides names, or compares.
    pub fn of(expr: &'a Expr) -> Option<Linear<'a>> {
        match expr {
            Expr::Number(number) => Some(Linear {
                constant: *number,
                ..Linear::default()
            }),
            Expr::Name(name) => Some(Linear::atom(expr.to_string(), Some(name))),
            Expr::Call(Function::Sum, arguments) => {
                let parts = arguments.iter().map(|argument| match argument {
                    // The sum of a column is not the column of a row.
                    Expr::Name(name) => Some(Linear::atom(format!("SUM({name})"), Some(name))),
                    other => Linear::of(other),
                });
                parts.reduce(|sum, part| sum?.plus(part?, Number::ONE))?
            }
            Expr::Call(function, arguments) if function.past().is_some() => {
                match arguments.as_slice() {
                    [Expr::Name(name)] => Some(Linear::atom(expr.to_string(), Some(name))),
                    _ => None,
                }
            }
            Expr::Call(..) => Some(Linear::atom(expr.to_string(), None)),
            Expr::Negate(inner) => Linear::default().plus(Linear::of(inner)?, Number::NEGATIVE_ONE),
            Expr::Binary(Operator::Add, left, right) => {
                Linear::of(left)?.plus(Linear::of(right)?, Number::ONE)
            }
            Expr::Binary(Operator::Subtract, left, right) => {
                Linear::of(left)?.plus(Linear::of(right)?, Number::NEGATIVE_ONE)
            }
            Expr::Binary(Operator::Multiply, left, right) => {
                let (left, right) = (Linear::of(left)?, Linear::of(right)?);
                match (left.terms.is_empty(), right.terms.is_empty()) {
                    (true, _) => Linear::default().plus(right, left.constant),
                    (_, true) => Linear::default().plus(left, right.constant),
                    _ => None,
                }
            }
            Expr::Binary(Operator::Divide, left, right) => {
                let right = Linear::of(right)?;
                let divisor = (right.terms.is_empty() && !right.constant.is_zero())
                    .then_some(right.constant)?;
                Linear::default().plus(Linear::of(left)?, Number::ONE.checked_div(divisor)?)
            }
            Expr::Text(_) | Expr::Flag(_) | Expr::Binary(Operator::Compare(_), ..) => None,
        }
    }

    /// Left side minus right side of a comparison.
    pub fn of_comparison(expr: &'a Expr) -> Option<(Linear<'a>, Comparison)> {
        let (left, comparison, right) = expr.comparison()?;
        let difference = Linear::of(left)?.plus(Linear::of(right)?, Number::NEGATIVE_ONE)?;
        Some((difference, comparison))
    }

    /// Can `self <comparison> 0` hold, if each atom is at least 0 where `at_least_zero` says so?
    pub fn can_hold(
        &self,
        comparison: Comparison,
        at_least_zero: impl Fn(Option<&Name>) -> bool,
    ) -> bool {
        let bounded = |atom: &String| at_least_zero(self.names.get(atom).copied().flatten());
        let no_lower = self
            .terms
            .iter()
            .any(|(atom, c)| c.is_sign_negative() || !bounded(atom));
        let no_upper = self
            .terms
            .iter()
            .any(|(atom, c)| c.is_sign_positive() || !bounded(atom));
        let (low, high) = (self.constant, self.constant);
        let zero = Number::ZERO;
        match comparison {
            Comparison::Equal => (no_lower || low <= zero) && (no_upper || high >= zero),
            Comparison::NotEqual => no_lower || no_upper || low != zero,
            Comparison::Less => no_lower || low < zero,
            Comparison::LessOrEqual => no_lower || low <= zero,
            Comparison::Greater => no_upper || high > zero,
            Comparison::GreaterOrEqual => no_upper || high >= zero,
        }
    }

    fn atom(text: String, name: Option<&'a Name>) -> Linear<'a> {
        Linear {
            terms: BTreeMap::from([(text.clone(), Number::ONE)]),
            constant: Number::ZERO,
            names: BTreeMap::from([(text, name)]),
        }
    }

    fn plus(mut self, other: Linear<'a>, factor: Number) -> Option<Linear<'a>> {
        self.constant = self
            .constant
            .checked_add(other.constant.checked_mul(factor)?)?;
        for (atom, coefficient) in other.terms {
            let sum = self.terms.entry(atom).or_default();
            *sum = sum.checked_add(coefficient.checked_mul(factor)?)?;
        }
        self.terms.retain(|_, coefficient| !coefficient.is_zero());
        self.names.extend(other.names);
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::expression::parse;

    fn can_hold(text: &str) -> bool {
        let expr = parse(text).unwrap();
        let (linear, comparison) = Linear::of_comparison(&expr).unwrap();
        linear.can_hold(comparison, |_| true)
    }

    #[test]
    fn rules_that_can_never_hold_are_seen() {
        assert!(can_hold("a = b + c"));
        assert!(!can_hold("a = a + 1"));
        assert!(!can_hold("a > a"));
        assert!(!can_hold("a + b < 0"));
        assert!(!can_hold("a + 1 = -b"));
        assert!(can_hold("a - b < 0"));
        assert!(can_hold("SUM(a) = a + 1"));
    }
}
