//! How the rules of forms fared in filled workbooks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::extract::Table;
use crate::model::{CellAddress, Message, Number};
use crate::rules::UnitTables;
use crate::rules::instance::{self, Instance, Verdict};
use crate::rules::scope::CellRef;
use crate::rules::words::explain;
use crate::schema::checked::Origin;
use crate::schema::expression::Comparison;
use crate::schema::{Form, Rule};

/// A place where a rule failed.
#[derive(Debug, Clone)]
pub struct Counterexample {
    /// The workbook.
    pub file: Arc<str>,
    /// The sheet.
    pub sheet: Arc<str>,
    /// The cell that the rule is about.
    pub cell: Option<CellAddress>,
    /// What is wrong there.
    pub message: Message,
}

/// How one rule fared in all workbooks.
#[derive(Debug, Clone, Default)]
pub struct RuleTest {
    /// Places where it held and could have failed: no figure that it reads is zero.
    pub held: usize,
    /// Places where it failed.
    pub failed: usize,
    /// Places where it could not be evaluated, or holds whatever is meant: a figure is zero.
    pub untested: usize,
    /// Workbooks in which it was tested and never failed.
    pub files_held: usize,
    /// Workbooks in which it failed.
    pub files_failed: usize,
    /// The first place where it failed.
    pub example: Option<Counterexample>,
}

impl RuleTest {
    /// Does it fail in most of the workbooks that test it? In one or two of them a mistake in a cell
    /// is no reason to doubt the rule; there it must fail in most places.
    pub fn is_refuted(&self) -> bool {
        const FEW: usize = 2;
        let few = self.files_failed + self.files_held <= FEW;
        self.files_failed > self.files_held && (!few || self.failed > self.held)
    }
}

/// How the rules of all forms fared, by form and rule; a rule that follows from a column or row by
/// its id with theirs (`ty-le-sai-nu`). Each entry of `workbooks` holds the tables of
/// one workbook.
pub fn tested(workbooks: &[&[Table]]) -> BTreeMap<(String, String), RuleTest> {
    let mut tests: BTreeMap<(String, String), RuleTest> = BTreeMap::new();
    for tables in workbooks {
        let unit = UnitTables {
            unit: "",
            kind: None,
            tables,
            previous: None,
        };
        let (mut held, mut failed) = (BTreeSet::new(), BTreeSet::new());
        for instance in instance::all(&unit) {
            let form = &unit.tables[instance.table].form;
            let key = (form.id().to_owned(), called(form, &instance.rule));
            let test = tests.entry(key.clone()).or_default();
            match instance.ask(&unit, &[]) {
                Verdict::NotAsked => {}
                Verdict::Missing(_) | Verdict::Broken(_) => test.untested += 1,
                Verdict::Pass if !could_fail(&instance, &unit) => test.untested += 1,
                Verdict::Pass => {
                    test.held += 1;
                    held.insert(key);
                }
                Verdict::Fail => {
                    test.failed += 1;
                    if test.example.is_none() {
                        test.example = example(&instance, &unit);
                    }
                    failed.insert(key);
                }
            }
        }
        for key in failed.union(&held) {
            let test = tests.entry(key.clone()).or_default();
            match failed.contains(key) {
                true => test.files_failed += 1,
                false => test.files_held += 1,
            }
        }
    }
    tests
}

fn example(instance: &Instance, unit: &UnitTables<'_>) -> Option<Counterexample> {
    let at = explain::subject(instance, unit)?;
    let table = unit.tables.get(at.table)?;
    Some(Counterexample {
        file: table.file.clone(),
        sheet: table.sheet.clone(),
        cell: unit.cell(at).and_then(|cell| cell.address),
        message: explain::message(instance, unit),
    })
}

/// Could the rule have failed here? An equation of which a term is zero may lack that term, and
/// nothing is always at most something.
fn could_fail(instance: &Instance, unit: &UnitTables<'_>) -> bool {
    let there = |at: &CellRef| {
        let figure = unit.figure(*at);
        figure.is_none_or(|figure: Number| !figure.is_zero())
    };
    let comparison = instance.rule.check.comparison();
    match comparison.map(|(_, comparison, _)| comparison) {
        // A column added up is one term.
        Some(Comparison::Equal) if instance.rule.is_total() => {
            let cells = instance.cells.iter();
            cells
                .filter(|at| unit.figure(**at).is_some() && there(at))
                .count()
                > 2
        }
        Some(Comparison::Equal) => instance.cells.iter().all(there),
        Some(Comparison::LessOrEqual | Comparison::Less) => {
            instance.cells.first().is_none_or(there)
        }
        Some(Comparison::GreaterOrEqual | Comparison::Greater) => {
            instance.cells.get(1).is_none_or(there)
        }
        // A quotient with its denominator.
        None => instance.cells.iter().all(there),
        Some(Comparison::NotEqual) => true,
    }
}

/// The id of a rule; with the column or row that it follows from, as the compiler of blank forms
/// calls it, because such rules share one id.
fn called(form: &Form, rule: &Rule) -> String {
    let column = |at: usize| form.file.columns.get(at);
    let of = match rule.origin {
        Origin::Written => None,
        Origin::Total { column: at } => column(at),
        Origin::Ratio {
            row: at,
            column: of,
        } => {
            let row = at.and_then(|at| form.file.rows.get(at));
            column(of).filter(|of| of.numerator.is_some()).or(row)
        }
    };
    match of {
        Some(of) => format!("{}-{}", rule.id, of.id.get_ref().replace('_', "-")),
        None => rule.id.clone(),
    }
}
