//! Exact arithmetic: decimals as long as they hold the result, unbounded fractions where they do
//! not (a quotient that does not terminate, more digits than a decimal has). So `a / 3 * 3 = a`.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};
use rust_decimal::RoundingStrategy;

use crate::model::Number;
use crate::schema::file::Rounding;

/// Most decimals a [`Number`] has.
const MOST_DECIMALS: u32 = 28;
/// Most decimals, or places before the point, a figure is rounded to; beyond, rounding changes
/// nothing or leaves 0.
const MOST_PLACES: i64 = 400;

/// An exact figure of any size.
#[derive(Debug, Clone)]
pub struct Exact(Held);

/// One figure has one form: a fraction only where no decimal holds it.
#[derive(Debug, Clone)]
enum Held {
    Decimal(Number),
    Fraction(Box<BigRational>),
}

/// A decimal figure as a fraction.
pub fn fraction(number: Number) -> BigRational {
    BigRational::new(number.mantissa().into(), ten_to(number.scale()))
}

fn ten_to(power: u32) -> BigInt {
    BigInt::from(10).pow(power)
}

impl From<Number> for Exact {
    fn from(number: Number) -> Self {
        Exact(Held::Decimal(number))
    }
}

impl From<BigRational> for Exact {
    fn from(fraction: BigRational) -> Self {
        match decimal(&fraction) {
            Some(number) => Exact(Held::Decimal(number)),
            None => Exact(Held::Fraction(Box::new(fraction))),
        }
    }
}

/// The decimal that is exactly this fraction, if there is one.
fn decimal(fraction: &BigRational) -> Option<Number> {
    let (times, rest) = {
        let (whole, denominator) = (ten_to(MOST_DECIMALS), fraction.denom());
        (&whole / denominator, &whole % denominator)
    };
    if !rest.is_zero() {
        return None;
    }
    let mut mantissa = fraction.numer() * times;
    let (mut scale, ten) = (MOST_DECIMALS, BigInt::from(10));
    while scale > 0 && (&mantissa % &ten).is_zero() {
        mantissa /= &ten;
        scale -= 1;
    }
    Number::try_from_i128_with_scale(mantissa.to_i128()?, scale).ok()
}

impl Exact {
    /// The figure 0.
    pub const ZERO: Exact = Exact(Held::Decimal(Number::ZERO));

    /// The figure as a fraction.
    pub fn to_fraction(&self) -> BigRational {
        match &self.0 {
            Held::Decimal(number) => fraction(*number),
            Held::Fraction(fraction) => (**fraction).clone(),
        }
    }

    /// The nearest decimal, with as many digits as decimals hold; `None` if it is too large.
    pub fn to_number(&self) -> Option<Number> {
        let fraction = match &self.0 {
            Held::Decimal(number) => return Some(*number),
            Held::Fraction(fraction) => fraction,
        };
        (0..=MOST_DECIMALS).rev().find_map(|scale| {
            let shifted = fraction.as_ref() * BigRational::from(ten_to(scale));
            let mantissa = shifted.round().to_integer().to_i128()?;
            Number::try_from_i128_with_scale(mantissa, scale).ok()
        })
    }

    /// `self + other`.
    pub fn plus(&self, other: &Exact) -> Exact {
        if let (Held::Decimal(a), Held::Decimal(b)) = (&self.0, &other.0)
            && let Some(sum) = a.checked_add(*b)
            && sum.scale() == a.scale().max(b.scale())
        {
            return sum.into();
        }
        (self.to_fraction() + other.to_fraction()).into()
    }

    /// `self - other`.
    pub fn minus(&self, other: &Exact) -> Exact {
        self.plus(&other.negated())
    }

    /// `-self`.
    pub fn negated(&self) -> Exact {
        match &self.0 {
            Held::Decimal(number) => (-*number).into(),
            Held::Fraction(fraction) => Exact(Held::Fraction(Box::new(-fraction.as_ref()))),
        }
    }

    /// `self × other`.
    pub fn times(&self, other: &Exact) -> Exact {
        if let (Held::Decimal(a), Held::Decimal(b)) = (&self.0, &other.0)
            && let Some(product) = exact_product(*a, *b)
        {
            return product.into();
        }
        (self.to_fraction() * other.to_fraction()).into()
    }

    /// `self : other`; `None` if that is 0.
    pub fn over(&self, other: &Exact) -> Option<Exact> {
        if other.sign() == Ordering::Equal {
            return None;
        }
        if let (Held::Decimal(a), Held::Decimal(b)) = (&self.0, &other.0)
            && let Some(quotient) = a.checked_div(*b)
            && exact_product(quotient, *b) == Some(*a)
        {
            return Some(quotient.into());
        }
        Some((self.to_fraction() / other.to_fraction()).into())
    }

    /// Without its sign.
    pub fn size(&self) -> Exact {
        match self.sign() {
            Ordering::Less => self.negated(),
            _ => self.clone(),
        }
    }

    /// How it compares with 0.
    pub fn sign(&self) -> Ordering {
        match &self.0 {
            Held::Decimal(number) => number.cmp(&Number::ZERO),
            Held::Fraction(fraction) if fraction.is_negative() => Ordering::Less,
            Held::Fraction(_) => Ordering::Greater,
        }
    }

    /// Brought to so many decimals; below 0, to tens, hundreds, thousands, as Excel does.
    pub fn rounded(&self, decimals: i64, rounding: Rounding) -> Exact {
        if let (Held::Decimal(number), Ok(decimals)) = (&self.0, u32::try_from(decimals)) {
            return round(*number, decimals, rounding).into();
        }
        let places = u32::try_from(decimals.unsigned_abs());
        let Some(places) = places.ok().filter(|_| decimals.abs() <= MOST_PLACES) else {
            return match decimals < 0 {
                true => Exact::ZERO,
                false => self.clone(),
            };
        };
        let unit = match decimals < 0 {
            true => BigRational::from(ten_to(places)),
            false => BigRational::new(BigInt::one(), ten_to(places)),
        };
        let units = self.to_fraction() / &unit;
        let whole = match rounding {
            Rounding::HalfUp => units.round(),
            Rounding::Truncate => units.trunc(),
        };
        (whole * unit).into()
    }
}

/// The product, if a decimal holds all of it.
fn exact_product(a: Number, b: Number) -> Option<Number> {
    let product = a.checked_mul(b)?;
    let whole = product.scale() == a.scale() + b.scale() || a.is_zero() || b.is_zero();
    whole.then_some(product)
}

/// Brings a figure to so many decimals.
pub fn round(number: Number, decimals: u32, rounding: Rounding) -> Number {
    let strategy = match rounding {
        Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        Rounding::Truncate => RoundingStrategy::ToZero,
    };
    number.round_dp_with_strategy(decimals, strategy)
}

impl PartialEq for Exact {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Exact {}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Self) -> Ordering {
        match (&self.0, &other.0) {
            (Held::Decimal(a), Held::Decimal(b)) => a.cmp(b),
            _ => self.to_fraction().cmp(&other.to_fraction()),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rust_decimal::dec;

    use super::*;

    fn of(number: Number) -> Exact {
        number.into()
    }

    #[test]
    fn a_quotient_that_does_not_terminate_loses_nothing() {
        let third = of(dec!(1)).over(&of(dec!(3))).unwrap();
        assert_eq!(third.times(&of(dec!(3))), of(dec!(1)));
        assert!(third > of(dec!(0.3333333333333333333333333333)));
        assert_eq!(
            third.to_number(),
            Some(dec!(0.3333333333333333333333333333))
        );
        assert!(of(dec!(1)).over(&Exact::ZERO).is_none());
    }

    #[test]
    fn sums_and_products_beyond_28_digits_lose_nothing() {
        let (large, small) = (of(dec!(1e20)), of(dec!(1e-20)));
        assert_eq!(large.plus(&small).minus(&large), small);
        let product = small.times(&small);
        assert_eq!(product.times(&large).times(&large), of(dec!(1)));
        let beyond = of(Number::MAX).times(&of(Number::MAX));
        assert_eq!(beyond.to_number(), None);
        assert_eq!(beyond.over(&of(Number::MAX)), Some(of(Number::MAX)));
    }

    #[test]
    fn figures_are_rounded_to_tens_and_thousands_as_excel_does() {
        let round = |number: Number, decimals| of(number).rounded(decimals, Rounding::HalfUp);
        assert_eq!(round(dec!(1499), -3), of(dec!(1000)));
        assert_eq!(round(dec!(1500), -3), of(dec!(2000)));
        assert_eq!(round(dec!(-1500), -3), of(dec!(-2000)));
        assert_eq!(round(dec!(1499), -9), Exact::ZERO);
        assert_eq!(round(dec!(1499), i64::MIN), Exact::ZERO);
        assert_eq!(round(dec!(1.25), 1), of(dec!(1.3)));
        assert_eq!(round(dec!(1.25), i64::MAX), of(dec!(1.25)));
        let down = of(dec!(1999)).rounded(-1, Rounding::Truncate);
        assert_eq!(down, of(dec!(1990)));
    }

    fn figure() -> impl Strategy<Value = Number> {
        (any::<i64>(), 0_u32..=28).prop_map(|(mantissa, scale)| Number::new(mantissa, scale))
    }

    proptest! {
        #[test]
        fn every_operation_is_that_of_fractions(a in figure(), b in figure()) {
            let (x, y) = (of(a), of(b));
            let (p, q) = (fraction(a), fraction(b));
            prop_assert_eq!(x.plus(&y).to_fraction(), &p + &q);
            prop_assert_eq!(x.minus(&y).to_fraction(), &p - &q);
            prop_assert_eq!(x.times(&y).to_fraction(), &p * &q);
            if let Some(quotient) = x.over(&y) {
                prop_assert_eq!(quotient.to_fraction(), &p / &q);
            }
            prop_assert_eq!(x.cmp(&y), p.cmp(&q));
            prop_assert_eq!(Exact::from(p), x);
        }
    }
}
