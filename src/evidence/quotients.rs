//! Quotients and products that the figures bear out: percentages whose operands the form does not
//! say, and amounts that are a number times a price.

use std::collections::HashSet;

use super::equation::Fared;
use super::figures::{DECIMALS, Figures, ONE};
use crate::schema::FieldType;

/// Variables that are tried as operands, at most.
const MOST_VARIABLES: usize = 60;
/// Bits that one place gives, at most.
const MOST_BITS: u32 = 12;

/// A quotient or a product; indices of variables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotient {
    /// `ratio = over / under * per`, rounded to so many decimals.
    Ratio {
        ratio: usize,
        over: usize,
        under: usize,
        per: i128,
        decimals: u32,
    },
    /// `product = one * two`
    Product {
        product: usize,
        one: usize,
        two: usize,
    },
}

/// What holds everywhere, hardly by accident, and is the only such thing for its left side.
pub(super) fn found(figures: &Figures, live: &[usize], workbooks: usize) -> Vec<(Quotient, Fared)> {
    if live.len() > MOST_VARIABLES {
        return Vec::new();
    }
    let tries = 3 * live.len().max(2).ilog2();
    let mut found = Vec::new();
    let all = 0..figures.variables.len();
    for ratio in all.filter(|at| figures.variables[*at].open_ratio) {
        let mut fit = Vec::new();
        for (over, under) in pairs(live) {
            fit.extend(ratios(figures, ratio, over, under));
        }
        found.extend(only(fit, tries, workbooks));
    }
    for product in live {
        let mut fit = Vec::new();
        for (one, two) in pairs(live) {
            if one < two && one != *product && two != *product {
                let quotient = Quotient::Product {
                    product: *product,
                    one,
                    two,
                };
                fit.extend(quotient.fare(figures).map(|fared| (quotient, fared)));
            }
        }
        found.extend(only(fit, tries, workbooks));
    }
    found
}

fn pairs(live: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    live.iter().flat_map(move |one| {
        let others = live.iter().filter(move |two| *two != one);
        others.map(move |two| (*one, *two))
    })
}

fn ratios(figures: &Figures, ratio: usize, over: usize, under: usize) -> Vec<(Quotient, Fared)> {
    let variable = &figures.variables[ratio];
    let pers: &[i128] = match variable.kind {
        FieldType::Percent => &[100],
        _ => &[1, 100, 1_000, 10_000, 100_000],
    };
    let shown = figures.entries[ratio].iter();
    let shown = shown.map(|entry| decimals(entry.or_zero())).max();
    let decimals = shown.unwrap_or(0).min(variable.decimals);
    let quotients = pers.iter().map(|per| Quotient::Ratio {
        ratio,
        over,
        under,
        per: *per,
        decimals,
    });
    quotients
        .filter_map(|quotient| quotient.fare(figures).map(|fared| (quotient, fared)))
        .collect()
}

/// Decimals of a figure in 10^-6.
fn decimals(figure: i128) -> u32 {
    let whole = |decimals: &u32| {
        let step = 10_i128.pow(DECIMALS - decimals);
        figure % step == 0
    };
    (0..=DECIMALS).find(whole).unwrap_or(DECIMALS)
}

/// The one that fits; nothing if several do.
fn only(
    mut fit: Vec<(Quotient, Fared)>,
    tries: u32,
    workbooks: usize,
) -> Option<(Quotient, Fared)> {
    fit.retain(|(_, fared)| fared.tested > 0);
    match fit.len() {
        1 => fit
            .pop()
            .filter(|(_, fared)| fared.is_enough(tries, workbooks)),
        _ => None,
    }
}

impl Quotient {
    /// Its variables, the left one first.
    pub(super) fn variables(self) -> [usize; 3] {
        match self {
            Quotient::Ratio {
                ratio, over, under, ..
            } => [ratio, over, under],
            Quotient::Product { product, one, two } => [product, one, two],
        }
    }

    /// How it fared; `None` if it fails anywhere. It is tested where no term is zero and it is more
    /// than saying that two figures are the same.
    fn fare(self, figures: &Figures) -> Option<Fared> {
        let [left, one, two] = self.variables().map(|of| &figures.entries[of]);
        let mut fared = Fared::default();
        let mut sets = HashSet::new();
        for (place, at) in figures.places.iter().enumerate() {
            let figure = |entries: &Vec<super::figures::Entry>| entries[place].figure();
            let (Some(left), Some(one), Some(two)) = (figure(left), figure(one), figure(two))
            else {
                continue;
            };
            match self.holds(left, one, two)? {
                true => {}
                false => return None,
            }
            if self.is_telling(left, one, two) {
                fared.tested += 1;
                fared.files.insert(at.file);
                if sets.insert((one, two)) {
                    fared.bits += self.bits(left, one, two);
                }
            }
        }
        fared.sets = sets.len();
        Some(fared)
    }

    /// Does it hold for these figures? `None` if they are too large to tell.
    fn holds(self, left: i128, one: i128, two: i128) -> Option<bool> {
        match self {
            Quotient::Product { .. } => Some(left.checked_mul(ONE)? == one.checked_mul(two)?),
            // Nothing is divided by nothing.
            Quotient::Ratio { .. } if two == 0 => Some(true),
            Quotient::Ratio { per, decimals, .. } => {
                let off = left.checked_mul(two)?;
                let off = off.checked_sub(one.checked_mul(per)?.checked_mul(ONE)?)?;
                let room = 10_i128.pow(DECIMALS - decimals).checked_mul(two.abs())?;
                Some(off.abs().checked_mul(2)? <= room)
            }
        }
    }

    fn is_telling(self, left: i128, one: i128, two: i128) -> bool {
        let there = left != 0 && one != 0 && two != 0;
        there
            && match self {
                Quotient::Product { .. } => one.abs() != ONE && two.abs() != ONE,
                Quotient::Ratio { .. } => one != two,
            }
    }

    fn bits(self, left: i128, one: i128, two: i128) -> u32 {
        let steps = match self {
            Quotient::Product { .. } => one.abs().min(two.abs()) / ONE,
            Quotient::Ratio { decimals, .. } => {
                let shown = left.abs() / 10_i128.pow(DECIMALS - decimals);
                // Few different quotients can be made of small figures.
                shown.min(two.abs() / ONE)
            }
        };
        steps.saturating_add(1).ilog2().min(MOST_BITS)
    }
}
