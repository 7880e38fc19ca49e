//! What one server serves: a campaign, or those of a folder. Each has a state and links of its own,
//! and the token of a link says which it belongs to; the office names it in the address,
//! `/d/<folder>/…`, after one sign-in for all (`lobby`).

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hyper_util::service::TowerToHyperService;
use tokio::task::spawn_blocking;

use super::common::Common;
use super::desk::{Desk, LOCK, locked};
use super::office::shared::Staff;
use super::place::Place;
use super::rooms::{Room, Rooms, Service};
use super::router::{lobby, router};
use super::settings::Settings;
use super::state::{State, folder_of};
use crate::campaign::{Campaign, ToolError, is_campaign};
use crate::model::Message;

/// Every campaign with its addresses.
pub(super) struct House {
    rooms: Arc<Rooms>,
    staff: Arc<Staff>,
    /// What answers where no campaign is named; none if there is only one.
    lobby: Option<Service>,
    /// One server a state; held as long as it runs.
    _lock: Option<File>,
}

/// Who answers a request, and what its address is below that.
pub(super) struct Answering {
    pub(super) service: Service,
    pub(super) place: Place,
    /// The path, if it is another one there.
    pub(super) path: Option<String>,
}

impl House {
    /// Opens the campaign of a folder, or every campaign in it.
    ///
    /// # Errors
    /// There is none, one of them cannot be opened, or another server has it.
    pub(super) fn open(settings: &Settings) -> Result<House, ToolError> {
        let common = Common::new(&settings.bounds);
        let folder = &settings.campaign;
        if is_campaign(folder) || !folder.is_dir() {
            let desk = Arc::new(Desk::open(settings.clone(), &common, None)?);
            let (staff, service) = (desk.staff.clone(), TowerToHyperService::new(router(&desk)));
            let name = String::new();
            let rooms = Rooms::new(vec![Room {
                name,
                desk,
                service,
            }]);
            return Ok(House {
                rooms: Arc::new(rooms),
                staff,
                lobby: None,
                _lock: None,
            });
        }
        let found = campaigns(settings)?;
        let own = settings.state.clone().unwrap_or_else(|| folder_of(folder));
        let state = Arc::new(State::open(&own)?);
        let lock = locked(own.join(LOCK))?;
        let staff = Arc::new(Staff::new(state, &own, settings.first_account)?);
        let rooms = found
            .into_iter()
            .map(|settings| room(settings, &common, &staff))
            .collect::<Result<Vec<Room>, ToolError>>()?;
        let porter = rooms.first().map(|room| room.desk.clone());
        let rooms = Arc::new(Rooms::new(rooms));
        let service = porter.map(|desk| TowerToHyperService::new(lobby(&desk, &rooms)));
        Ok(House {
            lobby: service,
            rooms,
            staff,
            _lock: Some(lock),
        })
    }

    /// The people of the office.
    pub(super) fn staff(&self) -> &Staff {
        &self.staff
    }

    /// What answers a path: the campaign of its link or of its name, or what is before all of them.
    pub(super) async fn service(&self, path: &str) -> Option<Answering> {
        let Some(lobby) = &self.lobby else {
            let only = self.rooms.all().into_iter().next()?;
            return Some(Answering {
                service: only.service.clone(),
                place: Place::Alone,
                path: None,
            });
        };
        let before = |place: Place| Answering {
            service: lobby.clone(),
            place,
            path: None,
        };
        if let Some(rest) = path.strip_prefix("/d/") {
            return Some(match self.named(rest) {
                Some(answering) => answering,
                None => before(Place::Lobby),
            });
        }
        let Some(token) = token(path) else {
            return Some(before(Place::Lobby));
        };
        Some(match of_token(self.rooms.all(), token.to_owned()).await {
            Owner::Room(room) => Answering {
                service: room.service.clone(),
                place: Place::Alone,
                path: None,
            },
            Owner::Nobody => before(Place::Lobby),
            // It may be this one's, or not: nobody can say that the link does not work.
            Owner::Unknown => before(Place::Unreadable),
        })
    }

    /// The campaign that is named first in a path, with what is behind.
    fn named(&self, rest: &str) -> Option<Answering> {
        let (name, below) = rest.split_once('/').unwrap_or((rest, ""));
        let base = format!("/d/{name}");
        let room = self.rooms.at(&base)?;
        Some(Answering {
            service: room.service.clone(),
            place: Place::Room(base),
            path: Some(format!("/{below}")),
        })
    }
}

/// Whose link a token is.
enum Owner {
    Room(Arc<Room>),
    Nobody,
    /// The state of a campaign cannot be read.
    Unknown,
}

async fn of_token(rooms: Vec<Arc<Room>>, token: String) -> Owner {
    let found = spawn_blocking(move || {
        let mut unknown = false;
        for room in rooms {
            match room.desk.state.unit_of(&token) {
                Ok(Some(_)) => return Owner::Room(room),
                Ok(None) => {}
                Err(error) => {
                    super::log::failed("tonghop serve", &error);
                    unknown = true;
                }
            }
        }
        match unknown {
            true => Owner::Unknown,
            false => Owner::Nobody,
        }
    });
    found.await.unwrap_or(Owner::Unknown)
}

fn room(settings: Settings, common: &Common, staff: &Arc<Staff>) -> Result<Room, ToolError> {
    let name = settings.campaign.file_name().unwrap_or_default();
    let name = name.to_string_lossy().into_owned();
    let desk = Arc::new(Desk::open(settings, common, Some(staff.clone()))?);
    let service = TowerToHyperService::new(router(&desk));
    Ok(Room {
        name,
        desk,
        service,
    })
}

/// The token in the path of a unit's page.
fn token(path: &str) -> Option<&str> {
    path.strip_prefix("/n/")?.split('/').next()
}

/// The settings of each campaign in a folder, by their names. Such as take their figures from closed
/// periods have no units that file.
fn campaigns(settings: &Settings) -> Result<Vec<Settings>, ToolError> {
    let folder = &settings.campaign;
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(folder).map_err(ToolError::io(folder))? {
        let entry = entry.map_err(ToolError::io(folder))?;
        let path = entry.path();
        // What is hidden is not finished.
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if !hidden && is_campaign(&path) && Campaign::load(&path)?.file.made_of.is_none() {
            found.push(path);
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(no_campaign(folder));
    }
    Ok(found
        .into_iter()
        .map(|one| of_room(settings, one))
        .collect())
}

/// The settings of a campaign in the folder.
fn of_room(settings: &Settings, campaign: PathBuf) -> Settings {
    let name = campaign.file_name().unwrap_or_default();
    Settings {
        state: settings.state.as_ref().map(|state| state.join(name)),
        campaign,
        ..settings.clone()
    }
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
