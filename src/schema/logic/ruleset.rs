//! The rules of forms taken together: which contradict one another, which follow from others, which
//! can never fail or are never evaluated.
//!
//! Complete for rules that are sums of figures: equalities and inequalities, at every place where
//! they are evaluated, exactly. Not examined: products and ratios of figures, IF, text, and how a
//! sum over the rows a unit adds hangs together with the rule on each of those rows. Rules with a
//! condition are looked at where it holds, together with the rules that have none and those that
//! have the same.

use std::collections::{BTreeMap, BTreeSet};

use super::conditions::conditional;
pub use super::fault::{Examination, Fault, RuleKey};
use super::simplex::{Constraint, Equations, Relation, feasible};
use super::sums::{Not, Sum, Unknowns, negated};
use super::system::{Case, ConstrainedRule, Set};
use crate::model::Number;
use crate::schema::checked::{Form, Rule};
use crate::schema::resolve::{Site, sites};
use crate::schema::rule::exact::fraction;
use crate::schema::rule::expression::Comparison;

/// Most constraints of one connected system that are decided together; more would take minutes.
const MOST: usize = 200;
/// Most unknowns of one system that are examined one by one for whether they must be 0.
const MOST_UNKNOWNS: usize = 120;

/// Looks at the rules of some forms together; names reach from one to another.
pub fn examine<'a>(forms: impl IntoIterator<Item = &'a Form>) -> Examination {
    let forms: Vec<&Form> = forms.into_iter().collect();
    let mut unknowns = Unknowns::of(&forms);
    let mut verdict = Examination::default();
    let mut entries = Vec::new();
    for form in &forms {
        for rule in form.written() {
            entries.extend(entry(&mut unknowns, form, rule, &mut verdict));
        }
    }
    let set = Set {
        entries,
        free: unknowns.free,
    };
    for system in set.systems() {
        judge(&set, &unknowns.names, &system, &mut verdict);
    }
    verdict
}

/// A rule as constraints; `None` if a fault says all there is to it.
fn entry<'a>(
    unknowns: &mut Unknowns<'a>,
    form: &'a Form,
    rule: &'a Rule,
    verdict: &mut Examination,
) -> Option<ConstrainedRule> {
    let key = (form.id().to_owned(), rule.id.clone());
    let (mut comparisons, mut absent, mut opaque) = (Vec::new(), 0, false);
    let sites = sites(form, rule);
    for site in &sites {
        match unknowns.comparison(form, *site, &rule.check) {
            Ok(found) => comparisons.push(found),
            Err(Not::Absent) => absent += 1,
            Err(Not::Sum) => opaque = true,
        }
    }
    if absent == sites.len() {
        verdict.faults.push(Fault::NoPlace(key));
        return None;
    }
    let cases = cases(unknowns, form, rule, &sites);
    if opaque || comparisons.is_empty() {
        verdict.opaque += 1;
    } else {
        verdict.examined += 1;
        let free = |unknown| unknowns.free.contains(&unknown);
        let broken = |(sum, how): &(Sum, Comparison)| {
            let mut negations = sum.negations(*how).into_iter();
            negations.any(|constraint| feasible(&[&constraint], &free))
        };
        if !comparisons.iter().any(broken) {
            verdict.faults.push(Fault::NeverFails(key));
            return None;
        }
    }
    // What some units must satisfy contradicts nothing that others must.
    let unconditional = rule.when.is_none() && !opaque && rule.filers().are_all();
    let own = comparisons.iter().filter(|_| unconditional);
    Some(ConstrainedRule {
        key,
        constraints: own.flat_map(|(sum, how)| sum.constraints(*how)).collect(),
        cases,
    })
}

/// The rule at every site, if it has a condition and that is made of sums everywhere.
fn cases<'a>(
    unknowns: &mut Unknowns<'a>,
    form: &'a Form,
    rule: &'a Rule,
    sites: &[Site],
) -> Vec<Case> {
    let Some(when) = rule.when.as_ref().filter(|_| rule.filers().are_all()) else {
        return Vec::new();
    };
    let conjuncts = when.conjuncts();
    let mut cases = Vec::new();
    for site in sites {
        let mut all = Vec::new();
        for conjunct in &conjuncts {
            let Ok((sum, how)) = unknowns.comparison(form, *site, conjunct) else {
                return Vec::new();
            };
            all.extend(sum.constraints(how));
        }
        let then = unknowns.comparison(form, *site, &rule.check);
        let then = then.map_or(Vec::new(), |(sum, how)| sum.constraints(how));
        cases.push(Case { when: all, then });
    }
    cases
}

fn judge(set: &Set, names: &[String], system: &[usize], verdict: &mut Examination) {
    let size: usize = system
        .iter()
        .map(|rule| set.entries[*rule].constraints.len())
        .sum();
    if size > MOST {
        verdict.opaque += system.len();
        verdict.examined -= system.len().min(verdict.examined);
        return;
    }
    if !set.hold(system, &[]) {
        let least = set.least(system, |rules| !set.hold(rules, &[]));
        verdict.faults.push(Fault::Contradiction(set.keys(&least)));
        return;
    }
    only_zero(set, names, system, verdict);
    implied(set, system, verdict);
    conditional(set, system, verdict);
}

/// Cells that the rules force to 0: nobody meant that.
fn only_zero(set: &Set, names: &[String], system: &[usize], verdict: &mut Examination) {
    let constraints = system
        .iter()
        .flat_map(|rule| &set.entries[*rule].constraints);
    let unknowns: BTreeSet<usize> = constraints.flat_map(|c| c.terms.keys().copied()).collect();
    let bounded: Vec<usize> = unknowns
        .into_iter()
        .filter(|unknown| !set.free.contains(unknown))
        .collect();
    if bounded.len() > MOST_UNKNOWNS {
        return;
    }
    let above = |unknown: &usize| Constraint {
        terms: BTreeMap::from([(*unknown, fraction(Number::NEGATIVE_ONE))]),
        constant: fraction(Number::ZERO),
        relation: Relation::Below,
    };
    let all: Vec<Constraint> = bounded.iter().map(above).collect();
    if set.hold(system, &all.iter().collect::<Vec<_>>()) {
        return;
    }
    for unknown in &bounded {
        let positive = above(unknown);
        if !set.hold(system, &[&positive]) {
            let least = set.least(system, |rules| !set.hold(rules, &[&positive]));
            let fault = Fault::OnlyZero {
                rules: set.keys(&least),
                cell: names[*unknown].clone(),
            };
            // A rule is reported at one of its places only.
            let told = verdict.faults.iter().any(|known| match known {
                Fault::OnlyZero { rules, .. } => *rules == set.keys(&least),
                _ => false,
            });
            // A rule that says by itself that something is 0 means it.
            if !told && least.len() > 1 {
                verdict.faults.push(fault);
            }
        }
    }
}

fn implied(set: &Set, system: &[usize], verdict: &mut Examination) {
    let mut kept = system.to_vec();
    for rule in system.iter().rev() {
        let entry = &set.entries[*rule];
        if entry.constraints.is_empty() {
            continue;
        }
        let others: Vec<usize> = kept.iter().copied().filter(|other| other != rule).collect();
        if follows(set, entry, &others) {
            let by = set.least(&others, |rules| follows(set, entry, rules));
            kept = others;
            verdict.faults.push(Fault::Implied {
                rule: entry.key.clone(),
                by: set.keys(&by),
            });
        }
    }
}

fn follows(set: &Set, entry: &ConstrainedRule, others: &[usize]) -> bool {
    let own = others
        .iter()
        .flat_map(|rule| &set.entries[*rule].constraints);
    let mut equations = Equations::default();
    own.filter(|c| c.relation == Relation::Equal)
        .for_each(|c| equations.add(c));
    entry
        .constraints
        .iter()
        .all(|constraint| match constraint.relation {
            Relation::Equal => equations.imply(constraint),
            Relation::AtMost | Relation::Below => !set.hold(others, &[&negated(constraint)]),
        })
}

#[cfg(test)]
mod tests;
