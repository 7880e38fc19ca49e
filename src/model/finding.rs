//! Findings: an edit rule or a reading step that failed, the cell it failed at, and the cells
//! probably at fault (error localisation).

use std::ops::Deref;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::{CellAddress, Justification, Message, Value};

/// How much a finding matters: a hard edit gives errors, a soft edit warnings.
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
    /// Hard edit: cannot be right, so the form goes back to the unit and stays out of the totals.
    Error,
    /// Soft edit: suspicious, counted all the same; the unit corrects or justifies it.
    Warning,
    /// Worth knowing; nothing has to be done.
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
    /// A figure disagrees with a closed period.
    History,
    /// Two forms of one unit disagree (confrontation).
    CrossForm,
    /// Who must file, and who filed twice.
    Roster,
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

/// One result of error localisation: a cell that is probably wrong, why, and the value that would
/// fit. Only a suggestion; nothing is changed by it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Suspect {
    /// Sheet of the cell.
    pub sheet: Arc<str>,
    /// The cell.
    pub cell: CellAddress,
    /// The value found; `None` for a blank.
    pub value: Option<Value>,
    /// What would satisfy the rules; `None` if it is not determined.
    pub suggestion: Option<Value>,
    /// Rank from 1, the most probable. Suspects of equal rank are equally probable.
    pub rank: usize,
    /// Does it have to change along with the suspect before it? Otherwise it is another explanation.
    pub together: bool,
    /// Why this cell.
    pub reason: Message,
}

impl Suspect {
    /// The figure suggested in place of the one found; `None` where that is the same figure, only
    /// written in another way.
    pub fn other(&self) -> Option<&Value> {
        self.suggestion
            .as_ref()
            .filter(|_| self.suggestion != self.value)
    }
}

/// One rule or reading step that failed, at a cell. `found` is fixed when the finding is made;
/// `review` is filled in later, from the other findings and the units' reasons.
///
/// Fields of `found` can be read directly: `finding.rule` (by `Deref`).
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Finding {
    found: Found,
    /// What the rest of the run says about it.
    pub review: Review,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Found {
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
    /// The one value that was expected; none where a rule only bounds it.
    pub expected: Option<Value>,
    /// Found minus what it was compared with.
    pub difference: Option<Value>,
    /// What is wrong, and what to do about it.
    pub message: Message,
    /// Of a rule on trial: the severity it will have once the rule is in force. Until then
    /// [`Found::severity`] is that of a note.
    pub trial: Option<Severity>,
}

/// What the rest of a run says about a finding: suspects, its cause, and the reason for which it no
/// longer counts.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Review {
    /// Cells that are probably at fault, most probable first.
    pub suspects: Vec<Suspect>,
    /// The cell whose mistake this finding follows from. Findings of a file that share it are one
    /// mistake.
    pub cause: Option<Place>,
    /// Is the mistake reported with another finding, from which this one follows?
    pub consequence: bool,
    /// Why it no longer counts as open.
    pub justification: Option<Justification>,
}

impl Deref for Finding {
    type Target = Found;

    fn deref(&self) -> &Found {
        &self.found
    }
}

/// Builder methods: each takes the finding and returns it with one more thing filled in.
impl Finding {
    /// A finding about `file` as a whole.
    pub fn new(
        rule: &str,
        class: Class,
        severity: Severity,
        file: &Arc<str>,
        message: Message,
    ) -> Self {
        let found = Found {
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
            trial: None,
        };
        Self {
            found,
            review: Review::default(),
        }
    }

    /// It is about this unit.
    pub fn of_unit(mut self, code: &str) -> Self {
        self.found.unit = Some(code.into());
        self
    }

    /// It is about this form.
    pub fn of_form(mut self, id: &str) -> Self {
        self.found.form = Some(id.into());
        self
    }

    /// It is about this sheet.
    pub fn on(mut self, sheet: &Arc<str>) -> Self {
        self.found.sheet = Some(sheet.clone());
        self
    }

    /// It is at a cell of a sheet.
    pub fn at(mut self, sheet: &Arc<str>, cell: CellAddress) -> Self {
        self.found.cell = Some(cell);
        self.on(sheet)
    }

    /// What is there; nothing for a blank.
    pub fn value(mut self, value: Option<Value>) -> Self {
        self.found.value = value;
        self
    }

    /// What should be there, as far as it is known.
    pub fn expected(mut self, value: Option<Value>) -> Self {
        self.found.expected = value;
        self
    }

    /// What is there minus what should be, as far as it is known.
    pub fn difference(mut self, difference: Option<Value>) -> Self {
        self.found.difference = difference;
        self
    }

    /// Its rule is on trial: the finding is a note that says how grave it would be.
    pub fn on_trial(mut self) -> Self {
        self.found.trial = Some(self.found.severity);
        self.found.severity = Severity::Info;
        self
    }

    /// Cells that are probably at fault, most probable first.
    pub fn suspecting(mut self, suspects: Vec<Suspect>) -> Self {
        self.review.suspects = suspects;
        self
    }

    /// The cell whose mistake it follows from, if that is known.
    pub fn caused_by(mut self, cause: Option<Place>) -> Self {
        self.review.cause = cause;
        self
    }

    /// It is about all forms of its file.
    pub fn of_every_form(mut self) -> Self {
        self.found.form = None;
        self
    }

    /// The same finding with another message.
    pub fn saying(mut self, message: Message) -> Self {
        self.found.message = message;
        self
    }

    /// The same finding with more said at the end of its message.
    pub fn adding(mut self, more: &Message) -> Self {
        self.found.message.vi.push_str(&more.vi);
        self.found.message.en.push_str(&more.en);
        self
    }
}

impl Finding {
    /// Fills in the unit of a finding that was made before the unit was identified.
    pub fn sign(&mut self, code: &str) {
        self.found.unit = Some(code.into());
    }

    /// Does it still count: neither justified by the unit nor accepted by the office?
    pub fn is_open(&self) -> bool {
        self.review.justification.is_none()
    }

    /// Does it ask for something: an error or a warning that still counts, and that does not follow
    /// from another mistake?
    pub fn asks(&self) -> bool {
        self.severity != Severity::Info && self.is_open() && !self.review.consequence
    }

    /// Is it an error that still counts?
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Error && self.is_open()
    }

    /// The place it is at, if it is at one cell.
    pub fn place(&self) -> Option<Place> {
        Some(Place {
            sheet: self.sheet.clone()?,
            cell: self.cell?,
        })
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
