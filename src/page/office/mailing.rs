//! Letters that are mailed: what would be sent, and what became of it.

use serde::Serialize;

use super::nav::{Nav, render};
use crate::model::Message;
use crate::page::frame::Frame;

/// What would be sent, to be confirmed.
#[derive(Debug, Clone, Serialize)]
pub struct MailingDraft {
    /// The kind of the letters, as it is sent.
    pub kind: &'static str,
    /// What they are.
    pub title: String,
    /// Subject of every mail.
    pub subject: String,
    /// The words of the letters with names in braces; blank for the usual ones.
    pub text: String,
    /// The address before the paths of links.
    pub address: String,
    /// The server that sends, and the sender.
    pub server: String,
    pub from: String,
    /// Send again to those that got the same letter?
    pub again: bool,
    /// Letters that would be sent, that were sent before, and that cannot be sent.
    pub to_go: usize,
    pub before: usize,
    pub lacking: usize,
    /// The first letter that would be sent.
    pub example: Option<String>,
    /// One a unit.
    pub lines: Vec<MailLine>,
}

/// What became of the letters that were sent last.
#[derive(Debug, Clone, Serialize)]
pub struct Mailing {
    /// What they are.
    pub title: String,
    /// Are some still being sent?
    pub is_busy: bool,
    /// All of them, those sent, those that failed, and those without an address.
    pub all: usize,
    pub sent: usize,
    pub failed: usize,
    pub lacking: usize,
    /// One a unit.
    pub lines: Vec<MailLine>,
}

/// A unit and its letter.
#[derive(Debug, Clone, Serialize)]
pub struct MailLine {
    /// Its code and its name.
    pub code: String,
    pub name: String,
    /// Address of its page in the office.
    pub href: String,
    /// Where the letter goes.
    pub address: String,
    /// `waiting`, `sending`, `sent`, `failed`, `no-address`; `before` and `perhaps` if the same
    /// letter was sent, or may have been; `ended` if the server was ended before it was sent.
    pub state: &'static str,
    /// When that was.
    pub at: String,
    /// Why it could not be sent.
    pub detail: String,
}

/// The page on which a sending is confirmed.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn mailing_draft(frame: &Frame<'_>, nav: &Nav, page: &MailingDraft) -> Result<String, Message> {
    render("office-mailing-draft.html", frame, nav, page)
}

/// The page of what became of a sending.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn mailing_page(frame: &Frame<'_>, nav: &Nav, page: &Mailing) -> Result<String, Message> {
    render("office-mailing.html", frame, nav, page)
}
