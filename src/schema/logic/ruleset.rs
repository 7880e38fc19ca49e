//! The rules of forms taken together: which contradict one another, which follow from others, which
//! can never fail or are never asked.
//!
//! Complete for rules that are sums of figures: equalities and inequalities, at every place where
//! they are asked, exactly. Not looked into: products and ratios of figures, IF, text, and how a
//! sum over the rows a unit adds hangs together with the rule on each of those rows. Rules with a
//! condition are looked at where it holds, together with the rules that have none and those that
//! have the same.

use std::collections::{BTreeMap, BTreeSet};

use super::simplex::{Constraint, Equations, Fraction, Relation, feasible, fraction};
use crate::model::Number;
use crate::schema::checked::{Form, Rule, RuleScope};
use crate::schema::rule::expression::{Comparison, Expr, Function, Name, Operator, Path};

mod conditions;

/// What is wrong with a set of rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// These rules cannot all hold.
    Contradiction(Vec<RuleKey>),
    /// These rules cannot all hold where the condition of the first holds.
    ContradictionWhere(Vec<RuleKey>),
    /// These rules all hold only where this cell is 0.
    OnlyZero { rules: Vec<RuleKey>, cell: String },
    /// The first rule follows from the others.
    Implied { rule: RuleKey, by: Vec<RuleKey> },
    /// No figures break it.
    NeverFails(RuleKey),
    /// Its condition never holds, given the other rules named.
    ConditionNeverHolds { rule: RuleKey, by: Vec<RuleKey> },
    /// No cell it could be asked at.
    NoPlace(RuleKey),
}

/// (form, rule).
pub type RuleKey = (String, String);

/// What looking at a set came to.
#[derive(Debug, Default)]
pub struct Verdict {
    /// What is wrong.
    pub faults: Vec<Fault>,
    /// Rules that were taken apart.
    pub examined: usize,
    /// Rules that are no sums of figures, and were not.
    pub opaque: usize,
}

/// Most constraints of one connected system that are decided together; more would take minutes.
const MOST: usize = 200;
/// Most unknowns of one system that are asked one by one whether they must be 0.
const MOST_UNKNOWNS: usize = 120;

/// Looks at the rules of some forms together; names reach from one to another.
pub fn examine<'a>(forms: impl IntoIterator<Item = &'a Form>) -> Verdict {
    let mut set = Set::default();
    let forms: Vec<&Form> = forms.into_iter().collect();
    set.forms = forms.iter().map(|form| (form.id(), *form)).collect();
    let mut verdict = Verdict::default();
    for form in &forms {
        for rule in &form.rules {
            set.add(form, rule, &mut verdict);
        }
    }
    for system in set.systems() {
        set.judge(&system, &mut verdict);
    }
    verdict
}

/// Where a rule is asked.
#[derive(Clone, Copy)]
enum At {
    Row(usize),
    FreeRow,
    Total,
    Column(usize),
    Once,
}

/// A rule with its instances as constraints.
struct Entry {
    key: RuleKey,
    /// Instances of an unconditional rule.
    constraints: Vec<Constraint>,
    /// Instances of one with a condition.
    cases: Vec<Case>,
}

/// A rule with a condition, at one place.
struct Case {
    /// What must hold for it to be asked.
    when: Vec<Constraint>,
    /// What it asks; nothing if it is no sum.
    then: Vec<Constraint>,
}

#[derive(Default)]
struct Set<'a> {
    forms: BTreeMap<&'a str, &'a Form>,
    unknowns: BTreeMap<String, usize>,
    names: Vec<String>,
    free: BTreeSet<usize>,
    entries: Vec<Entry>,
}

/// Why a sum could not be made here.
enum Not {
    /// A cell is not there: the rule is not asked here.
    Absent,
    /// It is no sum.
    Sum,
}

type Terms = (BTreeMap<usize, Fraction>, Fraction);

impl<'a> Set<'a> {
    fn add(&mut self, form: &'a Form, rule: &'a Rule, verdict: &mut Verdict) {
        let key = (form.id().to_owned(), rule.id.clone());
        let (mut comparisons, mut absent, mut opaque) = (Vec::new(), 0, false);
        let places = places(form, rule);
        for at in &places {
            match self.comparison(form, *at, &rule.check) {
                Ok(found) => comparisons.push((*at, found)),
                Err(Not::Absent) => absent += 1,
                Err(Not::Sum) => opaque = true,
            }
        }
        if absent == places.len() {
            verdict.faults.push(Fault::NoPlace(key));
            return;
        }
        let cases = self.cases(form, rule, &places);
        if opaque || comparisons.is_empty() {
            verdict.opaque += 1;
        } else {
            verdict.examined += 1;
            let broken = |(_, (terms, how)): &(At, (Terms, Comparison))| {
                negations(terms, *how).iter().any(|constraint| {
                    feasible(&[constraint], &|unknown| self.free.contains(&unknown))
                })
            };
            if !comparisons.iter().any(broken) {
                verdict.faults.push(Fault::NeverFails(key));
                return;
            }
        }
        let unconditional = rule.when.is_none() && !opaque;
        let own = comparisons.iter().filter(|_| unconditional);
        self.entries.push(Entry {
            key,
            constraints: own
                .flat_map(|(_, (terms, how))| constraints(terms, *how))
                .collect(),
            cases,
        });
    }

    fn comparison(
        &mut self,
        form: &'a Form,
        at: At,
        expr: &'a Expr,
    ) -> Result<(Terms, Comparison), Not> {
        let (left, how, right) = expr.comparison().ok_or(Not::Sum)?;
        let mut terms = (BTreeMap::new(), fraction(Number::ZERO));
        self.sum(form, at, left, &fraction(Number::ONE), &mut terms)?;
        self.sum(form, at, right, &fraction(Number::NEGATIVE_ONE), &mut terms)?;
        let zero = fraction(Number::ZERO);
        terms.0.retain(|_, coefficient| *coefficient != zero);
        Ok((terms, how))
    }

    /// Adds `factor × expr`.
    fn sum(
        &mut self,
        form: &'a Form,
        at: At,
        expr: &'a Expr,
        factor: &Fraction,
        to: &mut Terms,
    ) -> Result<(), Not> {
        match expr {
            Expr::Number(number) => {
                to.1 += factor * fraction(*number);
                Ok(())
            }
            Expr::Name(name) => {
                for (key, free) in self.cells(form, at, name, false)? {
                    self.term(key, free, factor, to);
                }
                Ok(())
            }
            Expr::Negate(inner) => self.sum(form, at, inner, &-factor, to),
            Expr::Binary(Operator::Add, left, right) => {
                self.sum(form, at, left, factor, to)?;
                self.sum(form, at, right, factor, to)
            }
            Expr::Binary(Operator::Subtract, left, right) => {
                self.sum(form, at, left, factor, to)?;
                self.sum(form, at, right, &-factor, to)
            }
            Expr::Binary(Operator::Multiply, left, right) => {
                match (constant(left), constant(right)) {
                    (Some(by), _) => self.sum(form, at, right, &(factor * by), to),
                    (_, Some(by)) => self.sum(form, at, left, &(factor * by), to),
                    _ => Err(Not::Sum),
                }
            }
            Expr::Binary(Operator::Divide, left, right) => match constant(right) {
                Some(by) if by != fraction(Number::ZERO) => {
                    self.sum(form, at, left, &(factor / by), to)
                }
                _ => Err(Not::Sum),
            },
            Expr::Call(Function::Sum, arguments) => {
                for argument in arguments {
                    match argument {
                        Expr::Name(name) => {
                            for (key, free) in self.cells(form, at, name, true)? {
                                self.term(key, free, factor, to);
                            }
                        }
                        other => self.sum(form, at, other, factor, to)?,
                    }
                }
                Ok(())
            }
            // A figure of the archive is a figure of its own, of the same sort.
            Expr::Call(function, arguments) if function.past().is_some() => {
                match arguments.as_slice() {
                    [Expr::Name(name)] => {
                        for (key, free) in self.cells(form, at, name, false)? {
                            self.term(format!("{}({key})", function.name()), free, factor, to);
                        }
                        Ok(())
                    }
                    _ => Err(Not::Sum),
                }
            }
            _ => Err(Not::Sum),
        }
    }

    fn term(&mut self, key: String, free: bool, factor: &Fraction, to: &mut Terms) {
        let next = self.unknowns.len();
        let unknown = *self.unknowns.entry(key.clone()).or_insert(next);
        if unknown == next {
            self.names.push(key);
            if free {
                self.free.insert(unknown);
            }
        }
        *to.0
            .entry(unknown)
            .or_insert_with(|| fraction(Number::ZERO)) += factor;
    }

    /// The cells a name stands for: what they are called, and whether they may be below 0.
    fn cells(
        &self,
        own: &'a Form,
        at: At,
        name: &Name,
        folded: bool,
    ) -> Result<Vec<(String, bool)>, Not> {
        let Some(form) = (match &name.form {
            None => Some(own),
            Some(id) => self.forms.get(id.as_str()).copied(),
        }) else {
            return Ok(vec![(name.to_string(), true)]);
        };
        let cell = |row: usize, column: usize| {
            let field = form.field(Some(row), column)?;
            let (r, c) = (&form.file.rows[row].id, &form.file.columns[column].id);
            let key = format!("{}!{}.{}", form.id(), r.get_ref(), c.get_ref());
            Some((key, field.negative))
        };
        let free_cell = |column: usize, what: &str| {
            let field = form.field(None, column)?;
            let key = format!(
                "{}!{what}{}",
                form.id(),
                form.file.columns[column].id.get_ref()
            );
            Some((key, field.negative))
        };
        let all = |found: Vec<Option<(String, bool)>>| {
            let found: Vec<(String, bool)> = found.into_iter().flatten().collect();
            if found.is_empty() {
                Err(Not::Absent)
            } else {
                Ok(found)
            }
        };
        let whole = |column: usize| match form.is_free() {
            true => vec![free_cell(column, "SUM ")],
            false => (0..form.file.rows.len())
                .map(|row| cell(row, column))
                .collect(),
        };
        match &name.path {
            Path::Cell { row, column } => match (form.row(row), form.column(column)) {
                (Some(row), Some(column)) => all(vec![cell(row, column)]),
                _ => Err(Not::Absent),
            },
            Path::One(id) => match (form.column(id), form.row(id), at) {
                (Some(column), _, _) if folded || name.form.is_some() => all(whole(column)),
                (Some(column), _, At::Row(row)) => all(vec![cell(row, column)]),
                (Some(column), _, At::FreeRow) => all(vec![free_cell(column, "")]),
                (Some(column), _, At::Total) => all(vec![free_cell(column, "Σ")]),
                (_, Some(row), At::Column(column)) => {
                    let id = own.file.columns[column].id.get_ref();
                    all(vec![form.column(id).and_then(|column| cell(row, column))])
                }
                (_, Some(row), _) => all((0..form.file.columns.len())
                    .map(|column| cell(row, column))
                    .collect()),
                _ => Err(Not::Absent),
            },
            Path::Range { first, last } => match (form.range(first, last), at) {
                (Some((RuleScope::EachColumn, rows)), At::Column(column)) => {
                    all(rows.map(|row| cell(row, column)).collect())
                }
                (Some((RuleScope::EachRow, columns)), At::Row(row)) => {
                    all(columns.map(|column| cell(row, column)).collect())
                }
                (Some((RuleScope::EachRow, columns)), At::FreeRow) => {
                    all(columns.map(|column| free_cell(column, "")).collect())
                }
                (Some((RuleScope::EachRow, columns)), At::Total) => {
                    all(columns.map(|column| free_cell(column, "Σ")).collect())
                }
                _ => Err(Not::Sum),
            },
        }
    }

    /// Rules that share unknowns, directly or through others.
    fn systems(&self) -> Vec<Vec<usize>> {
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

    fn judge(&self, system: &[usize], verdict: &mut Verdict) {
        let size: usize = system
            .iter()
            .map(|rule| self.entries[*rule].constraints.len())
            .sum();
        if size > MOST {
            verdict.opaque += system.len();
            verdict.examined -= system.len().min(verdict.examined);
            return;
        }
        if !self.hold(system, &[]) {
            let least = self.least(system, |rules| !self.hold(rules, &[]));
            verdict.faults.push(Fault::Contradiction(self.keys(&least)));
            return;
        }
        self.only_zero(system, verdict);
        self.implied(system, verdict);
        self.conditional(system, verdict);
    }

    /// Can all these rules hold, and these constraints?
    fn hold(&self, rules: &[usize], more: &[&Constraint]) -> bool {
        let own = rules
            .iter()
            .flat_map(|rule| &self.entries[*rule].constraints);
        let all: Vec<&Constraint> = own.chain(more.iter().copied()).collect();
        feasible(&all, &|unknown| self.free.contains(&unknown))
    }

    /// A least set of rules for which something is so that is so for all of them.
    fn least(&self, rules: &[usize], so: impl Fn(&[usize]) -> bool) -> Vec<usize> {
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

    fn keys(&self, rules: &[usize]) -> Vec<RuleKey> {
        rules
            .iter()
            .map(|rule| self.entries[*rule].key.clone())
            .collect()
    }

    /// Cells that the rules force to 0: nobody meant that.
    fn only_zero(&self, system: &[usize], verdict: &mut Verdict) {
        let constraints = system
            .iter()
            .flat_map(|rule| &self.entries[*rule].constraints);
        let unknowns: BTreeSet<usize> = constraints.flat_map(|c| c.terms.keys().copied()).collect();
        let bounded: Vec<usize> = unknowns
            .into_iter()
            .filter(|unknown| !self.free.contains(unknown))
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
        if self.hold(system, &all.iter().collect::<Vec<_>>()) {
            return;
        }
        for unknown in &bounded {
            let positive = above(unknown);
            if !self.hold(system, &[&positive]) {
                let least = self.least(system, |rules| !self.hold(rules, &[&positive]));
                let fault = Fault::OnlyZero {
                    rules: self.keys(&least),
                    cell: self.names[*unknown].clone(),
                };
                // One place of a rule is enough to show it.
                let told = verdict.faults.iter().any(|known| match known {
                    Fault::OnlyZero { rules, .. } => *rules == self.keys(&least),
                    _ => false,
                });
                // A rule that says by itself that something is 0 means it.
                if !told && least.len() > 1 {
                    verdict.faults.push(fault);
                }
            }
        }
    }

    fn implied(&self, system: &[usize], verdict: &mut Verdict) {
        let mut kept = system.to_vec();
        for rule in system.iter().rev() {
            let entry = &self.entries[*rule];
            if entry.constraints.is_empty() {
                continue;
            }
            let others: Vec<usize> = kept.iter().copied().filter(|other| other != rule).collect();
            if self.follows(entry, &others) {
                let by = self.least(&others, |rules| self.follows(entry, rules));
                kept = others;
                verdict.faults.push(Fault::Implied {
                    rule: entry.key.clone(),
                    by: self.keys(&by),
                });
            }
        }
    }

    fn follows(&self, entry: &Entry, others: &[usize]) -> bool {
        let own = others
            .iter()
            .flat_map(|rule| &self.entries[*rule].constraints);
        let mut equations = Equations::default();
        own.filter(|c| c.relation == Relation::Equal)
            .for_each(|c| equations.add(c));
        entry
            .constraints
            .iter()
            .all(|constraint| match constraint.relation {
                Relation::Equal => equations.imply(constraint),
                Relation::AtMost | Relation::Below => !self.hold(others, &[&negated(constraint)]),
            })
    }
}

fn places(form: &Form, rule: &Rule) -> Vec<At> {
    match rule.scope {
        RuleScope::Once => vec![At::Once],
        RuleScope::EachColumn => (0..form.file.columns.len()).map(At::Column).collect(),
        RuleScope::EachRow if form.is_free() => {
            let total = form.file.layout.total.as_ref().map(|_| At::Total);
            std::iter::once(At::FreeRow).chain(total).collect()
        }
        RuleScope::EachRow => (0..form.file.rows.len()).map(At::Row).collect(),
    }
}

fn constant(expr: &Expr) -> Option<Fraction> {
    let linear = super::linear::Linear::of(expr)?;
    linear.terms.is_empty().then(|| fraction(linear.constant))
}

fn turned(terms: &Terms) -> Terms {
    (
        terms.0.iter().map(|(unknown, c)| (*unknown, -c)).collect(),
        -&terms.1,
    )
}

fn made((terms, constant): Terms, relation: Relation) -> Constraint {
    Constraint {
        terms,
        constant,
        relation,
    }
}

/// A comparison of a sum with 0; none for "differs from", which is no one side of anything.
fn constraints(terms: &Terms, how: Comparison) -> Vec<Constraint> {
    match how {
        Comparison::Equal => vec![made(terms.clone(), Relation::Equal)],
        Comparison::LessOrEqual => vec![made(terms.clone(), Relation::AtMost)],
        Comparison::Less => vec![made(terms.clone(), Relation::Below)],
        Comparison::GreaterOrEqual => vec![made(turned(terms), Relation::AtMost)],
        Comparison::Greater => vec![made(turned(terms), Relation::Below)],
        Comparison::NotEqual => Vec::new(),
    }
}

/// What would break a comparison: one of these.
fn negations(terms: &Terms, how: Comparison) -> Vec<Constraint> {
    match how {
        Comparison::Equal => vec![
            made(terms.clone(), Relation::Below),
            made(turned(terms), Relation::Below),
        ],
        Comparison::NotEqual => vec![made(terms.clone(), Relation::Equal)],
        Comparison::LessOrEqual => vec![made(turned(terms), Relation::Below)],
        Comparison::Less => vec![made(turned(terms), Relation::AtMost)],
        Comparison::GreaterOrEqual => vec![made(terms.clone(), Relation::Below)],
        Comparison::Greater => vec![made(terms.clone(), Relation::AtMost)],
    }
}

fn negated(constraint: &Constraint) -> Constraint {
    let terms = (constraint.terms.clone(), constraint.constant.clone());
    let relation = match constraint.relation {
        Relation::Below => Relation::AtMost,
        _ => Relation::Below,
    };
    made(turned(&terms), relation)
}

#[cfg(test)]
mod tests;
