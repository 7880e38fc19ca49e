//! Formulas that give an error, or show nothing, because a cell that they read has no figure: what is
//! found at them follows from that cell.

use std::collections::{BTreeMap, BTreeSet};

use super::context::{ReadContext, ReadLog};
use crate::model::{CellAddress, Place, Severity};
use crate::schema::rule::sheet_formula::reads;
use crate::workbook::{Cell, Content};

/// Gives errors at such formulas the cell from which they follow as their cause.
pub(super) fn follow(context: &ReadContext<'_>, log: &mut ReadLog) {
    let errors = log.findings.iter();
    let errors = errors.filter(|finding| finding.severity == Severity::Error);
    let cells = errors.filter_map(|finding| finding.cell);
    let mut told: BTreeMap<CellAddress, CellAddress> = cells.map(|cell| (cell, cell)).collect();
    told.extend(log.blanks.iter().map(|(blank, at)| (*blank, *at)));
    let place = |cell: CellAddress| Place {
        sheet: context.sheet.name.clone(),
        cell,
    };
    for finding in &mut log.findings {
        let error = finding.severity == Severity::Error && finding.review.cause.is_none();
        let Some(cell) = finding.cell.filter(|_| error) else {
            continue;
        };
        if let Some(root) = root(context, &told, cell) {
            finding.review.cause = Some(place(root));
            finding.review.suspects.clear();
        }
    }
}

/// Where the cell is told that leaves the formula of `at` without a figure, itself or through other
/// formulas.
fn root(
    context: &ReadContext<'_>,
    told: &BTreeMap<CellAddress, CellAddress>,
    at: CellAddress,
) -> Option<CellAddress> {
    let mut seen = BTreeSet::from([at]);
    let mut waiting = vec![at];
    while let Some(own) = waiting.pop() {
        let formula = silent(context.sheet.cells.get(&own)?)?;
        let reads = reads(formula, own)?;
        let is_read = |cell: &CellAddress| {
            let within = |(first, last): &(CellAddress, CellAddress)| {
                (first.row..=last.row).contains(&cell.row)
                    && (first.column..=last.column).contains(&cell.column)
            };
            reads.iter().any(within)
        };
        for (cell, told_at) in told.iter().filter(|(cell, _)| is_read(cell)) {
            let holds_formula = context.sheet.cells.get(cell);
            match holds_formula.is_some_and(|cell| silent(cell).is_some()) {
                true if seen.insert(*cell) => waiting.push(*cell),
                true => {}
                false => return Some(*told_at),
            }
        }
    }
    None
}

/// The text of a formula that gives no figure.
fn silent(cell: &Cell) -> Option<&str> {
    let gives_none = matches!(cell.content, Content::Error(_) | Content::EmptyText);
    let formula = cell.formula.as_deref().filter(|text| !text.is_empty());
    formula.filter(|_| gives_none)
}
