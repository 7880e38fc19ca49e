//! Any spreadsheet file becomes sheets of cells. What a file is is decided by its content, how
//! much of it is read is bounded, and whatever is wrong with it is a [`FileProblem`], never a
//! panic. The only place that knows file formats: one file for each.

pub mod archive;
mod bytes;
mod cfb;
mod content;
mod default_password;
#[cfg(feature = "full")]
mod file;
mod html;
mod letters;
pub mod limits;
mod looks;
mod merges;
pub mod names;
mod ods;
pub mod open;
pub mod problem;
mod runs;
mod separated;
pub mod sheet;
pub mod sniff;
mod spreadsheetml;
mod struck;
mod xls;
mod xlsb;
mod xlsx;

#[cfg(test)]
mod hostile_tests;
#[cfg(test)]
mod same_form_tests;

pub use archive::{ArchivedFile, is_archive, is_system_file, read_archive};
#[cfg(feature = "full")]
pub use file::{read_bytes, read_workbook};
pub use limits::Limits;
pub use merges::{Merge, Merges};
pub use names::DefinedName;
pub use open::workbook_from_bytes;
pub use problem::{FileProblem, TooLarge};
pub use sheet::{Cell, CellStyle, Content, OldFonts, Sheet, Struck, Visibility, Workbook};
pub use sniff::{Format, sniff};
