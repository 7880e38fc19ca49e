//! Cells that the template fills in: computed cells get a formula, and cells that repeat a figure
//! of a closed period get that figure.

use super::painter::Painter;
use super::previous;
use crate::model::{Number, Value};
use crate::schema::expression::{Expr, Past};
use crate::schema::ratio::RatioCell;
use crate::schema::resolve;
use crate::schema::rule_text::BlankPolicy;
use crate::schema::{Field, FieldType};
use crate::write::formula::names::FormulaSite;
use crate::write::formula::rule::{Outcomes, Translator};
use crate::write::paper::grid::GridRow;

/// The content of a cell in the template as it is handed out.
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
    /// The content of a cell of the table. `sheet_row` counts only where the unit adds the rows.
    pub(super) fn role(&self, row: Option<usize>, sheet_row: u32, column: usize) -> Role {
        let form = self.form();
        let Some(field) = form.field(row, column).filter(|_| self.input.identity) else {
            return Role::Input;
        };
        if let Some(formula) = self.opening_by_name(sheet_row, column) {
            return Role::Computed(formula);
        }
        if let Some(value) = self.opening(row, column) {
            return Role::Given(value);
        }
        if !field.computed {
            return Role::Input;
        }
        let formula = match form.ratio(row, column) {
            Some(of) => self.ratio_formula(&of, sheet_row),
            None => self.rule_formula(field, row, sheet_row, column),
        };
        formula.map_or(Role::Input, Role::Computed)
    }

    fn opening(&self, row: Option<usize>, column: usize) -> Option<Value> {
        let form = self.form();
        let opening = form.opening(row, column)?;
        let site = opening.site.into();
        self.names()
            .past_value(opening.past, opening.name, site)
            .ok()
    }

    /// In a row the unit adds, last period's figure of the row of that name.
    fn opening_by_name(&self, sheet_row: u32, column: usize) -> Option<String> {
        let last = self.place.last_rows.as_ref()?;
        let lookup = last.lookup(&self.place.key_cells(sheet_row), self.opens(column)?)?;
        Some(previous::or_nothing(&lookup))
    }

    /// The column whose figure of last period a column of a free-row form holds.
    pub(super) fn opens(&self, column: usize) -> Option<usize> {
        let form = self.form();
        let opening = form.opening(None, column).filter(|_| form.is_free())?;
        let last = form.own_cell(opening.name, opening.site)?;
        (opening.past == Past::Previous).then_some(last.column)
    }

    /// The figure of last period in a row whose name the template writes; column of the form file,
    /// from 0.
    pub(super) fn opening_figure(&self, row: GridRow<'_>, column: usize) -> Option<Number> {
        let GridRow::Free(row) = row else { return None };
        let last = self.place.last_rows.as_ref()?;
        last.figure(row, self.opens(column)?)
    }

    fn rule_formula(
        &self,
        field: &Field,
        row: Option<usize>,
        sheet_row: u32,
        column: usize,
    ) -> Option<String> {
        let form = self.form();
        let computes = |right: &Expr, _| right.as_past().is_none();
        let found = form.determined_by(row, column, &computes)?;
        let names = self.names();
        let site = on_row(found.site, sheet_row);
        let translator = || Translator::new(&names, site, BlankPolicy::SkipAny);
        let (plain, marked) = (translator(), translator().exactly());
        let computed = plain.value(found.right);
        let words = matches!(&computed, Ok(computed) if computed.is_words());
        if field.kind == FieldType::Flag && !words {
            let ticked = marked.check(found.right).ok()?.shown(&Outcomes {
                holds: "\"x\"",
                fails: "\"\"",
                waits: "\"\"",
                absent: "\"\"",
            });
            return Some(self.if_named(site, sheet_row, format!("=IFERROR({ticked},\"\")")));
        }
        let computed = computed.ok()?;
        let formula = computed.formula(&|text| match field.decimals {
            0 => text.to_owned(),
            decimals => format!("ROUND({text},{decimals})"),
        });
        Some(match computed.waits_for_row(sheet_row) {
            true => formula,
            false => self.if_named(site, sheet_row, formula),
        })
    }

    /// In a row the unit adds, the formula shows nothing as long as the row has no name: a figure in
    /// a row without a name is a mistake.
    fn if_named(&self, site: FormulaSite, sheet_row: u32, formula: String) -> String {
        let key = self.form().key_column();
        match (site, key) {
            (FormulaSite::FreeRow(_), Some(key)) => {
                let name = self.place.grid.at(sheet_row, key);
                let formula = formula.trim_start_matches('=');
                format!("=IF(${name}=\"\",\"\",{formula})")
            }
            _ => formula,
        }
    }

    fn ratio_formula(&self, of: &RatioCell<'_>, sheet_row: u32) -> Option<String> {
        let names = self.names();
        let site = on_row(of.site, sheet_row);
        let translator = Translator::new(&names, site, BlankPolicy::SkipAny);
        translator.ratio(of).ok()
    }
}

/// Where a rule applies; in rows the unit adds, on one of them, by its row of the sheet.
fn on_row(site: resolve::Site, sheet_row: u32) -> FormulaSite {
    match site {
        resolve::Site::FreeRow => FormulaSite::FreeRow(sheet_row),
        site => site.into(),
    }
}
