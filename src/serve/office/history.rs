//! The figures of a unit's form in the last periods.

use axum::extract::Path as Route;
use axum::response::Response;

use super::officer::Officer;
use super::shown;
use super::stand::Stand;
use super::unit::base;
use crate::campaign::past_figures;
use crate::consolidate::{FormTable, TableField, UnitLine};
use crate::model::value::Shown;
use crate::model::{Lang, Number, Period, Value};
use crate::page::office::{FieldHistory, History, Room, history_page};
use crate::schema::{Form, Indicator};
use crate::serve::desk::blocking;
use crate::serve::refusal::Refusal;

/// The page of a unit's form.
pub(super) async fn show(
    officer: Officer,
    Route((code, form)): Route<(String, String)>,
) -> Result<Response, Refusal> {
    let now = officer.now().await?;
    let campaign = now.stand.campaign.clone();
    let unit = campaign
        .roster
        .by_code(&code)
        .cloned()
        .ok_or(Refusal::NotFound)?;
    let known = campaign.forms.iter().find(|known| known.id() == form);
    let form = known.cloned().ok_or(Refusal::NotFound)?;
    let asked = campaign.clone();
    let past = blocking(move || past_figures::tables(&asked)).await?;
    let lang = officer.manner.lang;
    let page = History {
        unit: unit.name.clone(),
        base: base(&unit.code),
        form: form.file.title.clone(),
        periods: periods(&past, campaign.file.period),
        fields: fields(&now.stand, &past, &form, &unit.code, lang),
    };
    let path = format!(
        "{}/so-lieu/{form}",
        base(&code),
        form = super::address::encoded(form.id())
    );
    shown::page_of(
        &officer,
        &campaign,
        (&path, Room::Board),
        shown::Said::default(),
        |frame, nav| history_page(frame, nav, &page),
    )
}

fn periods(past: &[(Period, Vec<FormTable>)], now: Period) -> Vec<String> {
    past.iter()
        .map(|(period, _)| *period)
        .chain([now])
        .map(|period| period.to_string())
        .collect()
}

/// Every field of the form that has a figure in some period.
fn fields(
    stand: &Stand,
    past: &[(Period, Vec<FormTable>)],
    form: &Form,
    unit: &str,
    lang: Lang,
) -> Vec<FieldHistory> {
    let own =
        |tables: &'_ [FormTable]| tables.iter().position(|table| table.form.id() == form.id());
    let now: &[FormTable] = stand
        .run
        .consolidated
        .as_ref()
        .map_or(&[], |all| &all.forms);
    let Some(at) = own(now) else {
        return Vec::new();
    };
    let now = &now[at];
    let read = stand.run.tables.iter().find(|table| {
        table.form.id() == form.id()
            && stand.run.submissions.iter().any(|file| {
                file.file == table.file && file.unit.as_ref().is_some_and(|of| of.code == unit)
            })
    });
    let mut found = Vec::new();
    for field in &now.fields {
        let mut values: Vec<Option<Value>> = past
            .iter()
            .map(|(_, tables)| value(&tables[own(tables)?], unit, field))
            .collect();
        // A form that goes back has figures, too.
        let here = value(now, unit, field).or_else(|| {
            let table = read?;
            let row = match field.row {
                Some(_) => table.rows.iter().find(|row| row.row == field.row)?,
                None => table.total.as_ref()?,
            };
            row.cells.get(field.column)?.value().cloned()
        });
        values.push(here);
        if values.iter().all(Option::is_none) {
            continue;
        }
        let line = line_of(now, unit);
        let source = line.and_then(|line| {
            let at = now.fields.iter().position(|one| one == field)?;
            line.sources.get(at)?.as_ref()
        });
        let numbers: Vec<Option<Number>> = values
            .iter()
            .map(|value| value.as_ref().and_then(Value::as_number))
            .collect();
        found.push(FieldHistory {
            row: row_words(form, field),
            column: column_words(form, field),
            cell: source.map(|source| source.cell.to_string()),
            values: values
                .iter()
                .map(|value| value.as_ref().map(|value| value.shown(lang)))
                .collect(),
            line: spark(&numbers),
            odd: is_odd(&numbers),
        });
    }
    found
}

fn line_of<'a>(table: &'a FormTable, unit: &str) -> Option<&'a UnitLine> {
    let mut lines = table.lines.iter().chain(&table.sums);
    lines.find(|line| line.unit.code == unit)
}

fn value(table: &FormTable, unit: &str, field: &TableField) -> Option<Value> {
    let at = table.fields.iter().position(|one| one == field)?;
    line_of(table, unit)?.values.get(at)?.clone()
}

pub(super) fn row_words(form: &Form, field: &TableField) -> String {
    let row = field.row.and_then(|row| form.file.rows.get(row));
    row.map_or(String::new(), |row: &Indicator| row.label.full())
}

pub(super) fn column_words(form: &Form, field: &TableField) -> String {
    let column = form.file.columns.get(field.column);
    column.map_or(String::new(), |column| column.label.full())
}

/// Is the last figure less than half the least of at least three before it, or more than twice the
/// greatest? Of figures below zero that says nothing.
fn is_odd(numbers: &[Option<Number>]) -> bool {
    let Some((Some(last), before)) = numbers.split_last() else {
        return false;
    };
    let before: Vec<Number> = before.iter().flatten().copied().collect();
    let (Some(least), Some(most)) = (before.iter().min(), before.iter().max()) else {
        return false;
    };
    let two = Number::from(2);
    let is_odd = *last * two < *least || *last > *most * two;
    before.len() >= 3 && *least >= Number::ZERO && is_odd
}

/// Figures as the points of a line in a box of 100 by 24; nothing for fewer than two.
fn spark(numbers: &[Option<Number>]) -> Option<String> {
    use rust_decimal::prelude::ToPrimitive;
    let known: Vec<(usize, f64)> = numbers
        .iter()
        .enumerate()
        .filter_map(|(at, number)| Some((at, number.as_ref()?.to_f64()?)))
        .collect();
    if known.len() < 2 {
        return None;
    }
    let least = known
        .iter()
        .map(|(_, number)| *number)
        .fold(f64::INFINITY, f64::min);
    let most = known
        .iter()
        .map(|(_, number)| *number)
        .fold(f64::NEG_INFINITY, f64::max);
    let height = (most - least).max(f64::MIN_POSITIVE);
    let small = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
    let width = small(numbers.len() - 1);
    let points: Vec<String> = known
        .iter()
        .map(|(at, number)| {
            let (x, y) = (small(*at) / width, (number - least) / height);
            format!("{:.1},{:.1}", 2.0 + 96.0 * x, 22.0 - 20.0 * y)
        })
        .collect();
    Some(points.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(all: &[i64]) -> Vec<Option<Number>> {
        all.iter()
            .map(|number| Some(Number::from(*number)))
            .collect()
    }

    #[test]
    fn a_figure_unlike_all_before_it_is_odd() {
        assert!(is_odd(&numbers(&[10, 11, 12, 25])));
        assert!(is_odd(&numbers(&[10, 11, 12, 4])));
        assert!(!is_odd(&numbers(&[10, 11, 12, 24])));
        assert!(!is_odd(&numbers(&[10, 11, 100])));
        assert!(!is_odd(&[None, None, None]));
    }

    #[test]
    fn a_line_needs_two_figures_and_a_flat_one_is_a_line_too() {
        assert_eq!(spark(&numbers(&[1])), None);
        assert_eq!(
            spark(&numbers(&[0, 10])).as_deref(),
            Some("2.0,22.0 98.0,2.0")
        );
        assert_eq!(
            spark(&numbers(&[3, 3])).as_deref(),
            Some("2.0,22.0 98.0,22.0")
        );
    }
}
