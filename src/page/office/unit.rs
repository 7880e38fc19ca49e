//! The page of a unit as the office sees it.

use serde::Serialize;

use super::board::StateCell;
use super::nav::{Nav, render};
use crate::model::Message;
use crate::page::answer::Answer;
use crate::page::frame::Frame;
use crate::page::state::{AnswerState, FormState};

/// A unit as the office sees it.
#[derive(Debug, Clone, Serialize)]
pub struct UnitDesk {
    /// Its name and code.
    pub name: String,
    pub code: String,
    /// Its kind and its group, in words.
    pub kind: String,
    pub group: String,
    /// Address of this page, to which those of actions are added.
    pub base: String,
    /// All forms together; none if nothing is due.
    pub state: Option<StateCell>,
    /// Is it late?
    pub overdue: bool,
    /// Its last day in words, as a browser takes it, and whether it is one of its own.
    pub deadline: Option<String>,
    pub deadline_iso: String,
    pub extended: bool,
    /// Is the period closed?
    pub closed: bool,
    /// The forms that are due.
    pub forms: Vec<DueForm>,
    /// What is wrong with the workbooks that count.
    pub answer: Option<Answer>,
    /// Mistakes that can be accepted, as `card.html` names them.
    pub links: NoLinks,
    /// Its files in the inbox, the newest first.
    pub files: Vec<UnitFile>,
    /// What it submitted by the page, the newest first.
    pub receipts: Vec<UnitReceipt>,
    /// What the office wrote, the newest first.
    pub notes: Vec<UnitNote>,
    /// What happened, the newest first.
    pub events: Vec<EventLine>,
    /// Most bytes of an upload, in words.
    pub most: String,
}

/// Cards of the office have no boxes for reasons.
#[derive(Debug, Clone, Default, Serialize)]
pub struct NoLinks {
    /// Empty.
    pub explain: String,
}

/// A form that is due.
#[derive(Debug, Clone, Serialize)]
pub struct DueForm {
    /// Its title and official code.
    pub title: String,
    pub code: Option<String>,
    /// How far it has come.
    pub state: FormState,
    /// In words.
    pub word: String,
    /// Address of its figures in the last periods.
    pub history: String,
}

/// A file of the unit in the inbox.
#[derive(Debug, Clone, Serialize)]
pub struct UnitFile {
    /// Its path in the campaign.
    pub name: String,
    /// When it was last written.
    pub at: Option<String>,
    /// What became of it; `None`: another took its place.
    pub state: Option<AnswerState>,
    /// In words.
    pub word: String,
    /// Errors and warnings about it.
    pub errors: usize,
    pub warnings: usize,
    /// Addresses of itself and of its marked copy.
    pub original: Option<String>,
    pub marked: Option<String>,
}

/// A submission by the page.
#[derive(Debug, Clone, Serialize)]
pub struct UnitReceipt {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: String,
    /// Names of its files, as they were sent.
    pub files: Vec<String>,
    /// What it came to.
    pub state: AnswerState,
    /// In words.
    pub word: String,
}

/// A note about the unit.
#[derive(Debug, Clone, Serialize)]
pub struct UnitNote {
    /// When, and who wrote it.
    pub at: String,
    pub actor: String,
    /// `return`, `message` or `note`.
    pub kind: &'static str,
    /// What it says.
    pub text: String,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
pub struct EventLine {
    /// Its number.
    pub number: i64,
    /// When.
    pub at: String,
    /// Who did it; empty if a unit or a program did.
    pub actor: String,
    /// What, in words.
    pub what: String,
    /// To which unit: its code and name.
    pub unit: String,
    /// What else there is to say.
    pub detail: String,
}

/// The figures of a unit's form in the last periods.
#[derive(Debug, Clone, Serialize)]
pub struct History {
    /// Name of the unit, and address of its page.
    pub unit: String,
    pub base: String,
    /// Title of the form.
    pub form: String,
    /// The periods, the oldest first; this one last.
    pub periods: Vec<String>,
    /// One a field.
    pub fields: Vec<FieldHistory>,
}

/// A field in the last periods.
#[derive(Debug, Clone, Serialize)]
pub struct FieldHistory {
    /// Its row and its column, in the form's words.
    pub row: String,
    pub column: String,
    /// Its cell in this period's workbook, if it is known.
    pub cell: Option<String>,
    /// One a period; `None` where there is none.
    pub values: Vec<Option<String>>,
    /// The same as a line, where there are two figures at least.
    pub line: Option<String>,
    /// Is this period's figure far from all before it?
    pub odd: bool,
}

/// The page of a unit.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn unit_desk_page(frame: &Frame<'_>, nav: &Nav, page: &UnitDesk) -> Result<String, Message> {
    render("office-unit.html", frame, nav, page)
}

/// The page of a form's figures in the last periods.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn history_page(frame: &Frame<'_>, nav: &Nav, page: &History) -> Result<String, Message> {
    render("office-history.html", frame, nav, page)
}
