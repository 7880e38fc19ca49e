//! A rule at a place as a sum over cells: what looking for a wrong cell computes with.

use std::collections::BTreeMap;

use super::instance::Instance;
use super::scope::{CellRef, InstanceScope, UnitTables};
use crate::model::{Number, Value};
use crate::schema::FieldType;
use crate::schema::evaluate::{evaluate, matches_text, number};
use crate::schema::expression::{Comparison, Expr, Function, Name, Operator};
use crate::text::normalise;

/// `constant + Σ coefficient × cell`; a ticked box is 1, one left blank 0.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Equation {
    /// Coefficients by cell; none is zero.
    pub terms: BTreeMap<CellRef, Number>,
    /// The constant term, figures of closed periods included.
    pub constant: Number,
}

impl Equation {
    /// Left minus right side of an instance's equality; `None` if it is no equality, or
    /// is no sum of cells.
    pub fn of(instance: &Instance, unit: &UnitTables<'_>) -> Option<Equation> {
        let (left, Comparison::Equal, right) = instance.rule.check.comparison()? else {
            return None;
        };
        let scope = instance.scope(unit, &[]);
        let mut sum = Equation::default();
        sum.read(left, Number::ONE, &scope)?;
        sum.read(right, Number::NEGATIVE_ONE, &scope)?;
        Some(sum)
    }

    /// The figure of one cell.
    pub fn cell(at: CellRef) -> Equation {
        Equation {
            terms: BTreeMap::from([(at, Number::ONE)]),
            constant: Number::ZERO,
        }
    }

    /// Its value with these figures in the cells; blanks that count for nothing are left out.
    pub fn value(&self, figure: impl Fn(CellRef) -> Option<Number>) -> Option<Number> {
        let mut value = self.constant;
        for (at, coefficient) in &self.terms {
            if let Some(figure) = figure(*at) {
                value = value.checked_add(coefficient.checked_mul(figure)?)?;
            }
        }
        Some(value)
    }

    /// Adds `factor` times another.
    pub fn add(&mut self, other: &Equation, factor: Number) -> Option<()> {
        self.constant = self
            .constant
            .checked_add(other.constant.checked_mul(factor)?)?;
        for (at, coefficient) in &other.terms {
            self.term(*at, coefficient.checked_mul(factor)?)?;
        }
        Some(())
    }

    fn term(&mut self, at: CellRef, coefficient: Number) -> Option<()> {
        let sum = self.terms.entry(at).or_default();
        *sum = sum.checked_add(coefficient)?;
        if sum.is_zero() {
            self.terms.remove(&at);
        }
        Some(())
    }

    fn read(&mut self, expr: &Expr, factor: Number, scope: &InstanceScope<'_>) -> Option<()> {
        match expr {
            Expr::Name(name) => match scope.cells(name, false).as_slice() {
                // Where the form has no such cell the rule does not apply.
                [one] if scope.unit.cell(*one)?.address.is_some() => self.term(*one, factor),
                _ => None,
            },
            Expr::Negate(inner) => self.read(inner, -factor, scope),
            Expr::Binary(Operator::Add, left, right) => {
                self.read(left, factor, scope)?;
                self.read(right, factor, scope)
            }
            Expr::Binary(Operator::Subtract, left, right) => {
                self.read(left, factor, scope)?;
                self.read(right, -factor, scope)
            }
            Expr::Binary(Operator::Multiply, left, right) => match (fixed(left), fixed(right)) {
                (true, _) => {
                    self.read(right, factor.checked_mul(number(left, scope).ok()?)?, scope)
                }
                (_, true) => {
                    self.read(left, factor.checked_mul(number(right, scope).ok()?)?, scope)
                }
                _ => None,
            },
            Expr::Call(Function::Sum, arguments) => arguments.iter().try_for_each(|argument| {
                match argument {
                    Expr::Name(name) => self.fold(
                        scope.cells(name, true),
                        FieldType::is_numeric,
                        factor,
                        scope,
                    ),
                    // The sum of a column of the past is one figure.
                    other if fixed(other) => {
                        let sum = Expr::Call(Function::Sum, vec![other.clone()]);
                        self.stand(&sum, factor, scope)
                    }
                    other => self.read(other, factor, scope),
                }
            }),
            Expr::Call(Function::SumIfs, arguments) => match arguments.as_slice() {
                [Expr::Name(figures), Expr::Name(texts), Expr::Text(wanted)] => {
                    let cells = chosen(figures, texts, wanted, scope);
                    self.fold(cells, FieldType::is_numeric, factor, scope)
                }
                _ => None,
            },
            Expr::Call(Function::CountIf, arguments) => match arguments.as_slice() {
                [Expr::Name(boxes), Expr::Text(mark)] if normalise(mark) == "x" => {
                    let cells = scope.cells(boxes, true);
                    self.fold(cells, |kind| kind == FieldType::Flag, factor, scope)
                }
                _ => None,
            },
            other if fixed(other) => self.stand(other, factor, scope),
            _ => None,
        }
    }

    /// Adds cells that are folded together; those the form does not have count for nothing, nor
    /// does what is of another sort.
    fn fold(
        &mut self,
        cells: Vec<CellRef>,
        counts: fn(FieldType) -> bool,
        factor: Number,
        scope: &InstanceScope<'_>,
    ) -> Option<()> {
        let placed = |at: &CellRef| scope.unit.cell(*at)?.address;
        let counts = |at: &CellRef| {
            scope
                .unit
                .field(*at)
                .is_some_and(|field| counts(field.kind))
        };
        cells
            .into_iter()
            .filter(|at| placed(at).is_some() && counts(at))
            .try_for_each(|at| self.term(at, factor))
    }

    /// Adds what no cell of this period changes.
    fn stand(&mut self, expr: &Expr, factor: Number, scope: &InstanceScope<'_>) -> Option<()> {
        let value = match evaluate(expr, scope).ok()? {
            Some(value) => value.as_number()?,
            None => return Some(()),
        };
        self.constant = self.constant.checked_add(value.checked_mul(factor)?)?;
        Some(())
    }
}

/// Does no cell of this period change it?
fn fixed(expr: &Expr) -> bool {
    match expr {
        Expr::Number(_) => true,
        Expr::Name(_) | Expr::Text(_) | Expr::Flag(_) => false,
        Expr::Negate(inner) => fixed(inner),
        Expr::Binary(Operator::Compare(_), ..) => false,
        Expr::Binary(_, left, right) => fixed(left) && fixed(right),
        Expr::Call(function, arguments) => {
            function.past().is_some()
                || *function == Function::Sum
                    && !arguments.is_empty()
                    && arguments.iter().all(fixed)
        }
    }
}

/// The figures in the rows whose text is the wanted one.
fn chosen(figures: &Name, texts: &Name, wanted: &str, scope: &InstanceScope<'_>) -> Vec<CellRef> {
    let (figures, texts) = (scope.cells(figures, true), scope.cells(texts, true));
    let matches = |at: &CellRef| {
        let value: Option<&Value> = scope.unit.cell(*at).and_then(|cell| cell.value());
        value.is_some_and(|value| matches_text(value, wanted))
    };
    let beside = |figure: &CellRef, text: &CellRef| figure.row == text.row && matches(text);
    figures
        .into_iter()
        .filter(|figure| texts.iter().any(|text| beside(figure, text)))
        .collect()
}
