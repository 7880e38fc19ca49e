//! Excel formulas made from the edit rules and aggregates of a form (live checks, computed cells,
//! totals).

mod compare;
mod condition;
mod folds;
pub mod last_rows;
pub mod layout;
pub mod live;
pub mod names;
mod needs;
mod part;
mod ratio;
pub mod rule;
pub mod shown;
pub mod slack;
mod translate;
