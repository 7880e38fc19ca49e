//! The roster of reporting units, and identification of a unit by code or name.
//!
//! A name identifies a unit only if it is equal to one of the unit's names after normalising
//! spelling and prefixes. Similarity never identifies, it only suggests: Hương Mỹ and Hưng Mỹ
//! differ in one letter and both exist.

mod additions;
mod faults;
#[cfg(feature = "full")]
mod file;
mod headings;
mod levels;
mod names;
mod parse;
mod succession;
mod units;

pub use faults::{RosterError, RosterFault};
pub use headings::{HEADINGS, is_code_title, sheet_heading};
pub use parse::in_sheet_words;
pub use succession::Split;
pub use units::{Match, Roster};

#[cfg(test)]
mod tests;
