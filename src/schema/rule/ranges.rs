//! Evaluates an expression over what rounding hides: the figures it may yield, and whether it can
//! hold and must hold, whatever figures were rounded to these.

use super::evaluate::{
    Datum, Entry, Given, Lack, Scope, Trouble, Values, chosen, matching, places,
};
use super::exact::Exact;
use super::expression::{Comparison, Expr, Name, Operator};
use super::fold::{Algebra, Read};
use super::function::{Function, Past};
use super::interval::Interval;
use super::trouble::{add, both};
use crate::model::{Number, Value};
use crate::schema::file::Rounding;

/// Gives an expression its cells with what rounding hides.
pub trait Printed: Scope {
    /// The figures a name means, under the keys and with the blanks of [`Scope::values`] (of
    /// [`Scope::value`] where it is not `folded`), of this period or of closed ones.
    ///
    /// # Errors
    /// As for [`Scope::values`].
    fn intervals(
        &self,
        name: &Name,
        past: Option<Past>,
        folded: bool,
    ) -> Result<Vec<Entry<Interval>>, Trouble>;
}

/// Whether something can hold, and whether it must, whatever figures were rounded to these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Truth {
    /// There are figures for which it holds.
    pub can: bool,
    /// It holds for all of them.
    pub must: bool,
}

impl Truth {
    fn of(holds: bool) -> Self {
        Truth {
            can: holds,
            must: holds,
        }
    }
}

/// Whether an expression can hold and whether it must.
///
/// # Errors
/// It has no value here.
pub fn truth(expr: &Expr, scope: &dyn Printed) -> Result<Truth, Trouble> {
    expr.fold(&mut Ranges { scope }).truth
}

/// The figures an expression may yield.
///
/// # Errors
/// It has no value here, or one that is no figure.
pub fn interval(expr: &Expr, scope: &dyn Printed) -> Result<Interval, Trouble> {
    let ranges = Ranges { scope };
    let part = expr.fold(&mut Ranges { scope });
    ranges.one(part.bounds)
}

struct Ranges<'s> {
    scope: &'s dyn Printed,
}

/// What a part of an expression yields.
struct Ranged {
    /// With the figures as they are printed.
    value: Given,
    /// The figures it may yield, if it is a figure; `None` for a blank.
    bounds: Bounds,
    /// Whether it can hold and must, if it is a condition.
    truth: Result<Truth, Trouble>,
}

type Bounds = Result<Vec<Entry<Interval>>, Trouble>;

fn point(interval: Option<Interval>) -> Vec<Entry<Interval>> {
    vec![Entry {
        key: (0, 0),
        value: interval,
    }]
}

impl<'e> Algebra<'e> for Ranges<'_> {
    type Out = Ranged;

    fn number(&mut self, number: Number) -> Ranged {
        let value = self.values().number(number);
        self.exact(value)
    }

    fn text(&mut self, text: &'e str) -> Ranged {
        let value = self.values().text(text);
        self.exact(value)
    }

    fn flag(&mut self, flag: bool) -> Ranged {
        let value = self.values().flag(flag);
        self.exact(value)
    }

    fn name(&mut self, read: Read<'e>) -> Ranged {
        let value = self.values().name(read);
        let bounds = self.scope.intervals(read.name, read.past, read.folded);
        Ranged {
            truth: holds(&value),
            value,
            bounds,
        }
    }

    fn units(&mut self, form: &'e Name) -> Ranged {
        let value = self.values().units(form);
        self.exact(value)
    }

    fn negate(&mut self, inner: Ranged) -> Ranged {
        let bounds = self.one(inner.bounds).map(|inner| inner.negated());
        let value = self.values().negate(inner.value);
        figure(value, bounds)
    }

    fn binary(&mut self, operator: Operator, left: Ranged, right: Ranged) -> Ranged {
        let figures = is_figure(&left.value) && is_figure(&right.value);
        let bounds = both(self.one(left.bounds), self.one(right.bounds));
        let is_day =
            |value: &Given| matches!(value, Given::One(Ok(Some(Datum::Plain(Value::Date(_))))));
        let days = is_day(&left.value) || is_day(&right.value);
        let value = self.values().binary(operator, left.value, right.value);
        // Days are exact.
        if days && !matches!(operator, Operator::Compare(_)) {
            return self.exact(value);
        }
        let Operator::Compare(comparison) = operator else {
            return figure(
                value,
                bounds.and_then(|(l, r)| arithmetic(operator, &l, &r)),
            );
        };
        let truth = match figures {
            true => bounds.map(|(left, right)| {
                let difference = left.plus(&right.negated());
                Truth {
                    can: difference.may(comparison),
                    must: !difference.may(opposite(comparison)),
                }
            }),
            false => holds(&value),
        };
        Ranged {
            truth,
            ..self.exact(value)
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Ranged>) -> Ranged {
        let (mut values, mut bounds, mut truths) = (Vec::new(), Vec::new(), Vec::new());
        for argument in arguments {
            values.push(argument.value);
            bounds.push(argument.bounds);
            truths.push(argument.truth);
        }
        let texts = match function {
            Function::SumIfs => values.clone(),
            Function::Round | Function::RoundDown => values.split_off(1),
            _ => Vec::new(),
        };
        if function != Function::SumIfs {
            values.extend(texts.iter().cloned());
        }
        let value = self.values().call(function, values);
        match function {
            Function::Sum => self.folded(value, bounds, |a, b| a.plus(&b)),
            Function::Min => self.folded(value, bounds, |a, b| a.extreme(&b, true)),
            Function::Max => self.folded(value, bounds, |a, b| a.extreme(&b, false)),
            Function::SumIfs => {
                let bounds = sum_where(bounds, texts);
                figure(value, bounds.and_then(|sum| self.one(Ok(point(sum)))))
            }
            Function::Average => figure(value, average(bounds)),
            Function::Abs => {
                let bounds = self.first(bounds).map(|of| of.size());
                figure(value, bounds)
            }
            Function::Round => self.rounded(value, bounds, &texts, Rounding::HalfUp),
            Function::RoundDown => self.rounded(value, bounds, &texts, Rounding::Truncate),
            Function::If => branch(value, bounds, truths),
            Function::Not => Ranged {
                truth: truths.remove(0).map(|inner| Truth {
                    can: !inner.must,
                    must: !inner.can,
                }),
                ..self.exact(value)
            },
            Function::And => Ranged {
                truth: junction(truths, true),
                ..self.exact(value)
            },
            Function::Or => Ranged {
                truth: junction(truths, false),
                ..self.exact(value)
            },
            // What counts is exact, and so is what is not a figure.
            _ => self.exact(value),
        }
    }
}

impl<'s> Ranges<'s> {
    fn values(&self) -> Values<'s> {
        Values(self.scope)
    }

    /// What rounding does not touch.
    fn exact(&self, value: Given) -> Ranged {
        let bounds = match &value {
            Given::One(Ok(Some(Datum::Figure(figure)))) => {
                Ok(point(Some(Interval::point(figure.clone()))))
            }
            Given::One(Ok(Some(Datum::Plain(Value::Flag(flag))))) => {
                let figure = Exact::from(Number::from(u8::from(*flag)));
                Ok(point(Some(Interval::point(figure))))
            }
            Given::One(Ok(None)) => Ok(point(None)),
            Given::One(Err(trouble)) => Err(trouble.clone()),
            // Words have no bounds; evaluating them for their value reports the mistake.
            Given::One(Ok(Some(Datum::Plain(_)))) | Given::Many(_) => Err(Trouble::NotAsked),
        };
        Ranged {
            truth: holds(&value),
            value,
            bounds,
        }
    }

    /// The one figure; a blank is missing or 0 as the scope says.
    fn one(&self, bounds: Bounds) -> Result<Interval, Trouble> {
        let mut entries = bounds?.into_iter();
        match (entries.next().map(|entry| entry.value), entries.next()) {
            (Some(Some(interval)), None) => Ok(interval),
            (Some(None), None) if self.scope.blank_is_zero() => Ok(Interval::point(Number::ZERO)),
            _ => Err(Trouble::Missing(Lack::Blank)),
        }
    }

    fn first(&self, bounds: Vec<Bounds>) -> Result<Interval, Trouble> {
        let first = bounds.into_iter().next();
        self.one(first.unwrap_or(Err(Trouble::NotAsked)))
    }

    fn folded(
        &self,
        value: Given,
        bounds: Vec<Bounds>,
        by: impl Fn(Interval, Interval) -> Interval,
    ) -> Ranged {
        let mut all = Vec::new();
        let mut trouble: Option<Trouble> = None;
        for bounds in bounds {
            match bounds {
                Ok(entries) => all.extend(entries.into_iter().filter_map(|entry| entry.value)),
                Err(more) => add(&mut trouble, more),
            }
        }
        let bounds = trouble.map_or(Ok(point(all.into_iter().reduce(by))), Err);
        Ranged {
            truth: holds(&value),
            value,
            bounds,
        }
    }

    fn rounded(
        &self,
        value: Given,
        bounds: Vec<Bounds>,
        decimals: &[Given],
        rounding: Rounding,
    ) -> Ranged {
        let decimals = match decimals.first() {
            Some(Given::One(Ok(Some(Datum::Figure(decimals))))) => places(decimals),
            Some(Given::One(Err(trouble))) => Err(trouble.clone()),
            _ => Err(Trouble::Missing(Lack::Blank)),
        };
        let rounded = both(self.first(bounds), decimals)
            .map(|(of, decimals)| of.mapped(|figure| figure.rounded(decimals, rounding)));
        figure(value, rounded)
    }
}

/// A part that is a figure.
fn figure(value: Given, bounds: Result<Interval, Trouble>) -> Ranged {
    Ranged {
        truth: holds(&value),
        value,
        bounds: bounds.map(|interval| point(Some(interval))),
    }
}

fn arithmetic(operator: Operator, left: &Interval, right: &Interval) -> Result<Interval, Trouble> {
    match operator {
        Operator::Add => Ok(left.plus(right)),
        Operator::Subtract => Ok(left.plus(&right.negated())),
        Operator::Multiply => Ok(left.times(right)),
        Operator::Divide => left
            .over(right)
            .ok_or_else(|| Trouble::broken("chia cho 0", "division by zero")),
        Operator::Compare(_) => Err(Trouble::NotAsked),
    }
}

fn is_figure(value: &Given) -> bool {
    matches!(value, Given::One(Ok(None | Some(Datum::Figure(_)))))
}

/// Whether the value itself holds.
fn holds(value: &Given) -> Result<Truth, Trouble> {
    super::evaluate::truth(value.clone().one()?).map(Truth::of)
}

fn sum_where(bounds: Vec<Bounds>, arguments: Vec<Given>) -> Result<Option<Interval>, Trouble> {
    let figures = bounds.into_iter().next();
    let figures = figures.unwrap_or(Err(Trouble::NotAsked));
    let matching = matching(arguments.into_iter().skip(1).collect());
    let (figures, matching) = both(figures, matching)?;
    match matching.is_empty() && !figures.is_empty() {
        true => Ok(Some(Interval::point(Number::ZERO))),
        false => Ok(chosen(figures, &matching).reduce(|a, b| a.plus(&b))),
    }
}

/// The mean of what there is; not there if there is nothing.
fn average(bounds: Vec<Bounds>) -> Result<Interval, Trouble> {
    let all = bounds.into_iter().try_fold(Vec::new(), |mut all, bounds| {
        all.extend(bounds?.into_iter().filter_map(|entry| entry.value));
        Ok(all)
    })?;
    let count = Number::from(all.len());
    let sum = all.into_iter().reduce(|a, b| a.plus(&b));
    let mean = sum.and_then(|sum| sum.over(&Interval::point(count)));
    mean.ok_or(Trouble::Missing(Lack::Blank))
}

/// IF: the branch it must take, or what both branches may yield.
fn branch(value: Given, bounds: Vec<Bounds>, truths: Vec<Result<Truth, Trouble>>) -> Ranged {
    let (Ok([_, then, otherwise]), Ok([condition, holds, fails])) = (
        <[Bounds; 3]>::try_from(bounds),
        <[Result<Truth, Trouble>; 3]>::try_from(truths),
    ) else {
        return Ranged {
            value,
            bounds: Err(Trouble::NotAsked),
            truth: Err(Trouble::NotAsked),
        };
    };
    let (bounds, truth) = match condition {
        Err(trouble) => (Err(trouble.clone()), Err(trouble)),
        Ok(Truth { must: true, .. }) => (then, holds),
        Ok(Truth { can: false, .. }) => (otherwise, fails),
        Ok(_) => (
            both(then, otherwise).map(|(then, otherwise)| either(&then, &otherwise)),
            both(holds, fails).map(|(a, b)| Truth {
                can: a.can || b.can,
                must: a.must && b.must,
            }),
        ),
    };
    Ranged {
        value,
        bounds,
        truth,
    }
}

/// What one of two figures may be; a blank is left out.
fn either(a: &[Entry<Interval>], b: &[Entry<Interval>]) -> Vec<Entry<Interval>> {
    let figures = a.iter().chain(b).filter_map(|entry| entry.value.clone());
    point(figures.reduce(|a, b| a.or(&b)))
}

/// AND (`all`) or OR: one argument that decides is enough, whatever cannot be evaluated beside it.
fn junction(truths: Vec<Result<Truth, Trouble>>, all: bool) -> Result<Truth, Trouble> {
    let mut sofar = Truth::of(all);
    let mut trouble: Option<Trouble> = None;
    for truth in truths {
        match truth {
            Ok(one) if all => {
                sofar = Truth {
                    can: sofar.can && one.can,
                    must: sofar.must && one.must,
                };
            }
            Ok(one) => {
                sofar = Truth {
                    can: sofar.can || one.can,
                    must: sofar.must || one.must,
                };
            }
            Err(more) => add(&mut trouble, more),
        }
    }
    let decided = if all { !sofar.can } else { sofar.must };
    match trouble {
        Some(trouble) if !decided => Err(trouble),
        _ => Ok(sofar),
    }
}

fn opposite(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
    }
}
