//! Rules at the sites where they are evaluated as equations and inequalities over cells.

use std::collections::{BTreeMap, BTreeSet};

use num_traits::{One, Zero};

use super::simplex::{Constraint, Fraction, Relation};
use crate::model::Number;
use crate::schema::checked::Form;
use crate::schema::resolve::{FieldRef, Rows, Site, Unbound, resolve};
use crate::schema::rule::exact::fraction;
use crate::schema::rule::expression::{Comparison, Expr, Name, Operator};
use crate::schema::rule::fold::{Algebra, Read};
use crate::schema::rule::function::Function;

/// `Σ coefficient × unknown`, and the constant term; no coefficient is 0.
#[derive(Debug, Clone, Default)]
pub struct Sum {
    terms: BTreeMap<usize, Fraction>,
    constant: Option<Fraction>,
}

/// Why an expression is no sum at a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Not {
    /// The form has no such cell: the rule does not apply here.
    Absent,
    /// It is no sum.
    Sum,
}

/// The cells that sums are over, each an unknown, numbered from 0.
#[derive(Debug, Default)]
pub struct Unknowns<'a> {
    forms: BTreeMap<&'a str, &'a Form>,
    numbers: BTreeMap<String, usize>,
    /// What each is called.
    pub names: Vec<String>,
    /// Numbers (from 0) of the unknowns that may be below 0.
    pub free: BTreeSet<usize>,
}

impl<'a> Unknowns<'a> {
    /// The cells of these forms.
    pub fn of(forms: &[&'a Form]) -> Self {
        Unknowns {
            forms: forms.iter().map(|form| (form.id(), *form)).collect(),
            ..Unknowns::default()
        }
    }

    /// Left minus right side of a comparison at a site.
    ///
    /// # Errors
    /// It is no comparison of sums of cells, or does not apply there.
    pub fn comparison(
        &mut self,
        form: &'a Form,
        site: Site,
        expr: &'a Expr,
    ) -> Result<(Sum, Comparison), Not> {
        let (left, how, right) = expr.comparison().ok_or(Not::Sum)?;
        let left = self.sum(form, site, left)?;
        let right = self.sum(form, site, right)?;
        Ok((left.plus(right.times(&-Fraction::one())), how))
    }

    fn sum(&mut self, form: &'a Form, site: Site, expr: &'a Expr) -> Result<Sum, Not> {
        expr.fold(&mut Sums {
            unknowns: self,
            form,
            site,
        })
    }

    fn unknown(&mut self, name: String, free: bool) -> usize {
        let next = self.names.len();
        let unknown = *self.numbers.entry(name.clone()).or_insert(next);
        if unknown == next {
            self.names.push(name);
            if free {
                self.free.insert(unknown);
            }
        }
        unknown
    }
}

/// What a cell is called, and whether it may be below 0.
fn called(at: &FieldRef<'_>) -> (String, bool) {
    let (form, column) = (at.form.id(), at.column_id());
    let name = match (at.row_id(), at.rows) {
        (Some(row), _) => format!("{form}!{row}.{column}"),
        (None, Rows::Each) => format!("{form}!SUM {column}"),
        (None, Rows::Total) => format!("{form}!Σ{column}"),
        (None, _) => format!("{form}!{column}"),
    };
    (name, at.field().is_some_and(|field| field.negative))
}

struct Sums<'s, 'a> {
    unknowns: &'s mut Unknowns<'a>,
    form: &'a Form,
    site: Site,
}

impl<'a> Algebra<'a> for Sums<'_, 'a> {
    type Out = Result<Sum, Not>;

    fn number(&mut self, number: Number) -> Self::Out {
        Ok(Sum {
            constant: Some(fraction(number)),
            ..Sum::default()
        })
    }

    fn text(&mut self, _: &'a str) -> Self::Out {
        Err(Not::Sum)
    }

    fn flag(&mut self, _: bool) -> Self::Out {
        Err(Not::Sum)
    }

    fn name(&mut self, read: Read<'a>) -> Self::Out {
        let forms = &self.unknowns.forms;
        let others = |id: &str| forms.get(id).copied();
        let cells = match resolve(read.name, read.folded, self.site, Some(self.form), &others) {
            Ok(cells) if cells.len() > 1 && !read.folded => return Err(Not::Sum),
            Ok(cells) => cells.iter().map(called).collect(),
            // Nothing is known of its cells but that they are figures.
            Err(Unbound::NoForm) => vec![(read.name.to_string(), true)],
            Err(Unbound::NoCell) => return Err(Not::Absent),
        };
        let mut sum = Sum::default();
        for (name, free) in cells {
            // A figure of the archive is a figure of its own, of the same sort.
            let name = match read.past {
                Some(past) => format!("{}({name})", past.function().name()),
                None => name,
            };
            sum.add(self.unknowns.unknown(name, free), Fraction::one());
        }
        Ok(sum)
    }

    fn units(&mut self, _: &'a Name) -> Self::Out {
        Err(Not::Sum)
    }

    fn negate(&mut self, inner: Self::Out) -> Self::Out {
        Ok(inner?.times(&-Fraction::one()))
    }

    fn binary(&mut self, operator: Operator, left: Self::Out, right: Self::Out) -> Self::Out {
        let (left, right) = (left?, right?);
        match operator {
            Operator::Add => Ok(left.plus(right)),
            Operator::Subtract => Ok(left.plus(right.times(&-Fraction::one()))),
            Operator::Multiply => match (left.alone(), right.alone()) {
                (Some(by), _) => Ok(right.times(&by)),
                (_, Some(by)) => Ok(left.times(&by)),
                _ => Err(Not::Sum),
            },
            Operator::Divide => match right.alone() {
                Some(by) if !by.is_zero() => Ok(left.times(&by.recip())),
                _ => Err(Not::Sum),
            },
            Operator::Compare(_) => Err(Not::Sum),
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Self::Out>) -> Self::Out {
        match function {
            Function::Sum => arguments
                .into_iter()
                .try_fold(Sum::default(), |sum, part| Ok(sum.plus(part?))),
            _ => Err(Not::Sum),
        }
    }
}

impl Sum {
    /// The figure it is whatever the cells hold; `None` if it depends on them.
    fn alone(&self) -> Option<Fraction> {
        self.terms.is_empty().then(|| self.constant())
    }

    fn constant(&self) -> Fraction {
        self.constant.clone().unwrap_or_else(Fraction::zero)
    }

    fn add(&mut self, unknown: usize, coefficient: Fraction) {
        let sum = self.terms.entry(unknown).or_insert_with(Fraction::zero);
        *sum += coefficient;
        if sum.is_zero() {
            self.terms.remove(&unknown);
        }
    }

    fn plus(mut self, other: Sum) -> Sum {
        self.constant = Some(self.constant() + other.constant());
        for (unknown, coefficient) in other.terms {
            self.add(unknown, coefficient);
        }
        self
    }

    fn times(&self, factor: &Fraction) -> Sum {
        let mut product = Sum {
            constant: Some(self.constant() * factor),
            ..Sum::default()
        };
        for (unknown, coefficient) in &self.terms {
            product.add(*unknown, coefficient * factor);
        }
        product
    }

    fn turned(&self) -> Sum {
        self.times(&-Fraction::one())
    }

    fn compared(&self, relation: Relation) -> Constraint {
        Constraint {
            terms: self.terms.clone(),
            constant: self.constant(),
            relation,
        }
    }

    /// The constraints `sum <comparison> 0`; none for `<>`, which is no convex constraint.
    pub fn constraints(&self, how: Comparison) -> Vec<Constraint> {
        match how {
            Comparison::Equal => vec![self.compared(Relation::Equal)],
            Comparison::LessOrEqual => vec![self.compared(Relation::AtMost)],
            Comparison::Less => vec![self.compared(Relation::Below)],
            Comparison::GreaterOrEqual => vec![self.turned().compared(Relation::AtMost)],
            Comparison::Greater => vec![self.turned().compared(Relation::Below)],
            Comparison::NotEqual => Vec::new(),
        }
    }

    /// What would break the comparison of the sum with 0: one of these.
    pub fn negations(&self, how: Comparison) -> Vec<Constraint> {
        match how {
            Comparison::Equal => vec![
                self.compared(Relation::Below),
                self.turned().compared(Relation::Below),
            ],
            Comparison::NotEqual => vec![self.compared(Relation::Equal)],
            Comparison::LessOrEqual => vec![self.turned().compared(Relation::Below)],
            Comparison::Less => vec![self.turned().compared(Relation::AtMost)],
            Comparison::GreaterOrEqual => vec![self.compared(Relation::Below)],
            Comparison::Greater => vec![self.compared(Relation::AtMost)],
        }
    }
}

/// The inequality that holds where this one does not.
pub fn negated(constraint: &Constraint) -> Constraint {
    let sum = Sum {
        terms: constraint.terms.clone(),
        constant: Some(constraint.constant.clone()),
    };
    sum.turned().compared(match constraint.relation {
        Relation::Below => Relation::AtMost,
        Relation::Equal | Relation::AtMost => Relation::Below,
    })
}
