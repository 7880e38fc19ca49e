//! Figures an appendix computes: over one line, then over what its lines add up to.

use std::collections::BTreeMap;

use crate::consolidate::{Consolidated, FormTable, FreeRow, LineState, UnitLine};
use crate::model::{Number, Value};
use crate::schema::Form;
use crate::schema::campaign::ComputedColumn;
use crate::schema::evaluate::{Entry, Lack, Scope, Trouble, evaluate, holds, round};
use crate::schema::expression::{Expr, Name};
use crate::schema::parser::parse;
use crate::schema::resolve::{FieldRef, FormLookup, Rows, Site};
use crate::schema::scope::{At, Figures};
use crate::write::formula::shown::add;
use crate::write::paper::error::WriteError;

/// The values of a line's named operands; blank ones are absent.
pub(super) type Operands = BTreeMap<String, Number>;

/// Parses an expression of the campaign file.
///
/// # Errors
/// The text is no expression.
pub(super) fn expression(text: &str) -> Result<Expr, WriteError> {
    parse(text).map_err(|error| {
        WriteError::new(
            format!("phụ lục: `{text}`: {}", error.message.vi),
            format!("appendix: `{text}`: {}", error.message.en),
        )
    })
}

/// A column computed from its line.
pub(super) struct LineComputation<'a> {
    /// As declared.
    pub text: &'a ComputedColumn,
    /// Its expression.
    pub expr: Expr,
}

impl LineComputation<'_> {
    /// Its figure; `None` where it has none (a blank operand, a division by 0).
    pub fn value(&self, scope: &dyn Scope) -> Option<Value> {
        Some(match evaluate(&self.expr, scope).ok()?? {
            Value::Number(number) => {
                Value::Number(round(number, self.text.decimals, self.text.rounding))
            }
            other => other,
        })
    }

    /// Its figure for lines that add up to `sums`.
    pub fn total(&self, sums: &Operands) -> Option<Number> {
        self.value(&Sums(sums))?.as_number()
    }

    /// The figures of a line it needs.
    pub fn operands(&self, scope: &dyn Scope, found: &mut Operands) {
        self.expr.names(&mut |name, _| {
            let number = match scope.value(name) {
                Ok(Some(Value::Number(number))) => number,
                Ok(Some(Value::Flag(flag))) => Number::from(u8::from(flag)),
                _ => return,
            };
            found.insert(name.to_string(), number);
        });
    }
}

/// What the operands of several lines add up to.
pub(super) fn sums<'a>(lines: impl Iterator<Item = &'a Operands>) -> Operands {
    let mut columns: BTreeMap<&str, Vec<Number>> = BTreeMap::new();
    for line in lines {
        for (name, number) in line {
            columns.entry(name).or_default().push(*number);
        }
    }
    let sums = columns.into_iter().filter_map(|(name, numbers)| {
        let sum = add(numbers.into_iter().map(Some))?;
        Some((name.to_owned(), sum))
    });
    sums.collect()
}

/// Does the condition hold for a line? A blank it needs means no.
pub(super) fn asked(condition: Option<&Expr>, scope: &dyn Scope) -> bool {
    condition.is_none_or(|condition| holds(condition, scope) == Ok(true))
}

/// The figures of one line of an appendix: a unit, or a row a unit added.
pub(super) struct LineFigures<'a> {
    /// All forms.
    pub consolidated: &'a Consolidated,
    /// Code of the unit.
    pub unit: &'a str,
    /// The row, if a line is one.
    pub row: Option<&'a FreeRow>,
}

impl<'a> LineFigures<'a> {
    /// The scope of the line; `form` is the appendix' own, which names without a form are of.
    pub fn scope<'s>(&'s self, form: &'a Form) -> At<'s, 'a, Self> {
        At {
            figures: self,
            own: Some(form),
            site: match self.row {
                Some(_) => Site::FreeRow,
                None => Site::Once,
            },
            blank_is_zero: false,
        }
    }

    fn table(&self, form: &str) -> Option<&'a FormTable> {
        let mut tables = self.consolidated.forms.iter();
        tables.find(|table| table.form.id() == form)
    }

    /// The unit's line of a form that is in the totals.
    fn line(&self, table: &'a FormTable) -> Result<&'a UnitLine, Trouble> {
        let own = |line: &&UnitLine| line.unit.code == self.unit;
        let mut lines = table.lines.iter().filter(own);
        lines
            .find(|line| line.state == LineState::Accepted)
            .ok_or(Trouble::Missing(Lack::NoForm))
    }
}

impl<'a> FormLookup<'a> for LineFigures<'a> {
    fn find(&self, id: &str) -> Option<&'a Form> {
        self.table(id).map(|table| &*table.form)
    }
}

impl<'a> Figures<'a> for LineFigures<'a> {
    fn value(&self, at: &FieldRef<'a>) -> Result<Option<Value>, Trouble> {
        if let (Rows::Here, Some(row)) = (at.rows, self.row) {
            return Ok(row.values.get(at.column).cloned().flatten());
        }
        let table = self.table(at.form.id());
        let table = table.ok_or(Trouble::Missing(Lack::NoForm))?;
        let mut fields = table.fields.iter();
        let field = fields
            .position(|field| (field.row, field.column) == (at.row(), at.column))
            .ok_or(Trouble::NotAsked)?;
        Ok(self.line(table)?.values.get(field).cloned().flatten())
    }

    fn values(&self, at: &FieldRef<'a>) -> Result<Vec<(usize, Option<Value>)>, Trouble> {
        let table = self.table(at.form.id()).filter(|_| at.rows == Rows::Each);
        let Some(table) = table else {
            return Ok(vec![(0, self.value(at)?)]);
        };
        let rows = self.line(table)?.rows.iter();
        let values = rows.map(|row| row.values.get(at.column).cloned().flatten());
        Ok(values.enumerate().collect())
    }
}

/// Names mean the sums of lines.
struct Sums<'a>(&'a Operands);

impl Scope for Sums<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        let sum = self.0.get(&name.to_string());
        let sum = sum.ok_or(Trouble::Missing(Lack::Blank))?;
        Ok(Some(Value::Number(*sum)))
    }

    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble> {
        self.value(name).map(|value| Entry::numbered([value]))
    }

    fn blank_is_zero(&self) -> bool {
        false
    }
}
