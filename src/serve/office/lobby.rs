//! Before all campaigns: which there are.

use std::sync::Arc;

use axum::Extension;
use axum::response::Response;

use super::officer::Officer;
use super::shown::{self, Said, day};
use crate::campaign::ToolError;
use crate::model::Lang;
use crate::page::office::{CampaignLine, Lobby, Room as Nav, lobby_page};
use crate::serve::desk::blocking;
use crate::serve::refusal::Refusal;
use crate::serve::rooms::{Room, Rooms};

/// The campaigns there are.
pub(super) async fn show(
    officer: Officer,
    Extension(rooms): Extension<Arc<Rooms>>,
) -> Result<Response, Refusal> {
    let lang = officer.manner.lang;
    let lines = blocking(move || Ok(rooms.all().iter().map(|room| line(room, lang)).collect()));
    let page = Lobby {
        campaigns: lines.await?,
    };
    let place = ("/", Nav::Lobby);
    shown::page(&officer, place, Said::default(), |frame, nav| {
        lobby_page(frame, nav, &page)
    })
    .await
}

fn line(room: &Room, lang: Lang) -> CampaignLine {
    let read = || -> Result<CampaignLine, ToolError> {
        let file = &room.desk.campaign()?.file;
        Ok(CampaignLine {
            href: room.base() + "/",
            folder: room.name.clone(),
            title: file.title.clone(),
            period: match lang {
                Lang::Vi => file.period.vietnamese(),
                Lang::En => file.period.to_string(),
            },
            deadline: file.deadline.map(|deadline| day(deadline, lang)),
            closed: room.desk.is_closed()?,
            wrong: None,
        })
    };
    read().unwrap_or_else(|error| CampaignLine {
        href: room.base() + "/",
        folder: room.name.clone(),
        title: room.name.clone(),
        period: String::new(),
        deadline: None,
        closed: false,
        wrong: Some(lang.of(&error.message()).to_owned()),
    })
}
