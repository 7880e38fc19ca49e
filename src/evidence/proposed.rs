//! What holds in every filled workbook, could have failed there, and follows from nothing the form
//! says or that was proposed before.

use std::collections::BTreeSet;

use super::equation::{Equation, Fared};
use super::figures::{Axis, Figures};
use super::quotients::Quotient;
use super::{bounds, quotients, sums};
use crate::extract::Table;
use crate::schema::Form;
use crate::schema::expression::Expr;
use crate::schema::logic::known::Known;
use crate::schema::parser::parse;
use crate::schema::resolve::Site;
use crate::schema::rule::fold::Read;

/// Proposals for one form, at most: more would not be read.
const MOST_PROPOSALS: usize = 60;

/// A rule that no form states, as it would be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Id of the column or row it is about.
    pub about: String,
    /// What must hold, in the language of rules.
    pub check: String,
    /// The places it is evaluated at, if not all: key (`rows` or `columns`) and ids.
    pub places: Option<(&'static str, Vec<String>)>,
    /// Places where it held and could have failed.
    pub tested: usize,
    /// Workbooks with such a place.
    pub files: usize,
    /// Workbooks that have the form; where two periods are compared, units with one of each.
    pub workbooks: usize,
    /// Does it go from one period to the next?
    pub over_time: bool,
}

/// What is to be proposed for a form. Each entry of `workbooks` holds the tables of one workbook.
pub fn proposed(form: &Form, workbooks: &[&[Table]]) -> Vec<Proposed> {
    let of_form = |table: &&Table| table.form.id() == form.id();
    let tables = workbooks.iter().enumerate();
    let tables: Vec<(usize, &Table)> = tables
        .filter_map(|(file, tables)| Some((file, tables.iter().find(of_form)?)))
        .collect();
    let axes: &[Axis] = match form.is_free() {
        true => &[Axis::Columns],
        false => &[Axis::Columns, Axis::Rows],
    };
    let mut drafts = Vec::new();
    for axis in axes {
        let figures = Figures::of(form, &tables, *axis);
        drafts.extend(drafts_of(form, &figures, tables.len()));
    }
    let drafts: Vec<(Draft, Expr)> = drafts
        .into_iter()
        .filter_map(|draft| {
            let expr = parse(&draft.check).ok()?;
            Some((draft, expr))
        })
        .collect();
    let mut known = Known::of(form);
    let mut proposed = Vec::new();
    for (draft, expr) in &drafts {
        if proposed.len() < MOST_PROPOSALS && is_new(form, &mut known, draft, expr) {
            known.add(expr, &draft.seen);
            proposed.push(draft.proposed(form, tables.len()));
        }
    }
    proposed
}

/// A rule that holds, before it is known whether it follows from others.
struct Draft {
    about: String,
    check: String,
    /// Is it made of sums? Then others may imply it.
    linear: bool,
    axis: Axis,
    /// Sites where it would be evaluated, and those of them where it held.
    asked: Vec<Site>,
    seen: Vec<Site>,
    fared: Fared,
}

/// Is it more than what the form says already? What holds by other rules at most places is not
/// worth asking about at the rest.
fn is_new<'a>(form: &Form, known: &mut Known<'a>, draft: &Draft, expr: &'a Expr) -> bool {
    match draft.linear {
        true => known.open(expr, &draft.seen).len() * 2 > draft.seen.len(),
        false => {
            let own = names(expr.reads());
            let mut rules = form.rules.iter();
            !rules.any(|rule| names(rule.reads()) == own)
        }
    }
}

/// The names that are read.
pub(super) fn names<'a>(reads: impl IntoIterator<Item = Read<'a>>) -> BTreeSet<String> {
    let names = reads.into_iter().map(|read| read.name.to_string());
    names.collect()
}

fn drafts_of(form: &Form, figures: &Figures, workbooks: usize) -> Vec<Draft> {
    let live = without_twins(figures, figures.live());
    let dead = figures.dead();
    let mut drafts = Vec::new();
    let draft = |check: String, variables: Vec<usize>, linear: bool, fared: Fared| {
        let (asked, seen) = figures.sites(form, &variables);
        Draft {
            about: figures.variables[variables[0]].id.clone(),
            check,
            axis: figures.axis,
            linear,
            asked,
            seen,
            fared,
        }
    };
    for (equation, fared) in equations(figures, &live, &dead, workbooks) {
        let check = sum_text(form, figures, &equation);
        drafts.push(draft(check, equation.variables(), true, fared));
    }
    for (quotient, fared) in quotients::found(figures, &live, workbooks) {
        let check = quotient_text(figures, quotient);
        drafts.push(draft(check, quotient.variables().to_vec(), false, fared));
    }
    for (bound, fared) in bounds::found(figures, &live, workbooks) {
        let name = |of: usize| &figures.variables[of].id;
        let check = format!("{} <= {}", name(bound.part), name(bound.whole));
        drafts.push(draft(check, vec![bound.part, bound.whole], true, fared));
    }
    drafts
}

/// Variables whose figures are the same everywhere cannot be told apart: which of them a sum means
/// is open if something that is zero everywhere may be what they differ by.
fn without_twins(figures: &Figures, live: Vec<usize>) -> Vec<usize> {
    let dead = figures.dead();
    let twin = |of: &usize| {
        live.iter()
            .any(|other| other != of && figures.entries[*other] == figures.entries[*of])
    };
    let open = |of: &usize| dead.iter().any(|dead| figures.alike(*of, *dead));
    live.iter()
        .copied()
        .filter(|of| !(open(of) && twin(of)))
        .collect()
}

/// Equations that hold everywhere and hardly by accident, none of which follows from those before
/// it: the simplest come first.
fn equations(
    figures: &Figures,
    live: &[usize],
    dead: &[usize],
    workbooks: usize,
) -> Vec<(Equation, Fared)> {
    let mut candidates = sums::candidates(figures, live);
    candidates.sort_by_cached_key(|(equation, _)| simplicity(equation));
    let mut span = sums::Span::default();
    let mut found = Vec::new();
    for (equation, tries) in candidates {
        if !span.is_new(&equation, figures.variables.len()) {
            continue;
        }
        let Some(fared) = equation.fare(figures) else {
            continue;
        };
        // What holds but is not tested enough is not proposed in combination with others, either.
        span.add(&equation, figures.variables.len());
        if fared.is_enough(tries, workbooks) && !equation.may_lack(figures, dead) {
            found.push((equation, fared));
        }
    }
    found
}

/// Few terms, nothing subtracted, terms that follow each other, next to their sum.
fn simplicity(equation: &Equation) -> (usize, bool, bool, usize, usize) {
    let distance = equation
        .right
        .iter()
        .map(|(of, _)| of.abs_diff(equation.left))
        .min();
    (
        equation.right.len(),
        equation.subtracts(),
        !equation.is_run(),
        distance.unwrap_or(0),
        equation.left,
    )
}

fn sum_text(form: &Form, figures: &Figures, equation: &Equation) -> String {
    let name = |of: usize| figures.variables[of].id.as_str();
    let left = name(equation.left);
    if equation.subtracts() {
        let mut text = format!("{left} =");
        for (at, (of, sign)) in equation.right.iter().enumerate() {
            let sign = match (at, *sign < 0) {
                (0, _) => "",
                (_, true) => " -",
                (_, false) => " +",
            };
            text += &format!("{sign} {}", name(*of));
        }
        return text;
    }
    let mut at: Vec<usize> = equation.right.iter().map(|(of, _)| *of).collect();
    at.sort_unstable();
    let names: Vec<&str> = at.iter().map(|of| name(*of)).collect();
    let (Some(first), Some(last)) = (names.first(), names.last()) else {
        return String::new();
    };
    match names.len() > 2 && follow(form, figures, &at) {
        true => format!("{left} = SUM({first}:{last})"),
        false => format!("{left} = SUM({})", names.join(", ")),
    }
}

/// Are these all the columns or rows of the form between the first and the last, so that a range
/// means them?
fn follow(form: &Form, figures: &Figures, of: &[usize]) -> bool {
    let at = |of: &usize| figures.variables[*of].at;
    of.windows(2).all(|two| {
        (at(&two[0]) + 1..at(&two[1]))
            .all(|between| figures.axis == Axis::Rows && form.file.rows[between].heading)
    })
}

fn quotient_text(figures: &Figures, quotient: Quotient) -> String {
    let name = |of: usize| figures.variables[of].id.as_str();
    match quotient {
        Quotient::Product { product, one, two } => {
            format!("{} = {} * {}", name(product), name(one), name(two))
        }
        Quotient::Ratio {
            ratio,
            over,
            under,
            per,
            decimals,
        } => {
            let times = match per {
                1 => String::new(),
                per => format!(" * {per}"),
            };
            let (ratio, over, under) = (name(ratio), name(over), name(under));
            format!("{ratio} = ROUND({over} / {under}{times}, {decimals})")
        }
    }
}

impl Draft {
    fn proposed(&self, form: &Form, workbooks: usize) -> Proposed {
        let everywhere = self.seen.len() == self.asked.len();
        Proposed {
            about: self.about.clone(),
            check: self.check.clone(),
            places: (!everywhere).then(|| {
                let ids = self.seen.iter().filter_map(|site| id_of(form, site));
                (self.axis.places(), ids.collect())
            }),
            tested: self.fared.tested,
            files: self.fared.files.len(),
            workbooks,
            over_time: false,
        }
    }
}

/// The id of the fixed row or the column that a rule is evaluated at.
pub(super) fn id_of(form: &Form, site: &Site) -> Option<String> {
    let of = match site {
        Site::Row(row) => form.file.rows.get(*row),
        Site::Column(column) => form.file.columns.get(*column),
        _ => None,
    };
    of.map(|of| of.id.get_ref().clone())
}
