//! What only the outline of rows suggests: a row over deeper ones may be their sum. Never a rule.

use super::rule::rule;
use crate::compile::found::{Found, Proposal};
use crate::compile::rule::{Place, Term};
use crate::compile::table::{RowKind, Table};
use crate::schema::expression::Comparison;

pub(super) fn read(table: &Table, found: &mut Found) {
    for (index, row) in table.rows.iter().enumerate() {
        let Some(level) = row.level.filter(|_| row.kind == RowKind::Line) else {
            continue;
        };
        let below = table.rows[index + 1..].iter().enumerate();
        let below = below.take_while(|(_, other)| other.level.is_none_or(|other| other > level));
        let inner: Vec<(usize, u8)> = below
            .filter(|(_, other)| other.kind == RowKind::Line)
            .filter_map(|(at, other)| Some((index + 1 + at, other.level?)))
            .collect();
        let least = inner.iter().map(|(_, level)| *level).min();
        let members: Vec<usize> = inner
            .iter()
            .filter(|(_, level)| Some(*level) == least)
            .map(|(at, _)| *at)
            .collect();
        let unit = |at: &usize| table.rows[*at].unit == row.unit;
        if members.len() < 2 || !members.iter().all(unit) {
            continue;
        }
        let sum = Term::sum_of(members.into_iter().map(Place::Row).collect());
        found.proposals.push(Proposal {
            rule: rule(Place::Row(index), Comparison::Equal, sum, &[&row.label]),
            why: "chỉ thứ tự đề mục gợi ý, biểu không ghi".to_owned(),
        });
    }
}
