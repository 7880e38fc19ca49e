//! Where in the house a request is.

/// Where in the house a request is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// In the only campaign there is; or at a unit's page, which names none.
    #[default]
    Alone,
    /// In one of several; the beginning of its addresses.
    Room(String),
    /// Before all campaigns.
    Lobby,
    /// Nobody can tell in which.
    Unreadable,
}

impl Place {
    /// What addresses begin with.
    pub(super) fn base(&self) -> &str {
        match self {
            Place::Room(base) => base,
            Place::Alone | Place::Lobby | Place::Unreadable => "",
        }
    }
}
