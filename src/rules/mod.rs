//! Data editing of one unit's tables: evaluates hard and soft edit rules, percentages and control
//! totals, and localises errors. Tables in, findings out.

mod blank_total;
pub mod check;
pub mod control;
pub mod equation;
pub mod example;
pub mod guide;
pub mod instance;
pub mod page;
pub mod past;
pub mod ratio;
pub mod reporter;
pub mod rounding;
pub mod scope;
pub mod soft;
pub mod suspect;
pub mod tally;
#[cfg(test)]
pub(crate) mod testing;
mod unmultiplied;
pub mod words;

pub use check::{Outcome, check_confirmed, check_unit};
pub use page::Page;
pub use past::previous::{Expected, PeriodFigures, PreviousFigures, PreviousRow};
pub use past::{compose, recast, succession};
pub use reporter::{DeclaredSum, Reporter};
pub use scope::UnitTables;
pub use soft::{change, large, peers, size, unchanged, zeros};
pub use suspect::fill_in;
pub use tally::{Tallies, Tally};
