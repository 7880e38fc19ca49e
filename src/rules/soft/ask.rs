//! Applies the soft edits of one unit, in an order that reports each mistake once: a
//! unit-of-measure error also is a large change, so the change is then not reported.

use super::typed::typed;
use super::{change, large, size, unchanged, zeros};
use crate::model::Finding;
use crate::rules::scope::UnitTables;

/// Applies them to all tables of a unit.
pub fn check(unit: &UnitTables<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for table in 0..unit.tables.len() {
        let figures = typed(unit, table);
        let mut slipped = Vec::new();
        for figure in &figures {
            match size::against_last(unit, figure) {
                Some(found) => slipped.push(found),
                None => findings.extend(change::check(unit, figure)),
            }
        }
        findings.extend(size::fold(slipped));
        findings.extend(large::check(unit, &figures));
        findings.extend(unchanged::check(unit, table, &figures));
        findings.extend(zeros::check(unit, table, &figures));
    }
    findings
}
