//! Figures of closed periods as rules read them.

pub mod previous;
pub mod succession;
