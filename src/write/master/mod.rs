//! The master workbook: everything consolidated, open to audit.

pub mod book;
pub mod chart_look;
pub mod charts;
pub mod contents;
pub mod counts;
pub mod detail;
pub mod figure;
pub mod fold;
pub mod head;
pub mod list;
pub mod lists;
pub mod outliers;
pub mod overview;
pub mod plan;
pub mod rules;
pub mod table;
pub mod tree;
pub mod trend;
pub mod write;

#[cfg(test)]
mod tests;
