//! What is wrong, where, and what it probably should be.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{CellAddress, Justification, Value};

/// How much a finding matters.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Cannot be right: the form goes back and stays out of the totals.
    Error,
    /// Suspicious: stands once justified.
    Warning,
    /// Worth knowing; asks for nothing.
    Info,
}

/// What sort of thing a finding is about.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Class {
    /// The file cannot be read.
    File,
    /// Which unit, period or form version this is.
    Identity,
    /// A table, column or row is not where it should be.
    Structure,
    /// A cell's content is doubtful.
    Parse,
    /// A cell's content is not of the field's type.
    Type,
    /// A rule of the form does not hold.
    Rule,
    /// A figure differs from one the office declared.
    ControlTotal,
    /// A figure does not continue last period's.
    History,
    /// Two forms of a unit contradict one another.
    CrossForm,
    /// Who must file, and who filed twice.
    Roster,
}

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

/// A cell of a workbook.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct Place {
    /// Its sheet.
    pub sheet: Arc<str>,
    /// The cell.
    pub cell: CellAddress,
}

/// A cell that is probably wrong, why, and the value that would fit. Only ever a suggestion.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Suspect {
    /// Sheet of the cell.
    pub sheet: Arc<str>,
    /// The cell.
    pub cell: CellAddress,
    /// What stands there; `None` for a blank.
    pub value: Option<Value>,
    /// What would satisfy the rules; `None` if that cannot be told.
    pub suggestion: Option<Value>,
    /// 1 for the most probable; suspects of equal rank are undecided between.
    pub rank: usize,
    /// Why this cell.
    pub reason: Message,
}

/// One rule or reading step that failed, at a cell.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Finding {
    /// Id of the rule or check; names the defect.
    pub rule: String,
    /// Sort of finding.
    pub class: Class,
    /// How much it matters.
    pub severity: Severity,
    /// File, as in [`super::Provenance::file`]; empty if it is about no file (a missing unit).
    pub file: Arc<str>,
    /// Unit code, if known.
    pub unit: Option<Arc<str>>,
    /// Form id, if it is about one form.
    pub form: Option<Arc<str>>,
    /// Sheet name, if it is about one sheet.
    pub sheet: Option<Arc<str>>,
    /// Cell, if it is about one cell.
    pub cell: Option<CellAddress>,
    /// What was found.
    pub value: Option<Value>,
    /// What was expected.
    pub expected: Option<Value>,
    /// Found minus expected.
    pub difference: Option<Value>,
    /// What is wrong, and what to do about it.
    pub message: Message,
    /// Cells that are probably at fault, most probable first.
    pub suspects: Vec<Suspect>,
    /// The cell whose mistake this finding follows from. Findings of a file that share it are one
    /// mistake.
    pub cause: Option<Place>,
    /// Is the mistake told with another finding, from which this one follows?
    pub consequence: bool,
    /// Why it no longer counts as open.
    pub justification: Option<Justification>,
    /// Of a rule on trial: the severity it will have once the rule is in force. Until then
    /// [`Finding::severity`] is that of a note.
    pub trial: Option<Severity>,
}

impl Finding {
    /// A finding about `file` as a whole; set the other fields with struct update or assignment.
    pub fn new(
        rule: &str,
        class: Class,
        severity: Severity,
        file: &Arc<str>,
        message: Message,
    ) -> Self {
        Self {
            rule: rule.to_owned(),
            class,
            severity,
            file: file.clone(),
            unit: None,
            form: None,
            sheet: None,
            cell: None,
            value: None,
            expected: None,
            difference: None,
            message,
            suspects: Vec::new(),
            cause: None,
            consequence: false,
            justification: None,
            trial: None,
        }
    }

    /// Does it still count: neither explained by the unit nor accepted by the office?
    pub fn is_open(&self) -> bool {
        self.justification.is_none()
    }

    /// Is it an error that still counts?
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Error && self.is_open()
    }

    /// Places the finding at a cell of a sheet.
    pub fn at(mut self, sheet: &Arc<str>, cell: CellAddress) -> Self {
        self.sheet = Some(sheet.clone());
        self.cell = Some(cell);
        self
    }

    /// Ten hex digits that stay the same from run to run while file, sheet, cell, rule and form do.
    pub fn id(&self) -> String {
        let cell = self.cell.map(|cell| cell.to_string()).unwrap_or_default();
        let mut hash = Sha256::new();
        for part in [
            self.file.as_ref(),
            self.unit.as_deref().unwrap_or_default(),
            self.form.as_deref().unwrap_or_default(),
            self.sheet.as_deref().unwrap_or_default(),
            &cell,
            &self.rule,
        ] {
            hash.update(part.as_bytes());
            hash.update([0]);
        }
        hash.finalize()
            .iter()
            .take(5)
            .map(|byte| format!("{byte:02x}"))
            .collect()
    }
}
