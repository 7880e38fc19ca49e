//! Periods as people print them in a title block: "tháng 09 năm 2025", "T9/2025", "Quý III/2025",
//! "từ ngày 01/9/2025 đến ngày 30/9/2025".

use std::sync::LazyLock;

use chrono::{Datelike, Days, NaiveDate};
use regex::{Captures, Regex};

use super::period_spelling::spelled_out;
use crate::model::Period;
use crate::text::fold;

/// A way of writing a period, and how its parts are read.
struct Way {
    pattern: Regex,
    read: fn(&Captures<'_>) -> Option<Period>,
    /// What it names besides.
    also: fn(&Captures<'_>) -> Option<Period>,
}

/// A month as a figure or a word, without marks.
const MONTH: &str =
    "(0?[1-9]|1[0-2]|muoi hai|muoi mot|muoi|gieng|chap|mot|hai|ba|bon|tu|nam|sau|bay|tam|chin)";
/// Months named between the first and the last: «tháng 7, 8 và 9».
const BETWEEN: &str = r"(?:\s*[,;]\s*(?:thang\s*)?(?:0?[1-9]|1[0-2])\b)*";
/// The words allowed between a part of the year and the year.
const OF: &str = r"\s*(?:,?\s*nam\s*|[/.\-]\s*|\s)\s*";
/// A quarter as a figure or a word.
const QUARTER: &str = "(iv|iii|ii|i|[1-4]|mot|hai|ba|bon|tu|nhat)";
const YEAR: &str = r"((?:19|20)\d\d)\b";
/// What a year has brought up to a period, named after it.
const SO_FAR: &str =
    r"\s*(?:,|;|va|-)?\s*(?:luy ke\s*)?(0?[1-9]|1[0-2]|sau|chin) thang(?: dau)?(?: cua)?(?: nam)?";
/// A day in figures, with or without its year: 01/9/2025, 1.9, "01 tháng 9 năm 2025".
const DAY: &str =
    r"(\d{1,2})\s*(?:[/.\-]|\s?thang\s?)\s*(\d{1,2})(?:\s*(?:[/.\-]|nam)\s*((?:19|20)\d\d))?";
/// A week counted within its month: "tuần 3 tháng 9".
const WEEK_OF_MONTH: &str = r"\btuan(?:\s+thu)?\s*([1-5]|nhat|mot|hai|ba|bon|tu|nam)\s*,?\s*(?:cua\s+)?thang\s*(0?[1-9]|1[0-2])";

static WAYS: LazyLock<Vec<Way>> = LazyLock::new(|| {
    let way = |pattern: String, read| Way {
        pattern: Regex::new(&pattern).expect("the pattern is a constant"),
        read,
        also: |_| None,
    };
    vec![
        way(
            format!(r"\b(?:tu\s+)?(?:ngay\s+)?{DAY}\s*(?:den|-)\s*(?:het\s+)?(?:ngay\s+)?{DAY}\b"),
            days,
        ),
        way(
            format!(r"\btu\s+(?:ngay\s+)?(\d\d?)\s*(?:den|-)\s*(?:het\s+)?(?:ngay\s+)?{DAY}\b"),
            days_of_a_month,
        ),
        way(
            format!(
                r"\b(?:tu\s+)?thang\s*{MONTH}(?:{OF}{YEAR})?{BETWEEN}\s*(?:,|;|den|va|-)\s*(?:het\s+)?thang\s*{MONTH}{OF}{YEAR}"
            ),
            months,
        ),
        // Without the word once more in figures only: «năm» is the fifth month, too.
        way(
            format!(
                r"\b(?:tu\s+)?thang\s*{MONTH}(?:{OF}{YEAR})?{BETWEEN}\s*(?:,|;|den|va|-)\s*(?:het\s+)?(0?[1-9]|1[0-2]){OF}{YEAR}"
            ),
            months,
        ),
        way(
            format!(r"\b(nua|15 ngay|10 ngay) (dau|giua|cuoi)(?: cua)? thang\s*{MONTH}{OF}{YEAR}"),
            part_of_a_month,
        ),
        way(format!(r"{WEEK_OF_MONTH}{OF}{YEAR}"), week_of_a_month),
        way(
            format!(r"\b(?:6|06|sau) thang (dau|cuoi)(?: nam)?{OF}{YEAR}"),
            half,
        ),
        way(
            format!(r"\b(?:9|09|chin) thang(?: dau)?(?: nam)?{OF}{YEAR}"),
            |parts| {
                let year = number(parts, 1)?;
                Some(Period::NineMonths { year })
            },
        ),
        way(format!(r"\bquy\s*{QUARTER}{OF}{YEAR}"), |parts| {
            quarter(parts, 2)
        }),
        // A period with what it adds up to, under one year: "tháng 9 và lũy kế 9 tháng năm 2025".
        Way {
            also: so_far,
            ..way(format!(r"\bthang\s*{MONTH}{SO_FAR}{OF}{YEAR}"), |parts| {
                month(parts, 3)
            })
        },
        Way {
            also: so_far,
            ..way(format!(r"\bquy\s*{QUARTER}{SO_FAR}{OF}{YEAR}"), |parts| {
                quarter(parts, 3)
            })
        },
        way(format!(r"\btuan(?:\s+thu)?\s*(\d\d?){OF}{YEAR}"), |parts| {
            let (week, year): (u32, i32) = (number(parts, 1)?, number(parts, 2)?);
            NaiveDate::from_isoywd_opt(year, week, chrono::Weekday::Mon)?;
            Some(Period::Week { year, week })
        }),
        way(format!(r"\bthang\s*{MONTH}{OF}{YEAR}"), |parts| {
            month(parts, 2)
        }),
        way(
            format!(r"\bt\.?\s?(0?[1-9]|1[0-2])\s*[/.\-]\s*{YEAR}"),
            |parts| month(parts, 2),
        ),
        way(
            format!(r"(?:^|[^\d/.\-])(0?[1-9]|1[0-2])\s*[/.\-]\s*{YEAR}"),
            |parts| month(parts, 2),
        ),
        way(
            r"\b((?:19|20)\d\d)[/\-](0[1-9]|1[0-2])\b".to_owned(),
            |parts| {
                Some(Period::Month {
                    year: number(parts, 1)?,
                    month: number(parts, 2)?,
                })
            },
        ),
        way(format!(r"(?:^|\b(?:ca )?nam\s+){YEAR}"), |parts| {
            Some(Period::Year {
                year: number(parts, 1)?,
            })
        }),
    ]
});

/// The periods a text names, from left to right; where two ways of reading it overlap, the one that
/// begins first, and of those the longest.
pub fn named(text: &str) -> Vec<Period> {
    told(text).0
}

/// The period of a text that names one and has no other figures: 2025-13 is not the year 2025.
pub fn only(text: &str) -> Option<Period> {
    let (periods, aside) = told(text);
    match periods.as_slice() {
        [one] if !aside.contains(|c: char| c.is_ascii_digit()) => Some(*one),
        _ => None,
    }
}

/// The period of a line that says nothing else: «(Từ ngày 01/8/2025 đến ngày 31/8/2025)», «Số liệu
/// tháng 8 năm 2025».
pub fn alone(text: &str) -> Option<Period> {
    static FRAME: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"so lieu|thoi gian|thoi diem|bao cao|thong ke|tong hop|phat sinh|\b(?:ky|trong|cua|duoc|tinh|lay)\b|[^a-z0-9]",
        )
            .expect("the pattern is a constant")
    });
    let (periods, aside) = told(text);
    match periods.as_slice() {
        [one] if FRAME.replace_all(&aside, "").is_empty() => Some(*one),
        _ => None,
    }
}

/// Is the text about a week that it counts within its month? Which one it is, offices count in
/// different ways; its days are those of the first, second... seven days.
pub fn is_week_of_month(text: &str) -> bool {
    static WEEK: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(WEEK_OF_MONTH).expect("the pattern is a constant"));
    WEEK.is_match(&fold(text))
}

/// The periods of a text, and what it has beside them, without marks.
pub fn told(text: &str) -> (Vec<Period>, String) {
    let plain = spelled_out(&fold(text));
    let (mut periods, mut aside) = (Vec::new(), String::new());
    let mut from = 0;
    while let Some(rest) = plain.get(from..) {
        let found = WAYS.iter().filter_map(|way| {
            let parts = way.pattern.captures(rest)?;
            let span = parts.get(0)?.range();
            Some((span.start, std::cmp::Reverse(span.end), way, parts))
        });
        let first = found.min_by_key(|(start, end, ..)| (*start, *end));
        let Some((start, std::cmp::Reverse(end), way, parts)) = first else {
            break;
        };
        let period = (way.read)(&parts);
        let unread = if period.is_some() { start } else { end };
        aside += &rest[..unread];
        periods.extend(period);
        periods.extend((way.also)(&parts));
        from += end;
    }
    aside += plain.get(from..).unwrap_or_default();
    (periods, aside)
}

/// The day of a line that says nothing but until when figures were counted: «Số liệu tính đến ngày
/// 31/8/2025», «Thời điểm báo cáo: 31/8/2025».
pub fn cut_off(text: &str) -> Option<NaiveDate> {
    static CUT_OFF: LazyLock<Regex> = LazyLock::new(|| {
        let words = "so lieu|bao cao|thong ke|luy ke|duoc|tinh|nhanh|co|tai|het|ngay";
        let day = r"(\d{1,2})(?:[/.\-]| thang )(\d{1,2})(?:[/.\-]| nam )((?:19|20)\d\d)";
        let line = format!(
            r"^\(?(?:(?:{words}) )*(?:den|thoi diem|chot)(?: (?:{words}|den))*:? ?{day}[).]*$"
        );
        Regex::new(&line).expect("the pattern is a constant")
    });
    let plain = spelled_out(&fold(text));
    let parts = CUT_OFF.captures(&plain)?;
    NaiveDate::from_ymd_opt(number(&parts, 3)?, number(&parts, 2)?, number(&parts, 1)?)
}

/// Are two periods the same days, however they are named?
pub fn same_days(one: Period, other: Period) -> bool {
    (one.first_day(), one.last_day()) == (other.first_day(), other.last_day())
}

fn number<T: std::str::FromStr>(parts: &Captures<'_>, index: usize) -> Option<T> {
    parts.get(index)?.as_str().parse().ok()
}

fn month_number(text: &str) -> Option<u32> {
    const WORDS: [(&str, u32); 14] = [
        ("gieng", 1),
        ("mot", 1),
        ("hai", 2),
        ("ba", 3),
        ("bon", 4),
        ("tu", 4),
        ("nam", 5),
        ("sau", 6),
        ("bay", 7),
        ("tam", 8),
        ("chin", 9),
        ("muoi", 10),
        ("muoi mot", 11),
        ("muoi hai", 12),
    ];
    if text == "chap" {
        return Some(12);
    }
    let word = WORDS.iter().find(|(word, _)| *word == text);
    word.map(|(_, month)| *month).or_else(|| text.parse().ok())
}

/// The month in the first part, of the year in part `year`.
fn month(parts: &Captures<'_>, year: usize) -> Option<Period> {
    Some(Period::Month {
        year: number(parts, year)?,
        month: month_number(parts.get(1)?.as_str())?,
    })
}

/// What a year has brought so far, if periods of that length are reported on.
fn so_far(parts: &Captures<'_>) -> Option<Period> {
    let year = number(parts, 3)?;
    match parts.get(2)?.as_str() {
        "6" | "06" | "sau" => Some(Period::Half { year, half: 1 }),
        "9" | "09" | "chin" => Some(Period::NineMonths { year }),
        _ => None,
    }
}

/// The quarter in the first part, of the year in part `year`.
fn quarter(parts: &Captures<'_>, year: usize) -> Option<Period> {
    let quarter = match parts.get(1)?.as_str() {
        "i" | "1" | "mot" | "nhat" => 1,
        "ii" | "2" | "hai" => 2,
        "iii" | "3" | "ba" => 3,
        _ => 4,
    };
    let year = number(parts, year)?;
    Some(Period::Quarter { year, quarter })
}

fn half(parts: &Captures<'_>) -> Option<Period> {
    let half = if parts.get(1)?.as_str() == "dau" {
        1
    } else {
        2
    };
    let year = number(parts, 2)?;
    Some(Period::Half { year, half })
}

/// From a day to a day; a first day without a year is in the last one's.
fn days(parts: &Captures<'_>) -> Option<Period> {
    let year: i32 = number(parts, 6)?;
    let first_year = match parts.get(3) {
        Some(_) => number(parts, 3)?,
        None => year,
    };
    let from = NaiveDate::from_ymd_opt(first_year, number(parts, 2)?, number(parts, 1)?)?;
    let to = NaiveDate::from_ymd_opt(year, number(parts, 5)?, number(parts, 4)?)?;
    (from <= to).then_some(Period::Days { from, to })
}

/// From a day to a day, whose month is the last one's.
fn days_of_a_month(parts: &Captures<'_>) -> Option<Period> {
    let (year, month) = (number(parts, 4)?, number(parts, 3)?);
    let from = NaiveDate::from_ymd_opt(year, month, number(parts, 1)?)?;
    let to = NaiveDate::from_ymd_opt(year, month, number(parts, 2)?)?;
    (from <= to).then_some(Period::Days { from, to })
}

/// The first, the middle or the last days of a month.
fn part_of_a_month(parts: &Captures<'_>) -> Option<Period> {
    let month = Period::Month {
        year: number(parts, 4)?,
        month: month_number(parts.get(3)?.as_str())?,
    };
    let last = month.last_day().day();
    let (from, to) = match (parts.get(1)?.as_str(), parts.get(2)?.as_str()) {
        ("10 ngay", "dau") => (1, 10),
        ("10 ngay", "giua") => (11, 20),
        ("10 ngay", _) => (21, last),
        (_, "dau") => (1, 15),
        _ => (16, last),
    };
    let day = |day| month.first_day().with_day(day);
    Some(Period::Days {
        from: day(from)?,
        to: day(to)?,
    })
}

/// The seven days that a week of a month is at the earliest.
fn week_of_a_month(parts: &Captures<'_>) -> Option<Period> {
    let week = match parts.get(1)?.as_str() {
        "nhat" => 1,
        word => month_number(word)?,
    };
    let (year, month) = (number(parts, 3)?, number(parts, 2)?);
    let month = Period::Month { year, month };
    let from = month.first_day() + Days::new(u64::from(week - 1) * 7);
    let to = month.last_day().min(from + Days::new(6));
    (from <= to).then_some(Period::Days { from, to })
}

/// From a month to a month, both included; a first month without a year is in the last one's.
fn months(parts: &Captures<'_>) -> Option<Period> {
    let year: i32 = number(parts, 4)?;
    let first_year = match parts.get(2) {
        Some(_) => number(parts, 2)?,
        None => year,
    };
    let from = Period::Month {
        year: first_year,
        month: month_number(parts.get(1)?.as_str())?,
    };
    let to = Period::Month {
        year,
        month: month_number(parts.get(3)?.as_str())?,
    };
    let (from, to) = (from.first_day(), to.last_day());
    (from <= to).then_some(Period::Days { from, to })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is(text: &str, period: &str) {
        let period: Period = period.parse().unwrap();
        let found = named(text);
        let same = found.first().is_some_and(|one| same_days(*one, period));
        assert!(same, "{text}: {found:?}");
    }

    #[test]
    fn one_month_is_written_in_many_ways() {
        for text in [
            "Tháng 09/2025",
            "tháng 09 năm 2025",
            "THÁNG 9-2025",
            "T9/2025",
            "T.09/2025",
            "tháng 9.2025",
            "tháng 9 năm 2025.",
            "Tháng 9, năm 2025",
            "tháng chín năm 2025",
            "9/2025",
            "09-2025",
            "2025-09",
            "Tháng 9 năm 2025 (chính thức)",
            "từ ngày 01/9/2025 đến ngày 30/9/2025",
            "từ 01/9 đến 30/9/2025",
            "01.09.2025 - 30.09.2025",
            "từ ngày 01 tháng 9 năm 2025 đến hết ngày 30 tháng 9 năm 2025",
            "thang 9 nam 2025",
            "Tháng9/2025",
        ] {
            is(text, "2025-09");
        }
        for text in [
            "tháng 9 và lũy kế 9 tháng năm 2025",
            "tháng 9 và 9 tháng năm 2025",
            "Tháng 9, 9 tháng đầu năm 2025",
            "tháng 9, lũy kế 9 tháng/2025",
        ] {
            is(text, "2025-09");
            assert_eq!(named(text)[1].to_string(), "2025-9M");
        }
        is("tháng 8 và 8 tháng năm 2025", "2025-08");
        is("Quý II và 6 tháng đầu năm 2025", "2025-Q2");
        is("tháng mười hai năm 2025", "2025-12");
        is("tháng năm năm 2025", "2025-05");
    }

    #[test]
    fn longer_periods_are_read_whole() {
        is("Quý III/2025", "2025-Q3");
        is("quý 3 năm 2025", "2025-Q3");
        is("Quý tư năm 2025", "2025-Q4");
        is("6 tháng đầu năm 2025", "2025-H1");
        is("06 tháng cuối năm 2025", "2025-H2");
        is("9 tháng đầu năm 2025", "2025-9M");
        is("9 tháng năm 2025", "2025-9M");
        is("năm 2025", "2025");
        is("Tuần 36 năm 2025", "2025-W36");
        is("Tuần 36 năm 2025", "2025-W36");
        for text in [
            "tháng 8-9/2025",
            "Tháng 8 và 9 năm 2025",
            "tháng 8, tháng 9/2025",
            "tháng 8-9/25",
        ] {
            is(text, "2025-08-01..2025-09-30");
        }
        is("tháng 7, 8 và 9 năm 2025", "2025-Q3");

        is(
            "từ ngày 15/12/2024 đến 14/01/2025",
            "2024-12-15..2025-01-14",
        );
        is("từ tháng 7 đến tháng 9/2025", "2025-Q3");
    }

    #[test]
    fn a_line_that_is_nothing_but_a_period_is_known() {
        let of = |text: &str| alone(text).map(|period| period.to_string());
        for (text, period) in [
            (
                "(Từ ngày 01/8/2025 đến ngày 31/8/2025)",
                "2025-08-01..2025-08-31",
            ),
            ("từ 15/8 đến 14/9/2025", "2025-08-15..2025-09-14"),
            ("QUÝ III NĂM 2025", "2025-Q3"),
            ("9 tháng đầu năm 2025", "2025-9M"),
            ("Số liệu tháng 8 năm 2025", "2025-08"),
            ("Năm 2024", "2024"),
            ("Tuần 35 năm 2025", "2025-W35"),
            ("6 tháng đầu năm năm 2025", "2025-H1"),
        ] {
            assert_eq!(of(text).as_deref(), Some(period), "{text}");
        }
        for text in [
            "Vĩnh Long, ngày 05 tháng 10 năm 2025",
            "Ngày 05 tháng 10 năm 2025",
            "Kế hoạch năm 2024",
            "theo Nghị quyết tháng 8 năm 2025",
            "Ngày 30/9/2025",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }

    #[test]
    fn days_until_which_figures_were_counted_are_read() {
        let august = NaiveDate::from_ymd_opt(2025, 8, 31);
        for text in [
            "Số liệu tính đến ngày 31/8/2025",
            "(Tính đến hết ngày 31 tháng 8 năm 2025)",
            "Thời điểm báo cáo: 31/8/25",
            "Số liệu chốt ngày 31/8/2025",
        ] {
            assert_eq!(cut_off(text), august, "{text}");
        }
        for text in [
            "Hậu Sông, ngày 31 tháng 8 năm 2025",
            "Gửi đến Sở trước ngày 31/8/2025",
            "Dân số đến 31/8/2025 của tỉnh",
        ] {
            assert_eq!(cut_off(text), None, "{text}");
        }
    }

    #[test]
    fn another_period_or_none_is_not_taken_for_this_one() {
        is("Tháng 8 năm 2025", "2025-08");
        assert_eq!(named("tháng này"), []);
        assert_eq!(named("Số: 12/BC-UBND"), []);
        assert_eq!(
            named("tháng 13 năm 2025").len(),
            1,
            "only the year is a period"
        );
        is("tháng 13 năm 2025", "2025");
    }
}
