//! Results of formulas that are stored as 0 and may be none. LibreOffice stores 0 where a formula in
//! a cell with a number format gives a text or shows nothing, and programs that do not compute store
//! 0 for every formula. Such a formula is computed again; where that cannot be done, the 0 of a program
//! that computes stands unless the formula puts words together; any other result is not known.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use super::formula::{Book, gives_number, shared_at, spelled};
use crate::model::CellAddress;
use crate::schema::calculation::{Calculation, Held};
use crate::workbook::bytes::Bytes;
use crate::workbook::{Content, Sheet};

/// Formulas behind formulas that are followed.
const DEEPEST: usize = 16;

/// Why a 0 is doubted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The program stores 0 for texts.
    OfText,
    /// The program left all computing to the next one.
    Uncomputed,
}

/// The formulas of a sheet whose result is stored as 0.
#[derive(Debug, Default)]
pub(super) struct Doubted<'a> {
    zeros: BTreeMap<CellAddress, (Doubt, Bytes<'a>)>,
    /// Formulas that several cells share, by the cell at which they are stored.
    shared: BTreeMap<CellAddress, Bytes<'a>>,
}

impl<'a> Doubted<'a> {
    /// A formula whose result is stored as 0, by its tokens.
    pub(super) fn add(&mut self, at: CellAddress, doubt: Doubt, tokens: Bytes<'a>) {
        self.zeros.insert(at, (doubt, tokens));
    }

    /// A formula that several cells share.
    pub(super) fn share(&mut self, at: CellAddress, tokens: Bytes<'a>) {
        self.shared.insert(at, tokens);
    }

    /// Settles what the cells hold.
    pub(super) fn settle(self, sheet: &mut Sheet) {
        let mut doubted = BTreeMap::new();
        let mut computed = BTreeSet::new();
        for (at, (doubt, tokens)) in self.zeros {
            let tokens =
                shared_at(tokens).map_or(Some(tokens), |anchor| self.shared.get(&anchor).copied());
            if doubt == Doubt::OfText && tokens.is_some_and(gives_number) {
                continue;
            }
            let formula = tokens.and_then(|tokens| spelled(tokens, at, Book::default()));
            if doubt == Doubt::OfText && !formula.as_deref().is_some_and(gives_words) {
                computed.insert(at);
            }
            doubted.insert(at, formula.and_then(|formula| Calculation::parse(&formula)));
        }
        let again = Again {
            sheet,
            doubted: &doubted,
            known: RefCell::new(BTreeMap::new()),
        };
        let results: Vec<_> = doubted
            .keys()
            .filter_map(|at| {
                let held = again.held(*at, DEEPEST);
                // The program did compute: what cannot be computed here is what it stored.
                let stands = held.is_none() && computed.contains(at);
                Some((*at, content(held)?)).filter(|_| !stands)
            })
            .collect();
        for (at, content) in results {
            if let Some(cell) = sheet.cells.get_mut(&at) {
                cell.content = content;
            }
        }
    }
}

/// Is it a formula that puts words together?
fn gives_words(formula: &str) -> bool {
    const WORDS: [&str; 8] = [
        "&",
        "TEXT(",
        "CONCAT",
        "LEFT(",
        "RIGHT(",
        "MID(",
        "SUBSTITUTE(",
        "REPT(",
    ];
    let upper = formula.to_uppercase();
    WORDS.iter().any(|word| upper.contains(word))
}

/// What a cell holds whose formula gives that; nothing where the 0 is right.
fn content(held: Option<Held>) -> Option<Content> {
    Some(match held {
        Some(Held::Number(0.0) | Held::Blank) => return None,
        Some(Held::Text(text)) if text.is_empty() => Content::EmptyText,
        Some(Held::Text(text)) => Content::Text(text.into()),
        Some(Held::Flag(_) | Held::Error | Held::Number(_)) | None => Content::Uncached,
    })
}

struct Again<'a> {
    sheet: &'a Sheet,
    doubted: &'a BTreeMap<CellAddress, Option<Calculation>>,
    known: RefCell<BTreeMap<CellAddress, Option<Held>>>,
}

impl Again<'_> {
    fn held(&self, at: CellAddress, depth: usize) -> Option<Held> {
        let Some(formula) = self.doubted.get(&at) else {
            let cell = self.sheet.cells.get(&at);
            return cell.map_or(Some(Held::Blank), |cell| cell.content.held());
        };
        if let Some(known) = self.known.borrow().get(&at) {
            return known.clone();
        }
        // Circular formulas find nothing here, which ends the recursion.
        self.known.borrow_mut().insert(at, None);
        let below = depth.checked_sub(1)?;
        let held = formula
            .as_ref()?
            .result(&self.sheet.name, at, &|at| self.held(at, below));
        self.known.borrow_mut().insert(at, held.clone());
        held
    }
}
