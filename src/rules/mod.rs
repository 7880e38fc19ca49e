//! Checks one unit's tables against the rules of their forms. Facts in, findings out.

pub mod check;
pub mod example;
pub mod explain;
pub mod instance;
pub mod page;
pub mod pairs;
pub mod previous;
pub mod ratio;
pub mod rounding;
pub mod scope;
pub mod succession;
pub mod suspect;
pub mod tally;

pub use check::{Outcome, check_unit};
pub use page::Page;
pub use previous::{PeriodFigures, PreviousFigures, PreviousRow};
pub use scope::UnitTables;
pub use tally::{Tallies, Tally};
