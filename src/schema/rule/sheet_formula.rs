//! A workbook's own formula as a tree over cells, for those who ask what it says rather than what it
//! gives.

use formualizer_parse::{ASTNode, ASTNodeType, BinaryOperator, LiteralValue, UnaryOperator};

use super::expression::Operator;
use super::parser::reduce_operator;
use super::sheet_reference::{Cells, cells, parsed};
use crate::model::value::number_from_f64;
use crate::model::{CellAddress, Number};

/// Characters of a formula that is looked at.
const LONGEST: usize = 2_000;

/// A part of a formula.
#[derive(Debug, Clone, PartialEq)]
pub enum SheetFormula {
    /// A figure.
    Number(Number),
    /// Words.
    Text(String),
    /// Cells, first and last, of the sheet named or of the formula's own.
    Cells {
        /// Another sheet's name.
        sheet: Option<String>,
        /// Top left cell.
        first: CellAddress,
        /// Bottom right cell.
        last: CellAddress,
    },
    /// `-x`
    Negate(Box<SheetFormula>),
    /// `x + y`, `x = y`
    Binary(Operator, Box<SheetFormula>, Box<SheetFormula>),
    /// `SUM(x)`; the name in capitals.
    Call(String, Vec<SheetFormula>),
}

impl SheetFormula {
    /// Every range and cell that it reads.
    pub fn reads(&self) -> Vec<(CellAddress, CellAddress)> {
        match self {
            SheetFormula::Cells { first, last, .. } => vec![(*first, *last)],
            SheetFormula::Negate(inner) => inner.reads(),
            SheetFormula::Binary(_, left, right) => [left.reads(), right.reads()].concat(),
            SheetFormula::Call(_, args) => args.iter().flat_map(SheetFormula::reads).collect(),
            SheetFormula::Number(_) | SheetFormula::Text(_) => Vec::new(),
        }
    }

    /// The ranges and cells that it adds up, if that is all it does: `SUM(C5:C9)`, `C5+C9`.
    pub fn added(&self) -> Option<Vec<(CellAddress, CellAddress)>> {
        match self {
            SheetFormula::Cells { first, last, .. } => Some(vec![(*first, *last)]),
            SheetFormula::Binary(Operator::Add, left, right) => {
                let mut ranges = left.added()?;
                ranges.extend(right.added()?);
                Some(ranges)
            }
            SheetFormula::Call(name, args) => {
                let args = match (name.as_str(), args.as_slice()) {
                    ("SUM", args) | ("SUBTOTAL", [_, args @ ..]) => args,
                    _ => return None,
                };
                let ranges: Option<Vec<_>> = args.iter().map(SheetFormula::added).collect();
                Some(ranges?.concat())
            }
            _ => None,
        }
    }
}

/// Parses the formula of a cell, without its `=`: `C5:INDEX(C:C,ROW()-1)` and `OFFSET(C9,-1,0)` are
/// the cells that they are there. `None` if it is none, too long or deep, or has parts that are
/// neither arithmetic, texts put together, nor calls.
pub fn parse(formula: &str, cell: CellAddress) -> Option<SheetFormula> {
    read(&parsed(formula, LONGEST)?, cell)
}

/// Every range and cell that the formula of a cell reads, whatever it does with them. `None` if it is
/// no formula, too long or deep.
pub fn reads(formula: &str, cell: CellAddress) -> Option<Vec<(CellAddress, CellAddress)>> {
    let mut ranges = Vec::new();
    collect(&parsed(formula, LONGEST)?, cell, &mut ranges);
    Some(ranges)
}

fn collect(node: &ASTNode, own: CellAddress, ranges: &mut Vec<(CellAddress, CellAddress)>) {
    if let Some(SheetFormula::Cells { first, last, .. }) = read(node, own) {
        ranges.push((first, last));
        return;
    }
    match &node.node_type {
        ASTNodeType::UnaryOp { expr, .. } => collect(expr, own, ranges),
        ASTNodeType::BinaryOp { left, right, .. } => {
            collect(left, own, ranges);
            collect(right, own, ranges);
        }
        ASTNodeType::Function { args, .. } => {
            for arg in args {
                collect(arg, own, ranges);
            }
        }
        _ => {}
    }
}

fn read(node: &ASTNode, own: CellAddress) -> Option<SheetFormula> {
    if let Some(Cells { sheet, first, last }) = cells(node, own) {
        return Some(SheetFormula::Cells { sheet, first, last });
    }
    Some(match &node.node_type {
        ASTNodeType::Literal(literal) => match literal {
            LiteralValue::Int(int) => SheetFormula::Number((*int).into()),
            LiteralValue::Number(number) => SheetFormula::Number(number_from_f64(*number)?),
            LiteralValue::Text(text) => SheetFormula::Text(text.clone()),
            _ => return None,
        },
        ASTNodeType::UnaryOp { op, expr } => {
            let inner = read(expr, own)?;
            match op {
                UnaryOperator::Plus => inner,
                UnaryOperator::Minus => SheetFormula::Negate(Box::new(inner)),
                UnaryOperator::Percent => SheetFormula::Binary(
                    Operator::Divide,
                    Box::new(inner),
                    Box::new(SheetFormula::Number(Number::ONE_HUNDRED)),
                ),
                _ => return None,
            }
        }
        ASTNodeType::BinaryOp { op, left, right } => {
            let (left, right) = (read(left, own)?, read(right, own)?);
            match op {
                BinaryOperator::Concat => {
                    SheetFormula::Call("CONCATENATE".to_owned(), vec![left, right])
                }
                _ => SheetFormula::Binary(reduce_operator(*op)?, Box::new(left), Box::new(right)),
            }
        }
        ASTNodeType::Function { name, args } => {
            let args = args.iter().map(|arg| read(arg, own));
            let args = args.collect::<Option<Vec<_>>>()?;
            SheetFormula::Call(name.to_ascii_uppercase(), args)
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ranges(formula: &str) -> Option<Vec<String>> {
        let read = parse(formula, "C24".parse().unwrap())?.added()?;
        let range = |(first, last): &(CellAddress, CellAddress)| format!("{first}:{last}");
        Some(read.iter().map(range).collect())
    }

    #[test]
    fn ranges_up_to_the_row_above_are_seen_from_the_cell() {
        for formula in [
            "SUM(C16:INDEX(C:C,ROW()-1))",
            "SUM(C16:OFFSET(C24,-1,0))",
            "SUM(OFFSET(C15,1,0):OFFSET(C24,-1,0))",
            "SUM(C16:C23)",
        ] {
            let wanted = Some(vec!["C16:C23".to_owned()]);
            assert_eq!(ranges(formula), wanted, "{formula}");
        }
        for formula in ["SUM(C16:INDEX(C:D,3))", "SUM(OFFSET(C24,-30,0))"] {
            assert_eq!(ranges(formula), None, "{formula}");
        }
    }
}
