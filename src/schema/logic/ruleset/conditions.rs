//! Rules with a condition: whether it ever holds, and whether they can hold where it does.

use super::{At, Case, Constraint, Fault, Form, Not, Rule, Set, Verdict, constraints};
use crate::schema::expression::{Expr, Function};

impl<'a> Set<'a> {
    /// The rule at every place, if it has a condition and that is made of sums everywhere.
    pub(super) fn cases(&mut self, form: &'a Form, rule: &'a Rule, places: &[At]) -> Vec<Case> {
        let Some(when) = &rule.when else {
            return Vec::new();
        };
        let mut cases = Vec::new();
        for at in places {
            let Ok(when) = self.all_of(form, *at, when) else {
                return Vec::new();
            };
            let then = self.comparison(form, *at, &rule.check);
            let then = then.map_or(Vec::new(), |(terms, how)| constraints(&terms, how));
            cases.push(Case { when, then });
        }
        cases
    }

    /// A comparison, or several joined by AND.
    fn all_of(&mut self, form: &'a Form, at: At, when: &'a Expr) -> Result<Vec<Constraint>, Not> {
        let Expr::Call(Function::And, arguments) = when else {
            let (terms, how) = self.comparison(form, at, when)?;
            return Ok(constraints(&terms, how));
        };
        let mut all = Vec::new();
        for argument in arguments {
            all.extend(self.all_of(form, at, argument)?);
        }
        Ok(all)
    }

    /// Looks at every rule of a system that has a condition.
    pub(super) fn conditional(&self, system: &[usize], verdict: &mut Verdict) {
        for rule in system {
            let cases = &self.entries[*rule].cases;
            let never = |rules: &[usize]| {
                let asked = |case: &Case| self.hold(rules, &case.when.iter().collect::<Vec<_>>());
                !cases.is_empty() && !cases.iter().any(asked)
            };
            if never(system) {
                let by = self.least(system, never);
                verdict.faults.push(Fault::ConditionNeverHolds {
                    rule: self.entries[*rule].key.clone(),
                    by: self.keys(&by),
                });
                continue;
            }
            let contradiction = cases
                .iter()
                .find_map(|case| self.contradiction(system, *rule, case));
            // Rules of one condition contradict one another: the first of them tells it.
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

    /// The rules that cannot hold where a rule's condition does: itself, and those it takes.
    fn contradiction(
        &self,
        system: &[usize],
        rule: usize,
        case: &Case,
    ) -> Option<Vec<super::RuleKey>> {
        let when: Vec<&Constraint> = case.when.iter().collect();
        if when.is_empty() || case.then.is_empty() || !self.hold(system, &when) {
            return None;
        }
        let cannot = |rules: &[usize]| {
            let asked = rules.iter().chain([&rule]).flat_map(|other| {
                let cases = self.entries[*other].cases.iter();
                let same = cases.filter(|other| other.when == case.when);
                same.flat_map(|case| &case.then)
            });
            let all: Vec<&Constraint> = when.iter().copied().chain(asked).collect();
            !self.hold(rules, &all)
        };
        let others: Vec<usize> = system
            .iter()
            .copied()
            .filter(|other| *other != rule)
            .collect();
        cannot(&others).then(|| {
            let with = self.least(&others, cannot);
            self.keys(&[vec![rule], with].concat())
        })
    }
}
