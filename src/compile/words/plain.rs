//! Texts as they are compared.

use crate::text::normalise;

/// A header as it is compared: without a printed code behind it, `(3)` or `(3)=(4)+(5)`.
pub(super) fn plain(text: &str) -> String {
    let text = normalise(text);
    let code = |(at, _): (usize, &str)| {
        let inside = text[at + 1..].split(')').next().unwrap_or_default();
        let rest = text[at + 1 + inside.len()..]
            .trim_start_matches(')')
            .trim_start();
        let short = inside.len() <= 3 && inside.chars().all(|c| c.is_ascii_alphanumeric());
        (at > 0 && short && (rest.is_empty() || rest.starts_with('='))).then_some(at)
    };
    match text.match_indices('(').find_map(code) {
        Some(at) => text[..at].trim_end().to_owned(),
        None => text,
    }
}

/// A label without dashes, brackets and marks around it.
pub(in crate::compile) fn without_marks(text: &str) -> String {
    let text = plain(text);
    text.trim_matches([' ', '-', '+', '*', '•', ':', '.', '(', ')', '–', ';'])
        .to_owned()
}
