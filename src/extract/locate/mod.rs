//! Which sheet of a workbook holds which form, and where on it: header, rows, the template's own
//! names.

mod above;
mod anchors;
mod continued;
pub(super) mod figures;
mod header;
mod places;
mod printed_code;
mod renamed;
mod row_figures;
pub(super) mod rows;
mod search;
mod under;

pub(super) use above::NamesBeside;
pub use places::{NotShown, Places};
pub use printed_code::{ForeignCode, foreign_codes};
pub use search::{FoundTables, Located, Nearest, TablePlace, locate};
