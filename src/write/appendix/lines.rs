//! The lines of an appendix' table, top to bottom; totals are live formulas over its own rows.
//! The workbook and the document paint the same lines.

use super::query::sums;
use super::table::{Appendix, AppendixColumn, Block, Row};
use crate::model::{CellAddress, Number, Value, address::column_letters};
use crate::schema::Aggregate;
use crate::schema::resolve::FieldRef;
use crate::write::formula::live::{Live, Operand, ratio, sum, ticked};
use crate::write::formula::shown::{MAX_ARGUMENTS, ShownCell, add};
use crate::write::paper::count::count;

/// A line of the table.
pub(super) enum AppendixLine<'a> {
    /// The heading of a group with its subtotals.
    Group {
        /// Counted from 1, printed in Roman numerals.
        number: usize,
        /// "Khu vực Bến Tre (22 đơn vị)".
        text: String,
        /// One a column.
        cells: Vec<ShownCell>,
    },
    /// A row; its number within its group, from 1.
    Row(u32, &'a Row),
    /// The total.
    Total {
        /// "Tổng cộng".
        text: String,
        /// One a column.
        cells: Vec<ShownCell>,
    },
}

/// The lines of an appendix' table, the first of which is row `start` of the sheet; `first` is the
/// sheet's column of the appendix' first column, both from 0.
pub(super) fn lines<'a>(
    appendix: &'a Appendix<'_>,
    first: u32,
    start: u32,
) -> Vec<AppendixLine<'a>> {
    let mut lines = Vec::new();
    let mut heads: Vec<(u32, Vec<ShownCell>)> = Vec::new();
    let row = |lines: &[AppendixLine<'_>]| start + count(lines.len());
    for (index, block) in appendix.blocks.iter().enumerate() {
        if let Some(title) = &block.title {
            let at = row(&lines);
            let cells = totals(appendix, first, at, &Parts::Rows(at + 1, block));
            heads.push((at, cells.clone()));
            lines.push(AppendixLine::Group {
                number: index + 1,
                text: appendix.group_text(title, block),
                cells,
            });
        }
        lines.extend(
            (1u32..)
                .zip(&block.rows)
                .map(|(n, row)| AppendixLine::Row(n, row)),
        );
    }
    let Some(label) = &appendix.text.total else {
        return lines;
    };
    let parts = match appendix.blocks.as_slice() {
        [block] if block.title.is_none() => Parts::Rows(start, block),
        _ => Parts::Heads(&heads),
    };
    let mut cells = totals(appendix, first, row(&lines), &parts);
    for (cell, column) in cells.iter_mut().zip(&appendix.columns) {
        // A percentage whose operands are not shown.
        if column.field.aggregate == Aggregate::Ratio && !cell.is_live() {
            *cell = ShownCell::Value(column.total.clone());
        }
    }
    lines.push(AppendixLine::Total {
        text: appendix.total_text(label, &cells),
        cells,
    });
    lines
}

/// What a totalled row adds up.
enum Parts<'a> {
    /// The rows of a block, the first of which is this row of the sheet.
    Rows(u32, &'a Block),
    /// Headings of groups, with the row of each.
    Heads(&'a [(u32, Vec<ShownCell>)]),
}

impl<'a> Parts<'a> {
    /// The rows that are added up.
    fn rows(&self, appendix: &'a Appendix<'_>) -> Box<dyn Iterator<Item = &'a Row> + 'a> {
        match self {
            Parts::Rows(_, block) => Box::new(block.rows.iter()),
            Parts::Heads(_) => Box::new(appendix.blocks.iter().flat_map(|block| &block.rows)),
        }
    }
}

/// Cells of a totalled row: sums and counts, then ratios of them. `first` is the sheet's column of
/// the appendix' first column, `row` the row of the totals.
fn totals(appendix: &Appendix<'_>, first: u32, row: u32, parts: &Parts<'_>) -> Vec<ShownCell> {
    let columns = &appendix.columns;
    let indexed = columns.iter().enumerate();
    let mut cells: Vec<ShownCell> = indexed
        .map(|(index, column)| {
            let letters = column_letters(first + count(index));
            fold(parts, column, index, &letters).map_or(ShownCell::Value(None), ShownCell::Live)
        })
        .collect();
    let sums = sums(parts.rows(appendix).map(|row| &row.operands));
    for (index, column) in columns.iter().enumerate() {
        if let (Some(computed), Some(cell)) = (&column.computed, cells.get_mut(index)) {
            *cell = ShownCell::Value(computed.total(&sums).map(Value::Number));
        }
        if column.field.aggregate != Aggregate::Ratio {
            continue;
        }
        let Some(of) = appendix.form.ratio(column.row, column.column) else {
            continue;
        };
        let operand = |cell: &FieldRef<'_>| {
            let wanted = (cell.row(), cell.column);
            let other = columns.iter().position(|c| (c.row, c.column) == wanted)?;
            Some(Operand {
                at: CellAddress::new(row, first + count(other)),
                number: cells.get(other)?.number(),
            })
        };
        if let (Some(live), Some(cell)) = (ratio(&of, &operand), cells.get_mut(index)) {
            *cell = ShownCell::Live(live);
        }
    }
    cells
}

/// The sum or count of one column; `None` if nothing is added in it.
fn fold(
    parts: &Parts<'_>,
    column: &AppendixColumn<'_>,
    index: usize,
    letters: &str,
) -> Option<Live> {
    if !matches!(column.field.aggregate, Aggregate::Sum | Aggregate::Count) {
        return None;
    }
    match parts {
        Parts::Rows(first, block) => {
            let last = (first + count(block.rows.len())).checked_sub(1)?;
            if last < *first {
                return None;
            }
            let cells = format!("{letters}{}:{letters}{}", first + 1, last + 1);
            let values = || {
                block
                    .rows
                    .iter()
                    .filter_map(|row| row.values.get(index)?.as_ref())
            };
            let flags = values()
                .filter(|value| matches!(value, Value::Flag(_)))
                .count();
            if column.field.aggregate == Aggregate::Count && flags > 0 {
                let ticks = values()
                    .filter(|value| **value == Value::Flag(true))
                    .count();
                return Some(ticked(&cells, Some(Number::from(ticks))));
            }
            Some(sum(
                &cells,
                column.decimals,
                add(values().map(Value::as_number)),
            ))
        }
        Parts::Heads(heads) if heads.is_empty() || heads.len() > MAX_ARGUMENTS => None,
        Parts::Heads(heads) => {
            let cells: Vec<String> = heads
                .iter()
                .map(|(row, _)| format!("{letters}{}", row + 1))
                .collect();
            let numbers = heads.iter().map(|(_, cells)| cells.get(index)?.number());
            Some(sum(&cells.join(","), column.decimals, add(numbers)))
        }
    }
}
