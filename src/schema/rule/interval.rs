//! What a printed figure says about the figure it was rounded from: an interval, and arithmetic on
//! intervals. With it a rule over rounded figures fails only where no figures that print like these
//! could keep it. A figure that is exact is an interval of one point, so rules over exact figures
//! are as sharp as ever.
//!
//! A name that occurs twice in a rule is taken for two figures, so that the interval is never too
//! small and sometimes larger than it need be.

use std::cmp::Ordering;

use super::exact::Exact;
use super::expression::Comparison;
use crate::model::Number;
use crate::schema::file::Rounding;

/// One end of an interval: `None` if there is none, else the figure and whether it belongs to it.
type End = Option<(Exact, bool)>;

/// The figures a true figure may be.
#[derive(Debug, Clone, PartialEq)]
pub struct Interval {
    low: End,
    high: End,
}

impl Interval {
    /// Exactly this.
    pub fn point(figure: impl Into<Exact>) -> Self {
        let figure = figure.into();
        Interval::between((figure.clone(), true), (figure, true))
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
        let (printed, inward, outward) = (
            Exact::from(printed),
            Exact::from(inward),
            Exact::from(outward),
        );
        // Both ways of rounding go by the figure without its sign: the end towards zero belongs to
        // the interval, the other does not.
        let of_size = |size: &Exact| (size.minus(&inward), size.plus(&outward));
        match printed.sign() {
            Ordering::Greater => {
                let (near, far) = of_size(&printed);
                Interval::between((near, true), (far, false))
            }
            Ordering::Less => {
                let (near, far) = of_size(&printed.negated());
                Interval::between((far.negated(), false), (near.negated(), true))
            }
            Ordering::Equal if negative => {
                Interval::between((outward.negated(), false), (outward, false))
            }
            Ordering::Equal => Interval::between((Exact::ZERO, true), (outward, false)),
        }
    }

    fn between(low: (Exact, bool), high: (Exact, bool)) -> Self {
        Interval {
            low: Some(low),
            high: Some(high),
        }
    }

    /// The one figure it is, if it is one.
    fn single(&self) -> Option<&Exact> {
        match (&self.low, &self.high) {
            (Some((low, true)), Some((high, true))) if low == high => Some(low),
            _ => None,
        }
    }

    /// How far it reaches below and above a figure inside it; `None` where it has no end.
    pub fn reach(&self, from: Number) -> (Option<Number>, Option<Number>) {
        let from = Exact::from(from);
        let below = |(low, _): &(Exact, bool)| from.minus(low).to_number();
        let above = |(high, _): &(Exact, bool)| high.minus(&from).to_number();
        (
            self.low.as_ref().and_then(below),
            self.high.as_ref().and_then(above),
        )
    }

    /// The sum of so many figures, each of which had as much room, whose total is `total`.
    pub fn spread(&self, total: Number, times: usize) -> Self {
        let times = Number::from(u64::try_from(times).unwrap_or(u64::MAX));
        let total = Interval::point(total);
        let room = self.plus(&total.negated());
        room.times(&Interval::point(times)).plus(&total)
    }

    /// The figures with the other sign.
    pub fn negated(&self) -> Self {
        let turn = |end: &End| {
            end.as_ref()
                .map(|(figure, closed)| (figure.negated(), *closed))
        };
        Interval {
            low: turn(&self.high),
            high: turn(&self.low),
        }
    }

    /// The sums with the figures of another.
    pub fn plus(&self, other: &Self) -> Self {
        let add = |a: &End, b: &End| {
            let ((a, a_closed), (b, b_closed)) = (a.as_ref()?, b.as_ref()?);
            Some((a.plus(b), *a_closed && *b_closed))
        };
        Interval {
            low: add(&self.low, &other.low),
            high: add(&self.high, &other.high),
        }
    }

    pub(super) fn times(&self, other: &Self) -> Self {
        match (self.single(), other.single()) {
            (Some(factor), _) => other.scaled(factor),
            (_, Some(factor)) => self.scaled(factor),
            (None, None) => self.corners(other, |a, b| Some(a.times(b))),
        }
    }

    /// `None` if it divides by exactly 0, which no rounding explains.
    pub(super) fn over(&self, other: &Self) -> Option<Self> {
        match other.single() {
            Some(divisor) => Some(self.scaled(&Exact::from(Number::ONE).over(divisor)?)),
            None if other.may(Comparison::Equal) => Some(Interval::ANY),
            None => Some(self.corners(other, Exact::over)),
        }
    }

    /// Each end times the same factor.
    fn scaled(&self, factor: &Exact) -> Self {
        let end = |end: &End| {
            let (figure, closed) = end.as_ref()?;
            Some((figure.times(factor), *closed))
        };
        let (low, high) = (end(&self.low), end(&self.high));
        match factor.sign() {
            Ordering::Equal => Interval::point(Number::ZERO),
            Ordering::Greater => Interval { low, high },
            Ordering::Less => Interval {
                low: high,
                high: low,
            },
        }
    }

    /// The smallest interval with what two intervals give; its ends are taken to belong to it.
    fn corners(&self, other: &Self, by: fn(&Exact, &Exact) -> Option<Exact>) -> Self {
        let results = || {
            let (low, high) = (&self.low.as_ref()?.0, &self.high.as_ref()?.0);
            let others = [&other.low.as_ref()?.0, &other.high.as_ref()?.0];
            let pairs = [low, high]
                .into_iter()
                .flat_map(|a| others.map(|b| by(a, b)));
            pairs.collect::<Option<Vec<Exact>>>()
        };
        let Some(results) = results() else {
            return Interval::ANY;
        };
        let end = |figure: Option<&Exact>| figure.map(|figure| (figure.clone(), true));
        Interval {
            low: end(results.iter().min()),
            high: end(results.iter().max()),
        }
    }

    /// Both together, ends included.
    pub(super) fn or(&self, other: &Self) -> Self {
        let pick = |a: &End, b: &End, least: bool| {
            let ((a, _), (b, _)) = (a.as_ref()?, b.as_ref()?);
            let picked = if least { a.min(b) } else { a.max(b) };
            Some((picked.clone(), true))
        };
        Interval {
            low: pick(&self.low, &other.low, true),
            high: pick(&self.high, &other.high, false),
        }
    }

    pub(super) fn size(&self) -> Self {
        match (self.may(Comparison::Less), self.may(Comparison::Greater)) {
            (false, _) => self.clone(),
            (true, false) => self.negated(),
            (true, true) => {
                let both = self.or(&self.negated());
                Interval {
                    low: Some((Exact::ZERO, true)),
                    ..both
                }
            }
        }
    }

    /// Both ends brought by a function that keeps order.
    pub(super) fn mapped(&self, by: impl Fn(&Exact) -> Exact) -> Self {
        let end = |end: &End| end.as_ref().map(|(figure, _)| (by(figure), true));
        Interval {
            low: end(&self.low),
            high: end(&self.high),
        }
    }

    /// The smaller (or larger) of two figures, end by end.
    pub(super) fn extreme(&self, other: &Self, least: bool) -> Self {
        let pick = |a: &End, b: &End, none_wins: bool| match (a, b) {
            (Some(a), Some(b)) => Some(if (a.0 < b.0) == least { a } else { b }.clone()),
            (one, other) if none_wins => one.as_ref().and(other.as_ref()).cloned(),
            (one, other) => one.as_ref().or(other.as_ref()).cloned(),
        };
        Interval {
            low: pick(&self.low, &other.low, least),
            high: pick(&self.high, &other.high, !least),
        }
    }

    /// May a figure of the interval compare so with 0?
    pub fn may(&self, comparison: Comparison) -> bool {
        let low = self.low.as_ref().map(|(low, closed)| (low.sign(), *closed));
        let high = self
            .high
            .as_ref()
            .map(|(high, closed)| (high.sign(), *closed));
        let below = low.is_none_or(|(sign, _)| sign.is_lt());
        let above = high.is_none_or(|(sign, _)| sign.is_gt());
        let reaches_down = below || low == Some((Ordering::Equal, true));
        let reaches_up = above || high == Some((Ordering::Equal, true));
        match comparison {
            Comparison::Equal => reaches_down && reaches_up,
            Comparison::NotEqual => self.single() != Some(&Exact::ZERO),
            Comparison::Less => below,
            Comparison::LessOrEqual => reaches_down,
            Comparison::Greater => above,
            Comparison::GreaterOrEqual => reaches_up,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::{Decimal, dec};

    use super::super::exact::round;
    use super::*;

    fn printed(number: Decimal, rounding: Rounding) -> Interval {
        Interval::of_printed(number, 2, rounding, true)
    }

    fn contains(interval: impl std::borrow::Borrow<Interval>, number: Decimal) -> bool {
        interval
            .borrow()
            .plus(&Interval::point(-number))
            .may(Comparison::Equal)
    }

    #[test]
    fn a_rounded_figure_stands_for_half_a_unit_on_either_side_and_a_cut_one_for_a_unit() {
        let rounded = printed(dec!(1.25), Rounding::HalfUp);
        assert!(contains(&rounded, dec!(1.245)) && !contains(&rounded, dec!(1.255)));
        let negative = printed(dec!(-1.25), Rounding::HalfUp);
        assert!(contains(&negative, dec!(-1.245)) && !contains(&negative, dec!(-1.255)));
        let cut = printed(dec!(1.25), Rounding::Truncate);
        assert!(contains(&cut, dec!(1.2599)) && !contains(&cut, dec!(1.2499)));
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
            prop_assert!(contains(&x, a) && contains(&y, b));
            prop_assert!(contains(x.plus(&y), a + b));
            prop_assert!(contains(x.plus(&y.negated()), a - b));
            prop_assert!(contains(x.times(&y), a * b));
            prop_assert!(contains(x.times(&Interval::point(dec!(-3))), a * dec!(-3)));
            prop_assert!(contains(x.size(), a.abs()));
            prop_assert!(contains(x.extreme(&y, true), a.min(b)));
            prop_assert!(contains(x.extreme(&y, false), a.max(b)));
            prop_assert!(contains(x.mapped(|n| n.rounded(1, how)), round(a, 1, how)));
            if let (Some(quotient), Some(interval)) = (a.checked_div(b), x.over(&y)) {
                prop_assert!(contains(interval, quotient));
            }
        }
    }
}
