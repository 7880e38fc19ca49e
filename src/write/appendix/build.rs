//! The rows of an appendix gathered from the consolidated tables: what is listed, in what order,
//! in which unit of measure.

use std::borrow::Cow;

use super::query::{LineComputation, LineFigures, Operands, asked, expression};
use super::table::{Appendix, AppendixColumn, Block, Row};
use crate::consolidate::apportion::apportion;
use crate::consolidate::{Consolidated, FormTable, FreeRow, LineState, UnitLine};
use crate::model::{Number, Value};
use crate::schema::campaign::{AppendixList, AppendixText};
use crate::schema::evaluate::round;
use crate::schema::expression::Expr;
use crate::schema::form::Rounding;
use crate::schema::{Aggregate, Field, FieldType, Form};
use crate::write::formula::shown::add;
use crate::write::paper::error::WriteError;

/// What a name in `columns` means.
pub(super) enum ColumnSource<'a> {
    /// A field of the form.
    Place(FieldPlace),
    /// Something computed.
    Computed(LineComputation<'a>),
}

/// A field of the form.
#[derive(Clone, Copy)]
pub(super) struct FieldPlace {
    row: Option<usize>,
    column: usize,
    /// Index into the table's fields.
    field: Option<usize>,
}

/// Finds what the names in `columns` mean.
///
/// # Errors
/// A name is of no form of the campaign.
pub(super) fn sources<'a>(
    text: &'a AppendixText,
    table: &FormTable,
) -> Result<Vec<ColumnSource<'a>>, WriteError> {
    let source = |name: &String| match text.computed.get(name) {
        Some(computed) => Ok(ColumnSource::Computed(LineComputation {
            text: computed,
            expr: expression(computed.value.get_ref())?,
        })),
        None => Ok(ColumnSource::Place(place(text, table, name)?)),
    };
    text.columns.iter().map(source).collect()
}

/// A name the campaign's forms do not have.
pub(super) fn unknown(text: &AppendixText, name: &str) -> WriteError {
    WriteError::new(
        format!("phụ lục «{}»: không có `{name}`", text.title),
        format!("appendix `{}`: there is no `{name}`", text.title),
    )
}

fn place(text: &AppendixText, table: &FormTable, name: &str) -> Result<FieldPlace, WriteError> {
    let unknown = || unknown(text, name);
    let form = &table.form;
    let found = match name.split_once('.') {
        Some((row, column)) => form.row(row).map(Some).zip(form.column(column)),
        None => form.column(name).map(|column| (None, column)),
    };
    let (row, column) = found.ok_or_else(unknown)?;
    let mut fields = table.fields.iter();
    let field = fields.position(|field| (field.row, field.column) == (row, column));
    // The key of a free row is no field of a unit, but a column of the row.
    if field.is_none() && text.list == AppendixList::Units {
        return Err(unknown());
    }
    Ok(FieldPlace { row, column, field })
}

/// An appendix being gathered.
pub(super) struct Query<'a> {
    pub text: &'a AppendixText,
    pub consolidated: &'a Consolidated,
    pub table: &'a FormTable,
    pub sources: Vec<ColumnSource<'a>>,
    pub filter: Option<Expr>,
}

impl<'a> Query<'a> {
    /// Rows under the roster's groups in the order they first come, or all under no heading.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks: Vec<Block> = Vec::new();
        for line in &self.table.lines {
            let rows: Vec<Row> = match self.text.list {
                AppendixList::Rows => {
                    let rows = line.rows.iter();
                    rows.filter_map(|row| self.row(line, Some(row))).collect()
                }
                AppendixList::Units => self.row(line, None).into_iter().collect(),
            };
            let title = self.text.by_group.then(|| line.unit.group.clone());
            match blocks.iter_mut().find(|block| block.title == title) {
                Some(block) => block.rows.extend(rows),
                None if rows.is_empty() => {}
                None => blocks.push(Block { title, rows }),
            }
        }
        blocks
    }

    /// A unit, or a row it added; `None` if it is not listed.
    fn row(&self, line: &UnitLine, row: Option<&FreeRow>) -> Option<Row> {
        let figures = LineFigures {
            consolidated: self.consolidated,
            unit: &line.unit.code,
            row,
        };
        let scope = figures.scope(&self.table.form);
        if !asked(self.filter.as_ref(), &scope) {
            return None;
        }
        let mut operands = Operands::new();
        let values = self.sources.iter().map(|source| match source {
            ColumnSource::Computed(computed) => {
                computed.operands(&scope, &mut operands);
                computed.value(&scope)
            }
            ColumnSource::Place(place) => match row {
                Some(row) => row.values.get(place.column).cloned().flatten(),
                None => line.values.get(place.field?).cloned().flatten(),
            },
        });
        Some(Row {
            name: line.unit.name.clone(),
            values: values.collect(),
            operands,
            moved: Vec::new(),
            lacking: line.state != LineState::Accepted,
        })
    }

    /// The columns behind ordinal and name.
    pub fn columns(self, blocks: &[Block]) -> Vec<AppendixColumn<'a>> {
        let (text, table) = (self.text, self.table);
        let named = text.columns.iter().zip(self.sources).enumerate();
        let columns = named.filter_map(|(index, (name, source))| {
            Some(match source {
                ColumnSource::Place(place) => {
                    let field = table.form.field(place.row, place.column)?;
                    AppendixColumn {
                        header: header(text, &table.form, name, place),
                        field: Cow::Borrowed(field),
                        row: place.row,
                        column: place.column,
                        decimals: match field.rounded {
                            true => field.decimals,
                            false => decimals(blocks, index).max(field.decimals),
                        },
                        total: given_total(text, table, place),
                        computed: None,
                    }
                }
                ColumnSource::Computed(computed) => AppendixColumn {
                    header: vec![computed.text.header.clone()],
                    field: Cow::Owned(computed_field(&computed)),
                    row: None,
                    column: 0,
                    decimals: computed.text.decimals,
                    total: None,
                    computed: Some(computed),
                },
            })
        });
        columns.collect()
    }
}

/// A figure that is never added up.
fn computed_field(computed: &LineComputation<'_>) -> Field {
    Field::computed(computed.text.decimals, computed.text.rounding)
}

/// The total of all units, which is not that of some of them.
fn given_total(text: &AppendixText, table: &FormTable, place: FieldPlace) -> Option<Value> {
    let whole = text.filter.is_none() && text.top.is_none();
    let field = place.field.filter(|_| whole)?;
    table.total.get(field)?.clone()
}

/// Decimals the figures of a column have.
fn decimals(blocks: &[Block], column: usize) -> u32 {
    let rows = blocks.iter().flat_map(|block| &block.rows);
    let values = rows.filter_map(|row| row.values.get(column)?.as_ref()?.as_number());
    values
        .map(|number| number.normalize().scale())
        .max()
        .unwrap_or(0)
}

/// Header path of a column: what the campaign says, else what the form says.
fn header(text: &AppendixText, form: &Form, name: &str, place: FieldPlace) -> Vec<String> {
    if let Some(own) = text.headers.get(name) {
        return vec![own.clone()];
    }
    let row = place.row.and_then(|row| form.file.rows.get(row));
    let mut path: Vec<String> = row
        .map(|row| row.label.own().to_owned())
        .into_iter()
        .collect();
    // The header of a form's only column is left out: the row labels already say it.
    if (path.is_empty() || form.file.columns.len() > 1)
        && let Some(column) = form.file.columns.get(place.column)
    {
        path.extend(column.label.path().iter().cloned());
    }
    path
}

/// Orders the rows of each group as declared and keeps the first of them.
pub(super) fn shape(text: &AppendixText, blocks: &mut [Block]) {
    let order = text.order.as_ref().map(|order| order.get_ref().as_str());
    let descending = order.is_some_and(|order| order.starts_with('-'));
    let wanted = order.map(|order| order.trim_start_matches('-'));
    let column = wanted.and_then(|name| text.columns.iter().position(|column| column == name));
    for block in blocks {
        if let Some(column) = column {
            let key = |row: &Row| row.values.get(column)?.as_ref()?.as_number();
            block.rows.sort_by(|a, b| match (key(a), key(b)) {
                (Some(a), Some(b)) if descending => b.cmp(&a),
                (Some(a), Some(b)) => a.cmp(&b),
                (a, b) => b.is_some().cmp(&a.is_some()),
            });
        }
        block.rows.truncate(text.top.unwrap_or(usize::MAX));
    }
}

/// Divides sums of money as declared, rounded so that rows add up to their group and groups to the
/// total, by largest remainder.
pub(super) fn shown_in_larger_units(
    text: &AppendixText,
    columns: &mut [AppendixColumn<'_>],
    blocks: &mut [Block],
) {
    let Some(divide) = text.divide else { return };
    for (index, column) in columns.iter_mut().enumerate() {
        let money = column.field.kind == FieldType::Amount;
        if money && column.field.aggregate == Aggregate::Sum {
            divide_column(index, Number::from(divide), text.decimals, blocks);
            column.decimals = decimals(blocks, index).max(text.decimals);
        }
    }
}

/// Leaves the column undivided if a figure overflows; exact figures are correct in any case.
fn divide_column(index: usize, divide: Number, decimals: u32, blocks: &mut [Block]) {
    let figures = |block: &Block| -> Vec<Option<Number>> {
        let values = block.rows.iter().map(|row| row.values.get(index));
        let numbers = values.map(|value| value?.as_ref()?.as_number()?.checked_div(divide));
        numbers.collect()
    };
    let exact: Vec<Vec<Option<Number>>> = blocks.iter().map(figures).collect();
    let sums: Vec<Number> = exact
        .iter()
        .map(|figures| add(figures.iter().copied()).unwrap_or_default())
        .collect();
    let Some(whole) = add(sums.iter().copied().map(Some)) else {
        return;
    };
    let target = round(whole, decimals, Rounding::HalfUp);
    let Some(targets) = apportion(&sums, target, decimals) else {
        return;
    };
    let shown: Option<Vec<Vec<Number>>> = exact
        .iter()
        .zip(&targets)
        .map(|(figures, target)| {
            let figures: Vec<Number> = figures.iter().flatten().copied().collect();
            apportion(&figures, *target, decimals)
        })
        .collect();
    let Some(shown) = shown else { return };
    for (block, shown) in blocks.iter_mut().zip(shown) {
        let mut shown = shown.into_iter();
        for row in &mut block.rows {
            let Some(value) = row.values.get_mut(index) else {
                continue;
            };
            let exact = value.as_ref().and_then(Value::as_number);
            let Some((exact, shown)) = exact.zip(exact.and_then(|_| shown.next())) else {
                continue;
            };
            if shown != round(exact / divide, decimals, Rounding::HalfUp) {
                row.moved.push(index);
            }
            *value = Some(Value::Number(shown));
        }
    }
}

impl<'a> Appendix<'a> {
    /// Gathers the content of an appendix; `number` is its number from 1 if there are several.
    ///
    /// # Errors
    /// A name in the appendix is of no form of the campaign.
    pub fn new(
        text: &'a AppendixText,
        number: Option<usize>,
        consolidated: &'a Consolidated,
    ) -> Result<Self, WriteError> {
        let wanted = text.form.get_ref();
        let table = consolidated
            .forms
            .iter()
            .find(|table| table.form.id() == wanted)
            .ok_or_else(|| unknown(text, wanted))?;
        let filter = text
            .filter
            .as_ref()
            .map(|filter| expression(filter.get_ref()));
        let query = Query {
            text,
            consolidated,
            table,
            sources: sources(text, table)?,
            filter: filter.transpose()?,
        };
        let mut blocks = query.blocks();
        shape(text, &mut blocks);
        let several = table.lines.len() > 1;
        let mut columns = query.columns(&blocks);
        shown_in_larger_units(text, &mut columns, &mut blocks);
        Ok(Appendix {
            text,
            number,
            form: &table.form,
            names: match text.list {
                AppendixList::Units => Some("Tên đơn vị"),
                AppendixList::Rows => several.then_some("Đơn vị"),
            },
            columns,
            lacking: table
                .lines
                .iter()
                .filter(|line| line.state != LineState::Accepted)
                .count(),
            blocks,
        })
    }
}
