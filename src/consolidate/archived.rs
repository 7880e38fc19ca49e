//! The report's figures of a closed period, computed anew from its archived facts.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::model::{Fact, Number, Period, Value};
use crate::schema::campaign::FigureText;
use crate::schema::evaluate::{Entry, Lack, Scope, Trouble, evaluate, round};
use crate::schema::expression::{Expr, Name, Path};
use crate::schema::{Aggregate, Form};
use crate::text::normalise;

/// The report's figures as a closed period has them.
#[derive(Debug, Clone, PartialEq)]
pub struct PastFigures {
    /// The closed period.
    pub period: Period,
    /// One a figure of the campaign, in order; `None` where the archive cannot tell.
    pub values: Vec<Option<Number>>,
}

/// Sums of a closed period by form, row and column.
pub struct Archived<'a> {
    forms: &'a [Arc<Form>],
    sums: HashMap<(Arc<str>, String, Arc<str>), Number>,
    units: HashMap<Arc<str>, HashSet<Arc<str>>>,
}

impl<'a> Archived<'a> {
    /// Adds up the facts of one period, each field as its form says. A sum that overflows is
    /// dropped: it then has no value.
    pub fn new(facts: &[Fact], forms: &'a [Arc<Form>]) -> Self {
        let mut archived = Archived {
            forms,
            sums: HashMap::new(),
            units: HashMap::new(),
        };
        let mut overflown = HashSet::new();
        for fact in facts {
            let units = archived.units.entry(fact.form.clone()).or_default();
            units.insert(fact.unit.clone());
            let Some((row, addend)) = archived.addend(fact) else {
                continue;
            };
            let key = (fact.form.clone(), row, fact.column.clone());
            let sum = archived.sums.entry(key.clone()).or_default();
            match sum.checked_add(addend) {
                Some(more) => *sum = more,
                None => drop(overflown.insert(key)),
            }
        }
        archived.sums.retain(|key, _| !overflown.contains(key));
        archived
    }

    fn form(&self, id: &str) -> Option<&'a Arc<Form>> {
        self.forms.iter().find(|form| form.id() == id)
    }

    /// The row a fact counts in (none in a free-row form) and what it adds.
    fn addend(&self, fact: &Fact) -> Option<(String, Number)> {
        let form = self.form(&fact.form)?;
        let column = form.column(&fact.column)?;
        let row = if form.is_free() {
            None
        } else {
            Some(form.row(&fact.row)?)
        };
        let addend = match (form.field(row, column)?.aggregate, &fact.value) {
            (Aggregate::Sum, Value::Number(number)) => *number,
            (Aggregate::Count, Value::Flag(flag)) => Number::from(u8::from(*flag)),
            // A file of facts keeps a tick as it is typed.
            (Aggregate::Count, Value::Text(text)) => Number::from(u8::from(normalise(text) == "x")),
            _ => return None,
        };
        let row = row.map_or(String::new(), |_| fact.row.to_string());
        Some((row, addend))
    }

    /// A figure of the report as it was; `None` if the archive lacks a part of it.
    pub fn figure(&self, text: &FigureText, expr: &Expr) -> Option<Number> {
        let value = evaluate(expr, self).ok()??.as_number()?;
        Some(match text.decimals {
            Some(decimals) => round(value, decimals, text.rounding).normalize(),
            None => value.normalize(),
        })
    }
}

impl Scope for Archived<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        let none = Trouble::Missing(Lack::NoForm);
        let form = name.form.as_deref().ok_or(none.clone())?;
        let form = self.form(form).ok_or(none)?;
        let (row, column) = match &name.path {
            Path::Cell { row, column } => (row.as_str(), column),
            Path::One(column) if form.is_free() => ("", column),
            Path::One(_) | Path::Range { .. } => return Err(Trouble::NotAsked),
        };
        let key = (form.id().into(), row.to_owned(), column.as_str().into());
        let sum = self.sums.get(&key).ok_or(Trouble::Missing(Lack::Blank))?;
        Ok(Some(Value::Number(*sum)))
    }

    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble> {
        self.value(name).map(|value| Entry::numbered([value]))
    }

    /// Units that filed the form.
    fn units(&self, form: &Name) -> Result<Number, Trouble> {
        let Path::One(form) = &form.path else {
            return Err(Trouble::NotAsked);
        };
        let units = self.units.get(form.as_str());
        let units = units.ok_or(Trouble::Missing(Lack::NoForm))?;
        u64::try_from(units.len())
            .map(Number::from)
            .map_err(|_| Trouble::NotAsked)
    }

    fn blank_is_zero(&self) -> bool {
        false
    }
}
