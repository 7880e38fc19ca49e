//! The rules of a compiled table: which become the operands of a ratio, which the total row, which a
//! rule of their own.

use std::collections::{BTreeMap, HashSet};

use super::expression::{name, text};
use super::message::message;
use crate::compile::rule::{Candidate, Evidence, Place, Source, Term};
use crate::compile::table::{Column, Role, Table};
use crate::model::Number;
use crate::schema::FieldType;
use crate::schema::derived;
use crate::schema::expression::Comparison;

/// Strength of a rule on trial.
pub(super) const SEEMS: &str = "seems";

/// A ratio's operands.
#[derive(Debug, Clone)]
pub(in crate::compile) struct Operands {
    pub(in crate::compile) numerator: String,
    pub(in crate::compile) denominator: String,
    /// Times how much: 100 for a percentage.
    pub(in crate::compile) per: Number,
}

/// A rule as it is written.
#[derive(Debug, Clone)]
pub(in crate::compile) struct Written {
    pub(in crate::compile) id: String,
    /// What must hold, in the language of rules.
    pub(in crate::compile) text: String,
    /// What it says to who breaks it; empty where the program says it.
    pub(in crate::compile) message: String,
    pub(in crate::compile) strength: &'static str,
    pub(in crate::compile) evidence: Vec<Evidence>,
    /// Ids of the rows or columns it is evaluated at, and the key that says so; all if absent.
    pub(in crate::compile) at: Option<(&'static str, Vec<String>)>,
    /// Follows from the columns, rows or the layout: has no section of its own.
    pub(in crate::compile) derived: bool,
    /// Does it go on from the period before only within a year?
    pub(in crate::compile) within_year: bool,
}

/// The rules of a table, and the operands of its ratios by place. `not_added` are the columns that
/// its total row leaves out.
pub(in crate::compile) fn write(
    table: &Table,
    rules: &[Candidate],
    not_added: &[usize],
) -> (Vec<Written>, BTreeMap<Place, Operands>) {
    let mut written = Vec::new();
    let mut ratios: BTreeMap<Place, Operands> = BTreeMap::new();
    let mut ids = HashSet::new();
    for rule in rules {
        let ratio = ratio(table, rule).filter(|_| !ratios.contains_key(&rule.left));
        let left = name(table, rule.left);
        let check = format!(
            "{left} {} {}",
            rule.relation.symbol(),
            text(table, &rule.right)
        );
        let derived = ratio.is_some();
        if let Some(operands) = ratio {
            ratios.insert(rule.left, operands);
        }
        written.push(Written {
            id: match derived {
                true => unused(
                    &mut ids,
                    &format!("{}-{}", derived::RATIO, left.replace(['_', '.'], "-")),
                ),
                false => unused(&mut ids, &rule_id(table, rule)),
            },
            text: match derived {
                true => check,
                false => rounded(table, rule, check),
            },
            message: message(table, rule),
            strength: strength(rule),
            evidence: rule.evidence.clone(),
            at: places(table, rule),
            derived,
            within_year: rule.within_year,
        });
    }
    let totals = totals(table, not_added).into_iter();
    // The total of a ratio is computed from the totals of its figures.
    let of_ratio = |at: usize| ratios.contains_key(&Place::Column(at));
    written.extend(
        totals
            .filter(|(at, _)| !of_ratio(*at))
            .map(|(_, total)| total),
    );
    (written, ratios)
}

/// A quotient of figures is said by its column or row, so that totals compute it anew.
fn ratio(table: &Table, rule: &Candidate) -> Option<Operands> {
    if rule.relation != Comparison::Equal || rule.at.is_some() && !table.is_free() {
        return None;
    }
    let (over, under, per) = rule.right.quotient()?;
    let fits = match rule.left {
        Place::Column(column) => {
            let percent = table.columns[column].kind == FieldType::Percent;
            per == Number::ONE_HUNDRED && percent || !percent && per.fract().is_zero()
        }
        Place::Row(row) => {
            table.is_percent_row(row) && per == Number::ONE_HUNDRED && plain_columns(table)
        }
        Place::Cell(..) | Place::Other(_) => false,
    };
    let summed = |term: &Term| term.quotient().is_none();
    (fits && summed(over) && summed(under)).then(|| Operands {
        numerator: text(table, over),
        denominator: text(table, under),
        per,
    })
}

/// Are all columns of figures that add up? Then a row may have a type of its own.
pub(in crate::compile) fn plain_columns(table: &Table) -> bool {
    let mut values = table
        .columns
        .iter()
        .filter(|column| column.role == Role::Value);
    values.all(|column| column.is_additive())
}

/// A quotient that is a rule of its own is compared as it is printed.
fn rounded(table: &Table, rule: &Candidate, check: String) -> String {
    let column = match rule.left {
        Place::Column(column) | Place::Cell(_, column) => table.columns.get(column),
        Place::Row(_) | Place::Other(_) => None,
    };
    // Amounts are compared as intervals of what prints like them, unless the form rounds.
    let Some(decimals) = column
        .filter(|column| matches!(column.kind, FieldType::Percent | FieldType::Ratio))
        .and_then(|column| column.decimals)
    else {
        return check;
    };
    match rule.right.quotient() {
        Some(_) if rule.relation == Comparison::Equal && !rule.right.rounds() => {
            format!(
                "{} = ROUND({}, {decimals})",
                name(table, rule.left),
                text(table, &rule.right)
            )
        }
        _ => check,
    }
}

fn rule_id(table: &Table, rule: &Candidate) -> String {
    let short = |place: Place| {
        let short = name(table, place).replace(['_', '.'], "-");
        // The name of the rule that every total row has.
        match derived::TOTAL.starts_with(&short) {
            true => format!("dong-{short}"),
            false => short,
        }
    };
    let left = short(rule.left);
    match (rule.relation, &rule.right) {
        (Comparison::LessOrEqual, Term::At(right)) => format!("{left}-lon-hon-{}", short(*right)),
        (Comparison::LessOrEqual, _) => format!("{left}-qua-lon"),
        (Comparison::GreaterOrEqual, _) => format!("{left}-qua-nho"),
        (_, Term::Previous(_)) => format!("{left}-lech-ky-truoc"),
        _ => format!("{left}-lech"),
    }
}

fn unused(ids: &mut HashSet<String>, wanted: &str) -> String {
    let mut id = wanted.to_owned();
    let mut number = 2;
    while !ids.insert(id.clone()) {
        id = format!("{wanted}-{number}");
        number += 1;
    }
    id
}

fn strength(rule: &Candidate) -> &'static str {
    let all_from = |sources: &[Source]| {
        let mut evidence = rule.evidence.iter();
        evidence.all(|evidence| sources.contains(&evidence.source))
    };
    match () {
        () if all_from(&[Source::Seems]) => SEEMS,
        () if all_from(&[Source::Structure, Source::Seems]) => "structural",
        () => "stated",
    }
}

fn places(table: &Table, rule: &Candidate) -> Option<(&'static str, Vec<String>)> {
    let at = rule.at.as_ref().filter(|_| !table.is_free())?;
    Some(match rule.left {
        Place::Column(_) => (
            "rows",
            at.iter().map(|row| table.rows[*row].id.clone()).collect(),
        ),
        Place::Row(_) => (
            "columns",
            at.iter()
                .map(|column| table.columns[*column].id.clone())
                .collect(),
        ),
        Place::Cell(..) | Place::Other(_) => return None,
    })
}

/// The total row under free rows, column by column.
fn totals(table: &Table, not_added: &[usize]) -> Vec<(usize, Written)> {
    let Some(total) = &table.total else {
        return Vec::new();
    };
    let added = table.columns.iter().enumerate();
    let added = added.filter(|(at, column)| column.is_additive() && !not_added.contains(at));
    let written = |column: &Column| Written {
        id: format!("{}-{}", derived::TOTAL, column.id.replace('_', "-")),
        text: format!("{0} = SUM({0})", column.id),
        message: String::new(),
        strength: "structural",
        evidence: vec![Evidence {
            source: Source::Structure,
            cell: total.cell,
            words: total.text.clone(),
        }],
        at: None,
        derived: true,
        within_year: false,
    };
    added.map(|(at, column)| (at, written(column))).collect()
}
