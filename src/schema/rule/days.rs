//! Days of the calendar in rules: how many lie between two, and the day some days away.

use chrono::{NaiveDate, TimeDelta};

use super::datum::{Datum, Given};
use super::exact::Exact;
use super::expression::Operator;
use super::trouble::Trouble;
use crate::model::{Number, Value};

/// A day that no calendar has: 31 September, or one beyond all years.
pub(super) fn no_such_day() -> Trouble {
    Trouble::broken("không có ngày này", "there is no such day")
}

/// Days between two dates, and the date some days before or after one; `None` if neither side is a
/// date.
pub(super) fn with_days(operator: Operator, left: &Given, right: &Given) -> Option<Given> {
    let value = |given: &Given| match given {
        Given::One(Ok(Some(value))) => Some(value.clone()),
        _ => None,
    };
    let (left, right) = (value(left)?, value(right)?);
    let moved = |day: NaiveDate, by: &Exact| {
        let by = by.to_number().filter(|by| by.fract().is_zero());
        let by = by.and_then(|by| i64::try_from(by).ok());
        let day = by.and_then(|by| day.checked_add_signed(TimeDelta::try_days(by)?));
        let day = day.ok_or_else(no_such_day);
        Given::One(day.map(|day| Some(Datum::Plain(Value::Date(day)))))
    };
    match (operator, left, right) {
        (Operator::Subtract, Datum::Plain(Value::Date(l)), Datum::Plain(Value::Date(r))) => {
            let days = (l - r).num_days();
            Some(Given::One(Ok(Some(Datum::Figure(
                Number::from(days).into(),
            )))))
        }
        (Operator::Add, Datum::Plain(Value::Date(day)), Datum::Figure(by))
        | (Operator::Add, Datum::Figure(by), Datum::Plain(Value::Date(day))) => {
            Some(moved(day, &by))
        }
        (Operator::Subtract, Datum::Plain(Value::Date(day)), Datum::Figure(by)) => {
            Some(moved(day, &by.negated()))
        }
        _ => None,
    }
}

/// The day of the calendar, if there is one.
pub(super) fn calendar_day(year: Number, month: Number, day: Number) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(
        i32::try_from(year).ok()?,
        u32::try_from(month).ok()?,
        u32::try_from(day).ok()?,
    )
}
