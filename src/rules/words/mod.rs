//! What is wrong, in words: cells, figures and places in place of names.

pub mod explain;
pub mod pairs;
pub mod terms;
