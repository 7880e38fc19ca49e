//! The formulas of total rows.

use std::collections::BTreeSet;

use crate::compile::found::Found;
use crate::compile::page::Page;
use crate::compile::rule::{Candidate, Place};
use crate::compile::table::{Column, Role, Table};
use crate::compile::words;
use crate::model::{CellAddress, Message};
use crate::schema::FieldType;
use crate::schema::rule::sheet_formula::{SheetFormula, parse};

/// Formulas of the total row under free rows must add up every prepared row.
pub(super) fn read(page: &Page<'_>, table: &Table, found: &mut Found) {
    let (Some(total), Some((first, last))) = (&table.total, table.lines) else {
        return without_formula(page, table, found);
    };
    for column in table
        .columns
        .iter()
        .filter(|column| column.role == Role::Value)
    {
        let Some(text) = page.formula(total.cell.row, column.at) else {
            continue;
        };
        // Which formula an .xls holds is not known.
        if text.trim().is_empty() {
            continue;
        }
        let cell = CellAddress::new(total.cell.row, column.at);
        let words = format!("={text}");
        let whole = parse(text, cell).as_ref().and_then(added_rows);
        let (vi, en) = match whole {
            Some((of, from, to)) if of == column.at && from <= first && to >= last => continue,
            Some((of, ..)) if of == column.at => (
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
            ),
            // A ratio of totals is computed from them.
            None if is_ratio(table, column, found) => {
                found.odd.insert(cell);
                continue;
            }
            // It may turn out to be one of figures, of which this is no sum.
            _ if matches!(column.kind, FieldType::Text | FieldType::Code) => {
                found.odd.insert(cell);
                continue;
            }
            _ if !column.is_additive() => continue,
            _ => (
                "công thức ở dòng tổng không phải là tổng các dòng của cột này".to_owned(),
                "the formula in the total row does not add up the rows of this column".to_owned(),
            ),
        };
        found.odd.insert(cell);
        found.ask(cell, &words, Message::new(vi, en));
    }
}

/// Is a column computed by dividing, so that its total is, too?
fn is_ratio(table: &Table, column: &Column, found: &Found) -> bool {
    let at = table.column_at(column.at).map(Place::Column);
    found
        .rules
        .iter()
        .any(|rule| rule.is_equal() && Some(rule.left) == at && rule.right.quotient().is_some())
}

/// A total row whose cells are formulas adds up no column without one.
fn without_formula(page: &Page<'_>, table: &Table, found: &mut Found) {
    let totals = table
        .rows
        .iter()
        .filter(|row| words::is_total(&row.label.text));
    for row in totals {
        let columns = table.columns.iter().filter(|column| column.is_additive());
        let (computed, blank): (Vec<u32>, Vec<u32>) = columns
            .map(|column| column.at)
            .partition(|at| page.formula(row.at, *at).is_some());
        if computed.len() >= 2 {
            let cells = blank.into_iter().map(|at| CellAddress::new(row.at, at));
            found.odd.extend(cells);
        }
    }
}

/// The column and the rows that a formula adds up, if that is all it does.
fn added_rows(formula: &SheetFormula) -> Option<(u32, u32, u32)> {
    if let SheetFormula::Call(name, args) = formula {
        match (name.as_str(), args.as_slice()) {
            ("ROUND" | "IFERROR", [inner, _]) => return added_rows(inner),
            ("IF", [_, one, other]) => return added_rows(one).or_else(|| added_rows(other)),
            _ => {}
        }
    }
    let ranges = formula.added()?;
    let (first, _) = ranges.first()?;
    let own = |cell: &CellAddress| cell.column == first.column;
    let rows: BTreeSet<u32> = ranges
        .iter()
        .flat_map(|(from, to)| from.row..=to.row)
        .collect();
    let (from, to) = (*rows.first()?, *rows.last()?);
    let whole = rows.len() == usize::try_from(to - from + 1).ok()?;
    let column = ranges.iter().all(|(from, to)| own(from) && own(to));
    (whole && column).then_some((first.column, from, to))
}

/// Columns that the form does not add up: those whose cell in the total row has no formula or is
/// crossed out although others have one or whose formula there is odd, and prices and rates whose
/// total has no formula.
pub(crate) fn not_added(page: &Page<'_>, table: &Table, found: &Found) -> Vec<usize> {
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
    // In a table of fixed rows the rule of the total row says where it holds.
    let left_out = |column: &usize| table.is_free() && found.not_in_total.contains(column);
    // Goods of many kinds have a sum of their values, but none of their quantities.
    let goods = table.is_free()
        && table
            .columns
            .iter()
            .any(|column| words::is_unit_header(column.own()));
    (0..table.columns.len())
        .filter(|column| {
            let own = table.columns[*column].own();
            // «Chợ», «Siêu thị» under «Giá bán lẻ» are prices, too.
            let mut path = table.columns[*column].path.iter();
            let priced = path.any(|part| words::is_price_header(&part.text));
            let rate = (priced || words::is_rate_header(own))
                && !is_sole_figure(table, *column)
                && !is_addend(table, *column, found)
                || goods && words::is_quantity_header(own)
                || table.is_free() && is_months(table, *column, found);
            let cell = |row: u32| CellAddress::new(row, table.columns[*column].at);
            let odd = |row: &u32| found.odd.contains(&cell(*row));
            let odd = table.is_free() && totals.iter().any(odd);
            (any || rate) && !computed(*column) || crossed(*column) || odd || left_out(column)
        })
        .collect()
}

/// «Mức hỗ trợ» in a list whose total row has nothing else to add up.
fn is_sole_figure(table: &Table, column: usize) -> bool {
    let own = &table.columns[column];
    let added = |other: &&Column| {
        other.is_additive() && (other.at == own.at || !words::is_rate_header(other.own()))
    };
    table.is_free()
        && own.is_additive()
        && words::without_marks(own.own()).starts_with("mức ")
        && table.columns.iter().filter(added).count() == 1
}

/// «Mức hỗ trợ» in a list where the form adds it to other money: a sum of its own.
fn is_addend(table: &Table, column: usize, found: &Found) -> bool {
    let added = |rule: &Candidate| {
        let parts = rule.right.plain_sum().filter(|_| rule.is_equal());
        parts.is_some_and(|parts| parts.len() > 1 && parts.contains(&Place::Column(column)))
    };
    let level = words::is_level_header(table.columns[column].own());
    table.is_free() && level && found.rules.iter().any(added)
}

/// How many months something of each row is multiplied with: those of all rows have no sum.
fn is_months(table: &Table, column: usize, found: &Found) -> bool {
    let multiplied = |rule: &Candidate| {
        let read = rule.right.reads_now(Place::Column(column));
        rule.is_equal() && read && rule.right.multiplies()
    };
    words::without_marks(table.columns[column].own()).starts_with("số tháng")
        && found.rules.iter().any(multiplied)
}
