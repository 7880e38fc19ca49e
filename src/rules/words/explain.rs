//! Puts a failed rule into a clerk's words: the cell, both sides with their figures and places.

use super::terms::{Phrase, Words, condition, shown, wanted};
use crate::model::value::message;
use crate::model::{Message, Number, Value};
use crate::rules::instance::{Instance, collect};
use crate::rules::scope::{CellRef, InstanceScope, UnitTables, cell_label};
use crate::schema::checked::Origin;
use crate::schema::evaluate::number;
use crate::schema::expression::{Comparison, Expr};
use crate::schema::rule::ranges::interval;

/// The cell a failed rule is reported at: the one it follows from, the left side's, else the first
/// this form has.
pub fn subject(instance: &Instance, unit: &UnitTables<'_>) -> Option<CellRef> {
    if let Some(at) = instance.subject() {
        return Some(at);
    }
    let placed = |at: &&CellRef| unit.cell(**at).is_some_and(|cell| cell.address.is_some());
    let own = |at: &&CellRef| at.table == instance.table;
    if let Some((left, ..)) = instance.rule.check.comparison() {
        let scope = instance.scope(unit, &[]);
        let cells = collect(left, &scope);
        if let Some(at) = cells.iter().filter(placed).find(own) {
            return Some(*at);
        }
    }
    instance
        .cells
        .iter()
        .filter(placed)
        .find(own)
        .or(instance.cells.iter().find(placed))
        .copied()
}

/// Left and right side of a failed comparison as figures, where they are figures.
pub fn sides(instance: &Instance, unit: &UnitTables<'_>) -> Option<(Number, Number)> {
    let (left, _, right) = instance.rule.check.comparison()?;
    let scope = instance.scope(unit, &[]);
    Some((number(left, &scope).ok()?, number(right, &scope).ok()?))
}

/// How far apart the two sides of an equality may lie because their figures were rounded; `None`
/// if they are exact, or nothing bounds it.
pub fn slack(instance: &Instance, unit: &UnitTables<'_>) -> Option<Number> {
    let (left, _, right) = instance.rule.check.comparison()?;
    let scope = instance.scope(unit, &[]);
    let reach = |expr: &Expr| {
        let value = number(expr, &scope).ok()?;
        let (below, above) = interval(expr, &scope).ok()?.reach(value);
        Some((below?, above?))
    };
    let ((l_below, l_above), (r_below, r_above)) = (reach(left)?, reach(right)?);
    let down = l_below.checked_add(r_above)?;
    let up = l_above.checked_add(r_below)?;
    let most = down.max(up);
    (!most.is_zero()).then_some(most.normalize())
}

/// The message of a failed rule.
pub fn message(instance: &Instance, unit: &UnitTables<'_>) -> Message {
    let scope = instance.scope(unit, &[]);
    let why = why(instance).unwrap_or_else(|| Message::new("", ""));
    let Some((left, comparison, right)) = instance.rule.check.comparison() else {
        let text = &instance.rule.text;
        return Message::new(
            format!("{}Không đúng quy tắc: {text}.", why.vi),
            format!("{}The rule does not hold: {text}.", why.en),
        );
    };
    let left = left.fold(&mut Words(&scope));
    let right = right.fold(&mut Words(&scope)).side();
    let (mut message, wanted) = (left_side(&left, unit), wanted(comparison));
    message.vi = format!("{}{} {} {}", why.vi, message.vi, wanted.vi, right.vi);
    message.en = format!("{}{} {} {}", why.en, message.en, wanted.en, right.en);
    if let (Some((l, r)), Comparison::Equal) = (sides(instance, unit), comparison)
        && let Some(difference) = l.checked_sub(r)
    {
        let difference = Value::Number(difference);
        let off = message!(difference; "; lệch {difference}", "; off by {difference}");
        message.vi.push_str(&off.vi);
        message.en.push_str(&off.en);
        if let Some(slack) = slack(instance, unit).map(Value::Number) {
            let room = message!(
                slack;
                " (làm tròn chỉ có thể lệch đến {slack})",
                " (rounding explains no more than {slack})"
            );
            message.vi.push_str(&room.vi);
            message.en.push_str(&room.en);
        }
    }
    message.vi.push('.');
    message.en.push('.');
    add_condition(message, instance, &scope)
}

/// The cell by its label, with what it holds; anything else by its figures.
fn left_side(left: &Phrase, unit: &UnitTables<'_>) -> Message {
    let Some(at) = left.cell() else {
        return left.side();
    };
    let (vi, en) = match left.value().as_ref() {
        None => ("để trống".to_owned(), "blank".to_owned()),
        found => (format!("ghi {}", shown(found).vi), shown(found).en),
    };
    let name = cell_label(at, unit);
    Message::new(format!("{name} {vi},"), format!("{name} is {en},"))
}

/// The first sentence of the message, why the rule must hold: the form's own `message`, which
/// exists in Vietnamese only, or that of a derived rule.
pub fn why(instance: &Instance) -> Option<Message> {
    let rule = &instance.rule;
    let why = format!("{}. ", rule.message.as_deref()?.trim_end_matches('.'));
    let en = match rule.origin {
        Origin::Total { .. } => "The total row must equal the sum of the rows above. ".to_owned(),
        Origin::Written | Origin::Ratio { .. } => why.clone(),
    };
    Some(Message::new(why, en))
}

/// The message, with why a rule that has a condition applies here.
pub fn add_condition(
    mut message: Message,
    instance: &Instance,
    scope: &InstanceScope<'_>,
) -> Message {
    let when = instance.rule.when.as_ref();
    if let Some(more) = when.and_then(|when| condition(when, &instance.cells, scope)) {
        message.vi.push_str(&more.vi);
        message.en.push_str(&more.en);
    }
    message
}

/// What to add to a message about a cell whose formula was typed over.
pub fn overwritten(at: CellRef, unit: &UnitTables<'_>) -> Option<Message> {
    let address = unit.cell(at)?.address?;
    unit.tables[at.table].overwritten.contains(&address).then(|| {
        Message::new(
            " Trong mẫu ô này tự tính bằng công thức, đã bị gõ đè bằng số; hãy lấy lại công thức của mẫu.",
            " In the template this cell is computed by a formula, and a figure was typed over it; put the template's formula back.",
        )
    })
}
