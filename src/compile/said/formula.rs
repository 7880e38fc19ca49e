//! Formulas that stand in the blank: the same one down a column is one rule over columns, the same
//! one along a row is one rule over rows.

use crate::compile::found::Found;
use crate::compile::page::Page;
use crate::compile::rule::{Candidate, Canonical, Evidence, Place, Source, Term};
use crate::compile::said::build::flat;
use crate::compile::table::{Part, Role, RowKind, Table};
use crate::compile::words;
use crate::model::{CellAddress, Message, Number};
use crate::schema::expression::{Comparison, Operator};
use crate::schema::rule::sheet_formula::{SheetFormula, parse};

/// Cells that one formula may read.
const MOST_CELLS: usize = 4_000;

/// A formula of a cell to be filled, as a rule.
struct Read {
    /// Sheet row and index of the column.
    row: u32,
    column: usize,
    cell: CellAddress,
    words: String,
    rule: Candidate,
}

/// Reads every formula of a table. The formulas of a total row under free rows are only compared
/// with what a total is. `others` are the other tables of the file, and what is taken from them is
/// listed in the table.
pub(crate) fn read(page: &Page<'_>, table: &mut Table, others: &[&Table], found: &mut Found) {
    let mut taken = Vec::new();
    read_formulas(page, table, (others, &mut taken), found);
    table.others = taken;
}

/// The other tables of a file, and what formulas take from them.
type Others<'a, 'b> = (&'a [&'a Table], &'b mut Vec<String>);

fn read_formulas(
    page: &Page<'_>,
    table: &Table,
    (others, taken): Others<'_, '_>,
    found: &mut Found,
) {
    let mut formulas: Vec<Read> = Vec::new();
    for row in body_rows(table) {
        for (column, of) in table.columns.iter().enumerate() {
            if of.role != Role::Value {
                continue;
            }
            let Some(text) = page.formula(row, of.at) else {
                continue;
            };
            let cell = CellAddress::new(row, of.at);
            let words = format!("={text}");
            match one(page, table, (others, taken), (row, column), text) {
                Ok(Some(rule)) => formulas.push(Read {
                    row,
                    column,
                    cell,
                    words,
                    rule,
                }),
                Ok(None) => {}
                Err(Why::Unread) => found.unread.push((cell, words)),
                Err(Why::Outside) => {
                    let why = Message::new(
                        "công thức lấy số ở ngoài bảng này",
                        "the formula takes figures from outside this table",
                    );
                    found.ask(cell, &words, why);
                }
            }
        }
    }
    total_row(page, table, found);
    by_column(table, &formulas, found);
    by_row(table, &formulas, found);
    for formula in formulas {
        if matches!(formula.rule.left, Place::Cell(..)) {
            found.rules.push(formula.rule);
        }
    }
}

fn body_rows(table: &Table) -> Vec<u32> {
    match table.lines {
        Some((first, last)) => (first..=last).collect(),
        None => table.rows.iter().map(|row| row.at).collect(),
    }
}

/// Why a formula is no rule.
enum Why {
    Unread,
    Outside,
}

/// The rule a formula says; `None` if it says nothing (a constant, the cell itself).
fn one(
    page: &Page<'_>,
    table: &Table,
    (others, taken): Others<'_, '_>,
    (row, column): (u32, usize),
    text: &str,
) -> Result<Option<Candidate>, Why> {
    let formula = parse(text).ok_or(Why::Unread)?;
    let mut reader = Cells {
        page,
        table,
        others,
        taken,
        left: MOST_CELLS,
    };
    let term = reader.term(&formula)?;
    let mut places = Vec::new();
    term.places(&mut places);
    if places.is_empty() {
        return Ok(None);
    }
    let own = reader.place(CellAddress::new(row, table.columns[column].at))?;
    if places.contains(&own) {
        return Err(Why::Unread);
    }
    let (own_row, own_column) = row_and_column(own);
    let local_only = places.iter().all(|place| !matches!(place, Place::Other(_)));
    let all = |test: &dyn Fn((usize, usize)) -> bool| {
        local_only && places.iter().all(|place| test(row_and_column(*place)))
    };
    let local: &dyn Fn(Place) -> Place = if all(&|(row, _)| row == own_row) {
        &|place| Place::Column(row_and_column(place).1)
    } else if all(&|(_, column)| column == own_column) {
        &|place| Place::Row(row_and_column(place).0)
    } else {
        &|place| place
    };
    let right = flat(moved(&term, local));
    let right = shown_as_percent(table, column, right);
    Ok(Some(Candidate {
        left: local(own),
        relation: Comparison::Equal,
        right,
        at: None,
        evidence: vec![Evidence {
            source: Source::Formula,
            cell: CellAddress::new(row, table.columns[column].at),
            words: format!("={text}"),
        }],
    }))
}

fn row_and_column(place: Place) -> (usize, usize) {
    match place {
        Place::Cell(row, column) => (row, column),
        Place::Row(row) => (row, 0),
        Place::Column(column) => (0, column),
        Place::Other(_) => (0, 0),
    }
}

fn moved(term: &Term, to: &dyn Fn(Place) -> Place) -> Term {
    match term {
        Term::Number(number) => Term::Number(*number),
        Term::At(place) => Term::At(to(*place)),
        Term::Previous(place) => Term::Previous(to(*place)),
        Term::Negate(inner) => Term::Negate(Box::new(moved(inner, to))),
        Term::Join(operator, left, right) => {
            Term::join(*operator, moved(left, to), moved(right, to))
        }
        Term::Sum(places) => Term::Sum(places.iter().map(|place| to(*place)).collect()),
    }
}

/// A quotient in a cell shown as a percentage is read times 100.
fn shown_as_percent(table: &Table, column: usize, right: Term) -> Term {
    let plain = right.quotient().is_some_and(|(_, _, by)| by == Number::ONE);
    match table.columns[column].percent_format && plain {
        true => Term::join(Operator::Multiply, right, Term::Number(Number::ONE_HUNDRED)),
        false => right,
    }
}

/// Reads formulas over the cells of a table as terms over places. In a table with free rows the
/// "row" of a place is the sheet row.
struct Cells<'a, 'b> {
    page: &'a Page<'a>,
    table: &'a Table,
    others: &'a [&'a Table],
    taken: &'b mut Vec<String>,
    left: usize,
}

impl Cells<'_, '_> {
    fn place(&self, cell: CellAddress) -> Result<Place, Why> {
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

    fn term(&mut self, formula: &SheetFormula) -> Result<Term, Why> {
        Ok(match formula {
            SheetFormula::Number(number) => Term::Number(*number),
            SheetFormula::Text(_) => return Err(Why::Unread),
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
            ("ROUND" | "IFERROR" | "IFNA", [one, _]) | ("N", [one]) => self.term(one),
            // IF(x=0, "", a/b): where there is nothing to compute the cell shows nothing.
            ("IF", [_, then, other]) => match (is_nothing(then), is_nothing(other)) {
                (true, false) => self.term(other),
                (false, true) => self.term(then),
                _ => Err(Why::Unread),
            },
            _ => Err(Why::Unread),
        }
    }

    /// Adds up ranges and terms. Rows and columns that are no figures are passed over, as SUM does;
    /// `SUBTOTAL` passes over other subtotals, too.
    fn sum(&mut self, args: &[SheetFormula], subtotal: bool) -> Result<Term, Why> {
        let mut places = Vec::new();
        let mut terms = Vec::new();
        for arg in args {
            let SheetFormula::Cells { sheet, first, last } = arg else {
                terms.push(self.term(arg)?);
                continue;
            };
            let own = sheet
                .as_deref()
                .is_none_or(|name| name == &*self.page.sheet.name);
            if !own || !self.table.holds(*first) {
                self.elsewhere(sheet.as_deref(), *first, *last, &mut places)?;
                continue;
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
        }
        let mut sum = Term::Sum(places.clone());
        if places.is_empty() {
            sum = terms.pop().ok_or(Why::Unread)?;
        }
        let join = |sum, term| Term::join(Operator::Add, sum, term);
        Ok(terms.into_iter().fold(sum, join))
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

fn is_nothing(formula: &SheetFormula) -> bool {
    match formula {
        SheetFormula::Text(text) => text.trim().is_empty() || text == "-",
        SheetFormula::Number(number) => number.is_zero(),
        _ => false,
    }
}

/// Formulas over their own row, column by column.
fn by_column(table: &Table, formulas: &[Read], found: &mut Found) {
    for column in 0..table.columns.len() {
        let own = formulas
            .iter()
            .filter(|formula| formula.rule.left == Place::Column(column));
        let own: Vec<&Read> = own.collect();
        let lines = body_rows(table);
        let wanted: Vec<u32> = lines
            .into_iter()
            .filter(|row| {
                table
                    .row_at(*row)
                    .is_none_or(|row| table.wants(row, column))
            })
            .collect();
        agree(&own, found, |rule, cells| {
            let rows: Vec<u32> = cells.iter().map(|formula| formula.row).collect();
            // A column with a formula on nearly every row of a free table is computed on all.
            let all = wanted.iter().all(|row| rows.contains(row)) || table.is_free();
            let indices = || rows.iter().filter_map(|row| table.row_at(*row)).collect();
            Candidate {
                at: (!all).then(indices),
                ..rule.clone()
            }
        });
    }
}

/// Formulas over their own column, row by row.
fn by_row(table: &Table, formulas: &[Read], found: &mut Found) {
    for (index, row) in table.rows.iter().enumerate() {
        if row.kind == RowKind::Heading {
            continue;
        }
        let own = formulas
            .iter()
            .filter(|formula| formula.rule.left == Place::Row(index));
        let own: Vec<&Read> = own.collect();
        agree(&own, found, |rule, cells| {
            let columns: Vec<usize> = cells.iter().map(|formula| formula.column).collect();
            let additive = table
                .columns
                .iter()
                .enumerate()
                .filter(|(at, column)| column.is_additive() && table.wants(index, *at));
            let all = additive.map(|(at, _)| at).all(|at| columns.contains(&at));
            Candidate {
                at: (!all).then_some(columns),
                ..rule.clone()
            }
        });
    }
}

/// The rule most formulas agree on is adopted; a formula that differs from more than half of the
/// others is asked about.
fn agree(
    formulas: &[&Read],
    found: &mut Found,
    rule_of: impl Fn(&Candidate, &[&Read]) -> Candidate,
) {
    let mut groups: Vec<(Option<Canonical>, Vec<&Read>)> = Vec::new();
    for formula in formulas {
        let canonical = formula.rule.canonical();
        match groups.iter_mut().find(|(other, _)| *other == canonical) {
            Some((_, group)) => group.push(formula),
            None => groups.push((canonical, vec![formula])),
        }
    }
    let most = groups
        .iter()
        .map(|(_, group)| group.len())
        .max()
        .unwrap_or(0);
    for (_, group) in &groups {
        let Some(first) = group.first() else { continue };
        if groups.len() == 1 || group.len() * 2 > formulas.len() {
            found.rules.push(rule_of(&first.rule, group));
            continue;
        }
        let why = match most * 2 > formulas.len() {
            true => Message::new(
                "công thức khác các ô cùng cột hoặc cùng dòng",
                "the formula differs from those of the same column or row",
            ),
            false => Message::new(
                "công thức trong cột hoặc dòng này không giống nhau",
                "the formulas of this column or row are not alike",
            ),
        };
        for formula in group {
            found.ask(formula.cell, &formula.words, why.clone());
        }
    }
}

/// Formulas of the total row under free rows must add up every prepared row.
fn total_row(page: &Page<'_>, table: &Table, found: &mut Found) {
    let (Some(total), Some((first, last))) = (&table.total, table.lines) else {
        return;
    };
    for column in table
        .columns
        .iter()
        .filter(|column| column.role == Role::Value)
    {
        let Some(text) = page.formula(total.cell.row, column.at) else {
            continue;
        };
        let Some(SheetFormula::Call(name, args)) = parse(text) else {
            continue;
        };
        let [
            SheetFormula::Cells {
                first: from,
                last: to,
                ..
            },
        ] = args.as_slice()
        else {
            continue;
        };
        let own = from.column == column.at && to.column == column.at;
        if name == "SUM" && own && (from.row > first || to.row < last) {
            let part = Part {
                cell: CellAddress::new(total.cell.row, column.at),
                text: format!("={text}"),
            };
            let why = Message::new(
                format!(
                    "công thức tổng không cộng hết các dòng {} đến {}",
                    first + 1,
                    last + 1
                ),
                format!(
                    "the total does not add up all rows {} to {}",
                    first + 1,
                    last + 1
                ),
            );
            found.ask(part.cell, &part.text, why);
        }
    }
}

/// Columns that the form does not add up: those whose cell in the total row has no formula or is
/// crossed out although others have one, and prices and rates whose total has no formula.
pub(crate) fn not_added(page: &Page<'_>, table: &Table) -> Vec<usize> {
    let totals: Vec<u32> = match &table.total {
        Some(total) => vec![total.cell.row],
        None => {
            let rows = table
                .rows
                .iter()
                .filter(|row| words::is_total(&row.label.text));
            rows.map(|row| row.at).collect()
        }
    };
    let computed = |column: usize| {
        totals
            .iter()
            .any(|row| page.formula(*row, table.columns[column].at).is_some())
    };
    let any = table.is_free() && (0..table.columns.len()).any(computed);
    let crossed = |column: usize| {
        table.is_free()
            && totals
                .iter()
                .any(|row| page.own(*row, table.columns[column].at).is_some())
    };
    (0..table.columns.len())
        .filter(|column| {
            let rate = words::is_rate_header(table.columns[*column].own());
            (any || rate) && !computed(*column) || crossed(*column)
        })
        .collect()
}
