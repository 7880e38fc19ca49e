//! Texts for people, in both languages at once.

/// One sentence in both languages of the product, built where the facts are known.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Message {
    /// For clerks and analysts.
    pub vi: String,
    /// For `--lang en`.
    pub en: String,
}

impl Message {
    /// A message in Vietnamese and English.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            vi: vi.into(),
            en: en.into(),
        }
    }
}
