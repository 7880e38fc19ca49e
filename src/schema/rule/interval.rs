//! What a printed figure says about the figure it was rounded from: an interval, and arithmetic on
//! intervals. With it a rule over rounded figures fails only where no figures that print like these
//! could keep it. A figure that is exact is an interval of one point, so rules over exact figures
//! are as sharp as ever.
//!
//! A name that stands twice in a rule is taken for two figures, so that the interval is never too
//! small and sometimes larger than it need be.

use std::cmp::Ordering;

use super::evaluate::{Scope, Trouble, evaluate, holds, matches_text, round};
use super::expression::{Comparison, Expr, Function, Name, Operator, Past};
use crate::model::{Number, Value};
use crate::schema::file::Rounding;

/// One end of an interval: `None` if there is none, else the figure and whether it belongs to it.
type End = Option<(Number, bool)>;

/// The figures a true figure may be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    low: End,
    high: End,
}

impl Interval {
    /// Exactly this.
    pub fn point(number: Number) -> Self {
        Interval {
            low: Some((number, true)),
            high: Some((number, true)),
        }
    }

    /// Anything: nothing can be said.
    const ANY: Interval = Interval {
        low: None,
        high: None,
    };

    /// What may have been rounded to `printed` at so many decimals. A figure with more decimals
    /// than that was not rounded. Where figures cannot be below zero, neither can what was rounded.
    pub fn of_printed(printed: Number, decimals: u32, rounding: Rounding, negative: bool) -> Self {
        if printed.normalize().scale() > decimals {
            return Interval::point(printed);
        }
        let unit = Number::new(1, decimals);
        let inward = match rounding {
            Rounding::HalfUp => unit / Number::TWO,
            Rounding::Truncate => Number::ZERO,
        };
        let outward = unit - inward;
        // Both ways of rounding go by the figure without its sign: the end towards zero belongs to
        // the interval, the other does not.
        let of_size = |size: Number| (size - inward, size + outward);
        match printed.cmp(&Number::ZERO) {
            Ordering::Greater => {
                let (near, far) = of_size(printed);
                Interval::between((near, true), (far, false))
            }
            Ordering::Less => {
                let (near, far) = of_size(-printed);
                Interval::between((-far, false), (-near, true))
            }
            Ordering::Equal if negative => Interval::between((-outward, false), (outward, false)),
            Ordering::Equal => Interval::between((Number::ZERO, true), (outward, false)),
        }
    }

    fn between(low: (Number, bool), high: (Number, bool)) -> Self {
        Interval {
            low: Some(low),
            high: Some(high),
        }
    }

    /// The one figure it is, if it is one.
    fn single(self) -> Option<Number> {
        match (self.low, self.high) {
            (Some((low, true)), Some((high, true))) if low == high => Some(low),
            _ => None,
        }
    }

    /// How far it reaches below and above a figure inside it; `None` where it has no end.
    pub fn reach(self, from: Number) -> (Option<Number>, Option<Number>) {
        (
            self.low.and_then(|(low, _)| from.checked_sub(low)),
            self.high.and_then(|(high, _)| high.checked_sub(from)),
        )
    }

    /// The sum of so many figures, each of which had as much room, that came to `total`.
    pub fn spread(self, total: Number, times: usize) -> Self {
        let times = Number::from(u64::try_from(times).unwrap_or(u64::MAX));
        let room = self.plus(Interval::point(-total));
        let room = room.scaled(|number| number.checked_mul(times), times);
        room.plus(Interval::point(total))
    }

    fn negated(self) -> Self {
        let turn = |end: End| end.map(|(number, closed)| (-number, closed));
        Interval {
            low: turn(self.high),
            high: turn(self.low),
        }
    }

    fn plus(self, other: Self) -> Self {
        let add = |a: End, b: End| {
            let ((a, a_closed), (b, b_closed)) = (a?, b?);
            Some((a.checked_add(b)?, a_closed && b_closed))
        };
        Interval {
            low: add(self.low, other.low),
            high: add(self.high, other.high),
        }
    }

    fn times(self, other: Self) -> Self {
        match (self.single(), other.single()) {
            (Some(factor), _) => other.scaled(|number| number.checked_mul(factor), factor),
            (_, Some(factor)) => self.scaled(|number| number.checked_mul(factor), factor),
            (None, None) => self.corners(other, Number::checked_mul),
        }
    }

    /// `None` if it divides by exactly 0, which no rounding explains.
    fn over(self, other: Self) -> Option<Self> {
        match other.single() {
            Some(divisor) if divisor.is_zero() => None,
            Some(divisor) => Some(self.scaled(|number| number.checked_div(divisor), divisor)),
            None if other.may(Comparison::Equal) => Some(Interval::ANY),
            None => Some(self.corners(other, Number::checked_div)),
        }
    }

    /// Each end taken by the same factor, which has this sign.
    fn scaled(self, by: impl Fn(Number) -> Option<Number>, factor: Number) -> Self {
        let end = |end: End| end.and_then(|(number, closed)| Some((by(number)?, closed)));
        let taken = Interval {
            low: end(self.low),
            high: end(self.high),
        };
        match factor.cmp(&Number::ZERO) {
            Ordering::Equal => Interval::point(Number::ZERO),
            Ordering::Greater => taken,
            Ordering::Less => Interval {
                low: taken.high,
                high: taken.low,
            },
        }
    }

    /// The least interval with what two intervals give; its ends are taken to belong to it.
    fn corners(self, other: Self, by: fn(Number, Number) -> Option<Number>) -> Self {
        let ends = |of: Interval| Some([of.low?.0, of.high?.0]);
        let (Some(own), Some(others)) = (ends(self), ends(other)) else {
            return Interval::ANY;
        };
        let results = own
            .iter()
            .flat_map(|a| others.iter().map(|b| by(*a, *b)))
            .collect::<Option<Vec<Number>>>();
        match results {
            Some(results) => Interval::hull_of(&results),
            None => Interval::ANY,
        }
    }

    fn hull_of(numbers: &[Number]) -> Self {
        let end = |number: Option<&Number>| number.map(|number| (*number, true));
        Interval {
            low: end(numbers.iter().min()),
            high: end(numbers.iter().max()),
        }
    }

    /// Both together, ends included.
    fn or(self, other: Self) -> Self {
        let pick = |a: End, b: End, least: bool| match (a, b) {
            (Some((a, _)), Some((b, _))) => Some((if least { a.min(b) } else { a.max(b) }, true)),
            _ => None,
        };
        Interval {
            low: pick(self.low, other.low, true),
            high: pick(self.high, other.high, false),
        }
    }

    fn size(self) -> Self {
        match (self.may(Comparison::Less), self.may(Comparison::Greater)) {
            (false, _) => self,
            (true, false) => self.negated(),
            (true, true) => {
                let both = self.or(self.negated());
                Interval {
                    low: Some((Number::ZERO, true)),
                    ..both
                }
            }
        }
    }

    /// Both ends brought by a function that keeps order.
    fn mapped(self, by: impl Fn(Number) -> Number) -> Self {
        let end = |end: End| end.map(|(number, _)| (by(number), true));
        Interval {
            low: end(self.low),
            high: end(self.high),
        }
    }

    /// The smaller (or larger) of two figures, end by end.
    fn extreme(self, other: Self, least: bool) -> Self {
        let pick = |a: End, b: End, none_wins: bool| match (a, b) {
            (Some(a), Some(b)) => Some(if (a.0 < b.0) == least { a } else { b }),
            (one, other) if none_wins => one.and(other),
            (one, other) => one.or(other),
        };
        Interval {
            low: pick(self.low, other.low, least),
            high: pick(self.high, other.high, !least),
        }
    }

    /// May a figure of the interval stand so to 0?
    pub fn may(self, comparison: Comparison) -> bool {
        let zero = Number::ZERO;
        let below = self.low.is_none_or(|(low, _)| low < zero);
        let above = self.high.is_none_or(|(high, _)| high > zero);
        let reaches_down = below || self.low == Some((zero, true));
        let reaches_up = above || self.high == Some((zero, true));
        match comparison {
            Comparison::Equal => reaches_down && reaches_up,
            Comparison::NotEqual => self.single() != Some(zero),
            Comparison::Less => below,
            Comparison::LessOrEqual => reaches_down,
            Comparison::Greater => above,
            Comparison::GreaterOrEqual => reaches_up,
        }
    }
}

/// Gives an expression its cells with what rounding hides.
pub trait Printed: Scope {
    /// The figures a name stands for, blanks left out as [`Scope::values`] does: of this period or
    /// of closed ones; `folded` as in a fold.
    fn intervals(
        &self,
        name: &Name,
        past: Option<Past>,
        folded: bool,
    ) -> Result<Vec<Option<Interval>>, Trouble>;
}

/// Whether something can hold, and whether it must, whatever figures were rounded to these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// There are figures for which it holds.
    pub can: bool,
    /// It holds for all of them.
    pub must: bool,
}

impl Truth {
    fn of(holds: bool) -> Self {
        Truth {
            can: holds,
            must: holds,
        }
    }
}

/// Whether an expression can hold and whether it must.
pub fn truth(expr: &Expr, scope: &dyn Printed) -> Result<Truth, Trouble> {
    match expr {
        Expr::Binary(Operator::Compare(comparison), left, right)
            if is_figure(left, scope)? && is_figure(right, scope)? =>
        {
            let difference = interval(left, scope)?.plus(interval(right, scope)?.negated());
            Ok(Truth {
                can: difference.may(*comparison),
                must: !difference.may(opposite(*comparison)),
            })
        }
        Expr::Call(Function::Not, arguments) => {
            let inner = truth(&arguments[0], scope)?;
            Ok(Truth {
                can: !inner.must,
                must: !inner.can,
            })
        }
        Expr::Call(Function::And, arguments) => {
            let mut all = Truth::of(true);
            for argument in arguments {
                let one = truth(argument, scope)?;
                all = Truth {
                    can: all.can && one.can,
                    must: all.must && one.must,
                };
            }
            Ok(all)
        }
        Expr::Call(Function::Or, arguments) => {
            let mut any = Truth::of(false);
            for argument in arguments {
                let one = truth(argument, scope)?;
                any = Truth {
                    can: any.can || one.can,
                    must: any.must || one.must,
                };
            }
            Ok(any)
        }
        other => holds(other, scope).map(Truth::of),
    }
}

/// The figures an expression may come to.
pub fn interval(expr: &Expr, scope: &dyn Printed) -> Result<Interval, Trouble> {
    match expr {
        Expr::Name(name) => one(scope.intervals(name, None, false)?, scope),
        Expr::Negate(inner) => Ok(interval(inner, scope)?.negated()),
        Expr::Binary(Operator::Add, left, right) => {
            Ok(interval(left, scope)?.plus(interval(right, scope)?))
        }
        Expr::Binary(Operator::Subtract, left, right) => {
            Ok(interval(left, scope)?.plus(interval(right, scope)?.negated()))
        }
        Expr::Binary(Operator::Multiply, left, right) => {
            Ok(interval(left, scope)?.times(interval(right, scope)?))
        }
        Expr::Binary(Operator::Divide, left, right) => interval(left, scope)?
            .over(interval(right, scope)?)
            .ok_or(Trouble::Missing),
        Expr::Call(function, arguments) => of_call(*function, arguments, expr, scope),
        Expr::Number(number) => Ok(Interval::point(*number)),
        Expr::Text(_) | Expr::Flag(_) | Expr::Binary(Operator::Compare(_), ..) => {
            exact(expr, scope)
        }
    }
}

fn of_call(
    function: Function,
    arguments: &[Expr],
    expr: &Expr,
    scope: &dyn Printed,
) -> Result<Interval, Trouble> {
    if let (Some(past), [Expr::Name(name)]) = (function.past(), arguments) {
        return one(scope.intervals(name, Some(past), false)?, scope);
    }
    match function {
        Function::Sum => folded(arguments, scope, Interval::plus),
        Function::Min => folded(arguments, scope, |a, b| a.extreme(b, true)),
        Function::Max => folded(arguments, scope, |a, b| a.extreme(b, false)),
        Function::SumIfs => sum_where(arguments, expr, scope),
        Function::Abs => Ok(interval(&arguments[0], scope)?.size()),
        Function::Round | Function::RoundDown => {
            let how = match function {
                Function::Round => Rounding::HalfUp,
                _ => Rounding::Truncate,
            };
            let decimals = super::evaluate::number(&arguments[1], scope)?;
            let decimals = u32::try_from(decimals).map_err(|_| Trouble::Missing)?;
            let of = interval(&arguments[0], scope)?;
            Ok(of.mapped(|number| round(number, decimals, how)))
        }
        Function::If => {
            let condition = truth(&arguments[0], scope)?;
            match (condition.must, condition.can) {
                (true, _) => interval(&arguments[1], scope),
                (false, false) => interval(&arguments[2], scope),
                (false, true) => {
                    Ok(interval(&arguments[1], scope)?.or(interval(&arguments[2], scope)?))
                }
            }
        }
        // What counts is exact, and so is what is not a figure.
        _ => exact(expr, scope),
    }
}

fn exact(expr: &Expr, scope: &dyn Printed) -> Result<Interval, Trouble> {
    super::evaluate::number(expr, scope).map(Interval::point)
}

fn one(intervals: Vec<Option<Interval>>, scope: &dyn Printed) -> Result<Interval, Trouble> {
    match intervals.as_slice() {
        [Some(interval)] => Ok(*interval),
        [None] if scope.blank_is_zero() => Ok(Interval::point(Number::ZERO)),
        _ => Err(Trouble::Missing),
    }
}

fn folded(
    arguments: &[Expr],
    scope: &dyn Printed,
    by: impl Fn(Interval, Interval) -> Interval,
) -> Result<Interval, Trouble> {
    let mut all = Vec::new();
    for argument in arguments {
        match argument {
            Expr::Name(name) => all.extend(scope.intervals(name, None, true)?),
            Expr::Call(function, inner) => match (function.past(), inner.as_slice()) {
                (Some(past), [Expr::Name(name)]) => {
                    all.extend(scope.intervals(name, Some(past), true)?);
                }
                _ => all.push(Some(interval(argument, scope)?)),
            },
            other => all.push(Some(interval(other, scope)?)),
        }
    }
    let folded = all.into_iter().flatten().reduce(by);
    one(vec![folded], scope)
}

fn sum_where(arguments: &[Expr], expr: &Expr, scope: &dyn Printed) -> Result<Interval, Trouble> {
    let [Expr::Name(figures), Expr::Name(texts), Expr::Text(wanted)] = arguments else {
        return exact(expr, scope);
    };
    let figures = scope.intervals(figures, None, true)?;
    let chosen = figures
        .into_iter()
        .zip(scope.values(texts)?)
        .filter(|(_, text)| text.as_ref().is_some_and(|text| matches_text(text, wanted)))
        .filter_map(|(figure, _)| figure);
    one(vec![chosen.reduce(Interval::plus)], scope)
}

fn is_figure(expr: &Expr, scope: &dyn Printed) -> Result<bool, Trouble> {
    Ok(matches!(
        evaluate(expr, scope)?,
        None | Some(Value::Number(_))
    ))
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::{Decimal, dec};

    use super::*;

    fn printed(number: Decimal, rounding: Rounding) -> Interval {
        Interval::of_printed(number, 2, rounding, true)
    }

    fn contains(interval: Interval, number: Decimal) -> bool {
        interval
            .plus(Interval::point(-number))
            .may(Comparison::Equal)
    }

    #[test]
    fn a_rounded_figure_stands_for_half_a_unit_on_either_side_and_a_cut_one_for_a_unit() {
        let rounded = printed(dec!(1.25), Rounding::HalfUp);
        assert!(contains(rounded, dec!(1.245)) && !contains(rounded, dec!(1.255)));
        let negative = printed(dec!(-1.25), Rounding::HalfUp);
        assert!(contains(negative, dec!(-1.245)) && !contains(negative, dec!(-1.255)));
        let cut = printed(dec!(1.25), Rounding::Truncate);
        assert!(contains(cut, dec!(1.2599)) && !contains(cut, dec!(1.2499)));
        // With more decimals than it prints it was not rounded.
        assert_eq!(
            printed(dec!(1.255), Rounding::HalfUp),
            Interval::point(dec!(1.255))
        );
    }

    fn figure() -> impl Strategy<Value = Decimal> {
        (-9_000_000_i64..9_000_000).prop_map(|number| Decimal::new(number, 5))
    }

    fn rounding() -> impl Strategy<Value = Rounding> {
        prop_oneof![Just(Rounding::HalfUp), Just(Rounding::Truncate)]
    }

    proptest! {
        #[test]
        fn no_operation_loses_the_true_figure(a in figure(), b in figure(), how in rounding()) {
            let of = |number| printed(round(number, 2, how), how);
            let (x, y) = (of(a), of(b));
            prop_assert!(contains(x, a) && contains(y, b));
            prop_assert!(contains(x.plus(y), a + b));
            prop_assert!(contains(x.plus(y.negated()), a - b));
            prop_assert!(contains(x.times(y), a * b));
            prop_assert!(contains(x.times(Interval::point(dec!(-3))), a * dec!(-3)));
            prop_assert!(contains(x.size(), a.abs()));
            prop_assert!(contains(x.extreme(y, true), a.min(b)));
            prop_assert!(contains(x.extreme(y, false), a.max(b)));
            prop_assert!(contains(x.mapped(|n| round(n, 1, how)), round(a, 1, how)));
            if let (Some(quotient), Some(interval)) = (a.checked_div(b), x.over(y)) {
                prop_assert!(contains(interval, quotient));
            }
        }
    }
}
