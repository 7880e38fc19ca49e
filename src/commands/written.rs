//! The outcome of writing the outputs of a run.

use super::returns::Returns;
use crate::campaign::Placed;

/// What a run put in place.
#[derive(Debug, Default)]
pub struct PlacedOutputs {
    /// The files.
    pub placed: Placed,
    /// The returned copies among them, if the options name a folder for them.
    pub returns: Option<Returns>,
}
