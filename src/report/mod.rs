//! What a run came to, for people and for programs: terminal text, JSON, CSV.

pub mod archive;
pub mod diff;
pub mod json;
pub mod lists;
pub mod text;

/// Text from a workbook made safe for a terminal: control characters, which could move the cursor
/// or recolour the screen, are shown as `·`.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '·' } else { c })
        .collect()
}
