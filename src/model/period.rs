//! The reference period the figures are about, never the day they were sent.

use std::fmt;
use std::str::FromStr;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A reference period. Written `2025-09`, `2025-W36`, `2025-Q3`, `2025-H1`, `2025-9M`, `2025` or
/// `2025-01-01..2025-07-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Period {
    /// From a day to a day, both included.
    Days { from: NaiveDate, to: NaiveDate },
    /// An ISO 8601 week, Monday to Sunday.
    Week { year: i32, week: u32 },
    /// A calendar month.
    Month { year: i32, month: u32 },
    /// A calendar quarter, 1 to 4.
    Quarter { year: i32, quarter: u32 },
    /// The first or second half of a year.
    Half { year: i32, half: u32 },
    /// January to September, a customary reporting period.
    NineMonths { year: i32 },
    /// A calendar year.
    Year { year: i32 },
}

/// The length of the periods that a longer one is put together from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PartLength {
    /// Calendar months.
    Months,
    /// Calendar quarters.
    Quarters,
}

impl Period {
    /// First day of the period.
    pub fn first_day(self) -> NaiveDate {
        match self {
            Period::Days { from, .. } => from,
            Period::Week { year, week } => iso_monday(year, week),
            Period::Month { year, month } => first_of(year, month),
            Period::Quarter { year, quarter } => first_of(year, quarter * 3 - 2),
            Period::Half { year, half } => first_of(year, half * 6 - 5),
            Period::NineMonths { year } | Period::Year { year } => first_of(year, 1),
        }
    }

    /// Last day of the period.
    pub fn last_day(self) -> NaiveDate {
        let months = match self {
            Period::Days { to, .. } => return to,
            Period::Week { .. } => return self.first_day() + Days::new(6),
            Period::Month { .. } => 1,
            Period::Quarter { .. } => 3,
            Period::Half { .. } => 6,
            Period::NineMonths { .. } => 9,
            Period::Year { .. } => 12,
        };
        self.first_day() + Months::new(months) - Days::new(1)
    }

    /// The period before this one, whose closing figures are this one's opening figures. For a
    /// week, month, quarter, half and year: the one just before. Nine months: the nine months of
    /// the year before (they are cumulated from January). A day range: as many whole months before
    /// it if it is made of whole months, else as many days. A campaign with another custom sets
    /// `previous` in its `campaign.toml`.
    pub fn previous(self) -> Period {
        match self {
            Period::Days { from, to } => previous_days(from, to),
            Period::Week { year, week } => {
                let monday = iso_monday(year, week) - Days::new(7);
                let iso = monday.iso_week();
                Period::Week {
                    year: iso.year(),
                    week: iso.week(),
                }
            }
            Period::Month { year, month: 1 } => Period::Month {
                year: year - 1,
                month: 12,
            },
            Period::Month { year, month } => Period::Month {
                year,
                month: month - 1,
            },
            Period::Quarter { year, quarter: 1 } => Period::Quarter {
                year: year - 1,
                quarter: 4,
            },
            Period::Quarter { year, quarter } => Period::Quarter {
                year,
                quarter: quarter - 1,
            },
            Period::Half { year, half: 1 } => Period::Half {
                year: year - 1,
                half: 2,
            },
            Period::Half { year, half } => Period::Half {
                year,
                half: half - 1,
            },
            Period::NineMonths { year } => Period::NineMonths { year: year - 1 },
            Period::Year { year } => Period::Year { year: year - 1 },
        }
    }

    /// The period of the same sort that begins the day after this one ends, or a year later for
    /// nine months; `None` for a day range.
    pub fn following(self) -> Option<Period> {
        let after = self.last_day() + Days::new(1);
        let (year, month) = (after.year(), after.month());
        Some(match self {
            Period::Days { .. } => return None,
            Period::Week { .. } => Period::Week {
                year: after.iso_week().year(),
                week: after.iso_week().week(),
            },
            Period::Month { .. } => Period::Month { year, month },
            Period::Quarter { .. } => Period::Quarter {
                year,
                quarter: month.div_ceil(3),
            },
            Period::Half { .. } => Period::Half {
                year,
                half: month.div_ceil(6),
            },
            Period::NineMonths { year } => Period::NineMonths { year: year + 1 },
            Period::Year { .. } => Period::Year { year },
        })
    }

    /// The same period of the year before; `None` for a week 53 of a year that follows one of 52.
    pub fn year_before(self) -> Option<Period> {
        Some(match self {
            Period::Days { from, to } => {
                let year = Months::new(12);
                // The last day of a month stays one: 28/02/2025 goes with 29/02/2024.
                let after = to + Days::new(1);
                let to = match after.day() {
                    1 => after - year - Days::new(1),
                    _ => to - year,
                };
                Period::Days {
                    from: from - year,
                    to,
                }
            }
            Period::Week { year, week } => {
                let year = year - 1;
                NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?;
                Period::Week { year, week }
            }
            Period::Month { year, month } => Period::Month {
                year: year - 1,
                month,
            },
            Period::Quarter { year, quarter } => Period::Quarter {
                year: year - 1,
                quarter,
            },
            Period::Half { year, half } => Period::Half {
                year: year - 1,
                half,
            },
            Period::NineMonths { year } => Period::NineMonths { year: year - 1 },
            Period::Year { year } => Period::Year { year: year - 1 },
        })
    }

    /// The periods of the same length from the start of the year up to this one, in order; empty
    /// for the first. `None` if such periods do not fit into the year without a gap.
    pub fn earlier_this_year(self) -> Option<Vec<Period>> {
        let start = match self {
            Period::Week { year, .. } => iso_monday(year, 1),
            _ => first_of(self.last_day().year(), 1),
        };
        let mut earlier = Vec::new();
        let mut first = self;
        while first.first_day() > start {
            let previous = first.previous();
            if previous.first_day() >= first.first_day() {
                return None;
            }
            earlier.push(previous);
            first = previous;
        }
        earlier.reverse();
        (first.first_day() == start).then_some(earlier)
    }

    /// The months or quarters that make it up, in order; `None` if it is not made of two or more.
    pub fn parts(self, length: PartLength) -> Option<Vec<Period>> {
        let end = self.last_day() + Days::new(1);
        let mut parts = Vec::new();
        let mut first = self.first_day();
        while first < end {
            let (year, month) = (first.year(), first.month());
            let part = match length {
                PartLength::Months => Period::Month { year, month },
                PartLength::Quarters => Period::Quarter {
                    year,
                    quarter: month.div_ceil(3),
                },
            };
            if part.first_day() != first {
                return None;
            }
            parts.push(part);
            first = part.last_day() + Days::new(1);
        }
        (first == end && parts.len() > 1).then_some(parts)
    }

    /// The period in words a clerk uses: "tháng 9 năm 2025", "từ 01/01/2025 đến 31/7/2025".
    pub fn vietnamese(self) -> String {
        match self {
            Period::Days { from, to } => {
                format!("từ ngày {} đến ngày {}", day(from), day(to))
            }
            Period::Week { year, week } => format!("tuần {week} năm {year}"),
            Period::Month { year, month } => format!("tháng {month} năm {year}"),
            Period::Quarter { year, quarter } => {
                format!(
                    "quý {} năm {year}",
                    ["I", "II", "III", "IV"][quarter as usize - 1]
                )
            }
            Period::Half { year, half: 1 } => format!("6 tháng đầu năm {year}"),
            Period::Half { year, .. } => format!("6 tháng cuối năm {year}"),
            Period::NineMonths { year } => format!("9 tháng đầu năm {year}"),
            Period::Year { year } => format!("năm {year}"),
        }
    }
}

/// A day as official Vietnamese papers write it: a leading 0 for days below 10 and for months 1
/// and 2 only (Nghị định 30/2020/NĐ-CP, Phụ lục I).
pub fn day(date: NaiveDate) -> String {
    let month = match date.month() {
        month @ (1 | 2) => format!("0{month}"),
        month => month.to_string(),
    };
    format!("{:02}/{month}/{}", date.day(), date.year())
}

fn previous_days(from: NaiveDate, to: NaiveDate) -> Period {
    let after = to + Days::new(1);
    let before = from - Days::new(1);
    if from.day() == 1 && after.day() == 1 {
        let months = (after.year() - from.year()) * 12 + after.month() as i32 - from.month() as i32;
        let months = Months::new(u32::try_from(months).unwrap_or_default());
        return Period::Days {
            from: from - months,
            to: before,
        };
    }
    let length = Days::new(u64::try_from((to - from).num_days()).unwrap_or_default());
    Period::Days {
        from: before - length,
        to: before,
    }
}

fn first_of(year: i32, month: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, 1).expect("years and months are checked when parsed")
}

fn iso_monday(year: i32, week: u32) -> NaiveDate {
    NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).expect("weeks are checked when parsed")
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Days { from, to } => write!(f, "{from}..{to}"),
            Period::Week { year, week } => write!(f, "{year}-W{week:02}"),
            Period::Month { year, month } => write!(f, "{year}-{month:02}"),
            Period::Quarter { year, quarter } => write!(f, "{year}-Q{quarter}"),
            Period::Half { year, half } => write!(f, "{year}-H{half}"),
            Period::NineMonths { year } => write!(f, "{year}-9M"),
            Period::Year { year } => write!(f, "{year}"),
        }
    }
}

impl FromStr for Period {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        parse(text.trim()).ok_or_else(|| {
            format!(
                "`{text}` is not a period; write 2025-09, 2025-W36, 2025-Q3, 2025-H1, 2025-9M, \
                 2025 or 2025-01-01..2025-07-31"
            )
        })
    }
}

fn parse(text: &str) -> Option<Period> {
    if let Some((from, to)) = text.split_once("..") {
        let (from, to) = (from.trim().parse().ok()?, to.trim().parse().ok()?);
        return (from <= to).then_some(Period::Days { from, to });
    }
    let (year, part) = text.split_once('-').unwrap_or((text, ""));
    let year: i32 = (year.len() == 4).then(|| year.parse().ok())??;
    if !(1900..=9998).contains(&year) {
        return None;
    }
    let number =
        |digits: &str, max: u32| digits.parse::<u32>().ok().filter(|n| (1..=max).contains(n));
    match part.chars().next() {
        None => Some(Period::Year { year }),
        Some('W') => {
            let week = number(&part[1..], 53)?;
            NaiveDate::from_isoywd_opt(year, week, Weekday::Mon)?;
            Some(Period::Week { year, week })
        }
        Some('Q') => Some(Period::Quarter {
            year,
            quarter: number(&part[1..], 4)?,
        }),
        Some('H') => Some(Period::Half {
            year,
            half: number(&part[1..], 2)?,
        }),
        Some('9') if part == "9M" => Some(Period::NineMonths { year }),
        Some(_) if part.len() == 2 => Some(Period::Month {
            year,
            month: number(part, 12)?,
        }),
        Some(_) => None,
    }
}

impl Serialize for Period {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Period {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn previous(text: &str) -> String {
        text.parse::<Period>().unwrap().previous().to_string()
    }

    #[test]
    fn what_follows_a_period_has_it_before() {
        for text in [
            "2025-12", "2025-02", "2025-Q4", "2025-Q1", "2025-H1", "2025-H2", "2025-W52", "2025",
            "2025-9M",
        ] {
            let period: Period = text.parse().unwrap();
            let following = period.following().unwrap();
            assert_eq!(following.previous(), period, "{text}: {following}");
        }
    }

    #[test]
    fn every_kind_of_period_has_a_previous_one() {
        assert_eq!(previous("2025-09"), "2025-08");
        assert_eq!(previous("2025-01"), "2024-12");
        assert_eq!(previous("2025-W01"), "2024-W52");
        assert_eq!(previous("2021-W01"), "2020-W53");
        assert_eq!(previous("2025-Q1"), "2024-Q4");
        assert_eq!(previous("2025-H2"), "2025-H1");
        assert_eq!(previous("2025-9M"), "2024-9M");
        assert_eq!(previous("2025"), "2024");
        assert_eq!(previous("2025-01-01..2025-07-31"), "2024-06-01..2024-12-31");
        assert_eq!(previous("2025-09-01..2025-09-15"), "2025-08-17..2025-08-31");
    }

    #[test]
    fn a_previous_period_ends_the_day_before_except_nine_months() {
        for text in [
            "2025-09",
            "2025-W36",
            "2025-Q3",
            "2025-H1",
            "2025",
            "2025-02-03..2025-02-09",
        ] {
            let period: Period = text.parse().unwrap();
            assert_eq!(
                period.previous().last_day() + Days::new(1),
                period.first_day(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_period_has_its_like_of_the_year_before() {
        let before = |text: &str| {
            let period: Period = text.parse().unwrap();
            period.year_before().map(|period| period.to_string())
        };
        assert_eq!(before("2025-09").as_deref(), Some("2024-09"));
        assert_eq!(before("2025-Q1").as_deref(), Some("2024-Q1"));
        assert_eq!(before("2025-9M").as_deref(), Some("2024-9M"));
        assert_eq!(before("2025-W36").as_deref(), Some("2024-W36"));
        assert_eq!(before("2020-W53"), None);
        assert_eq!(
            before("2025-01-01..2025-02-28").as_deref(),
            Some("2024-01-01..2024-02-29")
        );
        assert_eq!(
            before("2024-02-29..2024-03-10").as_deref(),
            Some("2023-02-28..2023-03-10")
        );
    }

    #[test]
    fn the_year_to_date_is_every_period_of_its_kind_before() {
        let earlier = |text: &str| {
            let period: Period = text.parse().unwrap();
            let found = period.earlier_this_year()?;
            let texts: Vec<String> = found.iter().map(Period::to_string).collect();
            Some(texts.join(" "))
        };
        assert_eq!(
            earlier("2025-04").as_deref(),
            Some("2025-01 2025-02 2025-03")
        );
        assert_eq!(earlier("2025-01").as_deref(), Some(""));
        assert_eq!(earlier("2025-Q3").as_deref(), Some("2025-Q1 2025-Q2"));
        assert_eq!(earlier("2025-H2").as_deref(), Some("2025-H1"));
        assert_eq!(earlier("2025-W03").as_deref(), Some("2025-W01 2025-W02"));
        assert_eq!(earlier("2025-9M").as_deref(), Some(""));
        assert_eq!(earlier("2025").as_deref(), Some(""));
        assert_eq!(
            earlier("2025-03-01..2025-04-30").as_deref(),
            Some("2025-01-01..2025-02-28")
        );
        assert_eq!(earlier("2025-09-01..2025-09-15"), None);
        assert_eq!(earlier("2024-12-15..2025-01-14"), None);
    }

    #[test]
    fn what_is_not_a_period_is_refused() {
        for text in [
            "",
            "2025-13",
            "2025-W54",
            "2025-Q5",
            "25-09",
            "2025-9",
            "2025-02-30..2025-03-01",
        ] {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }

    #[test]
    fn periods_are_told_in_the_decrees_way() {
        let period: Period = "2025-01-01..2025-07-31".parse().unwrap();
        assert_eq!(period.vietnamese(), "từ ngày 01/01/2025 đến ngày 31/7/2025");
    }
}
