//! Form files: the only truth about a form.

pub mod builtin;
pub mod campaign;
pub mod checks;
pub mod control;
pub mod evaluate;
pub mod expression;
pub mod field;
pub mod form;
pub mod function;
pub mod json_schema;
pub mod kinds;
pub mod linear;
pub mod lint;
pub mod load;

pub use field::Field;
pub use form::{Aggregate, FieldType, Indicator, Meaning, Orientation, RowKind};
pub use load::{Form, Forms, Rule, RuleScope, SchemaError};
