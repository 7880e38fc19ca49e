//! One form of all units: lines, subtotals, total.

use std::sync::Arc;

use super::frame::{self, Frame, FrameResult};
use super::table::{FormTable, FreeRow, LineState, Subtotal, TableField, UnitLine};
use crate::extract::Table;
use crate::model::{Number, Provenance, ReportingUnit, Value};
use crate::schema::Form;
use crate::schema::form::Aggregate;
use crate::schema::ratio::RatioCell;
use crate::schema::resolve::{FieldRef as Cell, FormLookup};
use crate::schema::rule::trouble::Trouble;
use crate::schema::scope::{At, Figures};

/// What one unit that must file the form did.
pub struct Filing<'a> {
    /// The unit.
    pub unit: Arc<ReportingUnit>,
    /// Is it in the totals?
    pub state: LineState,
    /// Its table, if accepted.
    pub table: Option<&'a Table>,
    /// Does it file the sum of other units, which are added up themselves?
    pub sums: bool,
}

/// Consolidates one form. `filings`: every unit that must file it, ordered by kind, group, roster.
///
/// # Errors
///
/// A figure that no frame holds: one with more than [`crate::schema::field::MAX_DECIMALS`]
/// decimals, or a sum beyond 28 digits.
pub fn form_table(form: &Arc<Form>, filings: &[Filing<'_>]) -> FrameResult<FormTable> {
    let own = filings.iter().filter(|filing| !filing.sums).count();
    tabulate(form, fields(form), filings, Some(own))
}

/// Consolidates the given fields of one form. `expected`: how many units had to file figures of
/// their own, if known.
///
/// # Errors
/// polars cannot build the frame: a figure has more digits than a frame holds.
pub(super) fn tabulate(
    form: &Arc<Form>,
    fields: Vec<TableField>,
    filings: &[Filing<'_>],
    expected: Option<usize>,
) -> FrameResult<FormTable> {
    let lines_of = |sums: bool| -> FrameResult<Vec<UnitLine>> {
        let filings = filings.iter().filter(|filing| filing.sums == sums);
        filings.map(|filing| line(form, &fields, filing)).collect()
    };
    let (lines, sums) = (lines_of(false)?, lines_of(true)?);
    let addends: Vec<(String, Vec<Option<Number>>)> = lines
        .iter()
        .map(|line| {
            let figures = fields.iter().zip(&line.values);
            (
                group_key(&line.unit),
                figures.map(|(f, v)| addend(form, f, v.as_ref())).collect(),
            )
        })
        .collect();
    let totals = Frame::new(&addends, fields.len())?.totals()?;
    let mut subtotals = Vec::new();
    for (key, added) in totals.groups {
        let members: Vec<&UnitLine> = lines
            .iter()
            .filter(|line| group_key(&line.unit) == key)
            .collect();
        let Some(first) = members.first() else {
            continue;
        };
        subtotals.push(Subtotal {
            kind: first.unit.kind.clone(),
            group: first.unit.group.clone(),
            values: aggregate(form, &fields, &added, &members),
        });
    }
    let everyone: Vec<&UnitLine> = lines.iter().collect();
    let total = aggregate(form, &fields, &totals.all, &everyone);
    Ok(FormTable {
        form: form.clone(),
        fields,
        lines,
        sums,
        subtotals,
        expected,
        total,
    })
}

/// Every value of a line: all cells of a fixed-row form, all columns but the key of a free-row one.
pub(super) fn fields(form: &Form) -> Vec<TableField> {
    let columns = 0..form.file.columns.len();
    if form.is_free() {
        let key = form.key_column();
        return columns
            .filter(|column| Some(*column) != key)
            .map(|column| TableField { row: None, column })
            .collect();
    }
    (0..form.file.rows.len())
        .flat_map(|row| {
            columns.clone().map(move |column| TableField {
                row: Some(row),
                column,
            })
        })
        .filter(|field| form.field(field.row, field.column).is_some())
        .collect()
}

fn group_key(unit: &ReportingUnit) -> String {
    format!("{}\u{1f}{}", unit.kind, unit.group)
}

fn line(form: &Form, fields: &[TableField], filing: &Filing<'_>) -> FrameResult<UnitLine> {
    let mut line = UnitLine {
        unit: filing.unit.clone(),
        state: filing.state,
        file: None,
        values: vec![None; fields.len()],
        sources: vec![None; fields.len()],
        rows: Vec::new(),
    };
    let Some(table) = filing.table.filter(|_| filing.state == LineState::Accepted) else {
        return Ok(line);
    };
    line.file = Some(table.file.clone());
    if form.is_free() {
        line.rows = free_rows(table);
        line.values = free_totals(form, fields, &line.rows)?;
        return Ok(line);
    }
    for (i, field) in fields.iter().enumerate() {
        let cell = field
            .row
            .and_then(|row| table.rows.get(row)?.cells.get(field.column));
        let Some(cell) = cell else { continue };
        line.values[i] = cell.value().cloned();
        line.sources[i] = cell.value().and(cell.address).map(|cell| Provenance {
            file: table.file.clone(),
            sheet: table.sheet.clone(),
            cell,
        });
    }
    Ok(line)
}

fn free_rows(table: &Table) -> Vec<FreeRow> {
    let rows = table.rows.iter().map(|row| FreeRow {
        key: row.key.clone(),
        values: row.cells.iter().map(|cell| cell.value().cloned()).collect(),
        source: row
            .cells
            .iter()
            .find_map(|cell| cell.address)
            .map(|cell| Provenance {
                file: table.file.clone(),
                sheet: table.sheet.clone(),
                cell,
            }),
    });
    rows.collect()
}

/// A unit's own totals over the rows it added; the total row it typed is checked, not used.
fn free_totals(
    form: &Form,
    fields: &[TableField],
    rows: &[FreeRow],
) -> FrameResult<Vec<Option<Value>>> {
    let sums: Vec<Option<Number>> = fields
        .iter()
        .map(|field| {
            let figures = rows.iter();
            frame::sum(
                figures.filter_map(|row| addend(form, field, row.values[field.column].as_ref())),
            )
        })
        .collect::<FrameResult<_>>()?;
    Ok(aggregate_figures(form, fields, &sums))
}

/// What a value adds to a total: a figure itself, a ticked flag 1; nothing if it is not added.
fn addend(form: &Form, field: &TableField, value: Option<&Value>) -> Option<Number> {
    match (form.field(field.row, field.column)?.aggregate, value?) {
        (Aggregate::Sum, Value::Number(figure)) => Some(*figure),
        (Aggregate::Count, Value::Flag(flag)) => Some(Number::from(u8::from(*flag))),
        // A count over the unit's own rows has already become a number.
        (Aggregate::Count, Value::Number(ticked)) => Some(*ticked),
        _ => None,
    }
}

/// Aggregated values of a set of lines whose sums are known.
fn aggregate(
    form: &Form,
    fields: &[TableField],
    sums: &[Option<Number>],
    lines: &[&UnitLine],
) -> Vec<Option<Value>> {
    let mut values = aggregate_figures(form, fields, sums);
    for (i, field) in fields.iter().enumerate() {
        let words = || lines.iter().filter_map(|line| line.values[i].clone());
        match form
            .field(field.row, field.column)
            .map(|field| field.aggregate)
        {
            Some(Aggregate::Last) => values[i] = words().next_back(),
            Some(Aggregate::List) => values[i] = joined(words().collect()),
            _ => {}
        }
    }
    values
}

/// A single value is kept as it is; several are joined into a list of texts, each once.
fn joined(values: Vec<Value>) -> Option<Value> {
    let mut distinct: Vec<String> = Vec::new();
    for value in &values {
        let text = value.to_string();
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    match values.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        _ => Some(Value::Text(distinct.join("; "))),
    }
}

/// Sums as they are, ratios computed anew from them.
fn aggregate_figures(
    form: &Form,
    fields: &[TableField],
    sums: &[Option<Number>],
) -> Vec<Option<Value>> {
    let values: Vec<Option<Value>> = sums.iter().map(|sum| sum.map(Value::Number)).collect();
    let mut result = values.clone();
    for (i, at) in fields.iter().enumerate() {
        if let Some((ratio, operands)) = totalled_ratio(form, fields, &values, at) {
            result[i] = operands.and_then(|operands| ratio.of(operands).map(Value::Number));
        }
    }
    result
}

/// A ratio that is computed anew from totals, with its operands there, if they have figures; `None`
/// for any other field.
fn totalled_ratio<'f>(
    form: &'f Form,
    fields: &[TableField],
    values: &[Option<Value>],
    at: &TableField,
) -> Option<(RatioCell<'f>, Option<(Number, Number)>)> {
    let field = form.field(at.row, at.column)?;
    let ratio = form.ratio(at.row, at.column)?;
    let scope = At {
        figures: &Totals {
            form,
            fields,
            values,
        },
        own: Some(form),
        site: ratio.site,
        blank_is_zero: false,
    };
    let operands = ratio.operands(&scope).ok();
    (field.aggregate == Aggregate::Ratio).then_some((ratio, operands))
}

impl FormTable {
    /// The ratio of totals at a field (index in [`FormTable::fields`]) before it is rounded; `None`
    /// for any other field, and where there is no ratio.
    pub fn unrounded(&self, field: usize) -> Option<Number> {
        let at = self.fields.get(field)?;
        let (ratio, operands) = totalled_ratio(&self.form, &self.fields, &self.total, at)?;
        ratio.exact(operands?)
    }
}

/// The totals of one form.
struct Totals<'a> {
    form: &'a Form,
    fields: &'a [TableField],
    values: &'a [Option<Value>],
}

impl<'a> FormLookup<'a> for Totals<'a> {
    fn find(&self, id: &str) -> Option<&'a Form> {
        (self.form.id() == id).then_some(self.form)
    }
}

impl<'a> Figures<'a> for Totals<'a> {
    fn value(&self, at: &Cell<'a>) -> Result<Option<Value>, Trouble> {
        let wanted = TableField {
            row: at.row(),
            column: at.column,
        };
        let index = self.fields.iter().position(|field| *field == wanted);
        let value = index.and_then(|index| self.values.get(index));
        value.cloned().ok_or(Trouble::NotAsked)
    }
}
