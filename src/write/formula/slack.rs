//! How far the figures of a comparison may lie apart because they were rounded, as formula text:
//! the live check gives the same room as the tool's own check does.
//!
//! Only sums are taken apart: each rounded figure adds its half unit (or, cut short, its unit) to
//! the room below or above. A rule that multiplies or divides rounded figures is left to the tool.

use super::names::{Found, Lack, Names, Site};
use crate::model::Number;
use crate::schema::expression::{Comparison, Expr, Function, Operator, Path};
use crate::schema::form::Rounding;
use crate::schema::linear;

/// The names of a rule, and where it is evaluated.
#[derive(Clone, Copy)]
struct At<'a> {
    names: &'a Names<'a>,
    site: Site,
}

/// One side of the room around a difference.
#[derive(Debug, Default)]
struct Room {
    /// What adds up to it, as formula text.
    terms: Vec<String>,
    /// Does its end not belong to it?
    open: bool,
}

impl Room {
    fn add(&mut self, width: Number, count: &str, open: bool) {
        if width.is_zero() {
            return;
        }
        self.terms.push(match count {
            "1" => width.normalize().to_string(),
            count => format!("{}*{count}", width.normalize()),
        });
        self.open |= open;
    }

    fn text(&self) -> String {
        match self.terms.is_empty() {
            true => "0".to_owned(),
            false => self.terms.join("+"),
        }
    }
}

/// Room below and above `left - right`.
#[derive(Debug, Default)]
pub struct Slack {
    below: Room,
    above: Room,
}

impl Slack {
    /// The room of a comparison; `None` if all its figures are exact.
    ///
    /// # Errors
    /// The comparison needs a cell or a figure that is not there.
    pub fn of(
        names: &Names<'_>,
        site: Site,
        left: &Expr,
        right: &Expr,
    ) -> Result<Option<Slack>, Lack> {
        let at = At { names, site };
        let mut slack = Slack::default();
        slack.collect(at, left, Number::ONE)?;
        slack.collect(at, right, Number::NEGATIVE_ONE)?;
        let none = slack.below.terms.is_empty() && slack.above.terms.is_empty();
        Ok((!none).then_some(slack))
    }

    /// `difference` relates so to 0 for some of the figures that print like these.
    pub fn comparison(&self, difference: &str, comparison: Comparison) -> String {
        let low = format!("ROUND({difference}-({}),9)", self.below.text());
        let high = format!("ROUND({difference}+({}),9)", self.above.text());
        let reaches_down = format!("({low}<{}0)", if self.below.open { "" } else { "=" });
        let reaches_up = format!("({high}>{}0)", if self.above.open { "" } else { "=" });
        match comparison {
            Comparison::Equal => format!("({reaches_down}*{reaches_up}>0)"),
            Comparison::NotEqual => "TRUE".to_owned(),
            Comparison::Less => format!("({low}<0)"),
            Comparison::LessOrEqual => reaches_down,
            Comparison::Greater => format!("({high}>0)"),
            Comparison::GreaterOrEqual => reaches_up,
        }
    }

    /// Room of a total row's figure over the sum of a column's.
    pub fn of_total(total: &Found, column: &Found) -> Option<Slack> {
        let mut slack = Slack::default();
        slack.figure(total, Number::ONE, "1");
        let count = format!("COUNT({})", column.cells);
        slack.figure(column, Number::NEGATIVE_ONE, &count);
        (!slack.below.terms.is_empty() || !slack.above.terms.is_empty()).then_some(slack)
    }

    fn collect(&mut self, at: At<'_>, expr: &Expr, factor: Number) -> Result<(), Lack> {
        match expr {
            Expr::Number(_) | Expr::Text(_) | Expr::Flag(_) => Ok(()),
            Expr::Name(name) => {
                if let Ok(found) = at.names.one(name, at.site) {
                    self.figure(&found, factor, "1");
                }
                Ok(())
            }
            Expr::Negate(inner) => self.collect(at, inner, -factor),
            Expr::Binary(Operator::Add, left, right) => {
                self.collect(at, left, factor)?;
                self.collect(at, right, factor)
            }
            Expr::Binary(Operator::Subtract, left, right) => {
                self.collect(at, left, factor)?;
                self.collect(at, right, -factor)
            }
            Expr::Binary(Operator::Multiply, left, right) => {
                match (constant(left), constant(right)) {
                    (Some(by), _) => self.collect(at, right, times(factor, by)?),
                    (_, Some(by)) => self.collect(at, left, times(factor, by)?),
                    _ => exact(at, expr),
                }
            }
            Expr::Binary(Operator::Divide, left, right) => match constant(right) {
                Some(by) => {
                    let factor = factor.checked_div(by).ok_or(Lack::Elsewhere)?;
                    self.collect(at, left, factor)
                }
                None => exact(at, expr),
            },
            Expr::Call(Function::Sum, arguments) => {
                arguments.iter().try_for_each(|argument| match argument {
                    Expr::Name(_) => self.column(at, argument, factor),
                    other => self.collect(at, other, factor),
                })
            }
            Expr::Call(Function::Prev | Function::PrevYear, arguments) => arguments
                .iter()
                .try_for_each(|argument| self.collect(at, argument, factor)),
            other => exact(at, other),
        }
    }

    /// A name inside SUM: as many figures as it has cells with one.
    fn column(&mut self, at: At<'_>, argument: &Expr, factor: Number) -> Result<(), Lack> {
        let Expr::Name(name) = argument else {
            return Ok(());
        };
        if at.site == Site::FreeRows && matches!(name.path, Path::Range { .. }) {
            // Columns side by side, added row by row.
            let columns = at.names.all(name, at.site)?;
            columns
                .iter()
                .for_each(|column| self.figure(column, factor, "1"));
            return Ok(());
        }
        let span = at.names.span(name, at.site)?;
        let count = format!("COUNT({})", span.cells);
        self.figure(&span, factor, &count);
        Ok(())
    }

    /// Figures are taken to be of their field's usual sign; one that may be below zero is given
    /// both ends.
    fn figure(&mut self, found: &Found, factor: Number, count: &str) {
        let Some(rounding) = found.rounded else {
            return;
        };
        let unit = Number::new(1, found.decimals);
        let half = unit / Number::TWO;
        let (below, above) = match rounding {
            Rounding::HalfUp => (half, half),
            Rounding::Truncate if found.signed => (unit, unit),
            Rounding::Truncate => (Number::ZERO, unit),
        };
        let size = factor.abs();
        let open = !found.signed;
        match factor.is_sign_positive() {
            true => {
                self.below.add(below * size, count, false);
                self.above.add(above * size, count, open);
            }
            false => {
                self.below.add(above * size, count, open);
                self.above.add(below * size, count, false);
            }
        }
    }
}

/// What cannot be taken apart must have exact figures only.
fn exact(at: At<'_>, expr: &Expr) -> Result<(), Lack> {
    let mut rounded = false;
    expr.names(&mut |name, _| {
        let (names, site) = (at.names, at.site);
        let found = names.one(name, site).or_else(|_| names.span(name, site));
        rounded |= found.is_ok_and(|found| found.rounded.is_some());
    });
    match rounded {
        true => Err(Lack::Elsewhere),
        false => Ok(()),
    }
}

fn constant(expr: &Expr) -> Option<Number> {
    linear::constant(expr)?.to_number()
}

fn times(factor: Number, by: Number) -> Result<Number, Lack> {
    factor.checked_mul(by).ok_or(Lack::Elsewhere)
}
