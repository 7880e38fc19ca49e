//! Reads a located table: every cell by its field, everything doubtful as a finding at its cell.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::cell::{self, Reading};
use super::grid::Texts;
use super::letters;
use super::locate::Located;
use super::rows::{self, FreeRow};
use super::table::{CellState, Table, TableCell, TableRow};
use crate::model::{CellAddress, Finding, Period, Value};
use crate::schema::{Form, Indicator, Meaning};
use crate::workbook::{Content, Sheet, Workbook};

/// Reads one table of one workbook.
pub(super) struct Reader<'a> {
    pub(super) file: &'a Arc<str>,
    pub(super) form: &'a Arc<Form>,
    pub(super) sheet: &'a Sheet,
    pub(super) unit_kind: Option<&'a str>,
    pub(super) texts: Texts<'a>,
    pub(super) located: &'a Located,
    pub(super) findings: Vec<Finding>,
    /// Cells that hold figures as text and were read all the same.
    pub(super) noted: Vec<CellAddress>,
    /// Cells that were read or are known not to be figures.
    pub(super) seen: BTreeSet<CellAddress>,
    pub(super) missing: Vec<(CellAddress, String)>,
    /// Formulas whose result is the empty text, where that is not what the form means by nothing.
    pub(super) empty_results: Vec<CellAddress>,
    pub(super) period: Option<Period>,
    /// Has anybody typed anything into a cell of the table?
    pub(super) filled: bool,
}

/// Reads a located table. `unit_kind` is the kind of the reporting unit, if known: rows that its
/// kind is not asked are absent. `period` is what the figures are about, if that is settled.
pub fn read_table(
    workbook: &Workbook,
    file: &Arc<str>,
    located: &Located,
    unit_kind: Option<&str>,
    period: Option<Period>,
) -> (Table, Vec<Finding>) {
    let sheet = &workbook.sheets[located.sheet];
    let mut reader = Reader {
        file,
        form: &located.form,
        sheet,
        unit_kind,
        texts: Texts::new(sheet),
        located,
        findings: Vec::new(),
        noted: Vec::new(),
        seen: BTreeSet::new(),
        missing: Vec::new(),
        empty_results: Vec::new(),
        period,
        filled: false,
    };
    reader.report_missing_columns();
    let table = if located.form.is_free() {
        reader.free_table()
    } else {
        reader.fixed_table()
    };
    reader.finish(table)
}

impl Reader<'_> {
    fn fixed_table(&mut self) -> Table {
        let header = &self.located.header;
        let by_label = rows::fixed(self.form, &self.texts, header, self.located.last);
        let places = match &self.located.anchors {
            Some(anchors) => anchors.rows(self.form, &self.texts, header, by_label),
            None => by_label,
        };
        let form = self.form.clone();
        self.report_missing_rows(&places);
        self.report_relabelled(&places);
        let mut table_rows = Vec::new();
        let mut counter = 0;
        for (i, row) in form.file.rows.iter().enumerate() {
            let asked = self.asks(row, places[i].is_some());
            if let (Some(place), false) = (places[i], row.heading) {
                counter += 1;
                self.check_ordinal(place, row.no.as_deref(), counter);
            }
            let cells = (0..form.file.columns.len())
                .map(|column| self.table_cell(Some(i), column, places[i], asked))
                .collect();
            table_rows.push(TableRow {
                row: Some(i),
                key: row.id.get_ref().as_str().into(),
                cells,
            });
        }
        Table {
            form,
            file: self.file.clone(),
            sheet: self.sheet.name.clone(),
            rows: table_rows,
            total: None,
            incomplete: false,
            overwritten: BTreeSet::new(),
            formulas: BTreeSet::new(),
        }
    }

    /// Is the unit asked this row? A row for some kinds only may be left out of the template of the
    /// others, so where the kind is not known the row's absence says it is not asked.
    pub(super) fn asks(&self, row: &Indicator, present: bool) -> bool {
        match (&row.kinds, self.unit_kind) {
            (Some(kinds), Some(kind)) => kinds.iter().any(|k| k == kind),
            (Some(_), None) => present,
            (None, _) => true,
        }
    }

    fn free_table(&mut self) -> Table {
        let form = self.form.clone();
        self.report_relabelled(&[]);
        let mut table = Table {
            form: form.clone(),
            file: self.file.clone(),
            sheet: self.sheet.name.clone(),
            rows: Vec::new(),
            total: None,
            incomplete: false,
            overwritten: BTreeSet::new(),
            formulas: BTreeSet::new(),
        };
        let mut keys: HashMap<String, u32> = HashMap::new();
        let mut counter = 0;
        let total = self
            .located
            .anchors
            .as_ref()
            .and_then(|anchors| anchors.total);
        let header = &self.located.header;
        let found = rows::free(&form, &self.texts, header, total, self.located.last);
        for free in found {
            match free {
                FreeRow::Data { row, key } => {
                    counter += 1;
                    self.check_ordinal(row, None, counter);
                    if self.is_untouched(row, &key) {
                        self.seen.extend(self.addresses(row));
                        continue;
                    }
                    let cells = self.row_cells(row);
                    let key = self.unique_key(&mut keys, key, row);
                    table.rows.push(TableRow {
                        row: None,
                        key: key.into(),
                        cells,
                    });
                }
                FreeRow::Nameless { row } => {
                    table.incomplete = true;
                    self.report_nameless(row);
                }
                FreeRow::Total { row } => {
                    let cells = self.total_cells(row);
                    table.total = Some(TableRow {
                        row: None,
                        key: "".into(),
                        cells,
                    });
                }
            }
        }
        if let (Some(label), None) = (&form.file.layout.total, &table.total) {
            self.report_missing_total(label);
        }
        table
    }

    fn row_cells(&mut self, row: u32) -> Vec<TableCell> {
        (0..self.form.file.columns.len())
            .map(|column| self.table_cell(None, column, Some(row), true))
            .collect()
    }

    /// A date that leaves the period only because day and month are swapped is asked about.
    fn in_period(&self, reading: Reading) -> Reading {
        let (Reading::Value(Value::Date(date)) | Reading::Noted(Value::Date(date)), Some(period)) =
            (&reading, self.period)
        else {
            return reading;
        };
        cell::swapped_date(*date, period).unwrap_or(reading)
    }

    /// Cells of the total row: only what can be added is looked at, and a blank is no mistake yet.
    fn total_cells(&mut self, row: u32) -> Vec<TableCell> {
        let form = self.form.clone();
        (0..form.file.columns.len())
            .map(|column| match form.field(None, column) {
                Some(field) if field.kind.is_numeric() => {
                    let before = (self.missing.len(), self.empty_results.len());
                    let cell = self.table_cell(None, column, Some(row), true);
                    self.missing.truncate(before.0);
                    self.empty_results.truncate(before.1);
                    cell
                }
                _ => TableCell::ABSENT,
            })
            .collect()
    }

    fn table_cell(
        &mut self,
        form_row: Option<usize>,
        column: usize,
        sheet_row: Option<u32>,
        asked: bool,
    ) -> TableCell {
        let form = self.form.clone();
        let place = sheet_row.zip(self.located.header.columns[column]);
        let address = place.map(|(row, column)| CellAddress::new(row, column));
        let Some(field) = form.field(form_row, column).filter(|_| asked) else {
            if let Some(address) = address {
                self.report_unasked(form_row, column, address);
            }
            return TableCell::ABSENT;
        };
        let Some(address) = address else {
            return TableCell {
                address: None,
                state: CellState::Unreadable,
            };
        };
        self.seen.insert(address);
        let cell = self.sheet.cells.get(&address);
        self.filled |= cell.is_some_and(|cell| self.is_answer(cell, field, form_row, column));
        let reading = letters::with_plain_mark(cell::read(cell, field), cell, field);
        let reading = self.in_period(reading);
        let shows_nothing = cell.is_some_and(|cell| cell.content == Content::EmptyText);
        let by_design = field.computed && field.blank == Meaning::Nothing;
        if shows_nothing && reading != Reading::Missing && !by_design {
            self.empty_results.push(address);
        }
        let state = match reading {
            Reading::Value(value) => CellState::Value(value),
            Reading::Noted(value) => {
                // With a footnote mark it is noted for that.
                if !self.sheet.marks.contains_key(&address) {
                    self.noted.push(address);
                }
                CellState::Value(value)
            }
            Reading::Blank => CellState::Blank,
            Reading::Missing => {
                self.missing
                    .push((address, form.cell_label(form_row, column)));
                CellState::Blank
            }
            Reading::Problem(problem) => self.report_problem(*problem, form_row, column, address),
        };
        TableCell {
            address: Some(address),
            state,
        }
    }
}
