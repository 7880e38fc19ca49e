//! One form as found in one workbook: typed cells with their places.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{CellAddress, Value};
use crate::schema::{Form, Indicator};

/// A form's table, read.
#[derive(Debug, Clone)]
pub struct Table {
    /// The form.
    pub form: Arc<Form>,
    /// File it was read from.
    pub file: Arc<str>,
    /// Sheet it is on.
    pub sheet: Arc<str>,
    /// Fixed rows: one for each row of the form, in form order. Free rows: in sheet order.
    pub rows: Vec<TableRow>,
    /// The total row, checked and never imported.
    pub total: Option<TableRow>,
    /// It holds figures that belong to no row, so that sums over its rows are not evaluated.
    pub incomplete: bool,
    /// Cells that the template computes and that hold typed figures, in a table that has kept
    /// others of its formulas.
    pub overwritten: BTreeSet<CellAddress>,
    /// Cells that hold formulas: their figures follow those they are computed from.
    pub formulas: BTreeSet<CellAddress>,
    /// Cells whose figures are stored as text: the workbook's own sums leave them out.
    pub texts: BTreeSet<CellAddress>,
}

/// A row of a table.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct TableRow {
    /// Index into the form's rows; `None` for a free row or a total row.
    pub row: Option<usize>,
    /// Row id, or the free row's key as typed (made unique within the table).
    pub key: Arc<str>,
    /// One for each column of the form.
    pub cells: Vec<TableCell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct TableCell {
    /// Its place; `None` if the form has no such cell or it was not found.
    pub address: Option<CellAddress>,
    /// What it holds.
    pub state: CellState,
}

/// What a cell of a table holds, as far as rules are concerned.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub enum CellState {
    /// The form has no cell here, or the unit need not fill it in.
    Absent,
    /// The cell is blank.
    Blank,
    /// The cell holds something that cannot be read, or was not found; rules that need it are not
    /// evaluated.
    Unreadable,
    /// A value.
    Value(Value),
}

impl TableCell {
    /// A cell the form does not have.
    pub const ABSENT: TableCell = TableCell {
        address: None,
        state: CellState::Absent,
    };

    /// The value, if there is one.
    pub fn value(&self) -> Option<&Value> {
        match &self.state {
            CellState::Value(value) => Some(value),
            _ => None,
        }
    }
}

impl Table {
    /// The table laid out by the current version of its form: cells are matched by the ids of row
    /// and column, and cells that the older version did not have are absent.
    pub fn recast(&self, form: &Arc<Form>) -> Table {
        let old_rows: HashMap<&str, &TableRow> =
            self.rows.iter().map(|row| (&*row.key, row)).collect();
        let cells = |row: Option<&TableRow>| -> Vec<TableCell> {
            let cell = |column: &Indicator| {
                let old = self.form.column(column.id.get_ref())?;
                row?.cells.get(old).cloned()
            };
            form.file
                .columns
                .iter()
                .map(|c| cell(c).unwrap_or(TableCell::ABSENT))
                .collect()
        };
        let rows = if form.is_free() {
            let recast = |row: &TableRow| TableRow {
                cells: cells(Some(row)),
                ..row.clone()
            };
            self.rows.iter().map(recast).collect()
        } else {
            let ids = form.file.rows.iter().map(|row| row.id.get_ref().as_str());
            let recast = |(i, id): (usize, &str)| TableRow {
                row: Some(i),
                key: id.into(),
                cells: cells(old_rows.get(id).copied()),
            };
            ids.enumerate().map(recast).collect()
        };
        Table {
            form: form.clone(),
            rows,
            total: None,
            ..self.clone()
        }
    }
}
