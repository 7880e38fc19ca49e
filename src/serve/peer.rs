//! Who is at the other end of a connection.

use std::net::IpAddr;

/// The address a request came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);
