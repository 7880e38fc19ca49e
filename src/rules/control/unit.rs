//! What a name of a control total means: cells of one unit, sums over units.

use super::cause::{self, Addend};
use crate::extract::{CellState, Table};
use crate::model::{Number, Value};
use crate::rules::reporter::Reporter;
use crate::rules::scope::{CellRef, RowRef};
use crate::schema::FieldType;
use crate::schema::evaluate::{Entry, Lack, Scope, Trouble};
use crate::schema::expression::{Name, Path};

/// A figure as it can be read from a unit's table.
pub(super) enum ControlReading {
    /// Nothing is filed, or a cell cannot be trusted.
    Unknown,
    /// The cell is blank.
    Blank,
    /// What adds up to it.
    Cells(Vec<Addend>),
}

/// What a name means in one unit.
pub(super) fn read(index: usize, reporter: &Reporter<'_>, name: &Name) -> ControlReading {
    let form = name.form.as_deref().unwrap_or_default();
    let Some(table) = reporter.tables.table_of(form) else {
        return ControlReading::Unknown;
    };
    let read = &reporter.tables.tables[table];
    let at = |row, column| CellRef { table, row, column };
    let cells: Vec<CellRef> = match &name.path {
        Path::Cell { row, column } => match (read.form.row(row), read.form.column(column)) {
            (Some(row), Some(column)) => vec![at(RowRef::Row(row), column)],
            _ => return ControlReading::Unknown,
        },
        Path::One(column) if read.form.is_free() && !read.incomplete => {
            let Some(column) = read.form.column(column) else {
                return ControlReading::Unknown;
            };
            (0..read.rows.len())
                .map(|row| at(RowRef::Row(row), column))
                .collect()
        }
        Path::One(_) | Path::Range { .. } => return ControlReading::Unknown,
    };
    addends(index, reporter, read, &cells)
}

fn addends(
    index: usize,
    reporter: &Reporter<'_>,
    table: &Table,
    cells: &[CellRef],
) -> ControlReading {
    let mut found = Vec::new();
    for &at in cells {
        let row = reporter.tables.row(at).and_then(|row| row.row);
        let Some(field) = table.form.field(row, at.column) else {
            return ControlReading::Unknown;
        };
        let figure = match reporter.tables.cell(at).map(|cell| &cell.state) {
            Some(CellState::Value(Value::Number(figure))) => *figure,
            Some(CellState::Value(Value::Flag(flag))) => Number::from(u8::from(*flag)),
            Some(CellState::Blank) if field.kind == FieldType::Flag => Number::ZERO,
            // A unit whose kind does not fill it in adds nothing.
            Some(CellState::Blank | CellState::Absent) => continue,
            Some(CellState::Value(_) | CellState::Unreadable) | None => {
                return ControlReading::Unknown;
            }
        };
        found.push(Addend {
            reporter: index,
            at,
            figure,
            field: field.clone(),
        });
    }
    match found.is_empty() {
        true => ControlReading::Blank,
        false => ControlReading::Cells(found),
    }
}

/// Names mean sums over units.
pub(super) struct Totals<'a> {
    /// The units of the campaign.
    pub(super) reporters: &'a [Reporter<'a>],
    /// Kinds of unit that count; `None`: all.
    pub(super) kinds: Option<&'a [String]>,
}

impl<'a> Totals<'a> {
    fn members(&self) -> impl Iterator<Item = (usize, &'a Reporter<'a>)> {
        let kinds = self.kinds;
        self.reporters
            .iter()
            .enumerate()
            .filter(move |(_, reporter)| {
                kinds.is_none_or(|kinds| kinds.contains(&reporter.unit.kind))
            })
    }

    /// Every cell that adds to a name; `None` if one cannot be trusted.
    pub(super) fn addends(&self, name: &Name) -> Option<Vec<Addend>> {
        let form = name.form.as_deref()?;
        let mut all = Vec::new();
        for (index, reporter) in self.members().filter(|(_, o)| o.owes.contains(&form)) {
            match read(index, reporter, name) {
                ControlReading::Unknown => return None,
                ControlReading::Blank => {}
                ControlReading::Cells(cells) => all.extend(cells),
            }
        }
        Some(all)
    }
}

impl Scope for Totals<'_> {
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble> {
        let cells = self.addends(name).ok_or(Trouble::Missing(Lack::Blank))?;
        Ok(cause::sum(&cells).map(Value::Number))
    }

    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble> {
        let cells = self.addends(name).ok_or(Trouble::Missing(Lack::Blank))?;
        let figures = cells
            .into_iter()
            .map(|cell| Some(Value::Number(cell.figure)));
        Ok(Entry::numbered(figures))
    }

    fn units(&self, form: &Name) -> Result<Number, Trouble> {
        let Path::One(form) = &form.path else {
            return Err(Trouble::NotAsked);
        };
        let owing = self
            .members()
            .filter(|(_, reporter)| reporter.owes.contains(&form.as_str()))
            .count();
        u64::try_from(owing)
            .map(Number::from)
            .map_err(|_| Trouble::NotAsked)
    }

    fn blank_is_zero(&self) -> bool {
        false
    }
}
