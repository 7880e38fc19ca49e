//! Keys without a column of their own: lines `key = value` in a cell.

use super::cells::Entry;
use super::lines::short;
use super::text::Text;
use super::told::Told;
use crate::model::Message;

/// Writes the lines of a cell as they are, those that are `key = value`.
pub(super) fn lines(entry: &Entry, text: &mut Text, told: &mut Told) {
    if let Err(unknown) = entry.known() {
        return told.error(&entry.place, unknown);
    }
    for line in entry
        .text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
    {
        let is_pair = toml::from_str::<toml::Table>(line).is_ok_and(|table| table.len() == 1)
            && !line.starts_with('[');
        match is_pair {
            true => text.verbatim(line, &entry.place),
            false => told.error(
                &entry.place,
                Message::new(
                    format!(
                        "«{}» phải có dạng khóa = giá trị, chữ trong dấu nháy kép, mỗi dòng một khóa",
                        short(line)
                    ),
                    format!("«{}» must be key = value, one a line", short(line)),
                ),
            ),
        }
    }
}

/// Does a cell of such lines give a key?
pub(super) fn has(entry: Option<&Entry>, key: &str) -> bool {
    let mut lines = entry.iter().flat_map(|entry| entry.text.lines());
    lines.any(|line| {
        let line = line.trim().strip_prefix(key);
        line.is_some_and(|rest| rest.trim_start().starts_with('='))
    })
}
