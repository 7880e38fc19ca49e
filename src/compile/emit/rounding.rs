//! Which amounts are brought to their decimals from finer figures.

use crate::compile::rule::{Candidate, Place, Term};
use crate::compile::table::Table;
use crate::compile::words;
use crate::schema::expression::Operator;

/// Does what a place is computed from have more decimals than it shows, although the form does not
/// say how it is rounded? Then it is compared as it is printed.
pub(super) fn is_rounded(table: &Table, rules: &[Candidate], place: Place) -> bool {
    let shown = match place {
        Place::Column(column) => table.columns[column].decimals.unwrap_or(0),
        _ => 2,
    };
    rules.iter().any(|rule| {
        rule.left == place
            && rule.is_equal()
            && rule.right.multiplies()
            && !rule.right.rounds()
            && decimals_of(table, &rule.right).is_none_or(|decimals| decimals > shown)
    })
}

/// Is a column of averages multiplied with something, «Năng suất» with «Diện tích»? It is brought to
/// the decimals it shows from what it averages.
pub(super) fn is_average_factor(table: &Table, rules: &[Candidate], index: usize) -> bool {
    let of = Place::Column(index);
    words::is_average_header(table.columns[index].own())
        && rules
            .iter()
            .any(|rule| rule.is_equal() && rule.right.multiplies() && rule.right.reads_now(of))
}

/// Decimals a term may have; `None` where it divides.
fn decimals_of(table: &Table, term: &Term) -> Option<u32> {
    let at = |place: &Place| match place {
        Place::Column(column) => table.columns[*column].decimals.unwrap_or(0),
        Place::Row(_) | Place::Cell(..) | Place::Other(_) => 2,
    };
    Some(match term {
        Term::Number(number) => number.normalize().scale(),
        Term::At(place) | Term::Previous(place) => at(place),
        Term::Sum(places) => places.iter().map(at).max().unwrap_or(0),
        Term::Negate(inner) => decimals_of(table, inner)?,
        Term::Round(_, digits) => u32::try_from(*digits).unwrap_or(0),
        Term::Join(operator, left, right) => {
            let (left, right) = (decimals_of(table, left)?, decimals_of(table, right)?);
            match operator {
                Operator::Divide => return None,
                Operator::Multiply => left.saturating_add(right),
                _ => left.max(right),
            }
        }
    })
}
