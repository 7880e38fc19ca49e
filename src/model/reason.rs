//! A unit's reason for a warning, and which findings it is about.

use std::sync::Arc;

use super::{CellAddress, Finding};

/// A reason a unit gave, and the finding it was for. It stays valid while rule, cell and value are
/// the same, in later submissions and periods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Code of the unit.
    pub unit: Arc<str>,
    /// Form of the finding; empty if it has none, or if the unit only named the cell.
    pub form: String,
    /// Rule of the finding; empty if the unit only named the cell.
    pub rule: String,
    /// Sheet of the finding, as listed.
    pub sheet: String,
    /// Cell of the finding.
    pub cell: Option<CellAddress>,
    /// The value of the cell, as shown, when the reason was given; empty if the unit did not say.
    pub found: String,
    /// The reason.
    pub text: String,
    /// Who gave it.
    pub by: String,
}

impl Reason {
    /// Is it about this finding, whatever the cell holds now?
    pub fn is_about(&self, finding: &Finding) -> bool {
        let same_rule = self.rule.is_empty() || self.rule == finding.rule;
        let same_place = if self.form.is_empty() {
            finding.sheet.as_deref() == Some(self.sheet.as_str()) || self.sheet.is_empty()
        } else {
            finding.form.as_deref() == Some(self.form.as_str())
        };
        let named = !self.rule.is_empty() || self.cell.is_some();
        finding.unit.as_deref() == Some(&*self.unit)
            && named
            && same_rule
            && same_place
            && self.cell == finding.cell
    }

    /// Does the cell still say what the reason was given for?
    pub fn still_holds(&self, finding: &Finding) -> bool {
        let now = finding
            .value
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let digits = |text: &str| text.replace(['.', ' '], "");
        // A unit that names the cell by hand may type the figure without separators, or not at all.
        self.found == now
            || self.rule.is_empty()
                && (self.found.is_empty() || digits(&self.found) == digits(&now))
    }
}
