//! The names of a form's expression put back into cell addresses: a live formula, and the result
//! it has. Only what a ratio needs; anything else is written as a figure.

use crate::model::{CellAddress, Number};
use crate::schema::Form;
use crate::schema::evaluate::round;
use crate::schema::expression::{Expr, Function, Name, Operator, Path};
use crate::schema::field::Field;
use crate::schema::form::Rounding;

/// A cell a formula may name: where it is and what it holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Operand {
    /// The cell.
    pub at: CellAddress,
    /// The figure in it; `None` for a blank.
    pub number: Option<Number>,
}

/// A live formula and its result.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// As Excel takes it, with its `=`.
    pub formula: String,
    /// What it yields; `None` if it shows nothing.
    pub result: Option<Number>,
}

/// `=IF(COUNT(cells)=0,"",SUM(cells))`: the sum, blank as long as everything is blank.
/// `decimals` are those the figures have; with any, the sum is rounded to them, because doubles
/// of decimal figures do not add up exactly.
pub fn sum(cells: &str, decimals: u32, result: Option<Number>) -> Live {
    let folded = match decimals {
        0 => format!("SUM({cells})"),
        decimals => format!("ROUND(SUM({cells}),{decimals})"),
    };
    Live {
        formula: format!("=IF(COUNT({cells})=0,\"\",{folded})"),
        result,
    }
}

/// How many cells of a range are ticked. A form nobody filed has no count, not zero.
pub fn ticked(cells: &str, result: Option<Number>) -> Live {
    let count = format!("COUNTIF({cells},\"x\")");
    let formula = match result {
        Some(_) => format!("={count}"),
        None => format!("=IF({count}=0,\"\",{count})"),
    };
    Live { formula, result }
}

/// The percentage a field declares, from the cells of its operands; `None` if its expressions
/// are not plain enough for a formula, or an operand has no cell here.
pub fn ratio(field: &Field, operand: &dyn Fn(&Name) -> Option<Operand>) -> Option<Live> {
    let ratio = field.ratio.as_ref()?;
    let mut cells = Vec::new();
    let numerator = arithmetic(&ratio.numerator, operand, &mut cells)?;
    let denominator = arithmetic(&ratio.denominator, operand, &mut cells)?;
    let round_name = match field.rounding {
        Rounding::HalfUp => "ROUND",
        Rounding::Truncate => "ROUNDDOWN",
    };
    let result = match (numerator.value, denominator.value) {
        (Some(numerator), Some(denominator)) => (numerator * Number::ONE_HUNDRED)
            .checked_div(denominator)
            .map(|percent| round(percent, field.decimals, field.rounding)),
        _ => None,
    };
    let (n, d) = (numerator.text, denominator.text);
    let addresses: Vec<String> = cells.iter().map(CellAddress::to_string).collect();
    let filled = format!("COUNT({})<{}", addresses.join(","), addresses.len());
    let formula = format!(
        "=IF({filled},\"\",IF({d}=0,\"\",{round_name}(100*{n}/{d},{})))",
        field.decimals
    );
    Some(Live { formula, result })
}

/// The cell a plain name means, seen from a cell of the form: a column name in its row, a row
/// name in its column.
pub fn neighbour(
    form: &Form,
    name: &Name,
    row: Option<usize>,
    column: usize,
) -> Option<(Option<usize>, usize)> {
    if name.form.is_some() {
        return None;
    }
    match &name.path {
        Path::One(id) => match (form.column(id), form.row(id)) {
            (Some(column), _) => Some((row, column)),
            (None, Some(row)) => Some((Some(row), column)),
            (None, None) => None,
        },
        Path::Cell { row, column } => Some((Some(form.row(row)?), form.column(column)?)),
        Path::Range { .. } => None,
    }
}

struct Term {
    text: String,
    value: Option<Number>,
}

fn arithmetic(
    expr: &Expr,
    operand: &dyn Fn(&Name) -> Option<Operand>,
    cells: &mut Vec<CellAddress>,
) -> Option<Term> {
    match expr {
        Expr::Number(number) => Some(Term {
            text: number.to_string(),
            value: Some(*number),
        }),
        Expr::Name(name) => {
            let operand = operand(name)?;
            if !cells.contains(&operand.at) {
                cells.push(operand.at);
            }
            Some(Term {
                text: operand.at.to_string(),
                value: operand.number,
            })
        }
        Expr::Negate(inner) => {
            let inner = arithmetic(inner, operand, cells)?;
            Some(Term {
                text: format!("(-{})", inner.text),
                value: inner.value.map(|value| -value),
            })
        }
        Expr::Binary(operator, left, right) => {
            let left = arithmetic(left, operand, cells)?;
            let right = arithmetic(right, operand, cells)?;
            combine(*operator, &left, &right)
        }
        Expr::Call(Function::Sum, arguments) => {
            let mut terms = arguments
                .iter()
                .map(|argument| arithmetic(argument, operand, cells));
            let first = terms.next()??;
            terms.try_fold(first, |sum, term| combine(Operator::Add, &sum, &term?))
        }
        Expr::Call(..) | Expr::Text(_) | Expr::Flag(_) => None,
    }
}

fn combine(operator: Operator, left: &Term, right: &Term) -> Option<Term> {
    let both = left.value.zip(right.value);
    let value = match operator {
        Operator::Add => both.and_then(|(a, b)| a.checked_add(b)),
        Operator::Subtract => both.and_then(|(a, b)| a.checked_sub(b)),
        Operator::Multiply => both.and_then(|(a, b)| a.checked_mul(b)),
        // A quotient inside a quotient could divide by zero where the outer test does not look.
        Operator::Divide | Operator::Compare(_) => return None,
    };
    Some(Term {
        text: format!("({}{}{})", left.text, operator.symbol(), right.text),
        value,
    })
}
