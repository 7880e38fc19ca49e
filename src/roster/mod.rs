//! Who must report, and whose name that is.
//!
//! A name either *is* a unit's (after spelling, prefix forms and listed aliases) or it is nobody's:
//! one letter separates Hương Mỹ from Hưng Mỹ and both exist, so likeness only ever suggests.

mod additions;
mod faults;
#[cfg(feature = "full")]
mod file;
mod names;
mod parse;
mod succession;
mod units;

pub use faults::{RosterError, RosterFault};
pub use succession::Split;
pub use units::{Match, Roster};

#[cfg(test)]
mod tests;
