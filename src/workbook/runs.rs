//! Texts whose stretches have different fonts, as readers pass them to [`super::letters`].

use std::sync::Arc;

use crate::text::legacy::OldFont;

/// A text of more than one look, from its beginning to its end.
pub(super) type Runs = Arc<[TextRun]>;

/// A stretch of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct TextRun {
    /// Length of the stretch, in bytes of the text.
    pub(super) length: usize,
    pub(super) font: RunFont,
    /// Is it superscript?
    pub(super) raised: bool,
    /// Is it struck out? `None`: if its cell is.
    pub(super) struck: Option<bool>,
}

/// What is known of the font of a stretch of a text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum RunFont {
    /// That of its cell.
    #[default]
    OfCell,
    /// One of its own.
    Own(Option<OldFont>),
}

impl RunFont {
    pub(super) fn named(font: &str) -> Self {
        Self::Own(OldFont::of(font))
    }
}

/// The runs of a text; `None` if all look like their cell. Empty runs are left out.
pub(super) fn worthwhile(mut runs: Vec<TextRun>) -> Option<Runs> {
    runs.retain(|run| run.length > 0);
    let differs = |run: &TextRun| run.font != RunFont::OfCell || run.raised || run.struck.is_some();
    runs.iter().any(differs).then(|| runs.into())
}

/// Stretches within stretches; the looks of deeper ones are those around them.
const DEEPEST: usize = 64;

/// The looks of a text that is still growing. Positions are bytes of it.
#[derive(Debug, Default)]
pub(super) struct Growing {
    open: Vec<TextRun>,
    starts: Vec<(usize, TextRun)>,
    /// Stretches too deep to be recorded, and not ended yet.
    deeper: usize,
}

impl Growing {
    /// A stretch begins at byte `at`; a look it does not set is that of the text around it.
    pub(super) fn begin(&mut self, at: usize, look: TextRun) {
        if self.open.len() >= DEEPEST {
            self.deeper += 1;
            return;
        }
        let around = self.open.last().copied().unwrap_or_default();
        let run = TextRun {
            length: 0,
            font: if look.font == RunFont::OfCell {
                around.font
            } else {
                look.font
            },
            raised: look.raised || around.raised,
            struck: look.struck.or(around.struck),
        };
        self.open.push(run);
        self.starts.push((at, run));
    }

    /// The innermost stretch ends at byte `at`.
    pub(super) fn end(&mut self, at: usize) {
        if self.deeper > 0 {
            self.deeper -= 1;
        } else if self.open.pop().is_some() {
            let around = self.open.last().copied().unwrap_or_default();
            self.starts.push((at, around));
        }
    }

    /// The runs of the text, which is `length` bytes long.
    pub(super) fn runs(&self, length: usize) -> Option<Runs> {
        let mut runs = vec![TextRun::default()];
        let mut begun = 0;
        for (start, run) in &self.starts {
            if let Some(last) = runs.last_mut() {
                last.length = start - begun;
            }
            begun = *start;
            runs.push(*run);
        }
        if let Some(last) = runs.last_mut() {
            last.length = length.checked_sub(begun)?;
        }
        worthwhile(runs)
    }
}
