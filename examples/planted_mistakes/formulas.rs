//! What a template computes by itself: which cells, from what, and what they show after a change.

use tonghop::extract::{CellState, Table};
use tonghop::model::{Number, Value};
use tonghop::rules::PreviousFigures;
use tonghop::rules::instance::collect;
use tonghop::rules::scope::{CellRef, InstanceScope, RowRef, RulePlace, UnitTables};
use tonghop::schema::determined::Determined;
use tonghop::schema::evaluate::number;
use tonghop::schema::expression::Expr;
use tonghop::schema::form::Aggregate;
use tonghop::schema::ratio::RatioCell;
use tonghop::schema::rule_text::BlankPolicy;
use tonghop::schema::{Field, Form};

use super::book::{places, set, state};

/// A cell that follows others.
#[derive(Debug, Clone)]
pub struct Formula {
    pub at: CellRef,
    /// The cells it reads.
    pub reads: Vec<CellRef>,
    place: RulePlace,
    from: From,
}

#[derive(Debug, Clone)]
enum From {
    /// The right side of the rule that says what the cell is.
    Rule(Expr),
    /// The sum of the rows above.
    Rows,
    /// The percentage that the form declares.
    Percentage,
}

/// The cells that the templates of these tables compute. A cell that repeats last period's figure
/// is filled in once, not computed.
pub fn formulas(unit: &str, tables: &[Table]) -> Vec<Formula> {
    let mut formulas = Vec::new();
    for (at, _) in places(tables) {
        let form = &tables[at.table].form;
        let row = form_row(form, at.row);
        let Some(field) = form.field(row, at.column) else {
            continue;
        };
        let computed = match at.row {
            RowRef::Total => of_total(field, at),
            RowRef::Row(_) if field.computed => of_cell(form, row, at),
            RowRef::Row(_) => None,
        };
        if let Some((place, from)) = computed {
            let mut formula = Formula {
                at,
                reads: Vec::new(),
                place,
                from,
            };
            formula.reads = reads(tables, unit, &formula);
            formulas.push(formula);
        }
    }
    in_order(formulas)
}

/// The row of the form that a row of a table is; `None` for rows units add.
pub fn form_row(form: &Form, row: RowRef) -> Option<usize> {
    match row {
        RowRef::Row(row) if !form.is_free() => Some(row),
        _ => None,
    }
}

fn of_total(field: &Field, at: CellRef) -> Option<(RulePlace, From)> {
    match (&field.ratio, field.aggregate) {
        (Some(_), _) => Some((RulePlace::Row(RowRef::Total), From::Percentage)),
        (None, Aggregate::Sum) if field.kind.is_numeric() => {
            Some((RulePlace::Column(at.column), From::Rows))
        }
        _ => None,
    }
}

fn of_cell(form: &Form, row: Option<usize>, at: CellRef) -> Option<(RulePlace, From)> {
    let (site, from) = match form.ratio(row, at.column) {
        Some(of) => (of.site, From::Percentage),
        None => {
            let found = determined(form, row, at.column)?;
            (found.site, From::Rule(found.right.clone()))
        }
    };
    let place = RulePlace::of(site).unwrap_or(RulePlace::Row(at.row));
    Some((place, from))
}

/// What the form says a cell is computed from.
pub fn determined(form: &Form, row: Option<usize>, column: usize) -> Option<Determined<'_>> {
    form.determined_by(row, column, &|right, _| right.as_past().is_none())
}

/// The percentage that a cell of a table is.
pub fn percentage(tables: &[Table], at: CellRef) -> Option<RatioCell<'_>> {
    let form = &tables.get(at.table)?.form;
    form.ratio(form_row(form, at.row), at.column)
}

fn reads(tables: &[Table], unit: &str, formula: &Formula) -> Vec<CellRef> {
    let unit = UnitTables {
        unit,
        kind: None,
        tables,
        previous: None,
    };
    let scope = scope(&unit, formula);
    let mut cells = Vec::new();
    match &formula.from {
        From::Rule(right) => cells = collect(right, &scope),
        From::Rows => {
            let rows = tables[formula.at.table].rows.len();
            cells.extend((0..rows).map(|row| CellRef {
                row: RowRef::Row(row),
                ..formula.at
            }));
        }
        From::Percentage => {
            let of = percentage(tables, formula.at);
            for operand in of.iter().flat_map(|of| [of.numerator(), of.denominator()]) {
                cells.extend(collect(operand, &scope));
            }
        }
    }
    cells
}

/// Formulas after all they read.
fn in_order(mut left: Vec<Formula>) -> Vec<Formula> {
    let mut ordered = Vec::new();
    while !left.is_empty() {
        let waits = |formula: &Formula| left.iter().any(|other| formula.reads.contains(&other.at));
        let (later, now): (Vec<_>, Vec<_>) = left.iter().cloned().partition(waits);
        assert!(!now.is_empty(), "formulas of a form go in a circle");
        ordered.extend(now);
        left = later;
    }
    ordered
}

fn scope<'a>(unit: &'a UnitTables<'a>, formula: &Formula) -> InstanceScope<'a> {
    InstanceScope {
        unit,
        table: formula.at.table,
        place: formula.place,
        blank: BlankPolicy::SkipAny,
        suppose: &[],
    }
}

/// Computes every formula again.
pub fn recompute(
    tables: &mut [Table],
    unit: &str,
    previous: Option<&PreviousFigures>,
    formulas: &[Formula],
) {
    for formula in formulas {
        let shown = {
            let unit = UnitTables {
                unit,
                kind: None,
                tables,
                previous,
            };
            shows(&unit, formula)
        };
        let shown = shown.map_or(CellState::Blank, |figure| {
            CellState::Value(Value::Number(figure))
        });
        set(tables, formula.at, shown);
    }
}

/// What a formula shows: as the template's, nothing where a figure is lacking or below zero.
fn shows(unit: &UnitTables<'_>, formula: &Formula) -> Option<Number> {
    let scope = scope(unit, formula);
    match &formula.from {
        From::Rule(right) => {
            let below = |at: &CellRef| figure(unit.tables, *at).is_some_and(|n| n < Number::ZERO);
            if formula.reads.iter().any(below) {
                return None;
            }
            number(right, &scope).ok()
        }
        From::Rows => {
            let figures: Vec<Number> = formula
                .reads
                .iter()
                .filter_map(|at| figure(unit.tables, *at))
                .collect();
            (!figures.is_empty()).then(|| figures.iter().sum())
        }
        From::Percentage => {
            let share = percentage(unit.tables, formula.at)?.value(&scope)?;
            Some(share.normalize())
        }
    }
}

/// The figure in a cell.
pub fn figure(tables: &[Table], at: CellRef) -> Option<Number> {
    match state(tables, at)? {
        CellState::Value(value) => value.as_number(),
        _ => None,
    }
}
