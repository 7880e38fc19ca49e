//! Two queues: what is wrong by kind, and by unit.

use serde::Serialize;

use super::board::FormHead;
use super::nav::{Nav, render};
use super::unit::EventLine;
use crate::model::Message;
use crate::page::frame::Frame;
use crate::page::state::FormState;

/// What is wrong, by kind of mistake or by unit.
#[derive(Debug, Clone, Serialize)]
pub struct Mistakes {
    /// By unit?
    pub by_unit: bool,
    /// Kinds of mistakes, those of most units first.
    pub kinds: Vec<MistakeKind>,
    /// Units that have something to do, the gravest first.
    pub units: Vec<QueuedUnit>,
    /// Open errors and warnings altogether.
    pub errors: usize,
    pub warnings: usize,
    /// Forms to choose from, by id, and the one chosen.
    pub forms: Vec<(String, FormHead)>,
    pub form: String,
    /// `error`, `warning` or all.
    pub severity: String,
}

/// The same mistake at the same place in several units.
#[derive(Debug, Clone, Serialize)]
pub struct MistakeKind {
    /// Id of its rule, what that checks, and address of the page about it.
    pub rule: String,
    pub checks: String,
    pub rule_href: String,
    /// Is it an error?
    pub error: bool,
    /// Title of the form; empty if it is about none.
    pub form: String,
    /// Where in the form, in its words.
    pub place: String,
    /// The cells, where all or most are at one.
    pub cell: Option<String>,
    /// What one of them says.
    pub example: String,
    /// The units, with addresses of their pages.
    pub units: Vec<(String, String)>,
    /// How many findings.
    pub count: usize,
    /// Units that filed the form.
    pub filed: usize,
    /// Do so many units have it that the form is probably wrong?
    pub widespread: bool,
}

/// A unit in the queue.
#[derive(Debug, Clone, Serialize)]
pub struct QueuedUnit {
    /// Its name, and address of its page.
    pub name: String,
    pub href: String,
    /// How far it has come.
    pub state: FormState,
    /// In words.
    pub word: String,
    /// Open errors and warnings.
    pub errors: usize,
    pub warnings: usize,
    /// When its newest file came in.
    pub filed: Option<String>,
    /// What the first of its mistakes says.
    pub first: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, Serialize)]
pub struct Audit {
    /// The newest first.
    pub events: Vec<EventLine>,
    /// Code of the unit that was asked for; empty for all.
    pub unit: String,
    /// Address of what came before; none if this is all.
    pub older: Option<String>,
    /// Address of all of it as a workbook.
    pub export: String,
}

/// The page of mistakes.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn mistakes_page(frame: &Frame<'_>, nav: &Nav, page: &Mistakes) -> Result<String, Message> {
    render("office-mistakes.html", frame, nav, page)
}

/// The page of what happened.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn audit_page(frame: &Frame<'_>, nav: &Nav, page: &Audit) -> Result<String, Message> {
    render("office-audit.html", frame, nav, page)
}
