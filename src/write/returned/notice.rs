//! What the returned copy of one workbook says.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::colours::Shade;
use super::wording::{self, Standing};
use crate::model::{Finding, Severity};

/// The notice to a unit about one workbook.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// Name of the unit, if it is known.
    pub unit_name: Option<String>,
    /// The period in words: "tháng 9 năm 2025".
    pub period: String,
    /// The office that checks; may be empty.
    pub office: String,
    /// The last day on which it may be sent, if there is one.
    pub deadline: Option<NaiveDate>,
    /// Whom to ask: a name, a telephone number; may be empty.
    pub contact: String,
    /// Findings about this workbook in the order in which they are to be listed.
    pub findings: &'a [Finding],
    /// Reasons the unit has given already, by id of the finding.
    pub justified: BTreeMap<String, String>,
}

impl Notice<'_> {
    /// Has the unit given a reason for a finding? An error has none that counts.
    pub(super) fn standing(&self, finding: &Finding) -> Standing<'_> {
        match self.justified.get(&finding.id()) {
            Some(reason) if finding.severity != Severity::Error => Standing::Justified(reason),
            _ => Standing::Open,
        }
    }

    /// What has to be done about a finding at the cell where it is reported.
    pub(super) fn shade(&self, finding: &Finding) -> Shade {
        if self.standing(finding) != Standing::Open {
            return Shade::Known;
        }
        let elsewhere =
            finding.review.consequence || wording::suspected_elsewhere(finding).is_some();
        match finding.severity {
            Severity::Error if elsewhere => Shade::Consequence,
            Severity::Error => Shade::Wrong,
            Severity::Warning => Shade::Doubtful,
            Severity::Info => Shade::Known,
        }
    }
}
