//! The figures of filled workbooks as exact vectors: one for each column (or fixed row) of a form,
//! with one entry for each place where a rule over columns (or rows) is evaluated.

use crate::extract::{CellState, Table, TableRow};
use crate::model::{Number, Value};
use crate::schema::resolve::Site;
use crate::schema::{FieldType, Form};
use crate::text::is_roman;

/// Places that are looked at, at most: all rows of some hundred workbooks.
const MOST_PLACES: usize = 200_000;
/// Columns or rows that are looked at, at most.
const MOST_VARIABLES: usize = 400;
/// Decimals that are kept: figures are whole multiples of 10^-6.
pub(super) const DECIMALS: u32 = 6;
/// 1 in these units.
pub(super) const ONE: i128 = 1_000_000;

/// What rules are over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// Columns: evaluated on every row.
    Columns,
    /// Fixed rows: evaluated in every column.
    Rows,
}

impl Axis {
    /// The key of a rule that says where it is evaluated.
    pub(super) fn places(self) -> &'static str {
        match self {
            Axis::Columns => "rows",
            Axis::Rows => "columns",
        }
    }
}

/// An entry of a vector, in 10^-6.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// The form has no such cell.
    Absent,
    Blank,
    Figure(i128),
}

impl Entry {
    /// The figure that is written there.
    pub(super) fn figure(self) -> Option<i128> {
        match self {
            Entry::Figure(figure) => Some(figure),
            Entry::Absent | Entry::Blank => None,
        }
    }

    /// The figure, 0 for a blank or absent cell.
    pub(super) fn or_zero(self) -> i128 {
        match self {
            Entry::Figure(figure) => figure,
            Entry::Absent | Entry::Blank => 0,
        }
    }
}

/// A column or a fixed row.
#[derive(Debug, Clone)]
pub(super) struct Variable {
    /// Its id.
    pub(super) id: String,
    /// Its index in the form file, from 0.
    pub(super) at: usize,
    /// Can its figures be added up?
    pub(super) additive: bool,
    /// Is it a ratio whose operands the form does not say?
    pub(super) open_ratio: bool,
    pub(super) kind: FieldType,
    pub(super) decimals: u32,
    measure: Option<String>,
    /// What groups it: the headers over it, or what its printed number looks like.
    pub(super) group: Vec<String>,
}

/// A place where a rule is evaluated in one workbook.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Index of the workbook.
    pub(super) file: usize,
    /// Row or column of the form file; 0 for every row that units add.
    pub(super) at: usize,
}

/// The figures of all workbooks along one axis.
#[derive(Debug)]
pub(super) struct Figures {
    pub(super) axis: Axis,
    pub(super) free: bool,
    pub(super) variables: Vec<Variable>,
    pub(super) places: Vec<Place>,
    /// By variable, then by place.
    pub(super) entries: Vec<Vec<Entry>>,
}

impl Figures {
    /// Lays out the tables of one form, with the index of the workbook each is of.
    pub(super) fn of(form: &Form, tables: &[(usize, &Table)], axis: Axis) -> Figures {
        let variables = variables(form, axis);
        let mut figures = Figures {
            axis,
            free: form.is_free(),
            entries: vec![Vec::new(); variables.len()],
            variables,
            places: Vec::new(),
        };
        for (file, table) in tables {
            match axis {
                Axis::Columns => figures.add_rows(form, *file, table),
                Axis::Rows => figures.add_columns(form, *file, table),
            }
        }
        figures
    }

    fn add_rows(&mut self, form: &Form, file: usize, table: &Table) {
        for row in &table.rows {
            let entries: Vec<Option<Entry>> = self
                .variables
                .iter()
                .map(|variable| entry(form, row, variable.at, variable))
                .collect();
            let at = row.row.unwrap_or(0);
            self.add(Place { file, at }, entries);
        }
    }

    fn add_columns(&mut self, form: &Form, file: usize, table: &Table) {
        for at in 0..form.file.columns.len() {
            let of = |variable: &Variable| {
                let row = table.rows.iter().find(|row| row.row == Some(variable.at));
                row.map_or(Some(Entry::Absent), |row| entry(form, row, at, variable))
            };
            let entries: Vec<Option<Entry>> = self.variables.iter().map(of).collect();
            self.add(Place { file, at }, entries);
        }
    }

    /// Adds a place, unless something there cannot be read or nothing was filled in.
    fn add(&mut self, place: Place, entries: Vec<Option<Entry>>) {
        let Some(entries) = entries.into_iter().collect::<Option<Vec<Entry>>>() else {
            return;
        };
        let filled = entries.iter().any(|entry| entry.or_zero() != 0);
        if !filled || self.places.len() >= MOST_PLACES {
            return;
        }
        self.places.push(place);
        for (of, entry) in self.entries.iter_mut().zip(entries) {
            of.push(entry);
        }
    }

    /// Variables that can be added up and are not zero everywhere.
    pub(super) fn live(&self) -> Vec<usize> {
        self.additive(|entries| entries.iter().any(|entry| entry.or_zero() != 0))
    }

    /// Variables that could be added up and are zero or blank everywhere: whether they belong to a
    /// sum nobody can tell.
    pub(super) fn dead(&self) -> Vec<usize> {
        self.additive(|entries| entries.iter().all(|entry| entry.or_zero() == 0))
    }

    fn additive(&self, so: impl Fn(&[Entry]) -> bool) -> Vec<usize> {
        (0..self.variables.len())
            .filter(|at| self.variables[*at].additive && so(&self.entries[*at]))
            .collect()
    }

    /// Can two variables be added up or compared: are they measured alike?
    pub(super) fn alike(&self, one: usize, two: usize) -> bool {
        let of = |at: usize| self.variables[at].measure.as_deref();
        of(one).zip(of(two)).is_none_or(|(one, two)| one == two)
    }

    /// The sites of the form at which a rule over some variables is evaluated, and those of them
    /// where the figures bear it out.
    pub(super) fn sites(&self, form: &Form, of: &[usize]) -> (Vec<Site>, Vec<Site>) {
        if self.free {
            return (vec![Site::FreeRow], vec![Site::FreeRow]);
        }
        let at = |of: usize| self.variables[of].at;
        let (count, site): (usize, fn(usize) -> Site) = match self.axis {
            Axis::Columns => (form.file.rows.len(), Site::Row),
            Axis::Rows => (form.file.columns.len(), Site::Column),
        };
        let asked = |place: &usize| {
            of.iter().all(|of| {
                let (row, column) = match self.axis {
                    Axis::Columns => (*place, at(*of)),
                    Axis::Rows => (at(*of), *place),
                };
                form.field(Some(row), column)
                    .is_some_and(|field| is_figure(field.kind))
            })
        };
        let seen = |place: &usize| {
            self.places.iter().enumerate().any(|(index, own)| {
                own.at == *place
                    && of
                        .iter()
                        .all(|of| self.entries[*of][index] != Entry::Absent)
            })
        };
        let asked: Vec<usize> = (0..count).filter(asked).collect();
        let seen = asked.iter().copied().filter(seen).map(site).collect();
        (asked.into_iter().map(site).collect(), seen)
    }
}

fn is_figure(kind: FieldType) -> bool {
    is_additive(kind) || matches!(kind, FieldType::Percent | FieldType::Ratio)
}

fn is_additive(kind: FieldType) -> bool {
    matches!(kind, FieldType::Count | FieldType::Amount)
}

fn variables(form: &Form, axis: Axis) -> Vec<Variable> {
    let indicators = match axis {
        Axis::Columns => &form.file.columns,
        Axis::Rows => &form.file.rows,
    };
    let others = match axis {
        Axis::Columns => form.file.rows.len().max(1),
        Axis::Rows => form.file.columns.len(),
    };
    let variable = |(at, indicator): (usize, &crate::schema::Indicator)| {
        let field = (0..others)
            .filter_map(|other| match axis {
                Axis::Columns => form.field(Some(other), at),
                Axis::Rows => form.field(Some(at), other),
            })
            .find(|field| is_figure(field.kind))?;
        let path = indicator.label.path();
        let group = match axis {
            Axis::Columns => path[..path.len().saturating_sub(1)].to_vec(),
            Axis::Rows => vec![shape(indicator.no.as_deref().unwrap_or_default())],
        };
        Some(Variable {
            id: indicator.id.get_ref().clone(),
            at,
            additive: is_additive(field.kind),
            open_ratio: !is_additive(field.kind) && field.ratio.is_none(),
            kind: field.kind,
            decimals: field.decimals,
            measure: field.measure.clone().or_else(|| field.unit.clone()),
            group,
        })
    };
    let all = indicators.iter().enumerate().filter_map(variable);
    all.take(MOST_VARIABLES).collect()
}

/// What a printed number looks like: `I`, `1`, `1.1`, `a`; numbers that look alike count rows of one
/// level.
pub(super) fn shape(no: &str) -> String {
    let no = no.trim().trim_end_matches(['.', ')']);
    let sort = |part: &str| match part.chars().next() {
        Some(first) if first.is_ascii_digit() => '1',
        Some(_) if is_roman(part) => 'I',
        Some(first) if first.is_uppercase() => 'A',
        Some(first) if first.is_alphabetic() => 'a',
        _ => '-',
    };
    no.split('.').map(sort).collect()
}

/// The entry of a cell; `None` if it cannot be read or is finer than 10^-6.
fn entry(form: &Form, row: &TableRow, column: usize, of: &Variable) -> Option<Entry> {
    let field = form.field(row.row, column);
    let kind = field.map(|field| field.kind);
    if kind.is_none_or(|kind| !is_figure(kind) || is_additive(kind) != of.additive) {
        return Some(Entry::Absent);
    }
    match row.cells.get(column).map(|cell| &cell.state) {
        None | Some(CellState::Absent) => Some(Entry::Absent),
        Some(CellState::Blank) => Some(Entry::Blank),
        Some(CellState::Value(Value::Number(number))) => match of.additive {
            true => exact(*number),
            // A quotient is compared as it is printed.
            false => exact(number.round_dp(DECIMALS)),
        }
        .map(Entry::Figure),
        Some(CellState::Value(_) | CellState::Unreadable) => None,
    }
}

/// A figure in 10^-6; `None` if it is finer.
fn exact(number: Number) -> Option<i128> {
    let number = number.normalize();
    let up = DECIMALS.checked_sub(number.scale())?;
    number.mantissa().checked_mul(10_i128.checked_pow(up)?)
}
