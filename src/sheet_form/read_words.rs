//! Messages about the form language in words of a workbook: headings for keys, words for choices.

use super::words::{
    FIELDS, FIELDS_SHEET, Key, Kind, RULES, RULES_SHEET, SETTINGS, campaign, is_called,
};
use crate::model::Message;

/// The message with headings for the keys it names, as `sheet` calls them.
pub fn in_words(message: &Message, sheet: &str) -> Message {
    Message::new(
        replaced(&message.vi, sheet).trim_start_matches("tệp viết sai: "),
        replaced(&message.en, sheet),
    )
}

fn replaced(text: &str, sheet: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, part) in text.split('`').enumerate() {
        match index % 2 {
            0 => out.push_str(part),
            _ => match pair(part, sheet) {
                Some(words) => out.push_str(&words),
                None => {
                    out.push('`');
                    out.push_str(part);
                    out.push('`');
                }
            },
        }
    }
    out
}

/// `key` or `key = value`, in words; `None` for anything else.
fn pair(part: &str, sheet: &str) -> Option<String> {
    let (key, value) = match part.split_once(" = ") {
        Some((key, value)) => (key, Some(value.trim_matches('"'))),
        None => (part, None),
    };
    let (heading, kind) = heading_of(key.trim_matches(['[', ']']), sheet)?;
    let Some(value) = value.filter(|value| !value.starts_with('[')) else {
        return Some(format!("«{heading}»"));
    };
    let word = match kind {
        Kind::Word(words) => words
            .iter()
            .find(|word| word.value == value)
            .map(|word| word.says),
        Kind::Flag => Some(if value == "true" { "có" } else { "không" }),
        _ => None,
    };
    Some(format!("«{heading}» là «{}»", word.unwrap_or(value)))
}

fn heading_of(key: &str, sheet: &str) -> Option<(&'static str, Kind)> {
    let of_rules = is_called(sheet, RULES_SHEET);
    match key {
        "rows" | "except_rows" if of_rules => return Some(("Dòng", Kind::Own)),
        "columns" | "except_columns" if of_rules => return Some(("Cột", Kind::Own)),
        _ => {}
    }
    if let Some(found) = campaign::keys_of(sheet).and_then(|keys| of_path(keys, key)) {
        return Some(found);
    }
    let tables = match of_rules {
        true => [RULES, FIELDS, SETTINGS],
        false => [FIELDS, SETTINGS, RULES],
    };
    let mut keys = tables
        .into_iter()
        .flatten()
        .filter(|known| !known.path.is_empty());
    let is_it = |path: &str| {
        let last = path.rsplit('.').next();
        path == key || last == Some(key) && !path.starts_with("checks")
    };
    let found = keys
        .find(|known| is_it(known.path))
        .map(|known| (known.heading, known.kind));
    // Tables of the form language that are sheets here.
    found.or(match key {
        "column" | "row" => Some((FIELDS_SHEET, Kind::Own)),
        "rule" => Some((RULES_SHEET, Kind::Own)),
        _ => None,
    })
}

/// The key of a path, among those of a sheet of a campaign.
fn of_path(keys: &[Key], path: &str) -> Option<(&'static str, Kind)> {
    let mut keys = keys.iter().filter(|key| !key.path.is_empty());
    let key = keys.find(|key| key.path == path)?;
    Some((key.heading, key.kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_called_by_their_headings() {
        let told = |text: &str| in_words(&Message::new(text, ""), FIELDS_SHEET).vi;
        assert_eq!(
            told("`lop`: `blank = \"zero\"` không hợp với `type = \"text\"`"),
            "`lop`: «Ô trống là» là «số 0» không hợp với «Kiểu» là «chữ»"
        );
        assert_eq!(
            told("tệp viết sai: không có khóa `abc`"),
            "không có khóa `abc`"
        );
    }
}
