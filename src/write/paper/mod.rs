//! Sheets and how they look: widths, formats, where the cells of a form lie, files.

pub mod count;
pub mod error;
pub mod grid;
pub mod header;
pub mod measure;
#[cfg(feature = "full")]
pub mod save;
pub mod sheet;
pub mod style;
pub mod words;
pub mod workbook;
