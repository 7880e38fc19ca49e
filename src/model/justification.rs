//! Why a finding no longer counts as open.

/// Why a finding no longer counts as open.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Justification {
    /// The reason, as given.
    pub reason: String,
    /// Who gave it: the unit's name, or the person of the office who accepted it.
    pub by: String,
    /// Was it accepted by the office (an error can be set aside in no other way)?
    pub accepted: bool,
}
