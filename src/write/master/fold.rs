//! What a cell of a form's sheet shows: a value, or a live formula that yields it. A formula is
//! written only if it yields exactly the consolidated figure.

use super::detail::Detail;
use super::tree::{Node, Summands, Tree};
use crate::consolidate::{FormTable, UnitLine};
use crate::model::{CellAddress, Number, Value, address::column_letters};
use crate::schema::resolve::FieldRef;
use crate::schema::{Aggregate, Field, Form};
use crate::write::formula::live::{Live, Operand, ratio, sum, ticked};
use crate::write::formula::shown::{MAX_ARGUMENTS, ShownCell, add};
use crate::write::paper::sheet::is_holdable;

/// A value column of the sheet.
pub(super) struct Column<'a> {
    /// The sheet's column, from 0.
    pub at: u32,
    /// What it holds.
    pub field: &'a Field,
    /// Index into the form's rows.
    pub row: Option<usize>,
    /// Index into the form's columns.
    pub column: usize,
    /// Decimals its figures have.
    pub decimals: u32,
}

/// The value columns of a form's sheet, and how each is totalled.
pub(super) struct Folder<'a> {
    pub form: &'a Form,
    pub columns: Vec<Column<'a>>,
}

impl<'a> Folder<'a> {
    /// Value columns from sheet column `first` (from 0) on.
    pub fn new(table: &'a FormTable, first: u32) -> Self {
        let form: &'a Form = &table.form;
        let columns = (first..).zip(table.fields.iter().enumerate());
        let columns = columns.filter_map(|(at, (index, field_ref))| {
            let field = form.field(field_ref.row, field_ref.column)?;
            Some(Column {
                at,
                field,
                row: field_ref.row,
                column: field_ref.column,
                decimals: decimals(table, index, field_ref.column, field),
            })
        });
        Folder {
            columns: columns.collect(),
            form,
        }
    }

    /// Cells of a unit's line: `index` is the line of the table, `row` the row of the sheet, both
    /// from 0.
    pub fn line(
        &self,
        line: &UnitLine,
        index: usize,
        row: u32,
        detail: Option<&Detail>,
    ) -> Vec<ShownCell> {
        let values = (0..self.columns.len()).map(|field| line.values.get(field).cloned().flatten());
        let mut cells: Vec<ShownCell> = values.map(ShownCell::Value).collect();
        let Some(detail) = detail else { return cells };
        for (field, column) in self.columns.iter().enumerate() {
            let Some(range) = detail.cells(index, column.column) else {
                continue;
            };
            let rows = line
                .rows
                .iter()
                .filter_map(|row| row.values.get(column.column)?.as_ref());
            let live = match column.field.aggregate {
                Aggregate::Sum => Some(sum(
                    &range,
                    column.decimals,
                    add(rows.map(Value::as_number)),
                )),
                Aggregate::Count => {
                    let ticks =
                        Number::from(rows.filter(|value| **value == Value::Flag(true)).count());
                    Some(ticked(&range, given_count(&cells, field, ticks)))
                }
                _ => None,
            };
            settle(&mut cells, field, live, true);
        }
        self.ratios(&mut cells, row, true);
        cells
    }

    /// Cells of a row that totals units or other totals; `below` are the cells of the nodes before
    /// it, `lines` those of the units.
    pub fn node(
        &self,
        tree: &Tree<'_>,
        node: &Node<'_>,
        below: &[Vec<ShownCell>],
        lines: &[Vec<ShownCell>],
    ) -> Vec<ShownCell> {
        let parts: Vec<&Vec<ShownCell>> = match &node.parts {
            Summands::Lines(range) => lines
                .get(range.clone())
                .unwrap_or_default()
                .iter()
                .collect(),
            Summands::Nodes(nodes) => nodes.iter().filter_map(|node| below.get(*node)).collect(),
        };
        let given = |field: usize| {
            node.given
                .and_then(|given| given.get(field).cloned())
                .flatten()
        };
        let mut cells: Vec<ShownCell> = (0..self.columns.len())
            .map(|field| ShownCell::Value(given(field)))
            .collect();
        for (field, column) in self.columns.iter().enumerate() {
            let shown = parts.iter().filter_map(|part| part.get(field));
            let refs = references(tree, node, column.at);
            let live = match (column.field.aggregate, refs) {
                (Aggregate::Sum, Some(refs)) => Some(sum(
                    &refs,
                    column.decimals,
                    add(shown.map(ShownCell::number)),
                )),
                (Aggregate::Count, Some(refs)) => {
                    Some(self.count(node, &refs, shown, &cells, field))
                }
                (Aggregate::List | Aggregate::None, _) => {
                    cells[field] = ShownCell::Value(None);
                    None
                }
                (Aggregate::Last, _) if node.given.is_none() => {
                    cells[field] = ShownCell::Value(shown.filter_map(plain).next_back());
                    None
                }
                _ => None,
            };
            settle(&mut cells, field, live, node.given.is_some());
        }
        self.ratios(&mut cells, node.row, node.given.is_some());
        cells
    }

    /// Ticks are counted among units and added up from there; the units of a free-row form hold
    /// counts already.
    fn count<'b>(
        &self,
        node: &Node<'_>,
        refs: &str,
        shown: impl Iterator<Item = &'b ShownCell>,
        cells: &[ShownCell],
        field: usize,
    ) -> Live {
        if self.form.is_free() || matches!(node.parts, Summands::Nodes(_)) {
            return sum(refs, 0, add(shown.map(ShownCell::number)));
        }
        let ticks = shown.filter(|shown| **shown == ShownCell::Value(Some(Value::Flag(true))));
        ticked(refs, given_count(cells, field, Number::from(ticks.count())))
    }

    /// Percentages from their operands in the same row, once those are settled.
    fn ratios(&self, cells: &mut [ShownCell], row: u32, given: bool) {
        for (field, column) in self.columns.iter().enumerate() {
            if column.field.aggregate != Aggregate::Ratio {
                continue;
            }
            let Some(of) = self.form.ratio(column.row, column.column) else {
                continue;
            };
            let operand = |cell: &FieldRef<'_>| {
                let index = self
                    .columns
                    .iter()
                    .position(|other| (other.row, other.column) == (cell.row(), cell.column))?;
                Some(Operand {
                    at: CellAddress::new(row, self.columns.get(index)?.at),
                    number: cells.get(index)?.number(),
                })
            };
            let live = ratio(&of, &operand);
            settle(cells, field, live, given);
        }
    }
}

/// Puts a formula in place of the value given, if it yields the same.
fn settle(cells: &mut [ShownCell], field: usize, live: Option<Live>, given: bool) {
    let (Some(live), Some(cell)) = (live, cells.get_mut(field)) else {
        return;
    };
    let holdable = live.result.is_none_or(is_holdable);
    if holdable && (!given || cell.number() == live.result) {
        *cell = ShownCell::Live(live);
    } else if !given {
        // Beyond what the formula could hold: the exact figure, as words.
        *cell = ShownCell::Value(live.result.map(Value::Number));
    }
}

/// COUNTIF gives 0 both for a count of 0 and for no count at all; the consolidated value decides
/// which it is.
fn given_count(cells: &[ShownCell], field: usize, ticks: Number) -> Option<Number> {
    let given = cells.get(field).and_then(ShownCell::number);
    (given.is_some() || !ticks.is_zero()).then_some(ticks)
}

/// A settled value that is no formula.
fn plain(shown: &ShownCell) -> Option<Value> {
    match shown {
        ShownCell::Value(value) => value.clone(),
        ShownCell::Live(live) => live.result.map(Value::Number),
    }
}

/// The cells a row totals in a column: one range of units, or the rows of other totals.
fn references(tree: &Tree<'_>, node: &Node<'_>, column: u32) -> Option<String> {
    let letters = column_letters(column);
    match &node.parts {
        Summands::Lines(lines) => {
            let first = tree.rows.get(lines.start)?;
            let last = tree.rows.get(lines.end.checked_sub(1)?)?;
            Some(format!("{letters}{}:{letters}{}", first + 1, last + 1))
        }
        Summands::Nodes(nodes) if nodes.len() > MAX_ARGUMENTS => None,
        Summands::Nodes(nodes) => {
            let rows = nodes.iter().filter_map(|node| tree.nodes.get(*node));
            let cells: Vec<String> = rows
                .map(|node| format!("{letters}{}", node.row + 1))
                .collect();
            (!cells.is_empty()).then(|| cells.join(","))
        }
    }
}

/// Decimals a column's figures are shown with: as declared, or more if some unit has more. What is
/// rounded by its form has as many as that says, whatever a unit's own formula gives.
fn decimals(table: &FormTable, index: usize, column: usize, field: &Field) -> u32 {
    if field.rounded {
        return field.decimals;
    }
    let lines = table.lines.iter();
    let own = lines
        .clone()
        .filter_map(|line| line.values.get(index)?.as_ref());
    let rows = lines
        .flat_map(|line| &line.rows)
        .filter_map(|row| row.values.get(column)?.as_ref());
    let scale = |value: &Value| value.as_number().map(|number| number.normalize().scale());
    own.chain(rows)
        .filter_map(scale)
        .max()
        .unwrap_or(0)
        .max(field.decimals)
}
