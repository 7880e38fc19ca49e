//! Workbooks going out.

pub mod returned;
