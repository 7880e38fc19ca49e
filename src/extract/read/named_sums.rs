//! Sums of groups under names of their own («Cộng nhóm giao thông», «I. Giao thông»): rows of the
//! table by their names, and sums of the rows next to them by their figures. None is counted.

use std::collections::BTreeSet;
use std::ops::Range;

use super::context::{ReadCheck, ReadContext, ReadLog};
use super::group_heads::{Groups, Head, Unequal, heads, heads_at, judge};
use super::no_items;
use super::subtotals;
use super::sums::{Amounts, Compared, LARGE, Sum, added, plus};
use crate::extract::sum_names::{is_of_all, is_sum, may_be_sum};
use crate::extract::table::{CellState, Table, TableCell, TableRow};
use crate::model::value::message;
use crate::model::{CellAddress, Message, Number, Severity, Value};
use crate::schema::{Aggregate, Form};
use crate::workbook::Content;

const MAYBE: ReadCheck = ReadCheck::structure("nghi-dong-cong-nhom", Severity::Warning);
const COUNTED: ReadCheck = ReadCheck::structure("tong-cong-ca-dong-cong-nhom", Severity::Error);

/// Rows above or below a row that are added up to compare them with it.
const MOST_ROWS: usize = 200;
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
fn figures(table: &Table, columns: &[usize]) -> Vec<Option<Amounts>> {
    let of = |row: &TableRow| columns.iter().map(|c| figure(row.cells.get(*c))).collect();
    table.rows.iter().map(of).collect()
}

/// Takes sums of groups out of the rows of a table and reports them; `lines`: the rows of the
/// sheet, from 0, that the rows of the table are. Gives the sums, each with its row of the sheet.
pub(super) fn set_aside(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    table: &mut Table,
    mut lines: Vec<u32>,
) -> Vec<(u32, Vec<TableCell>)> {
    let no_items = no_items::places(context, table, &uncounted(context, &lines));
    for at in no_items.into_iter().rev() {
        no_items::take_out(context, log, &table.rows.remove(at), lines.remove(at));
    }
    let found = find(table, &heads(context, &lines), &uncounted(context, &lines));
    for sum in &found.maybe {
        report_maybe(context, log, table, &lines, sum);
    }
    for head in &found.unequal {
        report_unequal(context, log, table, &lines, head);
    }
    let sums = found.sums;
    no_items::report_parts(context, log, table, &lines);
    let mut aside = Vec::new();
    let places: BTreeSet<usize> = sums.iter().map(|sum| sum.at).collect();
    for sum in sums.iter().rev() {
        let below = sum.of.start > sum.at;
        let (row, line) = (table.rows.remove(sum.at), lines.remove(sum.at));
        match sum.figures {
            Compared::NotYet => {
                // What is below has moved up by the row taken out, and sums among it are gone.
                let gone = places.range(sum.of.clone()).count();
                let of: Vec<TableRow> = match below {
                    true => table.rows[sum.of.start - 1..sum.of.end - 1 - gone].to_vec(),
                    false => {
                        let items = sum.of.clone().filter(|at| !places.contains(at));
                        items.map(|at| table.rows[at].clone()).collect()
                    }
                };
                subtotals::check(context, log, line, &row.cells, &of, below);
            }
            Compared::Equal(columns) => {
                let address = row.cells.iter().find_map(|cell| cell.address);
                let among = places.range(sum.of.clone()).count();
                let message = subtotals::is_sum(line + 1, sum.of.len() - among, columns, below);
                log.report(context, subtotals::SUBTOTAL, address, message);
            }
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
    /// Rows numbered as heads of groups that are not the sums of their rows, and may be items.
    unequal: Vec<Unequal>,
}

/// The places of rows without an ordinal, in a table in which most have one.
fn uncounted(context: &ReadContext<'_>, lines: &[u32]) -> BTreeSet<usize> {
    let Some(column) = context.located.header.ordinal else {
        return BTreeSet::new();
    };
    let blank = |line: &u32| {
        let cell = context.sheet.cells.get(&CellAddress::new(*line, column));
        cell.is_none_or(|cell| cell.content == Content::EmptyText)
    };
    let rows = lines.iter().enumerate();
    let blank: BTreeSet<usize> = rows
        .filter_map(|(at, line)| blank(line).then_some(at))
        .collect();
    // Rows that close a list stand behind all that are counted.
    let counted = lines.len() - blank.len();
    let closing = counted > 1 && blank.first().is_some_and(|first| *first == counted);
    match blank.len() < counted || closing {
        true => blank,
        false => BTreeSet::new(),
    }
}

/// Finds the sums of groups in a table; `heads`: rows with the ordinals of groups; `uncounted`: rows
/// that have no ordinal though others have.
fn find(table: &Table, heads: &[Head], uncounted: &BTreeSet<usize>) -> Found {
    let columns = additive(&table.form);
    let mut rows = figures(table, &columns);
    let total: Option<Vec<Option<Number>>> = table.total.as_ref().map(|total| {
        let cells = columns
            .iter()
            .map(|column| total.cells.get(*column)?.value());
        cells.map(|value| value?.as_number()).collect()
    });
    let all = added(&rows, 0..rows.len());
    let is_total_without = |rows: &[Option<Amounts>], places: &[usize]| {
        is_left_out(total.as_deref(), all.as_deref(), rows, places)
    };
    let (mut sums, mut maybe): (Vec<Sum>, Vec<Sum>) = (Vec::new(), Vec::new());
    let mut unequal = Vec::new();
    let without = |places: &[usize]| is_total_without(&rows, places);
    let has_total = total.iter().flatten().any(Option::is_some);
    // Rows without an ordinal may head groups too, where the total leaves them out.
    let named = |at: &usize| {
        let name = &table.rows[*at].key;
        may_be_sum(name) || no_items::is_part(name)
    };
    let bare: Vec<usize> = uncounted.iter().copied().filter(|at| !named(at)).collect();
    let bare = heads_at(&bare, &rows);
    let by_total = heads.is_empty() && without(&bare.iter().map(Head::at).collect::<Vec<_>>());
    let heads = if by_total { &bare } else { heads };
    match judge(heads, &rows, has_total, &without) {
        Groups::Sums(groups) => sums = groups,
        Groups::Maybe(equal, other) => (maybe, unequal) = (equal, other),
    }
    // Whatever its figures are, it is no item.
    let is_called_sum = |at: &usize| is_sum(&table.rows[*at].key);
    maybe.retain(|sum| !is_called_sum(&sum.at));
    let by_ordinal: BTreeSet<usize> = sums.iter().chain(&maybe).map(|sum| sum.at).collect();
    let all_rows = rows.clone();
    // Sums of groups are no rows of other sums.
    for sum in &sums {
        rows[sum.at] = Some(vec![Number::ZERO; columns.len()]);
    }
    let (mut group, mut by_figures) = (0, Vec::new());
    for at in 0..rows.len() {
        let named = may_be_sum(&table.rows[at].key);
        // One that is called a sum and is not counted among the rows is one, right or wrong.
        let unnumbered = named && uncounted.contains(&at) && rows[at].is_some();
        let to_compare = || {
            let of = addends(&rows, at, group, &table.rows[at].key);
            let figures = Compared::NotYet;
            let certain = is_called_sum(&at) || unnumbered && !of.is_empty();
            certain.then_some(Sum { at, of, figures })
        };
        let sum = sum_of(&rows, at, group, named).or_else(to_compare);
        let closing = uncounted.range(at..).count() == rows.len() - at && !has_total;
        let sum = sum.or_else(|| sum_of_all(&rows, at).filter(|_| closing));
        let Some(sum) = sum.filter(|_| !by_ordinal.contains(&at)) else {
            continue;
        };
        let closes = closing && sum_of_all(&rows, at).is_some();
        let alone = || is_telling(&rows[at]) && is_total_without(&all_rows, &[at]);
        if named || closes || alone() {
            group = at + 1;
            rows[at] = Some(vec![Number::ZERO; columns.len()]);
            sums.push(sum);
        } else {
            by_figures.push(sum);
        }
    }
    // Several that the total leaves out together.
    let together: Vec<usize> = sums.iter().chain(&by_figures).map(|sum| sum.at).collect();
    if by_figures.len() > 1 && is_total_without(&all_rows, &together) {
        sums.append(&mut by_figures);
    }
    sums.sort_by_key(|sum| sum.at);
    // The last of a list without a total.
    let last = |sum: &Sum| !has_total && sum.at + 1 == rows.len() && sum.of.len() > 2;
    by_figures.retain(|sum| is_telling(&rows[sum.at]) || sum.of.start == 0 && last(sum));
    maybe.append(&mut by_figures);
    maybe.sort_by_key(|sum| sum.at);
    let told: BTreeSet<usize> = sums.iter().chain(&maybe).map(|sum| sum.at).collect();
    unequal.retain(|head: &Unequal| !told.contains(&head.at));
    Found {
        sums,
        maybe,
        unequal,
    }
}

/// The rows that a row called a sum adds up: those above it since the last sum of a group, at `group`,
/// or all of them; those below one that comes first.
fn addends(rows: &[Option<Amounts>], at: usize, group: usize, name: &str) -> Range<usize> {
    let equals = |range: Range<usize>| added(rows, range).is_some_and(|sum| rows[at] == Some(sum));
    match (group..at).is_empty() {
        _ if at == 0 => 1..rows.len(),
        true => 0..at,
        false if equals(group..at) => group..at,
        false if is_of_all(name) || equals(0..at) => 0..at,
        false => group..at,
    }
}

/// A row that is the sum of all above it, of which several have figures, in every column.
fn sum_of_all(rows: &[Option<Amounts>], at: usize) -> Option<Sum> {
    let own = rows[at].as_ref()?;
    let all = added(rows, 0..at).filter(|all| all == own)?;
    let is_filled = |row: &&Option<Amounts>| row.iter().flatten().any(|figure| !figure.is_zero());
    let filled = rows[..at].iter().filter(is_filled).count();
    let columns = all.iter().filter(|figure| !figure.is_zero()).count();
    let is_large = all.iter().any(|figure| figure.abs() >= LARGE);
    let of = 0..at;
    let figures = Compared::Equal(columns);
    (filled > 1 && (columns > 1 || columns == 1 && is_large)).then_some(Sum { at, of, figures })
}

/// The rows right above (since the last sum of a group, at `group`) or right below that a row is
/// the sum of in every column; at least two of them have figures. One that is called a sum may add
/// up a part of the group. Small figures in one column agree by chance.
fn sum_of(rows: &[Option<Amounts>], at: usize, group: usize, named: bool) -> Option<Sum> {
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
    let figures = Compared::Equal(columns);
    Some(Sum { at, of, figures })
}

/// Are there two figures that differ and are large enough not to be a sum by chance? Small counts are
/// sums of one another all the time.
fn is_telling(own: &Option<Amounts>) -> bool {
    let own = own.iter().flatten();
    let large = own.filter(|figure| figure.abs() >= LARGE);
    large.collect::<BTreeSet<_>>().len() > 1
}

/// Does the total row leave the rows at some places out, and is right without them?
fn is_left_out(
    total: Option<&[Option<Number>]>,
    all: Option<&[Number]>,
    rows: &[Option<Amounts>],
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
    let address = context.name_cell(lines[sum.at]);
    log.report(context, MAYBE, address, message);
}

/// Asks about a row numbered as the head of a group whose figures are not the sums of its rows.
fn report_unequal(
    context: &ReadContext<'_>,
    log: &mut ReadLog,
    table: &Table,
    lines: &[u32],
    head: &Unequal,
) {
    let Some(column) = additive(&table.form).get(head.column).copied() else {
        return;
    };
    let line = lines[head.at] + 1;
    let (first, last) = (lines[head.of.start] + 1, lines[head.of.end - 1] + 1);
    let row = &table.rows[head.at];
    let (name, label) = (&row.key, context.form.cell_label(None, column));
    let (own, added) = (Value::Number(head.own), Value::Number(head.added));
    let message = message!(
        own, added;
        "Dòng {line} «{name}» đánh số như đầu nhóm của các dòng {first} đến {last}, nhưng «{label}» ghi {own}, các dòng ấy cộng lại là {added}. Nếu là dòng cộng của nhóm, hãy sửa số sai rồi xóa dòng này, nếu không các dòng ấy bị tính hai lần; nếu là một mục riêng, đề nghị giải trình.",
        "Row {line} `{name}` is numbered as the head of rows {first} to {last}, but `{label}` holds {own}, and those rows add up to {added}. If it is the sum of the group, mend what is wrong and delete it, or those rows are counted twice; if it is an item of its own, explain it."
    );
    let address = row.cells.get(column).and_then(|cell| cell.address);
    if let Some(address) = address {
        log.report_value(context, MAYBE, address, Some(own), message);
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
