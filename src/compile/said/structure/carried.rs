//! «Kỳ trước chuyển sang» is nearly always what «Chuyển kỳ sau» was the period before: a rule on
//! trial where the form does not say so.

use super::rule::rule;
use crate::compile::found::Found;
use crate::compile::rule::{Candidate, Place, Source, Term};
use crate::compile::table::{Part, Role, RowKind, Table};
use crate::schema::expression::Comparison;
use crate::text::normalise;

pub(super) fn read(table: &Table, found: &mut Found) {
    let columns = table.columns.iter().enumerate();
    let columns = columns
        .filter(|(_, column)| column.role == Role::Value && column.is_additive())
        .filter_map(|(at, column)| Some((Place::Column(at), column.path.last()?)));
    carried(&columns.collect::<Vec<_>>(), found);
    let rows = table.rows.iter().enumerate();
    let rows = rows
        .filter(|(_, row)| row.kind == RowKind::Line)
        .map(|(at, row)| (Place::Row(at), &row.label));
    carried(&rows.collect::<Vec<_>>(), found);
}

fn carried(places: &[(Place, &Part)], found: &mut Found) {
    let one = |is: fn(&str) -> bool| {
        let mut fitting = places.iter().filter(|(_, part)| is(&normalise(&part.text)));
        match (fitting.next(), fitting.next()) {
            (Some(one), None) => Some(*one),
            _ => None,
        }
    };
    let (Some((opening, from)), Some((closing, to))) = (one(is_opening), one(is_closing)) else {
        return;
    };
    let known = found.rules.iter().any(|rule| rule.left == opening);
    if known || opening == closing {
        return;
    }
    let said = rule(
        opening,
        Comparison::Equal,
        Term::Previous(closing),
        &[from, to],
    );
    let evidence = said.evidence.into_iter().map(|mut evidence| {
        evidence.source = Source::Seems;
        evidence
    });
    found.rules.push(Candidate {
        evidence: evidence.collect(),
        ..said
    });
}

fn is_opening(text: &str) -> bool {
    (text.contains("kỳ trước") || text.contains("tháng trước") || text.contains("quý trước"))
        && ["chuyển sang", "mang sang", "chuyển qua"]
            .iter()
            .any(|word| text.contains(word))
}

fn is_closing(text: &str) -> bool {
    [
        "chuyển kỳ sau",
        "chuyển sang kỳ sau",
        "mang sang kỳ sau",
        "chuyển tháng sau",
        "chuyển quý sau",
    ]
    .iter()
    .any(|word| text.contains(word))
}
