//! Text from strangers made safe to show.

/// Text from a workbook made safe for a terminal or a page: characters that could move the cursor,
/// recolour the screen or turn the order of what follows around are shown as `·`.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if is_unsafe(c) { '·' } else { c })
        .collect()
}

/// Control characters, characters that set the direction of text, line separators and invisible
/// characters.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2066}'..='\u{206F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}
