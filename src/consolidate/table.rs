//! What consolidation yields: for each form one line a unit, subtotals and the province's total.

use std::sync::Arc;

use crate::model::{Number, Provenance, ReportingUnit, Value};
use crate::schema::{Form, Indicator};

/// Everything consolidated in one run.
#[derive(Debug)]
pub struct Consolidated {
    /// One table a form, in campaign order.
    pub forms: Vec<FormTable>,
    /// The report's figures, in campaign order.
    pub figures: Vec<Figure>,
}

/// One form, consolidated.
#[derive(Debug)]
pub struct FormTable {
    /// The form.
    pub form: Arc<Form>,
    /// The fields that `values` of a line hold, in order: every (row, column) of a fixed-row form,
    /// every value column of a free-row form.
    pub fields: Vec<TableField>,
    /// One line for each unit that must file figures of its own, by kind, then group, in roster
    /// order.
    pub lines: Vec<UnitLine>,
    /// One line for each unit that must file the sum of others: shown, never added.
    pub sums: Vec<UnitLine>,
    /// Totals of each (kind, group) that has lines, in the order of `lines`.
    pub subtotals: Vec<Subtotal>,
    /// How many units had to file figures of their own; `None` for a closed period whose archive does not say.
    pub expected: Option<usize>,
    /// The province's totals, one a field; `None` where nothing was filed or nothing is added.
    pub total: Vec<Option<Value>>,
}

impl FormTable {
    /// Must the column (of the form file, from 0) be filled in the rows that units add? The key
    /// column always must.
    pub fn asks(&self, column: usize) -> bool {
        let field = TableField { row: None, column };
        self.form.key_column() == Some(column) || self.fields.contains(&field)
    }
}

impl TableField {
    /// The field as rules name it: `row.column`, or the column of a free-row form.
    pub fn name(&self, form: &Form) -> String {
        let id = |indicator: &Indicator| indicator.id.get_ref().clone();
        let column = form.file.columns.get(self.column).map_or(String::new(), id);
        match self.row.and_then(|row| form.file.rows.get(row)) {
            Some(row) => format!("{}.{column}", id(row)),
            None => column,
        }
    }
}

/// A value column of the consolidated table.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct TableField {
    /// Index into `Form::rows`; `None` in a free-row form.
    pub row: Option<usize>,
    /// Index into `Form::columns`.
    pub column: usize,
}

/// Is a unit's form in the totals?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineState {
    /// It is.
    Accepted,
    /// It was filed with errors and stays out.
    Returned,
    /// It was not filed.
    Missing,
}

/// One unit's form.
#[derive(Debug)]
pub struct UnitLine {
    /// The unit.
    pub unit: Arc<ReportingUnit>,
    /// Is it in the totals?
    pub state: LineState,
    /// File the figures come from, if accepted.
    pub file: Option<Arc<str>>,
    /// One a field; for a free-row form the unit's own totals. All `None` unless accepted.
    pub values: Vec<Option<Value>>,
    /// Where each value of a fixed-row form was read.
    pub sources: Vec<Option<Provenance>>,
    /// The rows of a free-row form, in the order of the sheet. Empty unless accepted.
    pub rows: Vec<FreeRow>,
}

/// A row a unit added to a free-row form.
#[derive(Debug, Clone)]
pub struct FreeRow {
    /// The text in its key column.
    pub key: Arc<str>,
    /// One a column of the form (all columns, key included); `None` for a blank.
    pub values: Vec<Option<Value>>,
    /// Where its first cell was read.
    pub source: Option<Provenance>,
}

/// Totals of one group of one kind.
#[derive(Debug)]
pub struct Subtotal {
    /// Kind id.
    pub kind: String,
    /// Group name.
    pub group: String,
    /// One a field.
    pub values: Vec<Option<Value>>,
}

/// A figure of the report.
#[derive(Debug, Clone)]
pub struct Figure {
    /// Id: `A01`.
    pub id: String,
    /// What it is.
    pub label: String,
    /// The value; `None` if nothing it needs was filed.
    pub value: Option<Value>,
    /// Declared decimals, if it is a figure with any.
    pub decimals: Option<u32>,
    /// Unit of measure.
    pub unit: Option<String>,
    /// Codes of units whose form this figure needs and that are not in the totals.
    pub lacking: Vec<Arc<str>>,
}

impl Figure {
    /// The figure as a report prints it: 3.259, 53,22, words; empty if there is none.
    pub fn text(&self) -> String {
        match (&self.value, self.decimals) {
            (Some(Value::Number(number)), Some(decimals)) => {
                crate::model::value::format_fixed(*number, decimals)
            }
            (Some(value), _) => value.to_string(),
            (None, _) => String::new(),
        }
    }

    /// The figure, if it is a number.
    pub fn number(&self) -> Option<Number> {
        self.value.as_ref().and_then(Value::as_number)
    }
}
