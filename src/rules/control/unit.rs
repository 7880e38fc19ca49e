//! Resolves the names of a control total to cells of one unit, or to sums over units.

use super::cause::{self, Addend};
use crate::extract::CellState;
use crate::model::{Number, Value};
use crate::rules::reporter::Reporter;
use crate::schema::evaluate::{Lack, Trouble, number};
use crate::schema::expression::{Expr, Name};
use crate::schema::resolve::{FieldRef, FormLookup, Rows, Site, Unbound, resolve};
use crate::schema::scope::{At, Figures};
use crate::schema::{FieldType, Form};

/// A figure as it can be read from a unit's table.
pub(super) enum ControlReading {
    /// Nothing is filed, or a cell could not be read.
    Unknown,
    /// The cell is blank.
    Blank,
    /// What adds up to it.
    Cells(Vec<Addend>),
}

/// The figure a name means in one unit; `index` is the unit's place among the reporters, from 0.
pub(super) fn read(index: usize, reporter: &Reporter<'_>, name: &Name) -> ControlReading {
    match fields(std::slice::from_ref(reporter), name) {
        Ok(fields) => addends(index, reporter, &fields),
        Err(_) => ControlReading::Unknown,
    }
}

/// The fields a name means, in the first form of its id that a unit has filed.
///
/// # Errors
/// No unit has filed the form, or it has no such cell.
pub(super) fn fields<'a>(
    reporters: &'a [Reporter<'a>],
    name: &Name,
) -> Result<Vec<FieldRef<'a>>, Unbound> {
    let form = |id: &str| {
        let mut tables = reporters.iter().filter_map(|reporter| reporter.table(id));
        tables.next().map(|table| &*table.form)
    };
    resolve(name, true, Site::Once, None, &form)
}

/// `fields`: of any version of the form; the unit's table may be of another.
pub(super) fn addends(
    index: usize,
    reporter: &Reporter<'_>,
    fields: &[FieldRef<'_>],
) -> ControlReading {
    let several = fields.len() > 1 || fields.iter().any(|at| at.rows == Rows::Each);
    let own = |at: &FieldRef<'_>| {
        let table = reporter.table(at.form.id())?;
        let at = at.in_version(&table.form)?;
        let trusted = !(several && table.incomplete);
        trusted.then(|| reporter.tables.cells_of(&at, None))
    };
    let Some(cells) = fields.iter().map(own).collect::<Option<Vec<_>>>() else {
        return ControlReading::Unknown;
    };
    let mut found = Vec::new();
    for at in cells.into_iter().flatten() {
        let Some(field) = reporter.tables.field(at) else {
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

    /// Every cell that adds to a name; `None` if one could not be read. A form that no unit has
    /// filed adds nothing.
    pub(super) fn addends(&self, name: &Name) -> Option<Vec<Addend>> {
        match fields(self.reporters, name) {
            Ok(fields) => self.addends_of(&fields),
            Err(Unbound::NoForm) => Some(Vec::new()),
            Err(Unbound::NoCell) => None,
        }
    }

    fn addends_of(&self, fields: &[FieldRef<'_>]) -> Option<Vec<Addend>> {
        let form = fields.first()?.form.id();
        let mut all = Vec::new();
        for (index, reporter) in self.members().filter(|(_, o)| o.adds(form)) {
            match addends(index, reporter, fields) {
                ControlReading::Unknown => return None,
                ControlReading::Blank => {}
                ControlReading::Cells(cells) => all.extend(cells),
            }
        }
        Some(all)
    }

    /// The figure of an expression over them.
    ///
    /// # Errors
    /// A figure it needs is missing or could not be read.
    pub(super) fn number(&self, expr: &Expr) -> Result<Number, Trouble> {
        let scope = At {
            figures: self,
            own: None,
            site: Site::Once,
            blank_is_zero: false,
        };
        number(expr, &scope)
    }
}

impl<'a> FormLookup<'a> for Totals<'a> {
    fn find(&self, id: &str) -> Option<&'a Form> {
        let mut tables = self.reporters.iter().filter_map(|one| one.table(id));
        tables.next().map(|table| &*table.form)
    }
}

impl<'a> Figures<'a> for Totals<'a> {
    fn value(&self, at: &FieldRef<'a>) -> Result<Option<Value>, Trouble> {
        let cells = self.addends_of(&[*at]);
        let cells = cells.ok_or(Trouble::Missing(Lack::Blank))?;
        Ok(cause::sum(&cells).map(Value::Number))
    }

    fn values(&self, at: &FieldRef<'a>) -> Result<Vec<(usize, Option<Value>)>, Trouble> {
        let cells = self.addends_of(&[*at]);
        let cells = cells.ok_or(Trouble::Missing(Lack::Blank))?.into_iter();
        let figures = cells.map(|cell| Some(Value::Number(cell.figure)));
        Ok(figures.enumerate().collect())
    }

    fn units(&self, form: &str) -> Result<Number, Trouble> {
        let owing = self.members().filter(|(_, one)| one.adds(form));
        u64::try_from(owing.count())
            .map(Number::from)
            .map_err(|_| Trouble::NotAsked)
    }
}
