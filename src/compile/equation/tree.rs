//! What an equation says, before it is known what its codes name.

pub(crate) use super::token::Which;
use crate::model::Number;
use crate::schema::expression::{Comparison, Operator};

/// A code or label that names a row or column.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Symbol {
    /// What the word before it says it is.
    pub(crate) which: Option<Which>,
    /// The code (`3`, `I`, `01`) or the words of a label, as written.
    pub(crate) text: String,
    /// Is it words, to be found among labels?
    pub(crate) label: bool,
    /// Is it in brackets of its own, and therefore no figure?
    pub(crate) bracketed: bool,
}

/// One side of an equation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    /// A figure, because it cannot be a code where it is.
    Number(Number),
    /// A code that may be a figure: an operand of `*` or `/` without brackets around it.
    Either(Symbol, Number),
    /// `2%`: two hundredths, or those in the column with this code if that holds percentages.
    Share(Symbol, Number),
    /// A code.
    Symbol(Symbol),
    /// `2+3+...+7`: every code from one behind the first two to the last.
    Through(Vec<Symbol>, Symbol),
    /// What the code had in the previous period.
    Previous(Symbol),
    /// `-x`
    Negate(Box<Node>),
    /// `x + y`
    Join(Operator, Box<Node>, Box<Node>),
}

/// An equation in a text.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Equation {
    /// What is before the sign; `None` if nothing is: the row or column it is written at.
    pub(crate) left: Option<Symbol>,
    pub(crate) relation: Comparison,
    /// What is behind the sign; `None` if that could not be read.
    pub(crate) right: Option<Node>,
    /// Codes of rows or columns where it does not apply: "(trừ dòng 1 và dòng 2)".
    pub(crate) except: Vec<Symbol>,
    /// Codes of the only rows or columns where it applies: "(cột 1, 2, 4)"; all if there are none.
    pub(crate) only: Vec<Symbol>,
    /// Is the left side computed, too, so that the code on the left is one of several?
    pub(crate) balances: bool,
    /// Its place in the text, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Symbol {
    pub(super) fn code(which: Option<Which>, code: &str) -> Symbol {
        Symbol {
            which,
            text: code.to_owned(),
            label: false,
            bracketed: false,
        }
    }

    pub(super) fn words(text: String) -> Symbol {
        Symbol {
            which: None,
            text,
            label: true,
            bracketed: false,
        }
    }
}

impl Node {
    /// The codes and labels in it, in order.
    pub(crate) fn symbols(&self) -> Vec<&Symbol> {
        match self {
            Node::Number(_) => Vec::new(),
            Node::Either(symbol, _)
            | Node::Share(symbol, _)
            | Node::Symbol(symbol)
            | Node::Previous(symbol) => vec![symbol],
            Node::Through(first, last) => first.iter().chain([last]).collect(),
            Node::Negate(inner) => inner.symbols(),
            Node::Join(_, left, right) => [left.symbols(), right.symbols()].concat(),
        }
    }

    /// Is any of its figures of the previous period?
    pub(crate) fn reads_the_past(&self) -> bool {
        match self {
            Node::Previous(_) => true,
            Node::Negate(inner) => inner.reads_the_past(),
            Node::Join(_, left, right) => left.reads_the_past() || right.reads_the_past(),
            Node::Number(_) | Node::Either(..) | Node::Share(..) => false,
            Node::Symbol(_) | Node::Through(..) => false,
        }
    }
}
