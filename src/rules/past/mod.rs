//! Figures of closed periods as rules read them.

mod as_facts;
pub mod compose;
mod course;
pub mod previous;
pub mod recast;
pub mod renamed;
pub mod succession;
mod sums;
