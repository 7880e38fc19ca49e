//! Any spreadsheet file becomes sheets of cells. What a file is is decided by its content, how
//! much of it is read is bounded, and whatever is wrong with it is a [`FileProblem`], never a
//! panic. The only place that knows file formats: one file for each.

pub mod limits;
pub mod names;
pub mod open;
pub mod problem;
pub mod sheet;
pub mod sniff;
mod xlsx;

pub use limits::Limits;
pub use names::DefinedName;
pub use open::{read_bytes, read_workbook, workbook_from_bytes};
pub use problem::{FileProblem, TooLarge};
pub use sheet::{Cell, CellStyle, Content, Merge, Sheet, Visibility, Workbook};
pub use sniff::{Format, sniff};
