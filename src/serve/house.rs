//! The campaigns that one server serves. Each has a state and links of its own, and the token of a link
//! says which it belongs to; what waits for checks and how often an address may ask is common to all.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::Router;
use hyper_util::service::TowerToHyperService;
use tokio::task::spawn_blocking;

use super::common::Common;
use super::desk::Desk;
use super::router::router;
use super::settings::Settings;
use crate::campaign::{Campaign, ToolError, is_campaign};
use crate::model::Message;

/// Every campaign with its addresses.
pub(super) struct House {
    rooms: Vec<Room>,
}

struct Room {
    desk: Arc<Desk>,
    service: TowerToHyperService<Router>,
}

impl House {
    /// Opens the campaign of a folder, or every campaign in it.
    ///
    /// # Errors
    /// There is none, one of them cannot be opened, or another server has it.
    pub(super) fn open(settings: &Settings) -> Result<House, ToolError> {
        let common = Common::new(&settings.bounds);
        let room = |settings: Settings| -> Result<Room, ToolError> {
            let desk = Arc::new(Desk::open(settings, &common)?);
            let service = TowerToHyperService::new(router(&desk));
            Ok(Room { desk, service })
        };
        let rooms = campaigns(settings)?.into_iter().map(room);
        Ok(House {
            rooms: rooms.collect::<Result<_, ToolError>>()?,
        })
    }

    /// The first campaign, which answers what belongs to none.
    pub(super) fn first(&self) -> Option<&Desk> {
        self.rooms.first().map(|room| &*room.desk)
    }

    /// What answers a path: the campaign of its link.
    pub(super) async fn service(&self, path: &str) -> Option<TowerToHyperService<Router>> {
        let at = match (&*self.rooms, token(path)) {
            ([] | [_], _) | (_, None) => 0,
            (rooms, Some(token)) => {
                let desks: Vec<Arc<Desk>> = rooms.iter().map(|room| room.desk.clone()).collect();
                let token = token.to_owned();
                let found = spawn_blocking(move || {
                    // A state that cannot be read is told by its own campaign, if it is asked.
                    let has = |desk: &Arc<Desk>| matches!(desk.state.unit_of(&token), Ok(Some(_)));
                    desks.iter().position(has)
                });
                found.await.ok().flatten().unwrap_or(0)
            }
        };
        self.rooms.get(at).map(|room| room.service.clone())
    }
}

/// The token in the path of a unit's page.
fn token(path: &str) -> Option<&str> {
    path.strip_prefix("/n/")?.split('/').next()
}

/// The settings of each campaign: that of the folder, or those in it, by their names. Such as take
/// their figures from closed periods have no units that file.
fn campaigns(settings: &Settings) -> Result<Vec<Settings>, ToolError> {
    let folder = &settings.campaign;
    if is_campaign(folder) || !folder.is_dir() {
        return Ok(vec![settings.clone()]);
    }
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(ToolError::io(folder))? {
        let path = entry.map_err(ToolError::io(folder))?.path();
        if is_campaign(&path) && Campaign::load(&path)?.file.made_of.is_none() {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(no_campaign(folder));
    }
    let own = |campaign: PathBuf| Settings {
        state: settings
            .state
            .as_ref()
            .map(|state| state.join(campaign.file_name().unwrap_or_default())),
        campaign,
        ..settings.clone()
    };
    Ok(found.into_iter().map(own).collect())
}

fn no_campaign(folder: &Path) -> ToolError {
    let shown = folder.display();
    ToolError::Other(Message::new(
        format!(
            "{shown}: thư mục này không phải là đợt báo cáo (không có campaign.toml hay campaign.xlsx), cũng không có đợt nào nằm ngay bên trong"
        ),
        format!(
            "{shown}: this folder is no campaign (it has neither campaign.toml nor campaign.xlsx), and there is none right inside it"
        ),
    ))
}
