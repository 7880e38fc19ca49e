//! One equation over the figures: does it hold wherever it can be evaluated, how often could it
//! have failed, and how unlikely is it that it holds by accident?

use std::collections::{BTreeSet, HashSet};

use super::figures::{Axis, Entry, Figures};

/// Bits of evidence beyond what the number of equations that were tried explains.
const MARGIN: u32 = 16;
/// Bits that one place can give: a large figure may be large because it is always the same.
const MOST_BITS: u32 = 20;
/// Different sets of figures that an equation was tested on, at least.
const LEAST_SETS: usize = 3;

/// `left = Σ sign × term`: indices of variables, signs 1 or -1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Equation {
    pub(super) left: usize,
    pub(super) right: Vec<(usize, i128)>,
}

/// How a rule fared.
#[derive(Debug, Clone, Default)]
pub(super) struct Fared {
    /// Places where it could have failed: no term is zero.
    pub(super) tested: usize,
    /// Workbooks with such a place.
    pub(super) files: BTreeSet<usize>,
    /// How unlikely it is by accident, as a power of 2.
    pub(super) bits: u32,
    /// Different sets of figures among the tested places.
    pub(super) sets: usize,
}

impl Fared {
    /// Of an equation that held on these sets of figures, none of them zero, in these workbooks.
    pub(super) fn of(tested: &[Vec<i128>], files: BTreeSet<usize>) -> Fared {
        let unit = tested
            .iter()
            .flatten()
            .fold(0, |unit, value| gcd(unit, *value));
        let distinct: HashSet<&Vec<i128>> = tested.iter().collect();
        Fared {
            tested: tested.len(),
            files,
            bits: distinct.iter().map(|values| bits(values, unit)).sum(),
            sets: distinct.len(),
        }
    }

    /// Is it more than chance among `tries` (as a power of 2) rules that were tried on so many
    /// workbooks?
    pub(super) fn is_enough(&self, tries: u32, workbooks: usize) -> bool {
        self.sets >= LEAST_SETS
            && self.bits >= tries + MARGIN
            && self.files.len() >= workbooks.min(2)
    }
}

impl Equation {
    /// Its variables, the left one first.
    pub(super) fn variables(&self) -> Vec<usize> {
        let right = self.right.iter().map(|(of, _)| *of);
        std::iter::once(self.left).chain(right).collect()
    }

    /// Does it subtract?
    pub(super) fn subtracts(&self) -> bool {
        self.right.iter().any(|(_, sign)| *sign < 0)
    }

    /// Do the terms on the right follow each other?
    pub(super) fn is_run(&self) -> bool {
        let mut at: Vec<usize> = self.right.iter().map(|(of, _)| *of).collect();
        at.sort_unstable();
        at.windows(2).all(|two| two[0] + 1 == two[1])
    }

    /// How it fared; `None` if it fails anywhere. A blank on the left is no figure to compare, a
    /// blank on the right adds nothing.
    pub(super) fn fare(&self, figures: &Figures) -> Option<Fared> {
        let terms = self.variables();
        let (mut tested, mut files) = (Vec::new(), BTreeSet::new());
        for (place, at) in figures.places.iter().enumerate() {
            let entries: Vec<Entry> = terms.iter().map(|of| figures.entries[*of][place]).collect();
            if entries.contains(&Entry::Absent) || entries[0] == Entry::Blank {
                continue;
            }
            let values: Vec<i128> = entries.iter().map(|entry| entry.or_zero()).collect();
            let mut sum: i128 = 0;
            for (value, (_, sign)) in values[1..].iter().zip(&self.right) {
                sum = sum.checked_add(value.checked_mul(*sign)?)?;
            }
            if sum != values[0] {
                return None;
            }
            if values.iter().all(|value| *value != 0) {
                files.insert(at.file);
                tested.push(values);
            }
        }
        Some(Fared::of(&tested, files))
    }

    /// Could a variable that is zero everywhere be one of its terms? Then nobody can tell from the
    /// figures whether the form means it, too.
    pub(super) fn may_lack(&self, figures: &Figures, dead: &[usize]) -> bool {
        let own = self.variables();
        let (Some(first), Some(last)) = (own.iter().min(), own.iter().max()) else {
            return false;
        };
        let group = |of: usize| &figures.variables[of].group;
        dead.iter().any(|dead| {
            let near = (first.saturating_sub(1)..=last + 1).contains(dead);
            let grouped = self.right.iter().any(|(of, _)| group(*of) == group(*dead));
            figures.alike(self.left, *dead)
                && match figures.axis {
                    Axis::Columns => near || grouped && !group(*dead).is_empty(),
                    Axis::Rows => near && grouped,
                }
        })
    }
}

/// What a place is worth: how many figures the smallest term could as well have been.
fn bits(values: &[i128], unit: i128) -> u32 {
    let least = values.iter().map(|value| value.abs()).min().unwrap_or(0);
    let steps = least.checked_div(unit).unwrap_or(0);
    steps.saturating_add(1).ilog2().min(MOST_BITS)
}

pub(super) fn gcd(one: i128, two: i128) -> i128 {
    let (mut one, mut two) = (one.abs(), two.abs());
    while two != 0 {
        (one, two) = (two, one % two);
    }
    one
}
