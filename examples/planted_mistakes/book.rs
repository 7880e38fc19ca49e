//! A clean workbook and the two ways it may have been filled: every figure typed, or the
//! template's formulas alive. Mistakes are put into its cells, and the product reads it like any
//! submission.

use std::collections::BTreeSet;
use std::sync::Arc;

use tonghop::campaign::Campaign;
use tonghop::extract::{CellState, Table};
use tonghop::judge::{Received, ReceivedFile, check_alone};
use tonghop::model::value::number_from_f64;
use tonghop::model::{CellAddress, Finding, Number, Severity, Value};
use tonghop::rules::scope::{CellRef, RowRef};
use tonghop::workbook::{Cell, Content, Workbook};

use super::formulas::{Formula, formulas, recompute};

/// How a workbook was filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Every figure was typed, totals too: the mistaken cell changes alone.
    Typed,
    /// What the form computes are formulas: they follow the mistaken cell.
    Alive,
}

/// What somebody puts into a cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Typed {
    Number(Number),
    Flag(bool),
    Blank,
}

/// A cell and what is put into it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    pub at: CellRef,
    pub typed: Typed,
}

/// A unit's workbook that the product accepts.
pub struct Book {
    /// Unit code.
    pub unit: String,
    pub file: ReceivedFile,
    /// [`Way::Typed`] and [`Way::Alive`].
    pub variants: [Variant; 2],
}

/// A clean workbook, filled in one way.
pub struct Variant {
    pub workbook: Workbook,
    /// Its tables as the product reads them: the truth.
    pub tables: Vec<Table>,
    /// The cells that follow others.
    pub formulas: Vec<Formula>,
    /// What is reported of it without any mistake.
    told: BTreeSet<Told>,
    /// The notes among that, by rule. A workbook filled by the book should have none.
    pub notes: Vec<String>,
}

/// Rule, sheet, cell: a finding that is there with and without the mistake is not about it.
type Told = (String, Option<Arc<str>>, Option<CellAddress>);

/// What the product says of a workbook.
pub struct Answer {
    pub tables: Vec<Table>,
    /// What reading its cells gave rise to; among `findings`, too.
    pub reading: Vec<Finding>,
    pub findings: Vec<Finding>,
}

/// Lets the product read a workbook and evaluate every rule on it, as `tonghop check` does.
pub fn ask(campaign: &Campaign, file: &ReceivedFile, workbook: &Workbook) -> Answer {
    let mut received = Received::nothing(file);
    received.take(workbook, &campaign.forms, Some(&campaign.definition));
    let tables = received.tables.iter().map(|(table, _)| table.clone());
    let tables = tables.collect();
    let reading = received.tables.iter().flat_map(|(_, found)| found.clone());
    let reading = reading.collect();
    let (_, findings, _) = check_alone(received, Some(&campaign.definition));
    Answer {
        tables,
        reading,
        findings,
    }
}

impl Book {
    /// Both ways of a clean workbook; the error says why it is not clean.
    pub fn new(
        campaign: &Campaign,
        unit: &str,
        file: ReceivedFile,
        workbook: &Workbook,
    ) -> Result<Book, String> {
        let variant = |way| Variant::new(campaign, unit, &file, workbook.clone(), way);
        let variants = [variant(Way::Typed)?, variant(Way::Alive)?];
        Ok(Book {
            unit: unit.to_owned(),
            file,
            variants,
        })
    }

    pub fn variant(&self, way: Way) -> &Variant {
        match way {
            Way::Typed => &self.variants[0],
            Way::Alive => &self.variants[1],
        }
    }
}

impl Variant {
    fn new(
        campaign: &Campaign,
        unit: &str,
        file: &ReceivedFile,
        mut workbook: Workbook,
        way: Way,
    ) -> Result<Variant, String> {
        let tables = ask(campaign, file, &workbook).tables;
        let formulas = match way {
            Way::Typed => Vec::new(),
            Way::Alive => formulas(unit, &tables),
        };
        for (at, address) in places(&tables) {
            let sheet = &tables[at.table].sheet;
            let sheet = workbook.sheets.iter_mut().find(|s| s.name == *sheet);
            let cell = sheet.and_then(|sheet| sheet.cells.get_mut(&address));
            if let Some(cell) = cell {
                let follows = formulas.iter().any(|formula| formula.at == at);
                // A formula whose text the file does not spell out, as xls files have it.
                cell.formula = follows.then(String::new);
            }
        }
        let mut variant = Variant {
            workbook,
            tables,
            formulas,
            told: BTreeSet::new(),
            notes: Vec::new(),
        };
        // What the formulas show must be what was accepted.
        variant.workbook = variant.planted(campaign, unit, &[]);
        let answer = ask(campaign, file, &variant.workbook);
        if let Some(finding) = answer
            .findings
            .iter()
            .find(|f| f.severity == Severity::Error)
        {
            return Err(format!("{}: {}", finding.rule, finding.message.en));
        }
        variant.tables = answer.tables;
        variant.told = answer.findings.iter().map(told).collect();
        let notes = answer.findings.iter();
        let notes = notes.filter(|finding| finding.severity == Severity::Info);
        variant.notes = notes.map(|finding| finding.rule.clone()).collect();
        Ok(variant)
    }

    /// The workbook with some cells changed and its formulas computed again.
    pub fn planted(&self, campaign: &Campaign, unit: &str, changes: &[Change]) -> Workbook {
        let mut workbook = self.workbook.clone();
        for change in changes {
            self.put(&mut workbook, change.at, change.typed, None);
        }
        if self.formulas.is_empty() {
            return workbook;
        }
        let mut seen = as_excel_sees(&self.tables, &workbook);
        recompute(&mut seen, unit, campaign.previous.as_ref(), &self.formulas);
        for formula in &self.formulas {
            let typed = match state(&seen, formula.at) {
                Some(CellState::Value(Value::Number(number))) => Typed::Number(*number),
                _ => Typed::Blank,
            };
            self.put(&mut workbook, formula.at, typed, Some(String::new()));
        }
        workbook
    }

    fn put(&self, workbook: &mut Workbook, at: CellRef, typed: Typed, formula: Option<String>) {
        let Some((sheet, address)) = self.place(at) else {
            return;
        };
        let sheet = workbook.sheets.iter_mut().find(|s| s.name == sheet);
        let Some(sheet) = sheet else { return };
        let content = match (typed, &formula) {
            (Typed::Number(number), _) => Content::Number(to_f64(number)),
            (Typed::Flag(true), _) => Content::Text("x".into()),
            (_, Some(_)) => Content::EmptyText,
            (_, None) => {
                sheet.cells.remove(&address);
                return;
            }
        };
        let style = sheet
            .cells
            .get(&address)
            .and_then(|cell| cell.style.clone());
        let cell = Cell {
            content,
            formula,
            style,
        };
        sheet.cells.insert(address, cell);
    }

    /// Sheet and address of a cell.
    pub fn place(&self, at: CellRef) -> Option<(Arc<str>, CellAddress)> {
        let table = self.tables.get(at.table)?;
        let row = match at.row {
            RowRef::Row(row) => table.rows.get(row)?,
            RowRef::Total => table.total.as_ref()?,
        };
        Some((table.sheet.clone(), row.cells.get(at.column)?.address?))
    }

    /// The right content of a cell.
    pub fn truth(&self, at: CellRef) -> Typed {
        match state(&self.tables, at) {
            Some(CellState::Value(Value::Number(number))) => Typed::Number(*number),
            Some(CellState::Value(Value::Flag(flag))) => Typed::Flag(*flag),
            _ => Typed::Blank,
        }
    }

    /// Was this reported of the clean workbook, too?
    pub fn knows(&self, finding: &Finding) -> bool {
        self.told.contains(&told(finding))
    }
}

fn told(finding: &Finding) -> Told {
    (finding.rule.clone(), finding.sheet.clone(), finding.cell)
}

/// The double a spreadsheet stores for a figure.
pub fn to_f64(number: Number) -> f64 {
    number.to_string().parse().expect("a decimal is a number")
}

/// Every cell of the tables with its address.
pub fn places(tables: &[Table]) -> Vec<(CellRef, CellAddress)> {
    let mut places = Vec::new();
    for (table, read) in tables.iter().enumerate() {
        let rows = read.rows.iter().enumerate();
        let rows = rows.map(|(i, row)| (RowRef::Row(i), row));
        let total = read.total.iter().map(|row| (RowRef::Total, row));
        for (row, cells) in rows.chain(total) {
            for (column, cell) in cells.cells.iter().enumerate() {
                let at = CellRef { table, row, column };
                places.extend(cell.address.map(|address| (at, address)));
            }
        }
    }
    places
}

/// What a cell of the tables holds.
pub fn state(tables: &[Table], at: CellRef) -> Option<&CellState> {
    let table = tables.get(at.table)?;
    let row = match at.row {
        RowRef::Row(row) => table.rows.get(row)?,
        RowRef::Total => table.total.as_ref()?,
    };
    Some(&row.cells.get(at.column)?.state)
}

/// Puts something into a cell of the tables.
pub fn set(tables: &mut [Table], at: CellRef, state: CellState) {
    let Some(table) = tables.get_mut(at.table) else {
        return;
    };
    let row = match at.row {
        RowRef::Row(row) => table.rows.get_mut(row),
        RowRef::Total => table.total.as_mut(),
    };
    if let Some(cell) = row.and_then(|row| row.cells.get_mut(at.column)) {
        cell.state = state;
    }
}

/// The tables with what formulas compute with: a number in a cell is a number, whatever the form
/// thinks of it; anything else that is no tick is nothing.
fn as_excel_sees(tables: &[Table], workbook: &Workbook) -> Vec<Table> {
    let mut seen = tables.to_vec();
    for (at, address) in places(tables) {
        let sheet = &tables[at.table].sheet;
        let sheet = workbook.sheets.iter().find(|s| s.name == *sheet);
        let content = sheet
            .and_then(|s| s.cells.get(&address))
            .map(|c| &c.content);
        let now = match content {
            Some(Content::Number(double)) => number_from_f64(*double).map(Value::Number),
            Some(Content::Text(text)) => text_value(text, state(tables, at)),
            _ => None,
        };
        set(
            &mut seen,
            at,
            now.map_or(CellState::Blank, CellState::Value),
        );
    }
    seen
}

/// A tick, or a figure that the product reads out of a text and that stayed as it was.
fn text_value(text: &str, read: Option<&CellState>) -> Option<Value> {
    match read {
        Some(CellState::Value(value)) => Some(value.clone()),
        _ if text.trim().eq_ignore_ascii_case("x") => Some(Value::Flag(true)),
        _ => None,
    }
}
