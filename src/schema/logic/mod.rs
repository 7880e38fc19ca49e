//! The rules of forms decided exactly: as sums, as systems of equations and inequalities.

pub mod linear;
pub mod ruleset;
pub mod simplex;
