//! Last period's figures of units that have since been merged, as those of the unit they went into.
//!
//! What can be added up is added up; a percentage is computed anew from what was added up; flags
//! and words of several units are not one unit's. Where a figure of one of them lacks there is no
//! sum, and what a split unit left cannot be shared out.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use super::previous::{Figures, FormFigures, PeriodFigures};
use super::ratio::percentage;
use crate::model::{Message, Number, Period, ReportingUnit, Value};
use crate::roster::{Roster, Split};
use crate::schema::evaluate::{Scope, Trouble, number, round};
use crate::schema::expression::{Name, Past, Path};
use crate::schema::form::Aggregate;
use crate::schema::{Field, Form};

/// Figures of a closed period that a unit of now should have and has not, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    /// Code of the unit.
    pub unit: Arc<str>,
    /// Form; `None`: all of them.
    pub form: Option<Arc<str>>,
    /// Why.
    pub message: Message,
}

/// Gives every unit of `now` the figures of `period` of the units it was made of.
pub fn inherit(
    figures: &mut PeriodFigures,
    period: Period,
    roster: &Roster,
    forms: &[Arc<Form>],
    now: NaiveDate,
) -> Vec<Gap> {
    let day = period.last_day();
    let mut gaps = Vec::new();
    let mut merged = Vec::new();
    for unit in roster.units.iter().filter(|unit| unit.active_on(now)) {
        let sources = match roster.sources(unit, day, now) {
            Ok(sources) => sources,
            Err(split) => {
                gaps.push(split_gap(unit, &split, period));
                merged.extend(forms.iter().map(|form| (unit.code.clone(), form, None)));
                continue;
            }
        };
        if sources.is_empty() || sources.as_slice() == std::slice::from_ref(unit) {
            continue;
        }
        for form in forms {
            let tables = |of: &Arc<ReportingUnit>| figures.units.get(&of.code)?.get(form.id());
            let filed: Vec<&FormFigures> = sources.iter().filter_map(tables).collect();
            if filed.is_empty() {
                continue;
            }
            let whole = filed.len() == sources.len();
            if !whole {
                let lacking = sources.iter().filter(|of| tables(of).is_none());
                gaps.push(lacking_gap(unit, &sources, lacking, form, period));
            }
            let sum = whole.then(|| add_up(form, &filed));
            merged.push((unit.code.clone(), form, sum));
        }
    }
    for (unit, form, sum) in merged {
        let unit = figures.units.entry(unit).or_default();
        match sum {
            Some(sum) => unit.insert(form.id().to_owned(), sum),
            None => unit.remove(form.id()),
        };
    }
    gaps
}

fn split_gap(unit: &ReportingUnit, split: &Split, period: Period) -> Gap {
    let period = (period.vietnamese(), period);
    let (was, heirs) = (&split.unit.name, names(split.heirs.iter()));
    Gap {
        unit: unit.code.as_str().into(),
        form: None,
        message: Message::new(
            format!(
                "{was} đã chia cho {heirs} nên số liệu {} của {was} không biết chia cho ai: các quy tắc so với kỳ đó chưa được hỏi.",
                period.0
            ),
            format!(
                "{was} was split between {heirs}, so its figures of {} cannot be shared out; rules that compare with that period are not asked.",
                period.1
            ),
        ),
    }
}

fn lacking_gap<'a>(
    unit: &ReportingUnit,
    sources: &[Arc<ReportingUnit>],
    lacking: impl Iterator<Item = &'a Arc<ReportingUnit>>,
    form: &Form,
    period: Period,
) -> Gap {
    let (all, lacking) = (names(sources.iter()), names(lacking));
    let title = &form.file.title;
    Gap {
        unit: unit.code.as_str().into(),
        form: Some(form.id().into()),
        message: Message::new(
            format!(
                "Số liệu {} của {} là tổng của {all}, nhưng kho lưu trữ không có biểu «{title}» của {lacking}: không cộng thiếu, nên các quy tắc của biểu so với kỳ đó chưa được hỏi.",
                period.vietnamese(),
                unit.name
            ),
            format!(
                "The figures of {period} of {} are those of {all}, but the archive has no form `{}` of {lacking}; rules that compare with that period are not asked.",
                unit.name,
                form.id()
            ),
        ),
    }
}

fn names<'a>(units: impl Iterator<Item = &'a Arc<ReportingUnit>>) -> String {
    let names: Vec<&str> = units.map(|unit| unit.name.as_str()).collect();
    names.join(", ")
}

/// One form of several units as one unit's.
fn add_up(form: &Form, filed: &[&FormFigures]) -> FormFigures {
    let mut sum = FormFigures::default();
    let keys: BTreeSet<&String> = filed.iter().flat_map(|form| form.rows.keys()).collect();
    for key in keys {
        for (at, column) in form.file.columns.iter().enumerate() {
            let row = form.row(key);
            let additive = form
                .field(row, at)
                .is_some_and(|f| f.aggregate == Aggregate::Sum);
            if !additive {
                continue;
            }
            let id = column.id.get_ref();
            let parts = filed.iter().map(|form| form.rows.get(key)?.get(id));
            let figures = together(parts.collect());
            if figures.all.is_empty() {
                continue;
            }
            if figures.partial && !form.is_free() {
                sum.broken.insert(id.clone());
            }
            let row = sum.rows.entry(key.clone()).or_default();
            row.insert(id.clone(), figures);
        }
    }
    sum.broken
        .extend(filed.iter().flat_map(|form| form.broken.iter().cloned()));
    add_ratios(form, &mut sum);
    sum
}

/// The sum of what each unit has under one row and column. A row only some of them have stays in
/// its column; what it comes to for all of them cannot be told.
fn together(parts: Vec<Option<&Figures>>) -> Figures {
    let there: Vec<&Figures> = parts.iter().copied().flatten().collect();
    let numbers: Option<Vec<Number>> = there.iter().map(|part| part.one()?.as_number()).collect();
    let sum = numbers
        .filter(|numbers| !numbers.is_empty())
        .and_then(|numbers| {
            let mut numbers = numbers.into_iter();
            numbers.try_fold(Number::ZERO, |sum, figure| sum.checked_add(figure))
        });
    match sum {
        Some(sum) => Figures {
            all: vec![Value::Number(sum)],
            partial: there.len() < parts.len(),
        },
        None => Figures {
            all: there.iter().flat_map(|part| part.all.clone()).collect(),
            partial: true,
        },
    }
}

/// Percentages of the sums, where all their operands are there.
fn add_ratios(form: &Form, sum: &mut FormFigures) {
    // A fixed row may hold nothing but a percentage, and so have no sums of its own.
    let fixed = form.file.rows.iter().map(|row| row.id.get_ref().clone());
    let keys: BTreeSet<String> = sum.rows.keys().cloned().chain(fixed).collect();
    let mut found = Vec::new();
    for row in &keys {
        for (column, indicator) in form.file.columns.iter().enumerate() {
            let scope = SumScope {
                form,
                sum,
                row,
                column,
            };
            let field = form.field(form.row(row), column);
            if let Some(percentage) = field.and_then(|field| recomputed(field, &scope)) {
                found.push((row, indicator.id.get_ref(), percentage));
            }
        }
    }
    for (row, column, percentage) in found {
        let figures = Figures {
            all: vec![Value::Number(percentage)],
            partial: false,
        };
        let cells = sum.rows.entry(row.clone()).or_default();
        cells.insert(column.clone(), figures);
    }
}

fn recomputed(field: &Field, scope: &SumScope<'_>) -> Option<Number> {
    let ratio = field.ratio.as_ref()?;
    if field.aggregate != Aggregate::Ratio {
        return None;
    }
    let (numerator, denominator) = (
        number(&ratio.numerator, scope).ok()?,
        number(&ratio.denominator, scope).ok()?,
    );
    let exact = percentage(numerator, denominator)?;
    Some(round(exact, field.decimals, field.rounding))
}

/// Names of a form stand for its sums, seen from one cell.
struct SumScope<'a> {
    form: &'a Form,
    sum: &'a FormFigures,
    row: &'a str,
    column: usize,
}

impl SumScope<'_> {
    fn find(&self, name: &Name) -> Option<Value> {
        let own = &self.form.file.columns.get(self.column)?.id;
        let (row, column) = match &name.path {
            Path::One(id) if self.form.column(id).is_some() => (self.row, id.as_str()),
            Path::One(id) => (id.as_str(), own.get_ref().as_str()),
            Path::Cell { row, column } => (row.as_str(), column.as_str()),
            Path::Range { .. } => return None,
        };
        self.sum.rows.get(row)?.get(column)?.one().cloned()
    }
}

impl Scope for SumScope<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        self.find(name).map(Some).ok_or(Trouble::Missing)
    }

    fn values(&self, name: &Name) -> Result<Vec<Option<Value>>, Trouble> {
        Ok(vec![self.value(name)?])
    }

    fn past(&self, _: Past, _: &Name) -> Result<Option<Value>, Trouble> {
        Err(Trouble::Missing)
    }

    fn past_values(&self, _: Past, _: &Name) -> Result<Vec<Option<Value>>, Trouble> {
        Err(Trouble::Missing)
    }

    fn units(&self, _: &Name) -> Result<Number, Trouble> {
        Err(Trouble::Missing)
    }

    fn blank_is_zero(&self) -> bool {
        false
    }
}
