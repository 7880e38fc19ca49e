//! Sums of groups under names of their own («Cộng nhóm giao thông», «I. Giao thông»): rows of the
//! table by their names, and sums of the rows next to them by their figures. None is counted.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{ReadCheck, ReadContext, ReadLog};
use super::subtotals;
use crate::extract::table::{CellState, Table, TableCell, TableRow};
use crate::model::value::message;
use crate::model::{CellAddress, Message, Number, Severity, Value};
use crate::schema::{Aggregate, Form};
use crate::text::normalise;

const MAYBE: ReadCheck = ReadCheck::structure("nghi-dong-cong-nhom", Severity::Warning);
const PART: ReadCheck = ReadCheck::structure("dong-trong-do", Severity::Error);
const COUNTED: ReadCheck = ReadCheck::structure("tong-cong-ca-dong-cong-nhom", Severity::Error);

/// Rows above or below a row that are added up to compare them with it.
const MOST_ROWS: usize = 200;
/// Smaller figures are sums of others by chance.
const LARGE: Number = Number::ONE_HUNDRED;

/// A row that is the sum of others.
struct Sum {
    /// Its place among the rows of the table, from 0.
    at: usize,
    /// The rows it adds up.
    of: Range<usize>,
    /// Number of columns in which it has a figure other than 0.
    columns: usize,
}

/// The columns that are added up.
fn additive(form: &Form) -> Vec<usize> {
    let columns = 0..form.file.columns.len();
    let is_sum = |column: &usize| {
        let field = form.field(None, *column);
        field.is_some_and(|field| field.aggregate == Aggregate::Sum)
    };
    columns.filter(is_sum).collect()
}

/// The figure of a cell that is added up, 0 for a blank; `None` if it could not be read.
fn figure(cell: Option<&TableCell>) -> Option<Number> {
    match &cell?.state {
        CellState::Value(value) => value.as_number(),
        CellState::Blank => Some(Number::ZERO),
        CellState::Absent | CellState::Unreadable => None,
    }
}

/// The figures of each row in the columns that are added up; `None` for a row with one that could
/// not be read.
fn figures(table: &Table, columns: &[usize]) -> Vec<Option<Vec<Number>>> {
    let of = |row: &TableRow| columns.iter().map(|c| figure(row.cells.get(*c))).collect();
    table.rows.iter().map(of).collect()
}

/// Does the row of the table named so add others up, as its name says?
fn says_sum(name: &str) -> bool {
    static SUM: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"^(?:tiểu )?(?:cộng|tổng)(?:[ :(]|$)|^[ivx]+ ?[.)/-]")
            .expect("the pattern is a constant")
    });
    SUM.is_match(&normalise(name))
}

/// Takes sums of groups out of the rows of a table and reports them; `lines`: the rows of the
/// sheet, from 0, that the rows of the table are. Gives the sums, each with its row of the sheet.
pub(super) fn set_aside(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    table: &mut Table,
    mut lines: Vec<u32>,
) -> Vec<(u32, Vec<TableCell>)> {
    let columns = additive(&table.form);
    let rows = figures(table, &columns);
    let total: Option<Vec<Option<Number>>> = table.total.as_ref().map(|total| {
        let cells = columns
            .iter()
            .map(|column| total.cells.get(*column)?.value());
        cells.map(|value| value?.as_number()).collect()
    });
    let all = added(&rows, 0..rows.len());
    let mut found: Vec<Sum> = Vec::new();
    let mut group = 0;
    for at in 0..rows.len() {
        let named = says_sum(&table.rows[at].key);
        let Some(sum) = sum_of(&rows, at, group, named) else {
            continue;
        };
        let own = rows[at].as_deref().unwrap_or_default();
        if !named && !is_telling(own) {
            continue;
        }
        if named || is_left_out(total.as_deref(), all.as_deref(), own) {
            group = at + 1;
            found.push(sum);
        } else {
            report_maybe(context, log, table, &lines, &sum);
        }
    }
    report_parts(context, log, table, &lines);
    let mut aside = Vec::new();
    for sum in found.iter().rev() {
        let row = table.rows.remove(sum.at);
        let line = lines.remove(sum.at);
        let below = sum.of.start > sum.at;
        let address = row.cells.iter().find_map(|cell| cell.address);
        let message = subtotals::is_sum(line + 1, sum.of.len(), sum.columns, below);
        log.report(context, subtotals::SUBTOTAL, address, message);
        log.missing.retain(|figure| figure.address.row != line);
        aside.push((line, row.cells));
    }
    aside
}

/// The sums of some rows by column; `None` if one could not be read.
fn added(rows: &[Option<Vec<Number>>], range: Range<usize>) -> Option<Vec<Number>> {
    let mut sums: Option<Vec<Number>> = None;
    for row in &rows[range] {
        let row = row.as_ref()?;
        sums = Some(match sums {
            None => row.clone(),
            Some(sums) => plus(&sums, row)?,
        });
    }
    sums
}

fn plus(one: &[Number], other: &[Number]) -> Option<Vec<Number>> {
    let pairs = one.iter().zip(other);
    pairs.map(|(one, other)| one.checked_add(*other)).collect()
}

/// The rows right above (since the last sum of a group, at `group`) or right below that a row is
/// the sum of in every column; at least two of them have figures. `named`: its name says that it is
/// one; then it may add up a part of the group. Small figures in one column agree by chance.
fn sum_of(rows: &[Option<Vec<Number>>], at: usize, group: usize, named: bool) -> Option<Sum> {
    let own = rows[at].as_ref()?;
    let columns = own.iter().filter(|figure| !figure.is_zero()).count();
    let is_large = own.iter().any(|figure| figure.abs() >= LARGE);
    if columns == 0 || columns == 1 && !is_large {
        return None;
    }
    let add_up = |range: &mut dyn Iterator<Item = usize>| {
        let mut sums = vec![Number::ZERO; own.len()];
        let mut filled = 0;
        for other in range.take(MOST_ROWS) {
            let row = rows[other].as_ref()?;
            sums = plus(&sums, row)?;
            filled += usize::from(row.iter().any(|figure| !figure.is_zero()));
            if sums == *own && filled > 1 {
                return Some(other);
            }
            if sums.iter().zip(own).any(|(sum, own)| sum > own) {
                return None;
            }
        }
        None
    };
    let above = add_up(&mut (group..at).rev()).filter(|first| named || *first == group);
    let of = match above {
        Some(first) => first..at,
        None => at + 1..add_up(&mut (at + 1..rows.len()))? + 1,
    };
    Some(Sum { at, of, columns })
}

/// Are there two figures that differ and are large enough not to be a sum by chance? Small counts are
/// sums of one another all the time.
fn is_telling(own: &[Number]) -> bool {
    let large = own.iter().filter(|figure| figure.abs() >= LARGE);
    large.collect::<BTreeSet<_>>().len() > 1
}

/// Does the total row leave the row out, and is right without it?
fn is_left_out(total: Option<&[Option<Number>]>, all: Option<&[Number]>, own: &[Number]) -> bool {
    let (Some(total), Some(all)) = (total, all) else {
        return false;
    };
    let mut columns = total.iter().zip(all).zip(own);
    let counts = |own: &Number| !own.is_zero();
    own.iter().any(counts) && columns.all(|((total, all), own)| *total == all.checked_sub(*own))
}

fn report_maybe(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    table: &Table,
    lines: &[u32],
    sum: &Sum,
) {
    let line = lines[sum.at] + 1;
    let (first, last) = (lines[sum.of.start] + 1, lines[sum.of.end - 1] + 1);
    let name = &table.rows[sum.at].key;
    let message = Message::new(
        format!(
            "Dòng {line} «{name}» bằng đúng tổng các dòng {first} đến {last} ở mọi cột. Nếu là dòng cộng của nhóm, hãy xóa dòng này, nếu không các dòng ấy bị tính hai lần; nếu là một mục riêng, đề nghị giải trình."
        ),
        format!(
            "Row {line} `{name}` is the sum of rows {first} to {last} in every column. If it is the sum of a group, delete it, or those rows are counted twice; if it is an item of its own, explain it."
        ),
    );
    let address = name_cell(context, lines[sum.at]);
    log.report(context, MAYBE, address, message);
}

/// The cell that names a row of the sheet.
fn name_cell(context: &ReadContext<'_>, row: u32) -> Option<CellAddress> {
    let key = context.form.key_column()?;
    let column = context.located.header.columns[key]?;
    Some(CellAddress::new(row, column))
}

/// A row «Trong đó: ...» is a part of another, and its figures are counted with that already.
fn report_parts(context: &ReadContext<'_>, log: &mut ReadLog, table: &Table, lines: &[u32]) {
    for (row, line) in table.rows.iter().zip(lines) {
        let is_figure = |cell: &TableCell| cell.value().is_some_and(|v| v.as_number().is_some());
        if !normalise(&row.key).starts_with("trong đó") || !row.cells.iter().any(is_figure) {
            continue;
        }
        let (line, name) = (*line, &row.key);
        let message = Message::new(
            format!(
                "Dòng {} «{name}» là một phần của dòng khác, nên số của dòng này bị cộng hai lần. Hãy xóa dòng này; nếu là một mục riêng, hãy ghi tên khác.",
                line + 1
            ),
            format!(
                "Row {} `{name}` is a part of another row, so that its figures are counted twice. Delete it; if it is an item of its own, give it another name.",
                line + 1
            ),
        );
        log.report(context, PART, name_cell(context, line), message);
    }
}

/// Reports a total row that counts the sums of groups as well, at its first such figure; the total
/// then says nothing about the rows. `sums`: the sums, each with its row of the sheet, from 0.
pub(super) fn report_counted(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    table: &mut Table,
    sums: &[(u32, Vec<TableCell>)],
) {
    let columns = additive(&table.form);
    let rows = figures(table, &columns);
    let Some(all) = added(&rows, 0..rows.len()) else {
        return;
    };
    let mut found: Option<(usize, Number, Number)> = None;
    for (column, sum) in columns.iter().zip(&all) {
        let own = sums.iter().map(|(_, cells)| figure(cells.get(*column)));
        let Some(twice) = own.sum::<Option<Number>>() else {
            continue;
        };
        let Some(total) = &mut table.total else {
            return;
        };
        let Some(cell) = total.cells.get_mut(*column) else {
            continue;
        };
        let Some(shown) = cell.value().and_then(Value::as_number) else {
            continue;
        };
        if !twice.is_zero() && Some(shown) == sum.checked_add(twice) {
            cell.state = CellState::Unreadable;
            found = found.or(Some((*column, shown, *sum)));
        }
    }
    let Some((column, shown, sum)) = found else {
        return;
    };
    let mut lines: Vec<u32> = sums.iter().map(|(line, _)| line + 1).collect();
    lines.sort_unstable();
    let lines: Vec<String> = lines.iter().map(u32::to_string).collect();
    let (lines, label) = (lines.join(", "), table.form.cell_label(None, column));
    let address = table
        .total
        .as_ref()
        .and_then(|total| total.cells[column].address);
    let (shown, sum) = (Value::Number(shown), Value::Number(sum));
    let message = message!(
        shown, sum;
        "Dòng tổng đang cộng cả dòng cộng của nhóm (dòng {lines}): «{label}» ghi {shown}, không kể các dòng ấy là {sum}. Hãy xóa dòng {lines}; công thức của dòng tổng sẽ tự tính lại.",
        "The total row counts the sums of groups as well (row {lines}): `{label}` holds {shown}, without them it is {sum}. Delete row {lines}; the formula of the total row follows."
    );
    if let Some(address) = address {
        log.report_value(context, COUNTED, address, Some(shown), message);
    }
}
