//! A page of a heading and a text.

use serde::Serialize;

use super::engine;
use super::frame::Frame;
use crate::model::Message;

#[derive(Serialize)]
pub(super) struct Plain<'a> {
    pub(super) heading: String,
    /// Empty if there is only `html`.
    pub(super) message: String,
    /// The address of the page to go back to.
    pub(super) back: Option<&'a str>,
    /// What is below, made by the program.
    pub(super) html: Option<String>,
}

impl Plain<'_> {
    /// # Errors
    /// The page could not be made: a mistake of the program's.
    pub(super) fn page(&self, frame: &Frame<'_>) -> Result<String, Message> {
        engine::render("plain.html", frame, self)
    }
}
