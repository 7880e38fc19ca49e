//! Terms as the language of rules writes them.

use crate::compile::rule::{Place, Term};
use crate::compile::table::{Role, Table};
use crate::schema::expression::Operator;

/// The id of a place.
pub(super) fn name(table: &Table, place: Place) -> String {
    match place {
        Place::Column(column) => table.columns[column].id.clone(),
        Place::Row(row) => table.rows[row].id.clone(),
        Place::Other(other) => table.others[other].clone(),
        Place::Cell(row, column) => {
            format!("{}.{}", table.rows[row].id, table.columns[column].id)
        }
    }
}

/// The text of a term.
pub(super) fn text(table: &Table, term: &Term) -> String {
    write(table, term, 0)
}

/// How tightly an operator binds.
fn strength(operator: Operator) -> u8 {
    match operator {
        Operator::Compare(_) => 0,
        Operator::Add | Operator::Subtract => 1,
        Operator::Multiply | Operator::Divide => 2,
    }
}

fn write(table: &Table, term: &Term, outer: u8) -> String {
    match term {
        Term::Number(number) => number.normalize().to_string(),
        Term::At(place) => name(table, *place),
        Term::Previous(place) => format!("PREV({})", name(table, *place)),
        Term::Negate(inner) => format!("-{}", write(table, inner, 3)),
        Term::Sum(places) => sum(table, places),
        Term::Round(inner, digits) => format!("ROUND({}, {digits})", write(table, inner, 0)),
        Term::Join(operator, left, right) => {
            let own = strength(*operator);
            // The right side of - and / is bracketed if it is of the same strength.
            let right_outer =
                own + u8::from(matches!(operator, Operator::Subtract | Operator::Divide));
            let (left, right) = (write(table, left, own), write(table, right, right_outer));
            let text = format!("{left} {} {right}", operator.symbol());
            match own < outer {
                true => format!("({text})"),
                false => text,
            }
        }
    }
}

/// `SUM(a:d)` if the places follow each other in the form, else each by name.
fn sum(table: &Table, places: &[Place]) -> String {
    let names: Vec<String> = places.iter().map(|place| name(table, *place)).collect();
    let index = |place: &Place| match place {
        Place::Column(at) | Place::Row(at) => Some(*at),
        Place::Cell(..) | Place::Other(_) => None,
    };
    let indices: Option<Vec<usize>> = places.iter().map(index).collect();
    let follow = indices.is_some_and(|indices| {
        indices.windows(2).all(|two| match places[0] {
            Place::Column(_) => {
                two[0] < two[1]
                    && (two[0] + 1..two[1]).all(|at| {
                        let role = table.columns[at].role;
                        role != Role::Value && (role != Role::Label || !table.is_free())
                    })
            }
            _ => two[0] + 1 == two[1],
        })
    });
    match (names.as_slice(), follow) {
        ([first, _, .., last], true) if names.len() >= 3 => format!("SUM({first}:{last})"),
        _ => format!("SUM({})", names.join(", ")),
    }
}
