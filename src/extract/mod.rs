//! Finds forms in workbooks and reads their cells: values with their places, and findings.

pub mod anchors;
pub mod cell;
mod complain;
pub mod explanations;
mod facts;
mod formulas;
pub mod grid;
pub mod header;
mod hidden;
pub mod identity;
pub mod letters;
pub mod locate;
mod missing;
pub mod number_text;
mod printed_code;
pub mod read;
mod relabelled;
mod relative;
pub mod rows;
pub mod table;
mod unfilled;

pub use explanations::{Explanation, read_explanations};
pub use identity::Identity;
pub use locate::{Found, Located, Nearest, Place, locate};
pub use printed_code::{ForeignCode, foreign_codes};
pub use read::read_table;
pub use table::{CellState, Table, TableCell, TableRow};
