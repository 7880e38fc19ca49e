//! Cell formats of binary workbooks: which font and which number format a cell refers to.

use std::collections::HashMap;
use std::sync::Arc;

use super::CellStyle;
use super::content::builtin_format;
use super::runs::{RunFont, Runs, TextRun, worthwhile};

/// Cell formats kept; Excel allows 64,000.
const MOST_FORMATS: usize = 65_536;
/// Characters kept of a font name or a number format; Excel allows 255. Each pair of a font and a
/// format gets a copy of both, so a small file could demand much memory.
const LONGEST_NAME: usize = 255;

/// A font of the file.
#[derive(Debug, Clone, Default)]
pub(super) struct Font {
    pub(super) name: String,
    /// Are its letters superscript?
    pub(super) raised: bool,
    /// Are they struck out?
    pub(super) struck: bool,
}

/// Fonts, number formats, and the pairs of them that cells refer to.
#[derive(Debug, Default)]
pub(super) struct Looks {
    /// Are days counted from 1904?
    pub(super) since_1904: bool,
    fonts: Vec<Font>,
    formats: HashMap<u16, String>,
    pairs: Vec<(usize, u16)>,
    made: HashMap<(usize, u16), Option<Arc<CellStyle>>>,
}

impl Looks {
    pub(super) fn new(since_1904: bool) -> Self {
        Self {
            since_1904,
            ..Self::default()
        }
    }

    pub(super) fn add_font(&mut self, font: Font) {
        let name = font.name.chars().take(LONGEST_NAME).collect();
        self.fonts.push(Font { name, ..font });
    }

    /// The runs of a text. Each of `starts` says from which unit of UTF-16 on it is in which font;
    /// what precedes the first is in the font of its cell.
    pub(super) fn runs(&self, text: &str, starts: &[(usize, usize)]) -> Option<Runs> {
        let mut runs = vec![TextRun::default()];
        let mut starts = starts.iter().peekable();
        let mut unit = 0;
        for c in text.chars() {
            while let Some((_, font)) = starts.next_if(|(start, _)| *start <= unit) {
                let font = self.fonts.get(*font);
                runs.push(TextRun {
                    length: 0,
                    font: font.map_or(RunFont::OfCell, |font| RunFont::named(&font.name)),
                    raised: font.is_some_and(|font| font.raised),
                    struck: font.map(|font| font.struck),
                });
            }
            unit += c.len_utf16();
            runs.last_mut()?.length += c.len_utf8();
        }
        worthwhile(runs)
    }

    pub(super) fn add_format(&mut self, id: u16, code: &str) {
        let code = code.chars().take(LONGEST_NAME).collect();
        self.formats.insert(id, code);
    }

    /// Adds a cell format; `font` is the index (from 0) of a font among those added, `format` the
    /// id of a number format.
    pub(super) fn add_pair(&mut self, font: usize, format: u16) {
        if self.pairs.len() < MOST_FORMATS {
            self.pairs.push((font, format));
        }
    }

    /// The looks of a cell that refers to the cell format at `index`.
    pub(super) fn style(&mut self, index: usize) -> Option<Arc<CellStyle>> {
        let (font, format) = *self.pairs.get(index)?;
        if let Some(made) = self.made.get(&(font, format)) {
            return made.clone();
        }
        let code = self.formats.get(&format).map(String::as_str);
        let number_format = code
            .or_else(|| builtin_format(format))
            .filter(|code| !code.eq_ignore_ascii_case("General"))
            .map(str::to_owned);
        let own = self.fonts.get(font);
        let look = CellStyle {
            number_format,
            font: own
                .map(|font| font.name.clone())
                .filter(|name| !name.is_empty()),
            struck: own.is_some_and(|font| font.struck),
            unseen: false,
        };
        let style = (look != CellStyle::default()).then(|| Arc::new(look));
        self.made.insert((font, format), style.clone());
        style
    }
}
