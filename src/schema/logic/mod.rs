//! The rules of forms decided exactly: as sums, as systems of equations and inequalities.

mod conditions;
pub mod fault;
pub mod known;
pub mod linear;
pub mod ruleset;
pub mod simplex;
mod sums;
mod system;
