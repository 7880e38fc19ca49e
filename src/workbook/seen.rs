//! What a person sees in a cell for words that holds a number or a moment: «50%», «09/2025».

use chrono::{NaiveDateTime, Timelike};
use rust_decimal::RoundingStrategy;

use super::number_format::{Piece, chosen};
use crate::model::Number;

/// Digits that are spelled out on either side of the point.
const MOST_DIGITS: usize = 255;

/// A number as a format shows it on a Vietnamese machine. Nothing where the format leaves the digits
/// to the program (General), leaves some out, or shows a sign in a way of its own.
pub(super) fn number(format: &str, double: f64, figure: Number) -> Option<String> {
    let (pieces, section) = chosen(format, double);
    let decimals = section.decimals.filter(|_| section.hidden_thousands == 0)?;
    if figure.is_sign_negative() && !figure.is_zero() {
        return None;
    }
    let scaled = match section.percent {
        true => figure.checked_mul(Number::ONE_HUNDRED)?,
        false => figure,
    };
    let (mut before, mut behind) = (String::new(), String::new());
    let (mut zeros, mut fixed, mut grouped) = (0, 0, false);
    let (mut started, mut point) = (false, false);
    for piece in &pieces {
        match piece {
            // Signs between digits part them in a way of their own.
            Piece::Digit(_) if !behind.is_empty() => return None,
            Piece::Digit(digit) => {
                started = true;
                let places = if point { &mut fixed } else { &mut zeros };
                *places += usize::from(*digit == '0');
            }
            Piece::Comma => grouped |= started,
            Piece::Point => (started, point) = (true, true),
            Piece::Percent if started => behind.push('%'),
            Piece::Percent => before.push('%'),
            Piece::Literal(text) if started => behind.push_str(text),
            Piece::Literal(text) => before.push_str(text),
            Piece::Bracket(text) => {
                let sign = text
                    .strip_prefix('$')
                    .and_then(|text| text.split('-').next());
                let side = if started { &mut behind } else { &mut before };
                side.push_str(sign.unwrap_or_default());
            }
            Piece::Figure => return None,
        }
    }
    let rounded = scaled.round_dp_with_strategy(decimals, RoundingStrategy::MidpointAwayFromZero);
    let places = usize::try_from(decimals).ok()?;
    if zeros.max(places) > MOST_DIGITS {
        return None;
    }
    let digits = format!("{rounded:.places$}");
    let (whole, parts) = digits.split_once('.').unwrap_or((&digits, ""));
    let spare = parts.len() - parts.trim_end_matches('0').len();
    let parts = &parts[..parts.len() - spare.min(parts.len().saturating_sub(fixed))];
    let whole = format!("{:0>zeros$}", whole);
    let whole = if grouped { in_groups(&whole) } else { whole };
    let comma = if parts.is_empty() { "" } else { "," };
    let seen = format!("{before}{whole}{comma}{parts}{behind}");
    Some(seen.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// 1234567 as 1.234.567.
fn in_groups(digits: &str) -> String {
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    grouped
}

/// A piece of a format that shows a moment.
#[derive(Debug, PartialEq)]
enum Part {
    /// A letter and how often it stands there.
    Letters(char, usize),
    HalfOfDay,
    Literal(char),
}

/// A moment as a format shows it. Nothing where it shows names of months or days, whose language is
/// the machine's, or anything else than digits.
pub(super) fn moment(format: &str, moment: NaiveDateTime) -> Option<String> {
    let parts = parts(format)?;
    let half = parts.contains(&Part::HalfOfDay);
    let mut seen = String::new();
    for (at, part) in parts.iter().enumerate() {
        let (letter, count) = match part {
            Part::Letters(letter, count) => (*letter, *count),
            Part::Literal(c) => {
                seen.push(*c);
                continue;
            }
            Part::HalfOfDay => {
                seen.push_str(if moment.hour() < 12 { "SA" } else { "CH" });
                continue;
            }
        };
        let letters = |part: &&Part| matches!(part, Part::Letters(..));
        let is =
            |part: Option<&Part>, wanted| matches!(part, Some(Part::Letters(c, _)) if *c == wanted);
        let minutes = letter == 'm'
            && (is(parts[..at].iter().rfind(letters), 'h')
                || is(parts[at + 1..].iter().find(letters), 's'));
        let code = match (letter, count) {
            ('y', 1 | 2) => "%y",
            ('y', _) => "%Y",
            ('m', 1) if minutes => "%-M",
            ('m', 2) if minutes => "%M",
            ('m', 1) => "%-m",
            ('m', 2) => "%m",
            ('d', 1) => "%-d",
            ('d', 2) => "%d",
            ('h', 1) if half => "%-I",
            ('h', 2) if half => "%I",
            ('h', 1) => "%-H",
            ('h', 2) => "%H",
            ('s', 1) => "%-S",
            ('s', 2) => "%S",
            _ => return None,
        };
        seen.push_str(&moment.format(code).to_string());
    }
    let seen = seen.trim().to_owned();
    (!seen.is_empty()).then_some(seen)
}

/// The month and year of a moment, where a format shows these, in figures or by name, and no day.
pub(super) fn month(format: &str, moment: NaiveDateTime) -> Option<String> {
    let parts = parts(format)?;
    let shows = |wanted| {
        let is = |part: &Part| matches!(part, Part::Letters(letter, _) if *letter == wanted);
        parts.iter().any(is)
    };
    let of_a_day = ['d', 'h', 's'].into_iter().any(shows);
    (shows('m') && shows('y') && !of_a_day).then(|| moment.format("%m/%Y").to_string())
}

fn parts(format: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut characters = format.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            ';' => break,
            '"' => parts.extend(
                characters
                    .by_ref()
                    .take_while(|c| *c != '"')
                    .map(Part::Literal),
            ),
            '\\' => parts.extend(characters.next().map(Part::Literal)),
            '_' | '*' => {
                characters.next();
            }
            '[' => {
                let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                // A language; not the hours of a time that has elapsed.
                if !inside.starts_with('$') {
                    return None;
                }
            }
            'a' | 'A' => {
                let rest: String = characters
                    .by_ref()
                    .take_while(|c| !matches!(c, 'p' | 'P'))
                    .collect();
                characters.next_if(|c| matches!(c, 'm' | 'M'));
                if !matches!(rest.as_str(), "/" | "M/" | "m/") {
                    return None;
                }
                parts.push(Part::HalfOfDay);
            }
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => {
                let same = |other: &char| other.eq_ignore_ascii_case(&c);
                let mut count = 1;
                while characters.next_if(same).is_some() {
                    count += 1;
                }
                parts.push(Part::Letters(c.to_ascii_lowercase(), count));
            }
            c if c.is_alphanumeric() || matches!(c, '@' | '#' | '?') => return None,
            c => parts.push(Part::Literal(c)),
        }
    }
    Some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;
    use proptest::prelude::*;

    #[test]
    fn numbers_are_seen_as_their_format_shows_them() {
        for (format, double, seen) in [
            ("0%", 0.5, Some("50%")),
            ("0.00%", 0.5322, Some("53,22%")),
            ("0.0#", 2.5, Some("2,5")),
            ("#,##0\" đồng\"", 2_500_000.0, Some("2.500.000 đồng")),
            ("00000", 123.0, Some("00123")),
            ("\"Tổ \"0", 3.0, Some("Tổ 3")),
            ("General", 0.5, None),
            ("#,##0,", 5000.0, None),
            ("0", -5.0, None),
            ("# ?/?", 0.5, None),
            (&"0".repeat(70_000), 1.0, None),
            (&format!("0.{}", "0".repeat(70_000)), 1.0, None),
        ] {
            let figure = crate::model::value::number_from_f64(double).unwrap();
            assert_eq!(number(format, double, figure).as_deref(), seen, "{format}");
        }
    }

    #[test]
    fn moments_are_seen_as_their_format_shows_them() {
        let day = NaiveDate::from_ymd_opt(2025, 9, 5).unwrap();
        let at = day.and_hms_opt(14, 5, 9).unwrap();
        for (format, seen) in [
            ("mm/yyyy", Some("09/2025")),
            ("dd/mm/yyyy;@", Some("05/09/2025")),
            ("[$-42A]d/m/yy", Some("5/9/25")),
            ("dd/mm/yyyy hh:mm", Some("05/09/2025 14:05")),
            ("h:mm:ss AM/PM", Some("2:05:09 CH")),
            ("\"Tháng \"m", Some("Tháng 9")),
            ("yyyy\\-mm\\-dd", Some("2025-09-05")),
            ("mm:ss", Some("05:09")),
            ("d-mmm", None),
            ("dddd", None),
            ("[h]:mm", None),
        ] {
            assert_eq!(moment(format, at).as_deref(), seen, "{format}");
        }
    }

    #[test]
    fn a_month_is_seen_where_no_day_is() {
        let day = NaiveDate::from_ymd_opt(2025, 9, 5).unwrap();
        let at = day.and_hms_opt(0, 0, 0).unwrap();
        for (format, seen) in [
            ("mmm-yy", Some("09/2025")),
            ("\"Tháng \"mm\" năm \"yyyy", Some("09/2025")),
            ("dd/mm/yyyy", None),
            ("yyyy", None),
            ("mm:ss", None),
            ("d-mmm", None),
        ] {
            assert_eq!(month(format, at).as_deref(), seen, "{format}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_a_format(format in "[0#?.,;%\"\\[\\]a-zAMP:/đ1-9_*]{0,40}", double: f64) {
            let at = NaiveDate::default().into();
            moment(&format, at);
            if let Some(figure) = crate::model::value::number_from_f64(double) {
                number(&format, double, figure);
            }
        }
    }
}
