//! A line that rises day by day, drawn as SVG: how many of all units have filed.

use chrono::NaiveDate;
use serde::Serialize;

use crate::model::Lang;

/// Size of the drawing in its own units.
const WIDTH: f64 = 440.0;
const HEIGHT: f64 = 190.0;
/// Room left, right, above and below the drawing for its figures.
const LEFT: f64 = 40.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 14.0;
const BOTTOM: f64 = 26.0;
/// The most days that are drawn, the last ones.
const DAYS: usize = 120;
/// The most days that are named below.
const NAMED: usize = 7;

/// The progress of filing, day by day.
#[derive(Debug, Clone, Serialize)]
pub struct Chart {
    /// Points of the line, as SVG takes them.
    line: String,
    /// The surface under it.
    area: String,
    marks: Vec<Mark>,
    names: Vec<Name>,
    lines: Vec<Level>,
    /// Where the deadline is.
    deadline: Option<f64>,
    /// The days and how many had filed by then, for whoever cannot see it.
    days: Vec<(String, usize)>,
    all: usize,
}

#[derive(Debug, Clone, Serialize)]
struct Mark {
    x: f64,
    y: f64,
    title: String,
}

#[derive(Debug, Clone, Serialize)]
struct Name {
    x: f64,
    text: String,
    /// `start`, `middle` or `end`, as SVG anchors texts.
    anchor: &'static str,
}

#[derive(Debug, Clone, Serialize)]
struct Level {
    y: f64,
    count: usize,
}

impl Chart {
    /// Of `all` units those that filed, each on its day; up to `today`, or the deadline if it is
    /// later. Nothing without anyone who filed.
    pub fn of(
        filed: &[NaiveDate],
        all: usize,
        today: NaiveDate,
        deadline: Option<NaiveDate>,
        lang: Lang,
    ) -> Option<Chart> {
        let first = *filed.iter().min()?;
        let last = filed.iter().max().copied()?.max(today);
        let end = deadline.map_or(last, |deadline| deadline.max(last));
        let days: Vec<NaiveDate> = first.iter_days().take_while(|day| *day <= end).collect();
        let days = &days[days.len().saturating_sub(DAYS)..];
        let top = all.max(filed.len()).max(1);
        let place = Place {
            days: days.len(),
            top,
        };
        let by = |day: NaiveDate| filed.iter().filter(|filed| **filed <= day).count();
        let so_far = days.iter().enumerate().filter(|(_, day)| **day <= last);
        let points: Vec<(usize, NaiveDate, usize)> =
            so_far.map(|(at, day)| (at, *day, by(*day))).collect();
        let told = |day: NaiveDate| day.format(lang.pick("%d/%m", "%m-%d")).to_string();
        let line: Vec<String> = points
            .iter()
            .map(|(at, _, count)| format!("{:.1},{:.1}", place.x(*at), place.y(*count)))
            .collect();
        let area = format!(
            "{:.1},{:.1} {} {:.1},{:.1}",
            place.x(0),
            place.y(0),
            line.join(" "),
            place.x(points.len().saturating_sub(1)),
            place.y(0)
        );
        let step = days.len().div_ceil(NAMED).max(1);
        let names = days.iter().enumerate().step_by(step);
        Some(Chart {
            area,
            line: line.join(" "),
            marks: points
                .iter()
                .map(|(at, day, count)| Mark {
                    x: place.x(*at),
                    y: place.y(*count),
                    title: format!("{}: {count}/{all}", told(*day)),
                })
                .collect(),
            names: names
                .map(|(at, day)| Name {
                    x: place.x(at),
                    text: told(*day),
                    anchor: if at == 0 { "start" } else { "middle" },
                })
                .collect(),
            lines: levels(top)
                .into_iter()
                .map(|count| Level {
                    y: place.y(count),
                    count,
                })
                .collect(),
            deadline: deadline
                .and_then(|deadline| days.iter().position(|day| *day == deadline))
                .map(|at| place.x(at)),
            days: points
                .iter()
                .map(|(_, day, count)| (told(*day), *count))
                .collect(),
            all,
        })
    }
}

/// Where days and counts are in the drawing.
struct Place {
    days: usize,
    top: usize,
}

impl Place {
    fn x(&self, day: usize) -> f64 {
        LEFT + share(day, self.days.saturating_sub(1).max(1)) * (WIDTH - LEFT - RIGHT)
    }

    fn y(&self, count: usize) -> f64 {
        HEIGHT - BOTTOM - share(count, self.top) * (HEIGHT - TOP - BOTTOM)
    }
}

/// A part of a whole, for drawing.
fn share(part: usize, whole: usize) -> f64 {
    let small = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    small(part) / small(whole)
}

/// Where lines are drawn across: none, half, all.
fn levels(top: usize) -> Vec<usize> {
    match top {
        0 | 1 => vec![0, top],
        top => vec![0, top / 2, top],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 10, day).unwrap()
    }

    #[test]
    fn a_line_rises_to_all_units_and_ends_today() {
        let filed = [day(1), day(3), day(3)];
        let chart = Chart::of(&filed, 3, day(4), Some(day(6)), Lang::Vi).unwrap();
        let told = [("01/10", 1), ("02/10", 1), ("03/10", 3), ("04/10", 3)];
        assert_eq!(chart.days, told.map(|(day, count)| (day.to_owned(), count)));
        assert_eq!(chart.marks[3].y, TOP);
        assert_eq!(chart.deadline, Some(WIDTH - RIGHT));
        assert!(Chart::of(&[], 3, day(4), None, Lang::Vi).is_none());
    }

    #[test]
    fn a_file_of_another_age_does_not_make_a_drawing_without_end() {
        let old = NaiveDate::from_ymd_opt(1980, 1, 1).unwrap();
        let chart = Chart::of(&[old, day(3)], 2, day(4), None, Lang::Vi).unwrap();
        assert_eq!(chart.days.len(), DAYS);
    }
}
