//! Rules as linear sums, left side minus right side. Most rules of a form are linear, and for those
//! it can be proved whether they can ever hold.

use std::collections::BTreeMap;

use num_traits::{One, Signed, Zero};

use super::simplex::Fraction;
use crate::model::Number;
use crate::schema::rule::exact::{Exact, fraction};
use crate::schema::rule::expression::{Comparison, Expr, Name, Operator};
use crate::schema::rule::fold::{Algebra, Read, Written};
use crate::schema::rule::function::Function;

/// `constant + Σ coefficient × atom`. An atom is a name, or a call that is not taken apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Linear<'a> {
    /// Coefficients by the atom's text; none is zero.
    pub terms: BTreeMap<String, Fraction>,
    /// The constant term.
    pub constant: Fraction,
    names: BTreeMap<String, Option<&'a Name>>,
}

impl<'a> Linear<'a> {
    /// The sum behind an expression; `None` if it multiplies or divides names, or compares.
    pub fn of(expr: &'a Expr) -> Option<Linear<'a>> {
        expr.fold(&mut Sums).sum
    }

    /// Left side minus right side of a comparison.
    pub fn of_comparison(expr: &'a Expr) -> Option<(Linear<'a>, Comparison)> {
        let (left, comparison, right) = expr.comparison()?;
        let difference = Linear::of(left)?.plus(Linear::of(right)?, &-Fraction::one());
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
            .any(|(atom, c)| c.is_negative() || !bounded(atom));
        let no_upper = self
            .terms
            .iter()
            .any(|(atom, c)| c.is_positive() || !bounded(atom));
        let (low, high) = (&self.constant, &self.constant);
        let zero = &Fraction::zero();
        match comparison {
            Comparison::Equal => (no_lower || low <= zero) && (no_upper || high >= zero),
            Comparison::NotEqual => no_lower || no_upper || low != zero,
            Comparison::Less => no_lower || low < zero,
            Comparison::LessOrEqual => no_lower || low <= zero,
            Comparison::Greater => no_upper || high > zero,
            Comparison::GreaterOrEqual => no_upper || high >= zero,
        }
    }

    fn of_constant(constant: Fraction) -> Linear<'a> {
        Linear {
            terms: BTreeMap::new(),
            constant,
            names: BTreeMap::new(),
        }
    }

    fn atom(text: String, name: Option<&'a Name>) -> Linear<'a> {
        Linear {
            terms: BTreeMap::from([(text.clone(), Fraction::one())]),
            constant: Fraction::zero(),
            names: BTreeMap::from([(text, name)]),
        }
    }

    fn times(self, factor: &Fraction) -> Linear<'a> {
        Linear::of_constant(Fraction::zero()).plus(self, factor)
    }

    fn plus(mut self, other: Linear<'a>, factor: &Fraction) -> Linear<'a> {
        self.constant += other.constant * factor;
        for (atom, coefficient) in other.terms {
            *self.terms.entry(atom).or_insert_with(Fraction::zero) += coefficient * factor;
        }
        self.terms.retain(|_, coefficient| !coefficient.is_zero());
        self.names.extend(other.names);
        self
    }
}

/// The figure an expression is whatever the cells hold; `None` if it depends on them.
pub fn constant(expr: &Expr) -> Option<Exact> {
    let sum = Linear::of(expr)?;
    sum.terms.is_empty().then(|| sum.constant.into())
}

/// Makes sums of expressions.
struct Sums;

/// A part of an expression: its text, by which an atom is named, and the sum it is.
struct Part<'a> {
    text: String,
    sum: Option<Linear<'a>>,
}

impl<'a> Algebra<'a> for Sums {
    type Out = Part<'a>;

    fn number(&mut self, number: Number) -> Part<'a> {
        Part {
            text: Written.number(number),
            sum: Some(Linear::of_constant(fraction(number))),
        }
    }

    fn text(&mut self, text: &'a str) -> Part<'a> {
        Part {
            text: Written.text(text),
            sum: None,
        }
    }

    fn flag(&mut self, flag: bool) -> Part<'a> {
        Part {
            text: Written.flag(flag),
            sum: None,
        }
    }

    fn name(&mut self, read: Read<'a>) -> Part<'a> {
        let text = Written.name(read);
        // The sum of a column is not the column of a row.
        let atom = match read.folded {
            true => format!("SUM({text})"),
            false => text.clone(),
        };
        Part {
            text,
            sum: Some(Linear::atom(atom, Some(read.name))),
        }
    }

    fn units(&mut self, form: &'a Name) -> Part<'a> {
        let text = Written.units(form);
        Part {
            sum: Some(Linear::atom(text.clone(), None)),
            text,
        }
    }

    fn negate(&mut self, inner: Part<'a>) -> Part<'a> {
        Part {
            text: Written.negate(inner.text),
            sum: inner.sum.map(|sum| sum.times(&-Fraction::one())),
        }
    }

    fn binary(&mut self, operator: Operator, left: Part<'a>, right: Part<'a>) -> Part<'a> {
        Part {
            text: Written.binary(operator, left.text, right.text),
            sum: left
                .sum
                .zip(right.sum)
                .and_then(|(left, right)| combined(operator, left, right)),
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Part<'a>>) -> Part<'a> {
        let (texts, sums): (Vec<String>, Vec<Option<Linear<'a>>>) = arguments
            .into_iter()
            .map(|part| (part.text, part.sum))
            .unzip();
        let text = Written.call(function, texts);
        let sum = match function {
            Function::Sum => sums
                .into_iter()
                .reduce(|sum, part| Some(sum?.plus(part?, &Fraction::one())))
                .flatten(),
            _ => Some(Linear::atom(text.clone(), None)),
        };
        Part { text, sum }
    }
}

fn combined<'a>(operator: Operator, left: Linear<'a>, right: Linear<'a>) -> Option<Linear<'a>> {
    match operator {
        Operator::Add => Some(left.plus(right, &Fraction::one())),
        Operator::Subtract => Some(left.plus(right, &-Fraction::one())),
        Operator::Multiply => match (left.terms.is_empty(), right.terms.is_empty()) {
            (true, _) => Some(right.times(&left.constant)),
            (_, true) => Some(left.times(&right.constant)),
            _ => None,
        },
        Operator::Divide if right.terms.is_empty() && !right.constant.is_zero() => {
            Some(left.times(&right.constant.recip()))
        }
        Operator::Divide | Operator::Compare(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::parser::parse;

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
        // A third of a, three times, is a.
        assert!(!can_hold("a / 3 * 3 = a + 1"));
    }
}
