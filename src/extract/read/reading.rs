//! What reading one cell gives.

use crate::model::{Class, Message, Severity, Value};

/// The outcome of reading one cell.
#[derive(Debug, Clone, PartialEq)]
pub enum CellReading {
    /// Blank, as the form allows.
    Blank,
    /// Blank, but the form requires a figure.
    Missing,
    /// A value.
    Value(Value),
    /// A value written in an unusual way (a figure as text): worth a note.
    Noted(Value),
    /// The content cannot be used as it is: a finding.
    Problem(Box<CellProblem>),
}

/// A cell that cannot be trusted.
#[derive(Debug, Clone, PartialEq)]
pub struct CellProblem {
    /// Id of the check.
    pub rule: &'static str,
    /// Sort of problem.
    pub class: Class,
    /// How much it matters.
    pub severity: Severity,
    /// The text of the cell.
    pub found: Option<Value>,
    /// What was probably meant, if there is a likely reading.
    pub suggestion: Option<Value>,
    /// What is wrong, and what to do.
    pub message: Message,
    /// The value that rules use all the same; `None` if the cell counts as unreadable.
    pub usable: Option<Value>,
}

/// An error that leaves the cell without a value.
pub(super) fn problem(
    rule: &'static str,
    class: Class,
    found: Option<Value>,
    suggestion: Option<Value>,
    message: Message,
) -> CellReading {
    CellReading::Problem(Box::new(CellProblem {
        rule,
        class,
        severity: Severity::Error,
        found,
        suggestion,
        message,
        usable: None,
    }))
}
