//! Bounds that the figures bear out: a part is never more than its whole. That one figure is
//! smaller than another says nothing, most are; it must often be as large, be gone where the other
//! is gone, and never be larger.

use super::equation::{Fared, gcd};
use super::figures::{Entry, Figures};

/// Places where both are the same and not zero, at least.
const LEAST_TOUCHES: usize = 5;
/// Variables that are compared with one another, at most.
const MOST_VARIABLES: usize = 120;

/// `part <= whole`, indices of variables.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bound {
    pub(super) part: usize,
    pub(super) whole: usize,
}

/// Bounds that hold everywhere and hardly by accident, those that are met most often first.
pub(super) fn found(figures: &Figures, live: &[usize], workbooks: usize) -> Vec<(Bound, Fared)> {
    if live.len() > MOST_VARIABLES {
        return Vec::new();
    }
    let tries = 2 * live.len().max(2).ilog2();
    let mut found: Vec<(Bound, Fared, usize)> = Vec::new();
    for part in live {
        for whole in live.iter().filter(|whole| *whole != part) {
            let bound = Bound {
                part: *part,
                whole: *whole,
            };
            if !figures.alike(*part, *whole) {
                continue;
            }
            let fared = bound.fare(figures);
            found.extend(
                fared
                    .filter(|(fared, touches)| {
                        *touches >= LEAST_TOUCHES && fared.is_enough(tries, workbooks)
                    })
                    .map(|(fared, touches)| (bound, fared, touches)),
            );
        }
    }
    found.sort_by_key(|(bound, _, touches)| {
        (
            usize::MAX - touches,
            bound.part.abs_diff(bound.whole),
            bound.part,
        )
    });
    found
        .into_iter()
        .map(|(bound, fared, _)| (bound, fared))
        .collect()
}

impl Bound {
    /// How it fared, and at how many places both are the same; `None` if it fails, or the two are
    /// always the same.
    fn fare(self, figures: &Figures) -> Option<(Fared, usize)> {
        let (parts, wholes) = (&figures.entries[self.part], &figures.entries[self.whole]);
        let mut fared = Fared::default();
        let (mut touches, mut below, mut gone, mut places) = (0, 0, 0, 0_u32);
        let (mut part_there, mut unit) = (0_u32, 0);
        let mut sizes: Vec<i128> = Vec::new();
        for (place, at) in figures.places.iter().enumerate() {
            if parts[place] == Entry::Absent || wholes[place] == Entry::Absent {
                continue;
            }
            let (part, whole) = (parts[place].or_zero(), wholes[place].or_zero());
            if part > whole || part < 0 {
                return None;
            }
            places += 1;
            unit = gcd(unit, gcd(part, whole));
            gone += u32::from(whole == 0);
            if part == 0 {
                continue;
            }
            part_there += 1;
            fared.tested += 1;
            fared.files.insert(at.file);
            match part == whole {
                true => {
                    touches += 1;
                    sizes.push(part);
                }
                false => below += 1,
            }
        }
        if below == 0 {
            return None;
        }
        sizes.sort_unstable();
        sizes.dedup();
        fared.sets = sizes.len();
        // Where both are as large, one more would have broken it; where the whole is gone, the part
        // might have been there.
        let there = f64::from(part_there) / f64::from(places.max(1));
        let absent = f64::from(gone) * -(1.0 - there).max(1e-9).log2();
        let touched: u32 = sizes.len().try_into().unwrap_or(u32::MAX);
        fared.bits = touched.saturating_add(whole_bits(absent));
        Some((fared, touches))
    }
}

/// Whole bits of evidence.
fn whole_bits(bits: f64) -> u32 {
    const MOST: u32 = 64;
    (0..MOST)
        .take_while(|most| f64::from(*most) + 1.0 <= bits)
        .count()
        .try_into()
        .unwrap_or(MOST)
}
