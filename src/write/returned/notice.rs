//! What the returned copy of one workbook says.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::colours::Shade;
use super::subject::Subject;
use super::wording::Standing;
use crate::model::{Finding, Place, Severity};

/// The notice to a unit about one workbook.
#[derive(Debug, Clone)]
pub struct Notice<'a> {
    /// What the workbook is.
    pub subject: Subject,
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
        let elsewhere = finding.review.consequence || self.suspected_elsewhere(finding).is_some();
        match finding.severity {
            Severity::Error if elsewhere => Shade::Consequence,
            Severity::Error => Shade::Wrong,
            Severity::Warning => Shade::Doubtful,
            Severity::Info => Shade::Known,
        }
    }

    /// The cell that is most suspect of a mistake reported at another cell. Not where that other
    /// cell is a suspect, too, and something else makes it doubtful: then it is the one to look at.
    pub(super) fn suspected_elsewhere<'f>(&self, finding: &'f Finding) -> Option<&'f Place> {
        let cause = finding.review.cause.as_ref();
        let cause = cause.filter(|_| finding.asks())?;
        let own = finding.place();
        let is_suspect = finding.review.suspects.iter().any(|suspect| {
            let place = own.as_ref();
            place.is_some_and(|own| own.sheet == suspect.sheet && own.cell == suspect.cell)
        });
        let here = own.as_ref() == Some(cause) || (is_suspect && self.is_doubtful(finding));
        (!here).then_some(cause)
    }

    /// Does a warning of its own make the cell of a finding doubtful?
    fn is_doubtful(&self, finding: &Finding) -> bool {
        let place = finding.place();
        self.findings.iter().any(|other| {
            other.severity == Severity::Warning
                && other.place() == place
                && !other.review.consequence
                && self.standing(other) == Standing::Open
        })
    }
}
