//! How far each unit has come: what a run says of it, and what the office has said to it.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveDateTime};

use super::stand::Stand;
use crate::campaign::ToolError;
use crate::consolidate::LineState;
use crate::model::{Finding, ReportingUnit, Severity, Submission, SubmissionStatus};
use crate::page::FormState;
use crate::serve::state::{Note, NoteKind, State};

/// What the state of the page says of units.
pub(super) struct Said {
    pub(super) notes: BTreeMap<String, Vec<Note>>,
    pub(super) extensions: BTreeMap<String, NaiveDate>,
    /// Is the period closed?
    pub(super) closed: bool,
}

impl Said {
    /// # Errors
    /// The database cannot be read.
    pub(super) fn of(state: &State, closed: bool) -> Result<Said, ToolError> {
        Ok(Said {
            notes: state.notes()?,
            extensions: state.extensions()?,
            closed,
        })
    }
}

/// A unit and how far it has come.
pub(super) struct Standing {
    pub(super) unit: Arc<ReportingUnit>,
    /// One a form of the campaign; none that the unit does not owe.
    pub(super) forms: Vec<Option<FormState>>,
    /// All forms together.
    pub(super) state: FormState,
    /// Mistakes to correct, and places to explain.
    pub(super) errors: usize,
    pub(super) warnings: usize,
    /// When its newest file came in.
    pub(super) filed: Option<NaiveDateTime>,
    /// When its first file came in.
    pub(super) first: Option<NaiveDateTime>,
    /// Its last day, and whether that is one of its own.
    pub(super) deadline: Option<NaiveDate>,
    pub(super) extended: bool,
    /// Is it late: does something it owes lack, or go back, after its last day?
    pub(super) overdue: bool,
}

/// Every unit that owes something, in the order of the campaign.
pub(super) fn standings(stand: &Stand, said: &Said, today: NaiveDate) -> Vec<Standing> {
    let look = Look::new(stand, said);
    let units = stand.campaign.units_in_order();
    units
        .iter()
        .filter_map(|unit| look.standing(unit, today))
        .collect()
}

/// One of them.
pub(super) fn standing_of(
    stand: &Stand,
    said: &Said,
    unit: &Arc<ReportingUnit>,
    today: NaiveDate,
) -> Option<Standing> {
    Look::new(stand, said).standing(unit, today)
}

struct Look<'a> {
    stand: &'a Stand,
    said: &'a Said,
    /// By unit and form.
    lines: HashMap<(&'a str, &'a str), LineState>,
    findings: HashMap<&'a str, Vec<&'a Finding>>,
    files: HashMap<&'a str, Vec<&'a Submission>>,
}

impl<'a> Look<'a> {
    fn new(stand: &'a Stand, said: &'a Said) -> Self {
        let mut lines = HashMap::new();
        for table in stand.run.consolidated.iter().flat_map(|all| &all.forms) {
            for line in table.lines.iter().chain(&table.sums) {
                lines.insert((&*line.unit.code, table.form.id()), line.state);
            }
        }
        let mut findings: HashMap<&str, Vec<&Finding>> = HashMap::new();
        for finding in &stand.run.findings {
            if let Some(unit) = finding.unit.as_deref() {
                findings.entry(unit).or_default().push(finding);
            }
        }
        let mut files: HashMap<&str, Vec<&Submission>> = HashMap::new();
        for file in &stand.run.submissions {
            if let Some(unit) = &file.unit {
                files.entry(&unit.code).or_default().push(file);
            }
        }
        Look {
            stand,
            said,
            lines,
            findings,
            files,
        }
    }

    fn standing(&self, unit: &Arc<ReportingUnit>, today: NaiveDate) -> Option<Standing> {
        let campaign = &self.stand.campaign;
        let due = campaign.forms.iter().map(|form| {
            let owes = campaign.expects(unit, form.id());
            owes.then(|| self.form(unit, form.id()))
        });
        let forms: Vec<Option<FormState>> = due.collect();
        let state = together(forms.iter().flatten().copied())?;
        let own = self.said.extensions.get(&unit.code).copied();
        let deadline = own.or(campaign.file.deadline);
        let findings = self
            .findings
            .get(&*unit.code)
            .map_or(&[][..], Vec::as_slice);
        let asks = |severity: Severity| {
            let open = findings.iter().filter(|finding| {
                let is_mistake = !finding.review.consequence && !finding.file.is_empty();
                finding.is_open() && is_mistake && finding.severity == severity
            });
            open.count()
        };
        let times = || {
            let files = self.files.get(&*unit.code).into_iter().flatten();
            files.filter_map(|file| self.stand.written.get(of_inbox(file)).copied())
        };
        let lacks = matches!(state, FormState::NotFiled | FormState::Returned);
        Some(Standing {
            unit: unit.clone(),
            state,
            forms,
            errors: asks(Severity::Error),
            warnings: asks(Severity::Warning),
            filed: times().max(),
            first: times().min(),
            extended: own.is_some(),
            overdue: lacks && deadline.is_some_and(|deadline| deadline < today),
            deadline,
        })
    }

    fn form(&self, unit: &ReportingUnit, form: &str) -> FormState {
        let line = self.lines.get(&(&*unit.code, form));
        let findings = self.findings.get(&*unit.code).into_iter().flatten();
        let about =
            findings.filter(|finding| finding.form.as_deref().is_none_or(|about| about == form));
        match line {
            None | Some(LineState::Missing) => FormState::NotFiled,
            Some(LineState::Returned) => FormState::Returned,
            Some(LineState::Accepted) if self.sent_back(unit, form) => FormState::Returned,
            Some(LineState::Accepted) if self.said.closed => FormState::Closed,
            Some(LineState::Accepted) => settled(about),
        }
    }

    /// Has the office sent back the workbook that counts?
    fn sent_back(&self, unit: &ReportingUnit, form: &str) -> bool {
        let notes = self.said.notes.get(&unit.code).into_iter().flatten();
        let back: HashSet<&str> = notes
            .filter(|note| note.kind == NoteKind::Return)
            .flat_map(|note| note.files.iter().map(String::as_str))
            .collect();
        let files = self.files.get(&*unit.code).into_iter().flatten();
        let mut counts = files.filter(|file| {
            let has = file.forms.iter().any(|one| &**one == form);
            has && file.status != SubmissionStatus::Superseded
        });
        counts.any(|file| back.contains(&*file.sha256))
    }
}

/// A form that is in the totals: is something to be explained, was an error accepted?
fn settled<'a>(about: impl Iterator<Item = &'a &'a Finding>) -> FormState {
    let mut state = FormState::Received;
    for finding in about {
        if finding.severity == Severity::Warning && finding.is_open() {
            return FormState::ToExplain;
        }
        let given = finding.review.justification.as_ref();
        if given.is_some_and(|given| given.accepted) {
            state = FormState::Accepted;
        }
    }
    state
}

/// What forms come to together: the one that needs most; none without forms.
fn together(forms: impl Iterator<Item = FormState>) -> Option<FormState> {
    let states: Vec<FormState> = forms.collect();
    let worst = ORDER.into_iter().find(|state| states.contains(state))?;
    // Of several forms some were filed: what lacks is a reason to write to the unit, all the same.
    Some(worst)
}

/// States of units, those that need most first.
pub(super) const ORDER: [FormState; 6] = [
    FormState::NotFiled,
    FormState::Returned,
    FormState::ToExplain,
    FormState::Accepted,
    FormState::Received,
    FormState::Closed,
];

/// Name of the file of the inbox that a submission came in.
pub(super) fn of_inbox(file: &Submission) -> &str {
    file.archive.as_deref().unwrap_or(&file.file)
}
