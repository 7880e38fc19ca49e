//! Checks one unit's tables against the rules of their forms. Facts in, findings out.

pub mod change;
pub mod check;
pub mod control;
mod control_cause;
mod control_words;
pub mod equation;
pub mod example;
pub mod explain;
pub mod instance;
pub mod office;
pub mod page;
pub mod pairs;
pub mod peers;
pub mod previous;
pub mod ratio;
pub mod robust;
pub mod rounding;
pub mod scope;
pub mod size;
pub mod soft;
pub mod succession;
pub mod suspect;
pub mod tally;
mod terms;
#[cfg(test)]
mod testing;
pub mod typed;
pub mod unchanged;
pub mod zeros;

pub use check::{Outcome, check_unit};
pub use office::Office;
pub use page::Page;
pub use previous::{PeriodFigures, PreviousFigures, PreviousRow};
pub use scope::UnitTables;
pub use suspect::fill_in;
pub use tally::{Tallies, Tally};
