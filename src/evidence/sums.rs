//! Finds equations among vectors of figures: every vector is folded into one number, sums of
//! vectors are sums of these numbers, and equal numbers are met in a table. What is met is then
//! verified figure by figure.

use std::collections::{BTreeSet, HashMap};

use super::equation::Equation;
use super::figures::{Axis, Entry, Figures};

/// Variables among which sums of up to three and three are met; with more, up to two and two.
const MOST_FOR_THREES: usize = 44;
/// Variables among which any sums are met that do not follow each other.
const MOST_FOR_TWOS: usize = 160;
/// Candidates that are verified, at most.
const MOST_CANDIDATES: usize = 60_000;
/// A prime; a sum of two numbers below it fits 64 bits.
const PRIME: u64 = (1 << 61) - 1;

/// A vector folded into one number.
type Print = u64;

/// Candidates for equations among variables that can be added up, simplest first, with how many
/// were tried (as a power of 2).
pub(super) fn candidates(figures: &Figures, live: &[usize]) -> Vec<(Equation, u32)> {
    let mut found = Candidates::default();
    for mask in masks(figures, live) {
        let prints = prints(figures, live, &mask.places);
        for left in &mask.lefts {
            runs(figures, live, &prints, *left, &mut found);
            siblings(figures, live, &prints, *left, &mut found);
        }
    }
    if live.len() <= MOST_FOR_TWOS {
        let every: Vec<bool> = vec![true; figures.places.len()];
        let prints = prints(figures, live, &every);
        meet(live, &prints, &mut found);
    }
    found.all
}

#[derive(Default)]
struct Candidates {
    all: Vec<(Equation, u32)>,
    known: BTreeSet<Vec<(usize, i128)>>,
}

impl Candidates {
    fn add(&mut self, equation: Equation, tries: u32) {
        if self.all.len() >= MOST_CANDIDATES {
            return;
        }
        // An equation is the same from whichever side it is looked at.
        let mut key = equation.right.clone();
        key.push((equation.left, -1));
        key.sort_unstable();
        if key.first().is_some_and(|(_, sign)| *sign < 0) {
            key.iter_mut().for_each(|(_, sign)| *sign = -*sign);
        }
        if self.known.insert(key) {
            self.all.push((equation, tries));
        }
    }
}

/// Variables whose figures are there at the same places: a sum that was left blank is no mistake of
/// its parts.
struct Mask {
    places: Vec<bool>,
    lefts: Vec<usize>,
}

fn masks(figures: &Figures, live: &[usize]) -> Vec<Mask> {
    let mut masks: HashMap<Vec<bool>, Vec<usize>> = HashMap::new();
    let whole: Vec<bool> = (0..figures.places.len())
        .map(|place| {
            live.iter()
                .all(|of| figures.entries[*of][place] != Entry::Absent)
        })
        .collect();
    let closed = whole.contains(&false);
    for (at, of) in live.iter().enumerate() {
        let entries = figures.entries[*of].iter();
        let there: Vec<bool> = entries
            .map(|entry| matches!(entry, Entry::Figure(_)))
            .collect();
        // Where the form lacks some of the cells, rules may be over those that are everywhere.
        if closed {
            let both = there.iter().zip(&whole).map(|(one, two)| *one && *two);
            masks.entry(both.collect()).or_default().push(at);
        }
        masks.entry(there).or_default().push(at);
    }
    let mut masks: Vec<Mask> = masks
        .into_iter()
        .map(|(places, lefts)| Mask { places, lefts })
        .collect();
    masks.sort_by(|one, two| one.lefts.cmp(&two.lefts).then(one.places.cmp(&two.places)));
    masks
}

/// The vector of every live variable as one number, over some places.
fn prints(figures: &Figures, live: &[usize], places: &[bool]) -> Vec<Print> {
    let weights: Vec<u64> = (0..).zip(places).map(|(at, _)| weight(at)).collect();
    let print = |of: &usize| {
        let entries = figures.entries[*of].iter().zip(&weights).zip(places);
        entries.fold(0, |print, ((entry, weight), wanted)| {
            match entry.or_zero() {
                figure if *wanted && figure != 0 => plus(print, times(residue(figure), *weight)),
                _ => print,
            }
        })
    };
    live.iter().map(print).collect()
}

/// A number for a place that nobody's figures conspire with.
fn weight(at: u64) -> u64 {
    let mut mixed = at.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (mixed ^ (mixed >> 31)) % PRIME
}

fn residue(figure: i128) -> u64 {
    let residue = figure.rem_euclid(i128::from(PRIME));
    // A residue is below the prime, which has 61 bits.
    u64::try_from(residue).unwrap_or_default()
}

fn plus(one: u64, two: u64) -> u64 {
    let sum = one + two;
    match sum >= PRIME {
        true => sum - PRIME,
        false => sum,
    }
}

fn minus(one: u64, two: u64) -> u64 {
    plus(one, PRIME - two)
}

fn times(one: u64, two: u64) -> u64 {
    let product = u128::from(one) * u128::from(two) % u128::from(PRIME);
    u64::try_from(product).unwrap_or_default()
}

fn equation(live: &[usize], left: usize, right: impl Iterator<Item = usize>) -> Equation {
    Equation {
        left: live[left],
        right: right.map(|of| (live[of], 1)).collect(),
    }
}

/// Sums of variables that follow each other, of any length; those that are zero everywhere lie
/// between unseen.
fn runs(figures: &Figures, live: &[usize], prints: &[Print], left: usize, found: &mut Candidates) {
    let tries = 3 * log2(live.len());
    for first in 0..live.len() {
        let mut sum = 0;
        for last in first..live.len() {
            if last == left || !figures.alike(live[left], live[last]) {
                break;
            }
            sum = plus(sum, prints[last]);
            if last > first && sum == prints[left] {
                found.add(equation(live, left, first..=last), tries);
            }
        }
    }
}

/// Sums of the rows or columns of one level: rows whose printed numbers look alike, columns under
/// one header.
fn siblings(
    figures: &Figures,
    live: &[usize],
    prints: &[Print],
    left: usize,
    found: &mut Candidates,
) {
    let group = |of: usize| &figures.variables[live[of]].group;
    let groups: BTreeSet<&Vec<String>> = (0..live.len()).map(group).collect();
    let tries = 3 * log2(live.len());
    for wanted in groups {
        let inside = |of: &usize| {
            *of != left && group(*of) == wanted && figures.alike(live[left], live[*of])
        };
        let all: Vec<usize> = (0..live.len()).filter(inside).collect();
        // Of the rows under a row: until the next of its own level.
        let next = (left + 1..live.len())
            .find(|of| group(*of) == group(left))
            .unwrap_or(live.len());
        let below: Vec<usize> = (left + 1..next).filter(inside).collect();
        let sets = match figures.axis {
            Axis::Columns => vec![all],
            Axis::Rows => vec![all, below],
        };
        for set in sets {
            let sum = set.iter().fold(0, |sum, of| plus(sum, prints[*of]));
            if set.len() > 1 && sum == prints[left] {
                found.add(equation(live, left, set.into_iter()), tries);
            }
        }
    }
}

/// A sum of up to three variables with signs, the first of them added.
struct Half {
    print: Print,
    terms: Vec<(usize, i128)>,
}

/// Equations between sums of a few variables that need not follow each other.
fn meet(live: &[usize], prints: &[Print], found: &mut Candidates) {
    let most = if live.len() <= MOST_FOR_THREES { 3 } else { 2 };
    let halves = halves(prints, most);
    let mut by_print: HashMap<Print, Vec<usize>> = HashMap::new();
    for (at, half) in halves.iter().enumerate() {
        by_print.entry(half.print).or_default().push(at);
    }
    for (at, half) in halves.iter().enumerate() {
        for turned in [false, true] {
            let wanted = match turned {
                false => half.print,
                true => minus(0, half.print),
            };
            let others = by_print.get(&wanted).into_iter().flatten();
            for other in others.filter(|other| **other > at) {
                let other = &halves[*other];
                if let Some(equation) = joined(live, half, other, turned) {
                    let tries = tries(live.len(), equation.right.len() + 1);
                    found.add(equation, tries);
                }
            }
        }
    }
}

fn halves(prints: &[Print], most: usize) -> Vec<Half> {
    let mut halves: Vec<Half> = (0..prints.len())
        .map(|at| Half {
            print: prints[at],
            terms: vec![(at, 1)],
        })
        .collect();
    let mut from = 0;
    for _ in 1..most {
        let until = halves.len();
        for base in from..until {
            let (print, terms) = (halves[base].print, halves[base].terms.clone());
            let after = terms.last().map_or(0, |(at, _)| at + 1);
            for (at, own) in prints.iter().enumerate().skip(after) {
                for sign in [1, -1] {
                    let mut terms = terms.clone();
                    terms.push((at, sign));
                    let print = match sign {
                        1 => plus(print, *own),
                        _ => minus(print, *own),
                    };
                    halves.push(Half { print, terms });
                }
            }
        }
        from = until;
    }
    halves
}

/// Two halves of one value (or opposite ones) as an equation; `None` if they share a variable, or
/// only two figures are compared.
fn joined(live: &[usize], one: &Half, two: &Half, turned: bool) -> Option<Equation> {
    let share = |(at, _): &(usize, i128)| two.terms.iter().any(|(other, _)| other == at);
    if one.terms.iter().any(share) || one.terms.len() + two.terms.len() < 3 {
        return None;
    }
    let other = if turned { 1 } else { -1 };
    let one = one.terms.iter().copied();
    let two = two.terms.iter().map(|(at, sign)| (*at, sign * other));
    let mut zero: Vec<(usize, i128)> = one.chain(two).collect();
    zero.sort_unstable();
    let count = |sign: i128| zero.iter().filter(|(_, own)| *own == sign).count();
    // A plain sum if only one term stands on one side; else what is last is left over.
    let left = match (count(1), count(-1)) {
        (0, _) | (_, 0) => return None,
        (1, _) => zero.iter().position(|(_, sign)| *sign == 1)?,
        (_, 1) => zero.iter().position(|(_, sign)| *sign == -1)?,
        _ => zero.len() - 1,
    };
    let (left, by) = zero.remove(left);
    let mut right: Vec<(usize, i128)> = zero
        .into_iter()
        .map(|(at, sign)| (live[at], -sign * by))
        .collect();
    // What is added comes first.
    right.sort_by_key(|(at, sign)| (*sign < 0, *at));
    Some(Equation {
        left: live[left],
        right,
    })
}

/// How many equations of so many terms there are among variables, as a power of 2.
fn tries(variables: usize, terms: usize) -> u32 {
    let (mut tries, mut left) = (0, variables);
    for term in 1..=terms {
        // Chosen in any order, each with a sign.
        tries += log2(left) + 1 - log2(term).min(1);
        left = left.saturating_sub(1);
    }
    tries
}

/// The power of 2 that a number does not exceed.
fn log2(number: usize) -> u32 {
    number.max(1).next_power_of_two().ilog2()
}

/// Equations and all that follows from them, over numbers below the prime.
#[derive(Default)]
pub(super) struct Span {
    rows: Vec<(usize, Vec<u64>)>,
}

impl Span {
    /// Does the equation not follow from those added? `count` is the number of variables.
    pub(super) fn is_new(&self, equation: &Equation, count: usize) -> bool {
        self.rest(equation, count).iter().any(|value| *value != 0)
    }

    /// Adds an equation.
    pub(super) fn add(&mut self, equation: &Equation, count: usize) {
        let mut rest = self.rest(equation, count);
        let Some(lead) = rest.iter().position(|value| *value != 0) else {
            return;
        };
        let by = inverse(rest[lead]);
        rest.iter_mut().for_each(|value| *value = times(*value, by));
        self.rows.push((lead, rest));
    }

    /// What is left of an equation once those added are used.
    fn rest(&self, equation: &Equation, count: usize) -> Vec<u64> {
        let mut rest = vec![0; count];
        rest[equation.left] = PRIME - 1;
        for (of, sign) in &equation.right {
            rest[*of] = residue(*sign);
        }
        for (lead, row) in &self.rows {
            let by = rest[*lead];
            if by != 0 {
                for (value, own) in rest.iter_mut().zip(row) {
                    *value = minus(*value, times(by, *own));
                }
            }
        }
        rest
    }
}

/// The number that gives 1 when multiplied with this one.
fn inverse(number: u64) -> u64 {
    let (mut power, mut base, mut left) = (1, number, PRIME - 2);
    while left > 0 {
        if left & 1 == 1 {
            power = times(power, base);
        }
        base = times(base, base);
        left >>= 1;
    }
    power
}
