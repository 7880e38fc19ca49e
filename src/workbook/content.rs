//! What stored values mean: numbers that are dates by their format, errors by their number.

use calamine::{ExcelDateTime, ExcelDateTimeType};
use chrono::{NaiveDate, NaiveDateTime};

use super::Content;

/// A number, or the moment it denotes (days since 1900, or since 1904 if `since_1904`) if `format`
/// shows it as one.
pub(super) fn number_content(number: f64, format: Option<&str>, since_1904: bool) -> Content {
    if format.is_some_and(shows_moment) {
        date_content(&ExcelDateTime::new(
            number,
            ExcelDateTimeType::DateTime,
            since_1904,
        ))
    } else {
        Content::Number(number)
    }
}

/// Does a number format show a date or a time of day? Durations (`[h]:mm`) are numbers.
pub fn shows_moment(format: &str) -> bool {
    let mut characters = format.chars();
    while let Some(c) = characters.next() {
        match c {
            '"' => while !matches!(characters.next(), Some('"') | None) {},
            '\\' | '_' | '*' => {
                characters.next();
            }
            // A colour, a locale or a condition; of a duration, its largest unit.
            '[' => {
                let inside: String = characters.by_ref().take_while(|c| *c != ']').collect();
                let inside = inside.to_ascii_lowercase();
                if !inside.is_empty() && inside.chars().all(|c| matches!(c, 'h' | 'm' | 's')) {
                    return false;
                }
            }
            ';' => return false,
            'd' | 'D' | 'm' | 'M' | 'y' | 'Y' | 'h' | 'H' | 's' | 'S' => return true,
            _ => {}
        }
    }
    false
}

/// The number format with a built-in id, which Excel files name by number only; dates as Excel
/// shows them in Vietnam.
pub fn builtin_format(id: u16) -> Option<&'static str> {
    Some(match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        // The currency of some is that of the machine, which the file does not say.
        5 | 37 | 41 | 42 => "#,##0_);(#,##0)",
        6 | 38 => "#,##0_);[Red](#,##0)",
        7 | 39 | 43 | 44 => "#,##0.00_);(#,##0.00)",
        8 | 40 => "#,##0.00_);[Red](#,##0.00)",
        9 => "0%",
        10 => "0.00%",
        11 => "0.00E+00",
        12 => "# ?/?",
        13 => "# ??/??",
        14 | 27..=31 | 36 | 50..=58 => "dd/mm/yyyy",
        15 => "d-mmm-yy",
        16 => "d-mmm",
        17 => "mmm-yy",
        18 => "h:mm AM/PM",
        19 => "h:mm:ss AM/PM",
        20 | 32 | 34 => "h:mm",
        21 | 33 | 35 => "h:mm:ss",
        22 => "dd/mm/yyyy h:mm",
        45 => "mm:ss",
        46 => "[h]:mm:ss",
        47 => "mm:ss.0",
        48 => "##0.0E+0",
        49 => "@",
        _ => return None,
    })
}

/// The format that Excel calls by a name where it writes XML and pages.
pub(super) fn named_format(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "percent" => "0.00%",
        "fixed" => "0.00",
        "standard" => "#,##0.00",
        "currency" => "#,##0.00_);[Red](#,##0.00)",
        "scientific" => "0.00E+00",
        "general date" => "dd/mm/yyyy h:mm",
        "long date" | "medium date" | "short date" => "dd/mm/yyyy",
        "long time" => "h:mm:ss",
        "medium time" | "short time" => "h:mm",
        "yes/no" | "true/false" | "on/off" => "\"Yes\";\"Yes\";\"No\"",
        _ => return None,
    })
}

/// The error that BIFF stores as `code`: 0x07 is `#DIV/0!`.
pub(super) fn error_content(code: u8) -> Content {
    Content::Error(match code {
        0x00 => "#NULL!".to_owned(),
        0x07 => "#DIV/0!".to_owned(),
        0x0F => "#VALUE!".to_owned(),
        0x17 => "#REF!".to_owned(),
        0x1D => "#NAME?".to_owned(),
        0x24 => "#NUM!".to_owned(),
        0x2A => "#N/A".to_owned(),
        0x2B => "#GETTING_DATA".to_owned(),
        other => format!("#ERROR {other}"),
    })
}

/// Numbers that no calendar knows (negative, past the year 9999, 29/02/1900) and durations stay
/// numbers.
pub(super) fn date_content(date: &ExcelDateTime) -> Content {
    const END_OF_9999: f64 = 2_957_004.0; // in the 1904 system, where it comes first
    let number = date.as_f64();
    // Checked first: calendar arithmetic overflows on dates far outside this range.
    if !date.is_datetime() || !(0.0..END_OF_9999).contains(&number) {
        return Content::Number(number);
    }
    let (year, month, day, hour, minute, second, milli) = date.to_ymd_hms_milli();
    let moment = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).and_then(|day| {
        day.and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into())
    });
    moment.map_or(Content::Number(number), Content::Date)
}

/// A date or a moment as `2025-09-30` or `2025-09-30T08:00:00`.
pub(super) fn iso_date(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim().trim_end_matches('Z');
    let day = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0);
    text.parse().ok().or_else(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_tell_dates_from_figures() {
        for moment in ["dd/mm/yyyy", "[$-42A]d mmmm", "h:mm", "yyyy\\-mm", "mm:ss"] {
            assert!(shows_moment(moment), "{moment}");
        }
        for figure in [
            "#,##0",
            "0.00%",
            "[h]:mm",
            "0 \"ngày\"",
            "0\\d",
            "@",
            "General",
            "[Red]0;[Red]-0",
        ] {
            assert!(!shows_moment(figure), "{figure}");
        }
    }

    #[test]
    fn a_serial_number_is_a_day_only_if_shown_as_one() {
        let day = NaiveDate::from_ymd_opt(2021, 9, 30).and_then(|day| day.and_hms_opt(0, 0, 0));
        assert_eq!(
            number_content(44_469.0, Some("d/m/yyyy"), false),
            Content::Date(day.unwrap())
        );
        assert_eq!(
            number_content(44_469.0, Some("0"), false),
            Content::Number(44_469.0)
        );
        for far in [-1.0, 1e300, f64::INFINITY] {
            let content = number_content(far, Some("d/m/yyyy"), true);
            assert_eq!(content, Content::Number(far));
        }
    }
}
