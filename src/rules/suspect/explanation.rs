//! Explanations of failed checks: sets of changed figures with which they hold.

use super::slip::Slip;
use super::system::CellChange;

/// Most suspects reported for one finding.
pub(super) const MOST: usize = 3;

/// A set of changes after which everything holds.
#[derive(Debug, Clone)]
pub(super) struct ChangeSet {
    pub(super) changes: Vec<(CellChange, Option<Slip>)>,
    /// Cost of the changes; the lower the likelier. Equal costs are reported as equally probable.
    pub(super) cost: u32,
    /// Would computed cells that were typed by hand, and agree, have to change, too? Of equal costs
    /// the one without is likelier.
    pub(super) by_hand: bool,
    /// What else speaks for the changes; orders explanations that are equally likely.
    pub(super) odds: i32,
    /// Failed checks that would hold, by index into the system's checks.
    pub(super) mended: Vec<usize>,
    /// Do rules say which figures these are? An inequality says only that a figure is wrong.
    pub(super) determined: bool,
}

impl ChangeSet {
    /// How likely it is; the lower the likelier.
    pub(super) fn likelihood(&self) -> (u32, bool) {
        (self.cost, self.by_hand)
    }
}

/// Failed checks that one set of changes mends, and every set that does, the likeliest first.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) failed: Vec<usize>,
    pub(super) explanations: Vec<ChangeSet>,
}
