//! What the rules of one form say already, as equations and bounds over its cells: whether another
//! rule would follow from them.

use super::simplex::{Constraint, Equations, Relation, feasible};
use super::sums::{Unknowns, negated};
use crate::schema::checked::Form;
use crate::schema::resolve::{Site, sites};
use crate::schema::rule::expression::Expr;

/// Bounds at one site that are decided together, at most; more would take too long, and then nothing
/// follows.
const MOST: usize = 120;

/// Rules of a form that are sums, at every place where they are evaluated.
pub struct Known<'a> {
    form: &'a Form,
    unknowns: Unknowns<'a>,
    equations: Equations,
    at: Vec<(Site, Constraint)>,
}

impl<'a> Known<'a> {
    /// The rules of a form that have no condition.
    pub fn of(form: &'a Form) -> Known<'a> {
        let mut known = Known {
            form,
            unknowns: Unknowns::of(&[form]),
            equations: Equations::default(),
            at: Vec::new(),
        };
        for rule in form.rules.iter().filter(|rule| rule.when.is_none()) {
            known.add(&rule.check, &sites(form, rule));
        }
        known
    }

    /// Adds a rule at some sites.
    pub fn add(&mut self, check: &'a Expr, sites: &[Site]) {
        for site in sites {
            for constraint in self.constraints(check, *site) {
                if constraint.relation == Relation::Equal {
                    self.equations.add(&constraint);
                }
                self.at.push((*site, constraint));
            }
        }
    }

    /// The sites at which a rule does not follow from those that are known.
    pub fn open(&mut self, check: &'a Expr, sites: &[Site]) -> Vec<Site> {
        let mut open = Vec::new();
        for site in sites {
            let constraints = self.constraints(check, *site);
            if !constraints.iter().all(|one| self.implies(one, *site)) {
                open.push(*site);
            }
        }
        open
    }

    fn constraints(&mut self, check: &'a Expr, site: Site) -> Vec<Constraint> {
        let compared = self.unknowns.comparison(self.form, site, check);
        compared.map_or(Vec::new(), |(sum, how)| sum.constraints(how))
    }

    fn implies(&self, constraint: &Constraint, site: Site) -> bool {
        if constraint.relation == Relation::Equal {
            return self.equations.imply(constraint);
        }
        let here = self.at.iter().filter(|(at, _)| *at == site);
        let mut here: Vec<&Constraint> = here.map(|(_, constraint)| constraint).collect();
        if here.len() > MOST {
            return false;
        }
        let against = negated(constraint);
        here.push(&against);
        // Of figures that are at least 0, whatever the form allows.
        !feasible(&here, &|_| false)
    }
}
