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
use super::making::sweep;
use super::office::shared::Staff;
use super::place::Place;
use super::rooms::{Room, Rooms, Service};
use super::router::{lobby, router};
use super::settings::Settings;
use super::state::{State, folder_of};
use crate::campaign::{Campaign, ToolError, is_campaign};
use crate::model::Message;

/// What is served, and the people of the office.
pub(super) struct House {
    rooms: Served,
    staff: Arc<Staff>,
    /// One server a state; held as long as it runs.
    _lock: Option<File>,
}

/// One campaign, or those of a folder with what answers where none is named.
enum Served {
    One(Service),
    Several { rooms: Arc<Rooms>, lobby: Service },
}

/// Who answers a request, and what its address is below that.
pub(super) struct Answering {
    pub(super) service: Service,
    pub(super) place: Place,
    /// The path, if it is another one there.
    pub(super) path: Option<String>,
}

impl Answering {
    fn at(place: Place, service: &Service) -> Answering {
        Answering {
            service: service.clone(),
            place,
            path: None,
        }
    }
}

impl House {
    /// Opens the campaign of a folder, or every campaign in it.
    ///
    /// # Errors
    /// There is none although the folder is not empty, one of them cannot be opened, or another server has it.
    pub(super) fn open(settings: &Settings) -> Result<House, ToolError> {
        let folder = &settings.campaign;
        if is_campaign(folder) || !folder.is_dir() {
            return Self::of_one(settings);
        }
        let found = campaigns(folder)?;
        let own = settings.state.clone().unwrap_or_else(|| folder_of(folder));
        let state = Arc::new(State::open(&own)?);
        let lock = locked(own.join(LOCK))?;
        sweep(folder);
        let staff = Arc::new(Staff::new(state, &own, settings.first_account)?);
        let rooms = Arc::new(Rooms::open(settings, staff.clone(), found, router)?);
        let porter = Desk::before_all(settings.clone(), &rooms.common, staff.clone(), &own)?;
        let lobby = TowerToHyperService::new(lobby(&Arc::new(porter), &rooms));
        Ok(House {
            rooms: Served::Several { rooms, lobby },
            staff,
            _lock: Some(lock),
        })
    }

    fn of_one(settings: &Settings) -> Result<House, ToolError> {
        let common = Common::new(&settings.bounds);
        let desk = Arc::new(Desk::open(settings.clone(), &common, None)?);
        Ok(House {
            staff: desk.staff.clone(),
            rooms: Served::One(TowerToHyperService::new(router(&desk))),
            _lock: None,
        })
    }

    /// The people of the office.
    pub(super) fn staff(&self) -> &Staff {
        &self.staff
    }

    /// What answers a path: the campaign of its link or of its name, or what is before all of them.
    pub(super) async fn service(&self, path: &str) -> Answering {
        let (rooms, lobby) = match &self.rooms {
            Served::Several { rooms, lobby } => (rooms, lobby),
            Served::One(service) => return Answering::at(Place::Alone, service),
        };
        if let Some(rest) = path.strip_prefix("/d/") {
            let named = named(rooms, rest);
            return named.unwrap_or_else(|| Answering::at(Place::Lobby, lobby));
        }
        let Some(token) = token(path) else {
            return Answering::at(Place::Lobby, lobby);
        };
        match of_token(rooms.all(), token.to_owned()).await {
            Owner::Room(room) => Answering::at(Place::Alone, &room.service),
            Owner::Nobody => Answering::at(Place::Lobby, lobby),
            // It may be this one's, or not: nobody can say that the link does not work.
            Owner::Unknown => Answering::at(Place::Unreadable, lobby),
        }
    }
}

/// The campaign that is named first in a path, with what is behind.
fn named(rooms: &Rooms, rest: &str) -> Option<Answering> {
    let (name, below) = rest.split_once('/').unwrap_or((rest, ""));
    let base = format!("/d/{name}");
    let room = rooms.at(&base)?;
    Some(Answering {
        path: Some(format!("/{below}")),
        ..Answering::at(Place::Room(base), &room.service)
    })
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

/// The token in the path of a unit's page.
fn token(path: &str) -> Option<&str> {
    path.strip_prefix("/n/")?.split('/').next()
}

/// The campaigns in a folder, by their names. Such as take their figures from closed periods have no
/// units that file.
fn campaigns(folder: &Path) -> Result<Vec<PathBuf>, ToolError> {
    let (mut found, mut is_empty): (Vec<PathBuf>, bool) = (Vec::new(), true);
    for entry in fs::read_dir(folder).map_err(ToolError::io(folder))? {
        let entry = entry.map_err(ToolError::io(folder))?;
        let path = entry.path();
        // What is hidden is not finished.
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        is_empty &= hidden;
        if !hidden && is_campaign(&path) && Campaign::load(&path)?.file.made_of.is_none() {
            found.push(path);
        }
    }
    found.sort();
    // An empty one is to have campaigns that are made on the page.
    match found.is_empty() && !is_empty {
        true => Err(no_campaign(folder)),
        false => Ok(found),
    }
}

fn no_campaign(folder: &Path) -> ToolError {
    let shown = folder.display();
    ToolError::Other(Message::new(
        format!(
            "{shown}: thư mục này không phải là đợt báo cáo (không có campaign.toml hay campaign.xlsx), cũng không có đợt nào nằm ngay bên trong; muốn lập đợt từ trang web thì ghi một thư mục trống"
        ),
        format!(
            "{shown}: this folder is no campaign (it has neither campaign.toml nor campaign.xlsx), and there is none right inside it; to make campaigns on the page, name an empty folder"
        ),
    ))
}
