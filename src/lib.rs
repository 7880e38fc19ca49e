//! Reads the workbooks of many offices, checks every figure, consolidates them.

pub mod consolidate;
pub mod model;
pub mod schema;
pub mod text;
pub mod write;
