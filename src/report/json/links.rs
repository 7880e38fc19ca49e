//! The links of units, as JSON.

use schemars::JsonSchema;
use serde::Serialize;

/// What `links` did.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LinksDocument<'a> {
    /// Each unit, in the order of the campaign's units.
    pub links: Vec<LinkEntry<'a>>,
}

/// The link of a unit.
#[derive(Serialize, JsonSchema)]
pub struct LinkEntry<'a> {
    /// Its code.
    pub unit: &'a str,
    /// Its name.
    pub name: &'a str,
    /// The secret in its link, shown only by the call that made it; null otherwise.
    pub token: Option<&'a str>,
    /// Path of its page below the server's address; null where `token` is.
    pub path: Option<String>,
}

/// Without the secret.
impl std::fmt::Debug for LinkEntry<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "LinkEntry({})", self.unit)
    }
}
