//! What the page answers to a submission, as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::run::RunDocument;

/// What was found in what a unit submitted, and its receipt.
#[derive(Debug, Serialize, JsonSchema)]
pub struct SubmitDocument<'a> {
    /// As `check` prints it.
    #[serde(flatten)]
    pub run: RunDocument<'a>,
    /// The receipt; null if nothing was received.
    pub receipt: Option<ReceiptEntry<'a>>,
}

/// A receipt: its files are on the disk.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReceiptEntry<'a> {
    /// Its number, from 1.
    pub number: i64,
    /// Code of the unit.
    pub unit: &'a str,
    /// When the files were received (RFC 3339).
    pub time: String,
    /// `received`, `to-explain` or `returned`.
    pub verdict: &'a str,
    /// The files received.
    pub files: Vec<ReceiptFile<'a>>,
}

/// A file of a receipt.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ReceiptFile<'a> {
    /// Its name as it was sent.
    pub file: &'a str,
    /// Its path in the campaign.
    pub stored: &'a str,
    /// SHA-256 of its bytes, in hex.
    pub sha256: &'a str,
    /// Does it count for every form in it, among what the unit has submitted by the page?
    pub counts: bool,
}
