//! Reads a located table: each cell as its field requires, each doubt a finding at its cell.

mod blanks;
mod cell;
mod complain;
mod constants;
mod context;
mod dates;
mod extras;
mod formulas;
mod group_heads;
mod hidden;
pub mod letters;
mod measures;
mod merged;
mod missing;
mod named_sums;
mod number_text;
mod outline;
mod own_columns;
mod ratios;
mod read_table;
mod reading;
mod refusals;
mod relabelled;
mod relative;
mod shares;
mod shown;
mod spanning;
mod stale;
mod strays;
mod struck;
mod subtotals;
mod sums;
mod unfilled;

pub use blanks::NO_FIGURE;
pub use read_table::read_table;
pub use struck::STRUCK_OUT;
