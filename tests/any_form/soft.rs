//! Figures unlike last period's: which of them the product may report, by the guide's words.

use crate::forms::exact::{self, Q};
use crate::forms::past;
use crate::forms::spec::Type;
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
