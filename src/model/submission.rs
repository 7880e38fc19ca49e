//! What was received, from whom, and what became of it.

use std::sync::Arc;

use super::ReportingUnit;

/// What became of a workbook as received.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum SubmissionStatus {
    /// Read, checked, in the totals.
    Accepted,
    /// Has at least one error that counts: goes back to the unit.
    Returned,
    /// A newer submission of the same unit took its place, form by form.
    Superseded,
    /// Could not be opened or read.
    Unreadable,
    /// Its reporting unit could not be identified.
    Unidentified,
}

/// One workbook as received.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct Submission {
    /// Path relative to the campaign, or as given on the command line; of a file in an archive,
    /// the archive's followed by the name inside.
    pub file: Arc<str>,
    /// The archive it came in, named likewise.
    pub archive: Option<Arc<str>>,
    /// SHA-256 of the bytes received, in hex.
    pub sha256: String,
    /// Who filed it, once identified.
    pub unit: Option<Arc<ReportingUnit>>,
    /// What became of it.
    pub status: SubmissionStatus,
    /// Ids of the forms found in it, in campaign order.
    pub forms: Vec<Arc<str>>,
    /// Number of error findings about it.
    pub errors: usize,
    /// Number of warning findings about it.
    pub warnings: usize,
    /// Round of the inbox it came in, from 1; 0 outside any numbered folder. The user guide says
    /// how rounds are recognised.
    pub round: u32,
    /// Saved-at stamp inside the workbook (RFC 3339), if it has one.
    pub saved_at: Option<String>,
    /// File that took its place, if one did.
    pub superseded_by: Option<Arc<str>>,
}

/// How far a reporting unit's report has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum UnitStatus {
    /// Every form due has been accepted.
    Accepted,
    /// It filed, but at least one form due is wrong or lacking.
    Returned,
    /// Nothing was received from it.
    Missing,
    /// It owes no form in this campaign.
    NotExpected,
}

/// A reporting unit and the state of its report.
#[derive(Debug, Clone)]
pub struct UnitFiling {
    /// The unit.
    pub unit: Arc<ReportingUnit>,
    /// The state of its report.
    pub status: UnitStatus,
    /// The submission that counts (the newest), if any.
    pub file: Option<Arc<str>>,
}
