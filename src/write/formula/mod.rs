//! What a form says of its figures as live formulas, and what the cells of a table show.

mod compare;
mod condition;
mod folds;
pub mod last_rows;
pub mod layout;
pub mod live;
pub mod names;
mod needs;
mod part;
mod percentage;
pub mod rule;
pub mod shown;
pub mod slack;
mod translate;
