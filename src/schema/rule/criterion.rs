//! Criteria of SUMIFS, COUNTIF and COUNTIFS, written as in Excel: a word, the beginning of a text
//! (`"văn*"`), a figure, or a comparison with a figure (`">=5"`).

use super::datum::Datum;
use super::exact::Exact;
use super::expression::Comparison;
use crate::model::{Number, Value};
use crate::text::normalise;

/// What a cell must be to be counted or added up.
#[derive(Debug, Clone, PartialEq)]
pub enum Criterion {
    /// A figure that compares so with another.
    Figure(Comparison, Exact),
    /// Words, or the words before `*`; `"x"` is a ticked box.
    Words(String),
    /// Ticked or not, or a day.
    Same(Value),
}

impl Criterion {
    /// The criterion that an argument is.
    pub fn of(wanted: &Datum) -> Criterion {
        match wanted {
            Datum::Figure(figure) => Criterion::Figure(Comparison::Equal, figure.clone()),
            Datum::Plain(Value::Number(number)) => {
                Criterion::Figure(Comparison::Equal, (*number).into())
            }
            Datum::Plain(Value::Text(words)) => Criterion::written(words),
            Datum::Plain(other) => Criterion::Same(other.clone()),
        }
    }

    /// The criterion that a text in a rule is.
    pub fn written(words: &str) -> Criterion {
        match comparison(words) {
            Some((comparison, number)) => Criterion::Figure(comparison, number.into()),
            None => Criterion::Words(words.to_owned()),
        }
    }

    /// Does a value match the criterion?
    pub fn fits(&self, value: &Value) -> bool {
        match (self, value) {
            (Criterion::Figure(comparison, figure), Value::Number(number)) => {
                comparison.holds(Exact::from(*number).cmp(figure))
            }
            (Criterion::Words(words), Value::Text(_)) => matches_text(value, words),
            (Criterion::Words(words), Value::Flag(ticked)) => *ticked && normalise(words) == "x",
            (Criterion::Same(wanted), value) => wanted == value,
            (Criterion::Figure(..) | Criterion::Words(_), _) => false,
        }
    }
}

/// `>=5` taken apart; `None` if it is no comparison with a figure.
pub fn comparison(words: &str) -> Option<(Comparison, Number)> {
    let (comparison, rest) = operator(words)?;
    let number = rest.trim().parse().ok()?;
    Some((comparison, number))
}

/// The comparison that words begin with, and what is behind it.
pub fn operator(words: &str) -> Option<(Comparison, &str)> {
    let words = words.trim();
    let signs = [
        (">=", Comparison::GreaterOrEqual),
        ("<=", Comparison::LessOrEqual),
        ("<>", Comparison::NotEqual),
        (">", Comparison::Greater),
        ("<", Comparison::Less),
        ("=", Comparison::Equal),
    ];
    let mut found = signs.iter();
    found.find_map(|(sign, comparison)| Some((*comparison, words.strip_prefix(sign)?)))
}

/// Does a text match: the same words, or those before `*`?
pub fn matches_text(value: &Value, wanted: &str) -> bool {
    let (text, wanted) = (normalise(&value.to_string()), normalise(wanted));
    match wanted.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_looked_for_is_written_as_in_excel() {
        let text = |text: &str| Value::Text(text.to_owned());
        let number = |number: i64| Value::Number(Number::from(number));
        for (words, value, fits) in [
            (">=5", number(5), true),
            ("> 5", number(5), false),
            ("=5", number(5), true),
            (">5", text("6"), false),
            ("văn*", text("Văn hóa"), true),
            ("văn", text("Văn hóa"), false),
            ("X", Value::Flag(true), true),
            ("x", Value::Flag(false), false),
            ("không", Value::Flag(false), false),
        ] {
            assert_eq!(
                Criterion::written(words).fits(&value),
                fits,
                "{words} {value}"
            );
        }
        let figure = Criterion::of(&Datum::Figure(Number::from(3).into()));
        assert!(figure.fits(&number(3)) && !figure.fits(&text("3")));
    }
}
