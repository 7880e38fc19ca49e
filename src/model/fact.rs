//! One figure of one unit, with the place it was read from.

use std::sync::Arc;

use super::{CellAddress, Period, Value};

/// Where a figure was read: file, sheet, cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Path relative to the campaign, or as given on the command line; `/` between parts.
    pub file: Arc<str>,
    /// Sheet name as written in the workbook.
    pub sheet: Arc<str>,
    /// The cell.
    pub cell: CellAddress,
}

/// One figure: the value of (unit, form, row, column, period). A blank cell gives no fact.
#[derive(Debug, Clone, PartialEq)]
pub struct Fact {
    /// Period the figure is about; `None` for a workbook checked by itself that does not say.
    pub period: Option<Period>,
    /// Code of the reporting unit.
    pub unit: Arc<str>,
    /// Form id.
    pub form: Arc<str>,
    /// Row id of a fixed-row form; the row's key as typed in a free-row form.
    pub row: Arc<str>,
    /// Column id.
    pub column: Arc<str>,
    /// What the cell says.
    pub value: Value,
    /// Where it was read; `None` for a figure that comes from the archive.
    pub source: Option<Provenance>,
}
