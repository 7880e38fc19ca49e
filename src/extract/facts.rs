//! Conversion of a table to facts and back, so that the form of a closed period can be consolidated
//! again from its archived facts.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::table::{CellState, Table, TableCell, TableRow};
use crate::model::{Fact, Number, Period, Provenance, Value};
use crate::schema::{FieldType, Form};
use crate::text::normalise;

impl Table {
    /// Every value of the table as a fact of `unit`, without the total row. The name of a free row
    /// is the `row` of the row's facts. It is a fact of its own only if that would lose it: in a
    /// row with nothing else in it, and in a row whose name another row has too.
    pub fn facts(&self, unit: &Arc<str>, period: Option<Period>) -> Vec<Fact> {
        let form: Arc<str> = self.form.id().into();
        let columns = self.form.file.columns.iter();
        let columns: Vec<Arc<str>> = columns.map(|c| c.id.get_ref().as_str().into()).collect();
        let fact = |row: &TableRow, column: usize| {
            let cell = row.cells.get(column)?;
            Some(Fact {
                period,
                unit: unit.clone(),
                form: form.clone(),
                row: row.key.clone(),
                column: columns[column].clone(),
                value: cell.value()?.clone(),
                source: Some(Provenance {
                    file: self.file.clone(),
                    sheet: self.sheet.clone(),
                    cell: cell.address?,
                }),
            })
        };
        let facts = self.rows.iter().flat_map(|row| {
            let own = 0..row.cells.len();
            own.filter(|column| !self.key_says(row, *column))
                .filter_map(|column| fact(row, column))
                .collect::<Vec<Fact>>()
        });
        facts.collect()
    }

    /// Is the cell the name of its row, and already recorded as `row` of the row's other facts?
    fn key_says(&self, row: &TableRow, column: usize) -> bool {
        let Some(key) = self.form.key_column().filter(|key| *key == column) else {
            return false;
        };
        if !self.form.is_free() {
            return true;
        }
        let others = row.cells.iter().enumerate().filter(|(at, _)| *at != key);
        let named = others.filter(|(_, cell)| cell.value().is_some()).count() > 0;
        let typed = row.cells.get(key).and_then(TableCell::value);
        named && typed.is_none_or(|typed| same(typed, &key_value(&self.form, key, &row.key)))
    }

    /// The table whose facts these are, all of one unit and of this form: rows and columns that the
    /// form does not have are left out. Addresses, formulas and the total row are not kept in
    /// facts. Two rows of one name stay two rows as long as the facts of a row follow each other.
    pub fn from_facts<'a>(form: &Arc<Form>, facts: impl IntoIterator<Item = &'a Fact>) -> Table {
        let mut rows = Rows::new(form);
        for fact in facts {
            rows.put(fact);
        }
        Table {
            form: form.clone(),
            file: "".into(),
            sheet: "".into(),
            rows: rows.rows,
            total: None,
            incomplete: false,
            overwritten: Default::default(),
            formulas: Default::default(),
            texts: Default::default(),
        }
    }
}

/// Gives archived values the types of their fields, as the archive keeps figures and texts only.
/// Facts of other forms stay as they are.
pub fn retype(facts: &mut [Fact], forms: &[Arc<Form>]) {
    for fact in facts {
        let form = forms.iter().find(|form| *form.id() == *fact.form);
        let field = form.and_then(|form| {
            let column = form.column(&fact.column)?;
            form.field(form.row(&fact.row), column)
        });
        if let Some(field) = field {
            fact.value = typed(field.kind, &fact.value);
        }
    }
}

/// The rows of a table, as facts fill them.
struct Rows<'a> {
    form: &'a Form,
    rows: Vec<TableRow>,
    /// The newest free row of each key.
    newest: HashMap<Arc<str>, usize>,
}

impl<'a> Rows<'a> {
    fn new(form: &'a Form) -> Rows<'a> {
        let fixed = form.file.rows.iter().enumerate();
        let rows = fixed.map(|(at, row)| blank_row(form, Some(at), row.id.get_ref().as_str()));
        Rows {
            form,
            rows: rows.collect(),
            newest: HashMap::new(),
        }
    }

    fn put(&mut self, fact: &Fact) {
        let Some(column) = self.form.column(&fact.column) else {
            return;
        };
        let row = match self.form.is_free() {
            true => Some(self.free_row(&fact.row, column)),
            false => self.form.row(&fact.row),
        };
        let Some(row) = row else { return };
        let known = (!self.form.is_free()).then_some(row);
        let Some(field) = self.form.field(known, column) else {
            return;
        };
        let value = typed(field.kind, &fact.value);
        self.rows[row].cells[column].state = CellState::Value(value);
    }

    /// The row a fact of a free-row form belongs to: the newest of its key, or a new one if that
    /// has a value in the column already.
    fn free_row(&mut self, key: &Arc<str>, column: usize) -> usize {
        let name = self.form.key_column();
        let open =
            self.newest.get(key).copied().filter(|row| {
                Some(column) == name || self.rows[*row].cells[column].value().is_none()
            });
        open.unwrap_or_else(|| {
            let mut row = blank_row(self.form, None, key);
            if let Some(name) = name {
                row.cells[name].state = CellState::Value(key_value(self.form, name, key));
            }
            self.rows.push(row);
            let row = self.rows.len() - 1;
            self.newest.insert(key.clone(), row);
            row
        })
    }
}

/// A row in which nothing is filled; cells that the form does not have are absent.
fn blank_row(form: &Form, row: Option<usize>, key: &str) -> TableRow {
    let cell = |column| TableCell {
        address: None,
        state: match form.field(row, column) {
            Some(_) => CellState::Blank,
            None => CellState::Absent,
        },
    };
    TableRow {
        row,
        key: key.into(),
        cells: (0..form.file.columns.len()).map(cell).collect(),
    }
}

/// A row's key as a value of the key column.
fn key_value(form: &Form, column: usize, key: &str) -> Value {
    let kind = form.field(None, column).map(|field| field.kind);
    typed(
        kind.unwrap_or(FieldType::Text),
        &Value::Text(key.to_owned()),
    )
}

/// Converts an archived value (figure or text) to the type of its field; one that cannot be
/// converted stays as it is.
fn typed(kind: FieldType, kept: &Value) -> Value {
    let value = match (kind, kept) {
        (FieldType::Flag, Value::Number(number)) => Some(Value::Flag(*number != Number::ZERO)),
        (FieldType::Flag, Value::Text(text)) => match normalise(text).as_str() {
            "x" => Some(Value::Flag(true)),
            "không" => Some(Value::Flag(false)),
            _ => None,
        },
        (FieldType::Date, Value::Text(text)) => ["%Y-%m-%d", "%d/%m/%Y"]
            .iter()
            .find_map(|written| NaiveDate::parse_from_str(text, written).ok())
            .map(Value::Date),
        (FieldType::Text | FieldType::Choice | FieldType::Code, Value::Number(number)) => {
            Some(Value::Text(number.normalize().to_string()))
        }
        _ => None,
    };
    value.unwrap_or_else(|| kept.clone())
}

fn same(typed: &Value, key: &Value) -> bool {
    match (typed, key) {
        (Value::Text(typed), Value::Text(key)) => normalise(typed) == normalise(key),
        _ => typed == key,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn archived_days_are_days_again() {
        let form = "id = \"f\"\nversion = \"1\"\ntitle = \"T\"\nsheet = \"T\"\n\
            [layout]\nrows = \"free\"\n\
            [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
            [[column]]\nid = \"ngay\"\nlabel = \"Ngày\"\ntype = \"date\"\n";
        let form = Arc::new(Form::parse("f.toml", form).unwrap());
        let fact = |form: &str, column: &str| Fact {
            period: None,
            unit: "A".into(),
            form: form.into(),
            row: "Hộ tịch".into(),
            column: column.into(),
            value: Value::Text("2025-07-12".to_owned()),
            source: None,
        };
        let mut facts = [fact("f", "ngay"), fact("f", "ten"), fact("khac", "ngay")];
        retype(&mut facts, &[form]);
        let day = NaiveDate::from_ymd_opt(2025, 7, 12).unwrap();
        let text = Value::Text("2025-07-12".to_owned());
        let values: Vec<Value> = facts.into_iter().map(|fact| fact.value).collect();
        assert_eq!(values, [Value::Date(day), text.clone(), text]);
    }
}
