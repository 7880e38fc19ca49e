//! Evaluates an expression exactly, over whatever cells a scope offers.

use std::cmp::Ordering;

use rust_decimal::RoundingStrategy;

use super::expression::{Comparison, Expr, Function, Name, Operator, Past};
use crate::model::{Message, Number, Value};
use crate::schema::file::Rounding;
use crate::text::normalise;

/// Why an expression has no value. Neither is ever reported as bad data.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// A figure it needs is blank, unreadable, or not in the archive.
    Missing,
    /// It cannot be computed: a division by zero, a figure beyond all bounds, words added up.
    Broken(Message),
}

/// Gives an expression its cells.
pub trait Scope {
    /// The one value a name stands for here; `None` for a blank that counts as blank.
    fn value(&self, name: &Name) -> Result<Option<Value>, Trouble>;
    /// All values a name stands for, blanks left out: a column of a table, a range, one cell.
    fn values(&self, name: &Name) -> Result<Vec<Option<Value>>, Trouble>;
    /// The one value a name stands for in closed periods.
    fn past(&self, past: Past, name: &Name) -> Result<Option<Value>, Trouble>;
    /// All values of a name in closed periods.
    fn past_values(&self, past: Past, name: &Name) -> Result<Vec<Option<Value>>, Trouble>;
    /// How many units must file the form named.
    fn units(&self, form: &Name) -> Result<Number, Trouble>;
    /// Is nothing written in the one cell a name stands for?
    fn is_blank(&self, name: &Name) -> Result<bool, Trouble> {
        self.value(name).map(|value| value.is_none())
    }
    /// Does a blank count as 0 (else it is [`Trouble::Missing`])?
    fn blank_is_zero(&self) -> bool;
}

/// The value of an expression; `None` if it is a fold over blanks only.
pub fn evaluate(expr: &Expr, scope: &dyn Scope) -> Result<Option<Value>, Trouble> {
    match expr {
        Expr::Number(number) => Ok(Some(Value::Number(*number))),
        Expr::Text(text) => Ok(Some(Value::Text(text.clone()))),
        Expr::Flag(flag) => Ok(Some(Value::Flag(*flag))),
        Expr::Name(name) => scope.value(name),
        Expr::Negate(inner) => Ok(Some(Value::Number(-number(inner, scope)?))),
        Expr::Binary(Operator::Compare(comparison), left, right) => {
            compare(left, *comparison, right, scope).map(|holds| Some(Value::Flag(holds)))
        }
        Expr::Binary(operator, left, right) => {
            let (left, right) = (number(left, scope)?, number(right, scope)?);
            arithmetic(*operator, left, right).map(|result| Some(Value::Number(result)))
        }
        Expr::Call(function, arguments) => call(*function, arguments, scope),
    }
}

/// The value of an expression as a figure; a blank is missing or 0 as the scope says.
pub fn number(expr: &Expr, scope: &dyn Scope) -> Result<Number, Trouble> {
    match evaluate(expr, scope)? {
        Some(Value::Number(number)) => Ok(number),
        Some(Value::Flag(flag)) => Ok(Number::from(u8::from(flag))),
        Some(other) => Err(broken(
            format!("«{other}» không phải là số"),
            format!("`{other}` is not a number"),
        )),
        None if scope.blank_is_zero() => Ok(Number::ZERO),
        None => Err(Trouble::Missing),
    }
}

/// Does an expression hold?
pub fn holds(expr: &Expr, scope: &dyn Scope) -> Result<bool, Trouble> {
    match evaluate(expr, scope)? {
        Some(Value::Flag(flag)) => Ok(flag),
        Some(Value::Number(number)) => Ok(!number.is_zero()),
        Some(_) => Err(broken(
            "điều kiện không phải đúng/sai".into(),
            "not a condition".into(),
        )),
        None => Err(Trouble::Missing),
    }
}

/// Brings a figure to its declared decimals.
pub fn round(number: Number, decimals: u32, rounding: Rounding) -> Number {
    let strategy = match rounding {
        Rounding::HalfUp => RoundingStrategy::MidpointAwayFromZero,
        Rounding::Truncate => RoundingStrategy::ToZero,
    };
    number.round_dp_with_strategy(decimals, strategy)
}

fn compare(
    left: &Expr,
    comparison: Comparison,
    right: &Expr,
    scope: &dyn Scope,
) -> Result<bool, Trouble> {
    let (left, right) = (evaluate(left, scope)?, evaluate(right, scope)?);
    let zero = || scope.blank_is_zero().then_some(Value::Number(Number::ZERO));
    let ordering = match (left.or_else(zero), right.or_else(zero)) {
        (Some(left), Some(right)) => order(&left, &right)?,
        _ => return Err(Trouble::Missing),
    };
    Ok(comparison.holds(ordering))
}

/// Orders two values of one sort; texts are compared after normalising.
fn order(left: &Value, right: &Value) -> Result<Ordering, Trouble> {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => Ok(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Ok(normalise(left).cmp(&normalise(right))),
        (Value::Flag(left), Value::Flag(right)) => Ok(left.cmp(right)),
        // A flag compared with "x", as one writes it in Excel.
        (Value::Flag(flag), Value::Text(text)) => Ok(flag.cmp(&(normalise(text) == "x"))),
        (Value::Text(text), Value::Flag(flag)) => Ok((normalise(text) == "x").cmp(flag)),
        (Value::Date(left), Value::Date(right)) => Ok(left.cmp(right)),
        _ => Err(broken(
            format!("không so sánh được «{left}» với «{right}»"),
            format!("`{left}` and `{right}` cannot be compared"),
        )),
    }
}

fn arithmetic(operator: Operator, left: Number, right: Number) -> Result<Number, Trouble> {
    let result = match operator {
        Operator::Add => left.checked_add(right),
        Operator::Subtract => left.checked_sub(right),
        Operator::Multiply => left.checked_mul(right),
        Operator::Divide if right.is_zero() => {
            return Err(broken("chia cho 0".into(), "division by zero".into()));
        }
        Operator::Divide => left.checked_div(right),
        Operator::Compare(_) => None,
    };
    result.ok_or_else(|| {
        broken(
            "số quá lớn để tính".into(),
            "the figures are too large to compute".into(),
        )
    })
}

fn call(
    function: Function,
    arguments: &[Expr],
    scope: &dyn Scope,
) -> Result<Option<Value>, Trouble> {
    if let (Some(past), [Expr::Name(name)]) = (function.past(), arguments) {
        return scope.past(past, name);
    }
    match function {
        Function::Sum => sum(&fold(arguments, scope)?),
        Function::SumIfs => sum_where(arguments, scope),
        Function::Min => Ok(numbers(&fold(arguments, scope)?)
            .into_iter()
            .min()
            .map(Value::Number)),
        Function::Max => Ok(numbers(&fold(arguments, scope)?)
            .into_iter()
            .max()
            .map(Value::Number)),
        Function::Count => counted(numbers(&fold(arguments, scope)?).len()),
        Function::CountA => counted(fold(arguments, scope)?.iter().flatten().count()),
        Function::CountIf => count_if(arguments, scope),
        Function::Abs => Ok(Some(Value::Number(number(&arguments[0], scope)?.abs()))),
        Function::Round => rounded(arguments, Rounding::HalfUp, scope),
        Function::RoundDown => rounded(arguments, Rounding::Truncate, scope),
        Function::If => {
            let branch = if holds(&arguments[0], scope)? { 1 } else { 2 };
            evaluate(&arguments[branch], scope)
        }
        Function::And => junction(arguments, scope, true),
        Function::Or => junction(arguments, scope, false),
        Function::Not => Ok(Some(Value::Flag(!holds(&arguments[0], scope)?))),
        Function::IsBlank => match &arguments[0] {
            Expr::Name(name) => Ok(Some(Value::Flag(scope.is_blank(name)?))),
            _ => Err(Trouble::Missing),
        },
        // Taken apart above; the parser lets nothing but a name stand in them.
        Function::Prev | Function::PrevYear | Function::Ytd => Err(Trouble::Missing),
        Function::Units => match &arguments[0] {
            Expr::Name(name) => Ok(Some(Value::Number(scope.units(name)?))),
            _ => Err(Trouble::Missing),
        },
    }
}

/// All values of all arguments: names fold, anything else is one value.
fn fold(arguments: &[Expr], scope: &dyn Scope) -> Result<Vec<Option<Value>>, Trouble> {
    let mut values = Vec::new();
    for argument in arguments {
        match argument {
            Expr::Name(name) => values.extend(scope.values(name)?),
            Expr::Call(function, inner) => match (function.past(), inner.as_slice()) {
                (Some(past), [Expr::Name(name)]) => {
                    values.extend(scope.past_values(past, name)?);
                }
                _ => values.push(evaluate(argument, scope)?),
            },
            other => values.push(evaluate(other, scope)?),
        }
    }
    Ok(values)
}

fn numbers(values: &[Option<Value>]) -> Vec<Number> {
    values
        .iter()
        .flatten()
        .filter_map(Value::as_number)
        .collect()
}

/// The sum of what is there; blank if nothing is.
fn sum(values: &[Option<Value>]) -> Result<Option<Value>, Trouble> {
    let mut total: Option<Number> = None;
    for figure in numbers(values) {
        total = Some(arithmetic(
            Operator::Add,
            total.unwrap_or(Number::ZERO),
            figure,
        )?);
    }
    Ok(total.map(Value::Number))
}

/// `SUMIFS(figures, texts, "text*")`: rows whose text matches, `*` standing for anything.
fn sum_where(arguments: &[Expr], scope: &dyn Scope) -> Result<Option<Value>, Trouble> {
    let (Expr::Name(figures), Expr::Name(texts), Expr::Text(wanted)) =
        (&arguments[0], &arguments[1], &arguments[2])
    else {
        return Err(broken(
            "SUMIFS viết là SUMIFS(cột số, cột chữ, \"chữ\")".into(),
            "SUMIFS is written SUMIFS(figures, texts, \"text\")".into(),
        ));
    };
    let (figures, texts) = (scope.values(figures)?, scope.values(texts)?);
    let chosen: Vec<Option<Value>> = figures
        .into_iter()
        .zip(texts)
        .filter(|(_, text)| text.as_ref().is_some_and(|text| matches_text(text, wanted)))
        .map(|(figure, _)| figure)
        .collect();
    sum(&chosen)
}

pub(crate) fn matches_text(value: &Value, wanted: &str) -> bool {
    let (text, wanted) = (normalise(&value.to_string()), normalise(wanted));
    match wanted.strip_suffix('*') {
        Some(start) => text.starts_with(start),
        None => text == wanted,
    }
}

fn count_if(arguments: &[Expr], scope: &dyn Scope) -> Result<Option<Value>, Trouble> {
    let wanted = evaluate(&arguments[1], scope)?.ok_or(Trouble::Missing)?;
    let values = fold(&arguments[..1], scope)?;
    let equal = |value: &&Value| order(value, &wanted).is_ok_and(Ordering::is_eq);
    counted(values.iter().flatten().filter(equal).count())
}

fn counted(count: usize) -> Result<Option<Value>, Trouble> {
    let count = u64::try_from(count).map_err(|_| Trouble::Missing)?;
    Ok(Some(Value::Number(Number::from(count))))
}

fn rounded(
    arguments: &[Expr],
    rounding: Rounding,
    scope: &dyn Scope,
) -> Result<Option<Value>, Trouble> {
    let decimals = number(&arguments[1], scope)?;
    let decimals = u32::try_from(decimals).map_err(|_| {
        broken(
            "số chữ số thập phân phải từ 0 trở lên".into(),
            "decimals must be 0 or more".into(),
        )
    })?;
    Ok(Some(Value::Number(round(
        number(&arguments[0], scope)?,
        decimals,
        rounding,
    ))))
}

fn junction(arguments: &[Expr], scope: &dyn Scope, all: bool) -> Result<Option<Value>, Trouble> {
    for argument in arguments {
        if holds(argument, scope)? != all {
            return Ok(Some(Value::Flag(!all)));
        }
    }
    Ok(Some(Value::Flag(all)))
}

fn broken(vi: String, en: String) -> Trouble {
    Trouble::Broken(Message { vi, en })
}
