//! How the figures of a form go on in time: what a quarter has of its months.

use std::collections::BTreeMap;

use crate::schema::Form;
use crate::schema::determined::Determined;
use crate::schema::expression::{Expr, Past};
use crate::schema::form::{Aggregate, OverTime};

/// How one cell goes on in time.
#[derive(Clone, Copy)]
pub(super) enum Course<'f> {
    /// It is added up, or is that of the first or last period.
    OverTime(OverTime),
    /// A percentage, computed from its operands.
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
        // What row or column say goes before what the rules let one conclude, that before defaults.
        let row_says = row.and_then(|row| form.file.rows.get(row)?.over_time);
        let own = row_says.or(form.file.columns.get(column)?.over_time);
        let opening = form.opening(row, column);
        let opens = opening.is_some_and(|opening| opening.past == Past::Previous);
        let concluded = if opens {
            Some(OverTime::First)
        } else {
            closings.contains(&(row, column)).then_some(OverTime::Last)
        };
        let by_rule = || {
            let found = form.determined_by(row, column, &|right, _| within(right));
            found.filter(|_| field.computed && field.kind.is_numeric())
        };
        Some(match own.or(concluded) {
            Some(over_time) => Some(Course::OverTime(over_time)),
            None => match by_rule() {
                Some(says) => Some(Course::ByRule(says)),
                None => field.over_time.map(Course::OverTime),
            },
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

/// Does an expression read this period of the form itself only?
fn within(right: &Expr) -> bool {
    right
        .reads()
        .iter()
        .all(|read| read.past.is_none() && read.name.form.is_none())
}
