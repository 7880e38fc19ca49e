//! The figures a unit typed for this period, with what last period has in the same place: what the
//! checks against last period and against other units work on.

use crate::model::{CellAddress, Number, Severity, Value};
use crate::rules::scope::{CellRef, InstanceScope, RowRef, RulePlace, UnitTables};
use crate::schema::checks::SettledChecks;
use crate::schema::determined::Opening;
use crate::schema::evaluate::Scope;
use crate::schema::expression::{Expr, Name, Past};
use crate::schema::resolve::{FieldRef, Site, anywhere};
use crate::schema::rule_text::BlankPolicy;
use crate::schema::{Field, FieldType, Form};

/// A count or amount in a data row that is typed: neither computed by a formula nor determined by
/// closed periods.
#[derive(Debug, Clone, Copy)]
pub struct Typed<'a> {
    /// The cell.
    pub at: CellRef,
    /// The state of its report.
    pub address: CellAddress,
    /// Its value.
    pub figure: Number,
    /// Its field in the form.
    pub field: &'a Field,
    /// Which checks it takes part in.
    pub checks: SettledChecks,
    /// The same cell of the closed previous period.
    pub previous: Option<Number>,
    /// Is it handed on from period to period (a stock, a balance), so that no change is right?
    pub carried: bool,
    /// Is it a running total, computed by an exact rule from closed periods and figures of this
    /// one? Then its growth is not checked by itself.
    pub accrued: bool,
}

/// The typed figures of one table, row by row.
pub fn typed<'a>(unit: &'a UnitTables<'_>, table: usize) -> Vec<Typed<'a>> {
    let read = &unit.tables[table];
    let mut found = Vec::new();
    for (i, row) in read.rows.iter().enumerate() {
        for (column, cell) in row.cells.iter().enumerate() {
            let (Some(field), Some(address)) = (read.form.field(row.row, column), cell.address)
            else {
                continue;
            };
            let plain = matches!(field.kind, FieldType::Count | FieldType::Amount);
            let (true, false, Some(Value::Number(figure))) = (plain, field.computed, cell.value())
            else {
                continue;
            };
            let at = CellRef {
                table,
                row: RowRef::Row(i),
                column,
            };
            let opening = read.form.opening(row.row, column);
            // An exact rule already determines this figure.
            if opening.is_some_and(|opening| opening_known(unit, at, opening)) {
                continue;
            }
            let id = read.form.file.columns[column].id.get_ref();
            let previous = unit.previous.filter(|_| opening.is_none());
            found.push(Typed {
                at,
                address,
                figure: *figure,
                field,
                checks: read.form.checks(row.row, column),
                previous: previous.and_then(|p| {
                    p.value(unit.unit, read.form.id(), &row.key, id)?
                        .as_number()
                }),
                carried: opening.is_some() || handed_on(&read.form, row.row, column),
                accrued: accrued(&read.form, row.row, column),
            });
        }
    }
    found
}

/// Does the archive have the figure that an opening means for this cell?
fn opening_known(unit: &UnitTables<'_>, at: CellRef, opening: Opening<'_>) -> bool {
    let scope = InstanceScope {
        unit,
        table: at.table,
        place: RulePlace::of(opening.site).unwrap_or(RulePlace::Row(at.row)),
        blank: BlankPolicy::SkipAny,
        suppose: &[],
    };
    matches!(scope.past(opening.past, opening.name), Ok(Some(_)))
}

/// Is the cell declared equal to a sum with closed figures in it: `x = YTD(y) + y`, or `x = o + y`
/// where `o = PREV(x)`?
fn accrued(form: &Form, row: Option<usize>, column: usize) -> bool {
    let opens = |at: &FieldRef<'_>| form.opening(at.row(), at.column).is_some();
    let closed = |right: &Expr, site: Site| {
        let mut reads = right.reads().into_iter();
        reads.any(|read| {
            let cells = || form.own_cells(read.name, read.folded, site);
            read.past.is_some() || cells().iter().any(opens)
        })
    };
    let found = form.determined_by(row, column, &closed);
    found.is_some_and(|found| found.rule.severity == Severity::Error && !found.rule.beta)
}

/// Does some rule of the form read this very cell of the period before?
fn handed_on(form: &Form, row: Option<usize>, column: usize) -> bool {
    // What YTD and PREVYEAR read is not handed on.
    let mut reads = form.rules.iter().flat_map(|rule| rule.check.reads());
    reads.any(|read| {
        let own = read.past == Some(Past::Previous) && read.name.form.is_none();
        own && means(form, read.name, row, column)
    })
}

/// Does a name mean a cell, in whatever place it is read?
fn means(form: &Form, name: &Name, row: Option<usize>, column: usize) -> bool {
    let here = |at: &FieldRef<'_>| at.column == column && (at.row().is_none() || at.row() == row);
    anywhere(form, name).iter().any(here)
}
