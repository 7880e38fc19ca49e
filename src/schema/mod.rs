//! Form files and campaign files: everything known about a form, its edit rules included, comes
//! from them.
//!
//! Rooms, each importing only from those before it: `file` and `campaign` (the TOML types), `rule`
//! (the language of rules), `source` (where something is wrong), `field` and `checked` (a form that
//! has been read), `resolve` (what a name means at a place), `determined` (what rules say a cell is)
//! and `scope` (figures behind names), `ratio` (what one is computed from), `derived` (rules that
//! follow from fields), `logic` (rules decided together), `lint` (what a form file must satisfy),
//! `read` (TOML text to a checked form).

mod additive;
pub mod builtin;
pub mod campaign;
pub mod checked;
pub mod checks;
pub mod control;
pub mod derived;
pub mod determined;
pub mod field;
pub mod file;
pub mod filers;
pub mod json_schema;
pub mod lint;
pub mod logic;
pub mod parents;
pub mod ratio;
mod read;
pub mod resolve;
pub mod rule;
pub mod rule_text;
pub mod scope;
pub mod source;
pub mod switches;
mod toml_syntax;
mod toml_words;

pub use checked::{Form, Forms, Rule, RuleScope};
pub use field::Field;
pub use file::{Aggregate, FieldType, Indicator, Meaning, Orientation, RowKind};
pub use source::SchemaError;

// Re-exports under the paths that other modules use.
pub use self::file as form;
pub use lint::{example, hints};
pub use logic::{linear, ruleset, simplex};
pub use rule::{calculation, evaluate, expression, function, interval, parser};
