//! What a tag says, and text as a browser shows it.

use html5ever::tokenizer::Tag;

/// An attribute of a tag.
pub(super) fn attribute<'t>(tag: &'t Tag, name: &str) -> Option<&'t str> {
    let found = tag
        .attrs
        .iter()
        .find(|attribute| &*attribute.name.local == name)?;
    Some(&found.value)
}

/// Text as a browser shows it: runs of white space are one space, lines end where tags say
/// (`\u{2028}` until here).
pub(super) fn visible(text: &str) -> String {
    let lines = text.split('\u{2028}').map(|line| {
        let words = line.split(|c: char| c.is_ascii_whitespace());
        words
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    });
    let shown = lines.collect::<Vec<_>>().join("\n");
    match shown.trim().is_empty() {
        true => String::new(),
        false => shown.trim_matches('\n').to_owned(),
    }
}
