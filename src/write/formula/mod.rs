//! What a form says of its figures as live formulas, and what the cells of a table show.

pub mod last_rows;
pub mod layout;
pub mod live;
pub mod names;
pub mod rule;
pub mod shown;
pub mod slack;
