//! The campaigns that one server has: each answers by itself, and new ones come in while it runs.

use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use hyper_util::service::TowerToHyperService;

use super::desk::Desk;
use super::office::address::encoded;

/// What answers requests.
pub(super) type Service = TowerToHyperService<Router>;

/// A campaign and what answers for it.
pub(super) struct Room {
    /// Name of its folder, which is how addresses name it.
    pub(super) name: String,
    pub(super) desk: Arc<Desk>,
    pub(super) service: Service,
}

/// The campaigns there are, by the names of their folders.
pub(super) struct Rooms {
    rooms: RwLock<Vec<Arc<Room>>>,
}

impl Room {
    /// What its addresses begin with.
    pub(super) fn base(&self) -> String {
        format!("/d/{}", encoded(&self.name))
    }
}

impl Rooms {
    pub(super) fn new(rooms: Vec<Room>) -> Rooms {
        Rooms {
            rooms: RwLock::new(rooms.into_iter().map(Arc::new).collect()),
        }
    }

    pub(super) fn all(&self) -> Vec<Arc<Room>> {
        let rooms = self.rooms.read().unwrap_or_else(PoisonError::into_inner);
        rooms.clone()
    }

    /// The campaign whose addresses begin so.
    pub(super) fn at(&self, base: &str) -> Option<Arc<Room>> {
        self.all().into_iter().find(|room| room.base() == base)
    }
}
