//! What the rules determine about a mistake, found without the engine under test: by trying.
//!
//! A mistake is *seen* if a hard rule fails, or a cell cannot be read. It is *determined* if the
//! wrong cells are the only smallest set of typed cells whose change lets every hard rule hold
//! again. Sets of one and of two cells are tried, all of them.

use tonghop::extract::{CellState, Table};
use tonghop::model::{Finding, Number, Severity, Value};
use tonghop::rules::PreviousFigures;
use tonghop::rules::scope::CellRef;

use super::bench::{Bench, Column};
use super::book::{Change, Typed, Variant};

/// Why no hard rule can see a mistake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blind {
    /// No hard rule reads the cell.
    Unread,
    /// The rules that read it hold with the wrong figure, too.
    Holds,
    /// They would fail, but formulas follow the mistake.
    Followed,
}

/// What the rules determine.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Told {
    /// Nothing.
    Unseen(Blind),
    /// The wrong cells are the only smallest set that mends everything.
    Determined,
    /// So many other sets of as many cells mend everything, too.
    Ambiguous(usize),
    /// Fewer cells than are wrong mend everything.
    Fewer,
    /// More than two cells: not tried.
    Untried,
}

/// What was found out about a case.
pub struct Judged {
    pub told: Told,
    /// The planted cells that have to be put right for all rules to hold.
    pub needed: Vec<CellRef>,
    /// Is the right figure the only one the rules allow in the one cell needed?
    pub pinned: bool,
}

/// Judges a case. `tables` and `reading`: what the product read of the workbook with the mistake.
pub fn judge(
    variant: &Variant,
    unit: &str,
    previous: Option<&PreviousFigures>,
    tables: Vec<Table>,
    reading: &[Finding],
    changes: &[Change],
) -> Judged {
    let mut bench = Bench::new(unit, previous, tables, &variant.formulas);
    let unreadable = unreadable(variant, reading, &bench);
    for at in &unreadable {
        bench.put(*at, &CellState::Value(Value::Number(Number::ZERO)));
    }
    if bench.holds() && unreadable.is_empty() {
        let blind = blind(&mut bench, variant, changes);
        return Judged {
            told: Told::Unseen(blind),
            needed: Vec::new(),
            pinned: false,
        };
    }
    let needed = needed(&mut bench, variant, &unreadable, changes);
    let pinned = match needed.as_slice() {
        [one] => pinned(&mut bench, variant, *one),
        _ => false,
    };
    let told = if unreadable.len() > 1 && unreadable.len() == needed.len() {
        Told::Determined
    } else {
        tell(&mut bench, &unreadable, &needed)
    };
    Judged {
        told,
        needed,
        pinned,
    }
}

/// Typed cells that cannot be read, or are blank where a figure is due. Only they themselves can
/// mend that.
fn unreadable(variant: &Variant, reading: &[Finding], bench: &Bench<'_>) -> Vec<CellRef> {
    let errors: Vec<&Finding> = reading
        .iter()
        .filter(|finding| finding.severity == Severity::Error && !variant.knows(finding))
        .collect();
    if errors.is_empty() {
        return Vec::new();
    }
    let lost = |at: &CellRef| {
        matches!(
            bench.state(*at),
            Some(CellState::Blank | CellState::Unreadable)
        ) && matches!(variant.truth(*at), Typed::Number(_))
    };
    bench.typed().into_iter().filter(lost).collect()
}

fn right(variant: &Variant, at: CellRef) -> CellState {
    match variant.truth(at) {
        Typed::Number(number) => CellState::Value(Value::Number(number)),
        Typed::Flag(flag) => CellState::Value(Value::Flag(flag)),
        Typed::Blank => CellState::Blank,
    }
}

fn mended(bench: &mut Bench<'_>, variant: &Variant, cells: &[CellRef]) -> bool {
    let put: Vec<(CellRef, CellState)> =
        cells.iter().map(|at| (*at, right(variant, *at))).collect();
    bench.holds_with(&put)
}

/// The smallest part of the planted cells that, put right, mends everything.
fn needed(
    bench: &mut Bench<'_>,
    variant: &Variant,
    unreadable: &[CellRef],
    changes: &[Change],
) -> Vec<CellRef> {
    let planted: Vec<CellRef> = changes.iter().map(|change| change.at).collect();
    let with = |some: &[CellRef]| unreadable.iter().all(|at| some.contains(at));
    for at in &planted {
        if with(&[*at]) && mended(bench, variant, &[*at]) {
            return vec![*at];
        }
    }
    for (i, one) in planted.iter().enumerate() {
        for other in &planted[i + 1..] {
            let pair = [*one, *other];
            if with(&pair) && mended(bench, variant, &pair) {
                return pair.to_vec();
            }
        }
    }
    planted
}

/// Do the rules allow no other figure near the right one?
fn pinned(bench: &mut Bench<'_>, variant: &Variant, at: CellRef) -> bool {
    let Typed::Number(right) = variant.truth(at) else {
        return true;
    };
    let unit = bench.smallest_step(at);
    [right + unit, right - unit].into_iter().all(|near| {
        let put = [(at, CellState::Value(Value::Number(near)))];
        !bench.fits(at, near) || !bench.holds_with(&put)
    })
}

fn blind(bench: &mut Bench<'_>, variant: &Variant, changes: &[Change]) -> Blind {
    if changes.iter().all(|change| !bench.is_read(change.at)) {
        return Blind::Unread;
    }
    // With what formulas showed before.
    let before: Vec<(CellRef, CellState)> = variant
        .formulas
        .iter()
        .map(|formula| (formula.at, right(variant, formula.at)))
        .collect();
    match before.is_empty() || bench.holds_as_it_stands(&before) {
        true => Blind::Holds,
        false => Blind::Followed,
    }
}

/// Tries every cell, then every two cells.
fn tell(bench: &mut Bench<'_>, unreadable: &[CellRef], needed: &[CellRef]) -> Told {
    let (columns, fault) = (bench.columns(), bench.fault());
    if fault.is_none() {
        // The rules hold with a 0 in the cells that cannot be read: only these are wrong.
        return match needed == unreadable {
            true => Told::Determined,
            false => Told::Untried,
        };
    }
    let covers = |set: &[&Column]| {
        unreadable
            .iter()
            .all(|at| set.iter().any(|column| column.at == *at))
    };
    let singles: Vec<CellRef> = columns
        .iter()
        .filter(|column| covers(&[column]) && bench.mends(column, &fault))
        .map(|column| column.at)
        .collect();
    if !singles.is_empty() {
        let ours = match needed {
            [one] => usize::from(singles.contains(one)),
            _ => 0,
        };
        return of(singles.len(), ours, needed.len() == 1);
    }
    if needed.len() == 1 {
        // Putting that one cell right mends everything, so trying must have found it.
        return Told::Untried;
    }
    let mut pairs = Vec::new();
    for (i, one) in columns.iter().enumerate() {
        for other in &columns[i + 1..] {
            if covers(&[one, other]) && bench.mend_together(one, other, &fault) {
                pairs.push([one.at, other.at]);
            }
        }
    }
    if pairs.is_empty() {
        return Told::Untried;
    }
    let ours = pairs
        .iter()
        .filter(|pair| needed.iter().all(|at| pair.contains(at)));
    of(pairs.len(), ours.count(), needed.len() == 2)
}

fn of(found: usize, ours: usize, as_many: bool) -> Told {
    match (found, ours) {
        _ if !as_many => Told::Fewer,
        (1, 1) => Told::Determined,
        (_, 1) => Told::Ambiguous(found - 1),
        _ => Told::Untried,
    }
}
