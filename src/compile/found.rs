//! What was found in a table: rules, and what a person must look at.

use std::collections::BTreeSet;

use super::rule::Candidate;
use crate::model::{CellAddress, Message};

/// Words of a form that contradict something, and why they are not adopted.
#[derive(Debug, Clone)]
pub(super) struct Doubt {
    pub(super) cell: CellAddress,
    pub(super) words: String,
    pub(super) why: Message,
}

/// A rule that only the outline or a name suggests: written as a comment.
#[derive(Debug, Clone)]
pub(super) struct Proposal {
    pub(super) rule: Candidate,
    pub(super) why: String,
}

/// Everything found in one table.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) rules: Vec<Candidate>,
    pub(super) proposals: Vec<Proposal>,
    pub(super) asked: Vec<Doubt>,
    /// Cells with a formula that is no rule: not understood, or unlike those beside it. The layout
    /// says nothing of them.
    pub(super) odd: BTreeSet<CellAddress>,
    /// Columns (by index) that a note leaves out of the total row.
    pub(super) not_in_total: BTreeSet<usize>,
    /// Words that look like a rule and were not understood.
    pub(super) unread: Vec<(CellAddress, String)>,
}

impl Found {
    /// Notes words that were not understood, once.
    pub(super) fn not_understood(&mut self, cell: CellAddress, words: &str) {
        let known = |(at, text): &(CellAddress, String)| *at == cell && text == words;
        if !self.unread.iter().any(known) {
            self.unread.push((cell, words.to_owned()));
        }
    }

    /// Notes something to be asked, once for a cell.
    pub(super) fn ask(&mut self, cell: CellAddress, words: &str, why: Message) {
        if !self
            .asked
            .iter()
            .any(|doubt| doubt.cell == cell && doubt.why.vi == why.vi)
        {
            self.asked.push(Doubt {
                cell,
                words: words.to_owned(),
                why,
            });
        }
    }
}
