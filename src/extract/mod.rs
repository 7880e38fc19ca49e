//! Finds forms in workbooks and reads their cells: typed values with their provenance, and
//! findings.

pub mod explanations;
mod facts;
pub mod given;
mod grid;
pub mod identity;
mod locate;
pub mod open_title;
mod period_spelling;
pub mod printed_period;
mod read;
pub mod said_measure;
mod sum_names;
mod table;
pub mod title_block;

pub use explanations::{Explanation, read_explanations};
pub use facts::retype;
pub use identity::Identity;
pub use locate::{
    ForeignCode, FoundTables, Located, Nearest, NotShown, Places, TablePlace, foreign_codes, locate,
};
pub use read::{
    BARE, NAMELESS, NO_FIGURE, STRUCK_OUT, TextFigure, figure_alone, letters, read_table,
    to_type_again,
};
pub use table::{CellState, Table, TableCell, TableRow};
