//! Text on a page and the looks of its stretches.

use html5ever::tokenizer::Tag;

use super::style::{Css, font};
use super::tag::{attribute, visible};
use crate::workbook::runs::{RunFont, Runs, TextRun, worthwhile};

/// Elements within elements; the looks of deeper ones are those around them.
const DEEPEST: usize = 64;

/// Text that is still growing.
#[derive(Debug, Default)]
pub(super) struct RichText {
    pub(super) text: String,
    /// Start of each stretch (byte of the text, from 0) and its look.
    starts: Vec<(usize, Look)>,
    /// Elements that have begun and not ended, and how text in them looks.
    open: Vec<(String, Look)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Look {
    font: RunFont,
    raised: bool,
    struck: Option<bool>,
    /// Is text in it not shown?
    hidden: bool,
}

impl RichText {
    /// An element inside the text begins. `css`: what its style and classes say.
    pub(super) fn begin(&mut self, tag: &Tag, css: &Css) {
        let name = &*tag.name;
        let is_hidden = css.hidden && !is_void(name);
        if !is_hidden
            && !matches!(
                name,
                "sup"
                    | "font"
                    | "span"
                    | "p"
                    | "div"
                    | "b"
                    | "i"
                    | "u"
                    | "em"
                    | "strong"
                    | "a"
                    | "s"
                    | "strike"
                    | "del"
            )
        {
            return;
        }
        // A paragraph ends where the next begins.
        if name == "p" {
            self.end(name);
        }
        if self.open.len() >= DEEPEST {
            return;
        }
        let mut look = self.look();
        if let Some(named) = named_font(tag) {
            look.font = RunFont::named(&named);
        }
        look.raised |= name == "sup";
        if matches!(name, "s" | "strike" | "del") || css.struck {
            look.struck = Some(true);
        }
        look.hidden |= is_hidden;
        self.open.push((name.to_owned(), look));
    }

    /// One ends, and with it what was left open inside.
    pub(super) fn end(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|(open, _)| open == name) {
            self.open.truncate(at);
        }
    }

    fn look(&self) -> Look {
        self.open.last().map(|(_, look)| *look).unwrap_or_default()
    }

    pub(super) fn push_str(&mut self, text: &str) {
        let look = self.look();
        if look.hidden {
            return;
        }
        if self
            .starts
            .last()
            .map(|(_, look)| *look)
            .unwrap_or_default()
            != look
        {
            self.starts.push((self.text.len(), look));
        }
        self.text.push_str(text);
    }

    /// The text as a browser shows it, and its looks.
    pub(super) fn finish(&self) -> (String, Option<Runs>) {
        let shown = visible(&self.text);
        let runs = match self.starts.is_empty() {
            true => None,
            false => worthwhile(self.runs(&shown)),
        };
        (shown, runs)
    }

    /// The same of a line outside of tables, after which the elements around it go on.
    pub(super) fn take_line(&mut self) -> (String, Option<Runs>) {
        let line = self.finish();
        self.text.clear();
        let look = self.look();
        self.starts.clear();
        if look != Look::default() {
            self.starts.push((0, look));
        }
        line
    }

    /// Collapsing white space is the only change made to the shown text, so every other character
    /// occurs in it in the same order.
    fn runs(&self, shown: &str) -> Vec<TextRun> {
        let mut runs = vec![TextRun::default()];
        let mut stored = self.text.char_indices();
        let mut starts = self.starts.iter().peekable();
        for c in shown.chars() {
            let blank = matches!(c, ' ' | '\n');
            let place = match blank {
                true => None,
                false => stored.by_ref().find(|(_, stored)| *stored == c),
            };
            let mut begun = None;
            while let Some((_, look)) =
                starts.next_if(|(start, _)| place.is_some_and(|(place, _)| *start <= place))
            {
                begun = Some(look);
            }
            if let Some(look) = begun {
                runs.push(TextRun {
                    length: 0,
                    font: look.font,
                    raised: look.raised,
                    struck: look.struck,
                });
            }
            if let Some(run) = runs.last_mut() {
                run.length += c.len_utf8();
            }
        }
        runs
    }
}

/// Has an element no end?
fn is_void(name: &str) -> bool {
    matches!(
        name,
        "br" | "hr" | "img" | "input" | "col" | "wbr" | "area" | "meta" | "link"
    )
}

/// The font a tag names.
pub(super) fn named_font(tag: &Tag) -> Option<String> {
    let face = attribute(tag, "face").and_then(font);
    face.or_else(|| style(tag).font)
}

/// What a tag's own style says.
fn style(tag: &Tag) -> Css {
    Css::parse(attribute(tag, "style").unwrap_or_default())
}
