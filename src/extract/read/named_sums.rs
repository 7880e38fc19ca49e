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

/// What tells that a row may be a sum.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Name {
    /// Its ordinal is that of a group, whose rows follow it.
    Head,
    /// It is called a sum.
    Sum,
    /// Nothing but its figures.
    Other,
}

/// Is the ordinal of a row of the sheet (from 0) that of a group: «I», «II», «A»?
pub(super) fn is_head(context: &ReadContext<'_>, row: u32) -> bool {
    let ordinal = context.located.header.ordinal;
    let at = ordinal.map(|column| CellAddress::new(row, column));
    let text = at.and_then(|at| context.sheet.cells.get(&at)?.text());
    text.is_some_and(|text| {
        let text = text.trim().trim_end_matches(['.', ')']);
        let is_roman = text.chars().all(|c| "IVX".contains(c));
        !text.is_empty()
            && (is_roman || text.len() == 1 && text.starts_with(|c: char| c.is_ascii_uppercase()))
    })
}

/// The places of rows that head groups, in a table that has others, too; `lines`: the rows of the
/// sheet that the rows of the table are.
fn heads(context: &ReadContext<'_>, lines: &[u32]) -> BTreeSet<usize> {
    let places = lines.iter().enumerate();
    let heads = places.filter(|(_, line)| is_head(context, **line));
    let heads: BTreeSet<usize> = heads.map(|(at, _)| at).collect();
    // The last row has nothing below it to add up.
    match lines.len().checked_sub(1) {
        Some(last) if heads.len() < lines.len() && !heads.contains(&last) => heads,
        _ => BTreeSet::new(),
    }
}

/// A row that is the sum of others.
struct Sum {
    /// Its place among the rows of the table, from 0.
    at: usize,
    /// The rows it adds up.
    of: Range<usize>,
    /// Number of columns in which it has a figure other than 0 and is the sum; 0 for a head that has
    /// to be compared.
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
    let Found { sums, maybe } = find(table, &heads(context, &lines));
    for sum in &maybe {
        report_maybe(context, log, table, &lines, sum);
    }
    report_parts(context, log, table, &lines);
    let mut aside = Vec::new();
    for sum in sums.iter().rev() {
        let below = sum.of.start > sum.at;
        let (row, line) = (table.rows.remove(sum.at), lines.remove(sum.at));
        if sum.columns == 0 {
            // What is below has moved up by the row taken out.
            let of = &table.rows[sum.of.start - 1..sum.of.end - 1];
            subtotals::check(context, log, line, &row.cells, of, below);
        } else {
            let address = row.cells.iter().find_map(|cell| cell.address);
            let message = subtotals::is_sum(line + 1, sum.of.len(), sum.columns, below);
            log.report(context, subtotals::SUBTOTAL, address, message);
        }
        log.missing.retain(|figure| figure.address.row != line);
        aside.push((line, row.cells));
    }
    aside
}

/// Rows that are sums of others.
struct Found {
    /// Those that are not counted, from the top.
    sums: Vec<Sum>,
    /// Those that may be items of their own.
    maybe: Vec<Sum>,
}

/// Finds the sums of groups in a table; `heads`: places of rows that head groups.
fn find(table: &Table, heads: &BTreeSet<usize>) -> Found {
    let columns = additive(&table.form);
    let rows = figures(table, &columns);
    let total: Option<Vec<Option<Number>>> = table.total.as_ref().map(|total| {
        let cells = columns
            .iter()
            .map(|column| total.cells.get(*column)?.value());
        cells.map(|value| value?.as_number()).collect()
    });
    let all = added(&rows, 0..rows.len());
    let is_total_without =
        |places: &[usize]| is_left_out(total.as_deref(), all.as_deref(), &rows, places);
    let (mut sums, mut maybe): (Vec<Sum>, Vec<Sum>) = (Vec::new(), Vec::new());
    let mut group = 0;
    for at in 0..rows.len() {
        let name = match (heads.contains(&at), says_sum(&table.rows[at].key)) {
            (true, _) => Name::Head,
            (_, true) => Name::Sum,
            (..) => Name::Other,
        };
        let Some(sum) = sum_of(&rows, at, group, name) else {
            continue;
        };
        let alone = || is_telling(&rows[at]) && is_total_without(&[at]);
        if name != Name::Other || alone() {
            group = at + 1;
            sums.push(sum);
        } else {
            maybe.push(sum);
        }
    }
    // Several that the total leaves out together.
    let together: Vec<usize> = sums.iter().chain(&maybe).map(|sum| sum.at).collect();
    if maybe.len() > 1 && is_total_without(&together) {
        sums.append(&mut maybe);
    }
    // Heads whose figures are not the sums of their rows, where the total leaves all heads out.
    let known: BTreeSet<usize> = sums.iter().map(|sum| sum.at).collect();
    let ends: Vec<usize> = known.union(heads).copied().collect();
    if ends.len() > known.len() && is_total_without(&ends) {
        for (at, next) in ends.iter().zip(ends.iter().skip(1).chain([&rows.len()])) {
            if !known.contains(at) {
                let of = at + 1..*next;
                let columns = 0;
                sums.push(Sum {
                    at: *at,
                    of,
                    columns,
                });
            }
        }
    }
    sums.sort_by_key(|sum| sum.at);
    maybe.retain(|sum| is_telling(&rows[sum.at]));
    Found { sums, maybe }
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
/// the sum of in every column; at least two of them have figures. One that is called a sum may add
/// up a part of the group; the head of a group has its rows below. Small figures in one column agree
/// by chance.
fn sum_of(rows: &[Option<Vec<Number>>], at: usize, group: usize, name: Name) -> Option<Sum> {
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
    let above = match name {
        Name::Head => None,
        Name::Sum => add_up(&mut (group..at).rev()),
        Name::Other => add_up(&mut (group..at).rev()).filter(|first| *first == group),
    };
    let of = match above {
        Some(first) => first..at,
        None => at + 1..add_up(&mut (at + 1..rows.len()))? + 1,
    };
    Some(Sum { at, of, columns })
}

/// Are there two figures that differ and are large enough not to be a sum by chance? Small counts are
/// sums of one another all the time.
fn is_telling(own: &Option<Vec<Number>>) -> bool {
    let own = own.iter().flatten();
    let large = own.filter(|figure| figure.abs() >= LARGE);
    large.collect::<BTreeSet<_>>().len() > 1
}

/// Does the total row leave the rows at some places out, and is right without them?
fn is_left_out(
    total: Option<&[Option<Number>]>,
    all: Option<&[Number]>,
    rows: &[Option<Vec<Number>>],
    places: &[usize],
) -> bool {
    let own = places
        .iter()
        .try_fold(Vec::new(), |sums, at| match (&rows[*at], sums.is_empty()) {
            (Some(row), true) => Some(row.clone()),
            (Some(row), false) => plus(&sums, row),
            (None, _) => None,
        });
    let (Some(total), Some(all), Some(own)) = (total, all, own) else {
        return false;
    };
    let mut columns = total.iter().zip(all).zip(&own);
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
