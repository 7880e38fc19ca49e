//! A control total as a campaign declares it, checked.

use std::sync::Arc;

use crate::model::{Number, Severity};
use crate::schema::expression::{Expr, Name};

/// A control total, checked and ready to be evaluated.
#[derive(Debug, Clone)]
pub struct Control {
    /// Names the defect; the rule of its findings.
    pub id: String,
    /// What the figure is, where the office says so.
    pub label: Option<String>,
    /// The unit whose cell it is about; `None`: the total over units.
    pub unit: Option<Arc<str>>,
    /// Kinds of unit that are added up; `None`: all that must file the form.
    pub kinds: Option<Vec<String>>,
    /// The cell, always with its form.
    pub cell: Name,
    /// What it must equal.
    pub wanted: Wanted,
    /// Where the figure comes from.
    pub source: Option<String>,
    /// Largest difference that is accepted.
    pub tolerance: Number,
    /// Error or warning.
    pub severity: Severity,
    /// File that declares it.
    pub declared: Arc<str>,
}

/// What a control total must equal.
#[derive(Debug, Clone)]
pub enum Wanted {
    /// A figure from elsewhere.
    Figure(Number),
    /// An expression over sums of units.
    Sum(Expr),
}
