//! What speaks for one of several changes that the rules and the typing slips leave equal: only the
//! order in which they are listed depends on it.

use super::evidence;
use super::slip::{self, Slip};
use crate::model::Number;
use crate::rules::scope::{CellRef, UnitTables};

/// More traces of one kind count no more than this.
const MOST: i32 = 2;

/// Points for `meant` instead of `found`; the more, the likelier. `traces`: the slips that may have
/// turned one into the other.
pub(super) fn of(
    unit: &UnitTables<'_>,
    at: CellRef,
    found: Number,
    meant: Number,
    traces: &[Slip],
) -> i32 {
    let several = i32::try_from(traces.len()).unwrap_or(MOST).min(MOST);
    let keys = if slip::neighbouring_keys(found, meant) {
        MOST
    } else {
        0
    };
    // There are many other digits, and only one more or one fewer zero.
    let zeros = match traces.iter().any(|slip| matches!(slip, Slip::Zeros(_))) {
        true => MOST,
        false => 0,
    };
    // A 0 that repeats the row above may be filled down; a figure that does is a trace already.
    let above = i32::from(found.is_zero() && evidence::repeats_above(unit, at, found));
    several + keys + zeros + above + rounder(found, meant) + closer(unit, at, found, meant)
}

/// A figure that breaks round ones is odd, and one that a correction would make less round is not.
fn rounder(found: Number, meant: Number) -> i32 {
    let zeros = |figure| i32::try_from(slip::round_by(figure)).unwrap_or(MOST);
    (zeros(meant) - zeros(found)).clamp(-MOST, MOST)
}

/// Is the one figure much nearer to last period's than the other?
fn closer(unit: &UnitTables<'_>, at: CellRef, found: Number, meant: Number) -> i32 {
    let Some(before) = evidence::last_period(unit, at) else {
        return 0;
    };
    let Some((now, then)) = times(found, before).zip(times(meant, before)) else {
        return 0;
    };
    let double = Number::TWO;
    match () {
        () if meant == before => MOST + 1,
        () if found == before => -1,
        () if now.checked_div(then).is_some_and(|by| by >= double) => MOST,
        () if then.checked_div(now).is_some_and(|by| by >= double) => -MOST,
        () => 0,
    }
}

/// How many times one figure is the other, at least 1; both counted from 1 so that 0 has a place.
fn times(one: Number, other: Number) -> Option<Number> {
    let (one, other) = (
        one.abs().checked_add(Number::ONE)?,
        other.abs().checked_add(Number::ONE)?,
    );
    one.max(other).checked_div(one.min(other))
}
