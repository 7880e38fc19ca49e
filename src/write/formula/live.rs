//! The names of a form's expression put back into cell addresses: a live formula, and the result
//! it has. Only what a ratio needs; anything else is written as a figure.

use super::ratio;
use crate::model::{CellAddress, Number};
use crate::schema::expression::{Function, Name, Operator};
use crate::schema::ratio::RatioCell;
use crate::schema::resolve::FieldRef;
use crate::schema::rule::fold::{Algebra, Read};

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

/// A percentage or another ratio from the cells of its operands in the row of totals where it is shown; `None` if its
/// expressions are not plain enough for a formula, or an operand has no cell there.
pub fn ratio<'f>(
    of: &RatioCell<'f>,
    operand: &dyn Fn(&FieldRef<'f>) -> Option<Operand>,
) -> Option<Live> {
    let mut written = Arithmetic {
        of,
        operand,
        cells: Vec::new(),
    };
    let numerator = of.numerator().fold(&mut written)?;
    let denominator = of.denominator().fold(&mut written)?;
    let addresses: Vec<String> = written.cells.iter().map(CellAddress::to_string).collect();
    let lacking = format!("COUNT({})<{}", addresses.join(","), addresses.len());
    let texts = (&*numerator.text, &*denominator.text);
    Some(Live {
        formula: ratio::formula(of, texts, vec![lacking]),
        result: numerator
            .value
            .zip(denominator.value)
            .and_then(|both| of.of(both)),
    })
}

struct Term {
    text: String,
    value: Option<Number>,
}

/// Writes sums and products of operands.
struct Arithmetic<'o, 'f> {
    of: &'o RatioCell<'f>,
    operand: &'o dyn Fn(&FieldRef<'f>) -> Option<Operand>,
    /// Every cell named, once.
    cells: Vec<CellAddress>,
}

impl<'e> Algebra<'e> for Arithmetic<'_, '_> {
    type Out = Option<Term>;

    fn number(&mut self, number: Number) -> Option<Term> {
        Some(Term {
            text: number.to_string(),
            value: Some(number),
        })
    }

    fn text(&mut self, _: &'e str) -> Option<Term> {
        None
    }

    fn flag(&mut self, _: bool) -> Option<Term> {
        None
    }

    fn name(&mut self, read: Read<'e>) -> Option<Term> {
        let operand = (self.operand)(&self.of.cell(read)?)?;
        if !self.cells.contains(&operand.at) {
            self.cells.push(operand.at);
        }
        Some(Term {
            text: operand.at.to_string(),
            value: operand.number,
        })
    }

    fn units(&mut self, _: &'e Name) -> Option<Term> {
        None
    }

    fn negate(&mut self, inner: Option<Term>) -> Option<Term> {
        let inner = inner?;
        Some(Term {
            text: format!("(-{})", inner.text),
            value: inner.value.map(|value| -value),
        })
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: Option<Term>,
        right: Option<Term>,
    ) -> Option<Term> {
        combine(operator, &left?, &right?)
    }

    fn call(&mut self, function: Function, arguments: Vec<Option<Term>>) -> Option<Term> {
        let mut terms = arguments.into_iter();
        let first = terms.next()?.filter(|_| function == Function::Sum)?;
        terms.try_fold(first, |sum, term| combine(Operator::Add, &sum, &term?))
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
