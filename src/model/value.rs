//! What a cell says once it is read, and how figures are printed the Vietnamese way.

use std::fmt;

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Lang;

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

/// A value that a message shows in both languages, with figures written as each language writes
/// them.
pub trait Shown {
    /// As a reader of `lang` writes it: 3.259 and 53,22 in Vietnamese, 3,259 and 53.22 in English.
    fn shown(&self, lang: Lang) -> String;
}

impl Shown for Value {
    fn shown(&self, lang: Lang) -> String {
        match (self, lang) {
            (Value::Number(number), lang) => number.shown(lang),
            (Value::Text(text), _) => echoed(text),
            (Value::Flag(false), Lang::En) => "no".to_owned(),
            (Value::Date(date), Lang::En) => date.to_string(),
            (other, _) => other.to_string(),
        }
    }
}

impl Shown for Number {
    fn shown(&self, lang: Lang) -> String {
        group_thousands(&self.normalize().to_string(), lang)
    }
}

impl Shown for usize {
    fn shown(&self, lang: Lang) -> String {
        group_thousands(&self.to_string(), lang)
    }
}

impl<T: Shown> Shown for &T {
    fn shown(&self, lang: Lang) -> String {
        (**self).shown(lang)
    }
}

impl Shown for super::Message {
    fn shown(&self, lang: Lang) -> String {
        lang.of(self).to_owned()
    }
}

/// A [`super::Message`] whose Vietnamese and English text show the same arguments, each written as
/// in its language: `message!(found, meant; "ghi {found}, có phải {meant}?", "is {found}; is it
/// {meant}?")`. Names before the semicolon implement [`Shown`]; texts that are the same in both
/// need not be listed.
macro_rules! message {
    ($($name:ident),+; $vi:literal, $en:literal $(,)?) => {
        $crate::model::Message::new(
            {
                $(let $name = $crate::model::value::Shown::shown(&$name, $crate::model::Lang::Vi);)+
                format!($vi)
            },
            {
                $(let $name = $crate::model::value::Shown::shown(&$name, $crate::model::Lang::En);)+
                format!($en)
            },
        )
    };
}
pub(crate) use message;

impl fmt::Display for Value {
    /// As a Vietnamese reader writes it: 3.259 and 53,22, ngày/tháng/năm, x. Messages, which have
    /// an English side too, show a value by [`Shown`].
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

/// A cell's text as messages repeat it: in one line, cut where it is longer than anyone reads.
pub fn echoed(text: &str) -> String {
    const MOST: usize = 80;
    let mut line = String::new();
    for (i, word) in text.split_whitespace().enumerate() {
        if i > 0 {
            line.push(' ');
        }
        line.push_str(word);
        if let Some((cut, _)) = line.char_indices().nth(MOST) {
            line.truncate(cut);
            line.push('…');
            break;
        }
    }
    line
}

/// Prints a figure with a dot between thousands and a comma before decimals: 1.543.644 and 53,22.
/// Decimals are printed as they are, without trailing zeros.
///
/// Source: Luật Kế toán 03/2003/QH11, Điều 12 (dot for thousands, comma for decimals).
pub fn format_number(number: Number) -> String {
    number.shown(Lang::Vi)
}

/// Prints a figure with exactly `decimals` decimals: 53,20.
pub fn format_fixed(number: Number, decimals: u32) -> String {
    let mut fixed = number;
    fixed.rescale(decimals);
    group_thousands(&fixed.to_string(), Lang::Vi)
}

fn group_thousands(plain: &str, lang: Lang) -> String {
    let (thousands, decimals) = match lang {
        Lang::Vi => ('.', ','),
        Lang::En => (',', '.'),
    };
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", plain),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut grouped = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(thousands);
        }
        grouped.push(digit);
    }
    match fraction {
        "" => format!("{sign}{grouped}"),
        _ => format!("{sign}{grouped}{decimals}{fraction}"),
    }
}

/// Whole numbers up to here are exact in a spreadsheet's double (2^53).
pub const LARGEST_EXACT: i64 = 1 << 53;
/// [`LARGEST_EXACT`] (2^53) as a double.
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
    fn long_texts_are_cut_where_they_are_repeated() {
        assert_eq!(echoed(" hai\n  chữ "), "hai chữ");
        let long = echoed(&"7".repeat(30_000));
        assert_eq!(long.chars().count(), 81);
        assert!(long.ends_with("7…"));
        assert_eq!(echoed(&"ậ".repeat(80)), "ậ".repeat(80));
    }

    #[test]
    fn figures_print_the_vietnamese_way() {
        assert_eq!(format_number(dec!(3259)), "3.259");
        assert_eq!(format_number(dec!(1543644)), "1.543.644");
        assert_eq!(format_number(dec!(53.22)), "53,22");
        assert_eq!(format_number(dec!(-1234.50)), "-1.234,5");
        assert_eq!(format_number(dec!(0)), "0");
        assert_eq!(format_fixed(dec!(53.2), 2), "53,20");
    }

    proptest::proptest! {
        #[test]
        fn a_figure_reads_back_by_the_convention_of_each_language(
            digits in -1_000_000_000_000_i64..1_000_000_000_000,
            scale in 0_u32..6,
        ) {
            let figure = Number::new(digits, scale);
            let read = |text: &str, thousands: char, decimals: char| -> Option<Number> {
                text.replace(thousands, "").replace(decimals, ".").parse().ok()
            };
            let message = message!(figure; "ghi {figure}", "is {figure}");
            let (vi, en) = (&message.vi["ghi ".len()..], &message.en["is ".len()..]);
            proptest::prop_assert_eq!(read(vi, '.', ','), Some(figure));
            proptest::prop_assert_eq!(read(en, ',', '.'), Some(figure));
        }
    }

    #[test]
    fn each_language_has_its_own_figures_and_days() {
        let day = Value::Date(NaiveDate::from_ymd_opt(2025, 9, 8).unwrap());
        let figure = Value::Number(dec!(1234567.89));
        let message = message!(day, figure; "{day}: {figure}", "{day}: {figure}");
        assert_eq!(message.vi, "08/09/2025: 1.234.567,89");
        assert_eq!(message.en, "2025-09-08: 1,234,567.89");
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
