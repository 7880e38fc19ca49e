//! A figure of the report as a live formula over the totals and rows of the forms' sheets: a share
//! from its operands, a sum over chosen rows from those rows. Written only where it yields what was
//! consolidated; any other figure is written as it is.

use super::plan::{Places, Plan};
use crate::consolidate::{Figure, UnitLine};
use crate::model::{CellAddress, Number, Value};
use crate::schema::Aggregate;
use crate::schema::evaluate::matches_text;
use crate::schema::expression::{Expr, Function, Name, Operator, Path};
use crate::schema::form::Rounding;
use crate::write::paper::sheet::sheet_reference;

/// Longest formula that Excel takes, with room to spare.
const LONGEST: usize = 8_000;
/// Most cells that a formula requires to be filled; Excel's functions take 255 arguments.
const MOST_CELLS: usize = 250;
/// Longest text that Excel takes inside a formula.
const LONGEST_TEXT: usize = 255;
/// Decimals a figure that declares none is rounded to at most: beyond, doubles say nothing.
const MOST_DECIMALS: u32 = 9;

/// The formula and the number it yields; `None` if the figure is no number or cannot be computed in
/// cells.
pub(super) fn live(
    places: &Places<'_>,
    figure: &Figure,
    rounding: Rounding,
    expr: &Expr,
) -> Option<(String, Number)> {
    let number = figure.number()?;
    if let Some((at, total)) = total(places, expr) {
        // A rounded figure is not the total.
        if total == number {
            return Some((format!("={at}"), number));
        }
    }
    let mut terms = Terms {
        places,
        cells: Vec::new(),
        divides: false,
    };
    let exact = terms.term(expr)?;
    let (round, decimals) = match (figure.decimals, rounding) {
        (Some(decimals), Rounding::HalfUp) => ("ROUND", decimals),
        (Some(decimals), Rounding::Truncate) => ("ROUNDDOWN", decimals),
        (None, _) => ("ROUND", number.normalize().scale().min(MOST_DECIMALS)),
    };
    let mut formula = format!("{round}({exact},{decimals})");
    if terms.divides {
        formula = format!("IFERROR({formula},\"\")");
    }
    if !terms.cells.is_empty() {
        let (cells, needed) = (terms.cells.join(","), terms.cells.len());
        formula = format!("IF(COUNT({cells})<{needed},\"\",{formula})");
    }
    (terms.cells.len() <= MOST_CELLS && formula.len() < LONGEST)
        .then(|| (format!("={formula}"), number))
}

/// The total a name means: where it is and what it is.
fn total(places: &Places<'_>, expr: &Expr) -> Option<(String, Number)> {
    let Expr::Name(name) = expr else { return None };
    let (plan, field) = places.field(name)?;
    let number = plan.table.total.get(field)?.as_ref()?.as_number()?;
    Some((there(plan, plan.total(field)?), number))
}

fn there(plan: &Plan<'_>, at: CellAddress) -> String {
    format!("{}!{at}", sheet_reference(&plan.sheet))
}

/// An expression being put into cells.
struct Terms<'a, 'b> {
    places: &'a Places<'b>,
    /// Cells that must hold a figure.
    cells: Vec<String>,
    /// Could it divide by zero?
    divides: bool,
}

impl Terms<'_, '_> {
    fn term(&mut self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Number(number) => Some(number.to_string()),
            Expr::Name(_) => {
                let (at, _) = total(self.places, expr)?;
                if !self.cells.contains(&at) {
                    self.cells.push(at.clone());
                }
                Some(at)
            }
            Expr::Negate(inner) => Some(format!("(-{})", self.term(inner)?)),
            Expr::Binary(Operator::Compare(_), ..) => None,
            Expr::Binary(operator, left, right) => {
                self.divides |= *operator == Operator::Divide;
                let (left, right) = (self.term(left)?, self.term(right)?);
                Some(format!("({left}{}{right})", operator.symbol()))
            }
            Expr::Call(Function::Sum, arguments) => {
                let terms: Option<Vec<String>> = arguments
                    .iter()
                    .map(|argument| self.added_up(argument))
                    .collect();
                Some(format!("({})", terms?.join("+")))
            }
            Expr::Call(Function::SumIfs, arguments) => self.chosen(arguments),
            Expr::Call(Function::Units, arguments) => self.units(arguments.first()?),
            Expr::Call(function @ (Function::Abs | Function::Round | Function::RoundDown), of) => {
                let terms: Option<Vec<String>> = of.iter().map(|of| self.term(of)).collect();
                Some(format!("{}({})", function.name(), terms?.join(",")))
            }
            Expr::Call(..) | Expr::Text(_) | Expr::Flag(_) => None,
        }
    }

    /// An argument of SUM: only a column that is added up has its sum for a total.
    fn added_up(&mut self, argument: &Expr) -> Option<String> {
        if let Expr::Name(name) = argument {
            let (plan, field) = self.places.field(name)?;
            let column = plan.folder.columns.get(field)?;
            if column.field.aggregate != Aggregate::Sum {
                return None;
            }
        }
        self.term(argument)
    }

    /// `SUMIFS(form!figures, form!texts, "text*")` over the rows of all units.
    fn chosen(&mut self, arguments: &[Expr]) -> Option<String> {
        let [Expr::Name(figures), Expr::Name(texts), Expr::Text(wanted)] = arguments else {
            return None;
        };
        let (plan, figures) = self.column(figures)?;
        let (other, texts) = self.column(texts)?;
        let lines = &plan.table.lines;
        if plan.sheet != other.sheet || !excel_agrees(lines, texts, wanted) {
            return None;
        }
        let detail = plan.detail.as_ref()?;
        let (figures, texts) = (detail.column(figures)?, detail.column(texts)?);
        let wanted = wanted.replace('"', "\"\"");
        Some(format!("SUMIFS({figures},{texts},\"{wanted}\")"))
    }

    /// A column of a free-row form.
    fn column(&self, name: &Name) -> Option<(&Plan<'_>, usize)> {
        let plan = self.places.plan(name.form.as_deref()?)?;
        let Path::One(column) = &name.path else {
            return None;
        };
        Some((plan, plan.table.form.column(column)?))
    }

    /// `UNITS(form)`: the units listed on its sheet; headings have no code.
    fn units(&self, form: &Expr) -> Option<String> {
        let Expr::Name(Name {
            path: Path::One(form),
            ..
        }) = form
        else {
            return None;
        };
        Some(self.places.plan(form)?.unit_count())
    }
}

/// Does Excel choose the rows that the tool chooses? It looks at case and wildcards only, the tool
/// at spelling too.
fn excel_agrees(lines: &[UnitLine], column: usize, wanted: &str) -> bool {
    let (start, open) = match wanted.strip_suffix('*') {
        Some(start) => (start, true),
        None => (wanted, false),
    };
    let special = start.contains(['*', '?', '~']) || start.starts_with(['<', '>', '=']);
    if special || start.is_empty() || wanted.chars().count() > LONGEST_TEXT {
        return false;
    }
    let start = start.to_lowercase();
    let rows = lines.iter().flat_map(|line| &line.rows);
    rows.filter_map(|row| row.values.get(column)?.as_ref())
        .all(|value| {
            // Excel would take a figure for the text that it looks like.
            let Value::Text(text) = value else {
                return false;
            };
            let text = text.to_lowercase();
            let excel = match open {
                true => text.starts_with(&start),
                false => text == start,
            };
            excel == matches_text(value, wanted)
        })
}
