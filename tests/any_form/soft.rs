//! Figures unlike last period's: which of them the product may report, by the guide's words.

use std::collections::BTreeSet;

use crate::forms::exact::{self, Q};
use crate::forms::expression::{Ex, Fun};
use crate::forms::past;
use crate::forms::spec::Type;
use crate::forms::time::Time;
use crate::forms::world::{At, RowAt, Value, World};

/// A figure of a period beside that of the period before.
fn beside(world: &World<'_>, at: At) -> Option<(Q, Q)> {
    let before = past::of_row(world, at, at.time - 1, at.time)?;
    match (world.cell(at).value()?.clone(), before) {
        (Value::Number(now), Value::Number(before)) => Some((now, before)),
        _ => None,
    }
}

/// The very figure of the period before.
pub fn is_unchanged(world: &World<'_>, at: At) -> bool {
    beside(world, at).is_some_and(|(now, before)| now == before)
}

/// More than twice the other, or less than half, and fifty apart.
pub fn is_large_change(world: &World<'_>, at: At) -> bool {
    beside(world, at).is_some_and(|(now, before)| {
        let (small, large) = if now < before {
            (now, before)
        } else {
            (before, now)
        };
        large > &small * exact::whole(2) && &large - &small >= exact::whole(50)
    })
}

/// About a thousand or a million times the other.
pub fn is_out_of_size(world: &World<'_>, at: At) -> bool {
    beside(world, at).is_some_and(|(now, before)| {
        let (small, large) = if now < before {
            (now, before)
        } else {
            (before, now)
        };
        [1_000, 1_000_000].into_iter().any(|times| {
            let scaled = &small * exact::whole(times);
            let three = exact::whole(3);
            large >= exact::whole(500) && scaled <= &large * &three && large <= scaled * three
        })
    })
}

/// Must a large change be reported: is the figure a clerk's own, that no rule gives?
pub fn is_own(world: &World<'_>, at: At) -> bool {
    let form = &world.campaign.forms[at.form];
    let RowAt::Row(row) = at.row else {
        return false;
    };
    let plain = form.field(row, at.column).is_some_and(|field| {
        matches!(field.kind, Type::Count | Type::Amount { .. }) && !field.computed
    });
    plain && form.definitions(row, at.column).is_empty()
}

/// What a unit calls the rows it adds in a period.
fn names(world: &World<'_>, at: At, time: Time) -> BTreeSet<String> {
    let rows = 0..world.rows(at.unit, time, at.form);
    rows.map(|row| world.key(at.unit, time, at.form, row))
        .collect()
}

/// Is it a rule that continues last period's figures in rows of which some begin or end, or which
/// former units had?
pub fn begins_or_ends(world: &World<'_>, at: At, rule: &str) -> bool {
    let campaign = world.campaign;
    let form = &campaign.forms[at.form];
    let continues = |rule: &Ex| rule.calls(Fun::Prev);
    let mut rules = form.rules.iter().filter(|own| own.id == rule);
    let before = at.time - 1;
    form.is_free()
        && rules.any(|rule| continues(&rule.check))
        && campaign.is_closed(before, at.time)
        && (!campaign.exists(at.unit, before)
            || names(world, at, before) != names(world, at, at.time))
}

/// Must it be asked about: a figure that repeats last period's, in a row that period did not have?
pub fn is_begun(world: &World<'_>, at: At) -> bool {
    let campaign = world.campaign;
    let form = &campaign.forms[at.form];
    let (before, RowAt::Row(row)) = (at.time - 1, at.row) else {
        return false;
    };
    let repeats = |check: &Ex| match check {
        Ex::Compare(_, _, right) => matches!(&**right, Ex::Call(Fun::Prev, _)),
        _ => false,
    };
    let zero = exact::whole(0);
    form.is_free()
        && campaign.is_closed(before, at.time)
        && campaign.exists(at.unit, before)
        && campaign.files(at.unit, at.form, before)
        && !names(world, at, before).contains(&world.key(at.unit, at.time, at.form, row))
        && world
            .cell(at)
            .number()
            .is_some_and(|figure| *figure != zero)
        && form
            .definitions(row, at.column)
            .iter()
            .any(|rule| repeats(&rule.check))
}
