//! Which rules on rows hold for a sum of rows. `a + b = c` and `a <= b` do where they hold for each
//! row; a limit for one row (`a <= 200`) and a product (`a * b = c`) do not, and say nothing about
//! the total row.

use super::checked::{Form, Origin, Rule, RuleScope};
use super::file::{Aggregate, FieldType};
use super::rule::expression::{Comparison, Name, Operator, Path};
use super::rule::fold::{Algebra, Read};
use super::rule::function::Function;
use crate::model::Number;

/// Degree of an expression in the figures of a row: 0 for ratios and constants, 1 for figures
/// that are added up, 2 for their products...
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Growth {
    /// Zero, which fits everything.
    Zero,
    Power(i32),
    /// Not additive over rows although its parts are: `a + 1`, `ROUND(a * 0.1, 0)`.
    Mixed,
}

impl Form {
    /// Is a rule evaluated on the total row, too? Rules that say nothing of rows are not.
    pub fn asks_total(&self, rule: &Rule) -> bool {
        if let (Some(total), RuleScope::EachRow) = (rule.places.total, rule.scope) {
            return total;
        }
        // Under a condition the rows it picks have a sum of their own, which the total row is not.
        let written = rule.origin == Origin::Written;
        let fits = || {
            if rule.when.is_some() {
                return false;
            }
            let mut additive = Additive {
                form: self,
                defines: self.defines_percentage(rule),
            };
            rule.exprs().all(|expr| expr.fold(&mut additive).fits)
        };
        rule.scope == RuleScope::EachRow && (!written || fits())
    }

    /// Does a rule read one percentage together with all that the form divides for it? What such an
    /// equation says of rows it says of the total row, whose percentage is divided from its own
    /// figures.
    fn defines_percentage(&self, rule: &Rule) -> bool {
        let reads: Vec<Read<'_>> = rule.reads().collect();
        let ratio = |read: &Read<'_>| {
            let column = self.column(&read.name.bare())?;
            Some((column, self.field(None, column)?.ratio.as_ref()?))
        };
        // It may be read more than once. One of a closed period is divided from figures of that
        // period.
        let is_here = |read: &Read<'_>| read.past.is_none() && read.name.form.is_none();
        let mut ratios = reads.iter().filter_map(|read| Some((read, ratio(read)?)));
        let Some((first, (column, ratio))) = ratios.next() else {
            return false;
        };
        if !is_here(first) || ratios.any(|(read, (other, _))| other != column || !is_here(read)) {
            return false;
        }
        let operands = [&ratio.numerator, &ratio.denominator];
        let mut operands = operands.into_iter().flat_map(|operand| operand.reads());
        let same = |read: &Read<'_>, of: &Read<'_>| {
            (read.past, &read.name.form, &read.name.path) == (of.past, &of.name.form, &of.name.path)
        };
        operands.all(|of| reads.iter().any(|read| same(read, &of)))
    }
}

/// What is known of a part of a rule.
#[derive(Debug, Clone, Copy)]
struct Part {
    /// `None` where it cannot be said.
    growth: Option<Growth>,
    weight: Weight,
    /// Do all comparisons in it compare expressions of one known degree, and must all of them hold?
    fits: bool,
}

/// What a total row's figure is to those of its rows, apart from its degree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// The same: it reads no figure.
    Constant,
    /// Their sum.
    Plain,
    /// Their mean, each row weighing as much as its denominator: what limits every row limits it.
    Share,
    /// Neither: two shares weigh rows differently.
    Mixed,
}

impl Weight {
    fn combined(self, operator: Operator, other: Weight) -> Weight {
        match (self, operator, other) {
            (Weight::Constant, Operator::Divide, of) if of != Weight::Constant => Weight::Mixed,
            (of, _, Weight::Constant) | (Weight::Constant, _, of) => of,
            (Weight::Plain, Operator::Divide, Weight::Plain) => Weight::Share,
            (Weight::Plain, _, Weight::Plain) => Weight::Plain,
            _ => Weight::Mixed,
        }
    }

    /// May a comparison of two that holds on every row be expected of the total row?
    fn compares(self, other: Weight) -> bool {
        let plain = |one: Weight| matches!(one, Weight::Constant | Weight::Plain);
        let limits = |one: Weight, other| one == Weight::Share && other == Weight::Constant;
        (plain(self) && plain(other)) || limits(self, other) || limits(other, self)
    }
}

fn part(growth: Option<Growth>, weight: Weight) -> Part {
    Part {
        growth,
        weight,
        fits: true,
    }
}

struct Additive<'f> {
    form: &'f Form,
    /// Does the rule say what a percentage of the form is divided from?
    defines: bool,
}

impl<'e> Algebra<'e> for Additive<'_> {
    type Out = Part;

    fn number(&mut self, number: Number) -> Part {
        let growth = match number.is_zero() {
            true => Growth::Zero,
            false => Growth::Power(0),
        };
        part(Some(growth), Weight::Constant)
    }

    fn text(&mut self, _: &'e str) -> Part {
        part(None, Weight::Constant)
    }

    fn flag(&mut self, _: bool) -> Part {
        part(None, Weight::Constant)
    }

    fn name(&mut self, read: Read<'e>) -> Part {
        // A whole column is the same on every row and on the total row.
        let whole = read.folded
            && matches!(&read.name.path, Path::One(id) if self.form.column(id).is_some());
        let growth = match whole && read.name.form.is_none() {
            true => Some(Growth::Mixed),
            false => of_name(self.form, read.name),
        };
        part(
            growth,
            match growth {
                Some(Growth::Power(0)) => Weight::Share,
                _ => Weight::Plain,
            },
        )
    }

    fn units(&mut self, _: &'e Name) -> Part {
        part(None, Weight::Constant)
    }

    fn negate(&mut self, inner: Part) -> Part {
        inner
    }

    fn binary(&mut self, operator: Operator, left: Part, right: Part) -> Part {
        let sides = left.growth.zip(right.growth);
        let alike = match operator {
            // That no row has two equal figures says nothing of their sums.
            Operator::Compare(Comparison::NotEqual) => false,
            Operator::Compare(how) => {
                let defines = self.defines && how == Comparison::Equal;
                sides.is_some_and(|(left, right)| alike(left, right))
                    && (left.weight.compares(right.weight) || defines)
            }
            _ => true,
        };
        Part {
            growth: sides.and_then(|(left, right)| combined(operator, left, right)),
            weight: left.weight.combined(operator, right.weight),
            fits: alike && left.fits && right.fits,
        }
    }

    fn call(&mut self, function: Function, arguments: Vec<Part>) -> Part {
        let first = arguments.first().and_then(|first| first.growth);
        let sum = arguments.iter().copied().reduce(|sum, part| Part {
            growth: (sum.growth.zip(part.growth)).and_then(|(l, r)| combined(Operator::Add, l, r)),
            weight: sum.weight.combined(Operator::Add, part.weight),
            ..sum
        });
        let growth = match function {
            Function::Sum => sum.and_then(|sum| sum.growth),
            // The sum of rounded figures is not their rounded sum, and a row with a blank has an
            // average of its own.
            // Nor is the distance of two sums that of their rows.
            Function::Round | Function::RoundDown | Function::Average | Function::Abs => {
                first.map(|growth| match growth {
                    Growth::Zero | Growth::Power(0) => growth,
                    _ => Growth::Mixed,
                })
            }
            _ => None,
        };
        // One of several conditions, a case, a negation: what holds for each row need not hold for
        // their sums.
        let joins = matches!(function, Function::Or | Function::Not | Function::If);
        Part {
            growth,
            weight: sum.map_or(Weight::Constant, |sum| sum.weight),
            fits: !joins && arguments.iter().all(|argument| argument.fits),
        }
    }
}

fn of_name(form: &Form, name: &Name) -> Option<Growth> {
    if name.form.is_some() {
        return None;
    }
    let Path::One(id) = &name.path else {
        return Some(Growth::Power(1));
    };
    let field = form.field(None, form.column(id)?)?;
    match field.kind {
        // A total row has no figure of it.
        _ if field.aggregate == Aggregate::None => None,
        FieldType::Count | FieldType::Amount => Some(Growth::Power(1)),
        FieldType::Percent | FieldType::Ratio => Some(Growth::Power(0)),
        _ => None,
    }
}

/// Does a comparison of two sides of these degrees also hold for sums of rows?
fn alike(left: Growth, right: Growth) -> bool {
    match (left, right) {
        (Growth::Power(left), Growth::Power(right)) => left == right && left <= 1,
        (Growth::Mixed, _) | (_, Growth::Mixed) => false,
        _ => true,
    }
}

fn combined(operator: Operator, left: Growth, right: Growth) -> Option<Growth> {
    match (operator, left, right) {
        (Operator::Add | Operator::Subtract, Growth::Zero, other)
        | (Operator::Add | Operator::Subtract, other, Growth::Zero) => Some(other),
        (Operator::Add | Operator::Subtract, left, right) => Some(match left == right {
            true => left,
            false => Growth::Mixed,
        }),
        (Operator::Multiply | Operator::Divide, Growth::Mixed, _)
        | (Operator::Multiply | Operator::Divide, _, Growth::Mixed) => Some(Growth::Mixed),
        (Operator::Multiply, Growth::Power(left), Growth::Power(right)) => {
            Some(Growth::Power(left + right))
        }
        (Operator::Divide, Growth::Power(left), Growth::Power(right)) => {
            Some(Growth::Power(left - right))
        }
        (Operator::Multiply | Operator::Divide, ..) => Some(Growth::Zero),
        (Operator::Compare(_), ..) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORM: &str = r#"
id = "abc"
version = "1"
title = "T"
sheet = "T"
[layout]
rows = "free"
total = "Tổng cộng"
[defaults]
type = "amount"
[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true
[[column]]
id = "a"
label = "A"
[[column]]
id = "b"
label = "B"
[[column]]
id = "c"
label = "C"
[[column]]
id = "p"
label = "P"
type = "percent"
numerator = "a"
denominator = "b"
[[column]]
id = "q"
label = "Q"
type = "percent"
numerator = "c"
denominator = "a"
[[column]]
id = "he_so"
label = "Hệ số"
aggregate = "none"
[[rule]]
id = "r"
"#;

    fn asks(check: &str, when: &str) -> bool {
        let when = match when {
            "" => String::new(),
            when => format!("when = \"{when}\"\n"),
        };
        let form = Form::parse("abc.toml", &format!("{FORM}check = \"{check}\"\n{when}")).unwrap();
        form.asks_total(&form.rules[0])
    }

    #[test]
    fn only_what_adds_up_is_asked_of_a_total_row() {
        for check in [
            "a = b + c",
            "a <= b",
            "a - 2 * b = c",
            "a > 0",
            "p <= 100",
            "a / b <= 0.5",
            "a * p / 100 = b",
            "p = ROUND(100 * a / b, 2)",
            "AND(p = ROUND(100 * a / b, 2), p <= 100)",
            "a <= 2 * PREV(a)",
            "SUM(a, b) <= c",
        ] {
            assert!(asks(check, ""), "{check}");
        }
        for check in [
            "a <= 200",
            "a >= 1",
            "a = b + 1",
            "a * b = c",
            "ABS(a - b) <= 5",
            "a = ROUND(b * 0.1, 0)",
            "a <= AVERAGE(b:c)",
            "a <= 0.5 * SUM(a)",
            "OR(a = 0, b = 0)",
            "OR(ISBLANK(a), ISBLANK(b))",
            "a <> b",
            "NOT(a = b)",
            "c = IF(a > b, a - b, 0)",
            "c = ABS(a - b)",
            "a <= MAX(b)",
            "a <= COUNTIF(b, 5) * 2",
            // Two shares weigh their rows differently.
            "p <= q",
            "p + q <= 100",
            "a / b <= c / b",
            "a / b = c / b",
            "c * p / 100 <= b",
            "c * q / 100 = b",
            "PREV(p) = ROUND(100 * a / b, 2)",
            "p = ROUND(100 * PREV(a) / b, 2)",
            "MAX(a, b) = c",
            // The total row has no figure of it.
            "a = he_so * 500",
            "a >= he_so",
        ] {
            assert!(!asks(check, ""), "{check}");
        }
        assert!(asks("AND(a <= b, b <= c)", ""));
        // a, b of two rows 0, 5 and 1, 2: what is asked of the second is not so of 1, 7.
        assert!(!asks("b = 2 * a", "a > 0"));
        assert!(!asks("a = b", "a > 5"));
    }
}
