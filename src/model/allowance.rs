//! Work limit for one unit's workbook: past it the run continues without suspects or a marked copy
//! for that unit.

use std::cell::Cell;

/// Two limits in one: a number of steps, which gives the same result on every machine, and a
/// deadline that the caller checks, because the core of this crate reads no clock.
pub struct Allowance<'a> {
    steps: Cell<u64>,
    late: &'a dyn Fn() -> bool,
    was_late: Cell<bool>,
}

/// Steps that looking for suspects may take in one unit: well under a second of work. A step is one cell
/// looked at.
const STEPS: u64 = 2_000_000;

impl<'a> Allowance<'a> {
    /// The usual number of steps, and a clock that says when time is up.
    pub fn until(late: &'a dyn Fn() -> bool) -> Self {
        Self {
            steps: Cell::new(STEPS),
            late,
            was_late: Cell::new(false),
        }
    }

    /// An allowance of `steps` steps and no deadline.
    pub fn of(steps: u64) -> Self {
        Self {
            steps: Cell::new(steps),
            ..Self::default()
        }
    }

    /// Uses up `steps` steps; `false` once none are left or the deadline has passed.
    pub fn take(&self, steps: usize) -> bool {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX);
        let left = self.steps.get();
        self.steps.set(left.saturating_sub(steps));
        left >= steps && !self.is_late()
    }

    /// Has every step been taken?
    pub fn is_spent(&self) -> bool {
        self.steps.get() == 0
    }

    /// Is time up? Once it is, it stays so.
    pub fn is_late(&self) -> bool {
        if !self.was_late.get() && (self.late)() {
            self.was_late.set(true);
        }
        self.was_late.get()
    }
}

impl Default for Allowance<'_> {
    /// The usual number of steps, without a clock.
    fn default() -> Self {
        Self::until(&|| false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_run_out_and_time_that_was_up_stays_up() {
        let allowance = Allowance::default();
        assert!(allowance.take(usize::try_from(STEPS).unwrap()));
        assert!(allowance.is_spent());
        assert!(!allowance.take(1));
        let late = Cell::new(true);
        let clock = || late.replace(false);
        let allowance = Allowance::until(&clock);
        assert!(!allowance.take(1));
        assert!(allowance.is_late());
    }
}
