//! What explains failed checks: changes of figures after which they hold.

use super::slip::Slip;
use super::system::Change;

/// A set of changes after which everything holds.
#[derive(Debug, Clone)]
pub(super) struct Explanation {
    pub(super) changes: Vec<(Change, Option<Slip>)>,
    /// The lower the likelier; equal is undecided.
    pub(super) cost: u32,
    /// Failed checks that would hold.
    pub(super) mended: Vec<usize>,
    /// Do rules say which figures these are? An inequality says only that a figure is wrong.
    pub(super) determined: bool,
}

/// Failed checks that one set of changes mends, and every set that does, the likeliest first.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) failed: Vec<usize>,
    pub(super) explanations: Vec<Explanation>,
}
