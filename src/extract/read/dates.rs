//! Dates outside the period. Where day and month were swapped, the date lies in it once they are
//! swapped back; where dates of the column lie elsewhere by nature (the start of a building site), that
//! says nothing.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::LazyLock;

use chrono::{Datelike, NaiveDate};
use regex::Regex;

use super::context::{ReadContext, ReadLog};
use super::reading::{CellProblem, CellReading, problem};
use crate::extract::table::Table;
use crate::model::value::message;
use crate::model::{Class, Message, Period, Severity, Value};
use crate::text::normalise;

/// Id of the finding about a date whose day and month may be swapped.
const SWAPPED: &str = "ngay-thang-dao";

/// Years that dates of reports lie in; what is outside was typed wrong.
const YEARS: RangeInclusive<i32> = 1900..=2100;

/// A day in words, which is read in one way only: «ngày 10 tháng 3 năm 2025».
pub(super) fn in_words(text: &str) -> Option<NaiveDate> {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:ngày )?(\d{1,2}) tháng (\d{1,2}),? năm (\d{4})\.?$")
            .expect("the pattern is a constant")
    });
    let plain = normalise(text);
    let parts = WORDS.captures(&plain)?;
    let (day, month, year) = (
        parts[1].parse().ok()?,
        parts[2].parse().ok()?,
        parts[3].parse().ok()?,
    );
    NaiveDate::from_ymd_opt(year, month, day)
}

/// Reports a date of a year that cannot be meant, and one that is outside the period only because
/// day and month are swapped, unless the form or the campaign has the check off. Row and column of
/// the form file, from 0.
pub(super) fn in_period(
    context: &ReadContext<'_>,
    reading: CellReading,
    row: Option<usize>,
    column: usize,
) -> CellReading {
    let CellReading::Value(Value::Date(date)) = &reading else {
        return reading;
    };
    if !YEARS.contains(&date.year()) {
        return odd_year(*date, context.period);
    }
    let Some(period) = context.period else {
        return reading;
    };
    match swapped(*date, period) {
        Some(meant) if context.form.checks(row, column).dates => doubt(*date, meant),
        _ => reading,
    }
}

/// Withdraws the doubts in columns where most other dates lie outside the period either way.
pub(super) fn settle(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table) {
    let Some(period) = context.period else {
        return;
    };
    // Dates that lie outside the period either way, less those inside, by column.
    let mut outside: BTreeMap<u32, i64> = BTreeMap::new();
    for cell in table.rows.iter().flat_map(|row| &row.cells) {
        let (Some(Value::Date(date)), Some(at)) = (cell.value(), cell.address) else {
            continue;
        };
        let balance = outside.entry(at.column).or_default();
        match (within(*date, period), swapped(*date, period)) {
            (true, _) => *balance -= 1,
            (false, None) => *balance += 1,
            (false, Some(_)) => {}
        }
    }
    log.findings.retain(|finding| {
        let balance = finding.cell.and_then(|at| outside.get(&at.column));
        finding.rule != SWAPPED || balance.is_none_or(|balance| *balance <= 0)
    });
}

fn within(date: NaiveDate, period: Period) -> bool {
    (period.first_day()..=period.last_day()).contains(&date)
}

/// 03/09/2025 entered on a machine with English settings is the 9th of March: the date that was
/// meant, if it lies in the period and the one that is there does not.
fn swapped(date: NaiveDate, period: Period) -> Option<NaiveDate> {
    let meant = NaiveDate::from_ymd_opt(date.year(), date.day(), date.month())?;
    (!within(date, period) && within(meant, period)).then_some(meant)
}

/// 13/09/1025: the date of the period that differs in one digit of the year is meant, if there is
/// one.
fn odd_year(date: NaiveDate, period: Option<Period>) -> CellReading {
    let mistyped = |year: i32| {
        let (one, other) = (format!("{:04}", date.year()), format!("{year:04}"));
        one.chars()
            .zip(other.chars())
            .filter(|(a, b)| a != b)
            .count()
            == 1
    };
    let meant = period.and_then(|period| {
        let years = period.first_day().year()..=period.last_day().year();
        let mut dates = years.filter(|year| mistyped(*year));
        let meant = dates.find_map(|year| date.with_year(year))?;
        within(meant, period).then_some(Value::Date(meant))
    });
    let (found, year) = (Value::Date(date), date.year());
    let asked = meant.as_ref().map_or(
        Message::new("", ""),
        |meant| message!(meant; " Có phải {meant} không?", " Is it {meant}?"),
    );
    problem(
        "sai-kieu-du-lieu",
        Class::Type,
        Some(found.clone()),
        meant.clone(),
        message!(
            found, asked;
            "Ô ghi ngày {found}: năm {year} chắc là gõ nhầm.{asked} Hãy gõ lại ngày/tháng/năm.",
            "The cell says {found}: the year {year} must be a slip.{asked} Type the date again as day/month/year."
        ),
    )
}

fn doubt(date: NaiveDate, meant: NaiveDate) -> CellReading {
    let (found, meant) = (Value::Date(date), Value::Date(meant));
    CellReading::Problem(Box::new(CellProblem {
        rule: SWAPPED,
        class: Class::Parse,
        severity: Severity::Warning,
        message: message!(
        found, meant;
        "Ô ghi ngày {found}, ngoài kỳ báo cáo. Nghi đảo ngày và tháng: có phải {meant} không?",
        "The cell says {found}, which is outside the period. Day and month may be swapped: is it {meant}?"
        ),
        found: Some(found.clone()),
        suggestion: Some(meant),
        usable: Some(found),
    }))
}
