//! Finds forms in workbooks and reads their cells: values with their places, and findings.

pub mod anchors;
pub mod cell;
mod complain;
pub mod explanations;
pub mod grid;
pub mod header;
pub mod identity;
pub mod locate;
pub mod number_text;
pub mod read;
pub mod rows;
pub mod table;

pub use explanations::{Explanation, read_explanations};
pub use identity::Identity;
pub use locate::{Located, locate};
pub use read::read_table;
pub use table::{CellState, Table, TableCell, TableRow};
