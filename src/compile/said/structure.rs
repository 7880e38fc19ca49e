//! What the layout of a form says: «Tổng số» over «Chia ra» is a sum, «Trong đó» is at most what it
//! is part of, «Tổng cộng» is the sum of its rows, «Lũy kế» goes on from the period before.

mod across;
mod cumulative;
mod down;
mod outline;

use crate::compile::found::Found;
use crate::compile::rule::{Candidate, Evidence, Place, Source, Term};
use crate::compile::table::{Part, Table};
use crate::schema::expression::Comparison;

/// Reads the layout of a table.
pub(crate) fn read(table: &Table, found: &mut Found) {
    across::read(table, found);
    down::read(table, found);
    cumulative::read(table, found);
    outline::read(table, found);
}

/// A rule of the layout; `words` are the texts it follows from.
fn rule(left: Place, relation: Comparison, right: Term, words: &[&Part]) -> Candidate {
    let evidence = words.iter().map(|part| Evidence {
        source: Source::Structure,
        cell: part.cell,
        words: part.text.clone(),
    });
    Candidate {
        left,
        relation,
        right,
        at: None,
        evidence: evidence.collect(),
    }
}
