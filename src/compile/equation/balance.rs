//! Equations of which the left side is computed: "cột 2 + cột 3 = cột 1", "cột 2 + cột 3 = cột 4 + cột
//! 5".

use super::operand::{codes_in_brackets, join, relation};
use super::side::{Limits, Reader};
use super::token::Token;
use super::tree::{Equation, Node, Symbol};
use crate::schema::expression::{Comparison, Operator};

/// What stands behind the first side of a chain.
#[derive(Default)]
struct Behind {
    /// The sides, each with the relation before it; none for one that could not be read.
    sides: Vec<(Comparison, Option<Node>)>,
    limits: Limits,
    /// Where to go on.
    next: usize,
}

/// The equations of a chain of sides, the first of which is the tokens from `from` to the relation at
/// `at`; also where to go on. A single code is put on the left. Where every side is computed, the first
/// code of the first one is, and whatever else is on its side goes to the other. What cannot be turned
/// so is not read.
pub(super) fn balanced(
    tokens: &[Token],
    (from, to): (usize, usize),
    at: usize,
) -> (Vec<Equation>, usize) {
    let bracketed = codes_in_brackets(tokens, from);
    let mut before = Reader::new(&tokens[..to], from, bracketed);
    let first = before.sum(0).filter(|_| before.is_said_by(to));
    let behind = behind(tokens, at, bracketed);
    let unread = (
        Some(Symbol::code(None, "?")),
        Comparison::Equal,
        None,
        false,
    );
    let pairs = first.and_then(|first| pairs(first, &behind.sides));
    let turned = pairs.map_or_else(
        || vec![unread],
        |pairs| {
            let turned = pairs.into_iter();
            let turned =
                turned.map(|(left, how, right, balances)| (Some(left), how, Some(right), balances));
            turned.collect()
        },
    );
    let start = tokens.get(from).map_or(0, |first| first.start);
    let end = tokens.get(behind.next - 1).map_or(0, |last| last.end);
    let equation = |(left, relation, right, balances)| Equation {
        left,
        relation,
        right,
        except: behind.limits.0.clone(),
        only: behind.limits.1.clone(),
        balances,
        start,
        end,
    };
    (turned.into_iter().map(equation).collect(), behind.next)
}

/// Reads the sides behind the relation at `at`.
fn behind(tokens: &[Token], at: usize, bracketed: bool) -> Behind {
    let mut behind = Behind {
        next: at,
        ..Behind::default()
    };
    while let Some(how) = tokens
        .get(behind.next)
        .and_then(|sign| relation(&sign.kind))
    {
        let mut reader = Reader::new(tokens, behind.next + 1, bracketed);
        let side = reader.sum(0);
        let (side, limits) = reader.whole(side);
        behind.sides.push((how, side));
        behind.limits = limits;
        behind.next = reader.at.max(behind.next + 1);
    }
    behind
}

/// An equation with a code on its left, and whether that is one of several.
type Turned = (Symbol, Comparison, Node, bool);

/// What the sides say of each other; none if that cannot be told.
fn pairs(first: Node, behind: &[(Comparison, Option<Node>)]) -> Option<Vec<Turned>> {
    if let [(how, Some(other))] = behind {
        return Some(vec![pair(first, *how, other.clone())?]);
    }
    let mut sides = vec![first];
    for (how, side) in behind {
        sides.push(side.clone().filter(|_| *how == Comparison::Equal)?);
    }
    // "cột 2 + cột 3 = cột 4 + cột 5 = cột 1": the whole and what it is divided into.
    let whole = sides
        .iter()
        .position(|side| matches!(side, Node::Symbol(_)));
    let whole = sides.remove(whole.unwrap_or(0));
    let pairs = sides.into_iter();
    let pairs = pairs.map(|side| pair(whole.clone(), Comparison::Equal, side));
    pairs.collect()
}

/// Two sides with a code on the left.
fn pair(left: Node, how: Comparison, right: Node) -> Option<Turned> {
    match (left, right) {
        (Node::Symbol(symbol), right) => Some((symbol, how, right, false)),
        (left, Node::Symbol(symbol)) => Some((symbol, turned(how), left, false)),
        // Whether the period before is meant of one figure or of all is not clear.
        (left, right) if left.reads_the_past() || right.reads_the_past() => None,
        (left, right) => {
            let (symbol, rest) = solved(left, right)?;
            Some((symbol, how, rest, true))
        }
    }
}

fn turned(how: Comparison) -> Comparison {
    match how {
        Comparison::LessOrEqual => Comparison::GreaterOrEqual,
        Comparison::GreaterOrEqual => Comparison::LessOrEqual,
        how => how,
    }
}

/// The first code of a sum, and what it is if the sum is `other`; none of what is no sum.
fn solved(sum: Node, other: Node) -> Option<(Symbol, Node)> {
    match sum {
        Node::Symbol(symbol) => Some((symbol, other)),
        Node::Join(Operator::Add, first, rest) => {
            solved(*first, join(Operator::Subtract, other, *rest))
        }
        Node::Join(Operator::Subtract, first, rest) => {
            solved(*first, join(Operator::Add, other, *rest))
        }
        _ => None,
    }
}
