//! Form files: the only truth about a form.

pub mod campaign;
pub mod expression;
pub mod field;
pub mod form;
pub mod load;
pub mod lint;
pub mod linear;

pub use field::Field;
pub use form::{Aggregate, FieldType, Indicator, Meaning, Orientation, RowKind};
pub use load::Form;
