//! Which check of a unit failed.

/// What failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Failed {
    /// Index into the instances.
    Rule(usize),
    /// Index into the percentages.
    Ratio(usize),
}
