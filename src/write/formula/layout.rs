//! The positions of a template's forms on their sheets, in which names of rules are looked up.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::last_rows::LastRows;
use crate::extract::given::Given;
use crate::model::CellAddress;
use crate::schema::Form;
use crate::write::paper::grid::{Grid, GridRow};

/// Where everything landed.
#[derive(Debug)]
pub struct TemplateLayout {
    /// The sheets, in order.
    pub sheets: Vec<FormSheet>,
}

impl TemplateLayout {
    /// Sheet and address of a cell; `None` if the workbook has no such cell.
    pub fn cell(&self, form: &str, row: GridRow<'_>, column: &str) -> Option<(&str, CellAddress)> {
        let sheet = self.sheets.iter().find(|sheet| sheet.form.id() == form)?;
        let address = sheet.grid.cell(&sheet.form, row, column)?;
        Some((&sheet.sheet, address))
    }
}

/// One form on its sheet.
#[derive(Debug)]
pub struct FormSheet {
    /// The form.
    pub form: Arc<Form>,
    /// Name of the sheet.
    pub sheet: String,
    /// Which sheet of the workbook it is, counted from 0.
    pub index: usize,
    /// Where everything is on it.
    pub grid: Grid,
    /// Columns of the form whose figures the sheet holds as hundredths and shows as percentages:
    /// formulas cannot compare them as they are.
    pub shares: BTreeSet<usize>,
    /// Last period's rows, if it is a table the unit adds rows to.
    pub last_rows: Option<LastRows>,
    /// Its cells that the office has filled in a workbook of its own.
    pub given: Vec<Given>,
    /// Its live checks, top to bottom.
    pub checks: Vec<CheckCell>,
}

impl FormSheet {
    /// The cells that identify a row the unit adds (of the sheet, from 0), for formulas in other
    /// columns of the row.
    pub fn key_cells(&self, row: u32) -> Vec<String> {
        let columns = self.form.key_columns();
        let columns = columns.map(|key| self.grid.at(row, key));
        columns.map(|cell| format!("${cell}")).collect()
    }
}

/// A live check: a rule at one place, and the cell that shows its outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckCell {
    /// Id of the rule.
    pub rule: String,
    /// What must hold, as printed beside the cell.
    pub label: String,
    /// Where on the sheet it applies.
    pub place: CheckPlace,
    /// Where the outcome is shown: "✓", "…", or what is wrong.
    pub cell: CellAddress,
    /// True if it cannot be checked in this workbook.
    pub elsewhere: bool,
}

/// Where a live check applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckPlace {
    /// On a row of the sheet.
    Row(u32),
    /// On a column of the sheet.
    Column(u32),
    /// On every row the unit adds; it shows how many are wrong.
    AddedRows,
    /// On the total row.
    Total,
    /// Once.
    Once,
}
