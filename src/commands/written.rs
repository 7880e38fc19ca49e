//! What was put in place.

use super::returns::Returns;
use crate::campaign::Placed;

/// What a run put in place.
#[derive(Debug, Default)]
pub struct Written {
    /// The files.
    pub placed: Placed,
    /// The returned copies among them, if they were asked for.
    pub returns: Option<Returns>,
}
