//! Systems of linear equations and inequalities over figures, decided exactly: fractions of whole
//! numbers without bound, Bland's rule, so that every question ends with a true answer.

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// A fraction without bound.
pub type Fraction = BigRational;

/// How a sum relates to 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `= 0`
    Equal,
    /// `<= 0`
    AtMost,
    /// `< 0`
    Below,
}

/// `constant + Σ coefficient × unknown`, in that relation to 0.
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    /// Coefficients by number of the unknown, from 0.
    pub terms: BTreeMap<usize, Fraction>,
    /// The constant term.
    pub constant: Fraction,
    /// How it relates to 0.
    pub relation: Relation,
}

/// Is there a figure for each unknown so that all constraints hold? `free` says which unknowns may
/// be below 0; all others may not.
pub fn feasible(constraints: &[&Constraint], free: &dyn Fn(usize) -> bool) -> bool {
    let strict = constraints.iter().any(|c| c.relation == Relation::Below);
    let mut tableau = Tableau::new(constraints, free);
    if !tableau.reach_feasible() {
        return false;
    }
    !strict || tableau.raise_margin().is_positive()
}

/// A dictionary of the simplex method: rows over columns that are all at least 0.
struct Tableau {
    /// Each row: coefficients by column, and the right-hand side.
    rows: Vec<(BTreeMap<usize, Fraction>, Fraction)>,
    /// The column each row determines.
    basis: Vec<usize>,
    columns: usize,
    /// Columns that must become 0.
    artificial: std::ops::Range<usize>,
    /// The margin by which every strict inequality holds; at most 1.
    margin: usize,
}

impl Tableau {
    fn new(constraints: &[&Constraint], free: &dyn Fn(usize) -> bool) -> Self {
        let mut index: BTreeMap<usize, (usize, Option<usize>)> = BTreeMap::new();
        let mut columns = 1;
        for unknown in constraints.iter().flat_map(|c| c.terms.keys()) {
            index.entry(*unknown).or_insert_with(|| {
                let positive = columns;
                columns += 1;
                let negative = free(*unknown).then_some(columns);
                columns += usize::from(negative.is_some());
                (positive, negative)
            });
        }
        let margin = 0;
        let mut rows = Vec::new();
        for constraint in constraints {
            let mut row = BTreeMap::new();
            for (unknown, coefficient) in &constraint.terms {
                let (positive, negative) = index[unknown];
                row.insert(positive, coefficient.clone());
                if let Some(negative) = negative {
                    row.insert(negative, -coefficient);
                }
            }
            if constraint.relation == Relation::Below {
                row.insert(margin, Fraction::one());
            }
            if constraint.relation != Relation::Equal {
                row.insert(columns, Fraction::one());
                columns += 1;
            }
            rows.push((row, -&constraint.constant));
        }
        // The margin is at most 1.
        rows.push((
            BTreeMap::from([(margin, Fraction::one()), (columns, Fraction::one())]),
            Fraction::one(),
        ));
        columns += 1;
        let artificial = columns..columns + rows.len();
        let mut basis = Vec::new();
        for (column, (row, value)) in artificial.clone().zip(&mut rows) {
            if value.is_negative() {
                *value = -&*value;
                row.values_mut()
                    .for_each(|coefficient| *coefficient = -&*coefficient);
            }
            row.insert(column, Fraction::one());
            basis.push(column);
        }
        Tableau {
            rows,
            basis,
            columns: artificial.end,
            artificial,
            margin,
        }
    }

    /// Drives to 0 what must become 0; false if it cannot be.
    fn reach_feasible(&mut self) -> bool {
        let cost: BTreeMap<usize, Fraction> = self
            .artificial
            .clone()
            .map(|column| (column, -Fraction::one()))
            .collect();
        self.maximise(&cost, self.columns).is_zero()
    }

    /// The largest margin, once feasible.
    fn raise_margin(&mut self) -> Fraction {
        // What is still in the basis at 0 stays there.
        let cost = BTreeMap::from([(self.margin, Fraction::one())]);
        self.maximise(&cost, self.artificial.start)
    }

    /// The largest value of a cost over the columns before `end`.
    fn maximise(&mut self, cost: &BTreeMap<usize, Fraction>, end: usize) -> Fraction {
        let of = |column: &usize| cost.get(column).cloned().unwrap_or_else(Fraction::zero);
        loop {
            // What a column would gain, beyond what the basis gains already.
            let mut gains: BTreeMap<usize, Fraction> = cost.clone();
            for ((row, _), basic) in self.rows.iter().zip(&self.basis) {
                let weight = of(basic);
                if weight.is_zero() {
                    continue;
                }
                for (column, coefficient) in row {
                    *gains.entry(*column).or_insert_with(Fraction::zero) -= &weight * coefficient;
                }
            }
            let entering = gains
                .iter()
                .find(|(column, gain)| **column < end && gain.is_positive())
                .map(|(column, _)| *column);
            let leaving = entering.and_then(|column| self.leaving(column));
            match (entering, leaving) {
                (Some(column), Some(row)) => self.pivot(row, column),
                // The margin and what must become 0 are bounded, so nothing grows for ever.
                _ => break,
            }
        }
        let worth = self.rows.iter().zip(&self.basis);
        worth.map(|((_, value), basic)| value * of(basic)).sum()
    }

    /// The row that first forbids a column to grow; of equals the least basic column (Bland). An
    /// artificial column held at 0 leaves at once, whichever way it would be driven.
    fn leaving(&self, column: usize) -> Option<usize> {
        let mut best: Option<(Fraction, usize, usize)> = None;
        for (index, ((row, value), basic)) in self.rows.iter().zip(&self.basis).enumerate() {
            let Some(coefficient) = row.get(&column) else {
                continue;
            };
            let held = self.artificial.contains(basic) && value.is_zero();
            let bounds = coefficient.is_positive() || held && !coefficient.is_zero();
            if !bounds {
                continue;
            }
            let ratio = value / coefficient;
            let better = best
                .as_ref()
                .is_none_or(|(least, of, _)| ratio < *least || ratio == *least && basic < of);
            if better {
                best = Some((ratio, *basic, index));
            }
        }
        best.map(|(.., index)| index)
    }

    fn pivot(&mut self, at: usize, column: usize) {
        let (mut row, mut value) = self.rows[at].clone();
        let by = row[&column].clone();
        row.values_mut().for_each(|coefficient| *coefficient /= &by);
        value /= &by;
        for (index, (other, other_value)) in self.rows.iter_mut().enumerate() {
            let Some(factor) = other.get(&column).cloned() else {
                continue;
            };
            if index == at {
                continue;
            }
            for (key, coefficient) in &row {
                let entry = other.entry(*key).or_insert_with(Fraction::zero);
                *entry -= &factor * coefficient;
            }
            other.retain(|_, coefficient| !coefficient.is_zero());
            *other_value -= &factor * &value;
        }
        self.rows[at] = (row, value);
        self.basis[at] = column;
    }
}

/// Equations brought into echelon form, to decide what follows from them.
#[derive(Debug, Default)]
pub struct Equations {
    rows: Vec<(usize, BTreeMap<usize, Fraction>, Fraction)>,
}

impl Equations {
    /// What remains of a sum once the equations are used: nothing if it follows from them.
    fn rest(&self, constraint: &Constraint) -> (BTreeMap<usize, Fraction>, Fraction) {
        let (mut terms, mut constant) = (constraint.terms.clone(), constraint.constant.clone());
        for (lead, row, value) in &self.rows {
            let Some(factor) = terms.get(lead).cloned() else {
                continue;
            };
            for (unknown, coefficient) in row {
                *terms.entry(*unknown).or_insert_with(Fraction::zero) -= &factor * coefficient;
            }
            terms.retain(|_, coefficient| !coefficient.is_zero());
            constant -= &factor * value;
        }
        (terms, constant)
    }

    /// Adds an equation.
    pub fn add(&mut self, constraint: &Constraint) {
        let (mut terms, mut constant) = self.rest(constraint);
        let Some((lead, by)) = terms.iter().next().map(|(l, c)| (*l, c.clone())) else {
            return;
        };
        terms
            .values_mut()
            .for_each(|coefficient| *coefficient /= &by);
        constant /= &by;
        self.rows.push((lead, terms, constant));
    }

    /// Does an equation follow from those added?
    pub fn imply(&self, constraint: &Constraint) -> bool {
        let (terms, constant) = self.rest(constraint);
        terms.is_empty() && constant.is_zero()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn constraint(terms: &[i64], constant: i64, relation: Relation) -> Constraint {
        let whole = |number: i64| Fraction::from_integer(number.into());
        let terms = terms.iter().enumerate().filter(|(_, c)| **c != 0);
        Constraint {
            terms: terms.map(|(unknown, c)| (unknown, whole(*c))).collect(),
            constant: whole(constant),
            relation,
        }
    }

    fn solvable(constraints: &[Constraint]) -> bool {
        let all: Vec<&Constraint> = constraints.iter().collect();
        feasible(&all, &|_| false)
    }

    #[test]
    fn contradictions_are_seen_and_what_can_hold_can() {
        use Relation::{AtMost, Below, Equal};
        let both = |a: Constraint, b: Constraint| solvable(&[a, b]);
        // a = b + 1 and b = a + 1.
        assert!(!both(
            constraint(&[1, -1], -1, Equal),
            constraint(&[-1, 1], -1, Equal)
        ));
        // a <= b and b <= a; the same, strictly.
        assert!(both(
            constraint(&[1, -1], 0, AtMost),
            constraint(&[-1, 1], 0, AtMost)
        ));
        assert!(!both(
            constraint(&[1, -1], 0, Below),
            constraint(&[-1, 1], 0, AtMost)
        ));
        // a + b < 0 with nothing below zero.
        assert!(!solvable(&[constraint(&[1, 1], 0, Below)]));
        assert!(feasible(&[&constraint(&[1, 1], 0, Below)], &|_| true));
        assert!(solvable(&[]));
    }

    #[test]
    fn an_equation_that_follows_from_others_is_seen() {
        let mut equations = Equations::default();
        equations.add(&constraint(&[1, -1, -1, 0], 0, Relation::Equal));
        equations.add(&constraint(&[0, 1, 0, -1], -2, Relation::Equal));
        assert!(equations.imply(&constraint(&[1, 0, -1, -1], -2, Relation::Equal)));
        assert!(!equations.imply(&constraint(&[1, 0, -1, -1], -3, Relation::Equal)));
        assert!(!equations.imply(&constraint(&[1, 0, 0, -1], 0, Relation::Equal)));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn a_system_with_a_known_solution_is_solvable(
            solution in prop::collection::vec(0_i64..20, 4),
            rows in prop::collection::vec((prop::collection::vec(-3_i64..4, 4), 0_i64..3, 0_usize..3), 0..6),
        ) {
            let constraints: Vec<Constraint> = rows.iter().map(|(terms, room, kind)| {
                let sum: i64 = terms.iter().zip(&solution).map(|(c, x)| c * x).sum();
                match kind {
                    0 => constraint(terms, -sum, Relation::Equal),
                    1 => constraint(terms, -sum - room, Relation::AtMost),
                    _ => constraint(terms, -sum - room - 1, Relation::Below),
                }
            }).collect();
            prop_assert!(solvable(&constraints));
            // And what it rules out is ruled out: the sum of the unknowns, strictly below itself.
            let total: i64 = solution.iter().sum();
            let mut pinned: Vec<Constraint> = (0..4).map(|i| {
                let mut terms = [0; 4];
                terms[i] = 1;
                constraint(&terms, -solution[i], Relation::Equal)
            }).collect();
            prop_assert!(solvable(&pinned));
            pinned.push(constraint(&[1, 1, 1, 1], -total, Relation::Below));
            prop_assert!(!solvable(&pinned));
        }
    }
}
