//! Which rules on rows are evaluated on the total row: those whose comparisons have sides of the
//! same power, counted in figures that are added up.

use num_traits::Zero;

use super::expression::{Ex, Fun, Name, Path};
use super::spec::{Form, Rule, Type};

/// Is the rule evaluated on the total row, too?
pub fn asks_total(form: &Form, rule: &Rule) -> bool {
    let parts = [Some(&rule.check), rule.when.as_ref()];
    parts.into_iter().flatten().all(|ex| alike(form, ex))
}

/// The powers an expression has: none for zero, several for a sum of unlike things; `None` if it
/// cannot be said.
fn powers(form: &Form, ex: &Ex) -> Option<Vec<i32>> {
    match ex {
        Ex::Number(number) if number.is_zero() => Some(Vec::new()),
        Ex::Number(_) => Some(vec![0]),
        Ex::Name(Name {
            form: None,
            path: Path::One(id),
        }) => match form.columns[form.column(id)?].kind {
            Type::Count | Type::Amount { .. } => Some(vec![1]),
            Type::Percent { .. } => Some(vec![0]),
            _ => None,
        },
        Ex::Name(Name { form: None, .. }) => Some(vec![1]),
        Ex::Op(sign, left, right) => {
            let (left, right) = (powers(form, left)?, powers(form, right)?);
            let mut both: Vec<i32> = match sign {
                '+' | '-' => left.into_iter().chain(right).collect(),
                '*' => pairs(&left, &right, |a, b| a + b),
                _ => pairs(&left, &right, |a, b| a - b),
            };
            both.sort_unstable();
            both.dedup();
            Some(both)
        }
        Ex::Call(
            Fun::Sum
            | Fun::Abs
            | Fun::Round
            | Fun::RoundDown
            | Fun::Prev
            | Fun::PrevYear
            | Fun::Ytd,
            arguments,
        ) => powers(form, arguments.first()?),
        _ => None,
    }
}

fn pairs(left: &[i32], right: &[i32], power: fn(i32, i32) -> i32) -> Vec<i32> {
    let of = |a: &i32| right.iter().map(move |b| power(*a, *b)).collect::<Vec<_>>();
    left.iter().flat_map(of).collect()
}

fn alike(form: &Form, ex: &Ex) -> bool {
    let inner = |list: &[&Ex]| list.iter().all(|ex| alike(form, ex));
    match ex {
        Ex::Compare(_, left, right) => {
            let same = match (powers(form, left), powers(form, right)) {
                (Some(left), Some(right)) => match (left.as_slice(), right.as_slice()) {
                    ([], [] | [_]) | ([_], []) => true,
                    ([left], [right]) => left == right && *left <= 1,
                    _ => false,
                },
                _ => true,
            };
            same && inner(&[left, right])
        }
        Ex::Op(_, left, right) => inner(&[left, right]),
        Ex::Call(_, arguments) => arguments.iter().all(|ex| alike(form, ex)),
        Ex::Number(_) | Ex::Word(_) | Ex::Name(_) => true,
    }
}
