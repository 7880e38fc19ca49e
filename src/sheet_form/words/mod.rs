//! The words of form workbooks: every key of a form file with its Vietnamese heading, and every
//! choice with its word. Reading and writing both go by this list, so that what one writes the other
//! understands; a key that is not in it is written as `key = value` under [`key::OTHER`].

mod choices;
mod fields;
pub mod key;
mod rules;
mod settings;

pub(super) use choices::{FLAGS, PARTS, RELATIONS, SORTS};
pub use fields::FIELDS;
pub use key::{EXAMPLES_SHEET, FIELDS_SHEET, Key, Kind, OTHER, RULES_SHEET, Word};
pub use rules::{EXAMPLES, RULES};
pub use settings::SETTINGS;

/// The words a key may have, for people to pick from.
pub fn choices_of(key: &Key) -> &'static [Word] {
    match (key.kind, key.heading) {
        (Kind::Word(words), _) => words,
        (Kind::Flag, _) => FLAGS,
        (Kind::Own, "Loại") => SORTS,
        (Kind::Own, "Phép so") => RELATIONS,
        (Kind::Own, "Số liệu của") => PARTS,
        _ => &[],
    }
}
