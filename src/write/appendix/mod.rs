//! Appendix tables of the report, ready to print, as a workbook and as a Word document.

pub mod build;
pub mod document;
pub mod first_page;
pub mod lines;
pub mod query;
pub mod sheet;
pub mod table;
pub mod write;
