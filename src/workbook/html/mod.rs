//! Web pages that portals save as `.xls`. As in Excel, the whole page becomes one sheet from top to
//! bottom, text outside of tables included, because it names the form.

mod cell;
mod page;
mod rich;
mod style;
mod tag;

use std::cell::{Cell, RefCell};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer};

use self::page::HtmlPage;
use super::{FileProblem, Format, Limits, Workbook};
use crate::text::decode::decode;

/// How much is fed to the tokenizer at a time.
const PIECE: usize = 4096;
/// Comparisons of attributes that one page may cost. The tokenizer compares each attribute of a tag
/// with all before it, so that a tag with very many takes time without end: these take some ten
/// seconds. Counted and not timed, so that a page is read on every machine or on none.
const COMPARISONS: u64 = 4_000_000_000;

/// Reads a page.
///
/// # Errors
/// The page has more cells than the limits allow.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    read_within(bytes, limits, COMPARISONS)
}

fn read_within(bytes: &[u8], limits: &Limits, comparisons: u64) -> Result<Workbook, FileProblem> {
    let text = decode(bytes);
    let sink = Sink {
        page: RefCell::new(HtmlPage::new(limits)),
        tokens: Cell::new(0),
    };
    let tokenizer = Tokenizer::new(sink, Default::default());
    let queue = BufferQueue::default();
    let mut long_tag = LongTag {
        words: 0,
        left: comparisons,
    };
    let mut rest: &str = &text;
    while !rest.is_empty() {
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        queue.push_back(StrTendril::from_slice(piece));
        tokenizer.sink.tokens.set(0);
        let _ = tokenizer.feed(&queue);
        tokenizer.sink.page.borrow().check()?;
        long_tag.fed(piece, tokenizer.sink.tokens.get())?;
    }
    tokenizer.end();
    let sheet = tokenizer.sink.page.into_inner().finish()?;
    Ok(Workbook {
        sheets: vec![sheet],
        saved_at: None,
        format: Format::Html,
        has_macros: false,
        names: Vec::new(),
    })
}

/// The tag that the last pieces belong to, if none of them completed anything.
struct LongTag {
    /// Words in it so far: no fewer than it has attributes.
    words: u64,
    /// Comparisons that may still be made.
    left: u64,
}

impl LongTag {
    /// Pays for a piece of which the tokenizer made so many tokens.
    fn fed(&mut self, piece: &str, tokens: usize) -> Result<(), FileProblem> {
        if tokens > 0 {
            self.words = 0;
            return Ok(());
        }
        let words = u64::try_from(piece.split_ascii_whitespace().count()).unwrap_or(u64::MAX);
        let cost = self.words.saturating_mul(words);
        self.words = self.words.saturating_add(words);
        self.left = self
            .left
            .checked_sub(cost)
            .ok_or_else(|| FileProblem::broken("a tag of the page has too many attributes"))?;
        Ok(())
    }
}

/// Receives the tokens of the tokenizer.
struct Sink {
    page: RefCell<HtmlPage>,
    /// How much it has found since somebody looked.
    tokens: Cell<usize>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        // Complaints come in the middle of a tag too.
        if !matches!(token, Token::ParseError(_)) {
            self.tokens.set(self.tokens.get() + 1);
        }
        self.page.borrow_mut().token(token)
    }
}

#[cfg(test)]
mod tests;
