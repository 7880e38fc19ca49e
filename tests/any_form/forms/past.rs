//! Figures of closed periods, as the archive gives them to the units of now.

use super::evaluate::{Lack, Site};
use super::exact;
use super::expression::{Fun, Name, Path};
use super::spec::{Aggregate, Type};
use super::time::Time;
use super::world::{At, RowAt, State, Value, World};

/// The figure of the row and column of `at` in another period; `None` if the archive has none.
pub fn of_row(world: &World<'_>, at: At, time: Time, now: Time) -> Option<Value> {
    if !world.campaign.is_closed(time, now) {
        return None;
    }
    let RowAt::Row(row) = at.row else { return None };
    let key = world.key(at.unit, at.time, at.form, row);
    by_key(world, at.unit, at.form, &key, at.column, time)
}

/// The figure under a key.
fn by_key(
    world: &World<'_>,
    unit: usize,
    form: usize,
    key: &str,
    column: usize,
    time: Time,
) -> Option<Value> {
    let campaign = world.campaign;
    if campaign.exists(unit, time) {
        let rows = world.rows(unit, time, form);
        let row = (0..rows).find(|row| world.key(unit, time, form, *row) == key)?;
        let at = At {
            unit,
            time,
            form,
            row: RowAt::Row(row),
            column,
        };
        return archived(world, at);
    }
    merged(world, unit, form, key, column, time)
}

/// What a cell is as a fact: a blank is none, unless it means 0.
pub fn archived(world: &World<'_>, at: At) -> Option<Value> {
    let campaign = world.campaign;
    if !campaign.files(at.unit, at.form, at.time) {
        return None;
    }
    let RowAt::Row(row) = at.row else { return None };
    let field = campaign.forms[at.form].field(row, at.column)?;
    match world.cell(at) {
        State::Value(value) => Some(value),
        State::Blank if field.blank == super::spec::Blank::Zero => {
            Some(Value::Number(exact::whole(0)))
        }
        State::Blank | State::Absent => None,
    }
}

/// The figure of a unit that did not exist yet: the sum of those it was made of, a percentage of
/// their sums; nothing where one of them has none.
fn merged(
    world: &World<'_>,
    unit: usize,
    form: usize,
    key: &str,
    column: usize,
    time: Time,
) -> Option<Value> {
    let campaign = world.campaign;
    let parts = campaign.predecessors(unit);
    if parts.is_empty() {
        return None;
    }
    let row = campaign.forms[form].row(key).unwrap_or(0);
    let field = campaign.forms[form].field(row, column)?;
    match (field.aggregate, field.kind) {
        (Aggregate::Sum, _) => {
            let mut sum = exact::whole(0);
            for part in parts {
                match by_key(world, part, form, key, column, time)? {
                    Value::Number(number) => sum += number,
                    _ => return None,
                }
            }
            Some(Value::Number(sum))
        }
        (
            Aggregate::Ratio,
            Type::Percent {
                ratio: Some(ratio),
                decimals,
                truncate,
            },
        ) => {
            let of = &campaign.forms[form];
            let operand = |ex: &super::expression::Ex| {
                let super::expression::Ex::Name(Name {
                    form: None,
                    path: Path::One(id),
                }) = ex
                else {
                    return None;
                };
                let number = match of.column(id) {
                    Some(other) => merged(world, unit, form, key, other, time)?,
                    None => merged(world, unit, form, id, column, time)?,
                };
                match number {
                    Value::Number(number) => Some(number),
                    _ => None,
                }
            };
            let (above, below) = (operand(&ratio.numerator)?, operand(&ratio.denominator)?);
            let zero = exact::whole(0);
            let share = (below != zero).then(|| ratio.scale() * above / below)?;
            Some(Value::Number(match truncate {
                true => exact::truncated(&share, *decimals),
                false => exact::rounded(&share, *decimals),
            }))
        }
        _ => None,
    }
}

/// All figures of a column in closed periods, for a fold over them.
pub fn column(
    world: &World<'_>,
    site: &Site,
    function: Fun,
    name: &Name,
) -> Result<Vec<Value>, Lack> {
    let campaign = world.campaign;
    let form = match &name.form {
        Some(id) => campaign.form(id).ok_or(Lack::Form)?,
        None => site.form,
    };
    let Path::One(id) = &name.path else {
        return Err(Lack::Absent);
    };
    let column = campaign.forms[form].column(id).ok_or(Lack::Absent)?;
    let step = campaign.step;
    let times: Vec<Time> = match function {
        Fun::Prev => vec![site.time - 1],
        Fun::PrevYear => vec![site.time - step.a_year()],
        _ => step.earlier(site.time).collect(),
    };
    let mut values = match function {
        Fun::Ytd => vec![Value::Number(exact::whole(0))],
        _ => Vec::new(),
    };
    for time in times {
        if !campaign.is_closed(time, site.time) {
            return Err(Lack::Past);
        }
        values.extend(whole_column(world, site.unit, form, column, time)?);
    }
    Ok(values)
}

/// Every figure of a column of a unit in a closed period, of the units it was made of if need be.
fn whole_column(
    world: &World<'_>,
    unit: usize,
    form: usize,
    column: usize,
    time: Time,
) -> Result<Vec<Value>, Lack> {
    let campaign = world.campaign;
    let parts = match campaign.exists(unit, time) {
        true => vec![unit],
        false => campaign.predecessors(unit),
    };
    if parts.is_empty() {
        return Err(Lack::Past);
    }
    let mut values = Vec::new();
    for part in parts {
        if !campaign.files(part, form, time) {
            return Err(Lack::Past);
        }
        let rows = 0..world.rows(part, time, form);
        values.extend(rows.filter_map(|row| {
            archived(
                world,
                At {
                    unit: part,
                    time,
                    form,
                    row: RowAt::Row(row),
                    column,
                },
            )
        }));
    }
    Ok(values)
}
