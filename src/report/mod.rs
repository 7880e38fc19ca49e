//! What a run came to, for people and for programs: terminal text, JSON, CSV.

pub mod json;
pub mod lists;
pub mod text;

use clap::ValueEnum;

use crate::model::Message;

/// Language of what is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Lang {
    /// Tiếng Việt.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The side of a message in this language.
    pub fn of(self, message: &Message) -> &str {
        match self {
            Lang::Vi => &message.vi,
            Lang::En => &message.en,
        }
    }

    /// One of two texts.
    pub fn pick<'a>(self, vi: &'a str, en: &'a str) -> &'a str {
        match self {
            Lang::Vi => vi,
            Lang::En => en,
        }
    }
}

/// Text from a workbook made safe for a terminal: control characters, which could move the cursor
/// or recolour the screen, are shown as `·`.
pub fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { '·' } else { c })
        .collect()
}
