//! Rules as trees of their own, written out as the form language has them.

use std::fmt;

use super::exact::{self, Q};

/// An expression over names.
#[derive(Debug, Clone, PartialEq)]
pub enum Ex {
    /// A figure.
    Number(Q),
    /// Words.
    Word(String),
    /// A cell, column, row or range.
    Name(Name),
    /// `a + b`, `a - b`, `a * b`, `a / b`.
    Op(char, Box<Ex>, Box<Ex>),
    /// `a <= b`...
    Compare(Order, Box<Ex>, Box<Ex>),
    /// `SUM(a, b)`...
    Call(Fun, Vec<Ex>),
}

/// Comparisons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// Functions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fun {
    Sum,
    SumIfs,
    Count,
    CountA,
    CountIf,
    Min,
    Max,
    Abs,
    Round,
    RoundDown,
    If,
    And,
    Or,
    Not,
    IsBlank,
    Prev,
    PrevYear,
    Ytd,
}

/// What a name names, in the rule's own form or in another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// Another form of the same unit.
    pub form: Option<String>,
    /// What in it.
    pub path: Path,
}

/// A place in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Path {
    /// A column or a row.
    One(String),
    /// A cell: row, column.
    Cell(String, String),
    /// From a column or row to another.
    Range(String, String),
}

impl Ex {
    /// A column or row by its id.
    pub fn one(id: &str) -> Ex {
        Ex::Name(Name {
            form: None,
            path: Path::One(id.to_owned()),
        })
    }

    /// A cell.
    pub fn cell(row: &str, column: &str) -> Ex {
        Ex::Name(Name {
            form: None,
            path: Path::Cell(row.to_owned(), column.to_owned()),
        })
    }

    /// A range, for use in a function.
    pub fn range(first: &str, last: &str) -> Ex {
        Ex::Name(Name {
            form: None,
            path: Path::Range(first.to_owned(), last.to_owned()),
        })
    }

    /// A name of another form.
    pub fn of_form(form: &str, path: Path) -> Ex {
        Ex::Name(Name {
            form: Some(form.to_owned()),
            path,
        })
    }

    /// A whole number.
    pub fn whole(number: i64) -> Ex {
        Ex::Number(exact::whole(number))
    }

    /// A call.
    pub fn call(function: Fun, arguments: Vec<Ex>) -> Ex {
        Ex::Call(function, arguments)
    }

    /// `self <op> other`.
    pub fn op(self, operator: char, other: Ex) -> Ex {
        Ex::Op(operator, Box::new(self), Box::new(other))
    }

    /// `self <order> other`.
    pub fn compared(self, order: Order, other: Ex) -> Ex {
        Ex::Compare(order, Box::new(self), Box::new(other))
    }

    /// The parts added up, from the left.
    pub fn added(parts: Vec<Ex>) -> Ex {
        let sum = parts.into_iter().reduce(|sum, part| sum.op('+', part));
        sum.expect("a sum has parts")
    }

    /// Every name in it.
    pub fn names(&self) -> Vec<&Name> {
        let mut names = Vec::new();
        self.visit(&mut |ex| {
            if let Ex::Name(name) = ex {
                names.push(name);
            }
        });
        names
    }

    /// Does it call a function?
    pub fn calls(&self, wanted: Fun) -> bool {
        let mut found = false;
        self.visit(&mut |ex| {
            found |= matches!(ex, Ex::Call(function, _) if *function == wanted);
        });
        found
    }

    /// Does it reach into closed periods?
    pub fn is_past(&self) -> bool {
        [Fun::Prev, Fun::PrevYear, Fun::Ytd]
            .into_iter()
            .any(|function| self.calls(function))
    }

    fn visit<'a>(&'a self, see: &mut dyn FnMut(&'a Ex)) {
        see(self);
        match self {
            Ex::Number(_) | Ex::Word(_) | Ex::Name(_) => {}
            Ex::Op(_, left, right) | Ex::Compare(_, left, right) => {
                left.visit(see);
                right.visit(see);
            }
            Ex::Call(_, arguments) => arguments.iter().for_each(|ex| ex.visit(see)),
        }
    }
}

impl Fun {
    fn text(self) -> &'static str {
        match self {
            Fun::Sum => "SUM",
            Fun::SumIfs => "SUMIFS",
            Fun::Count => "COUNT",
            Fun::CountA => "COUNTA",
            Fun::CountIf => "COUNTIF",
            Fun::Min => "MIN",
            Fun::Max => "MAX",
            Fun::Abs => "ABS",
            Fun::Round => "ROUND",
            Fun::RoundDown => "ROUNDDOWN",
            Fun::If => "IF",
            Fun::And => "AND",
            Fun::Or => "OR",
            Fun::Not => "NOT",
            Fun::IsBlank => "ISBLANK",
            Fun::Prev => "PREV",
            Fun::PrevYear => "PREVYEAR",
            Fun::Ytd => "YTD",
        }
    }

    /// Do names among its arguments mean all their cells?
    pub fn folds(self) -> bool {
        matches!(
            self,
            Fun::Sum | Fun::SumIfs | Fun::Count | Fun::CountA | Fun::CountIf | Fun::Min | Fun::Max
        )
    }
}

impl Order {
    /// Does it hold between two values that order this way?
    pub fn holds(self, ordering: std::cmp::Ordering) -> bool {
        match self {
            Order::Equal => ordering.is_eq(),
            Order::NotEqual => ordering.is_ne(),
            Order::Less => ordering.is_lt(),
            Order::AtMost => ordering.is_le(),
            Order::More => ordering.is_gt(),
            Order::AtLeast => ordering.is_ge(),
        }
    }

    fn text(self) -> &'static str {
        match self {
            Order::Equal => "=",
            Order::NotEqual => "<>",
            Order::Less => "<",
            Order::AtMost => "<=",
            Order::More => ">",
            Order::AtLeast => ">=",
        }
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(form) = &self.form {
            write!(f, "{form}!")?;
        }
        match &self.path {
            Path::One(id) => f.write_str(id),
            Path::Cell(row, column) => write!(f, "{row}.{column}"),
            Path::Range(first, last) => write!(f, "{first}:{last}"),
        }
    }
}

/// Brackets only where they are needed, as people write.
impl fmt::Display for Ex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ex::Number(number) => f.write_str(&exact::text(number)),
            Ex::Word(word) => write!(f, "\"{word}\""),
            Ex::Name(name) => write!(f, "{name}"),
            Ex::Op(operator, left, right) => {
                inside(f, left, rank(self))?;
                write!(f, " {operator} ")?;
                inside(f, right, rank(self) + 1)
            }
            Ex::Compare(order, left, right) => {
                inside(f, left, 1)?;
                write!(f, " {} ", order.text())?;
                inside(f, right, 1)
            }
            Ex::Call(function, arguments) => {
                write!(f, "{}(", function.text())?;
                for (index, argument) in arguments.iter().enumerate() {
                    write!(f, "{}{argument}", if index > 0 { ", " } else { "" })?;
                }
                f.write_str(")")
            }
        }
    }
}

/// How tightly an expression holds together.
fn rank(ex: &Ex) -> u32 {
    match ex {
        Ex::Compare(..) => 0,
        Ex::Op('+' | '-', ..) => 1,
        Ex::Op(..) => 2,
        _ => 9,
    }
}

fn inside(f: &mut fmt::Formatter<'_>, ex: &Ex, least: u32) -> fmt::Result {
    if rank(ex) < least {
        write!(f, "({ex})")
    } else {
        write!(f, "{ex}")
    }
}
