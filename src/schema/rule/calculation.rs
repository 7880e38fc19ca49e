//! A workbook's own formula, computed again from the cells it reads: whether what the file stores is
//! what the formula gives. Only what totals and percentages are made of; anything else is not said.

use formualizer_parse::{ASTNode, ASTNodeType, BinaryOperator, LiteralValue, UnaryOperator};

use super::sheet_reference::{Cells, cells, parsed};
use crate::model::CellAddress;

/// What a cell holds, as far as formulas are concerned.
#[derive(Debug, Clone, PartialEq)]
pub enum Held {
    /// Nothing.
    Blank,
    /// A number.
    Number(f64),
    /// Words; a formula that shows nothing gives the empty text.
    Text(String),
    /// TRUE or FALSE.
    Flag(bool),
    /// `#DIV/0!` and its like.
    Error,
}

/// A formula, parsed.
#[derive(Debug)]
pub struct Calculation(ASTNode);

/// Characters of a formula that is looked at; nobody writes a longer one by hand.
const LONGEST: usize = 1_000;
/// Cells of a range that is read.
const MOST_CELLS: u64 = 20_000;

impl Calculation {
    /// Parses a formula without its `=`; `None` if it is none, or too long or deep to be computed.
    pub fn parse(formula: &str) -> Option<Calculation> {
        parsed(formula, LONGEST).map(Calculation)
    }

    /// What it gives in the cell `own` of the sheet named; `None` where it cannot be said. `cell` says
    /// what a cell of that sheet holds, `None` if that cannot be said.
    pub fn result(
        &self,
        sheet: &str,
        own: CellAddress,
        cell: &dyn Fn(CellAddress) -> Option<Held>,
    ) -> Option<Held> {
        Standing { sheet, own, cell }.value(&self.0)
    }
}

/// Where a formula stands.
struct Standing<'a> {
    sheet: &'a str,
    own: CellAddress,
    cell: &'a dyn Fn(CellAddress) -> Option<Held>,
}

impl Standing<'_> {
    fn value(&self, node: &ASTNode) -> Option<Held> {
        if let Some(cells) = cells(node, self.own) {
            return match self.listed(&cells)?.as_slice() {
                [one] => (self.cell)(*one),
                _ => None,
            };
        }
        match &node.node_type {
            ASTNodeType::Literal(literal) => literal_value(literal),
            ASTNodeType::UnaryOp { op, expr } => {
                let inner = number(&self.value(expr)?)?;
                Some(Held::Number(match op {
                    UnaryOperator::Plus => inner,
                    UnaryOperator::Minus => -inner,
                    UnaryOperator::Percent => inner / 100.0,
                    _ => return None,
                }))
            }
            ASTNodeType::BinaryOp { op, left, right } => {
                let (left, right) = (self.value(left)?, self.value(right)?);
                binary(*op, &left, &right)
            }
            ASTNodeType::Function { name, args } => self.call(&name.to_ascii_uppercase(), args),
            _ => None,
        }
    }

    fn call(&self, name: &str, args: &[ASTNode]) -> Option<Held> {
        match (name, args) {
            ("SUM", _) => {
                let figures = self.figures(args)?;
                Some(Held::Number(figures.iter().sum()))
            }
            ("AVERAGE", _) => {
                let figures = self.figures(args)?;
                let count = f64::from(u32::try_from(figures.len()).ok()?);
                Some(match figures.is_empty() {
                    true => Held::Error,
                    false => Held::Number(figures.iter().sum::<f64>() / count),
                })
            }
            ("MIN", _) => Some(Held::Number(self.extreme(args, f64::min)?)),
            ("MAX", _) => Some(Held::Number(self.extreme(args, f64::max)?)),
            ("COUNT", _) => {
                let count = u32::try_from(self.figures(args)?.len()).ok()?;
                Some(Held::Number(f64::from(count)))
            }
            ("ABS", [one]) => Some(Held::Number(number(&self.value(one)?)?.abs())),
            ("N", [one]) => Some(match self.value(one)? {
                Held::Number(number) => Held::Number(number),
                Held::Flag(flag) => Held::Number(f64::from(u8::from(flag))),
                Held::Error => Held::Error,
                Held::Blank | Held::Text(_) => Held::Number(0.0),
            }),
            ("ROUND", [one, decimals]) => {
                let (one, decimals) = (self.value(one)?, number(&self.value(decimals)?)?);
                if one == Held::Error {
                    return Some(Held::Error);
                }
                Some(Held::Number(rounded(number(&one)?, decimals)?))
            }
            ("IF", [condition, then, rest @ ..]) => match self.value(condition)? {
                Held::Flag(true) => self.value(then),
                Held::Flag(false) => match rest {
                    [other] => self.value(other),
                    _ => None,
                },
                Held::Error => Some(Held::Error),
                _ => None,
            },
            ("IFERROR", [one, other]) => match self.value(one)? {
                Held::Error => self.value(other),
                value => Some(value),
            },
            ("OR", _) => Some(Held::Flag(self.flags(args)?.contains(&true))),
            ("AND", _) => Some(Held::Flag(!self.flags(args)?.contains(&false))),
            ("NOT", [one]) => match self.value(one)? {
                Held::Flag(flag) => Some(Held::Flag(!flag)),
                _ => None,
            },
            _ => None,
        }
    }

    fn flags(&self, args: &[ASTNode]) -> Option<Vec<bool>> {
        let flag = |arg: &ASTNode| match self.value(arg)? {
            Held::Flag(flag) => Some(flag),
            _ => None,
        };
        args.iter().map(flag).collect()
    }

    fn extreme(&self, args: &[ASTNode], pick: fn(f64, f64) -> f64) -> Option<f64> {
        let figures = self.figures(args)?;
        Some(figures.into_iter().reduce(pick).unwrap_or(0.0))
    }

    /// The numbers among the arguments, as SUM takes them: cells with words are passed over.
    fn figures(&self, args: &[ASTNode]) -> Option<Vec<f64>> {
        let mut figures = Vec::new();
        for arg in args {
            let Some(cells) = cells(arg, self.own) else {
                figures.push(number(&self.value(arg)?)?);
                continue;
            };
            for address in self.listed(&cells)? {
                match (self.cell)(address)? {
                    Held::Number(number) => figures.push(number),
                    Held::Blank | Held::Text(_) | Held::Flag(_) => {}
                    Held::Error => return None,
                }
            }
        }
        Some(figures)
    }

    /// The cells one by one; `None` if they are of another sheet, or too many.
    fn listed(&self, of: &Cells) -> Option<Vec<CellAddress>> {
        let (first, last) = (of.first, of.last);
        let own = of.sheet.as_ref().is_none_or(|name| name == self.sheet);
        let rows = u64::from(last.row - first.row) + 1;
        let columns = u64::from(last.column - first.column) + 1;
        if !own || rows * columns > MOST_CELLS {
            return None;
        }
        let cells = (first.row..=last.row).flat_map(|row| {
            (first.column..=last.column).map(move |column| CellAddress::new(row, column))
        });
        Some(cells.collect())
    }
}

fn literal_value(literal: &LiteralValue) -> Option<Held> {
    Some(match literal {
        LiteralValue::Int(int) => Held::Number(f64::from(i32::try_from(*int).ok()?)),
        LiteralValue::Number(number) => Held::Number(*number),
        LiteralValue::Text(text) => Held::Text(text.clone()),
        LiteralValue::Boolean(flag) => Held::Flag(*flag),
        LiteralValue::Empty => Held::Blank,
        _ => return None,
    })
}

/// A value as an operand of arithmetic; words could be figures to Excel, which is not said here.
fn number(held: &Held) -> Option<f64> {
    match held {
        Held::Blank => Some(0.0),
        Held::Number(number) => Some(*number),
        Held::Flag(flag) => Some(f64::from(u8::from(*flag))),
        Held::Text(_) | Held::Error => None,
    }
}

fn binary(operator: BinaryOperator, left: &Held, right: &Held) -> Option<Held> {
    if *left == Held::Error || *right == Held::Error {
        return Some(Held::Error);
    }
    let compared = match operator {
        BinaryOperator::Equal => Some(same(left, right)?),
        BinaryOperator::NotEqual => Some(!same(left, right)?),
        _ => None,
    };
    if let Some(flag) = compared {
        return Some(Held::Flag(flag));
    }
    let (left, right) = (number(left)?, number(right)?);
    Some(match operator {
        BinaryOperator::Add => Held::Number(left + right),
        BinaryOperator::Subtract => Held::Number(left - right),
        BinaryOperator::Multiply => Held::Number(left * right),
        BinaryOperator::Divide if right == 0.0 => Held::Error,
        BinaryOperator::Divide => Held::Number(left / right),
        BinaryOperator::Less => Held::Flag(left < right),
        BinaryOperator::LessEqual => Held::Flag(left <= right),
        BinaryOperator::Greater => Held::Flag(left > right),
        BinaryOperator::GreaterEqual => Held::Flag(left >= right),
        _ => return None,
    })
}

/// As `=` compares: a blank is 0 beside a number and nothing beside words.
fn same(left: &Held, right: &Held) -> Option<bool> {
    Some(match (left, right) {
        (Held::Text(left), Held::Text(right)) => left.to_lowercase() == right.to_lowercase(),
        (Held::Text(text), Held::Blank) | (Held::Blank, Held::Text(text)) => text.is_empty(),
        (Held::Text(_), _) | (_, Held::Text(_)) => false,
        (left, right) => number(left)? == number(right)?,
    })
}

/// Half away from zero, as Excel does; `None` for decimals far out of use.
fn rounded(figure: f64, decimals: f64) -> Option<f64> {
    if decimals.fract() != 0.0 || !(0.0..=9.0).contains(&decimals) {
        return None;
    }
    let power = 10_f64.powf(decimals);
    let scaled = figure * power;
    // 2.675 is stored a little below; Excel rounds what it shows.
    Some((scaled + scaled.signum() * 1e-9 * scaled.abs().clamp(1.0, 1e3)).round() / power)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gives(formula: &str) -> Option<Held> {
        let cell = |at: CellAddress| {
            Some(match at.to_string().as_str() {
                "A1" => Held::Number(3.0),
                "A2" => Held::Number(4.0),
                "A3" => Held::Text("5".to_owned()),
                "A4" => Held::Error,
                _ => Held::Blank,
            })
        };
        let own = CellAddress::new(9, 0);
        Calculation::parse(formula)?.result("Trang", own, &cell)
    }

    #[test]
    fn totals_and_percentages_are_computed() {
        for (formula, figure) in [
            ("A1+A2", 7.0),
            ("SUM(A1:A3)", 7.0),
            ("SUM(Trang!A1:A2)*2-1", 13.0),
            ("ROUND(100*A1/(A1+A2),2)", 42.86),
            ("IF(OR(MIN(A1,A2)<0,COUNT(A1,A2)<2),\"\",(A1+A2))", 7.0),
            ("IFERROR(A1/B1,0)", 0.0),
            ("A1%", 0.03),
            ("AVERAGE(A1:A3)", 3.5),
            ("SUM(A1:INDEX(A:A,ROW()-7))", 7.0),
            ("SUM(OFFSET(A10,-9,0):A3)", 7.0),
        ] {
            assert_eq!(gives(formula), Some(Held::Number(figure)), "{formula}");
        }
        assert_eq!(
            gives("IF(COUNT(A1,B1)<2,\"\",A1)"),
            Some(Held::Text(String::new()))
        );
        assert_eq!(gives("A1/B1"), Some(Held::Error));
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        for formula in [
            "VLOOKUP(A1,A1:A3,1)",
            "A1+A3",
            "Khác!A1",
            "SUM(A1:A4)",
            "A1&A2",
            "SUM(A:A)",
            "",
            "(((",
        ] {
            assert_eq!(gives(formula), None, "{formula}");
        }
    }
}
