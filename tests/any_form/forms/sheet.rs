//! A filled template: where the cells of a form are, by the template's own names and labels, and
//! the figures of a unit put into them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use chrono::NaiveDate;

use super::exact;
use super::package::{Cell, Package, Put};
use super::spec::{Campaign, Form};
use super::time::Time;
use super::world::{self, At, Follow, RowAt, State, Value, World};

/// Where every cell of a unit's forms is.
#[derive(Debug, Clone, Default)]
pub struct Places {
    places: BTreeMap<At, (String, String)>,
    /// What is not where it should be.
    pub missing: Vec<String>,
    /// Cells of rows that the template has named and the unit no longer has: sheet and address.
    gone: Vec<(String, String)>,
    /// Cells of ordinals that number themselves, and their result.
    ordinals: Vec<(String, String, Option<usize>)>,
}

impl Places {
    /// Sheet and address of a cell.
    pub fn of(&self, at: At) -> Option<&(String, String)> {
        self.places.get(&At {
            time: at.time,
            ..at
        })
    }

    /// The cell at an address of a sheet.
    pub fn at(&self, sheet: &str, address: &str) -> Option<At> {
        let mut places = self.places.iter();
        let here = |(s, a): &(String, String)| s == sheet && a == address;
        places.find(|(_, place)| here(place)).map(|(at, _)| *at)
    }
}

/// A template, opened.
pub struct Template {
    package: Package,
    /// Cells of the sheets that hold forms, by sheet.
    cells: HashMap<String, HashMap<String, Cell>>,
    pub places: Places,
}

impl Template {
    /// Opens the template of a unit and finds the cells of its figures.
    pub fn open(path: &Path, world: &World<'_>, unit: usize, time: Time) -> Template {
        let package = Package::open(path);
        let mut template = Template {
            package,
            cells: HashMap::new(),
            places: Places::default(),
        };
        let campaign = world.campaign;
        for form in 0..campaign.forms.len() {
            if campaign.files(unit, form, time) {
                template.find(world, (unit, time, form));
            }
        }
        template
    }

    fn find(&mut self, world: &World<'_>, table: (usize, Time, usize)) {
        let form = &world.campaign.forms[table.2];
        let kind = world.campaign.units[table.0].kind;
        if form.is_free() {
            return self.find_free(world, table, form);
        }
        for (row, of_row) in form.fixed().iter().enumerate() {
            for (column, of_column) in form.columns.iter().enumerate() {
                let wanted = form.asks(row, kind) && form.field(row, column).is_some();
                let name = format!("th_{}__{}__{}", form.id, of_row.id, of_column.id);
                match (wanted, self.package.name(&name).cloned()) {
                    (true, Some((sheet, first, _))) => {
                        let at = place(table, RowAt::Row(row), column);
                        self.keep(at, sheet, first);
                    }
                    (true, None) => self.places.missing.push(name),
                    (false, Some(_)) => self.places.missing.push(format!("{name} too many")),
                    (false, None) => {}
                }
            }
        }
    }

    /// Rows that the template has named already are those rows; the others follow below.
    fn find_free(&mut self, world: &World<'_>, table: (usize, Time, usize), form: &Form) {
        let (unit, time, index) = table;
        let columns: Vec<Option<(String, String, String)>> = form
            .columns
            .iter()
            .map(|column| {
                self.package
                    .name(&format!("thcot_{}__{}", form.id, column.id))
                    .cloned()
            })
            .collect();
        let Some(Some((sheet, first, last))) = form.key().map(|key| columns[key].clone()) else {
            return self
                .places
                .missing
                .push(format!("thcot of the key of {}", form.id));
        };
        let (letters, top) = split(&first);
        let (_, bottom) = split(&last);
        // A name above its figures is on a row of its own.
        let above = u32::from(form.names_above);
        let lines = || (top..=bottom).step_by(1 + usize::from(form.names_above));
        let line_of = |column: usize, line: u32| match Some(column) == form.key() {
            true => line - above,
            false => line,
        };
        let cells = self.package.cells(&sheet);
        let mut free: Vec<u32> = Vec::new();
        let mut named: HashMap<String, u32> = HashMap::new();
        let further = form.further_key().and_then(|key| columns[key].as_ref());
        let further = further.map(|(_, first, _)| split(first).0);
        for row in lines() {
            let cell = cells.get(&format!("{letters}{}", row - above));
            match cell
                .and_then(|cell| cell.value.clone())
                .filter(|name| !name.is_empty())
            {
                Some(name) => {
                    let place = further
                        .as_ref()
                        .and_then(|letters| cells.get(&format!("{letters}{row}"))?.value.clone());
                    named.insert(world::joined(&name, place.as_deref()), row);
                }
                None => free.push(row),
            }
        }
        let mut free = free.into_iter();
        for row in 0..world.rows(unit, time, index) {
            let key = world.key(unit, time, index, row);
            let Some(line) = named.get(&key).copied().or_else(|| free.next()) else {
                return self.places.missing.push(format!("a row for `{key}`"));
            };
            for (column, name) in columns.iter().enumerate() {
                match name {
                    Some((sheet, first, _)) => {
                        let address = format!("{}{}", split(first).0, line_of(column, line));
                        self.keep(
                            place(table, RowAt::Row(row), column),
                            sheet.clone(),
                            address,
                        );
                    }
                    None => self
                        .places
                        .missing
                        .push(format!("thcot of column {column}")),
                }
            }
        }
        let keys: Vec<String> = (0..world.rows(unit, time, index))
            .map(|row| world.key(unit, time, index, row))
            .collect();
        for (_, row) in named.iter().filter(|(name, _)| !keys.contains(name)) {
            let cells = columns.iter().enumerate();
            let cells = cells.filter_map(|(column, name)| {
                let letters = split(&name.as_ref()?.1).0;
                Some((sheet.clone(), format!("{letters}{}", line_of(column, *row))))
            });
            self.places.gone.extend(cells);
        }
        if form.ordinal.is_some() {
            let named: Vec<u32> = lines().map(|line| line - above).collect();
            self.number(table, (&sheet, &named));
        }
        for (column, of_column) in form.columns.iter().enumerate() {
            let name = format!("thtong_{}__{}", form.id, of_column.id);
            match (form.total(), self.package.name(&name).cloned()) {
                (Some(_), Some((sheet, first, _))) => {
                    self.keep(place(table, RowAt::Total, column), sheet, first);
                }
                (None, None) => {}
                _ => self.places.missing.push(name),
            }
        }
        self.cells.insert(sheet, cells);
    }

    /// Ordinals count the rows that have names; `lines`: a sheet and its rows that may have one.
    fn number(&mut self, table: (usize, Time, usize), lines: (&str, &[u32])) {
        let of = |at: &At| (at.unit, at.time, at.form) == table && at.row != RowAt::Total;
        let own = self.places.places.iter().filter(|(at, _)| of(at));
        let filled: BTreeSet<u32> = own.map(|(_, (_, address))| split(address).1).collect();
        let mut count = 0;
        for line in lines.1 {
            let has = filled.contains(line);
            count += usize::from(has);
            let cell = (lines.0.to_owned(), format!("A{line}"), has.then_some(count));
            self.places.ordinals.push(cell);
        }
    }

    fn keep(&mut self, at: At, sheet: String, address: String) {
        if !self.cells.contains_key(&sheet) {
            let cells = self.package.cells(&sheet);
            self.cells.insert(sheet.clone(), cells);
        }
        self.places.places.insert(at, (sheet, address));
    }

    /// What the template has in a cell.
    pub fn cell(&self, at: At) -> Cell {
        let place = self.places.of(at);
        let cell = place.and_then(|(sheet, address)| self.cells.get(sheet)?.get(address));
        cell.cloned().unwrap_or_default()
    }

    /// The cell at an address of a sheet that holds a form.
    pub fn at(&self, sheet: &str, address: &str) -> Option<&Cell> {
        self.cells.get(sheet)?.get(address)
    }

    /// Fills the template with the figures of a world and saves it. Formulas stay and have the
    /// their results, or all is typed.
    pub fn fill(&self, world: &World<'_>, follow: Follow, over: &[At], path: &Path) -> Vec<String> {
        let mut sheets: BTreeMap<&str, BTreeMap<String, Put>> = BTreeMap::new();
        for (at, (sheet, address)) in &self.places.places {
            let formula = self.cell(*at).formula.is_some();
            let live = follow == Follow::Live
                && formula
                && !over.contains(at)
                && (world.is_formula(*at) || world.is_given(*at));
            let put = match (world.cell(*at), live) {
                (State::Absent, _) => continue,
                (State::Blank, true) => Put::NoResult,
                (State::Blank, false) => Put::Blank,
                (State::Value(value), live) => written(&value, live),
            };
            // What the template says itself is left as it is.
            if at.row == RowAt::Total && !formula {
                continue;
            }
            sheets
                .entry(sheet)
                .or_default()
                .insert(address.clone(), put);
        }
        for (sheet, address) in &self.places.gone {
            let formula = self
                .at(sheet, address)
                .is_some_and(|cell| cell.formula.is_some());
            let live = follow == Follow::Live && formula;
            let put = if live { Put::NoResult } else { Put::Blank };
            sheets
                .entry(sheet)
                .or_default()
                .insert(address.clone(), put);
        }
        for (sheet, address, number) in &self.places.ordinals {
            let put = match (number, follow) {
                (Some(number), Follow::Live) => Put::Result(number.to_string()),
                (Some(number), Follow::Typed) => Put::Number(number.to_string()),
                (None, Follow::Live) => Put::NoResult,
                (None, Follow::Typed) => Put::Blank,
            };
            sheets
                .entry(sheet)
                .or_default()
                .insert(address.clone(), put);
        }
        let mut package = self.package.clone();
        let mut missing = Vec::new();
        for (sheet, cells) in sheets {
            missing.extend(package.put(sheet, &cells));
        }
        package.save(path);
        missing
    }
}

fn written(value: &Value, live: bool) -> Put {
    match value {
        Value::Number(number) if live => Put::Result(exact::text(number)),
        Value::Number(number) => Put::Number(exact::text(number)),
        Value::Text(text) => Put::Text(text.clone()),
        Value::Flag(true) => Put::Text("x".to_owned()),
        Value::Flag(false) => Put::Text("không".to_owned()),
        Value::Date(date) => Put::Number(serial(*date).to_string()),
    }
}

/// The number a spreadsheet holds for a day.
pub fn serial(date: NaiveDate) -> i64 {
    let zero = NaiveDate::from_ymd_opt(1899, 12, 30).expect("it is a day");
    date.signed_duration_since(zero).num_days()
}

fn place((unit, time, form): (usize, Time, usize), row: RowAt, column: usize) -> At {
    At {
        unit,
        time,
        form,
        row,
        column,
    }
}

/// Column letters and row number of an address.
pub fn split(address: &str) -> (&str, u32) {
    let digits = address
        .find(|c: char| c.is_ascii_digit())
        .unwrap_or(address.len());
    let (letters, row) = address.split_at(digits);
    (letters, row.parse().unwrap_or(0))
}

/// Does a form have what a reader can be tested with?
pub fn filed(campaign: &Campaign, unit: usize, time: Time) -> Vec<usize> {
    (0..campaign.forms.len())
        .filter(|form| campaign.files(unit, *form, time))
        .collect()
}
