//! The report's figures: expressions over consolidated facts.

use std::sync::Arc;

use super::table::{Figure, FormTable, LineState, TableField};
use crate::model::{Number, Value};
use crate::schema::Form;
use crate::schema::campaign::FigureText;
use crate::schema::evaluate::{Lack, Trouble, evaluate, round};
use crate::schema::expression::{Expr, Name};
use crate::schema::resolve::{FieldRef, FormLookup, Rows, Site};
use crate::schema::scope::{At, Figures};

/// Computes every figure of a campaign; `parsed` holds the expressions of `texts`, in order.
pub fn figures(texts: &[FigureText], parsed: &[Expr], tables: &[FormTable]) -> Vec<Figure> {
    let pairs = texts.iter().zip(parsed);
    pairs
        .map(|(text, expr)| figure(text, expr, tables))
        .collect()
}

fn figure(text: &FigureText, expr: &Expr, tables: &[FormTable]) -> Figure {
    let scope = FigureScope {
        tables,
        unrounded: reads_unrounded(text, expr, tables),
    };
    // What cannot be computed yet (nothing filed, a ratio with denominator 0) has no value; it is
    // never 0.
    let value =
        evaluate(expr, &scope.at())
            .ok()
            .flatten()
            .map(|value| match (value, text.decimals) {
                (Value::Number(number), Some(decimals)) => {
                    Value::Number(round(number, decimals, text.rounding).normalize())
                }
                (Value::Number(number), None) => Value::Number(number.normalize()),
                (other, _) => other,
            });
    Figure {
        id: text.id.clone(),
        label: text.label.clone(),
        value,
        decimals: text.decimals,
        unit: text.unit.clone(),
        lacking: scope.lacking(expr),
    }
}

/// Does the figure round for itself? A ratio that is printed with all its decimals is the one of the
/// tables, however that was rounded.
fn reads_unrounded(text: &FigureText, expr: &Expr, tables: &[FormTable]) -> bool {
    let printed = FigureScope {
        tables,
        unrounded: false,
    };
    let decimals = || {
        let (table, field) = printed.field(expr.as_name()?)?;
        let at = table.fields.get(field)?;
        Some(table.form.field(at.row, at.column)?.decimals)
    };
    text.decimals
        .is_some_and(|own| decimals().is_none_or(|printed| own < printed))
}

/// The province's values: `form!row.column`, or `form!column` of a free-row form.
pub struct FigureScope<'a> {
    /// Consolidated tables.
    pub tables: &'a [FormTable],
    /// Are ratios of totals read before they are rounded? A figure with decimals of its own would be
    /// rounded twice.
    pub unrounded: bool,
}

impl<'a> FigureScope<'a> {
    fn table(&self, form: &str) -> Option<&'a FormTable> {
        self.tables.iter().find(|table| table.form.id() == form)
    }

    /// The scope of an expression over them, which is no form's own.
    fn at(&self) -> At<'_, 'a, Self> {
        At {
            figures: self,
            own: None,
            site: Site::Once,
            blank_is_zero: false,
        }
    }

    /// The table a name means, and the index of its field in [`FormTable::fields`].
    pub fn field(&self, name: &Name) -> Option<(&'a FormTable, usize)> {
        match self.at().cells(name, false).ok()?.as_slice() {
            [one] => self.field_of(one),
            _ => None,
        }
    }

    fn field_of(&self, at: &FieldRef<'_>) -> Option<(&'a FormTable, usize)> {
        let table = self.table(at.form.id())?;
        let wanted = TableField {
            row: at.row(),
            column: at.column,
        };
        let field = table.fields.iter().position(|field| *field == wanted)?;
        Some((table, field))
    }

    /// Units whose forms the expression needs and that are not in the totals.
    fn lacking(&self, expr: &Expr) -> Vec<Arc<str>> {
        let mut codes: Vec<Arc<str>> = Vec::new();
        expr.names(&mut |name, _| {
            let table = name.form.as_deref().and_then(|form| self.table(form));
            for line in table.iter().flat_map(|table| &table.lines) {
                let code: Arc<str> = line.unit.code.as_str().into();
                if line.state != LineState::Accepted && !codes.contains(&code) {
                    codes.push(code);
                }
            }
        });
        codes
    }
}

impl<'a> FormLookup<'a> for FigureScope<'a> {
    fn find(&self, id: &str) -> Option<&'a Form> {
        self.table(id).map(|table| &*table.form)
    }
}

impl<'a> Figures<'a> for FigureScope<'a> {
    fn value(&self, at: &FieldRef<'a>) -> Result<Option<Value>, Trouble> {
        let (table, field) = self.field_of(at).ok_or(Trouble::NotAsked)?;
        let unrounded = table.unrounded(field).filter(|_| self.unrounded);
        Ok(match unrounded {
            Some(number) => Some(Value::Number(number)),
            None => table.total[field].clone(),
        })
    }

    /// All rows of all units for a free-row form; all units for a cell of a fixed-row form.
    fn values(&self, at: &FieldRef<'a>) -> Result<Vec<(usize, Option<Value>)>, Trouble> {
        if at.rows == Rows::Each {
            let table = self.table(at.form.id());
            let table = table.ok_or(Trouble::Missing(Lack::NoForm))?;
            if !table.asks(at.column) {
                return Err(Trouble::Missing(Lack::NoPrevious));
            }
            let rows = table.lines.iter().flat_map(|line| &line.rows);
            let values = rows.map(|row| row.values[at.column].clone());
            return Ok(values.enumerate().collect());
        }
        let (table, field) = self.field_of(at).ok_or(Trouble::NotAsked)?;
        let accepted = table
            .lines
            .iter()
            .filter(|line| line.state == LineState::Accepted);
        let values = accepted.map(|line| line.values[field].clone());
        Ok(values.enumerate().collect())
    }

    fn units(&self, form: &str) -> Result<Number, Trouble> {
        let table = self.table(form).ok_or(Trouble::Missing(Lack::NoForm))?;
        let expected = table.expected;
        let expected = expected.ok_or(Trouble::Missing(Lack::NoPrevious))?;
        u64::try_from(expected)
            .map(Number::from)
            .map_err(|_| Trouble::NotAsked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::consolidate::{Filing, form_table};
    use crate::model::ReportingUnit;
    use crate::rules::testing::{form, table};
    use crate::schema::campaign::CampaignFile;
    use crate::schema::parser::parse;
    use crate::schema::source::Source;

    const RATIO: &str = "[defaults]\ntype = \"count\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n\
        [[column]]\nid = \"a\"\nlabel = \"A\"\n[[column]]\nid = \"b\"\nlabel = \"B\"\n\
        [[column]]\nid = \"p\"\nlabel = \"P\"\ntype = \"ratio\"\nper = 1000\ndecimals = 2\n\
        numerator = \"a\"\ndenominator = \"b\"\n";

    /// A figure over one unit with 170.748 of thousand.
    fn shown(value: &str, decimals: Option<u32>, more: &str) -> Option<Number> {
        let form = form("f", "free", &format!("{RATIO}{more}"));
        let filed = table(&form, &[&["x", "170748", "1000000", ""]]);
        let unit = Arc::new(ReportingUnit::new("1", "Xã A", "xa"));
        let filing = Filing {
            unit,
            state: LineState::Accepted,
            table: Some(&filed),
            sums: false,
        };
        let tables = [form_table(&form, &[filing]).unwrap()];
        let decimals = decimals.map_or(String::new(), |decimals| format!("decimals = {decimals}"));
        let text = format!(
            "name = \"c\"\ntitle = \"C\"\nperiod = \"2025-09\"\noffice = \"O\"\nplace = \"P\"\n\
             [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"f\"\n\
             [[figure]]\nid = \"T\"\nlabel = \"T\"\nvalue = \"{value}\"\n{decimals}\n"
        );
        let source = Source {
            name: "campaign.toml",
            text: &text,
        };
        let campaign: CampaignFile = source.parse().unwrap();
        figures(&campaign.figures, &[parse(value).unwrap()], &tables)[0].number()
    }

    #[test]
    fn a_ratio_is_rounded_once() {
        let number = |text: &str| Some(text.parse().unwrap());
        assert_eq!(
            shown("f!p", None, ""),
            number("170.75"),
            "as the tables print it"
        );
        assert_eq!(shown("f!p", Some(2), ""), number("170.75"));
        assert_eq!(shown("f!p", Some(1), ""), number("170.7"));
        assert_eq!(shown("f!p * 10", Some(0), ""), number("1707"));
        let truncated = "rounding = \"truncate\"";
        assert_eq!(shown("f!p", Some(2), truncated), number("170.74"));
    }
}
