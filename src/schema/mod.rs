//! Form files: the only truth about a form.

pub mod builtin;
pub mod campaign;
pub mod checks;
pub mod control;
pub mod evaluate;
pub mod example;
pub mod expression;
pub mod field;
pub mod form;
pub mod function;
pub mod hints;
pub mod interval;
pub mod json_schema;
pub mod kinds;
pub mod lifecycle;
pub mod linear;
pub mod lint;
pub mod load;
mod meanings;
pub mod ruleset;
pub mod simplex;
mod slips;
mod toml_words;

pub use field::Field;
pub use form::{Aggregate, FieldType, Indicator, Meaning, Orientation, RowKind};
pub use load::{Form, Forms, Rule, RuleScope, SchemaError};
