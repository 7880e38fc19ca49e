//! What a formula tests before it computes: `IF(x=0,"",...)`, `IF(OR(x="",y=""),"",...)`,
//! `IF(COUNT(x:y)<2,"",...)`. Where the test holds the cell shows nothing.

use crate::compile::rule::Term;
use crate::model::Number;
use crate::schema::expression::{Comparison, Operator};
use crate::schema::rule::sheet_formula::SheetFormula;

/// Ways to show nothing that are looked at.
const MOST_WAYS: usize = 64;

/// What is zero or blank where a test holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Tested {
    /// A figure, or all figures of a sum.
    Zero(Term),
    /// Words, such as the name of a row that units add.
    Words,
    /// The term cannot be computed.
    Error(Term),
}

/// The ways in which nothing is shown: in each all that is listed is zero or blank at once.
pub(super) type Ways = Vec<Vec<Tested>>;

/// Reads the cells of a formula as a term; `None` where they hold no figures of the table.
pub(super) type Reader<'a> = &'a mut dyn FnMut(&SheetFormula) -> Option<Term>;

/// When a test that `holds` (or does not) shows nothing; `None` if it tests anything else than
/// whether there is something to compute with.
pub(super) fn nothing_if(test: &SheetFormula, holds: bool, read: Reader<'_>) -> Option<Ways> {
    match test {
        SheetFormula::Call(name, args) => match (name.as_str(), args.as_slice(), holds) {
            ("NOT", [inner], _) => nothing_if(inner, !holds, read),
            ("OR", tests, true) | ("AND", tests, false) => any(tests, holds, read),
            ("AND", tests, true) | ("OR", tests, false) => all(tests, holds, read),
            ("ISBLANK", [one], true) | ("ISNUMBER", [one], false) => Some(vec![zero(one, read)?]),
            ("ISERROR" | "ISERR" | "ISNA", [one], true) => {
                Some(vec![vec![Tested::Error(read(one)?)]])
            }
            (_, _, false) => Some(vec![zero(test, read)?]),
            _ => None,
        },
        SheetFormula::Binary(Operator::Compare(relation), left, right) => {
            let relation = match holds {
                true => *relation,
                false => opposite(*relation),
            };
            match (constant(left), constant(right)) {
                (None, Some(than)) => compared(left, relation, than, read),
                (Some(than), None) => compared(right, mirrored(relation), than, read),
                _ => None,
            }
        }
        // IF(x, ...): a figure by itself holds unless it is 0.
        other => match holds {
            true => None,
            false => Some(vec![zero(other, read)?]),
        },
    }
}

fn any(tests: &[SheetFormula], holds: bool, read: Reader<'_>) -> Option<Ways> {
    let mut ways = Vec::new();
    for test in tests {
        ways.extend(nothing_if(test, holds, read)?);
    }
    (ways.len() <= MOST_WAYS).then_some(ways)
}

fn all(tests: &[SheetFormula], holds: bool, read: Reader<'_>) -> Option<Ways> {
    let mut ways: Ways = vec![Vec::new()];
    for test in tests {
        let more = nothing_if(test, holds, read)?;
        let joined = |way: &Vec<Tested>| -> Ways {
            let with = |other: &Vec<Tested>| way.iter().chain(other).cloned().collect();
            more.iter().map(with).collect()
        };
        ways = ways.iter().flat_map(joined).collect();
        if ways.len() > MOST_WAYS {
            return None;
        }
    }
    Some(ways)
}

/// A figure or text that something is compared with.
fn constant(formula: &SheetFormula) -> Option<Number> {
    match formula {
        SheetFormula::Number(number) => Some(*number),
        SheetFormula::Text(text) if text.trim().is_empty() => Some(Number::ZERO),
        _ => None,
    }
}

/// What holds where a comparison does not.
pub(super) fn opposite(relation: Comparison) -> Comparison {
    match relation {
        Comparison::Equal => Comparison::NotEqual,
        Comparison::NotEqual => Comparison::Equal,
        Comparison::Less => Comparison::GreaterOrEqual,
        Comparison::GreaterOrEqual => Comparison::Less,
        Comparison::Greater => Comparison::LessOrEqual,
        Comparison::LessOrEqual => Comparison::Greater,
    }
}

/// A comparison seen from its right side.
pub(super) fn mirrored(relation: Comparison) -> Comparison {
    match relation {
        Comparison::Less => Comparison::Greater,
        Comparison::Greater => Comparison::Less,
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        same => same,
    }
}

fn compared(
    tested: &SheetFormula,
    relation: Comparison,
    than: Number,
    read: Reader<'_>,
) -> Option<Ways> {
    let counted = match tested {
        SheetFormula::Call(name, args) if name == "COUNT" || name == "COUNTA" => Some(args),
        _ => None,
    };
    let none = match relation {
        Comparison::Equal | Comparison::LessOrEqual => than.is_zero(),
        Comparison::Less => than == Number::ONE,
        _ => false,
    };
    match counted {
        // No figure at all, or one missing.
        Some(args) if none => {
            let blank = |arg| zero(arg, read);
            let parts: Option<Vec<Vec<Tested>>> = args.iter().map(blank).collect();
            Some(vec![parts?.concat()])
        }
        // Fewer than all of them: which are missing does not matter where nothing is shown.
        Some(_) if relation == Comparison::Less => Some(vec![Vec::new()]),
        Some(_) => None,
        // One of them below 0: which does not matter where nothing is shown.
        None if is_least(tested) && relation == Comparison::Less && than.is_zero() => {
            Some(vec![Vec::new()])
        }
        None => match (relation, than.is_zero()) {
            (Comparison::Equal | Comparison::LessOrEqual | Comparison::Less, true) => {
                Some(vec![zero(tested, read)?])
            }
            _ => None,
        },
    }
}

/// Is it the least of some figures?
fn is_least(tested: &SheetFormula) -> bool {
    matches!(tested, SheetFormula::Call(name, _) if name == "MIN")
}

/// What is zero if a tested formula is zero or blank.
fn zero(tested: &SheetFormula, read: Reader<'_>) -> Option<Vec<Tested>> {
    match tested {
        SheetFormula::Call(name, args) if matches!(name.as_str(), "TRIM" | "LEN" | "N" | "ABS") => {
            zero(args.first()?, read)
        }
        SheetFormula::Call(name, args) if name == "COUNT" || name == "COUNTA" => {
            let mut parts = Vec::new();
            for arg in args {
                parts.extend(zero(arg, read)?);
            }
            Some(parts)
        }
        SheetFormula::Cells { first, last, .. } if first == last => {
            Some(vec![read(tested).map_or(Tested::Words, Tested::Zero)])
        }
        SheetFormula::Cells { .. } => {
            let sum = SheetFormula::Call("SUM".to_owned(), vec![tested.clone()]);
            Some(vec![Tested::Zero(read(&sum)?)])
        }
        other => Some(vec![Tested::Zero(read(other)?)]),
    }
}

/// Is a term 0, or not to be computed, in a way to show nothing?
pub(super) fn vanishes(term: &Term, way: &[Tested]) -> bool {
    let tested = |term: &Term| {
        way.iter().any(|tested| match tested {
            Tested::Zero(zero) => same(zero, term) || holds(zero, term),
            Tested::Words => true,
            Tested::Error(error) => same(error, term),
        })
    };
    if tested(term) {
        return true;
    }
    match term {
        Term::Number(number) => number.is_zero(),
        Term::At(_) | Term::Previous(_) => false,
        Term::Negate(inner) | Term::Round(inner, _) => vanishes(inner, way),
        Term::Sum(places) => places.iter().all(|place| tested(&Term::At(*place))),
        Term::Join(operator, left, right) => match operator {
            // Without a numerator it is 0, without a denominator nothing.
            Operator::Multiply | Operator::Divide => vanishes(left, way) || vanishes(right, way),
            _ => vanishes(left, way) && vanishes(right, way),
        },
    }
}

fn same(one: &Term, other: &Term) -> bool {
    one == other
        || matches!((one.plain_sum(), other.plain_sum()), (Some(one), Some(other)) if one == other)
}

/// Is a single figure one of a sum that is 0? None of them is below 0.
fn holds(sum: &Term, term: &Term) -> bool {
    match (sum.plain_sum(), term) {
        (Some(places), Term::At(place)) => places.contains(place),
        _ => false,
    }
}
