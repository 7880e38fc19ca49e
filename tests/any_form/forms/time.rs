//! Periods as whole numbers: the n-th month or quarter since the year 0.

use chrono::{Months, NaiveDate};

/// A period; the one after it is one more.
pub type Time = i32;

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    Month,
    Quarter,
}

impl Step {
    /// Periods of a year.
    pub fn a_year(self) -> Time {
        match self {
            Step::Month => 12,
            Step::Quarter => 4,
        }
    }

    /// As `campaign.toml` writes it.
    pub fn text(self, time: Time) -> String {
        let (year, part) = (
            time.div_euclid(self.a_year()),
            time.rem_euclid(self.a_year()) + 1,
        );
        match self {
            Step::Month => format!("{year}-{part:02}"),
            Step::Quarter => format!("{year}-Q{part}"),
        }
    }

    /// The first day.
    pub fn first_day(self, time: Time) -> NaiveDate {
        let months = 12 / self.a_year();
        let (year, part) = (
            time.div_euclid(self.a_year()),
            time.rem_euclid(self.a_year()),
        );
        let month = u32::try_from(part * months + 1).expect("months are few");
        NaiveDate::from_ymd_opt(year, month, 1).expect("it is a month")
    }

    /// The last day.
    pub fn last_day(self, time: Time) -> NaiveDate {
        let months = u32::try_from(12 / self.a_year()).expect("months are few");
        let after = self.first_day(time) + Months::new(months);
        after.pred_opt().expect("years are those of now")
    }

    /// The periods of the same year before this one.
    pub fn earlier(self, time: Time) -> std::ops::Range<Time> {
        time - time.rem_euclid(self.a_year())..time
    }
}
