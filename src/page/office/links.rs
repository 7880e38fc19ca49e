//! Links of units, and letters to them.

use serde::Serialize;

use super::nav::{Nav, render};
use crate::model::Message;
use crate::page::frame::Frame;

/// The page of links and letters.
#[derive(Debug, Clone, Serialize)]
pub struct Links {
    /// Links that were just made and are shown only now.
    pub fresh: usize,
    /// Units without a link.
    pub without: usize,
    /// The address of this server, before the paths of links.
    pub address: String,
    /// One a unit.
    pub links: Vec<LinkLine>,
    /// The server that mails them, if there is one.
    pub mail_server: Option<String>,
    /// Was anything mailed?
    pub mailed: bool,
    /// Kinds of letters.
    pub letters: Vec<LetterForm>,
}

/// A unit and its link.
#[derive(Debug, Clone, Serialize)]
pub struct LinkLine {
    /// Its code and its name.
    pub code: String,
    pub name: String,
    /// Address of its page in the office.
    pub href: String,
    /// The day on which its link was made; none if it has none.
    pub made: Option<String>,
    /// The link itself, if it was just made.
    pub fresh: Option<String>,
}

/// A kind of letter.
#[derive(Debug, Clone, Serialize)]
pub struct LetterForm {
    /// As it is sent.
    pub kind: &'static str,
    /// What it is, and to whom it goes.
    pub title: String,
    pub about: String,
    /// What it says, with names in braces.
    pub text: String,
    /// How many units it goes to now.
    pub units: usize,
}

/// The page of links and letters.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn links_page(frame: &Frame<'_>, nav: &Nav, page: &Links) -> Result<String, Message> {
    render("office-links.html", frame, nav, page)
}
