//! Rules evaluated on the figures of a world, by the guide's words and with code of its own.

use super::exact::{self, Q};
use super::expression::{Ex, Fun, Name, Order, Path};
use super::spec::{Form, Policy, Rule, Scope, Type};
use super::time::Time;
use super::world::{At, RowAt, State, Value, World};

/// Why an expression has no value here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// The form or the unit has no such cell.
    Absent,
    /// A blank that does not count as 0.
    Blank,
    /// A closed period, or the figure in it, is not there.
    Past,
    /// The unit does not file the other form.
    Form,
    /// A division by 0.
    Broken,
}

/// Where an expression is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Site {
    pub unit: usize,
    pub time: Time,
    pub form: usize,
    pub place: Place,
}

/// A row, a column, or neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    Row(RowAt),
    Column(usize),
    Once,
}

type Outcome<T> = Result<T, Lack>;

impl Site {
    /// Where a rule says what a cell is.
    pub fn of_rule(form: &Form, rule: &Rule, at: At) -> Site {
        Site::new(form.scope(rule), at)
    }

    /// Where an operand of a cell's percentage is evaluated.
    pub fn of_expression(form: &Form, ex: &Ex, at: At) -> Site {
        let over_rows =
            |name: &&Name| matches!(&name.path, Path::One(id) if form.row(id).is_some());
        let scope = match ex.names().iter().any(over_rows) {
            true => Scope::EachColumn,
            false => Scope::EachRow,
        };
        Site::new(scope, at)
    }

    fn new(scope: Scope, at: At) -> Site {
        Site {
            unit: at.unit,
            time: at.time,
            form: at.form,
            place: match scope {
                Scope::EachRow => Place::Row(at.row),
                Scope::EachColumn => Place::Column(at.column),
                Scope::Once => Place::Once,
            },
        }
    }
}

/// Does a condition hold?
pub fn holds(world: &World<'_>, site: &Site, ex: &Ex, policy: Policy) -> Outcome<bool> {
    match value(world, site, ex, policy)? {
        Some(Value::Flag(flag)) => Ok(flag),
        Some(Value::Number(number)) => Ok(number != exact::whole(0)),
        Some(_) => Err(Lack::Broken),
        None => Err(Lack::Blank),
    }
}

/// The figure of an expression.
pub fn number(world: &World<'_>, site: &Site, ex: &Ex, policy: Policy) -> Outcome<Q> {
    match value(world, site, ex, policy)? {
        Some(Value::Number(number)) => Ok(number),
        Some(Value::Flag(flag)) => Ok(exact::whole(i64::from(flag))),
        Some(_) => Err(Lack::Broken),
        None if policy != Policy::SkipAny => Ok(exact::whole(0)),
        None => Err(Lack::Blank),
    }
}

fn value(world: &World<'_>, site: &Site, ex: &Ex, policy: Policy) -> Outcome<Option<Value>> {
    let figure = |ex: &Ex| number(world, site, ex, policy);
    match ex {
        Ex::Number(number) => Ok(Some(Value::Number(number.clone()))),
        Ex::Word(word) => Ok(Some(Value::Text(word.clone()))),
        Ex::Name(name) => {
            let cells = cells(world, site, name, false)?;
            let [at] = cells.as_slice() else {
                return Err(Lack::Absent);
            };
            match read(world, *at)? {
                None if policy == Policy::SkipAny => Err(Lack::Blank),
                value => Ok(value),
            }
        }
        Ex::Op(operator, left, right) => {
            let (left, right) = (figure(left)?, figure(right)?);
            Ok(Some(Value::Number(match operator {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                _ if right == exact::whole(0) => return Err(Lack::Broken),
                _ => left / right,
            })))
        }
        Ex::Compare(order, left, right) => {
            let side = |ex: &Ex| match value(world, site, ex, policy)? {
                Some(value) => Ok(value),
                None if policy != Policy::SkipAny => Ok(Value::Number(exact::whole(0))),
                None => Err(Lack::Blank),
            };
            compare(*order, &side(left)?, &side(right)?).map(|holds| Some(Value::Flag(holds)))
        }
        Ex::Call(function, arguments) => call(world, site, *function, arguments, policy),
    }
}

fn compare(order: Order, left: &Value, right: &Value) -> Outcome<bool> {
    let ticked = |word: &str| word.trim().eq_ignore_ascii_case("x");
    let ordering = match (left, right) {
        (Value::Number(left), Value::Number(right)) => left.cmp(right),
        (Value::Text(left), Value::Text(right)) => left.to_lowercase().cmp(&right.to_lowercase()),
        (Value::Flag(left), Value::Flag(right)) => left.cmp(right),
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Flag(flag), Value::Text(word)) => flag.cmp(&ticked(word)),
        (Value::Text(word), Value::Flag(flag)) => ticked(word).cmp(flag),
        _ => return Err(Lack::Broken),
    };
    Ok(order.holds(ordering))
}

fn call(
    world: &World<'_>,
    site: &Site,
    function: Fun,
    arguments: &[Ex],
    policy: Policy,
) -> Outcome<Option<Value>> {
    let figure = |ex: &Ex| number(world, site, ex, policy);
    let truth = |ex: &Ex| holds(world, site, ex, policy);
    let count = |number: usize| Some(Value::Number(exact::whole(number.try_into().unwrap_or(0))));
    let round = |by: fn(&Q, u32) -> Q| {
        let decimals = exact::floor(&figure(&arguments[1])?);
        let decimals = u32::try_from(decimals).map_err(|_| Lack::Broken)?;
        Ok(Some(Value::Number(by(&figure(&arguments[0])?, decimals))))
    };
    let folded = || fold(world, site, arguments, policy);
    match function {
        Fun::Sum => Ok(exact::sum(&figures(&folded()?)).map(Value::Number)),
        Fun::Min => Ok(figures(&folded()?).into_iter().min().map(Value::Number)),
        Fun::Max => Ok(figures(&folded()?).into_iter().max().map(Value::Number)),
        Fun::Count => Ok(count(figures(&folded()?).len())),
        Fun::CountA => Ok(count(folded()?.len())),
        Fun::CountIf => {
            let wanted = value(world, site, &arguments[1], policy)?.ok_or(Lack::Blank)?;
            let cells = fold(world, site, &arguments[..1], policy)?;
            let equal = |cell: &&Value| compare(Order::Equal, cell, &wanted) == Ok(true);
            Ok(count(cells.iter().filter(equal).count()))
        }
        Fun::SumIfs => sum_where(world, site, arguments),
        Fun::Abs => {
            let number = figure(&arguments[0])?;
            let size = if number < exact::whole(0) {
                -number
            } else {
                number
            };
            Ok(Some(Value::Number(size)))
        }
        Fun::Round => round(exact::rounded),
        Fun::RoundDown => round(exact::truncated),
        Fun::If => {
            let branch = if truth(&arguments[0])? { 1 } else { 2 };
            value(world, site, &arguments[branch], policy)
        }
        Fun::And => junction(arguments.iter().map(truth), false),
        Fun::Or => junction(arguments.iter().map(truth), true),
        Fun::Not => Ok(Some(Value::Flag(!truth(&arguments[0])?))),
        Fun::IsBlank => is_blank(world, site, &arguments[0]),
        Fun::Prev | Fun::PrevYear | Fun::Ytd => {
            let Ex::Name(name) = &arguments[0] else {
                return Err(Lack::Broken);
            };
            let cells = cells(world, site, name, false)?;
            let [at] = cells.as_slice() else {
                return Err(Lack::Absent);
            };
            reach(world, site, function, *at).map(Some)
        }
    }
}

/// One argument that decides is enough, whatever is unknown of the others.
fn junction(parts: impl Iterator<Item = Outcome<bool>>, deciding: bool) -> Outcome<Option<Value>> {
    let mut lack = None;
    for part in parts {
        match part {
            Ok(truth) if truth == deciding => return Ok(Some(Value::Flag(deciding))),
            Ok(_) => {}
            Err(why) => lack = lack.or(Some(why)),
        }
    }
    lack.map_or(Ok(Some(Value::Flag(!deciding))), Err)
}

fn is_blank(world: &World<'_>, site: &Site, ex: &Ex) -> Outcome<Option<Value>> {
    let Ex::Name(name) = ex else {
        return Err(Lack::Broken);
    };
    let cells = cells(world, site, name, false)?;
    let [at] = cells.as_slice() else {
        return Err(Lack::Absent);
    };
    let blank = matches!(read(world, *at)?, None | Some(Value::Flag(false)));
    Ok(Some(Value::Flag(blank)))
}

fn sum_where(world: &World<'_>, site: &Site, arguments: &[Ex]) -> Outcome<Option<Value>> {
    let [Ex::Name(numbers), Ex::Name(texts), Ex::Word(wanted)] = arguments else {
        return Err(Lack::Broken);
    };
    let (numbers, texts) = (
        cells(world, site, numbers, true)?,
        cells(world, site, texts, true)?,
    );
    let mut chosen = Vec::new();
    for text in texts {
        let same_row = numbers.iter().find(|number| number.row == text.row);
        let (Some(number), State::Value(Value::Text(word))) = (same_row, world.cell(text)) else {
            continue;
        };
        let (word, wanted) = (word.to_lowercase(), wanted.to_lowercase());
        let matches = match wanted.strip_suffix('*') {
            Some(start) => word.starts_with(start),
            None => word == wanted,
        };
        if matches {
            chosen.extend(world.cell(*number).number().cloned());
        }
    }
    Ok(exact::sum(&chosen).map(Value::Number))
}

/// The values of all arguments, blanks left out.
fn fold(world: &World<'_>, site: &Site, arguments: &[Ex], policy: Policy) -> Outcome<Vec<Value>> {
    let mut values = Vec::new();
    for argument in arguments {
        match argument {
            Ex::Name(name) => {
                for at in cells(world, site, name, true)? {
                    match read(world, at) {
                        Err(Lack::Absent) => {}
                        value => values.extend(value?),
                    }
                }
            }
            Ex::Call(function @ (Fun::Prev | Fun::PrevYear | Fun::Ytd), inner) => {
                let [Ex::Name(name)] = inner.as_slice() else {
                    return Err(Lack::Broken);
                };
                values.extend(super::past::column(world, site, *function, name)?);
            }
            other => values.extend(value(world, site, other, policy)?),
        }
    }
    Ok(values)
}

fn figures(values: &[Value]) -> Vec<Q> {
    let number = |value: &Value| match value {
        Value::Number(number) => Some(number.clone()),
        _ => None,
    };
    values.iter().filter_map(number).collect()
}

/// The value of a cell; `None` for a blank. A box left blank is not ticked.
fn read(world: &World<'_>, at: At) -> Outcome<Option<Value>> {
    let row = match at.row {
        RowAt::Row(row) => row,
        RowAt::Total => 0,
    };
    let field = world.campaign.forms[at.form].field(row, at.column);
    let field = field.ok_or(Lack::Absent)?;
    match world.cell(at) {
        State::Absent => Err(Lack::Absent),
        State::Value(value) => Ok(Some(value)),
        State::Blank if *field.kind == Type::Flag => Ok(Some(Value::Flag(false))),
        // A total is of figures; that nothing was added up does not make it 0.
        State::Blank if field.blank == super::spec::Blank::Zero && at.row != RowAt::Total => {
            Ok(Some(Value::Number(exact::whole(0))))
        }
        State::Blank => Ok(None),
    }
}

/// A figure of closed periods.
fn reach(world: &World<'_>, site: &Site, function: Fun, at: At) -> Outcome<Value> {
    if at.row == RowAt::Total {
        return Err(Lack::Past);
    }
    let one = |time: Time| super::past::of_row(world, at, time, site.time).ok_or(Lack::Past);
    let step = world.campaign.step;
    match function {
        Fun::Prev => one(site.time - 1),
        Fun::PrevYear => one(site.time - step.a_year()),
        _ => {
            let mut sum = exact::whole(0);
            for time in step.earlier(site.time) {
                match one(time)? {
                    Value::Number(number) => sum += number,
                    _ => return Err(Lack::Past),
                }
            }
            Ok(Value::Number(sum))
        }
    }
}

/// The cells a name means. `folded`: in a function that takes all cells of a column.
pub fn cells(world: &World<'_>, site: &Site, name: &Name, folded: bool) -> Outcome<Vec<At>> {
    let campaign = world.campaign;
    let form = match &name.form {
        Some(id) => {
            let form = campaign.form(id).ok_or(Lack::Form)?;
            if !campaign.files(site.unit, form, site.time) {
                return Err(Lack::Form);
            }
            form
        }
        None => site.form,
    };
    let of = &campaign.forms[form];
    let at = |row, column| At {
        unit: site.unit,
        time: site.time,
        form,
        row,
        column,
    };
    let fixed = |row| RowAt::Row(row);
    let cells = match &name.path {
        Path::Cell(row, column) => {
            let (row, column) = (of.row(row), of.column(column));
            let (row, column) = row.zip(column).ok_or(Lack::Absent)?;
            vec![at(fixed(row), column)]
        }
        Path::One(id) => match (of.column(id), of.row(id), site.place) {
            (Some(column), _, Place::Row(row)) if !folded && name.form.is_none() => {
                vec![at(row, column)]
            }
            (Some(column), ..) => {
                let rows = 0..world.rows(site.unit, site.time, form);
                rows.map(|row| at(fixed(row), column)).collect()
            }
            (None, Some(row), Place::Column(column)) => vec![at(fixed(row), column)],
            (None, Some(row), _) => {
                let columns = 0..of.columns.len();
                columns.map(|column| at(fixed(row), column)).collect()
            }
            (None, None, _) => return Err(Lack::Absent),
        },
        Path::Range(first, last) => match site.place {
            Place::Row(row) => {
                let (first, last) = ends(of.column(first), of.column(last))?;
                (first..=last).map(|column| at(row, column)).collect()
            }
            Place::Column(column) => {
                let (first, last) = ends(of.row(first), of.row(last))?;
                (first..=last).map(|row| at(fixed(row), column)).collect()
            }
            Place::Once => return Err(Lack::Absent),
        },
    };
    Ok(cells)
}

fn ends(first: Option<usize>, last: Option<usize>) -> Outcome<(usize, usize)> {
    first.zip(last).ok_or(Lack::Absent)
}
