//! Setting up campaigns.

use serde::Serialize;

use super::nav::{Nav, render};
use crate::model::Message;
use crate::page::frame::Frame;

/// The page of setting up, with what had been typed.
#[derive(Debug, Clone, Serialize)]
pub struct SetUp {
    /// Name of the folder, and the period.
    pub name: String,
    pub period: String,
    /// The office, and where it signs.
    pub office: String,
    pub place: String,
    /// The most that is taken at once.
    pub most: String,
    /// Campaigns that can be gone on from.
    pub next: Vec<NextForm>,
}

/// A campaign, and what its next period would be.
#[derive(Debug, Clone, Serialize)]
pub struct NextForm {
    /// Name of its folder.
    pub from: String,
    /// Its title and its period.
    pub title: String,
    pub now: String,
    /// The period after it, and a name for the folder of that; empty if none follows.
    pub period: String,
    pub name: String,
    /// What is of this period alone: accepted errors, control totals.
    pub left_out: usize,
    /// Is it closed?
    pub closed: bool,
}

/// A new campaign, to be confirmed.
#[derive(Debug, Clone, Serialize)]
pub struct Draft {
    /// Under which it is kept.
    pub id: String,
    /// Name of the folder, and the period.
    pub name: String,
    pub period: String,
    /// How many units there are, and the names of the first.
    pub units: usize,
    pub first_units: Vec<String>,
    /// What was understood.
    pub forms: Vec<DraftForm>,
    /// What a person must decide.
    pub asked: Vec<Words>,
    /// What was not understood.
    pub not_understood: Vec<Words>,
}

/// A form as it was understood.
#[derive(Debug, Clone, Serialize)]
pub struct DraftForm {
    /// Its title, the file and the sheet.
    pub title: String,
    pub file: String,
    pub sheet: String,
    /// What must hold, and the words that say it.
    pub rules: Vec<(String, Words)>,
}

/// Words of a form, with what there is to say about them.
#[derive(Debug, Clone, Serialize)]
pub struct Words {
    /// Where they are.
    pub sheet: String,
    pub cell: String,
    /// What is written there.
    pub words: String,
    /// What is wrong with it; may be empty.
    pub why: String,
}

/// The page of setting up.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn set_up_page(frame: &Frame<'_>, nav: &Nav, page: &SetUp) -> Result<String, Message> {
    render("office-set-up.html", frame, nav, page)
}

/// The page of a new campaign, to be confirmed.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn draft_page(frame: &Frame<'_>, nav: &Nav, page: &Draft) -> Result<String, Message> {
    render("office-draft.html", frame, nav, page)
}
