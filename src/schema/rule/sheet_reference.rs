//! The cells that a part of a workbook's own formula is: `C5`, `C5:C9`, and those that are counted
//! from where the formula stands.

use formualizer_parse::parser::ReferenceType;
use formualizer_parse::{ASTNode, ASTNodeType, BinaryOperator, LiteralValue, UnaryOperator};

use crate::model::value::number_from_f64;
use crate::model::{CellAddress, Number};

/// Brackets within brackets.
const DEEPEST: usize = 24;

/// Cells of a sheet, all those between two corners.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cells {
    /// Another sheet's name.
    pub(super) sheet: Option<String>,
    /// Top left cell.
    pub(super) first: CellAddress,
    /// Bottom right cell.
    pub(super) last: CellAddress,
}

/// The tree of a workbook's own formula, without its `=`; `None` if it is none, has more than
/// `longest` bytes, or brackets within too many brackets.
pub(super) fn parsed(formula: &str, longest: usize) -> Option<ASTNode> {
    let mut depth = 0_usize;
    for c in formula.chars() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return None;
        }
    }
    if formula.is_empty() || formula.len() > longest {
        return None;
    }
    formualizer_parse::parse(format!("={formula}")).ok()
}

/// The cells that a part of the formula of the cell `own` is: `C5:INDEX(C:C,ROW()-1)` and
/// `OFFSET(C9,-1,0)` are those that they are there. `None` for everything else, and where there are
/// no such cells.
pub(super) fn cells(node: &ASTNode, own: CellAddress) -> Option<Cells> {
    match &node.node_type {
        ASTNodeType::Reference { reference, .. } => named(reference),
        ASTNodeType::BinaryOp {
            op: BinaryOperator::Range,
            left,
            right,
        } => between(cells(left, own)?, cells(right, own)?),
        ASTNodeType::Function { name, args } => {
            let (sheet, cell) = moved(&name.to_ascii_uppercase(), args, own)?;
            Some(Cells {
                sheet,
                first: cell,
                last: cell,
            })
        }
        _ => None,
    }
}

/// `x:y` between cells of one sheet.
fn between(from: Cells, to: Cells) -> Option<Cells> {
    let is_range = from.first.row <= to.last.row && from.first.column <= to.last.column;
    (is_range && to.sheet.is_none()).then_some(Cells {
        last: to.last,
        ..from
    })
}

/// The cell that `OFFSET(C9,-1,0)` or `INDEX(C:C,ROW()-1)` is, seen from the cell `own`.
fn moved(name: &str, args: &[ASTNode], own: CellAddress) -> Option<(Option<String>, CellAddress)> {
    let reference = |node: &ASTNode| match &node.node_type {
        ASTNodeType::Reference { reference, .. } => Some(reference.clone()),
        _ => None,
    };
    let u32_of = |number: i64| u32::try_from(number).ok();
    match (name, args) {
        ("OFFSET", [from, down, right]) => {
            let from = named(&reference(from)?)?;
            let row = i64::from(from.first.row).checked_add(whole(down, own)?)?;
            let column = i64::from(from.first.column).checked_add(whole(right, own)?)?;
            let cell = CellAddress::new(u32_of(row)?, u32_of(column)?);
            (from.first == from.last).then_some((from.sheet, cell))
        }
        ("INDEX", [of, row]) => match reference(of)? {
            ReferenceType::Range {
                sheet,
                start_row: None,
                end_row: None,
                start_col: Some(column),
                end_col: Some(last),
                ..
            } if column == last => {
                let row = u32_of(whole(row, own)?.checked_sub(1)?)?;
                Some((sheet, CellAddress::new(row, column.checked_sub(1)?)))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A whole number, or one counted from the row of the cell, from 1.
fn whole(node: &ASTNode, own: CellAddress) -> Option<i64> {
    match &node.node_type {
        ASTNodeType::Literal(LiteralValue::Int(int)) => Some(*int),
        ASTNodeType::Literal(LiteralValue::Number(number)) => {
            let number = number_from_f64(*number).filter(Number::is_integer)?;
            i64::try_from(number).ok()
        }
        ASTNodeType::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => whole(expr, own)?.checked_neg(),
        ASTNodeType::BinaryOp { op, left, right } => {
            let (left, right) = (whole(left, own)?, whole(right, own)?);
            match op {
                BinaryOperator::Add => left.checked_add(right),
                BinaryOperator::Subtract => left.checked_sub(right),
                _ => None,
            }
        }
        ASTNodeType::Function { name, args } if name.eq_ignore_ascii_case("ROW") => {
            args.is_empty().then(|| i64::from(own.row) + 1)
        }
        _ => None,
    }
}

/// The cells that a reference names; `None` for whole rows and columns, and for names.
fn named(reference: &ReferenceType) -> Option<Cells> {
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
    (first.row <= last.row && first.column <= last.column).then(|| Cells {
        sheet: sheet.clone(),
        first,
        last,
    })
}
