//! What a rule says to who breaks it: its figures by their labels, and the place of the form that
//! says so.

use crate::compile::rule::{Candidate, Place, Term};
use crate::compile::table::{Column, Table};
use crate::schema::expression::{Comparison, Operator};

/// Characters of the form's own words that are quoted.
const LONGEST_QUOTE: usize = 120;
/// Figures of a sum that are named one by one.
const MOST_NAMED: usize = 4;

/// The message of a rule.
pub(super) fn message(table: &Table, rule: &Candidate) -> String {
    let relation = match rule.relation {
        Comparison::Equal => "phải bằng",
        Comparison::NotEqual => "phải khác",
        Comparison::Less => "phải nhỏ hơn",
        Comparison::LessOrEqual => "không được lớn hơn",
        Comparison::Greater => "phải lớn hơn",
        Comparison::GreaterOrEqual => "không được nhỏ hơn",
    };
    let left = label(table, rule.left);
    let said = format!("{left} {relation} {}", words(table, &rule.right, 0));
    match rule.evidence.first() {
        Some(evidence) => {
            let quoted: String = evidence.words.chars().take(LONGEST_QUOTE).collect();
            format!("{said} (theo biểu, ô {}: «{quoted}»).", evidence.cell)
        }
        None => format!("{said}."),
    }
}

/// A place as the form calls it.
fn label(table: &Table, place: Place) -> String {
    let said = match place {
        Place::Column(column) => column_label(table, column),
        Place::Row(row) => table.rows[row].label.text.clone(),
        Place::Cell(row, column) => {
            let row = &table.rows[row].label.text;
            format!("{row}, {}", column_label(table, column))
        }
        Place::Other(other) => table.others[other].clone(),
    };
    format!(
        "«{}»",
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    )
}

/// The header of a column; with those that span it where others are called the same.
fn column_label(table: &Table, column: usize) -> String {
    let of = &table.columns[column];
    let alike = |other: &&Column| other.own() == of.own();
    if table.columns.iter().filter(alike).count() == 1 {
        return of.own().to_owned();
    }
    let path: Vec<&str> = of.path.iter().map(|part| part.text.as_str()).collect();
    path.join(" - ")
}

/// A side of a rule in words; `outer` is how tightly what is around it binds.
fn words(table: &Table, term: &Term, outer: u8) -> String {
    match term {
        Term::Number(number) => number.normalize().to_string().replace('.', ","),
        Term::At(place) => label(table, *place),
        Term::Previous(place) => format!("{} của kỳ trước", label(table, *place)),
        Term::Negate(inner) => format!("-{}", words(table, inner, 3)),
        Term::Round(inner, _) => words(table, inner, outer),
        Term::Sum(places) => match places.as_slice() {
            [first, .., last] if places.len() > MOST_NAMED => format!(
                "tổng của {} chỉ tiêu, từ {} đến {}",
                places.len(),
                label(table, *first),
                label(table, *last)
            ),
            _ => {
                let named: Vec<String> = places.iter().map(|place| label(table, *place)).collect();
                bracketed(named.join(" + "), outer > 1)
            }
        },
        Term::Join(operator, left, right) => {
            let (sign, own) = match operator {
                Operator::Add => ("+", 1),
                Operator::Subtract => ("-", 1),
                Operator::Multiply => ("×", 2),
                Operator::Divide => (":", 2),
                Operator::Compare(how) => (how.symbol(), 0),
            };
            let tighter = matches!(operator, Operator::Subtract | Operator::Divide);
            let left = words(table, left, own);
            let right = words(table, right, own + u8::from(tighter));
            bracketed(format!("{left} {sign} {right}"), own < outer)
        }
    }
}

fn bracketed(text: String, yes: bool) -> String {
    match yes {
        true => format!("({text})"),
        false => text,
    }
}
