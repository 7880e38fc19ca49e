//! Reads the workbooks of many offices, checks every figure, consolidates them.
//!
//! Without the feature `full` only the core is left: a workbook is read, judged and marked from its
//! bytes, without files, processes, threads and the clock.
#![cfg_attr(
    not(feature = "full"),
    allow(dead_code, reason = "the core has parts that only the rest uses")
)]

#[cfg(feature = "full")]
pub mod campaign;
#[cfg(feature = "full")]
pub mod cli;
#[cfg(feature = "full")]
pub mod commands;
#[cfg(feature = "full")]
pub mod compile;
#[cfg(feature = "full")]
pub mod consolidate;
#[cfg(feature = "full")]
pub mod evidence;
pub mod extract;
#[cfg(feature = "full")]
pub mod history;
pub mod judge;
pub mod model;
#[cfg(feature = "full")]
pub mod narrative;
mod package;
pub mod page;
#[cfg(feature = "full")]
pub mod report;
pub mod roster;
pub mod rules;
pub mod schema;
#[cfg(feature = "serve")]
pub mod serve;
#[cfg(feature = "full")]
pub mod sheet_form;
pub mod text;
pub mod workbook;
pub mod write;
