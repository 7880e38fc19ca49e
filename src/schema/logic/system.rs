//! Rules that share cells, as one system of constraints.

use std::collections::{BTreeMap, BTreeSet};

use super::fault::RuleKey;
use super::simplex::{Constraint, feasible};

/// A rule with its instances as constraints.
pub struct ConstrainedRule {
    /// Which rule.
    pub key: RuleKey,
    /// Instances of an unconditional rule.
    pub constraints: Vec<Constraint>,
    /// Instances of one with a condition.
    pub cases: Vec<Case>,
}

/// A rule with a condition, at one site.
pub struct Case {
    /// What must hold for it to apply.
    pub when: Vec<Constraint>,
    /// What it says; nothing if it is no sum.
    pub then: Vec<Constraint>,
}

/// Rules and the cells they are over. A system is a list of indices into `entries`.
pub struct Set {
    /// The rules.
    pub entries: Vec<ConstrainedRule>,
    /// Numbers (from 0) of the unknowns that may be below 0.
    pub free: BTreeSet<usize>,
}

impl Set {
    /// The systems: indices into `entries` of rules that share unknowns, directly or through
    /// others.
    pub fn systems(&self) -> Vec<Vec<usize>> {
        let mut of_unknown: BTreeMap<usize, usize> = BTreeMap::new();
        let mut root: Vec<usize> = (0..self.entries.len()).collect();
        fn find(root: &[usize], mut of: usize) -> usize {
            while root[of] != of {
                of = root[of];
            }
            of
        }
        for (index, entry) in self.entries.iter().enumerate() {
            let cases = entry.cases.iter();
            let cases = cases.flat_map(|case| case.when.iter().chain(&case.then));
            for constraint in entry.constraints.iter().chain(cases) {
                for unknown in constraint.terms.keys() {
                    let other = *of_unknown.entry(*unknown).or_insert(index);
                    let (a, b) = (find(&root, index), find(&root, other));
                    root[a.max(b)] = a.min(b);
                }
            }
        }
        let mut systems: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for index in 0..self.entries.len() {
            systems.entry(find(&root, index)).or_default().push(index);
        }
        systems.into_values().collect()
    }

    /// Can all these rules (indices into `entries`) hold together with the constraints `more`?
    pub fn hold(&self, rules: &[usize], more: &[&Constraint]) -> bool {
        let own = rules
            .iter()
            .flat_map(|rule| &self.entries[*rule].constraints);
        let all: Vec<&Constraint> = own.chain(more.iter().copied()).collect();
        feasible(&all, &|unknown| self.free.contains(&unknown))
    }

    /// A minimal subset of `rules` (indices into `entries`) for which `so` still holds, found by
    /// leaving out one after another.
    pub fn least(&self, rules: &[usize], so: impl Fn(&[usize]) -> bool) -> Vec<usize> {
        let mut least = rules.to_vec();
        let mut at = 0;
        while at < least.len() {
            let mut fewer = least.clone();
            fewer.remove(at);
            if so(&fewer) {
                least = fewer;
            } else {
                at += 1;
            }
        }
        least
    }

    /// The keys of rules given by index into `entries`.
    pub fn keys(&self, rules: &[usize]) -> Vec<RuleKey> {
        rules
            .iter()
            .map(|rule| self.entries[*rule].key.clone())
            .collect()
    }
}
