//! The report's figures: expressions over consolidated facts.

use std::sync::Arc;

use super::table::{Figure, FormTable, LineState, TableField};
use crate::model::{Number, Value};
use crate::schema::campaign::FigureText;
use crate::schema::evaluate::{Entry, Lack, Scope, Trouble, evaluate, round};
use crate::schema::expression::{Expr, Name, Path};

/// Computes every figure of a campaign; `parsed` holds the expressions of `texts`, in order.
pub fn figures(texts: &[FigureText], parsed: &[Expr], tables: &[FormTable]) -> Vec<Figure> {
    let scope = FigureScope { tables };
    let pairs = texts.iter().zip(parsed);
    pairs
        .map(|(text, expr)| figure(text, expr, &scope))
        .collect()
}

fn figure(text: &FigureText, expr: &Expr, scope: &FigureScope<'_>) -> Figure {
    // What cannot be computed yet (nothing filed, a ratio with denominator 0) has no value; it is
    // never 0.
    let value = evaluate(expr, scope)
        .ok()
        .flatten()
        .map(|value| match (value, text.decimals) {
            (Value::Number(number), Some(decimals)) => {
                Value::Number(round(number, decimals, text.rounding).normalize())
            }
            (Value::Number(number), None) => Value::Number(number.normalize()),
            (other, _) => other,
        });
    Figure {
        id: text.id.clone(),
        label: text.label.clone(),
        value,
        decimals: text.decimals,
        unit: text.unit.clone(),
        lacking: scope.lacking(expr),
    }
}

/// Names mean the province's values: `form!row.column`, or `form!column` of a free-row form.
pub struct FigureScope<'a> {
    /// Consolidated tables.
    pub tables: &'a [FormTable],
}

impl<'a> FigureScope<'a> {
    fn table(&self, form: &str) -> Option<&'a FormTable> {
        self.tables.iter().find(|table| table.form.id() == form)
    }

    /// The table a name means, and the index of its field in [`FormTable::fields`].
    pub fn field(&self, name: &Name) -> Option<(&'a FormTable, usize)> {
        let table = self.table(name.form.as_deref()?)?;
        let form = &table.form;
        let wanted = match &name.path {
            Path::Cell { row, column } => TableField {
                row: Some(form.row(row)?),
                column: form.column(column)?,
            },
            Path::One(column) if form.is_free() => TableField {
                row: None,
                column: form.column(column)?,
            },
            Path::One(_) | Path::Range { .. } => return None,
        };
        Some((
            table,
            table.fields.iter().position(|field| *field == wanted)?,
        ))
    }

    /// Units whose forms the expression needs and that are not in the totals.
    fn lacking(&self, expr: &Expr) -> Vec<Arc<str>> {
        let mut codes: Vec<Arc<str>> = Vec::new();
        expr.names(&mut |name, _| {
            let table = name.form.as_deref().and_then(|form| self.table(form));
            for line in table.iter().flat_map(|table| &table.lines) {
                let code: Arc<str> = line.unit.code.as_str().into();
                if line.state != LineState::Accepted && !codes.contains(&code) {
                    codes.push(code);
                }
            }
        });
        codes
    }
}

impl Scope for FigureScope<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        let (table, field) = self.field(name).ok_or(Trouble::NotAsked)?;
        Ok(table.total[field].clone())
    }

    /// All rows of all units for a free-row form; all units for a cell of a fixed-row form.
    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble> {
        let table = name.form.as_deref().and_then(|form| self.table(form));
        let table = table.ok_or(Trouble::Missing(Lack::NoForm))?;
        if let (true, Path::One(column)) = (table.form.is_free(), &name.path) {
            let column = table.form.column(column).ok_or(Trouble::NotAsked)?;
            if !table.asks(column) {
                return Err(Trouble::Missing(Lack::NoPrevious));
            }
            let rows = table.lines.iter().flat_map(|line| &line.rows);
            return Ok(Entry::numbered(rows.map(|row| row.values[column].clone())));
        }
        let (table, field) = self.field(name).ok_or(Trouble::NotAsked)?;
        let accepted = table
            .lines
            .iter()
            .filter(|line| line.state == LineState::Accepted);
        Ok(Entry::numbered(
            accepted.map(|line| line.values[field].clone()),
        ))
    }

    fn units(&self, form: &Name) -> Result<Number, Trouble> {
        let Path::One(form) = &form.path else {
            return Err(Trouble::NotAsked);
        };
        let table = self.table(form).ok_or(Trouble::Missing(Lack::NoForm))?;
        let expected = table.expected;
        let expected = expected.ok_or(Trouble::Missing(Lack::NoPrevious))?;
        u64::try_from(expected)
            .map(Number::from)
            .map_err(|_| Trouble::NotAsked)
    }

    fn blank_is_zero(&self) -> bool {
        false
    }
}
