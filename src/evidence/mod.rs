//! What filled workbooks say of a form: how often its rules held where they could have failed, and
//! what else holds in all of them.
//!
//! `tested` asks the form's own rules; `figures` lays the figures out as exact vectors, `equation`
//! says whether one equation holds in all of them and what that is worth, `sums` finds candidates,
//! `bounds` and `quotients` look for what is no sum, `proposed` keeps what follows from nothing else,
//! and `over_time` compares with the workbooks of the period before. Nothing here adopts a rule: figures refute and ask, the form's own words are the source.

mod bounds;
mod equation;
mod figures;
mod over_time;
mod proposed;
mod quotients;
mod sums;
mod tested;
#[cfg(test)]
mod tests;

pub use over_time::over_time;
pub use proposed::{Proposed, proposed};
pub use tested::{Counterexample, RuleTest, tested};
