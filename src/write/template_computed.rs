//! Which cells of a template fill themselves: what the form says is computed, and what the office's
//! archive says the unit reported for the period before.

use super::WriteError;
use super::rule_formula::{Lack, Translator};
use super::rule_names::{Names, Site};
use super::sheet::column_number;
use super::style;
use super::template::RowRef;
use super::template_sheet::Painter;
use crate::model::{CellAddress, Value};
use crate::rules::PreviousFigures;
use crate::schema::expression::{Expr, Name, Path};
use crate::schema::field::Ratio;
use crate::schema::form::{BlankPolicy, Rounding};
use crate::schema::{Field, Form, Rule, RuleScope};

/// What stands in a cell before anybody writes into it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Role {
    /// Nothing: the unit fills it.
    Input,
    /// A formula.
    Computed(String),
    /// The closed figure of the period before.
    Given(Value),
}

impl<'a> Painter<'a, '_> {
    /// What the names of the form's rules stand for.
    pub(super) fn names(&self) -> Names<'a> {
        Names {
            layout: self.layout,
            place: self.place,
            previous: self.previous(),
        }
    }

    /// The closed periods, and the unit's code in them.
    fn previous(&self) -> Option<(&'a PreviousFigures, &'a str)> {
        let unit = self.input.unit.map(|unit| unit.code.as_str());
        self.input.previous.zip(unit)
    }

    /// What was reported for the period before, in a grey column beside a table that has no column
    /// for it.
    pub(super) fn last_period(&mut self) -> Result<(), WriteError> {
        let form = self.place.form.clone();
        let (Some((previous, unit)), false) = (self.previous(), form.is_free()) else {
            return Ok(());
        };
        let rows = 0..form.file.rows.len();
        let mut columns = 0..form.file.columns.len();
        let opens = |column| {
            rows.clone()
                .any(|row| form.opening(Some(row), column).is_some())
        };
        if columns.any(opens) {
            return Ok(());
        }
        let mut beside = self.place.grid.last_column() + 1;
        for column in &form.file.columns {
            let id = column.id.get_ref();
            let values = form
                .file
                .rows
                .iter()
                .enumerate()
                .filter_map(|(index, row)| {
                    let grid = &self.place.grid;
                    let at = grid.cell(&form, RowRef::Fixed(row.id.get_ref()), id)?;
                    let field = form.field(Some(index), form.column(id)?)?;
                    let value = previous.value(unit, form.id(), row.id.get_ref(), id)?;
                    Some((at.row, field, value))
                });
            let values: Vec<_> = values.collect();
            if !values.is_empty() {
                self.beside(beside, column.label.own(), &values)?;
                beside += 1;
            }
        }
        Ok(())
    }

    /// A grey column of last period's figures.
    fn beside(
        &mut self,
        column: u32,
        label: &str,
        values: &[(u32, &Field, &Value)],
    ) -> Result<(), WriteError> {
        let (top, bottom) = self.place.grid.header_rows;
        let header = format!("Kỳ trước đã báo cáo: {label}");
        let format = style::quiet(style::locked(style::header()));
        let at = |row| CellAddress::new(row, column);
        self.sheet.span(at(top), at(bottom), &header, &format)?;
        for (row, field, value) in values {
            let format = style::quiet(style::locked(style::template_cell(field)));
            self.sheet.value(at(*row), Some(value), &format)?;
        }
        let column = column_number(column)?;
        self.sheet.0.set_column_width(column, 18.0)?;
        Ok(())
    }

    /// What stands in a cell of the table. `sheet_row` counts only where the unit adds the rows.
    pub(super) fn role(&self, row: Option<usize>, sheet_row: u32, column: usize) -> Role {
        let form = self.form();
        let Some(field) = form.field(row, column).filter(|_| self.input.identity) else {
            return Role::Input;
        };
        if let Some(value) = self.opening(row, column) {
            return Role::Given(value);
        }
        if !field.computed {
            return Role::Input;
        }
        let formula = match &field.ratio {
            Some(ratio) => self.ratio_formula(field, ratio, row, sheet_row, column),
            None => self.rule_formula(field, row, sheet_row, column),
        };
        formula.map_or(Role::Input, Role::Computed)
    }

    fn opening(&self, row: Option<usize>, column: usize) -> Option<Value> {
        let form = self.form();
        let (past, name) = form.opening(row, column)?;
        let site = if names_column(form, name) {
            Site::Row(row?)
        } else {
            Site::Column(column)
        };
        self.names().past_value(past, name, site).ok()
    }

    fn rule_formula(
        &self,
        field: &Field,
        row: Option<usize>,
        sheet_row: u32,
        column: usize,
    ) -> Option<String> {
        let form = self.form();
        let computes =
            |right: &Expr| !matches!(right, Expr::Call(function, _) if function.past().is_some());
        let rule = form.determined_by(row, column, &computes)?;
        let (_, _, right) = rule.check.comparison()?;
        let site = site_of(form, rule, row, sheet_row, column)?;
        let names = self.names();
        let mut translator = Translator::new(&names, site, BlankPolicy::SkipAny);
        let mut text = translator.text(right).ok()?;
        if field.decimals > 0 {
            text = format!("ROUND({text},{})", field.decimals);
        }
        Some(when_ready(&translator, &text))
    }

    fn ratio_formula(
        &self,
        field: &Field,
        ratio: &Ratio,
        row: Option<usize>,
        sheet_row: u32,
        column: usize,
    ) -> Option<String> {
        let site = if self.form().is_free() {
            Site::FreeRow(sheet_row)
        } else {
            row?;
            Site::Column(column)
        };
        let names = self.names();
        let mut translator = Translator::new(&names, site, BlankPolicy::SkipAny);
        let text = percentage(&mut translator, field, ratio).ok()?;
        Some(when_ready(&translator, &text))
    }
}

/// `IF(denominator=0,"",ROUND(100*numerator/denominator,2))`.
fn percentage(
    translator: &mut Translator<'_>,
    field: &Field,
    ratio: &Ratio,
) -> Result<String, Lack> {
    let (n, d) = (
        translator.text(&ratio.numerator)?,
        translator.text(&ratio.denominator)?,
    );
    let round = match field.rounding {
        Rounding::HalfUp => "ROUND",
        Rounding::Truncate => "ROUNDDOWN",
    };
    Ok(format!(
        "IF({d}=0,\"\",{round}(100*{n}/{d},{}))",
        field.decimals
    ))
}

/// Shows nothing as long as a figure is lacking.
fn when_ready(translator: &Translator<'_>, text: &str) -> String {
    match translator.waits() {
        Some(waits) => format!("=IF({waits},\"\",{text})"),
        None => format!("={text}"),
    }
}

fn names_column(form: &Form, name: &Name) -> bool {
    matches!(&name.path, Path::One(id) if form.column(id).is_some())
}

/// Where a rule is asked so that it says what a cell is.
fn site_of(
    form: &Form,
    rule: &Rule,
    row: Option<usize>,
    sheet_row: u32,
    column: usize,
) -> Option<Site> {
    Some(match rule.scope {
        RuleScope::EachRow if form.is_free() => Site::FreeRow(sheet_row),
        RuleScope::EachRow => Site::Row(row?),
        RuleScope::EachColumn => Site::Column(column),
        RuleScope::Once => Site::Once,
    })
}
