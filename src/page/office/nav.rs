//! What is around every page of the office.

use serde::Serialize;

use crate::model::Message;
use crate::page::engine;
use crate::page::frame::Frame;

/// A place of the office's pages, for the line of them on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Room {
    /// The campaigns there are.
    Lobby,
    /// A new campaign.
    SetUp,
    /// Units and forms.
    Board,
    /// Mistakes by kind.
    Mistakes,
    /// Totals.
    Totals,
    /// Links and letters.
    Links,
    /// What happened.
    Audit,
    /// Accounts.
    Accounts,
    /// One's own account.
    Own,
}

/// What is around a page of the office.
#[derive(Debug, Clone, Serialize)]
pub struct Nav {
    /// Name of the account.
    pub who: String,
    /// May it change what is about units?
    pub may_work: bool,
    /// May it everything?
    pub may_admin: bool,
    /// Address of the list of campaigns, if there are several.
    pub lobby: Option<&'static str>,
    /// Is the page one of a campaign?
    pub in_campaign: bool,
    /// Where the page is.
    pub here: Room,
    /// What was done just now.
    pub done: Option<String>,
    /// What could not be done just now.
    pub wrong: Option<String>,
}

/// Renders a page of the office.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub(super) fn render(
    template: &str,
    frame: &Frame<'_>,
    nav: &Nav,
    page: &impl Serialize,
) -> Result<String, Message> {
    engine::render_within(template, frame, nav, page)
}
