//! What a cell says once it is read, and how figures are printed the Vietnamese way.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

/// An exact decimal figure; counts and money are never held in floating point.
pub type Number = Decimal;

/// One typed value. A blank cell has no `Value`: blank is not zero.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum Value {
    /// A count, an amount or a percentage, exact.
    Number(Number),
    /// Words: a text indicator, a name, a choice, a code.
    Text(String),
    /// Ticked or expressly not ticked.
    Flag(bool),
    /// A calendar day.
    Date(NaiveDate),
}

impl Value {
    /// The figure, if this is one.
    pub fn as_number(&self) -> Option<Number> {
        match self {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The value as JSON: numbers as numbers wherever JSON's double holds them exactly.
    pub fn to_json(&self) -> serde_json::Value {
        match self {
            Value::Number(number) => number_to_json(*number),
            Value::Text(text) => text.clone().into(),
            Value::Flag(flag) => (*flag).into(),
            Value::Date(date) => date.to_string().into(),
        }
    }
}

/// The figure as a JSON number if a double carries it exactly, else as text.
fn number_to_json(number: Number) -> serde_json::Value {
    let plain = number.normalize().to_string();
    match (exact_f64(number), plain.parse::<serde_json::Number>()) {
        (Some(_), Ok(json)) => json.into(),
        _ => plain.into(),
    }
}

impl fmt::Display for Value {
    /// As a Vietnamese reader writes it: 3.259 and 53,22, ngày/tháng/năm, x.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Number(number) => f.write_str(&format_number(*number)),
            Value::Text(text) => f.write_str(text),
            Value::Flag(true) => f.write_str("x"),
            Value::Flag(false) => f.write_str("không"),
            Value::Date(date) => write!(f, "{}", date.format("%d/%m/%Y")),
        }
    }
}

/// Prints a figure with a dot between thousands and a comma before decimals: 1.543.644 and 53,22.
/// Decimals are printed as they are, without trailing zeros.
///
/// Source: Luật Kế toán 03/2003/QH11, Điều 12 (dot for thousands, comma for decimals).
pub fn format_number(number: Number) -> String {
    group_thousands(&number.normalize().to_string())
}

/// Prints a figure with exactly `decimals` decimals: 53,20.
pub fn format_fixed(number: Number, decimals: u32) -> String {
    let mut fixed = number;
    fixed.rescale(decimals);
    group_thousands(&fixed.to_string())
}

fn group_thousands(plain: &str) -> String {
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    match fraction {
        "" => format!("{sign}{grouped}"),
        _ => format!("{sign}{grouped},{fraction}"),
    }
}

/// Whole numbers up to here are exact in a spreadsheet's double (2^53).
pub const LARGEST_EXACT: i64 = 1 << 53;
/// [`LARGEST_EXACT`] as a double.
pub const LARGEST_EXACT_F64: f64 = 9_007_199_254_740_992.0;

/// The exact decimal behind a spreadsheet's double. Whole numbers up to 2^53 are taken as they
/// are; anything else at Excel's own 15 significant digits, so that 0.1 + 0.2 computed by Excel is
/// 0.3. `None` for NaN, infinities and sizes no decimal holds.
pub fn number_from_f64(double: f64) -> Option<Number> {
    if !double.is_finite() {
        return None;
    }
    if double.fract() == 0.0 && double.abs() <= LARGEST_EXACT_F64 {
        return format!("{double:.0}").parse().ok();
    }
    Decimal::from_scientific(&format!("{double:.14e}"))
        .ok()
        .map(|number| number.normalize())
}

/// The double that holds a figure exactly, so that [`number_from_f64`] gives the figure back;
/// `None` if no double does.
pub fn exact_f64(number: Number) -> Option<f64> {
    let double: f64 = number.to_string().parse().ok()?;
    (number_from_f64(double)? == number).then_some(double)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rust_decimal::dec;

    #[test]
    fn figures_print_the_vietnamese_way() {
        assert_eq!(format_number(dec!(3259)), "3.259");
        assert_eq!(format_number(dec!(1543644)), "1.543.644");
        assert_eq!(format_number(dec!(53.22)), "53,22");
        assert_eq!(format_number(dec!(-1234.50)), "-1.234,5");
        assert_eq!(format_number(dec!(0)), "0");
        assert_eq!(format_fixed(dec!(53.2), 2), "53,20");
    }

    #[test]
    fn doubles_become_the_decimals_people_meant() {
        assert_eq!(number_from_f64(0.1 + 0.2), Some(dec!(0.3)));
        assert_eq!(number_from_f64(53.22), Some(dec!(53.22)));
        assert_eq!(
            number_from_f64(1_000_000_000_000_001.0),
            Some(dec!(1000000000000001))
        );
        assert_eq!(number_from_f64(f64::NAN), None);
        assert_eq!(number_from_f64(1e300), None);
    }
}
