//! The campaigns that one server has: each answers by itself, and new ones come in while it runs.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use axum::Router;
use hyper_util::service::TowerToHyperService;

use super::common::Common;
use super::desk::Desk;
use super::making::{self, Drafts};
use super::office::address::encoded;
use super::office::shared::Staff;
use super::settings::Settings;
use crate::campaign::ToolError;

/// What answers requests.
pub(super) type Service = TowerToHyperService<Router>;

/// A campaign and what answers for it.
pub(super) struct Room {
    /// Name of its folder, which is how addresses name it.
    pub(super) name: String,
    pub(super) desk: Arc<Desk>,
    pub(super) service: Service,
}

/// The campaigns of a folder, by the names of theirs.
pub(super) struct Rooms {
    /// Settings of the server; the campaign in them is the folder.
    settings: Settings,
    pub(super) common: Common,
    staff: Arc<Staff>,
    /// Addresses of a campaign.
    router: fn(&Arc<Desk>) -> Router,
    rooms: RwLock<Vec<Arc<Room>>>,
    /// Held while a new one is made.
    making: Mutex<()>,
    /// New ones that wait to be confirmed.
    pub(super) drafts: Drafts,
}

impl Room {
    /// What its addresses begin with.
    pub(super) fn base(&self) -> String {
        format!("/d/{}", encoded(&self.name))
    }
}

impl Rooms {
    /// Opens campaigns of a folder.
    ///
    /// # Errors
    /// One of them cannot be opened, or another server has it.
    pub(super) fn open(
        settings: &Settings,
        staff: Arc<Staff>,
        campaigns: Vec<PathBuf>,
        router: fn(&Arc<Desk>) -> Router,
    ) -> Result<Rooms, ToolError> {
        let rooms = Rooms {
            settings: settings.clone(),
            common: Common::new(&settings.bounds),
            staff,
            router,
            rooms: RwLock::default(),
            making: Mutex::new(()),
            drafts: Drafts::default(),
        };
        for campaign in campaigns {
            rooms.add(&campaign)?;
        }
        Ok(rooms)
    }

    pub(super) fn all(&self) -> Vec<Arc<Room>> {
        let rooms = self.rooms.read().unwrap_or_else(PoisonError::into_inner);
        rooms.clone()
    }

    /// The campaign whose addresses begin so.
    pub(super) fn at(&self, base: &str) -> Option<Arc<Room>> {
        self.all().into_iter().find(|room| room.base() == base)
    }

    /// Puts a new campaign among the others, and takes it in.
    ///
    /// # Errors
    /// As for [`making::put`]; or it cannot be opened, and is there when the server starts again.
    pub(super) fn put(
        &self,
        name: &str,
        make: impl FnOnce(&Path) -> Result<(), ToolError>,
    ) -> Result<Arc<Room>, ToolError> {
        let _one_at_a_time = self.making.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = making::put(&self.settings.campaign, name, make)?;
        self.add(&folder)
    }

    fn add(&self, campaign: &Path) -> Result<Arc<Room>, ToolError> {
        let name = campaign.file_name().unwrap_or_default();
        let settings = Settings {
            state: self.settings.state.as_ref().map(|state| state.join(name)),
            campaign: campaign.to_owned(),
            ..self.settings.clone()
        };
        let desk = Desk::open(settings, &self.common, Some(self.staff.clone()))?;
        let desk = Arc::new(desk);
        let service = TowerToHyperService::new((self.router)(&desk));
        let name = name.to_string_lossy().into_owned();
        let room = Arc::new(Room {
            name,
            desk,
            service,
        });
        let mut rooms = self.rooms.write().unwrap_or_else(PoisonError::into_inner);
        rooms.push(room.clone());
        rooms.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(room)
    }
}
