//! A rule of the layout.

use crate::compile::rule::{Candidate, Evidence, Place, Source, Term};
use crate::compile::table::Part;
use crate::schema::expression::Comparison;

/// A rule of the layout; `words` are the texts it follows from.
pub(super) fn rule(left: Place, relation: Comparison, right: Term, words: &[&Part]) -> Candidate {
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
        within_year: false,
        evidence: evidence.collect(),
    }
}
