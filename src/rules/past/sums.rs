//! Figures that follow from sums: ratios, and cells that a rule determines.

use std::collections::BTreeSet;

use super::previous::{Figures, FormFigures};
use crate::model::{Number, Value};
use crate::schema::Form;
use crate::schema::determined::Determined;
use crate::schema::evaluate::{number, round};
use crate::schema::form::Aggregate;
use crate::schema::ratio::RatioCell;
use crate::schema::resolve::{FieldRef, FormLookup, Rows};
use crate::schema::rule::trouble::{Lack, Trouble};
use crate::schema::rule_text::BlankPolicy;
use crate::schema::scope::{self, At};

/// Ratios of the sums, where all their operands are there.
pub(super) fn add_ratios(form: &Form, sum: &mut FormFigures) {
    // A fixed row may hold nothing but a ratio, and so have no sums of its own.
    let fixed = form.file.rows.iter().map(|row| row.id.get_ref().clone());
    let keys: BTreeSet<String> = sum.rows.keys().cloned().chain(fixed).collect();
    let mut found = Vec::new();
    for row in &keys {
        for (column, indicator) in form.file.columns.iter().enumerate() {
            let field = form.field(form.row(row), column);
            let is_ratio = field.is_some_and(|field| field.aggregate == Aggregate::Ratio);
            let ratio = form.ratio(form.row(row), column).filter(|_| is_ratio);
            if let Some(value) = ratio.and_then(|of| recomputed(form, &of, sum, row)) {
                found.push((row, indicator.id.get_ref(), value));
            }
        }
    }
    for (row, column, ratio) in found {
        let figures = Figures {
            all: vec![Value::Number(ratio)],
            partial: false,
        };
        let cells = sum.rows.entry(row.clone()).or_default();
        cells.insert(column.clone(), figures);
    }
}

fn recomputed(form: &Form, of: &RatioCell<'_>, sum: &FormFigures, row: &str) -> Option<Number> {
    of.value(&At {
        figures: &Sums {
            form,
            sum,
            row,
            pending: &Pending::new(),
        },
        own: Some(form),
        site: of.site,
        blank_is_zero: false,
    })
}

/// Cells, by row key and column id, that are computed from others and have not been yet.
pub(super) type Pending = BTreeSet<(String, String)>;

/// The sums of a form, seen from one of its rows.
struct Sums<'a> {
    form: &'a Form,
    sum: &'a FormFigures,
    row: &'a str,
    pending: &'a Pending,
}

impl Sums<'_> {
    /// The figure of a cell; `None` if there is rightly none.
    fn of_row(&self, row: &str, at: &FieldRef<'_>) -> Result<Option<Value>, Trouble> {
        let unknown = Trouble::Missing(Lack::Blank);
        let cell = (row.to_owned(), at.column_id().to_owned());
        if self.pending.contains(&cell) {
            return Err(unknown);
        }
        let figures = self.sum.rows.get(row).and_then(|row| row.get(&cell.1));
        let one = |figures: &Figures| figures.one().cloned().ok_or(unknown);
        figures.map(one).transpose()
    }
}

impl<'a> FormLookup<'a> for Sums<'a> {
    fn find(&self, id: &str) -> Option<&'a Form> {
        (self.form.id() == id).then_some(self.form)
    }
}

impl<'a> scope::Figures<'a> for Sums<'a> {
    fn value(&self, at: &FieldRef<'a>) -> Result<Option<Value>, Trouble> {
        self.of_row(at.row_id().unwrap_or(self.row), at)
    }

    fn values(&self, at: &FieldRef<'a>) -> Result<Vec<(usize, Option<Value>)>, Trouble> {
        let rows: Vec<&str> = match (at.rows, at.row_id()) {
            (Rows::Each, _) => self.sum.rows.keys().map(String::as_str).collect(),
            (_, row) => vec![row.unwrap_or(self.row)],
        };
        let rows = rows.into_iter().enumerate();
        rows.map(|(place, row)| Ok((place, self.of_row(row, at)?)))
            .collect()
    }
}

/// The figure that a rule determines for a cell of a row, computed from the sums; `None` if an
/// operand is missing or among the `pending`.
pub(super) fn by_rule(
    form: &Form,
    sum: &FormFigures,
    row: &str,
    column: usize,
    says: &Determined<'_>,
    pending: &Pending,
) -> Option<Number> {
    let field = form.field(form.row(row), column)?;
    let figures = Sums {
        form,
        sum,
        row,
        pending,
    };
    let scope = At {
        figures: &figures,
        own: Some(form),
        site: says.site,
        // A row that units add and that lacks in one of the periods has nothing there.
        blank_is_zero: says.rule.blank != BlankPolicy::SkipAny || form.is_free(),
    };
    let exact = number(says.right, &scope).ok()?;
    Some(round(exact, field.decimals, field.rounding))
}
