//! How the figures of a form go on in time: what a quarter has of its months.

use std::collections::BTreeMap;

use crate::model::Number;
use crate::schema::determined::Determined;
use crate::schema::expression::{Expr, Name, Operator, Past};
use crate::schema::form::{Aggregate, OverTime};
use crate::schema::function::Function;
use crate::schema::rule::fold::{Algebra, Read};
use crate::schema::{FieldType, Form};

/// How one cell goes on in time.
#[derive(Clone, Copy)]
pub(super) enum Course<'f> {
    /// It is added up, or is that of the first or last period.
    OverTime(OverTime),
    /// A percentage or another ratio, computed from its operands.
    Ratio,
    /// The form's rule says what it is.
    ByRule(Determined<'f>),
}

/// A cell: its fixed row, if it has one, and its column, both from 0.
type Cell = (Option<usize>, usize);

/// Every cell of a form; `None` where nothing says how it goes on.
pub(super) fn courses(form: &Form) -> BTreeMap<Cell, Option<Course<'_>>> {
    let closings = closings(form);
    let course = |(row, column): Cell| {
        let field = form.field(row, column)?;
        if field.ratio.is_some() && field.aggregate == Aggregate::Ratio {
            return Some(Some(Course::Ratio));
        }
        // What the form says goes before what its rules let one conclude.
        let additive = matches!(field.kind, FieldType::Count | FieldType::Amount);
        let own = field.over_time;
        if own == Some(OverTime::Sum) && !additive {
            return Some(None);
        }
        let opening = form.opening(row, column);
        let opens = opening.is_some_and(|opening| opening.past == Past::Previous);
        let concluded = if opens {
            Some(OverTime::First)
        } else {
            closings.contains(&(row, column)).then_some(OverTime::Last)
        };
        let by_rule = || {
            let found = form.determined_by(row, column, &|right, _| within(right));
            found.filter(|_| field.computed && additive)
        };
        Some(match own.or(concluded) {
            Some(over_time) => Some(Course::OverTime(over_time)),
            None => by_rule().map(Course::ByRule),
        })
    };
    cells(form)
        .filter_map(|cell| Some((cell, course(cell)?)))
        .collect()
}

fn cells(form: &Form) -> impl Iterator<Item = Cell> {
    let rows: Vec<Option<usize>> = match form.is_free() {
        true => vec![None],
        false => (0..form.file.rows.len()).map(Some).collect(),
    };
    let columns = form.file.columns.len();
    rows.into_iter()
        .flat_map(move |row| (0..columns).map(move |column| (row, column)))
}

/// Cells that the next period opens with: `y` of a rule `x = PREV(y)`.
fn closings(form: &Form) -> Vec<Cell> {
    let openings = cells(form).filter_map(|(row, column)| form.opening(row, column));
    let previous = openings.filter(|opening| opening.past == Past::Previous);
    let named = previous.filter_map(|opening| form.own_cell(opening.name, opening.site));
    named.map(|at| (at.row(), at.column)).collect()
}

/// Columns of which a longer period has the last figure only because a rule `x = PREV(y)` makes them
/// closing stocks: index of the column, and what the rule reads.
pub fn concluded_last(form: &Form) -> BTreeMap<usize, String> {
    let openings = cells(form).filter_map(|(row, column)| form.opening(row, column));
    let previous = openings.filter(|opening| opening.past == Past::Previous);
    let concluded = previous.filter_map(|opening| {
        let at = form.own_cell(opening.name, opening.site)?;
        let unsaid = at.field()?.over_time.is_none() && at.field()?.ratio.is_none();
        unsaid.then(|| (at.column, opening.name.to_string()))
    });
    concluded.collect()
}

/// Does an expression add up figures of this period of the form itself? Only then does it hold for
/// a quarter as it does for each month: a product, a constant or a case does not.
fn within(right: &Expr) -> bool {
    let reads = right.reads();
    let mut own = reads.iter();
    own.all(|read| read.past.is_none() && read.name.form.is_none())
        && right.fold(&mut AddsUp) == Degree::Linear
}

/// What an expression is in the figures it reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Degree {
    /// It reads none.
    Constant,
    /// A sum of them, each times a constant.
    Linear,
    /// Anything else.
    Other,
}

struct AddsUp;

impl<'e> Algebra<'e> for AddsUp {
    type Out = Degree;

    fn number(&mut self, _: Number) -> Degree {
        Degree::Constant
    }

    fn text(&mut self, _: &'e str) -> Degree {
        Degree::Other
    }

    fn flag(&mut self, _: bool) -> Degree {
        Degree::Other
    }

    fn name(&mut self, _: Read<'e>) -> Degree {
        Degree::Linear
    }

    fn units(&mut self, _: &'e Name) -> Degree {
        Degree::Other
    }

    fn negate(&mut self, inner: Degree) -> Degree {
        inner
    }

    fn binary(&mut self, operator: Operator, left: Degree, right: Degree) -> Degree {
        use Degree::{Constant, Other};
        match (operator, left, right) {
            (Operator::Add | Operator::Subtract, left, right) if left == right => left,
            (Operator::Multiply, Constant, other) => other,
            (Operator::Multiply | Operator::Divide, other, Constant) => other,
            _ => Other,
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Degree>) -> Degree {
        let linear = arguments.iter().all(|one| *one == Degree::Linear);
        match function == Function::Sum && linear {
            true => Degree::Linear,
            false => Degree::Other,
        }
    }
}
