//! Percentages below 1. 0,5 may be meant as 50 %: the operands of the percentage decide. Only where
//! they give 50 %, or nothing, the doubt remains; any other difference is for the rule to report.

use crate::extract::table::{CellState, Table, TableRow};
use crate::model::{CellAddress, Finding, Number, Value};
use crate::schema::evaluate::{Lack, Trouble, number, round};
use crate::schema::expression::Expr;
use crate::schema::form::Rounding;
use crate::schema::resolve::{FieldRef, FormLookup, Rows, Site};
use crate::schema::scope::{At, Figures};
use crate::schema::{Field, Form};

/// Id of the finding for a percentage below 1 that may be a share of one.
pub(super) const BARE_SHARE: &str = "ty-le-chua-nhan-100";

/// Accepts percentages that are no shares of one by their operands, and withdraws the findings
/// about them.
pub(super) fn settle(table: &mut Table, findings: &mut Vec<Finding>) {
    let doubted = |finding: &Finding| match (&finding.value, finding.cell) {
        (Some(Value::Number(figure)), Some(at)) if finding.rule == BARE_SHARE => {
            Some((at, *figure))
        }
        _ => None,
    };
    let doubts: Vec<_> = findings.iter().filter_map(doubted).collect();
    for (address, figure) in doubts {
        let rows = table.rows.len();
        let Some((row, column)) = place_of(table, address)
            .filter(|(row, column)| is_percent(table, *row, *column, figure))
        else {
            continue;
        };
        let target = match row == rows {
            true => table.total.as_mut(),
            false => table.rows.get_mut(row),
        };
        if let Some(cell) = target.and_then(|row| row.cells.get_mut(column)) {
            cell.state = CellState::Value(Value::Number(figure));
            findings.retain(|finding| doubted(finding) != Some((address, figure)));
        }
    }
}

/// Row and column of a cell, from 0; behind the last row is the total row.
pub(super) fn place_of(table: &Table, address: CellAddress) -> Option<(usize, usize)> {
    (0..=table.rows.len()).find_map(|row| {
        let mut cells = row_at(table, row)?.cells.iter();
        let column = cells.position(|cell| cell.address == Some(address))?;
        Some((row, column))
    })
}

/// A row by its place from 0; behind the last the total row.
pub(super) fn row_at(table: &Table, row: usize) -> Option<&TableRow> {
    match row == table.rows.len() {
        true => table.total.as_ref(),
        false => table.rows.get(row),
    }
}

/// Do the operands of the percentage show that the figure is no share of one?
fn is_percent(table: &Table, row: usize, column: usize, figure: Number) -> bool {
    let decided = || {
        let form_row = row_at(table, row)?.row;
        let field = table.form.field(form_row, column)?;
        let (numerator, denominator) = operands(table, row, column)?;
        let exact = field.ratio.as_ref()?.exact(numerator, denominator)?;
        let in_percent = figure.checked_mul(Number::ONE_HUNDRED)?;
        Some(rounds_to(field, exact, figure) || !rounds_to(field, exact, in_percent))
    };
    decided() == Some(true)
}

fn rounds_to(field: &Field, exact: Number, figure: Number) -> bool {
    [Rounding::HalfUp, Rounding::Truncate]
        .into_iter()
        .any(|rounding| {
            round(exact, field.decimals, rounding) == round(figure, field.decimals, rounding)
        })
}

/// Numerator and denominator of a ratio; `None` if it declares none, or one is not known.
pub(super) fn operands(table: &Table, row: usize, column: usize) -> Option<(Number, Number)> {
    let form = &*table.form;
    let of = form.ratio(row_at(table, row)?.row, column)?;
    let site = match of.site {
        Site::FreeRow if row == table.rows.len() => Site::Total,
        site => site,
    };
    let scope = At {
        figures: &OfRow { table, row },
        own: Some(form),
        site,
        blank_is_zero: false,
    };
    of.operands(&scope).ok()
}

/// Does the form compute a cell that has no figure: its rule divides by 0, or says 0 in place of
/// that? An average without anything to divide by is such a cell.
pub(super) fn computes_nothing(table: &Table, row: usize, column: usize) -> bool {
    let nothing = || {
        let form = &*table.form;
        let form_row = row_at(table, row)?.row;
        form.field(form_row, column)
            .filter(|field| field.computed)?;
        let computes = |right: &Expr, _| right.as_past().is_none();
        let found = form.determined_by(form_row, column, &computes)?;
        let scope = At {
            figures: &OfRow { table, row },
            own: Some(form),
            site: found.site,
            blank_is_zero: false,
        };
        Some(match number(found.right, &scope) {
            Ok(figure) => figure.is_zero(),
            Err(trouble) => matches!(trouble, Trouble::Broken(_)),
        })
    };
    nothing() == Some(true)
}

/// The figures of a table, seen from one of its rows.
struct OfRow<'f> {
    table: &'f Table,
    row: usize,
}

impl<'f> FormLookup<'f> for OfRow<'f> {
    fn find(&self, id: &str) -> Option<&'f Form> {
        (self.table.form.id() == id).then_some(&*self.table.form)
    }
}

impl<'f> Figures<'f> for OfRow<'f> {
    fn value(&self, at: &FieldRef<'f>) -> Result<Option<Value>, Trouble> {
        let row = match at.rows {
            Rows::Fixed(row) => row,
            Rows::Here | Rows::Total => self.row,
            Rows::Each => return Err(Trouble::NotAsked),
        };
        let cell = row_at(self.table, row).and_then(|row| row.cells.get(at.column));
        match cell.map(|cell| &cell.state) {
            Some(CellState::Value(value)) => Ok(Some(value.clone())),
            Some(CellState::Blank) => Ok(None),
            Some(CellState::Unreadable) => Err(Trouble::Missing(Lack::Unreadable)),
            Some(CellState::Absent) | None => Err(Trouble::NotAsked),
        }
    }
}
