//! A workbook's own formula as a tree over cells, for those who ask what it says rather than what it
//! gives.

use formualizer_parse::parser::ReferenceType;
use formualizer_parse::{ASTNode, ASTNodeType, LiteralValue, UnaryOperator};

use super::calculation::parsed;
use super::expression::Operator;
use super::parser::reduce_operator;
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

/// Parses a formula without its `=`; `None` if it is none, too long or deep, or has parts that are
/// neither arithmetic nor calls.
pub fn parse(formula: &str) -> Option<SheetFormula> {
    read(&parsed(formula, LONGEST)?)
}

fn read(node: &ASTNode) -> Option<SheetFormula> {
    Some(match &node.node_type {
        ASTNodeType::Literal(literal) => match literal {
            LiteralValue::Int(int) => SheetFormula::Number((*int).into()),
            LiteralValue::Number(number) => SheetFormula::Number(number_from_f64(*number)?),
            LiteralValue::Text(text) => SheetFormula::Text(text.clone()),
            _ => return None,
        },
        ASTNodeType::Reference { reference, .. } => cells(reference)?,
        ASTNodeType::UnaryOp { op, expr } => {
            let inner = read(expr)?;
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
        ASTNodeType::BinaryOp { op, left, right } => SheetFormula::Binary(
            reduce_operator(*op)?,
            Box::new(read(left)?),
            Box::new(read(right)?),
        ),
        ASTNodeType::Function { name, args } => {
            let args = args.iter().map(read).collect::<Option<Vec<_>>>()?;
            SheetFormula::Call(name.to_ascii_uppercase(), args)
        }
        _ => return None,
    })
}

fn cells(reference: &ReferenceType) -> Option<SheetFormula> {
    let at = |row: u32, column: u32| {
        Some(CellAddress::new(
            row.checked_sub(1)?,
            column.checked_sub(1)?,
        ))
    };
    let (sheet, first, last) = match reference {
        ReferenceType::Cell {
            sheet, row, col, ..
        } => (sheet, at(*row, *col)?, at(*row, *col)?),
        ReferenceType::Range {
            sheet,
            start_row,
            start_col,
            end_row,
            end_col,
            ..
        } => (
            sheet,
            at((*start_row)?, (*start_col)?)?,
            at((*end_row)?, (*end_col)?)?,
        ),
        _ => return None,
    };
    (first.row <= last.row && first.column <= last.column).then(|| SheetFormula::Cells {
        sheet: sheet.clone(),
        first,
        last,
    })
}
