//! How far rounded figures may be off without being wrong: each means all figures that print like
//! it. Only sums of names are looked at; the generator writes no other rule over such figures.

use super::evaluate::{self, Site, cells};
use super::exact::{self, Q};
use super::expression::{Ex, Fun, Order};
use super::spec::{Policy, Type};
use super::world::{At, RowAt, State, World};

/// Can a comparison of sums that fails as printed hold for the figures behind the printed ones?
pub fn explains(world: &World<'_>, site: &Site, ex: &Ex, policy: Policy) -> bool {
    let Ex::Compare(order, left, right) = ex else {
        return false;
    };
    let mut slack = exact::whole(0);
    if !(room(world, site, left, &mut slack) && room(world, site, right, &mut slack)) {
        return false;
    }
    if slack == exact::whole(0) {
        return false;
    }
    let side = |ex: &Ex| evaluate::number(world, site, ex, policy);
    let (Ok(left), Ok(right)) = (side(left), side(right)) else {
        return false;
    };
    let difference = left - right;
    match order {
        Order::Equal => within(&difference, &slack),
        Order::AtMost | Order::Less => difference < slack,
        Order::AtLeast | Order::More => -difference < slack,
        Order::NotEqual => true,
    }
}

/// Half a unit of the last decimal for every rounded figure; `false` for anything but a sum.
fn room(world: &World<'_>, site: &Site, ex: &Ex, slack: &mut Q) -> bool {
    match ex {
        Ex::Number(_) => true,
        Ex::Name(name) => {
            let names = cells(world, site, name, false).unwrap_or_default();
            names
                .into_iter()
                .for_each(|at| *slack += of_cell(world, at));
            true
        }
        Ex::Op('+' | '-', left, right) => {
            room(world, site, left, slack) && room(world, site, right, slack)
        }
        Ex::Call(Fun::Sum, arguments) => {
            for argument in arguments {
                let Ex::Name(name) = argument else {
                    return false;
                };
                let names = cells(world, site, name, true).unwrap_or_default();
                names
                    .into_iter()
                    .for_each(|at| *slack += of_cell(world, at));
            }
            true
        }
        _ => false,
    }
}

fn of_cell(world: &World<'_>, at: At) -> Q {
    let row = match at.row {
        RowAt::Row(row) => row,
        RowAt::Total => 0,
    };
    let field = world.campaign.forms[at.form].field(row, at.column);
    let there = matches!(world.cell(at), State::Value(_));
    match field.filter(|_| there).map(|field| field.kind) {
        Some(Type::Amount {
            decimals,
            rounded: true,
        }) => exact::scaled(1, *decimals) / exact::whole(2),
        _ => exact::whole(0),
    }
}

/// By how much a total may differ from the sum of so many rows; `None` if the figures are exact.
pub fn total_slack(kind: &Type, rows: usize) -> Option<Q> {
    let Type::Amount {
        decimals,
        rounded: true,
    } = kind
    else {
        return None;
    };
    let parts = i64::try_from(rows).unwrap_or(0) + 1;
    Some(exact::scaled(parts, *decimals) / exact::whole(2))
}

/// Is a difference smaller than the room there is?
pub fn within(difference: &Q, slack: &Q) -> bool {
    difference < slack && &-difference < slack
}
