//! One fold over expressions. Whatever is made of a rule (its value, the figures rounding allows,
//! a sum of cells, the text of an Excel formula, words) is an [`Algebra`]; nobody else takes the
//! tree of a rule apart.

use chrono::{Datelike, NaiveDate};

use super::expression::{Comparison, Expr, Name, Operator, Path};
use super::function::{Function, Past};
use crate::model::{Number, Period};

/// A name where it is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Read<'e> {
    /// The name.
    pub name: &'e Name,
    /// The closed periods it is read from; `None`: this period.
    pub past: Option<Past>,
    /// Is it a direct argument of SUM, COUNTIF..., where a column means all its rows?
    pub folded: bool,
    /// Is it one of several arguments of SUM, MAX..., such as `MAX(a, b)`? Then it means the same
    /// cell as outside (`folded` is false), but a blank is passed over.
    pub among: bool,
}

/// What is made of an expression, from its leaves up.
pub trait Algebra<'e> {
    /// What is made of each part.
    type Out;

    /// A figure written in the rule.
    fn number(&mut self, number: Number) -> Self::Out;
    /// Words written in the rule.
    fn text(&mut self, text: &'e str) -> Self::Out;
    /// TRUE or FALSE.
    fn flag(&mut self, flag: bool) -> Self::Out;
    /// A name, of this period or of closed ones (`PREV(name)`).
    fn name(&mut self, read: Read<'e>) -> Self::Out;
    /// `UNITS(form)`.
    fn units(&mut self, form: &'e Name) -> Self::Out;
    /// `-inner`.
    fn negate(&mut self, inner: Self::Out) -> Self::Out;
    /// `left operator right`, comparisons included.
    fn binary(&mut self, operator: Operator, left: Self::Out, right: Self::Out) -> Self::Out;
    /// A function over its arguments, of which there are as many as [`super::function`] allows;
    /// never PREV, PREVYEAR, YTD or UNITS.
    fn call(&mut self, function: Function, arguments: Vec<Self::Out>) -> Self::Out;
}

/// Where a part of an expression is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ArgumentPosition {
    /// Not as an argument of a function over many cells.
    Outside,
    /// As the only argument of one, or one in which it looks for something: `SUM(a)`.
    Alone,
    /// As one of several: `SUM(a, b)`.
    Among,
}

impl Expr {
    /// Takes the expression through an algebra, left to right, every part exactly once.
    pub fn fold<'e, A: Algebra<'e>>(&'e self, algebra: &mut A) -> A::Out {
        self.part(None, ArgumentPosition::Outside, algebra)
    }

    fn part<'e, A: Algebra<'e>>(
        &'e self,
        past: Option<Past>,
        place: ArgumentPosition,
        algebra: &mut A,
    ) -> A::Out {
        match self {
            Expr::Number(number) => algebra.number(*number),
            Expr::Text(text) => algebra.text(text),
            Expr::Flag(flag) => algebra.flag(*flag),
            Expr::Name(name) => {
                // A range, a cell and a column of another form mean all their cells anywhere.
                let one = name.form.is_none() && matches!(name.path, Path::One(_));
                algebra.name(Read {
                    name,
                    past,
                    folded: place == ArgumentPosition::Alone
                        || place == ArgumentPosition::Among && !one,
                    among: place == ArgumentPosition::Among && one,
                })
            }
            Expr::Negate(inner) => {
                let inner = inner.part(None, ArgumentPosition::Outside, algebra);
                algebra.negate(inner)
            }
            Expr::Binary(operator, left, right) => {
                let left = left.part(None, ArgumentPosition::Outside, algebra);
                let right = right.part(None, ArgumentPosition::Outside, algebra);
                algebra.binary(*operator, left, right)
            }
            Expr::Call(function, arguments) => match (function.past(), arguments.as_slice()) {
                (Some(past), [name]) => name.part(Some(past), place, algebra),
                (None, [Expr::Name(form)]) if *function == Function::Units => algebra.units(form),
                _ => {
                    let several = arguments.len() > 1 && !function.looks_for();
                    let place = |index| match function.folds(index) {
                        false => ArgumentPosition::Outside,
                        true if several => ArgumentPosition::Among,
                        true => ArgumentPosition::Alone,
                    };
                    let arguments = arguments.iter().enumerate();
                    let parts = arguments
                        .map(|(index, argument)| argument.part(None, place(index), algebra))
                        .collect();
                    algebra.call(*function, parts)
                }
            },
        }
    }

    /// The expression with the days of a period in place of `PERIODSTART()` and `PERIODEND()`, and
    /// whether it is the year's first in place of `FIRSTPERIOD()`.
    pub fn in_period(&self, period: Period) -> Expr {
        let inner = |expr: &Expr| Box::new(expr.in_period(period));
        let day = |day: NaiveDate| {
            let parts = [day.year().into(), day.month().into(), day.day().into()];
            Expr::Call(Function::Date, parts.map(Expr::Number).to_vec())
        };
        match self {
            Expr::Call(Function::PeriodStart, _) => day(period.first_day()),
            Expr::Call(Function::PeriodEnd, _) => day(period.last_day()),
            Expr::Call(Function::FirstPeriod, _) => Expr::Flag(
                period
                    .earlier_this_year()
                    .map_or(period.first_day().ordinal() == 1, |earlier| {
                        earlier.is_empty()
                    }),
            ),
            Expr::Call(function, arguments) => {
                let arguments = arguments.iter().map(|expr| expr.in_period(period));
                Expr::Call(*function, arguments.collect())
            }
            Expr::Negate(of) => Expr::Negate(inner(of)),
            Expr::Binary(operator, left, right) => {
                Expr::Binary(*operator, inner(left), inner(right))
            }
            Expr::Number(_) | Expr::Text(_) | Expr::Flag(_) | Expr::Name(_) => self.clone(),
        }
    }

    /// Does it read the first or last day of the period?
    pub fn reads_period(&self) -> bool {
        match self {
            Expr::Call(Function::PeriodStart | Function::PeriodEnd | Function::FirstPeriod, _) => {
                true
            }
            Expr::Call(_, arguments) => arguments.iter().any(Expr::reads_period),
            Expr::Negate(of) => of.reads_period(),
            Expr::Binary(_, left, right) => left.reads_period() || right.reads_period(),
            Expr::Number(_) | Expr::Text(_) | Expr::Flag(_) | Expr::Name(_) => false,
        }
    }

    /// Every name that is read, left to right; the form in `UNITS(form)` is none.
    pub fn reads(&self) -> Vec<Read<'_>> {
        let mut names = Names::default();
        self.fold(&mut names);
        names.reads
    }

    /// The forms named in `UNITS(form)`, left to right.
    pub fn units(&self) -> Vec<&Name> {
        let mut names = Names::default();
        self.fold(&mut names);
        names.units
    }

    /// Calls `visit` for every name, with whether it is read from closed periods.
    pub fn names<'a>(&'a self, visit: &mut dyn FnMut(&'a Name, bool)) {
        for read in self.reads() {
            visit(read.name, read.past.is_some());
        }
    }

    /// Does it read this of the archive?
    pub fn reads_past(&self, past: Past) -> bool {
        self.reads().iter().any(|read| read.past == Some(past))
    }

    /// The name, if the expression is nothing else.
    pub fn as_name(&self) -> Option<&Name> {
        match self {
            Expr::Name(name) => Some(name),
            _ => None,
        }
    }

    /// The name, if the expression is nothing but it or its sum: `x`, `SUM(x)`.
    pub fn as_sum(&self) -> Option<&Name> {
        match self {
            Expr::Call(Function::Sum, arguments) => match arguments.as_slice() {
                [Expr::Name(name)] => Some(name),
                _ => None,
            },
            other => other.as_name(),
        }
    }

    /// The figure of closed periods, if the expression is nothing else: `PREV(name)`.
    pub fn as_past(&self) -> Option<(Past, &Name)> {
        match self {
            Expr::Call(function, arguments) => match arguments.as_slice() {
                [Expr::Name(name)] => Some((function.past()?, name)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Is it a function of something, such as `OR(a > 0, b > 0)`?
    pub fn is_call(&self) -> bool {
        matches!(self, Expr::Call(..))
    }

    /// The two sides of a comparison, if this is one.
    pub fn comparison(&self) -> Option<(&Expr, Comparison, &Expr)> {
        match self {
            Expr::Binary(Operator::Compare(comparison), left, right) => {
                Some((left, *comparison, right))
            }
            _ => None,
        }
    }

    /// What must all hold for a condition to hold: the parts joined by AND, or the condition
    /// itself.
    pub fn conjuncts(&self) -> Vec<&Expr> {
        match self {
            Expr::Call(Function::And, arguments) => {
                arguments.iter().flat_map(Expr::conjuncts).collect()
            }
            other => vec![other],
        }
    }
}

/// Collects names.
#[derive(Default)]
struct Names<'e> {
    reads: Vec<Read<'e>>,
    units: Vec<&'e Name>,
}

impl<'e> Algebra<'e> for Names<'e> {
    type Out = ();

    fn number(&mut self, _: Number) {}
    fn text(&mut self, _: &'e str) {}
    fn flag(&mut self, _: bool) {}
    fn name(&mut self, read: Read<'e>) {
        self.reads.push(read);
    }
    fn units(&mut self, form: &'e Name) {
        self.units.push(form);
    }
    fn negate(&mut self, (): ()) {}
    fn binary(&mut self, _: Operator, (): (), (): ()) {}
    fn call(&mut self, _: Function, _: Vec<()>) {}
}

/// Writes an expression as in Excel, fully parenthesised where operators nest.
#[derive(Debug, Clone, Copy, Default)]
pub struct Written;

impl<'e> Algebra<'e> for Written {
    type Out = String;

    fn number(&mut self, number: Number) -> String {
        number.to_string()
    }

    fn text(&mut self, text: &'e str) -> String {
        format!("\"{}\"", text.replace('"', "\"\""))
    }

    fn flag(&mut self, flag: bool) -> String {
        if flag { "TRUE" } else { "FALSE" }.to_owned()
    }

    fn name(&mut self, read: Read<'e>) -> String {
        match read.past {
            Some(past) => format!("{}({})", past.function().name(), read.name),
            None => read.name.to_string(),
        }
    }

    fn units(&mut self, form: &'e Name) -> String {
        format!("{}({form})", Function::Units.name())
    }

    fn negate(&mut self, inner: String) -> String {
        format!("-{inner}")
    }

    fn binary(&mut self, operator: Operator, left: String, right: String) -> String {
        format!("({left} {} {right})", operator.symbol())
    }

    fn call(&mut self, function: Function, arguments: Vec<String>) -> String {
        format!("{}({})", function.name(), arguments.join(", "))
    }
}

impl std::fmt::Display for Expr {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.fold(&mut Written))
    }
}

#[cfg(test)]
mod tests {
    use super::super::parser::parse;

    #[test]
    fn a_name_alone_in_a_fold_means_all_its_rows_and_one_of_several_its_cell() {
        let text = "a + SUM(b) + MAX(PREV(c), d + e, f:g, k!l) = COUNTIF(m, n) + SUMIFS(o, p, \"x\") + MIN(MIN(q), r)";
        let expr = parse(text).unwrap();
        let names = |wanted: fn(&super::Read<'_>) -> bool| {
            let reads = expr.reads().into_iter().filter(|read| wanted(read));
            let names = reads.map(|read| read.name.to_string());
            names.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(names(|read| read.folded), "b f:g k!l m o p q");
        assert_eq!(names(|read| read.among), "c r");
    }

    #[test]
    fn an_expression_is_written_as_it_was_read() {
        for text in [
            "(a = (b + -c))",
            "IF(AND((a > 0), NOT(ISBLANK(b.c))), (PREV(a) * 2), UNITS(kh))",
            "(SUMIFS(so, ten, \"a \"\"b\"\"*\") <= YTD(x!so))",
        ] {
            assert_eq!(parse(text).unwrap().to_string(), text);
        }
    }

    #[test]
    fn a_condition_falls_into_what_must_all_hold() {
        let expr = parse("AND(a > 0, AND(b > 0, OR(c > 0, d > 0)))").unwrap();
        assert_eq!(expr.conjuncts().len(), 3);
    }
}
