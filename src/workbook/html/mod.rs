//! Web pages that portals save as `.xls`. Excel shows all of a page on one sheet, one thing below
//! the other, and so does this: text outside tables matters, for it names the form.

mod cell;
mod page;
mod rich;
mod style;
mod tag;

use std::cell::RefCell;
use std::time::{Duration, Instant};

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Token, TokenSink, TokenSinkResult, Tokenizer};

use self::page::Page;
use super::decode::decode;
use super::{FileProblem, Format, Limits, Workbook};

/// How much is fed to the tokenizer at a time.
const PIECE: usize = 4096;
/// A tag with very many attributes takes the tokenizer time without end. Fifty megabytes of an
/// honest page take some seconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// Reads a page.
pub(super) fn read(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    read_within(bytes, limits, PATIENCE)
}

fn read_within(bytes: &[u8], limits: &Limits, patience: Duration) -> Result<Workbook, FileProblem> {
    let started = Instant::now();
    let text = decode(bytes);
    let tokenizer = Tokenizer::new(Sink(RefCell::new(Page::new(limits))), Default::default());
    let queue = BufferQueue::default();
    let mut rest: &str = &text;
    while !rest.is_empty() {
        let mut end = rest.len().min(PIECE);
        while !rest.is_char_boundary(end) {
            end += 1;
        }
        let (piece, after) = rest.split_at(end);
        rest = after;
        queue.push_back(StrTendril::from_slice(piece));
        let _ = tokenizer.feed(&queue);
        tokenizer.sink.0.borrow().check()?;
        if started.elapsed() > patience {
            return Err(FileProblem::broken("the page takes too long to read"));
        }
    }
    tokenizer.end();
    let sheet = tokenizer.sink.0.into_inner().finish()?;
    Ok(Workbook {
        sheets: vec![sheet],
        saved_at: None,
        format: Format::Html,
        has_macros: false,
        names: Vec::new(),
    })
}

/// Where the tokenizer puts what it finds.
struct Sink(RefCell<Page>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        self.0.borrow_mut().token(token)
    }
}

#[cfg(test)]
mod tests;
