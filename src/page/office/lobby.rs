//! The campaigns of a server, to choose from.

use serde::Serialize;

use super::nav::{Nav, render};
use crate::model::Message;
use crate::page::frame::Frame;

/// The page of campaigns.
#[derive(Debug, Clone, Serialize)]
pub struct Lobby {
    /// One a campaign.
    pub campaigns: Vec<CampaignLine>,
}

/// A campaign.
#[derive(Debug, Clone, Serialize)]
pub struct CampaignLine {
    /// Address of its board.
    pub href: String,
    /// Name of its folder.
    pub folder: String,
    /// Its title; that of the folder where it cannot be read.
    pub title: String,
    /// The period, and the last day.
    pub period: String,
    pub deadline: Option<String>,
    /// Is the period closed?
    pub closed: bool,
    /// Why it cannot be read now.
    pub wrong: Option<String>,
}

/// The page of campaigns.
///
/// # Errors
/// The page could not be made: a mistake of the program's.
pub fn lobby_page(frame: &Frame<'_>, nav: &Nav, page: &Lobby) -> Result<String, Message> {
    render("office-lobby.html", frame, nav, page)
}
