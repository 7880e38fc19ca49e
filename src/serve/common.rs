//! What the campaigns of one server share: the line before the checks, and how often an address may
//! ask.

use std::net::IpAddr;
use std::sync::Arc;

use super::guard::rate::Rate;
use super::queue::Queue;
use super::settings::Bounds;

/// What all campaigns share.
#[derive(Clone)]
pub(super) struct Common {
    pub(super) queue: Arc<Queue>,
    pub(super) addresses: Arc<Rate<IpAddr>>,
}

impl Common {
    pub(super) fn new(bounds: &Bounds) -> Common {
        Common {
            queue: Arc::new(Queue::new(bounds.checks, bounds.waiting)),
            addresses: Arc::new(Rate::new(bounds.of_address)),
        }
    }
}
