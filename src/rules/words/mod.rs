//! Messages about failed rules: labels, figures and cell addresses in place of names.

mod closed;
pub mod criteria;
pub mod explain;
pub mod pairs;
pub mod terms;
