//! A form file written as a workbook that its owner can edit.

mod blank;
mod guide;
mod tables;
mod write;

pub use write::{FormWorkbook, form_workbook_bytes};
