//! What the other figures say of a cell that is blank or cannot be read.

use super::super::equation::Equation;
use super::super::instance;
use super::super::scope::{CellRef, RowRef, UnitTables};
use super::slip::as_value;
use crate::extract::CellState;
use crate::model::{Finding, Message, Number, Severity, Suspect, Value};
use crate::schema::form::Meaning;

/// Adds to findings about blank or unreadable cells the figure that every rule asks for there, if
/// the rules agree on one. What was suggested from the text alone stays.
pub fn fill_in(unit: &UnitTables<'_>, findings: &mut [Finding]) {
    let open: Vec<CellRef> = open_cells(unit);
    if open.is_empty() || findings.is_empty() {
        return;
    }
    let sums: Vec<Equation> = instance::all(unit)
        .iter()
        .filter(|i| i.rule.severity == Severity::Error && !i.rule.beta && i.rule.when.is_none())
        .filter_map(|instance| Equation::of(instance, unit))
        .collect();
    for at in &open {
        let Some(figure) = agreed(unit, &sums, &open, *at) else {
            continue;
        };
        let table = &unit.tables[at.table];
        let address = unit.cell(*at).and_then(|cell| cell.address);
        let here = |finding: &&mut Finding| {
            finding.file == table.file
                && finding.sheet.as_ref() == Some(&table.sheet)
                && finding.cell == address
                && finding.severity == Severity::Error
        };
        if let Some(finding) = findings.iter_mut().find(here) {
            suggest(finding, figure, unit.is_flag(*at));
        }
    }
}

/// Cells whose figure is asked for and not known.
fn open_cells(unit: &UnitTables<'_>) -> Vec<CellRef> {
    let mut open = Vec::new();
    for (table, read) in unit.tables.iter().enumerate() {
        let rows = read.rows.iter().enumerate();
        let rows = rows.map(|(row, cells)| (RowRef::Row(row), cells));
        let rows = rows.chain(read.total.as_ref().map(|total| (RowRef::Total, total)));
        for (row, cells) in rows {
            for (column, cell) in cells.cells.iter().enumerate() {
                let at = CellRef { table, row, column };
                let missing = || {
                    unit.field(at)
                        .is_some_and(|field| field.blank == Meaning::Missing)
                };
                let is_open = match cell.state {
                    CellState::Unreadable => true,
                    CellState::Blank => missing(),
                    CellState::Absent | CellState::Value(_) => false,
                };
                if is_open && cell.address.is_some() {
                    open.push(at);
                }
            }
        }
    }
    open
}

/// The figure that every equality in which only this cell is unknown asks for.
fn agreed(
    unit: &UnitTables<'_>,
    sums: &[Equation],
    open: &[CellRef],
    at: CellRef,
) -> Option<Number> {
    let solved = sums.iter().filter_map(|sum| {
        let coefficient = sum.terms.get(&at)?;
        let known = sum
            .terms
            .keys()
            .all(|other| *other == at || !open.contains(other) && unit.figure(*other).is_some());
        if !known {
            return None;
        }
        let rest = sum.value(unit)?;
        (-rest).checked_div(*coefficient)
    });
    let mut figures: Vec<Number> = solved.map(|figure| figure.normalize()).collect();
    figures.dedup();
    let field = unit.field(at)?;
    match figures.as_slice() {
        [figure]
            if figure.scale() <= field.decimals && (field.negative || *figure >= Number::ZERO) =>
        {
            Some(*figure)
        }
        _ => None,
    }
}

fn suggest(finding: &mut Finding, figure: Number, is_flag: bool) {
    let (Some(sheet), Some(cell)) = (finding.sheet.clone(), finding.cell) else {
        return;
    };
    let suggestion = as_value(figure, is_flag);
    let same = |suspect: &&mut Suspect| suspect.suggestion.as_ref() == Some(&suggestion);
    let reason = Message::new(
        format!("các số khác của đơn vị cho biết ô này phải là {suggestion}"),
        format!("the unit's other figures ask for {suggestion} here"),
    );
    if let Some(suspect) = finding.suspects.iter_mut().find(same) {
        suspect
            .reason
            .vi
            .push_str("; các số khác của đơn vị cũng cho biết như vậy");
        suspect
            .reason
            .en
            .push_str("; the unit's other figures ask for it too");
        return;
    }
    let value: Option<Value> = finding.value.clone();
    let first = Suspect {
        sheet,
        cell,
        value,
        suggestion: Some(suggestion),
        rank: 1,
        reason,
    };
    finding
        .suspects
        .iter_mut()
        .for_each(|suspect| suspect.rank += 1);
    finding.suspects.insert(0, first);
}
