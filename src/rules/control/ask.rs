//! Compares control totals with the figures of units.

use std::sync::Arc;

use super::cause::{self, DifferenceCause};
use super::declared::{Control, Wanted};
use super::unit::{ControlReading, Totals, fields, read};
use super::words;
use crate::model::{CellAddress, Class, Finding, Message, Number, Severity, Value};
use crate::rules::reporter::Reporter;
use crate::rules::scope::{CellRef, RowRef};
use crate::rules::soft::size;
use crate::schema::evaluate::{Lack, Trouble};
use crate::schema::expression::Expr;
use crate::schema::resolve::Rows;

/// The outcome of control totals of single units.
#[derive(Debug, Default)]
pub struct AtUnits {
    /// What does not agree.
    pub findings: Vec<Finding>,
    /// File, sheet and cell of every figure that a control total has judged, right or wrong; weaker
    /// checks do not report on these.
    pub judged: Vec<(Arc<str>, Arc<str>, CellAddress)>,
}

/// Evaluates the control totals that need one unit only.
pub fn at_units(controls: &[Control], reporters: &[Reporter<'_>]) -> AtUnits {
    let mut outcome = AtUnits::default();
    for control in controls {
        let (Some(code), Wanted::Figure(wanted)) = (&control.unit, &control.wanted) else {
            continue;
        };
        let own = |(_, reporter): &(usize, &Reporter<'_>)| *reporter.unit.code == **code;
        let Some((index, reporter)) = reporters.iter().enumerate().find(own) else {
            continue;
        };
        let reading = read(index, reporter, &control.cell);
        if let ControlReading::Cells(cells) = &reading {
            let places = cells.iter().filter_map(|cell| reporter.place(cell.at));
            outcome.judged.extend(places);
        }
        outcome
            .findings
            .extend(at_unit(control, reporter, reading, *wanted));
    }
    outcome
}

/// Cells of a unit whose sum is a control total: no suspect is looked for that would change it.
/// Where the rows of a column are not, their total row may be.
pub fn confirmed(controls: &[Control], reporter: &Reporter<'_>) -> Vec<Vec<CellRef>> {
    let agrees = |control: &Control| {
        let Wanted::Figure(wanted) = &control.wanted else {
            return None;
        };
        control
            .unit
            .as_deref()
            .filter(|code| *code == reporter.unit.code)?;
        let ControlReading::Cells(cells) = read(0, reporter, &control.cell) else {
            return None;
        };
        let agrees = |figure: Number| {
            let difference = figure.checked_sub(*wanted);
            difference.is_some_and(|difference| difference.abs() <= control.tolerance)
        };
        if agrees(cause::sum(&cells)?) {
            return Some(cells.into_iter().map(|cell| cell.at).collect());
        }
        let total = CellRef {
            row: RowRef::Total,
            ..cells.first()?.at
        };
        agrees(reporter.tables.figure(total)?).then(|| vec![total])
    };
    controls.iter().filter_map(agrees).collect()
}

fn at_unit(
    control: &Control,
    reporter: &Reporter<'_>,
    reading: ControlReading,
    wanted: Number,
) -> Option<Finding> {
    let cells = match reading {
        ControlReading::Unknown => return None,
        ControlReading::Blank => {
            let message = words::blank_at_unit(control, reporter, wanted);
            return located(&control.id, control, reporter, message, None, wanted);
        }
        ControlReading::Cells(cells) => cells,
    };
    let found = cause::sum(&cells)?;
    let difference = found.checked_sub(wanted)?;
    if difference.abs() <= control.tolerance {
        return None;
    }
    let causes = cause::of(&cells, difference, control.tolerance);
    let message = words::at_unit(control, reporter, found, wanted, &causes, &cells);
    // An exact unit-of-measure error is reported as such: a control total is the strongest evidence
    // for one.
    let slips = match causes.as_slice() {
        [DifferenceCause::Slips(slips)] => Some(slips.as_slice()),
        _ => None,
    };
    let rule = slips.map_or(control.id.as_str(), |_| size::SIZE);
    let mut finding = located(rule, control, reporter, message, Some(found), wanted)?;
    if let Some([(only, _)]) = slips {
        let (_, sheet, cell) = reporter.place(cells[*only].at)?;
        finding = finding
            .at(&sheet, cell)
            .value(Some(Value::Number(cells[*only].figure)))
            .expected(None);
    }
    let suspects = words::suspects(&causes, &cells, std::slice::from_ref(reporter), false);
    Some(finding.suspecting(suspects))
}

/// Evaluates the control totals that need the figures of many units. A total that lacks units is
/// not evaluated, and the finding says which.
pub fn over_units(controls: &[Control], reporters: &[Reporter<'_>]) -> Vec<Finding> {
    let needs_many =
        |control: &&Control| control.unit.is_none() || matches!(control.wanted, Wanted::Sum(_));
    controls
        .iter()
        .filter(needs_many)
        .filter_map(|control| over(control, reporters))
        .collect()
}

fn over(control: &Control, reporters: &[Reporter<'_>]) -> Option<Finding> {
    let asked = |reporter: &&Reporter<'_>| {
        control
            .kinds
            .as_ref()
            .is_none_or(|kinds| kinds.contains(&reporter.unit.kind))
    };
    let mut forms: Vec<&str> = Vec::new();
    if let Wanted::Sum(expr) = &control.wanted {
        expr.names(&mut |name, _| forms.extend(name.form.as_deref()));
    }
    if control.unit.is_none() {
        forms.extend(control.cell.form.as_deref());
    }
    let lacks = |reporter: &&Reporter<'_>| {
        forms
            .iter()
            .any(|form| reporter.adds(form) && !reporter.counts(form))
    };
    let lacking: Vec<&Reporter<'_>> = reporters.iter().filter(asked).filter(lacks).collect();
    if !lacking.is_empty() {
        return Some(general(
            control,
            Severity::Info,
            words::lacking(control, reporters, &lacking),
        ));
    }
    let totals = Totals {
        reporters,
        kinds: control.kinds.as_deref(),
    };
    match (&control.unit, &control.wanted) {
        (None, wanted) => total(control, &totals, wanted),
        (Some(code), Wanted::Sum(expr)) => own_total(control, &totals, code, expr),
        (Some(_), Wanted::Figure(_)) => None,
    }
}

/// The total over units against a figure, or against another total.
fn total(control: &Control, totals: &Totals<'_>, wanted: &Wanted) -> Option<Finding> {
    let cells = totals.addends(&control.cell)?;
    let not_evaluated = |why| {
        Some(general(
            control,
            Severity::Info,
            words::not_evaluated(control, totals.reporters, why),
        ))
    };
    let wanted = match wanted {
        Wanted::Figure(figure) => *figure,
        Wanted::Sum(expr) => match totals.number(expr) {
            Ok(figure) => figure,
            Err(trouble) => return not_evaluated(trouble),
        },
    };
    let Some(found) = cause::sum(&cells) else {
        return not_evaluated(Trouble::Missing(Lack::Blank));
    };
    let difference = found.checked_sub(wanted)?;
    if difference.abs() <= control.tolerance {
        return None;
    }
    let causes = cause::singles(&cells, difference, control.tolerance);
    let message = words::total(control, totals.reporters, cells.len(), found, wanted);
    let finding = general(control, control.severity, message)
        .value(Some(Value::Number(found)))
        .expected(Some(Value::Number(wanted)))
        .difference(Some(Value::Number(difference)))
        .suspecting(words::suspects(&causes, &cells, totals.reporters, true));
    Some(finding)
}

/// A unit's own consolidated figure against the sum of the units it is about.
fn own_total(control: &Control, totals: &Totals<'_>, code: &str, expr: &Expr) -> Option<Finding> {
    let own = |reporter: &&Reporter<'_>| *reporter.unit.code == *code;
    let reporter = totals.reporters.iter().find(own)?;
    let form = control.cell.form.as_deref()?;
    if !reporter.counts(form) {
        let lacking = [reporter];
        let message = words::lacking(control, totals.reporters, &lacking);
        return Some(general(control, Severity::Info, message));
    }
    let index = totals.reporters.iter().position(|o| own(&o))?;
    let cells = match read(index, reporter, &control.cell) {
        ControlReading::Cells(cells) => cells,
        ControlReading::Blank | ControlReading::Unknown => return None,
    };
    let wanted = match totals.number(expr) {
        Ok(wanted) => wanted,
        Err(trouble) => {
            let message = words::not_evaluated(control, totals.reporters, trouble);
            return Some(general(control, Severity::Info, message));
        }
    };
    let found = cause::sum(&cells)?;
    let difference = found.checked_sub(wanted)?;
    if difference.abs() <= control.tolerance {
        return None;
    }
    let mut causes = cause::singles(&cells, difference, control.tolerance);
    let mut addends = cells;
    // Where the expression is one sum, one of its addends may be at fault instead.
    if let Some(name) = expr.as_sum() {
        let others = totals.addends(name).unwrap_or_default();
        let offset = addends.len();
        let theirs = cause::singles(&others, -difference, control.tolerance);
        causes.extend(theirs.into_iter().map(|cause| cause.shifted(offset)));
        addends.extend(others);
    }
    let message = words::own_total(control, reporter, found, wanted, expr);
    let finding = located(&control.id, control, reporter, message, Some(found), wanted)?;
    let suspects = words::suspects(&causes, &addends, totals.reporters, true);
    Some(finding.suspecting(suspects))
}

/// A finding about no unit, reported at the file that declares the control total.
fn general(control: &Control, severity: Severity, message: Message) -> Finding {
    let class = Class::ControlTotal;
    let finding = Finding::new(&control.id, class, severity, &control.declared, message);
    match &control.cell.form {
        Some(form) => finding.of_form(form),
        None => finding,
    }
}

/// A finding of `rule` at the cell of a unit: the total row's where a whole column is meant.
fn located(
    rule: &str,
    control: &Control,
    reporter: &Reporter<'_>,
    message: Message,
    found: Option<Number>,
    wanted: Number,
) -> Option<Finding> {
    let table = reporter.table(control.cell.form.as_deref()?)?;
    let fields = fields(std::slice::from_ref(reporter), &control.cell).ok()?;
    let field = fields.first()?;
    let at = match field.rows {
        Rows::Fixed(row) => table.rows.get(row)?.cells.get(field.column)?.address,
        _ => {
            let mut rows = table.total.iter().chain(&table.rows);
            rows.find_map(|row| row.cells.get(field.column)?.address)
        }
    };
    let difference = found.and_then(|found| found.checked_sub(wanted));
    let (class, severity) = (Class::ControlTotal, control.severity);
    let finding = Finding::new(rule, class, severity, &table.file, message)
        .of_form(table.form.id())
        .at(&table.sheet, at?)
        .value(found.map(Value::Number))
        .expected(Some(Value::Number(wanted)))
        .difference(difference.map(Value::Number));
    Some(reporter.sign(finding))
}
