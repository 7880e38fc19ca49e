//! State while a table is read: its place and form, which do not change, and what has been read and
//! found so far.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::extract::grid::Texts;
use crate::extract::locate::Located;
use crate::model::value::echoed;
use crate::model::{CellAddress, Class, Filer, Finding, Message, Period, Severity, Value};
use crate::schema::{Field, FieldType, Form, Indicator};
use crate::workbook::{Merge, Sheet};

/// The table that is read, and what is known of it before any cell is.
pub(super) struct ReadContext<'a> {
    /// The file, as findings name it.
    pub(super) file: &'a Arc<str>,
    pub(super) form: &'a Arc<Form>,
    pub(super) sheet: &'a Sheet,
    /// The reporting unit, if known.
    pub(super) filer: Option<Filer<'a>>,
    pub(super) texts: Texts<'a>,
    pub(super) located: &'a Located,
    /// What the figures are about, if that is settled.
    pub(super) period: Option<Period>,
}

impl ReadContext<'_> {
    /// The cell that names a row of the sheet (from 0) in a list.
    pub(super) fn name_cell(&self, row: u32) -> Option<CellAddress> {
        let key = self.form.key_column()?;
        let column = self.located.header.columns[key]?;
        Some(CellAddress::new(row, column))
    }

    /// Must the unit fill this row? A row for some units only may be left out of the template of
    /// the others, so where the unit is not known the row's absence says that it need not.
    pub(super) fn asks(&self, row: &Indicator, present: bool) -> bool {
        let filers = row.filers();
        match self.filer {
            Some(filer) => filers.have(filer),
            None => filers.are_all() || present,
        }
    }

    /// The name of a cell in messages: "Tổng cộng › Số hồ sơ"; in rows that units add with the name
    /// that the row has on the sheet.
    pub(super) fn label(&self, row: Option<usize>, column: usize, at: CellAddress) -> String {
        let label = self.form.cell_label(row, column);
        let is_key = self.form.key_column() == Some(column);
        match (row, self.typed_name(at.row).filter(|_| !is_key)) {
            (None, Some(name)) => format!("{name} › {label}"),
            _ => label,
        }
    }

    /// The name of a row (of the sheet, from 0) in messages; `None` if it has none.
    pub(super) fn row_name(&self, row: Option<usize>, place: u32) -> Option<String> {
        match row {
            Some(row) => Some(self.form.row_label(row)),
            None => self.typed_name(place),
        }
    }

    /// What a row that units add is called on the sheet.
    fn typed_name(&self, row: u32) -> Option<String> {
        let key = self.form.key_column()?;
        let place = (*self.located.header.columns.get(key)?)?;
        let name = self.sheet.text_at(CellAddress::new(row, place));
        name.map(echoed).filter(|name| !name.is_empty())
    }

    /// A finding about the table, at a cell if it is about one.
    pub(super) fn finding(
        &self,
        check: ReadCheck,
        cell: Option<CellAddress>,
        message: Message,
    ) -> Finding {
        let (rule, class, severity) = (check.rule, check.class, check.severity);
        let finding =
            Finding::new(rule, class, severity, self.file, message).of_form(self.form.id());
        match cell {
            Some(cell) => finding.at(&self.sheet.name, cell),
            None => finding.on(&self.sheet.name),
        }
    }
}

/// The outcome of reading so far.
#[derive(Default)]
pub(super) struct ReadLog {
    pub(super) findings: Vec<Finding>,
    /// Cells that hold figures as text and were read all the same.
    pub(super) noted: Vec<CellAddress>,
    /// Cells that were read or are known not to be figures.
    pub(super) seen: BTreeSet<CellAddress>,
    /// Blank cells where a figure is due.
    pub(super) missing: Vec<MissingFigure>,
    /// Those that were reported, each with the cell at which it is told.
    pub(super) blanks: Vec<(CellAddress, CellAddress)>,
    /// Cells hidden by a merged range that shows another cell's figure, each with its label.
    pub(super) merged: Vec<(Merge, CellAddress, String)>,
    /// Cells of the table that are struck out, contents and all.
    pub(super) struck: Vec<CellAddress>,
    /// Cells of the total row under columns of marks, each with the column of the form file, from 0.
    pub(super) mark_counts: Vec<(CellAddress, usize)>,
    /// Cells whose formula is unlike its neighbours'.
    pub(super) drifted: BTreeSet<CellAddress>,
    /// Formulas whose result is the empty text, in cells where the form requires a figure.
    pub(super) empty_results: Vec<CellAddress>,
    /// Locked figures of the office's own template that are not what they were.
    pub(super) changed: Vec<Changed>,
    /// Has anybody typed anything into a cell of the table?
    pub(super) filled: bool,
}

/// A blank cell where something is due.
pub(super) struct MissingFigure {
    pub(super) address: CellAddress,
    pub(super) label: String,
    /// The name of its row.
    pub(super) row: Option<String>,
    pub(super) due: Due,
}

/// A figure of the template that the file shows differently.
pub(super) struct Changed {
    pub(super) at: CellAddress,
    pub(super) label: String,
    pub(super) given: f64,
}

/// What a blank cell should hold: 0 says that there is none only where a plain figure is due.
pub(super) enum Due {
    Figure,
    /// A ratio with operands, which is blank where its denominator is 0.
    Ratio,
    Choice(Vec<String>),
    Date,
    Mark,
    Words,
}

impl Due {
    pub(super) fn of(field: &Field) -> Due {
        match field.kind {
            _ if field.ratio.is_some() => Due::Ratio,
            kind if kind.is_numeric() => Due::Figure,
            FieldType::Choice => Due::Choice(field.choices.clone()),
            FieldType::Date => Due::Date,
            FieldType::Flag => Due::Mark,
            _ => Due::Words,
        }
    }

    pub(super) fn is_numeric(&self) -> bool {
        matches!(self, Due::Figure | Due::Ratio)
    }
}

impl ReadLog {
    /// Adds a finding about the table.
    pub(super) fn report(
        &mut self,
        context: &ReadContext<'_>,
        check: ReadCheck,
        cell: Option<CellAddress>,
        message: Message,
    ) {
        self.findings.push(context.finding(check, cell, message));
    }

    /// Adds a finding about a cell that holds something.
    pub(super) fn report_value(
        &mut self,
        context: &ReadContext<'_>,
        check: ReadCheck,
        cell: CellAddress,
        value: Option<Value>,
        message: Message,
    ) {
        let finding = context.finding(check, Some(cell), message);
        self.findings.push(finding.value(value));
    }
}

/// A check made while reading: its id, the class of its findings and how much they matter.
#[derive(Debug, Clone, Copy)]
pub(super) struct ReadCheck {
    pub(super) rule: &'static str,
    class: Class,
    severity: Severity,
}

impl ReadCheck {
    pub(super) const fn new(rule: &'static str, class: Class, severity: Severity) -> ReadCheck {
        ReadCheck {
            rule,
            class,
            severity,
        }
    }

    /// Something of the table is not where or what it should be.
    pub(super) const fn structure(rule: &'static str, severity: Severity) -> ReadCheck {
        ReadCheck::new(rule, Class::Structure, severity)
    }
}

/// The first few of some cells: "C7, C9, C12...".
pub(super) fn listed(cells: &[CellAddress]) -> String {
    const SHOWN: usize = 5;
    let shown: Vec<String> = cells.iter().take(SHOWN).map(ToString::to_string).collect();
    let more = if cells.len() > SHOWN { "..." } else { "" };
    format!("{}{more}", shown.join(", "))
}
