//! What a closed period was made of: `history/<period>/manifest.json`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::Period;

/// Name of the file beside the facts.
pub const FILE: &str = "manifest.json";

/// What was counted, by which forms and units, and the hashes that show that nothing has been
/// changed since.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Manifest {
    /// The closed period.
    #[schemars(with = "String")]
    pub period: Period,
    /// Short name of the campaign.
    pub campaign: String,
    /// Moment of closing (RFC 3339).
    pub closed_at: String,
    /// Version of the tool.
    pub tonghop: String,
    /// Was it closed while units were lacking?
    pub provisional: bool,
    /// Who is in it, and who is not.
    pub units: Units,
    /// Number of facts.
    pub facts: usize,
    /// Files beside this one: name -> SHA-256.
    pub files: BTreeMap<String, String>,
    /// Forms of the campaign.
    pub forms: Vec<FormStamp>,
    /// `campaign.toml` and `roster.csv`: name -> SHA-256.
    pub definition: BTreeMap<String, String>,
    /// Every received file that counted.
    pub inputs: Vec<InputStamp>,
}

/// Units of a closed period.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Units {
    /// How many had to file.
    pub expected: usize,
    /// How many are in it with every form due.
    pub accepted: usize,
    /// Those that filed, but of which at least one form is not in it.
    pub returned: Vec<LeftOut>,
    /// Codes of those that filed nothing.
    pub missing: Vec<String>,
}

/// A unit of which something is not in a closed period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LeftOut {
    /// Its code.
    pub unit: String,
    /// Ids of the forms that are not in it.
    pub forms: Vec<String>,
}

/// A form as it was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FormStamp {
    /// Form id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// SHA-256 of the form file.
    pub sha256: String,
    /// Codes of the units that had to file it, in the order of its lines. `None`: the period was
    /// closed before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Vec<String>>,
    /// Codes of those among them that filed the sum of other units, which is not added up.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sums: Vec<String>,
    /// The cells units had to fill: `row.column` of a form with fixed rows, the columns of a
    /// free-row form. `None`: the period was closed before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cells: Option<Vec<String>>,
}

/// A received file that counted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InputStamp {
    /// Path relative to the campaign.
    pub file: String,
    /// SHA-256 of its bytes.
    pub sha256: String,
    /// Code of the unit.
    pub unit: String,
}
