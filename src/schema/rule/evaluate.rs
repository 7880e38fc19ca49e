//! Evaluates an expression exactly, over whatever cells a scope offers.
//!
//! AND and OR have three values (Kleene): what is false stays false whatever cannot be evaluated
//! beside it, in any order. IF needs its condition and the branch it takes.

use std::cmp::Ordering;
use std::collections::HashSet;

use super::criterion::Criterion;
pub use super::datum::{Datum, Entry, Given};
use super::datum::{Key, not_looked_for};
use super::days::{calendar_day, no_such_day, with_days};
use super::exact::Exact;
pub use super::exact::round;
use super::expression::{Comparison, Expr, Name, Operator};
use super::fold::{Algebra, Read};
use super::function::{Function, Past};
pub use super::trouble::{Lack, Trouble};
use super::trouble::{add, both};
use crate::model::{Number, Value};
use crate::schema::file::Rounding;
use crate::text::normalise;

/// Gives an expression its cells.
pub trait Scope {
    /// The one value a name means here; `None` for a blank.
    ///
    /// # Errors
    /// There is no such cell, or no value can be had from it.
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble>;

    /// All values a name means in a fold: a column of a table, a range, one cell. Cells the
    /// form does not have are left out.
    ///
    /// # Errors
    /// There are no such cells, or one of them cannot be read.
    fn values(&self, name: &Name) -> Result<Vec<Entry>, Trouble>;

    /// The one value a name means in closed periods.
    ///
    /// # Errors
    /// The archive does not have it.
    fn past(&self, _: Past, _: &Name) -> Result<Option<Value>, Trouble> {
        Err(Trouble::Missing(Lack::NoPrevious))
    }

    /// All values of a name in closed periods.
    ///
    /// # Errors
    /// The archive does not have them.
    fn past_values(&self, _: Past, _: &Name) -> Result<Vec<Entry>, Trouble> {
        Err(Trouble::Missing(Lack::NoPrevious))
    }

    /// How many units must file the form named.
    ///
    /// # Errors
    /// The expression is about one unit, or there is no such form.
    fn units(&self, _: &Name) -> Result<Number, Trouble> {
        Err(Trouble::NotAsked)
    }

    /// Does a blank count as 0 (else it is missing)?
    fn blank_is_zero(&self) -> bool;
}

/// The value of an expression; `None` if it is a blank, or a fold over blanks only.
///
/// # Errors
/// It has no value here.
pub fn evaluate(expr: &Expr, scope: &dyn Scope) -> Result<Option<Value>, Trouble> {
    match expr.fold(&mut Values(scope)).one()? {
        None => Ok(None),
        Some(Datum::Plain(value)) => Ok(Some(value)),
        Some(Datum::Figure(figure)) => decimal(&figure).map(|number| Some(Value::Number(number))),
    }
}

/// The value of an expression as a figure; a blank is missing or 0 as the scope says.
///
/// # Errors
/// It has no value here, or one that is no figure.
pub fn number(expr: &Expr, scope: &dyn Scope) -> Result<Number, Trouble> {
    let value = expr.fold(&mut Values(scope)).one()?;
    decimal(&figure(value, scope)?)
}

/// Does an expression hold?
///
/// # Errors
/// It has no value here, or one that is neither true nor false.
pub fn holds(expr: &Expr, scope: &dyn Scope) -> Result<bool, Trouble> {
    truth(expr.fold(&mut Values(scope)).one()?)
}

/// Evaluates over a scope.
pub struct Values<'s>(pub &'s dyn Scope);

impl<'e> Algebra<'e> for Values<'_> {
    type Out = Given;

    fn number(&mut self, number: Number) -> Given {
        Given::One(Ok(Some(Datum::Figure(number.into()))))
    }

    fn text(&mut self, text: &'e str) -> Given {
        plain(Value::Text(text.to_owned()))
    }

    fn flag(&mut self, flag: bool) -> Given {
        plain(Value::Flag(flag))
    }

    fn name(&mut self, read: Read<'e>) -> Given {
        let (scope, name) = (self.0, read.name);
        let one = |value: Result<Option<Value>, Trouble>| {
            Given::One(value.map(|value| value.map(Datum::from)))
        };
        match (read.past, read.folded) {
            (None, false) => one(scope.value(name)),
            (None, true) => Given::Many(scope.values(name)),
            (Some(past), false) => one(scope.past(past, name)),
            (Some(past), true) => Given::Many(scope.past_values(past, name)),
        }
    }

    fn units(&mut self, form: &'e Name) -> Given {
        Given::One(
            self.0
                .units(form)
                .map(|units| Some(Datum::Figure(units.into()))),
        )
    }

    fn negate(&mut self, inner: Given) -> Given {
        figure_of(self.figure(inner).map(|figure| figure.negated()))
    }

    fn binary(&mut self, operator: Operator, left: Given, right: Given) -> Given {
        if let Operator::Compare(comparison) = operator {
            return flag_of(self.compare(left, comparison, right));
        }
        if let Some(dates) = with_days(operator, &left, &right) {
            return dates;
        }
        figure_of(
            both(self.figure(left), self.figure(right))
                .and_then(|(left, right)| arithmetic(operator, &left, &right)),
        )
    }

    fn call(&mut self, function: Function, arguments: Vec<Given>) -> Given {
        match function {
            Function::Sum => self.folded(arguments, |sum, figure| sum.plus(&figure)),
            Function::Min => self.folded(arguments, Exact::min),
            Function::Max => self.folded(arguments, Exact::max),
            Function::SumIfs => sum_where(arguments),
            // A day is a figure to Excel.
            Function::Count => counted(all(arguments), |value| {
                matches!(value, Datum::Figure(_) | Datum::Plain(Value::Date(_)))
            }),
            // A box left blank is one not ticked.
            Function::CountA => counted(all(arguments), |value| {
                !matches!(value, Datum::Plain(Value::Flag(false)))
            }),
            Function::CountIf | Function::CountIfs => count_where(arguments),
            Function::Average => self.average(arguments),
            Function::Abs => figure_of(self.first(arguments).map(|figure| figure.size())),
            Function::Round => self.rounded(arguments, Rounding::HalfUp),
            Function::RoundDown => self.rounded(arguments, Rounding::Truncate),
            Function::If => branch(arguments),
            Function::And => flag_of(junction(arguments, true)),
            Function::Or => flag_of(junction(arguments, false)),
            Function::Not => flag_of(first(arguments).and_then(truth).map(|holds| !holds)),
            Function::IsBlank => flag_of(first(arguments).map(|value| match value {
                // A box is ticked or left blank.
                None | Some(Datum::Plain(Value::Flag(false))) => true,
                Some(_) => false,
            })),
            Function::Date => self.day(arguments),
            // Put in place when the period of a form is known ([`Expr::in_period`]).
            Function::PeriodStart | Function::PeriodEnd | Function::FirstPeriod => {
                Given::One(Err(Trouble::NotAsked))
            }
            // The fold hands these over as names and units.
            Function::Prev | Function::PrevYear | Function::Ytd | Function::Units => {
                Given::One(Err(Trouble::NotAsked))
            }
        }
    }
}

impl Values<'_> {
    /// A part as a figure; a blank is missing or 0 as the scope says.
    fn figure(&self, part: Given) -> Result<Exact, Trouble> {
        figure(part.one()?, self.0)
    }

    /// DATE(year, month, day).
    fn day(&self, arguments: Vec<Given>) -> Given {
        let parts: Result<Vec<Number>, Trouble> = arguments
            .into_iter()
            .map(|argument| decimal(&self.figure(argument)?))
            .collect();
        let day = parts.and_then(|parts| match parts.as_slice() {
            [year, month, day] => calendar_day(*year, *month, *day).ok_or_else(no_such_day),
            _ => Err(Trouble::NotAsked),
        });
        Given::One(day.map(|day| Some(Datum::Plain(Value::Date(day)))))
    }

    fn first(&self, arguments: Vec<Given>) -> Result<Exact, Trouble> {
        figure(first(arguments)?, self.0)
    }

    fn compare(&self, left: Given, how: Comparison, right: Given) -> Result<bool, Trouble> {
        let there = |side: Given| match side.one()? {
            Some(value) => Ok(value),
            None if self.0.blank_is_zero() => Ok(Datum::Figure(Exact::ZERO)),
            None => Err(Trouble::Missing(Lack::Blank)),
        };
        let (left, right) = both(there(left), there(right))?;
        order(&left, &right).map(|ordering| how.holds(ordering))
    }

    /// The figures of all arguments brought together; blank if there is none.
    fn folded(&self, arguments: Vec<Given>, by: impl Fn(Exact, Exact) -> Exact) -> Given {
        let values = all(arguments);
        let figures = values.map(|values| {
            let values = values.into_iter().flatten();
            values.filter_map(|value| match value {
                Datum::Figure(figure) => Some(figure),
                Datum::Plain(_) => None,
            })
        });
        Given::One(figures.map(|figures| figures.reduce(by).map(Datum::Figure)))
    }

    /// The figures of all arguments over how many they are; not there if there is none.
    fn average(&self, arguments: Vec<Given>) -> Given {
        figure_of(all(arguments).and_then(|values| {
            let mut count = 0_u64;
            let mut sum = Exact::ZERO;
            for value in values.into_iter().flatten() {
                if let Datum::Figure(figure) = value {
                    sum = sum.plus(&figure);
                    count += 1;
                }
            }
            let mean = sum.over(&Number::from(count).into());
            mean.ok_or(Trouble::Missing(Lack::Blank))
        }))
    }

    fn rounded(&self, arguments: Vec<Given>, rounding: Rounding) -> Given {
        let mut arguments = arguments.into_iter();
        let mut next = || match arguments.next() {
            Some(argument) => self.figure(argument),
            None => Err(Trouble::NotAsked),
        };
        figure_of(both(next(), next()).and_then(|(figure, decimals)| {
            let decimals = places(&decimals)?;
            Ok(figure.rounded(decimals, rounding))
        }))
    }
}

/// Decimals to round to, as Excel takes them: below 0 to tens and thousands, what is behind the
/// point dropped.
///
/// # Errors
/// It is too large.
pub fn places(decimals: &Exact) -> Result<i64, Trouble> {
    let whole = decimals.rounded(0, Rounding::Truncate).to_number();
    whole
        .and_then(|whole| i64::try_from(whole).ok())
        .ok_or_else(too_large)
}

fn plain(value: Value) -> Given {
    Given::One(Ok(Some(Datum::Plain(value))))
}

fn figure_of(figure: Result<Exact, Trouble>) -> Given {
    Given::One(figure.map(|figure| Some(Datum::Figure(figure))))
}

fn flag_of(flag: Result<bool, Trouble>) -> Given {
    Given::One(flag.map(|flag| Some(Datum::Plain(Value::Flag(flag)))))
}

fn first(arguments: Vec<Given>) -> Result<Option<Datum>, Trouble> {
    let first = arguments.into_iter().next();
    first.map_or(Err(Trouble::NotAsked), Given::one)
}

/// A value as a figure; a blank is missing or 0 as the scope says.
fn figure(value: Option<Datum>, scope: &dyn Scope) -> Result<Exact, Trouble> {
    match value {
        Some(Datum::Figure(figure)) => Ok(figure),
        Some(Datum::Plain(Value::Flag(flag))) => Ok(Number::from(u8::from(flag)).into()),
        Some(other) => Err(Trouble::broken(
            format!("«{other}» không phải là số"),
            format!("`{other}` is not a number"),
        )),
        None if scope.blank_is_zero() => Ok(Exact::ZERO),
        None => Err(Trouble::Missing(Lack::Blank)),
    }
}

/// A value as true or false.
///
/// # Errors
/// It is a blank, or neither.
pub(super) fn truth(value: Option<Datum>) -> Result<bool, Trouble> {
    match value {
        Some(Datum::Plain(Value::Flag(flag))) => Ok(flag),
        Some(Datum::Figure(figure)) => Ok(figure.sign().is_ne()),
        Some(Datum::Plain(_)) => Err(Trouble::broken(
            "điều kiện không phải đúng/sai",
            "not a condition",
        )),
        None => Err(Trouble::Missing(Lack::Blank)),
    }
}

fn decimal(figure: &Exact) -> Result<Number, Trouble> {
    figure.to_number().ok_or_else(too_large)
}

fn too_large() -> Trouble {
    Trouble::broken("số quá lớn để tính", "the figures are too large to compute")
}

/// Orders two values of one sort; texts are compared after normalising.
fn order(left: &Datum, right: &Datum) -> Result<Ordering, Trouble> {
    let ordering = match (left, right) {
        (Datum::Figure(left), Datum::Figure(right)) => Some(left.cmp(right)),
        (Datum::Plain(left), Datum::Plain(right)) => order_plain(left, right),
        _ => None,
    };
    ordering.ok_or_else(|| {
        Trouble::broken(
            format!("không so sánh được «{left}» với «{right}»"),
            format!("`{left}` and `{right}` cannot be compared"),
        )
    })
}

fn order_plain(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Text(left), Value::Text(right)) => Some(normalise(left).cmp(&normalise(right))),
        (Value::Flag(left), Value::Flag(right)) => Some(left.cmp(right)),
        // A flag compared with "x", as one writes it in Excel.
        (Value::Flag(flag), Value::Text(text)) => Some(flag.cmp(&(normalise(text) == "x"))),
        (Value::Text(text), Value::Flag(flag)) => Some((normalise(text) == "x").cmp(flag)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

fn arithmetic(operator: Operator, left: &Exact, right: &Exact) -> Result<Exact, Trouble> {
    match operator {
        Operator::Add => Ok(left.plus(right)),
        Operator::Subtract => Ok(left.minus(right)),
        Operator::Multiply => Ok(left.times(right)),
        Operator::Divide => left
            .over(right)
            .ok_or_else(|| Trouble::broken("chia cho 0", "division by zero")),
        Operator::Compare(_) => Err(Trouble::NotAsked),
    }
}

/// All values of all arguments of a fold.
fn all(arguments: Vec<Given>) -> Result<Vec<Option<Datum>>, Trouble> {
    let nothing = Ok(Vec::new());
    arguments.into_iter().fold(nothing, |sofar, argument| {
        both(sofar, argument.all()).map(|(mut sofar, more)| {
            sofar.extend(more);
            sofar
        })
    })
}

/// `SUMIFS(figures, cells, wanted, ...)`: the figures on whose rows every cell is what is wanted. As
/// in Excel it is 0 where no row is one of them; where these rows have no figures, or there is no
/// row at all (nobody has filed any), it is blank.
fn sum_where(mut arguments: Vec<Given>) -> Given {
    if arguments.is_empty() {
        return Given::One(Err(not_looked_for()));
    }
    let figures = arguments.remove(0).entries();
    let sum = both(figures, matching(arguments)).map(|(figures, matching)| {
        if matching.is_empty() && !figures.is_empty() {
            return Some(Exact::ZERO);
        }
        chosen(figures, &matching)
            .filter_map(|figure| figure.as_number().map(Exact::from))
            .reduce(|sum, figure| sum.plus(&figure))
    });
    Given::One(sum.map(|sum| sum.map(Datum::Figure)))
}

/// The keys under which every range holds what is wanted of it: range, wanted, range, wanted...
///
/// # Errors
/// A range has no values here, or what is wanted is not there.
pub(super) fn matching(arguments: Vec<Given>) -> Result<HashSet<Key>, Trouble> {
    let mut matching: Option<HashSet<Key>> = None;
    let mut arguments = arguments.into_iter();
    while let (Some(cells), Some(wanted)) = (arguments.next(), arguments.next()) {
        let (cells, wanted) = both(cells.entries(), wanted.one())?;
        let wanted = Criterion::of(&wanted.ok_or(Trouble::Missing(Lack::Blank))?);
        let fits = |cell: &Entry| cell.value.as_ref().is_some_and(|value| wanted.fits(value));
        let mut found: HashSet<Key> = cells
            .iter()
            .filter(|cell| fits(cell))
            .map(|c| c.key)
            .collect();
        if let Some(sofar) = &matching {
            found.retain(|key| sofar.contains(key));
        }
        matching = Some(found);
    }
    matching.ok_or_else(not_looked_for)
}

/// The entries under some keys.
pub(super) fn chosen<T>(
    figures: Vec<Entry<T>>,
    matching: &HashSet<Key>,
) -> impl Iterator<Item = T> {
    let figures = figures.into_iter();
    let chosen = figures.filter(move |figure| matching.contains(&figure.key));
    chosen.filter_map(|figure| figure.value)
}

/// COUNTIF and COUNTIFS.
fn count_where(arguments: Vec<Given>) -> Given {
    figure_of(matching(arguments).and_then(|keys| {
        let count = u64::try_from(keys.len()).map_err(|_| too_large())?;
        Ok(Number::from(count).into())
    }))
}

/// How many values are there and are so.
fn counted(values: Result<Vec<Option<Datum>>, Trouble>, so: impl Fn(&Datum) -> bool) -> Given {
    figure_of(values.and_then(|values| {
        let count = values.iter().flatten().filter(|value| so(value)).count();
        let count = u64::try_from(count).map_err(|_| too_large())?;
        Ok(Number::from(count).into())
    }))
}

fn branch(arguments: Vec<Given>) -> Given {
    let Ok([condition, then, otherwise]) = <[Given; 3]>::try_from(arguments) else {
        return Given::One(Err(Trouble::NotAsked));
    };
    match condition.one().and_then(truth) {
        Ok(true) => then,
        Ok(false) => otherwise,
        Err(trouble) => Given::One(Err(trouble)),
    }
}

/// AND (`all`) or OR: one argument that decides is enough, whatever cannot be evaluated beside it.
fn junction(arguments: Vec<Given>, all: bool) -> Result<bool, Trouble> {
    let mut trouble: Option<Trouble> = None;
    for argument in arguments {
        match argument.one().and_then(truth) {
            Ok(holds) if holds != all => return Ok(!all),
            Ok(_) => {}
            Err(more) => add(&mut trouble, more),
        }
    }
    trouble.map_or(Ok(all), Err)
}
