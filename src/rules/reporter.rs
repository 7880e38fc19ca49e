//! A reporting unit among the others of its campaign, for checks that look across units.

use std::sync::Arc;

use super::scope::{CellRef, UnitTables};
use crate::extract::Table;
use crate::model::{CellAddress, Finding, ReportingUnit};

/// One unit with its tables.
pub struct Reporter<'a> {
    /// The unit.
    pub unit: &'a ReportingUnit,
    /// Its tables and its last period.
    pub tables: UnitTables<'a>,
    /// Forms it must file.
    pub owes: Vec<&'a str>,
    /// Forms among its tables that an error keeps out of the totals, as far as is known.
    pub refused: Vec<&'a str>,
    /// Forms in which it files the sum of other units.
    pub sums: Vec<DeclaredSum<'a>>,
    /// Forms that units below it file, too, and that do not say whether it files their sum.
    pub unsettled: Vec<DeclaredSum<'a>>,
}

/// A form in which a unit files the sum of other units, or may.
pub struct DeclaredSum<'a> {
    /// Id of the form.
    pub form: &'a str,
    /// The units, which must file the form, too; at least one.
    pub of: Vec<Arc<ReportingUnit>>,
}

impl Reporter<'_> {
    /// Its table of a form.
    pub fn table(&self, form: &str) -> Option<&Table> {
        let index = self.tables.table_of(form)?;
        self.tables.tables.get(index)
    }

    /// The units whose sum it files in a form; none if it files its own figures.
    pub fn sum_of(&self, form: &str) -> &[Arc<ReportingUnit>] {
        let sum = self.sums.iter().find(|sum| sum.form == form);
        sum.map_or(&[], |sum| &sum.of)
    }

    /// Must it file figures of its own in a form, which are added up? A sum of other units is not.
    pub fn adds(&self, form: &str) -> bool {
        self.owes.contains(&form) && self.sum_of(form).is_empty()
    }

    /// Is its table of a form accepted, as far as is known?
    pub fn counts(&self, form: &str) -> bool {
        self.table(form).is_some() && !self.refused.contains(&form)
    }

    /// File, sheet and address of a cell of its tables.
    pub fn place(&self, at: CellRef) -> Option<(Arc<str>, Arc<str>, CellAddress)> {
        let table = &self.tables.tables[at.table];
        let cell = self.tables.cell(at)?.address?;
        Some((table.file.clone(), table.sheet.clone(), cell))
    }

    /// Names the unit in a finding.
    pub fn sign(&self, finding: Finding) -> Finding {
        finding.of_unit(&self.unit.code)
    }
}
