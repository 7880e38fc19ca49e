//! Each unit's share of a printed total, and what it may have had the period before.

use super::filled::{FilledForm, FilledRow, Unit};
use super::offices::{Work, weight};
use super::spread::{draw, spread};

/// For each unit, its forms of this period and of the last, in roster order.
pub type Part = Vec<(Vec<FilledForm>, Vec<FilledForm>)>;

/// Splits a total over units by the size of their work, give or take a third.
pub fn over_units(total: u64, units: &[Unit], work: Work, salt: &str) -> Vec<u64> {
    let weights: Vec<u64> = units
        .iter()
        .map(|unit| weight(unit, work) * jitter(salt, &unit.code))
        .collect();
    spread(total, &weights)
}

/// 100 give or take a third, by `salt` and `key`.
pub fn jitter(salt: &str, key: &str) -> u64 {
    draw(&format!("{salt} {key}"), 67, 133)
}

/// About as many as `count`: what a figure may have been last period.
pub fn about(count: u64, salt: &str, unit: &Unit) -> u64 {
    (count * draw(&format!("about {salt} {}", unit.code), 75, 125) + 50) / 100
}

/// Gives single things to communes here and there: most have none.
pub fn scattered(total: u64, units: &[Unit], salt: &str) -> Vec<u64> {
    let mut parts = vec![0; units.len()];
    let communes: Vec<usize> = (0..units.len())
        .filter(|&i| units[i].is_commune())
        .collect();
    for n in 0..total {
        let at = draw(&format!("{salt} {n}"), 0, communes.len() as u64 - 1);
        parts[communes[usize::try_from(at).expect("an index")]] += 1;
    }
    parts
}

/// `part` of `all` in percent, two decimals, half up.
pub fn percent(part: u64, all: u64) -> f64 {
    ((part * 20_000 + all) / (2 * all)) as f64 / 100.0
}

/// A row that goes on from last period: opening, this period, closing.
pub fn running(row: &str, opening: u64, this: u64) -> FilledRow {
    FilledRow::counts(
        row,
        &[
            ("ky_truoc", opening),
            ("trong_ky", this),
            ("luy_ke", opening + this),
        ],
    )
}
