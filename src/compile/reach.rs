//! Where rules hold: not in the total of a rate, not where a formula says something else, not where
//! a row of ratios crosses a column that is computed.

use std::collections::BTreeSet;

use super::found::Found;
use super::names::without_equation;
use super::rule::{Candidate, Place, Source, Term};
use super::table::{Column, Role, Table};
use super::words;
use crate::model::CellAddress;
use crate::schema::FieldType;
use crate::schema::expression::Operator;

/// Every row a rule over columns can be evaluated at, or every column of a rule over rows: only where
/// a figure is wanted.
pub(super) fn everywhere(table: &Table, left: Place) -> Vec<usize> {
    match left {
        Place::Column(column) => {
            let rows = 0..table.rows.len();
            rows.filter(|row| table.wants(*row, column)).collect()
        }
        _ => {
            let columns = table.columns.iter().enumerate();
            columns
                .filter(|(_, column)| column.is_additive())
                .map(|(at, _)| at)
                .collect()
        }
    }
}

/// Limits rules that no formula states to where they can be meant; a rule that holds nowhere is left
/// out.
pub(super) fn limit(table: &Table, rules: Vec<Candidate>, found: &Found) -> Vec<Candidate> {
    if table.is_free() {
        return rules;
    }
    let totals = totals(table, &rules);
    let mut kept = Vec::new();
    for mut rule in rules {
        if compares_rows(&rule) && table.columns.iter().any(holds_words) {
            rule.at.get_or_insert_with(|| everywhere(table, rule.left));
        }
        let here = |at: &usize| match rule.left {
            Place::Row(row) => {
                let change = !rule.is_equal() && words::is_change(table.columns[*at].own());
                let rate = is_rate_of_total(table, &rule, *at, found);
                !(change || rate || is_odd(table, &rule, (row, *at), found))
            }
            Place::Column(column) => {
                let total = totals.contains(at) && is_of_one_row(table, &rule.right);
                // Percentages of parts do not add up to that of the whole.
                let shares = is_sum(&rule) && table.is_percent_row(*at);
                let change = !rule.is_equal() && words::is_change(&table.rows[*at].label.text);
                !(total || shares || change || is_odd(table, &rule, (*at, column), found))
            }
            Place::Cell(..) | Place::Other(_) => true,
        };
        if !rule.is_of_cells() && matches!(rule.left, Place::Row(_) | Place::Column(_)) {
            let all = everywhere(table, rule.left);
            let own = rule.at.clone().unwrap_or_else(|| all.clone());
            let left: Vec<usize> = own.iter().copied().filter(here).collect();
            if left.len() < own.len() {
                if left.is_empty() {
                    continue;
                }
                rule.at = Some(left);
            }
        }
        kept.push(rule);
    }
    kept
}

/// Does it say that two rows are equal? In a column of words or codes there is nothing to compare.
fn compares_rows(rule: &Candidate) -> bool {
    let rows = (rule.left, &rule.right);
    rule.is_equal() && matches!(rows, (Place::Row(_), Term::At(Place::Row(_))))
}

fn holds_words(column: &Column) -> bool {
    matches!(column.role, Role::Value | Role::Code)
        && !(column.is_additive() || matches!(column.kind, FieldType::Percent | FieldType::Ratio))
}

/// Rows that add up others.
fn totals(table: &Table, rules: &[Candidate]) -> BTreeSet<usize> {
    let named = table.rows.iter().enumerate().filter(|(_, row)| {
        words::is_total(without_equation(&row.label.text))
            || words::subtotal_of(&row.label.text).is_some()
    });
    let computed = rules.iter().filter_map(|rule| match rule.left {
        Place::Row(row) if rule.is_equal() => (rule.right.plain_sum()?.len() > 1).then_some(row),
        _ => None,
    });
    named.map(|(row, _)| row).chain(computed).collect()
}

/// Does it say that a place is the sum of others?
fn is_sum(rule: &Candidate) -> bool {
    let places = rule.right.plain_sum().filter(|_| rule.is_equal());
    places.is_some_and(|places| places.len() > 1)
}

/// The sum of prices, rates and the like, or of a column that a note leaves out.
fn is_rate_of_total(table: &Table, rule: &Candidate, column: usize, found: &Found) -> bool {
    let sum = is_sum(rule);
    let header = without_equation(table.columns[column].own());
    sum && (words::is_rate_header(header) || found.not_in_total.contains(&column))
}

/// Does the layout speak of a cell whose formula says something else?
fn is_odd(table: &Table, rule: &Candidate, (row, column): (usize, usize), found: &Found) -> bool {
    let cell = CellAddress::new(table.rows[row].at, table.columns[column].at);
    rule.evidence
        .iter()
        .all(|evidence| evidence.source == Source::Structure)
        && found.odd.contains(&cell)
}

/// Does it multiply figures of a row, or read a rate? What is so on each row is not so of their
/// sums.
fn is_of_one_row(table: &Table, term: &Term) -> bool {
    match term {
        Term::Number(_) | Term::Previous(_) | Term::Sum(_) => false,
        Term::At(Place::Column(column)) => {
            words::is_rate_header(without_equation(table.columns[*column].own()))
        }
        Term::At(_) => false,
        Term::Negate(inner) | Term::Round(inner, _) => is_of_one_row(table, inner),
        Term::Join(operator, left, right) => {
            let figures = |term: &Term| {
                let mut places = Vec::new();
                term.places(&mut places);
                !places.is_empty()
            };
            *operator == Operator::Multiply && figures(left) && figures(right)
                || is_of_one_row(table, left)
                || is_of_one_row(table, right)
        }
    }
}

/// Has a column ratios of its own in a row of ratios? A sum or a balance has; a difference of two
/// columns is one of the ratios, and a product or quotient is neither.
fn has_ratios(right: &Term) -> bool {
    let difference = matches!(right, Term::Join(Operator::Subtract, left, right)
        if matches!((&**left, &**right), (Term::At(_), Term::At(_))));
    !difference && !right.multiplies()
}

/// Takes the cells where a row of ratios crosses a computed column out of the column's rule, and out
/// of the row's unless the column has ratios of its own.
pub(super) fn without_crossings(table: &Table, rules: &mut [Candidate]) {
    let ratio = |rule: &Candidate| match rule.left {
        Place::Row(row) if rule.is_equal() && rule.right.quotient().is_some() => Some(row),
        _ => None,
    };
    let computed = |rule: &Candidate| match rule.left {
        Place::Column(column) if rule.is_equal() => Some((column, has_ratios(&rule.right))),
        _ => None,
    };
    let rows: BTreeSet<usize> = rules.iter().filter_map(ratio).collect();
    let columns: BTreeSet<usize> = rules
        .iter()
        .filter_map(computed)
        .filter(|(_, has_ratios)| !has_ratios)
        .map(|(column, _)| column)
        .collect();
    for rule in rules {
        let crossing = match (ratio(rule), computed(rule)) {
            (Some(_), _) => &columns,
            (_, Some(_)) => &rows,
            _ => continue,
        };
        let own = rule
            .at
            .clone()
            .unwrap_or_else(|| everywhere(table, rule.left));
        if own.iter().any(|at| crossing.contains(at)) {
            rule.at = Some(
                own.into_iter()
                    .filter(|at| !crossing.contains(at))
                    .collect(),
            );
        }
    }
}
