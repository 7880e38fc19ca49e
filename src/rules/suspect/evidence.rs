//! Figures from which a cell's figure may have been copied: neighbouring cells, the previous
//! period.

use super::slip::Slip;
use crate::model::{CellAddress, Number, Value};
use crate::rules::scope::{CellRef, RowRef, UnitTables};
use crate::schema::file::Meaning;

/// Figures that no formula makes next to a cell, in its row and its column, with their addresses.
pub(super) fn beside(unit: &UnitTables<'_>, at: CellRef) -> Vec<(CellRef, CellAddress)> {
    let mut found = Vec::new();
    let row = |row| CellRef { row, ..at };
    let column = |column| CellRef { column, ..at };
    let mut around: Vec<CellRef> = Vec::new();
    around.extend(at.column.checked_sub(1).map(column));
    around.push(column(at.column + 1));
    if let RowRef::Row(index) = at.row {
        around.extend(index.checked_sub(1).map(|index| row(RowRef::Row(index))));
        around.push(row(RowRef::Row(index + 1)));
    }
    for other in around {
        let field = unit.field(other);
        let typed = field.is_some_and(|field| field.kind.is_numeric()) && !unit.is_formula(other);
        let address = unit.cell(other).and_then(|cell| cell.address);
        found.extend(address.filter(|_| typed).map(|address| (other, address)));
    }
    found
}

/// What a figure may have been copied from.
pub(super) fn copied(unit: &UnitTables<'_>, at: CellRef, found: Number) -> Vec<Slip> {
    let mut slips = Vec::new();
    if found.is_zero() {
        return slips;
    }
    if last_period(unit, at) == Some(found) && !keeps_its_figures(unit, at) {
        slips.push(Slip::LastPeriod);
    }
    if let RowRef::Row(index) = at.row
        && let Some(above) = index.checked_sub(1)
        && unit.figure(CellRef {
            row: RowRef::Row(above),
            ..at
        }) == Some(found)
        && !is_alike(unit, at, above)
    {
        slips.push(Slip::Above);
    }
    let same_row = beside(unit, at);
    // What is computed is often equal to one of its parts.
    let counted = |other: CellRef| unit.field(other).is_some_and(|field| !field.computed);
    let same_row = same_row
        .iter()
        .filter(|(other, _)| other.row == at.row && counted(*other));
    for (other, address) in same_row {
        if unit.figure(*other) == Some(found) {
            slips.push(Slip::Beside(*address));
        }
    }
    slips
}

/// Is the figure that of the row above, a 0 as well?
pub(super) fn repeats_above(unit: &UnitTables<'_>, at: CellRef, found: Number) -> bool {
    let RowRef::Row(index) = at.row else {
        return false;
    };
    let above = index.checked_sub(1).map(RowRef::Row);
    above.is_some_and(|row| unit.figure(CellRef { row, ..at }) == Some(found))
}

/// Do two rows have further figures in common? Then they are alike by nature, as equal items of a
/// budget are, and that one of their figures is the same says nothing.
fn is_alike(unit: &UnitTables<'_>, at: CellRef, above: usize) -> bool {
    let columns = unit.tables[at.table].form.file.columns.len();
    let ten = Number::TEN;
    (0..columns)
        .filter(|column| *column != at.column)
        .any(|column| {
            let here = unit.figure(CellRef { column, ..at });
            let there = unit.figure(CellRef {
                row: RowRef::Row(above),
                column,
                ..at
            });
            here.is_some_and(|figure| figure.abs() >= ten) && here == there
        })
}

/// Rows of a column that are compared with last period.
const MOST_COMPARED: usize = 50;
/// Of fewer figures, all unchanged, it may be chance.
const LEAST_KEPT: usize = 3;

/// Are most other figures of the cell's column what they were last period, while others of the table
/// have changed? Then it is a stock or a plan, and that one more is unchanged says nothing. Where
/// nothing has changed, the table was sent again.
fn keeps_its_figures(unit: &UnitTables<'_>, at: CellRef) -> bool {
    let is_same = |other: CellRef| {
        let figure = unit.figure(other).filter(|figure| !figure.is_zero())?;
        Some(figure == last_period(unit, other)?)
    };
    let table = &unit.tables[at.table];
    let rows = || (0..table.rows.len()).map(RowRef::Row);
    let others = rows().filter(|row| *row != at.row);
    let others = others.filter_map(|row| is_same(CellRef { row, ..at }));
    let others = others.take(MOST_COMPARED);
    let (same, changed): (Vec<bool>, Vec<bool>) = others.partition(|same| *same);
    let elsewhere = || {
        let columns = (0..table.form.file.columns.len()).filter(|column| *column != at.column);
        columns.into_iter().any(|column| {
            let cells = rows().filter_map(|row| is_same(CellRef { row, column, ..at }));
            let (same, changed): (Vec<bool>, Vec<bool>) =
                cells.take(MOST_COMPARED).partition(|same| *same);
            changed.len() > same.len()
        })
    };
    let kept = || same.len() >= LEAST_KEPT && elsewhere();
    same.len() > changed.len() && (!changed.is_empty() || kept())
}

/// What a box was last period, if it is the other way round now. A box that the form did not have
/// last period counts as one left blank.
pub(super) fn turned(unit: &UnitTables<'_>, at: CellRef) -> Option<Slip> {
    let before = match last_value(unit, at) {
        Some(Value::Flag(ticked)) => *ticked,
        Some(_) => return None,
        // The archive has no box that was left blank.
        None => {
            let form = unit.tables[at.table].form.id();
            let filed = unit.previous?.rows(unit.unit, form).len() > 0;
            let unticked = unit.field(at)?.blank == Meaning::No;
            (filed && unticked).then_some(false)?
        }
    };
    let now = unit.figure(at)? == Number::ONE;
    (before != now).then_some(Slip::Turned(before))
}

/// The figure of the same cell in the closed previous period.
pub(super) fn last_period(unit: &UnitTables<'_>, at: CellRef) -> Option<Number> {
    last_value(unit, at)?.as_number()
}

/// The same cell of the closed previous period.
fn last_value<'a>(unit: &'a UnitTables<'_>, at: CellRef) -> Option<&'a Value> {
    let table = unit.tables.get(at.table)?;
    let column = table.form.file.columns.get(at.column)?.id.get_ref();
    let key = match at.row {
        RowRef::Row(_) => &unit.row(at)?.key,
        RowRef::Total => return None,
    };
    let previous = unit.previous?;
    previous.value(unit.unit, table.form.id(), key, column)
}
