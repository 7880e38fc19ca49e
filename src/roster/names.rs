//! Splits names of units into the kind of unit (xã, phường, sở...) and the part that identifies it.

use std::sync::LazyLock;

use crate::text::{fold, label_key};

/// What a name may open with, as [`label_key`] leaves it, and the kind of unit it says; an empty
/// kind says only that an office of the unit is meant.
pub(super) const PREFIXES: [(&str, &str); 16] = [
    ("uỷ ban nhân dân ", ""),
    ("ubnd ", ""),
    ("ubnd.", ""),
    ("phường ", "phuong"),
    ("thị trấn ", "thitran"),
    ("đặc khu ", "dackhu"),
    ("xã ", "xa"),
    ("tt.", "thitran"),
    ("p.", "phuong"),
    ("x.", "xa"),
    ("thị xã ", "thixa"),
    ("tx.", "thixa"),
    ("tt ", "thitran"),
    ("tx ", "thixa"),
    ("p ", "phuong"),
    ("x ", "xa"),
];

/// Splits a name (as [`label_key`] leaves it) into the kind it says, if it says one, and the rest.
pub(super) fn split_kind(key: &str) -> (Option<&'static str>, &str) {
    let mut bare = key;
    let mut said = None;
    while let Some((rest, kind)) = PREFIXES.iter().find_map(|(prefix, kind)| {
        let rest = bare.strip_prefix(prefix)?.trim_start();
        // Of two kinds in a row only the first is a prefix; the second belongs to the name.
        (!rest.is_empty() && (kind.is_empty() || said.is_none())).then_some((rest, *kind))
    }) {
        bare = rest;
        said = said.or(Some(kind).filter(|kind| !kind.is_empty()));
    }
    (said, bare)
}

/// A key without what people leave out or put in between the parts of a name: spaces, dashes,
/// commas, `&`, and the word `và`.
pub(super) fn squeezed(key: &str) -> String {
    key.split(|c: char| !c.is_alphanumeric())
        .filter(|word| *word != "và")
        .collect()
}

/// Splits a name without spaces (`ubndxãtràôn`) as [`split_kind`] does. Single letters are no
/// prefix there: they may as well begin the name.
pub(super) fn split_tight(tight: &str) -> (Option<&'static str>, &str) {
    let mut bare = tight;
    let mut said = None;
    while let Some((rest, kind)) = PREFIXES.iter().find_map(|(prefix, kind)| {
        let prefix = squeezed(prefix);
        let long = prefix == "xã" || prefix.chars().count() > 2;
        let rest = bare.strip_prefix(prefix.as_str()).filter(|_| long)?;
        (!rest.is_empty() && (kind.is_empty() || said.is_none())).then_some((rest, *kind))
    }) {
        bare = rest;
        said = said.or(Some(kind).filter(|kind| !kind.is_empty()));
    }
    (said, bare)
}

/// The name without marks and without the prefixes, which may have lost their marks too.
pub(super) fn bare_folded(name: &str) -> String {
    /// Each prefix without marks, and whether a space must follow it.
    static FOLDED: LazyLock<[(String, bool); PREFIXES.len()]> =
        LazyLock::new(|| PREFIXES.map(|(prefix, _)| (fold(prefix), prefix.ends_with(' '))));
    let key = fold(&label_key(name));
    let mut bare = key.as_str();
    while let Some(rest) = FOLDED.iter().find_map(|(prefix, space)| {
        let rest = bare.strip_prefix(prefix.as_str())?;
        (!space || rest.starts_with(' ')).then(|| rest.trim_start())
    }) {
        bare = rest;
    }
    bare.to_owned()
}
