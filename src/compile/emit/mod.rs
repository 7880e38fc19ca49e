//! Writes a compiled table as a form file.

mod expression;
mod form;
mod message;
mod rounding;
mod rules;

pub(super) use form::{Parts, toml};
pub(super) use rules::{Written, write};
