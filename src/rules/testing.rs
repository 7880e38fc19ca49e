//! What the tests of checks have in common: small forms, tables laid out as text, and what is
//! reported.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::scope::UnitTables;
use super::{PreviousFigures, check_unit, example};
use crate::extract::{CellState, Table, TableCell, TableRow};
use crate::model::{Allowance, CellAddress, Fact, Finding, Number, Value};
use crate::schema::checked::joined_key;
use crate::schema::{FieldType, Form};

/// A free-row form with pairs of columns that go together or exclude one another.
pub const PAIRS: &str = include_str!("testing_pairs.toml");

/// Whose tables they are.
pub const UNIT: &str = "01";

/// A finding as tests look at it.
#[derive(Debug, PartialEq)]
pub struct Told {
    /// Rule id.
    pub rule: String,
    /// Its cell.
    pub cell: String,
    /// What the clerk reads.
    pub vi: String,
    /// The same in English.
    pub en: String,
}

impl From<Finding> for Told {
    fn from(finding: Finding) -> Told {
        Told {
            rule: finding.rule.clone(),
            cell: finding.cell.map_or(String::new(), |cell| cell.to_string()),
            vi: finding.message.vi.clone(),
            en: finding.message.en.clone(),
        }
    }
}

/// A form with a head of its own, so that tests only write what they are about.
pub fn form(id: &str, rows: &str, rest: &str) -> Arc<Form> {
    let text = format!(
        "id = \"{id}\"\nversion = \"1\"\ntitle = \"T\"\nsheet = \"Trang {id}\"\n[layout]\nrows = \"{rows}\"\n{rest}"
    );
    Arc::new(Form::parse(&format!("{id}.toml"), &text).unwrap_or_else(|error| panic!("{error}")))
}

/// What is reported of one example of a form file.
pub fn example(form: &str, example: &str) -> Vec<Told> {
    let text = format!("{form}\n[[example]]\nname = \"n\"\n{example}");
    let form = Form::parse("b.toml", &text).unwrap_or_else(|error| panic!("{error}"));
    let form = Arc::new(form);
    let ran = example::run(&form, &form.file.examples[0]);
    ran.findings.into_iter().map(Told::from).collect()
}

/// A table from row 1 of its sheet on; the cells of a row as words, "" for a blank, "?" for one
/// that could not be read.
pub fn table(form: &Arc<Form>, rows: &[&[&str]]) -> Table {
    let row = |(at, cells): (usize, &&[&str])| {
        let fixed = (!form.is_free()).then_some(at);
        let key = match fixed {
            Some(row) => form.file.rows[row].id.get_ref().clone(),
            None => {
                let mut texts = form.key_columns().map(|key| cells[key].to_owned());
                let name = texts.next().unwrap_or_default();
                joined_key(name, texts.filter(|text| !text.is_empty()))
            }
        };
        laid_out(form, fixed, &key, at, cells)
    };
    Table {
        form: form.clone(),
        file: "tệp".into(),
        sheet: form.file.sheet.as_str().into(),
        rows: rows.iter().enumerate().map(row).collect(),
        total: None,
        incomplete: false,
        overwritten: BTreeSet::new(),
        formulas: BTreeSet::new(),
        texts: BTreeSet::new(),
    }
}

/// The table with a total row below.
pub fn with_total(mut table: Table, cells: &[&str]) -> Table {
    let form = table.form.clone();
    table.total = Some(laid_out(&form, None, "", table.rows.len(), cells));
    table
}

fn laid_out(form: &Form, row: Option<usize>, key: &str, at: usize, cells: &[&str]) -> TableRow {
    let cell = |(column, text): (usize, &&str)| {
        let Some(field) = form.field(row, column) else {
            return TableCell::ABSENT;
        };
        let state = match (*text, field.kind) {
            ("", _) => CellState::Blank,
            ("?", _) => CellState::Unreadable,
            ("x", FieldType::Flag) => CellState::Value(Value::Flag(true)),
            (text, kind) if kind.is_numeric() => {
                CellState::Value(Value::Number(text.parse::<Number>().unwrap()))
            }
            (text, _) => CellState::Value(Value::Text(text.to_owned())),
        };
        let place = [at, column].map(|index| u32::try_from(index).unwrap());
        TableCell {
            address: Some(CellAddress::new(place[0], place[1])),
            state,
        }
    };
    TableRow {
        row,
        key: key.into(),
        cells: cells.iter().enumerate().map(cell).collect(),
    }
}

/// The unit's tables, without an archive.
pub fn unit(tables: &[Table]) -> UnitTables<'_> {
    UnitTables {
        unit: UNIT,
        kind: None,
        tables,
        previous: None,
    }
}

/// Everything reported of a unit's tables.
pub fn check(tables: &[Table], previous: Option<&PreviousFigures>) -> Vec<Told> {
    let outcome = check_unit(
        &UnitTables {
            previous,
            ..unit(tables)
        },
        &Allowance::default(),
    );
    outcome.findings.into_iter().map(Told::from).collect()
}

/// The rules reported of a unit's tables.
pub fn rules(tables: &[Table], previous: Option<&PreviousFigures>) -> Vec<String> {
    let told = check(tables, previous).into_iter();
    told.map(|told| told.rule).collect()
}

/// The figures of a table, closed last period.
pub fn closed(table: &Table) -> PreviousFigures {
    let form = &table.form;
    let mut facts = Vec::new();
    for row in &table.rows {
        for (column, cell) in form.file.columns.iter().zip(&row.cells) {
            facts.extend(cell.value().map(|value| Fact {
                period: None,
                unit: UNIT.into(),
                form: form.id().into(),
                row: row.key.clone(),
                column: column.id.get_ref().as_str().into(),
                value: value.clone(),
                source: None,
            }));
        }
    }
    PreviousFigures::new(&facts)
}
