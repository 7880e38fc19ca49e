//! Runs a form's own `[[example]]`s: figures laid out as a table without a workbook, checked like
//! any unit's.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::check::{Outcome, check_unit};
use super::past::previous::{PeriodFigures, PreviousFigures};
use super::scope::UnitTables;
use crate::extract::{CellState, Table, TableCell, TableRow};
use crate::model::{Allowance, CellAddress, Fact, Finding, Severity, Value};
use crate::schema::Form;
use crate::schema::checked::joined_key;
use crate::schema::example::value;
use crate::schema::rule_text::Example;

/// The outcome of an example.
#[derive(Debug)]
pub struct Ran {
    /// Rules of the form that its figures break, as errors or warnings (on trial or not).
    pub broken: BTreeSet<String>,
    /// Everything found.
    pub findings: Vec<Finding>,
}

/// Evaluates a form's rules on one of its examples. The soft edits of `[checks]` are not applied,
/// because the figures of examples are made up.
pub fn run(form: &Arc<Form>, example: &Example) -> Ran {
    let tables = [table(form, example)];
    let previous = previous(form, example);
    let Outcome { findings, .. } = check_unit(
        &UnitTables {
            unit: UNIT,
            kind: None,
            tables: &tables,
            previous: Some(&previous),
        },
        &Allowance::default(),
    );
    let counts = |finding: &&Finding| finding.trial.unwrap_or(finding.severity) != Severity::Info;
    let own = |finding: &&Finding| {
        let rule = finding.rule.as_str();
        form.rules.iter().any(|own| own.id == rule)
    };
    Ran {
        broken: findings
            .iter()
            .filter(counts)
            .filter(own)
            .map(|f| f.rule.clone())
            .collect(),
        findings,
    }
}

/// The unit whose figures examples are.
const UNIT: &str = "vi-du";

fn values<'a>(cells: impl Iterator<Item = (&'a str, Option<Value>)>) -> HashMap<String, Value> {
    cells
        .filter_map(|(name, value)| Some((name.to_owned(), value?)))
        .collect()
}

fn table(form: &Arc<Form>, example: &Example) -> Table {
    let mut rows = Vec::new();
    if form.is_free() {
        for (at, cells) in (0u32..).zip(&example.rows) {
            let cells = values(
                cells
                    .iter()
                    .map(|(name, of)| (name.get_ref().as_str(), value(of))),
            );
            let ids = form
                .key_columns()
                .map(|key| form.file.columns[key].id.get_ref());
            let mut texts = ids.map(|id| cells.get(id).map(ToString::to_string));
            let name = texts.next().flatten();
            let name = name.unwrap_or_else(|| format!("dòng {}", at + 1));
            let key = joined_key(name, texts.flatten());
            rows.push(row(form, None, &key, at, &cells));
        }
    } else {
        for (at, (index, indicator)) in (0u32..).zip(form.file.rows.iter().enumerate()) {
            let id = indicator.id.get_ref();
            let own = example.cells.iter().filter_map(|(name, of)| {
                let (row, column) = name.get_ref().split_once('.')?;
                (row == id).then_some((column, value(of)))
            });
            rows.push(row(form, Some(index), id, at, &values(own)));
        }
    }
    Table {
        form: form.clone(),
        file: "ví dụ".into(),
        sheet: "ví dụ".into(),
        rows,
        total: None,
        incomplete: false,
        overwritten: Default::default(),
        formulas: Default::default(),
        texts: Default::default(),
    }
}

fn row(
    form: &Form,
    row: Option<usize>,
    key: &str,
    at: u32,
    cells: &HashMap<String, Value>,
) -> TableRow {
    let cell = |(column, index): (u32, usize)| {
        if form.field(row, index).is_none() {
            return TableCell::ABSENT;
        }
        let value = cells.get(form.file.columns[index].id.get_ref()).cloned();
        TableCell {
            address: Some(CellAddress::new(at, column)),
            state: value.map_or(CellState::Blank, CellState::Value),
        }
    };
    TableRow {
        row,
        key: key.into(),
        cells: (0u32..).zip(0..form.file.columns.len()).map(cell).collect(),
    }
}

fn previous(form: &Form, example: &Example) -> PreviousFigures {
    let figures = |written: Vec<(&str, Option<Value>)>| {
        let fact = |(name, value): (&str, Option<Value>)| {
            let (row, column) = name.rsplit_once('.')?;
            Some(Fact {
                period: None,
                unit: UNIT.into(),
                form: form.id().into(),
                row: row.into(),
                column: column.into(),
                value: value?,
                source: None,
            })
        };
        let facts: Vec<Fact> = written.into_iter().filter_map(fact).collect();
        PeriodFigures::new(&facts)
    };
    let [previous, year_before, this_year] = [
        &example.previous,
        &example.year_before,
        &example.year_to_date,
    ]
    .map(|cells| {
        figures(
            cells
                .iter()
                .map(|(name, of)| (name.get_ref().as_str(), value(of)))
                .collect(),
        )
    });
    let this_year = (!example.year_to_date.is_empty()).then(|| vec![this_year]);
    PreviousFigures::of_periods(previous, year_before, this_year)
}
