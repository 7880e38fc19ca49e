//! The words of form workbooks: every key of a form file with its Vietnamese heading, and every
//! choice with its word. Reading and writing both go by this list, so that what one writes the other
//! understands; a key that is not in it is written as `key = value` under [`key::OTHER`].

mod called;
pub mod campaign;
mod choices;
mod fields;
pub mod key;
mod rules;
mod settings;

pub use called::is_called;
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

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::text::fold;

    /// The keys of each sheet of a campaign.
    fn campaign_sheets() -> impl Iterator<Item = &'static [Key]> {
        let tables = campaign::TABLES.iter().map(|table| table.keys);
        tables.chain([campaign::CAMPAIGN, campaign::CAMPAIGN_LINES])
    }

    #[test]
    fn headings_of_a_campaigns_sheet_are_told_apart_without_their_marks() {
        for keys in campaign_sheets() {
            let mut seen = HashSet::new();
            for key in keys {
                let names = std::iter::once(fold(key.heading));
                for name in names.chain(key.also.iter().map(|&name| name.to_owned())) {
                    assert_eq!(name, fold(&name), "{}", key.heading);
                    assert!(seen.insert(name.clone()), "{name} twice");
                }
            }
        }
    }

    #[test]
    fn no_two_choices_of_a_campaigns_key_have_one_word() {
        for key in campaign_sheets().flatten() {
            let mut seen = HashSet::new();
            for word in choices_of(key) {
                let names = std::iter::once(fold(word.says));
                for name in names.chain(word.also.iter().map(|&name| name.to_owned())) {
                    assert!(seen.insert(name.clone()), "{}: {name} twice", key.heading);
                }
            }
        }
    }
}
