//! The language of rules: parsed, evaluated, and evaluated on intervals of rounded figures.

pub mod evaluate;
pub mod expression;
pub mod function;
pub mod interval;
mod slips;

pub use slips::ExpressionError;
