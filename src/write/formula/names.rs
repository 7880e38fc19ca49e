//! Resolves the names of a rule on the sheets of one template: to cells, ranges, and figures of
//! closed periods.

use super::layout::{FormSheet, TemplateLayout};
use crate::model::{CellAddress, Number, Value, address::column_letters};
use crate::rules::PreviousFigures;
use crate::schema::expression::{Name, Past};
use crate::schema::form::Rounding;
use crate::schema::resolve::{self, FieldRef, Rows, Target, Unbound, bind, resolve};
use crate::schema::{FieldType, Form, Meaning};
use crate::write::paper::grid::GridRow;
use crate::write::paper::sheet::sheet_reference;

/// Excel's functions take 255 arguments.
const MOST_ARGUMENTS: usize = 200;

/// The reason why a rule has no formula here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoFormula {
    /// A cell it names is not this unit's to fill in, or is none: nothing to check.
    Absent,
    /// It needs what this workbook does not have.
    Elsewhere,
}

/// Where a rule is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormulaSite {
    /// On a fixed row of the form: column names are its cells.
    Row(usize),
    /// On all rows a unit adds, at once: column names are ranges.
    FreeRows,
    /// On one row a unit adds, by its row of the sheet.
    FreeRow(u32),
    /// On the row of the sheet whose number, from 1, a cell holds.
    RowNumbered(CellAddress),
    /// On the total row.
    Total,
    /// On a column: row names are its cells.
    Column(usize),
    /// Once for the form; every name is a full `row.column`.
    Once,
}

impl From<resolve::Site> for FormulaSite {
    fn from(site: resolve::Site) -> Self {
        match site {
            resolve::Site::Row(row) => FormulaSite::Row(row),
            resolve::Site::FreeRow => FormulaSite::FreeRows,
            resolve::Site::Total => FormulaSite::Total,
            resolve::Site::Column(column) => FormulaSite::Column(column),
            resolve::Site::Once => FormulaSite::Once,
        }
    }
}

impl FormulaSite {
    /// The site of the form.
    fn of_form(self) -> resolve::Site {
        match self {
            FormulaSite::Row(row) => resolve::Site::Row(row),
            FormulaSite::FreeRows | FormulaSite::FreeRow(_) | FormulaSite::RowNumbered(_) => {
                resolve::Site::FreeRow
            }
            FormulaSite::Total => resolve::Site::Total,
            FormulaSite::Column(column) => resolve::Site::Column(column),
            FormulaSite::Once => resolve::Site::Once,
        }
    }
}

/// A cell or range a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedCells {
    /// As a formula names it.
    pub cells: String,
    /// What sort of figure is there.
    pub kind: FieldType,
    /// Number of decimals it has.
    pub decimals: u32,
    /// May it be below zero? A negative figure where it may not is reported as that, and no rule is
    /// evaluated on it.
    pub negative: bool,
    /// May some of it be below zero?
    pub signed: bool,
    /// Does a blank cell count as a value (a flag that is not ticked, or 0)?
    pub says_when_blank: bool,
    /// Does the form leave open how many decimals it has?
    pub any_decimals: bool,
    /// How it was brought to its decimals, if it was.
    pub rounded: Option<Rounding>,
}

/// Last period's figures for rows known by their names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousByName {
    /// A range across, or one figure.
    pub figures: String,
    /// Number of decimals they have.
    pub decimals: u32,
    /// Over a whole table: which of its rows is which of last period's.
    pub matches: Option<String>,
}

/// The names of one form's rules.
pub struct Names<'a> {
    /// All sheets of the workbook.
    pub layout: &'a TemplateLayout,
    /// The sheet whose rules they are.
    pub place: &'a FormSheet,
    /// The closed periods, and the unit's code in them.
    pub previous: Option<(&'a PreviousFigures, &'a str)>,
}

impl<'a> Names<'a> {
    fn sheet_of(&self, form: &str) -> Option<&'a FormSheet> {
        let mut sheets = self.layout.sheets.iter();
        sheets.find(|sheet| sheet.form.id() == form)
    }

    /// The sheet of the form that a name is of.
    fn sheet_for(&self, name: &Name) -> Result<&'a FormSheet, NoFormula> {
        let sheet = match &name.form {
            None => Some(self.place),
            Some(form) => self.sheet_of(form),
        };
        sheet.ok_or(NoFormula::Elsewhere)
    }

    /// The same, and what goes before its cells in a formula on this sheet.
    fn on_sheet(&self, name: &Name) -> Result<(&'a FormSheet, String), NoFormula> {
        let place = self.sheet_for(name)?;
        let prefix = match name.form {
            None => String::new(),
            Some(_) => format!("{}!", sheet_reference(&place.sheet)),
        };
        Ok((place, prefix))
    }

    /// The cells of the forms that a name means.
    fn cells(
        &self,
        name: &Name,
        folded: bool,
        site: FormulaSite,
    ) -> Result<Vec<FieldRef<'a>>, NoFormula> {
        let others = |form: &str| self.sheet_of(form).map(|sheet| &*sheet.form);
        let own = Some(&*self.place.form);
        let cells = resolve(name, folded, site.of_form(), own, &others);
        cells.map_err(|unbound| match unbound {
            Unbound::NoForm => NoFormula::Elsewhere,
            Unbound::NoCell => NoFormula::Absent,
        })
    }

    /// The one cell a name means; over a whole table, its column.
    ///
    /// # Errors
    /// No cell is there, or more than one.
    pub fn one(&self, name: &Name, site: FormulaSite) -> Result<NamedCells, NoFormula> {
        match self.cells(name, false, site)?.as_slice() {
            [one] if one.rows != Rows::Each => {
                let (place, prefix) = self.on_sheet(name)?;
                found(place, &prefix, one, site)
            }
            _ => Err(NoFormula::Absent),
        }
    }

    /// Everything a name means inside SUM, COUNTIF and the like.
    ///
    /// # Errors
    /// No cell is there.
    pub fn span(&self, name: &Name, site: FormulaSite) -> Result<NamedCells, NoFormula> {
        let (place, prefix) = self.on_sheet(name)?;
        // A column is one range, whatever rows between are not of it.
        if let Some(Target::Column(column)) = bind(&place.form, &name.path) {
            let cells = whole(place, column, &prefix).ok_or(NoFormula::Absent)?;
            return Ok(NamedCells::of(&place.form, None, column, cells));
        }
        let found = self.all(name, site)?;
        let (Some(first), Some(last)) = (found.first(), found.last()) else {
            return Err(NoFormula::Absent);
        };
        let decimals = found.iter().map(|one| one.decimals).max().unwrap_or(0);
        let end = last.cells.trim_start_matches(&prefix);
        Ok(NamedCells {
            cells: match found.len() {
                1 => first.cells.clone(),
                _ => format!("{}:{end}", first.cells),
            },
            kind: first.kind,
            decimals,
            says_when_blank: found.iter().any(|one| one.says_when_blank),
            negative: found.iter().all(|one| one.negative),
            signed: found.iter().any(|one| one.signed),
            any_decimals: found.iter().any(|one| one.any_decimals),
            rounded: found.iter().find_map(|one| one.rounded),
        })
    }

    /// Every cell a name means inside a fold, in form order, without those that are not this unit's
    /// to fill in.
    ///
    /// # Errors
    /// There is none, or its form is not in this workbook.
    pub fn all(&self, name: &Name, site: FormulaSite) -> Result<Vec<NamedCells>, NoFormula> {
        let cells = self.cells(name, true, site)?;
        let (place, prefix) = self.on_sheet(name)?;
        let present = cells.iter().map(|at| found(place, &prefix, at, site));
        let present: Vec<NamedCells> = present.filter_map(Result::ok).collect();
        match present.is_empty() {
            true => Err(NoFormula::Absent),
            false => Ok(present),
        }
    }

    /// The names of the rows that units add to the form that a name is of; `None` for fixed rows.
    ///
    /// # Errors
    /// Its form is not in this workbook.
    pub fn row_names(&self, name: &Name) -> Result<Option<String>, NoFormula> {
        let (place, prefix) = self.on_sheet(name)?;
        let key = place.form.key_column();
        Ok(key.and_then(|key| whole(place, key, &prefix)))
    }

    /// Does a name inside a fold mean columns side by side in the row where the rule is evaluated?
    pub fn is_side_by_side(&self, name: &Name, site: FormulaSite) -> bool {
        let cells = self.cells(name, true, site).unwrap_or_default();
        cells.first().is_some_and(|at| at.rows == Rows::Here)
    }

    /// The figure of closed periods that a name means, as a constant.
    ///
    /// # Errors
    /// The archive does not have it.
    pub fn past(
        &self,
        past: Past,
        name: &Name,
        site: FormulaSite,
    ) -> Result<(String, u32), NoFormula> {
        let number = match self.past_value(past, name, site)? {
            Value::Number(number) => number,
            _ => return Err(NoFormula::Elsewhere),
        };
        Ok(constant(number))
    }

    /// The value of closed periods that a name means.
    ///
    /// # Errors
    /// The archive does not have it.
    pub fn past_value(
        &self,
        past: Past,
        name: &Name,
        site: FormulaSite,
    ) -> Result<Value, NoFormula> {
        let (previous, unit) = self.previous.ok_or(NoFormula::Elsewhere)?;
        let cells = self.cells(name, false, site)?;
        let [at] = cells.as_slice() else {
            return Err(NoFormula::Absent);
        };
        let row = at.row_id().ok_or(NoFormula::Absent)?;
        let value = previous.past(past, unit, at.form.id(), row, at.column_id());
        value.ok_or(NoFormula::Elsewhere)
    }

    /// Last period's figures of a column for rows the unit adds, which are known by their names:
    /// over the whole table, across; on one row, the figure itself. `None` where names mean cells.
    ///
    /// # Errors
    /// The archive does not have them.
    pub fn previous_by_name(
        &self,
        past: Past,
        name: &Name,
        site: FormulaSite,
    ) -> Result<Option<PreviousByName>, NoFormula> {
        let cells = self.cells(name, false, site)?;
        let [at] = cells.as_slice() else {
            return Ok(None);
        };
        if !matches!(at.rows, Rows::Here | Rows::Total) {
            return Ok(None);
        }
        // Of periods further back the template carries no rows.
        if past != Past::Previous {
            return Err(NoFormula::Elsewhere);
        }
        let (place, form, column) = (self.place, at.form, at.column);
        let last = place.last_rows.as_ref().ok_or(NoFormula::Elsewhere)?;
        let keys = form.key_columns();
        let keys = keys.map(|key| Ok(column_cell(place, key, site)?.cells));
        let keys: Vec<String> = keys.collect::<Result<_, NoFormula>>()?;
        let decimals = NamedCells::of(form, None, column, String::new()).decimals;
        let figures = last.range(column).ok_or(NoFormula::Elsewhere)?;
        Ok(Some(match site {
            FormulaSite::FreeRows => PreviousByName {
                figures,
                decimals,
                matches: Some(last.matches(&keys)),
            },
            // The total row has no counterpart among the rows of the previous period.
            FormulaSite::Total => return Err(NoFormula::Absent),
            _ => PreviousByName {
                figures: last.lookup(&keys, column).ok_or(NoFormula::Elsewhere)?,
                decimals,
                matches: None,
            },
        }))
    }

    /// All figures of a column in closed periods.
    ///
    /// # Errors
    /// The archive does not have them.
    pub fn past_all(
        &self,
        past: Past,
        name: &Name,
        site: FormulaSite,
    ) -> Result<Vec<String>, NoFormula> {
        let (previous, unit) = self.previous.ok_or(NoFormula::Elsewhere)?;
        let form = &self.sheet_for(name)?.form;
        let column = match bind(form, &name.path).ok_or(NoFormula::Absent)? {
            Target::Column(column) => column,
            Target::Row(_) | Target::Cell(..) => return Ok(vec![self.past(past, name, site)?.0]),
            Target::Columns(_) | Target::Rows(_) => return Err(NoFormula::Elsewhere),
        };
        let id = form.file.columns.get(column).ok_or(NoFormula::Absent)?;
        let values = previous
            .past_column(past, unit, form.id(), id.id.get_ref())
            .ok_or(NoFormula::Elsewhere)?;
        let numbers: Vec<Number> = values.iter().filter_map(Value::as_number).collect();
        if numbers.is_empty() || numbers.len() > MOST_ARGUMENTS {
            return Err(NoFormula::Elsewhere);
        }
        Ok(numbers
            .into_iter()
            .map(|number| constant(number).0)
            .collect())
    }
}

fn constant(number: Number) -> (String, u32) {
    let number = number.normalize();
    (number.to_string(), number.scale())
}

/// All cells of a column, whatever rows the unit adds.
fn whole(place: &FormSheet, column: usize, prefix: &str) -> Option<String> {
    let column = place.grid.column(column);
    if place.form.is_free() {
        return place.grid.reach(column, prefix);
    }
    let (first, last) = place.grid.column_rows()?;
    let letters = column_letters(column);
    Some(format!(
        "{prefix}{letters}{}:{letters}{}",
        first + 1,
        last + 1
    ))
}

/// The cells of a field on its sheet, of which a unit may have none; on rows the unit adds, as many
/// as the rule is evaluated on.
fn found(
    place: &FormSheet,
    prefix: &str,
    at: &FieldRef<'_>,
    site: FormulaSite,
) -> Result<NamedCells, NoFormula> {
    match at.rows {
        Rows::Fixed(row) => fixed(place, prefix, row, at.column),
        Rows::Here | Rows::Total => column_cell(place, at.column, site),
        Rows::Each => {
            let cells = whole(place, at.column, prefix).ok_or(NoFormula::Absent)?;
            Ok(NamedCells::of(&place.form, None, at.column, cells))
        }
    }
}

/// A cell of a fixed row.
fn fixed(
    place: &FormSheet,
    prefix: &str,
    row: usize,
    column: usize,
) -> Result<NamedCells, NoFormula> {
    let form = &place.form;
    let (r, c) = (form.file.rows.get(row), form.file.columns.get(column));
    let (r, c) = r.zip(c).ok_or(NoFormula::Absent)?;
    let at = place
        .grid
        .cell(form, GridRow::Fixed(r.id.get_ref()), c.id.get_ref())
        .ok_or(NoFormula::Absent)?;
    Ok(NamedCells::of(
        form,
        Some(row),
        column,
        format!("{prefix}{at}"),
    ))
}

/// The cell of a column where a rule applies.
fn column_cell(
    place: &FormSheet,
    column: usize,
    site: FormulaSite,
) -> Result<NamedCells, NoFormula> {
    let grid = &place.grid;
    let sheet_column = grid.column(column);
    let letters = column_letters(sheet_column);
    let cells = match site {
        FormulaSite::FreeRows => grid.reach(sheet_column, "").ok_or(NoFormula::Absent)?,
        FormulaSite::FreeRow(row) => grid.at(row, column).to_string(),
        FormulaSite::RowNumbered(number) => match grid.above(sheet_column) {
            0 => format!("INDEX(${letters}:${letters},{number})"),
            above => format!("INDEX(${letters}:${letters},{number}-{above})"),
        },
        FormulaSite::Total => {
            let row = grid.total.ok_or(NoFormula::Absent)?;
            CellAddress::new(row, sheet_column).to_string()
        }
        FormulaSite::Row(_) | FormulaSite::Column(_) | FormulaSite::Once => {
            return Err(NoFormula::Absent);
        }
    };
    let found = NamedCells::of(&place.form, None, column, cells);
    match (found.kind, site) {
        // The total of ticks is how many there are.
        (FieldType::Flag, FormulaSite::Total) => Err(NoFormula::Absent),
        _ => Ok(found),
    }
}

impl NamedCells {
    /// What a cell holds; for a column as a whole, what its first cell does.
    fn of(form: &Form, row: Option<usize>, column: usize, cells: String) -> Self {
        let rows = row.map_or(0..form.file.rows.len().max(1), |row| row..row + 1);
        let field = rows.filter_map(|row| form.field(Some(row), column)).next();
        NamedCells {
            cells,
            kind: field.map_or(FieldType::Text, |field| field.kind),
            decimals: field.map_or(0, |field| field.decimals),
            any_decimals: field.is_some_and(|field| field.any_decimals),
            rounded: field.filter(|f| f.rounded).map(|field| field.rounding),
            says_when_blank: field.is_some_and(|field| {
                matches!(field.blank, Meaning::Yes | Meaning::No | Meaning::Zero)
            }),
            negative: field.is_none_or(|field| field.negative),
            signed: field.is_some_and(|field| field.negative),
        }
    }
}
