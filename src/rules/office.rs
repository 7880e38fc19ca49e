//! A unit among the others of its campaign, for checks that look across units.

use super::scope::UnitTables;
use crate::extract::Table;
use crate::model::{Finding, ReportingUnit};

/// One unit with its tables.
pub struct Office<'a> {
    /// The unit.
    pub unit: &'a ReportingUnit,
    /// Its tables and its last period.
    pub tables: UnitTables<'a>,
    /// Forms it must file.
    pub owes: Vec<&'a str>,
    /// Forms among its tables that an error keeps out of the totals, as far as is known.
    pub refused: Vec<&'a str>,
}

impl Office<'_> {
    /// Its table of a form.
    pub fn table(&self, form: &str) -> Option<&Table> {
        let index = self.tables.table_of(form)?;
        self.tables.tables.get(index)
    }

    /// Is its table of a form in the totals?
    pub fn counts(&self, form: &str) -> bool {
        self.table(form).is_some() && !self.refused.contains(&form)
    }

    /// Names the unit in a finding.
    pub fn sign(&self, mut finding: Finding) -> Finding {
        finding.unit = Some(self.unit.code.as_str().into());
        finding
    }
}
