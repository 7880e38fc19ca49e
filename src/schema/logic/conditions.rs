//! Rules with a condition: whether it ever holds, and whether they can hold where it does.

use super::fault::{Examination, Fault, RuleKey};
use super::simplex::Constraint;
use super::system::{Case, Set};

/// Examines every rule with a condition in a system; `system` holds indices into the set's entries.
pub fn conditional(set: &Set, system: &[usize], verdict: &mut Examination) {
    for rule in system {
        let cases = &set.entries[*rule].cases;
        let never = |rules: &[usize]| {
            let asked = |case: &Case| set.hold(rules, &case.when.iter().collect::<Vec<_>>());
            !cases.is_empty() && !cases.iter().any(asked)
        };
        if never(system) {
            let by = set.least(system, never);
            verdict.faults.push(Fault::ConditionNeverHolds {
                rule: set.entries[*rule].key.clone(),
                by: set.keys(&by),
            });
            continue;
        }
        let contradiction = cases
            .iter()
            .find_map(|case| contradiction(set, system, *rule, case));
        // Rules of one condition contradict one another: reported at the first of them.
        let told = |rules: &Vec<_>| {
            verdict.faults.iter().any(|known| match known {
                Fault::ContradictionWhere(known) => {
                    known.len() == rules.len() && rules.iter().all(|rule| known.contains(rule))
                }
                _ => false,
            })
        };
        if let Some(rules) = contradiction.filter(|rules| !told(rules)) {
            verdict.faults.push(Fault::ContradictionWhere(rules));
        }
    }
}

/// A minimal set of rules, this one included, that cannot all hold where its condition holds.
fn contradiction(set: &Set, system: &[usize], rule: usize, case: &Case) -> Option<Vec<RuleKey>> {
    let when: Vec<&Constraint> = case.when.iter().collect();
    if when.is_empty() || case.then.is_empty() || !set.hold(system, &when) {
        return None;
    }
    let cannot = |rules: &[usize]| {
        let asked = rules.iter().chain([&rule]).flat_map(|other| {
            let cases = set.entries[*other].cases.iter();
            let same = cases.filter(|other| other.when == case.when);
            same.flat_map(|case| &case.then)
        });
        let all: Vec<&Constraint> = when.iter().copied().chain(asked).collect();
        !set.hold(rules, &all)
    };
    let others: Vec<usize> = system
        .iter()
        .copied()
        .filter(|other| *other != rule)
        .collect();
    cannot(&others).then(|| {
        let with = set.least(&others, cannot);
        set.keys(&[vec![rule], with].concat())
    })
}
