//! What a form file must satisfy before any workbook is read: every mistake in it is reported at its
//! place, not met later as a wrong figure.

pub mod aggregates;
pub mod checks;
pub mod example;
mod hint;
pub mod hints;
pub mod kinds;
pub mod lifecycle;
pub mod meanings;
pub mod names;
pub mod places;
mod ratios;
pub mod rules;
pub mod shape;
pub mod shares;

pub use crate::schema::source::{suggestion, unknown_names};
pub use names::{cross_form, figure_names, name_in};
