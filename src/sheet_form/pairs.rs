//! Keys with the values of their cells, whatever sheet these are on.

use std::collections::HashMap;

use super::cells::Entry;
use super::other;
use super::text::{Text, quoted};
use super::told::Told;
use super::value;
use super::words::{Key, Kind};
use crate::model::Message;

/// A key that may be given once; `given`: the cells of those that were.
pub(super) fn said_once<'l>(
    key: &'static Key,
    entry: &'l Entry,
    given: &mut HashMap<&'static str, &'l Entry>,
    text: &mut Text,
    told: &mut Told,
) {
    if key.kind == Kind::Other {
        other::lines(entry, text, told);
        return;
    }
    if let Some(first) = given.get(key.path) {
        let (heading, cell) = (key.heading, &first.place.cell);
        told.error(
            &entry.place,
            Message::new(
                format!("«{heading}» đã khai ở ô {cell}; bỏ bớt một dòng"),
                format!("«{heading}» is given in {cell} already"),
            ),
        );
        return;
    }
    given.insert(key.path, entry);
    plain(key, entry, text, told);
}

/// A key whose value needs nothing but its cell.
pub(super) fn plain(key: &Key, entry: &Entry, text: &mut Text, told: &mut Told) {
    match value::literal(key, entry) {
        Ok(Some(literal)) => text.pair(key.path, &literal, &entry.place),
        Ok(None) => {}
        Err(message) => {
            told.error(&entry.place, message);
            // What was probably meant, so that the rest can be looked at.
            if let Kind::Word(words) = key.kind
                && let Some(word) = value::near(words, entry)
            {
                text.pair(key.path, &quoted(word.value), &entry.place);
            }
            // With a mistake told, the text is only looked at.
            if key.kind == Kind::Figure {
                text.pair(key.path, "0", &entry.place);
            }
        }
    }
}

/// The expression of a cell that begins with `=`, typed as words or as a formula.
pub(super) fn expression_of(entry: &Entry) -> Option<&str> {
    let typed = entry.text.trim_start().strip_prefix('=');
    entry.formula.as_deref().or(typed).map(str::trim)
}
