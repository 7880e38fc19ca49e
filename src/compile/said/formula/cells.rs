//! A formula over the cells of a table as a term over its places.

use super::guard::{nothing_if, vanishes};
use crate::compile::page::Page;
use crate::compile::rule::{Place, Term};
use crate::compile::table::{Role, Table};
use crate::model::{CellAddress, Number};
use crate::schema::expression::Operator;
use crate::schema::rule::sheet_formula::SheetFormula;

/// Cells that one formula may read.
const MOST_CELLS: usize = 4_000;

/// Why a formula is no rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// It was not understood.
    Unread,
    /// It reads what is not in the table.
    Outside,
    /// It computes under a condition only, or in several ways.
    Conditional,
    /// It gives words.
    Words,
}

/// Reads formulas over the cells of a table as terms over places. In a table with free rows the
/// "row" of a place is the sheet row.
pub(super) struct Cells<'a, 'b> {
    page: &'a Page<'a>,
    table: &'a Table,
    others: &'a [&'a Table],
    taken: &'b mut Vec<String>,
    left: usize,
}

impl<'a, 'b> Cells<'a, 'b> {
    pub(super) fn new(
        page: &'a Page<'a>,
        table: &'a Table,
        others: &'a [&'a Table],
        taken: &'b mut Vec<String>,
    ) -> Cells<'a, 'b> {
        Cells {
            page,
            table,
            others,
            taken,
            left: MOST_CELLS,
        }
    }

    /// The place of a cell of the table to be filled.
    pub(super) fn place(&self, cell: CellAddress) -> Result<Place, Why> {
        let column = self.table.column_at(cell.column).ok_or(Why::Outside)?;
        if self.table.columns[column].role != Role::Value {
            return Err(Why::Outside);
        }
        let row = match self.table.lines {
            Some((first, last)) if (first..=last).contains(&cell.row) => {
                usize::try_from(cell.row).ok()
            }
            Some(_) => None,
            None => self.table.row_at(cell.row),
        };
        Ok(Place::Cell(row.ok_or(Why::Outside)?, column))
    }

    /// What a formula computes.
    pub(super) fn term(&mut self, formula: &SheetFormula) -> Result<Term, Why> {
        Ok(match formula {
            SheetFormula::Number(number) => Term::Number(*number),
            SheetFormula::Text(_) => return Err(Why::Words),
            SheetFormula::Cells { sheet, first, last } => match first == last {
                true => Term::At(self.any_place(sheet.as_deref(), *first)?),
                false => return Err(Why::Unread),
            },
            SheetFormula::Negate(inner) => Term::Negate(Box::new(self.term(inner)?)),
            SheetFormula::Binary(Operator::Compare(_), ..) => return Err(Why::Unread),
            SheetFormula::Binary(operator, left, right) => {
                Term::join(*operator, self.term(left)?, self.term(right)?)
            }
            SheetFormula::Call(name, args) => self.call(name, args)?,
        })
    }

    /// The place of a cell of this table or another.
    fn any_place(&mut self, sheet: Option<&str>, cell: CellAddress) -> Result<Place, Why> {
        let own = &*self.page.sheet.name;
        if sheet.is_none_or(|name| name == own) && self.table.holds(cell) {
            return self.place(cell);
        }
        let sheet = sheet.unwrap_or(own);
        let other = self
            .others
            .iter()
            .find(|other| other.sheet_name == sheet && other.holds(cell));
        let name = other
            .and_then(|other| name_of(other, cell))
            .ok_or(Why::Outside)?;
        let known = self.taken.iter().position(|one| *one == name);
        Ok(Place::Other(known.unwrap_or_else(|| {
            self.taken.push(name);
            self.taken.len() - 1
        })))
    }

    /// Adds up what lies in another table.
    fn elsewhere(
        &mut self,
        sheet: Option<&str>,
        first: CellAddress,
        last: CellAddress,
        places: &mut Vec<Place>,
    ) -> Result<(), Why> {
        for row in first.row..=last.row {
            for column in first.column..=last.column {
                self.left = self.left.checked_sub(1).ok_or(Why::Unread)?;
                let place = self.any_place(sheet, CellAddress::new(row, column))?;
                if !places.contains(&place) {
                    places.push(place);
                }
            }
        }
        Ok(())
    }

    fn call(&mut self, name: &str, args: &[SheetFormula]) -> Result<Term, Why> {
        match (name, args) {
            ("SUM", _) => self.sum(args, false),
            ("SUBTOTAL", [SheetFormula::Number(function), args @ ..])
                if *function == Number::from(9) || *function == Number::from(109) =>
            {
                self.sum(args, true)
            }
            ("SUMPRODUCT", [_, _, ..]) => self.products(args),
            ("ROUND", [one, SheetFormula::Number(digits)]) if digits.is_integer() => {
                let digits = i32::try_from(*digits).map_err(|_| Why::Unread)?;
                let term = self.term(one)?;
                match digits.abs() <= 6 {
                    true => Ok(Term::Round(Box::new(term), digits)),
                    false => Err(Why::Unread),
                }
            }
            ("ROUND", [one, SheetFormula::Negate(digits)]) => {
                let SheetFormula::Number(digits) = **digits else {
                    return Err(Why::Unread);
                };
                self.call(name, &[one.clone(), SheetFormula::Number(-digits)])
            }
            ("N" | "VALUE", [one]) => self.term(one),
            ("IFERROR" | "IFNA", [one, other]) => match is_nothing(other) {
                true => self.term(one),
                false => Err(Why::Conditional),
            },
            ("IF", [test, then, other]) => self.choice(test, then, other),
            ("TEXT" | "CONCATENATE" | "CONCAT" | "UPPER" | "PROPER", _) => Err(Why::Words),
            _ => Err(Why::Unread),
        }
    }

    /// `IF(x=0, "", a/x)`: where there is nothing to compute with, the cell shows nothing.
    fn choice(
        &mut self,
        test: &SheetFormula,
        then: &SheetFormula,
        other: &SheetFormula,
    ) -> Result<Term, Why> {
        let (nothing, computed, holds) = match (is_nothing(then), is_nothing(other)) {
            (true, false) => (then, other, true),
            (false, true) => (other, then, false),
            _ => {
                let words = [then, other].map(|branch| self.term(branch).err() == Some(Why::Words));
                return Err(match words {
                    [true, true] => Why::Words,
                    _ => Why::Conditional,
                });
            }
        };
        let term = match self.term(computed) {
            Err(Why::Words) => return Err(Why::Words),
            term => term?,
        };
        let mut read = |formula: &SheetFormula| self.term(formula).ok();
        let ways = nothing_if(test, holds, &mut read).ok_or(Why::Conditional)?;
        // A 0 is a figure: it must be what would have been computed.
        let shows_zero = matches!(nothing, SheetFormula::Number(_));
        match shows_zero && !ways.iter().all(|way| vanishes(&term, way)) {
            true => Err(Why::Conditional),
            false => Ok(term),
        }
    }

    /// Adds up ranges and terms. Rows and columns that are no figures are passed over, as SUM does;
    /// `SUBTOTAL` passes over other subtotals, too.
    fn sum(&mut self, args: &[SheetFormula], subtotal: bool) -> Result<Term, Why> {
        let mut places = Vec::new();
        let mut terms = Vec::new();
        for arg in args {
            match arg {
                SheetFormula::Cells { sheet, first, last } => {
                    self.range(sheet.as_deref(), (*first, *last), subtotal, &mut places)?;
                }
                other => terms.push(self.term(other)?),
            }
        }
        let mut sum = Term::Sum(places.clone());
        if places.is_empty() {
            sum = terms.pop().ok_or(Why::Unread)?;
        }
        let join = |sum, term| Term::join(Operator::Add, sum, term);
        Ok(terms.into_iter().fold(sum, join))
    }

    /// `SUMPRODUCT` over ranges of one shape: the products of their cells, added up.
    fn products(&mut self, args: &[SheetFormula]) -> Result<Term, Why> {
        let mut ranges = Vec::new();
        for arg in args {
            let SheetFormula::Cells { sheet, first, last } = arg else {
                return Err(Why::Unread);
            };
            let shape = (last.row - first.row, last.column - first.column);
            ranges.push((sheet.as_deref(), *first, shape));
        }
        let (_, _, (down, across)) = *ranges.first().ok_or(Why::Unread)?;
        if ranges.iter().any(|(_, _, shape)| *shape != (down, across)) {
            return Err(Why::Unread);
        }
        let mut sum: Option<Term> = None;
        for row in 0..=down {
            for column in 0..=across {
                self.left = self.left.checked_sub(1).ok_or(Why::Unread)?;
                let mut product: Option<Term> = None;
                for (sheet, first, _) in &ranges {
                    let cell = CellAddress::new(first.row + row, first.column + column);
                    let factor = Term::At(self.any_place(*sheet, cell)?);
                    product = Some(match product {
                        Some(before) => Term::join(Operator::Multiply, before, factor),
                        None => factor,
                    });
                }
                let product = product.ok_or(Why::Unread)?;
                sum = Some(match sum {
                    Some(before) => Term::join(Operator::Add, before, product),
                    None => product,
                });
            }
        }
        sum.ok_or(Why::Unread)
    }

    /// The places of a range that is added up.
    fn range(
        &mut self,
        sheet: Option<&str>,
        (first, last): (CellAddress, CellAddress),
        subtotal: bool,
        places: &mut Vec<Place>,
    ) -> Result<(), Why> {
        let own = sheet.is_none_or(|name| name == &*self.page.sheet.name);
        if !own || !self.table.holds(first) {
            return self.elsewhere(sheet, first, last, places);
        }
        for row in first.row..=last.row {
            for column in first.column..=last.column {
                self.left = self.left.checked_sub(1).ok_or(Why::Unread)?;
                let nested = self
                    .page
                    .formula(row, column)
                    .is_some_and(|formula| formula.to_ascii_uppercase().contains("SUBTOTAL("));
                if subtotal && nested {
                    continue;
                }
                match self.place(CellAddress::new(row, column)) {
                    Ok(Place::Cell(row, column)) if self.wanted(row, column) => {
                        places.push(Place::Cell(row, column));
                    }
                    Ok(_) => {}
                    Err(_) if self.is_between(row) => {}
                    Err(why) => return Err(why),
                }
            }
        }
        Ok(())
    }

    fn wanted(&self, row: usize, column: usize) -> bool {
        self.table.is_free() || self.table.wants(row, column)
    }

    /// Is it a blank row between the rows of the table, or a column of words?
    fn is_between(&self, row: u32) -> bool {
        let rows = &self.table.rows;
        let inside = rows
            .first()
            .zip(rows.last())
            .is_some_and(|(first, last)| (first.at..=last.at).contains(&row));
        inside && self.table.row_at(row).is_none()
    }
}

/// What the language of rules calls a cell of another table: `form!row.column`, or the sum of a
/// column where units add rows.
fn name_of(other: &Table, cell: CellAddress) -> Option<String> {
    let column = &other.columns[other.column_at(cell.column)?];
    if column.role != Role::Value {
        return None;
    }
    match other.row_at(cell.row) {
        Some(row) => Some(format!("{}!{}.{}", other.id, other.rows[row].id, column.id)),
        None if other.is_free() => Some(format!("SUM({}!{})", other.id, column.id)),
        None => None,
    }
}

/// Is it what a cell shows where there is nothing to compute?
fn is_nothing(formula: &SheetFormula) -> bool {
    match formula {
        SheetFormula::Text(text) => matches!(text.trim(), "" | "-" | "–"),
        SheetFormula::Number(number) => number.is_zero(),
        _ => false,
    }
}
