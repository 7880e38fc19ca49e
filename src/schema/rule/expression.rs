//! Rule text: an Excel expression over names in place of addresses.

use std::fmt;
use std::ops::Range;

pub use super::function::{Function, Past};
use crate::model::Number;

/// An expression over names.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// A figure written in the rule.
    Number(Number),
    /// Words written in the rule.
    Text(String),
    /// TRUE or FALSE.
    Flag(bool),
    /// A cell, row, column or range by name.
    Name(Name),
    /// `-x`.
    Negate(Box<Expr>),
    /// `x + y`, `x <= y`...
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// `SUM(x)`...
    Call(Function, Vec<Expr>),
}

/// A name in a rule: `form!row.column`, `row`, `column` or `first:last`.
#[derive(Debug, Clone, PartialEq)]
pub struct Name {
    /// Another form of the same unit.
    pub form: Option<String>,
    /// What is named in the form.
    pub path: Path,
    /// Its place in the rule text, in bytes.
    pub span: Range<usize>,
}

/// What a name names inside a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path {
    /// A column or a row.
    One(String),
    /// One cell of a fixed-row form.
    Cell { row: String, column: String },
    /// Rows or columns in form order, both ends included.
    Range { first: String, last: String },
}

impl Name {
    /// As written, without its form.
    pub fn bare(&self) -> String {
        self.path.to_string()
    }
}

impl Path {
    /// Ids of one column, row or cell; none of a range.
    pub fn ids(&self) -> Vec<&str> {
        match self {
            Path::One(id) => vec![id],
            Path::Cell { row, column } => vec![row, column],
            Path::Range { .. } => Vec::new(),
        }
    }

    /// Is it one cell of a fixed-row form?
    pub fn is_cell(&self) -> bool {
        matches!(self, Path::Cell { .. })
    }

    /// Is it several rows or columns in form order?
    pub fn is_range(&self) -> bool {
        matches!(self, Path::Range { .. })
    }

    /// Both ends of a range; of anything else the whole of it.
    pub fn ends(&self) -> (&str, Option<&str>) {
        match self {
            Path::One(id) => (id, None),
            Path::Cell { row, .. } => (row, None),
            Path::Range { first, last } => (first, Some(last)),
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Path::One(name) => f.write_str(name),
            Path::Cell { row, column } => write!(f, "{row}.{column}"),
            Path::Range { first, last } => write!(f, "{first}:{last}"),
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(form) = &self.form {
            write!(f, "{form}!")?;
        }
        self.path.fmt(f)
    }
}

/// Operators between two expressions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
    /// A comparison.
    Compare(Comparison),
}

impl Operator {
    /// As written in Excel.
    pub fn symbol(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
            Operator::Compare(comparison) => comparison.symbol(),
        }
    }
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

impl Comparison {
    /// Does it hold between two values that order this way?
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Comparison::Equal => ordering.is_eq(),
            Comparison::NotEqual => ordering.is_ne(),
            Comparison::Less => ordering.is_lt(),
            Comparison::LessOrEqual => ordering.is_le(),
            Comparison::Greater => ordering.is_gt(),
            Comparison::GreaterOrEqual => ordering.is_ge(),
        }
    }

    /// What holds where this does not.
    pub fn opposite(self) -> Comparison {
        match self {
            Comparison::Equal => Comparison::NotEqual,
            Comparison::NotEqual => Comparison::Equal,
            Comparison::Less => Comparison::GreaterOrEqual,
            Comparison::LessOrEqual => Comparison::Greater,
            Comparison::Greater => Comparison::LessOrEqual,
            Comparison::GreaterOrEqual => Comparison::Less,
        }
    }

    /// As written in Excel.
    pub fn symbol(self) -> &'static str {
        match self {
            Comparison::Equal => "=",
            Comparison::NotEqual => "<>",
            Comparison::Less => "<",
            Comparison::LessOrEqual => "<=",
            Comparison::Greater => ">",
            Comparison::GreaterOrEqual => ">=",
        }
    }
}
