//! The language of rules: parsed, folded, evaluated exactly, and evaluated on intervals of rounded
//! figures.

pub mod calculation;
pub mod criterion;
pub mod datum;
mod days;
pub mod evaluate;
pub mod exact;
pub mod expression;
pub mod fold;
pub mod function;
pub mod interval;
pub mod parser;
pub mod ranges;
pub mod sheet_formula;
mod sheet_reference;
pub mod site;
mod slips;
pub mod trouble;

pub use slips::ExpressionError;

#[cfg(test)]
mod tests;
