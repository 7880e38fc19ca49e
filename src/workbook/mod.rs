//! Reads any spreadsheet file into sheets of cells. The format is recognised by content, the amount
//! read is bounded, and every fault is a [`FileProblem`], never a panic. The only module that knows
//! file formats, one file or folder each.

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
mod lost_letters;
mod merges;
pub mod names;
mod number_format;
mod ods;
pub mod open;
pub mod problem;
mod runs;
mod seen;
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
pub use content::{builtin_format, shows_moment};
#[cfg(feature = "full")]
pub use file::{read_bytes, read_workbook};
pub use limits::Limits;
pub use merges::{Merge, Merges};
pub use names::DefinedName;
pub use number_format::FormatSection;
pub use open::{blank_from_bytes, workbook_from_bytes};
pub use problem::{FileProblem, TooLarge};
pub use sheet::{Cell, CellStyle, Content, OldFonts, Sheet, Struck, Visibility, Workbook};
pub use sniff::{Format, sniff};
