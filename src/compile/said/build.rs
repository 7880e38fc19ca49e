//! Equations into rules over places.

use super::resolve::{Resolver, Unresolved};
use crate::compile::equation::{Equation, Node, Symbol, Which};
use crate::compile::rule::{Candidate, Evidence, Place, Source, Term};
use crate::compile::table::Table;
use crate::compile::words;
use crate::model::{Message, Number};
use crate::schema::FieldType;
use crate::schema::expression::{Comparison, Operator};

/// Why an equation is not adopted.
#[derive(Debug, Clone)]
pub(crate) enum Refused {
    /// It was not understood.
    Unread,
    /// It contradicts the table, or names what is not there.
    Asked(Message),
}

/// Where an equation is written.
#[derive(Clone, Copy)]
pub(crate) struct Context<'a> {
    pub(crate) resolver: Resolver<'a>,
    /// Codes without a word before them are those of columns or rows.
    pub(crate) which: Which,
}

/// The rule an equation says.
///
/// # Errors
/// The equation is not adopted.
pub(crate) fn rule(
    context: Context<'_>,
    equation: &Equation,
    evidence: Evidence,
) -> Result<Candidate, Refused> {
    let which = equation
        .left
        .as_ref()
        .and_then(|left| left.which)
        .unwrap_or(context.which);
    let context = Context { which, ..context };
    if equation.right.is_none() {
        return Err(Refused::Unread);
    }
    let left = match &equation.left {
        Some(symbol) => context.place(symbol)?,
        None => context.resolver.at.ok_or(Refused::Unread)?,
    };
    let right = equation.right.as_ref().ok_or(Refused::Unread)?;
    if evidence.source == Source::Prose && ends_in_the_past(right, &equation.left) {
        return Err(Refused::Asked(Message::new(
            "không rõ «kỳ trước» nói về số cuối hay về cả phép tính",
            "whether the previous period is meant of the last figure or of all is not clear",
        )));
    }
    let bound = bound(context, equation);
    let right = match bound {
        Some(figure) => Term::Number(figure),
        None => flat(term(context, right)?),
    };
    let mut named = Vec::new();
    right.places(&mut named);
    // "ngày 20/9 = 01 bản giấy": figures alone compute nothing.
    if named.is_empty() && bound.is_none() {
        return Err(Refused::Unread);
    }
    Ok(Candidate {
        left,
        relation: equation.relation,
        right,
        at: limits(context, left, equation)?,
        within_year: false,
        evidence: vec![evidence],
    })
}

/// The figure that bounds a column or row called so by a word: "cột 5 ≤ 100". It may be a code.
fn bound(context: Context<'_>, equation: &Equation) -> Option<Number> {
    let left = equation.left.as_ref();
    let is_called = left.is_some_and(|left| left.which.is_some());
    let is_bound = matches!(
        equation.relation,
        Comparison::LessOrEqual | Comparison::GreaterOrEqual
    );
    let right = equation.right.as_ref().filter(|_| is_called && is_bound)?;
    let figure: Option<Number> = match right {
        Node::Number(figure) => Some(*figure),
        Node::Symbol(code) | Node::Either(code, _) => {
            let is_bare = code.which.is_none() && !code.label && !code.bracketed;
            let is_place = context.resolver.place(code, context.which).is_ok();
            code.text.parse().ok().filter(|_| is_bare && !is_place)
        }
        _ => None,
    };
    // That nothing is below 0 goes without saying.
    figure.filter(|figure| !figure.is_zero())
}

/// "Cột 2 bằng cột 1 trừ cột 4 của kỳ trước": the last figure alone may be of the previous period, or
/// all of them. It is the last alone in "cột 6 = cột 5 + cột 6 kỳ trước", which goes on from period
/// to period, and where figures before it are said to be of some period, too.
fn ends_in_the_past(right: &Node, left: &Option<Symbol>) -> bool {
    let Node::Join(operator, before, last) = right else {
        return false;
    };
    let Node::Previous(symbol) = &**last else {
        return false;
    };
    let goes_on = left.as_ref().is_none_or(|left| left.text == symbol.text);
    *operator == Operator::Subtract && !goes_on && !before.reads_the_past()
}

impl Context<'_> {
    fn place(&self, symbol: &Symbol) -> Result<Place, Refused> {
        self.resolver.place(symbol, self.which).map_err(|why| {
            let label = matches!(why, Unresolved::Unknown(_)) && symbol.label;
            // "Cột 4 >= 0" is about no other figure.
            match label || symbol.text == "0" {
                true => Refused::Unread,
                false => Refused::Asked(why.message(symbol.which.unwrap_or(self.which))),
            }
        })
    }
}

fn term(context: Context<'_>, node: &Node) -> Result<Term, Refused> {
    Ok(match node {
        Node::Number(number) => Term::Number(*number),
        Node::Symbol(symbol) => Term::At(context.place(symbol)?),
        // In `4/3*100` the last is a code only if there is one.
        Node::Either(symbol, number) => match context.resolver.place(symbol, context.which) {
            Ok(place) => Term::At(place),
            Err(_) => Term::Number(*number),
        },
        Node::Share(symbol, number) => {
            let hundred = Term::Number(Number::ONE_HUNDRED);
            let place = context.resolver.place(symbol, context.which).ok();
            let place = place.filter(|place| holds_percentages(context.resolver.table, *place));
            let of = place.map_or(Term::Number(*number), Term::At);
            match of {
                Term::Number(number) => Term::Number(
                    number
                        .checked_div(Number::ONE_HUNDRED)
                        .ok_or(Refused::Unread)?
                        .normalize(),
                ),
                of => Term::join(Operator::Divide, of, hundred),
            }
        }
        Node::Previous(symbol) => Term::Previous(context.place(symbol)?),
        Node::Negate(inner) => Term::Negate(Box::new(term(context, inner)?)),
        Node::Join(operator, left, right) => {
            Term::join(*operator, term(context, left)?, term(context, right)?)
        }
        Node::Through(first, last) => through(context, first, last)?,
    })
}

fn holds_percentages(table: &Table, place: Place) -> bool {
    match place {
        Place::Column(column) => table.columns[column].kind == FieldType::Percent,
        Place::Row(row) => words::is_percent(&table.rows[row].label.text),
        Place::Cell(..) | Place::Other(_) => false,
    }
}

/// The places of `2+3+...+7`, in the order of the form.
fn through(context: Context<'_>, first: &[Symbol], last: &Symbol) -> Result<Term, Refused> {
    let mut places = Vec::new();
    for symbol in first {
        places.push(context.place(symbol)?);
    }
    let index = |place: Place| match place {
        Place::Column(at) | Place::Row(at) | Place::Cell(at, _) | Place::Other(at) => at,
    };
    let step = match places.as_slice() {
        [.., one, two] => index(*two).checked_sub(index(*one)),
        _ => Some(1),
    };
    let end = context.place(last)?;
    let from = places.last().map_or(0, |place| index(*place));
    let unclear = || {
        Refused::Asked(Message::new(
            "không rõ dấu ba chấm thay cho những số nào",
            "what the dots stand for is not clear",
        ))
    };
    let step = step.filter(|step| *step > 0).ok_or_else(unclear)?;
    if index(end) <= from || !(index(end) - from).is_multiple_of(step) {
        return Err(unclear());
    }
    for at in (from + step..=index(end)).step_by(step) {
        places.push(match end {
            Place::Column(_) => Place::Column(at),
            _ => Place::Row(at),
        });
    }
    Ok(Term::Sum(places))
}

/// A sum of places only, as one; anything else as it is.
pub(crate) fn flat(term: Term) -> Term {
    match term.plain_sum() {
        Some(places) if !term.rounds() => Term::sum_of(places),
        _ => match term {
            Term::Join(operator, left, right) => {
                let (left, right) = (flat(*left), flat(*right));
                match (operator, &left, &right) {
                    (Operator::Add, Term::Number(zero), _) if zero.is_zero() => right,
                    _ => Term::join(operator, left, right),
                }
            }
            Term::Negate(inner) => Term::Negate(Box::new(flat(*inner))),
            Term::Round(inner, digits) => Term::Round(Box::new(flat(*inner)), digits),
            term => term,
        },
    }
}

/// The rows (of a rule over columns) or columns where an equation applies, if not everywhere.
fn limits(
    context: Context<'_>,
    left: Place,
    equation: &Equation,
) -> Result<Option<Vec<usize>>, Refused> {
    if equation.except.is_empty() && equation.only.is_empty() {
        return Ok(None);
    }
    let other = match left {
        Place::Column(_) => Which::Row,
        _ => Which::Column,
    };
    let context = Context {
        which: other,
        ..context
    };
    let indices = |symbols: &[Symbol]| -> Result<Vec<usize>, Refused> {
        let index = |symbol| match (context.place(symbol)?, other) {
            (Place::Row(at), Which::Row) | (Place::Column(at), Which::Column) => Ok(at),
            _ => Err(Refused::Unread),
        };
        symbols.iter().map(index).collect()
    };
    let (except, only) = (indices(&equation.except)?, indices(&equation.only)?);
    let table = context.resolver.table;
    let all: Vec<usize> = match other {
        Which::Row => (0..table.rows.len()).collect(),
        Which::Column => (0..table.columns.len())
            .filter(|column| table.columns[*column].is_additive())
            .collect(),
    };
    let applies = |at: &usize| !except.contains(at) && (only.is_empty() || only.contains(at));
    Ok(Some(all.into_iter().filter(applies).collect()))
}
