//! Compiling a form again after people worked on its file: what the form says now, what it said
//! then and what is in the file now are merged, section by section and key by key.
//!
//! What was generated then is kept whole beside the form files (in a hidden folder that nobody has a
//! reason to edit); `kept` gives columns and rows the ids they have, so that rules name the same
//! things, `sections` takes a form file apart without losing comments, `merge` puts it together,
//! `changes` says what the form says otherwise.

mod changes;
mod kept;
mod merge;
mod sections;
#[cfg(test)]
mod tests;

pub use changes::changes;
pub use kept::Kept;
pub(super) use kept::keep;
pub use merge::{Merged, merge};
