//! A rule at a place as a linear equation over cells, for error localisation.

use std::collections::{BTreeMap, HashSet};

use super::instance::Instance;
use super::scope::{CellKey, CellRef, InstanceScope, UnitTables};
use crate::model::{Number, Value};
use crate::schema::FieldType;
use crate::schema::rule::criterion::Criterion;
use crate::schema::rule::evaluate::{Datum, Given, Scope, Values};
use crate::schema::rule::expression::{Comparison, Expr, Name, Operator};
use crate::schema::rule::fold::{Algebra, Read};
use crate::schema::rule::function::Function;
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
    /// Left minus right side of the equality of an instance; `None` if it is no equality, or
    /// is no sum of cells.
    pub fn of(instance: &Instance, unit: &UnitTables<'_>) -> Option<Equation> {
        let (left, Comparison::Equal, right) = instance.rule.check.comparison()? else {
            return None;
        };
        let scope = instance.scope(unit, &[]);
        let side = |expr: &Expr| {
            let mut sums = Sums { scope: &scope };
            let part = expr.fold(&mut sums);
            sums.side(&part)
        };
        let mut sum = side(left)?;
        sum.add(&side(right)?, Number::NEGATIVE_ONE)?;
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
}

/// Reads an expression as a sum over cells.
struct Sums<'s> {
    scope: &'s InstanceScope<'s>,
}

/// A part of an expression: its value, and what it is over cells.
struct Part {
    value: Given,
    over: Over,
}

/// How a part depends on the cells of this period.
enum Over {
    /// On no cell; its value is a constant.
    Nothing,
    /// A sum of cells.
    Sum(Equation),
    /// The cells that a name means in a fold.
    Cells(Vec<(CellKey, CellRef)>),
    /// Something else.
    Other,
}

impl<'e> Algebra<'e> for Sums<'_> {
    type Out = Part;

    fn number(&mut self, number: Number) -> Part {
        fixed(self.values().number(number))
    }

    fn text(&mut self, text: &'e str) -> Part {
        fixed(self.values().text(text))
    }

    fn flag(&mut self, flag: bool) -> Part {
        fixed(self.values().flag(flag))
    }

    fn name(&mut self, read: Read<'e>) -> Part {
        let over = match (read.past, read.folded) {
            (Some(_), _) => Over::Nothing,
            (None, true) => Over::Cells(self.scope.keyed(read.name)),
            (None, false) => match self.scope.cells(read.name, false).as_slice() {
                // Where the form has no such cell the rule does not apply.
                [one] if self.is_there(*one) => Over::Sum(Equation::cell(*one)),
                _ => Over::Other,
            },
        };
        let value = self.values().name(read);
        Part { value, over }
    }

    fn units(&mut self, form: &'e Name) -> Part {
        fixed(self.values().units(form))
    }

    fn negate(&mut self, inner: Part) -> Part {
        let over = self.combined(&[&inner], |sums| {
            let mut sum = Equation::default();
            sum.add(&sums.side(&inner)?, Number::NEGATIVE_ONE)?;
            Some(sum)
        });
        let value = self.values().negate(inner.value);
        Part { value, over }
    }

    fn binary(&mut self, operator: Operator, left: Part, right: Part) -> Part {
        let over = self.combined(&[&left, &right], |sums| {
            let plus = |factor| {
                let mut sum = Equation::default();
                sum.add(&sums.side(&left)?, Number::ONE)?;
                sum.add(&sums.side(&right)?, factor)?;
                Some(sum)
            };
            match (operator, &left.over, &right.over) {
                (Operator::Add, ..) => plus(Number::ONE),
                (Operator::Subtract, ..) => plus(Number::NEGATIVE_ONE),
                (Operator::Multiply, Over::Nothing, _) => {
                    sums.times(&right, sums.figure(&left.value)?)
                }
                (Operator::Multiply, _, Over::Nothing) => {
                    sums.times(&left, sums.figure(&right.value)?)
                }
                _ => None,
            }
        });
        let value = self.values().binary(operator, left.value, right.value);
        Part { value, over }
    }

    fn call(&mut self, function: Function, arguments: Vec<Part>) -> Part {
        let all: Vec<&Part> = arguments.iter().collect();
        let over = self.combined(&all, |sums| match function {
            Function::Sum => sums.added(&arguments),
            Function::SumIfs => sums.chosen(&arguments),
            Function::CountIf => sums.ticked(&arguments),
            _ => None,
        });
        let values = arguments.into_iter().map(|part| part.value).collect();
        let value = self.values().call(function, values);
        Part { value, over }
    }
}

fn fixed(value: Given) -> Part {
    Part {
        value,
        over: Over::Nothing,
    }
}

impl<'s> Sums<'s> {
    fn values(&self) -> Values<'s> {
        Values(self.scope)
    }

    /// Does the unit's table have the cell?
    fn is_there(&self, at: CellRef) -> bool {
        let cell = self.scope.unit.cell(at);
        cell.is_some_and(|cell| cell.address.is_some())
    }

    /// Combines parts: a constant if none depends on cells, else the sum that `by` makes.
    fn combined(&self, parts: &[&Part], by: impl FnOnce(&Self) -> Option<Equation>) -> Over {
        let alone = |part: &&Part| matches!(part.over, Over::Nothing);
        match parts.iter().all(alone) {
            true => Over::Nothing,
            false => by(self).map_or(Over::Other, Over::Sum),
        }
    }

    /// A part outside a fold as a sum; a blank of closed periods adds nothing.
    fn side(&self, part: &Part) -> Option<Equation> {
        match &part.over {
            Over::Nothing => constant(&part.value),
            Over::Sum(sum) => Some(sum.clone()),
            Over::Cells(_) | Over::Other => None,
        }
    }

    /// A part times a figure.
    fn times(&self, part: &Part, factor: Number) -> Option<Equation> {
        let mut sum = Equation::default();
        sum.add(&self.side(part)?, factor)?;
        Some(sum)
    }

    /// A figure that no cell changes; a blank counts as the rule says.
    fn figure(&self, value: &Given) -> Option<Number> {
        match value.clone().one().ok()? {
            Some(Datum::Figure(figure)) => figure.to_number(),
            Some(Datum::Plain(_)) => None,
            None => self.scope.blank_is_zero().then_some(Number::ZERO),
        }
    }

    /// SUM.
    fn added(&self, arguments: &[Part]) -> Option<Equation> {
        let mut sum = Equation::default();
        for part in arguments {
            match &part.over {
                Over::Cells(cells) => {
                    let cells = cells.iter().map(|(_, at)| *at);
                    sum.add(&self.fold(cells, FieldType::is_numeric)?, Number::ONE)?;
                }
                Over::Nothing => {
                    let closed = self.values().call(Function::Sum, vec![part.value.clone()]);
                    sum.add(&constant(&closed)?, Number::ONE)?;
                }
                Over::Sum(_) | Over::Other => sum.add(&self.side(part)?, Number::ONE)?,
            }
        }
        Some(sum)
    }

    /// SUMIFS: the figures in the rows whose text is the wanted one.
    fn chosen(&self, arguments: &[Part]) -> Option<Equation> {
        let [figures, texts, wanted] = arguments else {
            return None;
        };
        let (Over::Cells(figures), Given::Many(Ok(texts))) = (&figures.over, &texts.value) else {
            return None;
        };
        // Which rows compare so with a figure changes with the figure.
        let wanted = Criterion::written(&text(&wanted.value)?);
        if matches!(wanted, Criterion::Figure(..)) {
            return None;
        }
        let matching: HashSet<CellKey> = texts
            .iter()
            .filter(|text| {
                let value = text.value.as_ref();
                value.is_some_and(|value| wanted.fits(value))
            })
            .map(|text| text.key)
            .collect();
        let cells = figures.iter().filter(|(key, _)| matching.contains(key));
        self.fold(cells.map(|(_, at)| *at), FieldType::is_numeric)
    }

    /// COUNTIF of ticked boxes.
    fn ticked(&self, arguments: &[Part]) -> Option<Equation> {
        let [boxes, mark] = arguments else {
            return None;
        };
        let (Over::Cells(boxes), "x") = (&boxes.over, normalise(&text(&mark.value)?).as_str())
        else {
            return None;
        };
        self.fold(boxes.iter().map(|(_, at)| *at), |kind| {
            kind == FieldType::Flag
        })
    }

    /// Cells that are folded together; those the form does not have count for nothing, nor does
    /// what is of another sort.
    fn fold(
        &self,
        cells: impl Iterator<Item = CellRef>,
        counts: fn(FieldType) -> bool,
    ) -> Option<Equation> {
        let unit = self.scope.unit;
        let counts = |at: &CellRef| unit.field(*at).is_some_and(|field| counts(field.kind));
        let mut sum = Equation::default();
        for at in cells.filter(|at| self.is_there(*at) && counts(at)) {
            sum.term(at, Number::ONE)?;
        }
        Some(sum)
    }
}

/// A constant; `None` if it is no figure.
fn constant(value: &Given) -> Option<Equation> {
    let constant = match value.clone().one().ok()? {
        Some(Datum::Figure(figure)) => figure.to_number()?,
        Some(Datum::Plain(_)) => return None,
        None => Number::ZERO,
    };
    Some(Equation {
        constant,
        ..Equation::default()
    })
}

/// Words written in a rule.
fn text(value: &Given) -> Option<String> {
    match value {
        Given::One(Ok(Some(Datum::Plain(Value::Text(text))))) => Some(text.clone()),
        _ => None,
    }
}
