//! A form as an office fills it in: plain values, before anything is drawn on a sheet.

use std::fmt;

/// Row name that means the total row of a free-row form in a [`CellChange`]. Elsewhere the total
/// row is left to whoever draws the sheet: the sum of the rows as they are.
pub const TOTAL_ROW: &str = "<tổng>";

/// What a clerk puts into a cell.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A figure, stored as a number.
    Number(f64),
    /// Words, or a figure stored as text.
    Text(String),
    /// An "x".
    Flag,
    /// Nothing.
    Blank,
}

impl From<u64> for Input {
    fn from(count: u64) -> Self {
        // Sample counts are far below 2^53.
        Input::Number(count as f64)
    }
}

impl fmt::Display for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Input::Number(number) => write!(f, "{number}"),
            Input::Text(text) => f.write_str(text),
            Input::Flag => f.write_str("x"),
            Input::Blank => Ok(()),
        }
    }
}

/// One row: its id (fixed rows) or its key (free rows), and its cells by column id.
#[derive(Debug, Clone, PartialEq)]
pub struct FilledRow {
    pub row: String,
    pub cells: Vec<(String, Input)>,
}

impl FilledRow {
    /// A row of counts.
    pub fn counts(row: &str, cells: &[(&str, u64)]) -> Self {
        let cells = cells
            .iter()
            .map(|&(column, count)| (column.to_owned(), count.into()));
        Self {
            row: row.to_owned(),
            cells: cells.collect(),
        }
    }

    /// A row with one cell.
    pub fn single(row: &str, column: &str, input: Input) -> Self {
        Self {
            row: row.to_owned(),
            cells: vec![(column.to_owned(), input)],
        }
    }

    /// The cell of a column.
    pub fn cell(&self, column: &str) -> Option<&Input> {
        self.cells
            .iter()
            .find(|(id, _)| id == column)
            .map(|(_, input)| input)
    }
}

/// One form of one unit. Rows in form order; free rows in the order they are written.
#[derive(Debug, Clone, PartialEq)]
pub struct FilledForm {
    pub form: &'static str,
    pub rows: Vec<FilledRow>,
}

impl FilledForm {
    /// The cell of a row and column.
    pub fn cell(&self, row: &str, column: &str) -> Option<&Input> {
        self.rows
            .iter()
            .find(|filled| filled.row == row)?
            .cell(column)
    }
}

/// All forms of one unit for one period.
#[derive(Debug, Clone, PartialEq)]
pub struct Filing {
    pub unit: Unit,
    pub forms: Vec<FilledForm>,
}

impl Filing {
    /// The form with this id.
    pub fn form(&self, form: &str) -> Option<&FilledForm> {
        self.forms.iter().find(|filled| filled.form == form)
    }

    /// The figure of a cell that holds one.
    pub fn number(&self, form: &str, row: &str, column: &str) -> f64 {
        match self.form(form).and_then(|form| form.cell(row, column)) {
            Some(Input::Number(number)) => *number,
            other => panic!(
                "{} {form} {row} {column}: no figure but {other:?}",
                self.unit.code
            ),
        }
    }
}

/// A line of `roster.csv`.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
pub struct Unit {
    pub code: String,
    pub name: String,
    pub kind: String,
    pub group: String,
}

impl Unit {
    /// A xã or phường?
    pub fn is_commune(&self) -> bool {
        self.kind != "so"
    }
}

/// Reads a roster.
pub fn read_roster(csv_text: &str) -> Vec<Unit> {
    csv::Reader::from_reader(csv_text.as_bytes())
        .deserialize()
        .map(|unit| unit.expect("the roster of a sample is well formed"))
        .collect()
}

/// A figure of the period before, as the archive holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct PreviousFact {
    pub unit: String,
    pub form: &'static str,
    pub row: String,
    pub column: String,
    pub value: Input,
}

/// What the archive holds of filings: every cell that is not blank.
pub fn facts(filings: &[Filing]) -> Vec<PreviousFact> {
    let mut facts = Vec::new();
    for filing in filings {
        for form in &filing.forms {
            for row in &form.rows {
                for (column, value) in row.cells.iter().filter(|(_, v)| *v != Input::Blank) {
                    facts.push(PreviousFact {
                        unit: filing.unit.code.clone(),
                        form: form.form,
                        row: row.row.clone(),
                        column: column.clone(),
                        value: value.clone(),
                    });
                }
            }
        }
    }
    facts
}
