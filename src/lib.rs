//! Reads the workbooks of many offices, checks every figure, consolidates them.

pub mod campaign;
pub mod cli;
pub mod consolidate;
pub mod extract;
pub mod history;
pub mod model;
pub mod narrative;
mod package;
pub mod report;
pub mod roster;
pub mod rules;
pub mod schema;
pub mod text;
pub mod workbook;
pub mod write;
