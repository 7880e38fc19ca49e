//! A figure of the report as a live formula over the totals and rows of the forms' sheets: a share
//! from its operands, a sum over chosen rows from those rows. Written only where it yields what was
//! consolidated; any other figure is written as it is.

use super::plan::{Plan, SheetPlaces};
use crate::consolidate::{Figure, UnitLine};
use crate::model::{CellAddress, Number, Value};
use crate::schema::Aggregate;
use crate::schema::expression::{Expr, Function, Name, Operator};
use crate::schema::form::Rounding;
use crate::schema::resolve::{Target, bind};
use crate::schema::rule::criterion::matches_text;
use crate::schema::rule::fold::{Algebra, Read};
use crate::write::paper::sheet::sheet_reference;

/// Longest formula that Excel takes, with room to spare.
const LONGEST: usize = 8_000;
/// Most cells that a formula requires to be filled; Excel's functions take 255 arguments.
const MOST_CELLS: usize = 250;
/// Longest text that Excel takes inside a formula.
const LONGEST_TEXT: usize = 255;
/// Most decimals of a figure that declares none; further digits of a double are noise.
const MOST_DECIMALS: u32 = 9;

/// The formula and the number it yields; `None` if the figure is no number or cannot be computed in
/// cells.
pub(super) fn live(
    places: &SheetPlaces<'_>,
    figure: &Figure,
    rounding: Rounding,
    expr: &Expr,
) -> Option<(String, Number)> {
    let number = figure.number()?;
    if let Some((at, total)) = expr.as_name().and_then(|name| total(places, name)) {
        // A rounded figure is not the total.
        if total == number {
            return Some((format!("={at}"), number));
        }
    }
    let mut terms = Terms {
        places,
        cells: Vec::new(),
        divides: false,
        unrounded: figure.decimals.is_some(),
    };
    let exact = expr.fold(&mut terms).text()?;
    let (round, decimals) = match (figure.decimals, rounding) {
        (Some(decimals), rounding) => (rounding.function(), decimals),
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
fn total(places: &SheetPlaces<'_>, name: &Name) -> Option<(String, Number)> {
    let (plan, field) = places.field(name)?;
    let number = plan.table.total.get(field)?.as_ref()?.as_number()?;
    Some((there(plan, plan.total(field)?), number))
}

fn there(plan: &Plan<'_>, at: CellAddress) -> String {
    format!("{}!{at}", sheet_reference(&plan.sheet))
}

/// An expression being put into cells.
struct Terms<'a, 'b> {
    places: &'a SheetPlaces<'b>,
    /// Cells that must hold a figure.
    cells: Vec<String>,
    /// Could it divide by zero?
    divides: bool,
    /// Are ratios of totals divided anew, because the figure rounds for itself?
    unrounded: bool,
}

/// A part of an expression in cells.
enum Part<'e> {
    /// One figure.
    Text(String),
    /// All that a name means.
    Folded(&'e Name),
    /// Words.
    Words(&'e str),
    /// Nothing that cells can compute.
    Nothing,
}

impl Part<'_> {
    fn text(self) -> Option<String> {
        match self {
            Part::Text(text) => Some(text),
            Part::Folded(_) | Part::Words(_) | Part::Nothing => None,
        }
    }
}

impl From<Option<String>> for Part<'_> {
    fn from(text: Option<String>) -> Self {
        text.map_or(Part::Nothing, Part::Text)
    }
}

impl<'e> Algebra<'e> for Terms<'_, '_> {
    type Out = Part<'e>;

    fn number(&mut self, number: Number) -> Part<'e> {
        Part::Text(number.to_string())
    }

    fn text(&mut self, text: &'e str) -> Part<'e> {
        Part::Words(text)
    }

    fn flag(&mut self, _: bool) -> Part<'e> {
        Part::Nothing
    }

    fn name(&mut self, read: Read<'e>) -> Part<'e> {
        match (read.past, read.folded) {
            (Some(_), _) => Part::Nothing,
            (None, true) => Part::Folded(read.name),
            (None, false) => self.cell(read.name).into(),
        }
    }

    /// The units listed on the form's sheet; headings have no code.
    fn units(&mut self, form: &'e Name) -> Part<'e> {
        let plan = self.places.plan(&form.to_string());
        plan.map(Plan::unit_count).into()
    }

    fn negate(&mut self, inner: Part<'e>) -> Part<'e> {
        inner.text().map(|inner| format!("(-{inner})")).into()
    }

    fn binary(&mut self, operator: Operator, left: Part<'e>, right: Part<'e>) -> Part<'e> {
        self.divides |= operator == Operator::Divide;
        match (operator, left.text(), right.text()) {
            (Operator::Compare(_), ..) | (_, None, _) | (_, _, None) => Part::Nothing,
            (_, Some(left), Some(right)) => {
                Part::Text(format!("({left}{}{right})", operator.symbol()))
            }
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Part<'e>>) -> Part<'e> {
        match function {
            Function::Sum => {
                let arguments = arguments.into_iter();
                let terms: Option<Vec<String>> =
                    arguments.map(|part| self.added_up(part)).collect();
                terms.map(|terms| format!("({})", terms.join("+"))).into()
            }
            Function::SumIfs => self.chosen(&arguments).into(),
            Function::Abs | Function::Round | Function::RoundDown => {
                let terms: Option<Vec<String>> = arguments.into_iter().map(Part::text).collect();
                let call = terms.map(|terms| format!("{}({})", function.name(), terms.join(",")));
                call.into()
            }
            _ => Part::Nothing,
        }
    }
}

impl Terms<'_, '_> {
    /// The total a name means.
    fn cell(&mut self, name: &Name) -> Option<String> {
        let places = self.places;
        let (plan, field) = places.field(name)?;
        match self.unrounded && plan.table.unrounded(field).is_some() {
            true => self.quotient(plan, field),
            false => self.filled(plan, field),
        }
    }

    /// A total that must hold a figure.
    fn filled(&mut self, plan: &Plan<'_>, field: usize) -> Option<String> {
        plan.table.total.get(field)?.as_ref()?.as_number()?;
        let at = there(plan, plan.total(field)?);
        if !self.cells.contains(&at) {
            self.cells.push(at.clone());
        }
        Some(at)
    }

    /// A ratio as the division of two totals; `None` where an operand is more than one.
    fn quotient(&mut self, plan: &Plan<'_>, field: usize) -> Option<String> {
        let at = plan.table.fields.get(field)?;
        let of = plan.table.form.ratio(at.row, at.column)?;
        let mut operand = |expr: &Expr| {
            expr.as_name()?;
            let cell = of.cell(*expr.reads().first()?)?;
            let mut fields = plan.table.fields.iter();
            let wanted = (cell.row(), cell.column);
            let operand = fields.position(|field| (field.row, field.column) == wanted)?;
            self.filled(plan, operand)
        };
        let (n, d) = (operand(of.numerator())?, operand(of.denominator())?);
        self.divides = true;
        Some(format!("({})", of.quotient((&n, &d), "")))
    }

    /// An argument of SUM: only a column that is added up has its sum for a total.
    fn added_up(&mut self, argument: Part<'_>) -> Option<String> {
        let Part::Folded(name) = argument else {
            return argument.text();
        };
        let (plan, field) = self.places.field(name)?;
        let column = plan.folder.columns.get(field)?;
        match column.field.aggregate {
            Aggregate::Sum => self.cell(name),
            _ => None,
        }
    }

    /// `SUMIFS(form!figures, form!texts, "text*")` over the rows of all units.
    fn chosen(&self, arguments: &[Part<'_>]) -> Option<String> {
        let [
            Part::Folded(figures),
            Part::Folded(texts),
            Part::Words(wanted),
        ] = arguments
        else {
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
        match bind(&plan.table.form, &name.path)? {
            Target::Column(column) => Some((plan, column)),
            _ => None,
        }
    }
}

/// Does Excel's SUMIFS select the same rows as the tool? Excel ignores case and expands wildcards;
/// the tool also normalises spelling.
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
