//! Exact arithmetic that shares nothing with the product's: unbounded fractions.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An exact figure.
pub type Q = BigRational;

/// A whole figure.
pub fn whole(number: i64) -> Q {
    Q::from_integer(number.into())
}

/// `number` thousandths, hundredths... as `decimals` says.
pub fn scaled(number: i64, decimals: u32) -> Q {
    Q::new(number.into(), power(decimals))
}

/// A figure written with digits and a dot.
pub fn parse(text: &str) -> Option<Q> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (before, behind) = digits.split_once('.').unwrap_or((digits, ""));
    let number: BigInt = format!("{before}{behind}").parse().ok()?;
    let decimals = u32::try_from(behind.len()).ok()?;
    Some(Q::new(number * sign, power(decimals)))
}

/// Half-up (away from zero) to so many decimals.
pub fn rounded(number: &Q, decimals: u32) -> Q {
    let half = Q::new(1.into(), 2.into());
    let scale = Q::from_integer(power(decimals));
    let shifted = (number.abs() * &scale + half).floor();
    with_sign(number, shifted / scale)
}

/// What is behind so many decimals dropped.
pub fn truncated(number: &Q, decimals: u32) -> Q {
    let scale = Q::from_integer(power(decimals));
    with_sign(number, (number.abs() * &scale).floor() / scale)
}

/// The largest whole number that is no larger.
pub fn floor(number: &Q) -> i64 {
    number
        .floor()
        .to_integer()
        .to_i64()
        .expect("figures of forms fit into 64 bits")
}

/// Digits with a dot, without zeros at the end. Only for figures that end.
pub fn text(number: &Q) -> String {
    let decimals = (0..=12).find(|decimals| truncated(number, *decimals) == *number);
    let decimals = decimals.unwrap_or_else(|| panic!("{number} has no end"));
    let digits = (number * Q::from_integer(power(decimals)))
        .to_integer()
        .abs()
        .to_string();
    let places = usize::try_from(decimals).expect("it is at most 12");
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (before, behind) = digits.split_at(digits.len() - places);
    let sign = if number.is_negative() { "-" } else { "" };
    match behind {
        "" => format!("{sign}{before}"),
        _ => format!("{sign}{before}.{behind}"),
    }
}

/// How many decimals a figure that ends has.
pub fn decimals(number: &Q) -> u32 {
    let text = text(number);
    let behind = text.split_once('.').map_or(0, |(_, behind)| behind.len());
    u32::try_from(behind).expect("it is at most 12")
}

fn with_sign(like: &Q, size: Q) -> Q {
    if like.is_negative() { -size } else { size }
}

fn power(decimals: u32) -> BigInt {
    (0..decimals).fold(BigInt::one(), |power, _| power * 10)
}

/// The sum; `None` of nothing.
pub fn sum<'a>(figures: impl IntoIterator<Item = &'a Q>) -> Option<Q> {
    let mut figures = figures.into_iter().peekable();
    figures.peek()?;
    Some(figures.fold(Q::zero(), |sum, figure| sum + figure))
}
