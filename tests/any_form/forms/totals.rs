//! Totals of the units' figures: of each unit, of each kind and group, of all. Computed from the
//! figures that were put in, by the guide's words.

use std::collections::BTreeMap;

use super::exact::{self, Q};
use super::expression::{Ex, Name, Path};
use super::past;
use super::spec::{Aggregate, Field, Form, KINDS, Ratio, Type};
use super::time::Time;
use super::world::{At, RowAt, Value, World};

/// A field of a form: a row (none where units add rows) and a column.
pub type Slot = (Option<usize>, usize);

/// The totals of one form.
pub struct Totals {
    pub slots: Vec<Slot>,
    /// One line a unit, in the order tables list them: its index, one value a slot.
    pub units: Vec<(usize, Vec<Option<Value>>)>,
    /// Of each kind and group.
    pub groups: BTreeMap<(String, String), Vec<Option<Value>>>,
    pub all: Vec<Option<Value>>,
}

/// The totals of all units that file a form in a period.
pub fn of_form(world: &World<'_>, form: usize, time: Time) -> Totals {
    let campaign = world.campaign;
    let of = &campaign.forms[form];
    let slots = slots(of);
    let units: Vec<(usize, Vec<Option<Value>>)> = in_order(world)
        .into_iter()
        .filter(|unit| campaign.files(*unit, form, time))
        .map(|unit| (unit, line(world, unit, form, time, &slots)))
        .collect();
    let mut members: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (index, (unit, _)) in units.iter().enumerate() {
        let unit = &campaign.units[*unit];
        let group = (unit.kind.to_owned(), unit.group.clone());
        members.entry(group).or_default().push(index);
    }
    let fold = |lines: &[usize]| {
        let lines: Vec<&[Option<Value>]> = lines.iter().map(|i| units[*i].1.as_slice()).collect();
        together(of, &slots, &lines)
    };
    let groups = members
        .iter()
        .map(|(group, lines)| (group.clone(), fold(lines)));
    Totals {
        groups: groups.collect(),
        all: fold(&(0..units.len()).collect::<Vec<_>>()),
        units,
        slots,
    }
}

/// Every value of a line: all cells of fixed rows, all columns but the key of others.
fn slots(form: &Form) -> Vec<Slot> {
    let columns = 0..form.columns.len();
    if form.is_free() {
        let value = columns.filter(|column| form.key() != Some(*column));
        return value.map(|column| (None, column)).collect();
    }
    let rows = 0..form.fixed().len();
    let cells = rows.flat_map(|row| columns.clone().map(move |column| (row, column)));
    cells
        .filter(|(row, column)| form.field(*row, *column).is_some())
        .map(|(row, column)| (Some(row), column))
        .collect()
}

/// Units by kind, then by where their group comes first in the roster.
pub fn in_order(world: &World<'_>) -> Vec<usize> {
    let units = &world.campaign.units;
    let kind = |unit: usize| KINDS.iter().position(|(kind, _)| *kind == units[unit].kind);
    let group = |unit: usize| {
        let same = |other: &super::spec::Unit| {
            other.kind == units[unit].kind && other.group == units[unit].group
        };
        units.iter().position(same)
    };
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by_key(|unit| (kind(*unit), group(*unit)));
    order
}

fn line(
    world: &World<'_>,
    unit: usize,
    form: usize,
    time: Time,
    slots: &[Slot],
) -> Vec<Option<Value>> {
    let of = &world.campaign.forms[form];
    let at = |row, column| At {
        unit,
        time,
        form,
        row: RowAt::Row(row),
        column,
    };
    if !of.is_free() {
        let value = |(row, column): &Slot| past::archived(world, at((*row)?, *column));
        return slots.iter().map(value).collect();
    }
    let rows: Vec<Vec<Option<Value>>> = (0..world.rows(unit, time, form))
        .map(|row| {
            let value = |(_, column): &Slot| past::archived(world, at(row, *column));
            slots.iter().map(value).collect()
        })
        .collect();
    let rows: Vec<&[Option<Value>]> = rows.iter().map(Vec::as_slice).collect();
    let mut totals = together(of, slots, &rows);
    for (total, (_, column)) in totals.iter_mut().zip(slots) {
        let field = of.field(0, *column).map(|field| field.aggregate);
        if matches!(field, Some(Aggregate::List | Aggregate::Last)) {
            *total = None;
        }
    }
    totals
}

/// Lines as one line.
fn together(form: &Form, slots: &[Slot], lines: &[&[Option<Value>]]) -> Vec<Option<Value>> {
    let field = |slot: &Slot| form.field(slot.0.unwrap_or(0), slot.1);
    let mut values: Vec<Option<Value>> = slots
        .iter()
        .enumerate()
        .map(|(index, slot)| {
            let there = lines.iter().filter_map(|line| line[index].as_ref());
            folded(&field(slot)?, there.collect())
        })
        .collect();
    for (index, slot) in slots.iter().enumerate() {
        let Some(Field {
            kind:
                Type::Percent {
                    decimals,
                    truncate,
                    ratio: Some(ratio),
                },
            aggregate: Aggregate::Ratio,
            ..
        }) = field(slot)
        else {
            continue;
        };
        let share = share(form, slots, &values, *slot, ratio);
        values[index] = share.map(|share| {
            Value::Number(match truncate {
                true => exact::truncated(&share, *decimals),
                false => exact::rounded(&share, *decimals),
            })
        });
    }
    values
}

fn folded(field: &Field<'_>, values: Vec<&Value>) -> Option<Value> {
    match field.aggregate {
        Aggregate::Sum => {
            let numbers = values.iter().filter_map(|value| match value {
                Value::Number(number) => Some(number),
                _ => None,
            });
            exact::sum(numbers).map(Value::Number)
        }
        Aggregate::Count => {
            // A unit's own count, or boxes ticked.
            let marks = values.iter().map(|value| match value {
                Value::Flag(ticked) => exact::whole(i64::from(*ticked)),
                Value::Number(number) => number.clone(),
                _ => exact::whole(0),
            });
            exact::sum(&marks.collect::<Vec<Q>>()).map(Value::Number)
        }
        Aggregate::Last => values.last().map(|value| (*value).clone()),
        Aggregate::List => listed(&values),
        Aggregate::Ratio | Aggregate::None => None,
    }
}

fn listed(values: &[&Value]) -> Option<Value> {
    let mut distinct: Vec<String> = Vec::new();
    for value in values {
        let text = match value {
            Value::Text(text) => text.clone(),
            other => panic!("{other:?} is not listed"),
        };
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    (!distinct.is_empty()).then(|| Value::Text(distinct.join("; ")))
}

/// Numerator over denominator of totals, times the scale.
fn share(
    form: &Form,
    slots: &[Slot],
    values: &[Option<Value>],
    at: Slot,
    ratio: &Ratio,
) -> Option<Q> {
    let operand = |ex: &Ex| {
        let Ex::Name(Name { form: None, path }) = ex else {
            return None;
        };
        let wanted = match path {
            Path::One(id) => match form.column(id) {
                Some(column) => (at.0, column),
                None => (form.row(id), at.1),
            },
            Path::Cell(row, column) => (form.row(row), form.column(column)?),
            Path::Range(..) => return None,
        };
        let index = slots.iter().position(|slot| *slot == wanted)?;
        match &values[index] {
            Some(Value::Number(number)) => Some(number.clone()),
            _ => None,
        }
    };
    let (above, below) = (operand(&ratio.numerator)?, operand(&ratio.denominator)?);
    (below != exact::whole(0)).then(|| ratio.scale() * above / below)
}
