//! Error localisation after Fellegi and Holt (1976): the smallest sets of cells that can be changed
//! so that all rules hold, the likeliest first. A change that one typing slip explains is likelier
//! than one that only fits (as in `correct_typos` of R's package deductive), and a cell computed by
//! hand is likelier to be wrong than a counted one. The search is exact over the cells involved.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::columns;
use super::evidence;
use super::explanation::{ChangeSet, Group, MOST};
use super::figures;
use super::odds;
use super::open;
use super::rows;
use super::slip::{Slip, UNEXPLAINED};
use super::system::{CellChange, System};
use super::texts;
use super::together;
use super::trial::Trial;
use crate::model::Number;
use crate::rules::scope::{CellRef, RowRef};
use crate::schema::FieldType;

/// Most cells changed together; three mistakes that hang together are found, four are not looked
/// for.
const MOST_CELLS: usize = 3;

/// Most failed checks that are looked at together. Where more hang together a table is shifted or
/// wrong all over, and each check is explained by itself.
const MOST_TOGETHER: usize = 40;

/// Most figures tried for one group of failed checks.
const MOST_TRIES: usize = 20_000;

/// Most figures tried yet once two mistakes are found that explain a group.
const MORE_TRIES: usize = 2_000;

/// The cost of a changed cell before the likelihood of the change is added.
const CELL: u32 = 10;
/// A cell that is blank or unreadable has to change whatever the rules say.
const OPEN: u32 = 1;
/// Two cells at once are rarer than one.
const TWO_CELLS: u32 = 2;
/// A computed cell that somebody computed by hand is trusted less.
const COMPUTED: u32 = 8;
/// A tick box has only one other state, so a change of it is cheap; where changing any one of
/// several boxes would do, none of them is likely.
const FLAG: u32 = 3;
const ONE_FLAG_OF_SEVERAL: u32 = 6;

/// How much dearer than the likeliest an explanation may be to be looked at beside it; [`MOST`] are
/// in any case.
const MARGIN: u32 = 4;

/// Puts all failed checks into groups. Those that the allowance does not reach are groups without
/// an explanation.
pub(super) fn groups(system: &System<'_>) -> Vec<Group> {
    let failed = |hard: bool| -> Vec<usize> {
        let checks = system.checks.iter().enumerate();
        let failed = checks.filter(move |(_, check)| check.failed && check.hard == hard);
        failed.map(|(index, _)| index).collect()
    };
    let mut hard = failed(true);
    let mut groups = texts::left_out(system, &mut hard);
    groups.extend(open::left_out(system, &mut hard));
    groups.extend(rows::left_out(system, &mut hard));
    groups.extend(columns::exchanged(system, &mut hard));
    for together in connected(system, &hard) {
        if together.len() <= MOST_TOGETHER {
            explain(system, together, &mut groups);
        } else {
            for index in together {
                explain(system, vec![index], &mut groups);
            }
        }
    }
    together::join(system, &mut groups);
    // A failed soft edit that holds once a mistake is mended is a consequence of that mistake.
    for index in failed(false) {
        let gone = |group: &&mut Group| {
            let best = group.explanations.first();
            best.is_some_and(|best| best.mended.contains(&index))
        };
        match groups.iter_mut().find(gone) {
            Some(group) => group.failed.push(index),
            None => explain(system, vec![index], &mut groups),
        }
    }
    groups
}

/// Failed checks that share a typed cell, directly or through others.
fn connected(system: &System<'_>, failed: &[usize]) -> Vec<Vec<usize>> {
    let mut parts: Vec<(BTreeSet<CellRef>, Vec<usize>)> = Vec::new();
    for index in failed {
        let mut cells = system.checks[*index].cells.clone();
        let mut members = vec![*index];
        let (joined, apart): (Vec<_>, Vec<_>) = parts
            .into_iter()
            .partition(|(others, _)| !others.is_disjoint(&cells));
        for (others, indices) in joined {
            cells.extend(others);
            members.extend(indices);
        }
        parts = apart;
        members.sort_unstable();
        parts.push((cells, members));
    }
    parts.into_iter().map(|(_, members)| members).collect()
}

/// Explains failed checks together, then what that leaves unexplained, until nothing is left. Each
/// pass leaves fewer checks than it was given.
fn explain(system: &System<'_>, failed: Vec<usize>, groups: &mut Vec<Group>) {
    let mut waiting = vec![failed];
    while let Some(failed) = waiting.pop() {
        let rest = explain_some(system, failed, groups);
        waiting.extend(connected(system, &rest).into_iter().rev());
    }
}

/// Adds the group of the checks that the likeliest changes mend; the others are returned.
fn explain_some(system: &System<'_>, failed: Vec<usize>, groups: &mut Vec<Group>) -> Vec<usize> {
    let mut search = Search {
        system,
        failed: &failed,
        size: 1,
        tries: 0,
        most: MOST_TRIES,
        found: Vec::new(),
        partial: Vec::new(),
    };
    for size in 1..=MOST_CELLS {
        search.size = size;
        if size == 2 {
            search.pairs();
        }
        search.extend(&[], size);
        if size == 1 {
            search.swaps();
        }
        if !search.found.is_empty() || search.is_over() {
            break;
        }
    }
    let mut explanations = search.found;
    if explanations.is_empty() {
        // No single explanation covers all: the change that mends most without breaking anything is
        // reported first, and the rest is examined again. Only checks of this group count as
        // mended, because mending others would not make the group smaller and the recursion might
        // not end.
        let own = |e: &ChangeSet| e.mended.iter().filter(|i| failed.contains(i)).count();
        let mut partial = search.partial;
        partial.sort_by_key(|e| (Reverse(own(e)), e.cost));
        let most = partial.first().map_or(0, own);
        partial.retain(|e| own(e) == most);
        explanations = partial;
    }
    // A doubt whose rules name no figure is a question about its cell, and no other is suspected.
    let hard = |e: &ChangeSet| e.mended.iter().any(|index| system.checks[*index].hard);
    explanations.retain(|e| e.determined || hard(e));
    weigh(system, &mut explanations);
    let mended: Vec<usize> = match explanations.first() {
        Some(best) => best.mended.clone(),
        None => failed.clone(),
    };
    let (mended, rest): (Vec<usize>, Vec<usize>) =
        failed.iter().partition(|index| mended.contains(index));
    explanations.retain(|other| mended.iter().all(|index| other.mended.contains(index)));
    groups.push(Group {
        failed: mended,
        explanations,
    });
    rest
}

/// Sorts explanations by how likely they are; of those that are far less so than the first, only as
/// many are kept as are reported.
fn weigh(system: &System<'_>, explanations: &mut Vec<ChangeSet>) {
    let ticks = |e: &ChangeSet| match e.changes.as_slice() {
        [((at, _), slip)] => slip.is_none() && system.unit.is_flag(*at),
        _ => false,
    };
    if explanations.iter().filter(|e| ticks(e)).count() > 1 {
        for explanation in explanations.iter_mut().filter(|e| ticks(e)) {
            explanation.cost += ONE_FLAG_OF_SEVERAL;
        }
    }
    let order = |e: &ChangeSet| (e.likelihood(), Reverse(e.odds), e.changes[0].0);
    explanations.sort_by_key(order);
    let least = explanations.first().map_or(0, |best| best.cost);
    let likely = explanations.partition_point(|other| other.cost <= least + MARGIN);
    explanations.truncate(likely.max(MOST));
    drop_equal_items(system, explanations, least);
}

/// Of equal items in one sum none is likelier than another: that one of them should be another figure
/// is no advice where something likelier is known.
fn drop_equal_items(system: &System<'_>, explanations: &mut Vec<ChangeSet>, least: u32) {
    let item = |e: &ChangeSet| match e.changes.as_slice() {
        // A box that is not ticked is no item of an amount.
        [((at, meant), _)] if e.cost > least && !system.unit.is_flag(*at) => {
            Some((system.figure(*at), *meant, at.column))
        }
        _ => None,
    };
    let items: Vec<_> = explanations.iter().filter_map(item).collect();
    let is_one_of_several = |e: &ChangeSet| {
        let own = item(e);
        own.is_some_and(|own| items.iter().filter(|other| **other == own).count() > 1)
    };
    explanations.retain(|e| !is_one_of_several(e));
}

struct Search<'a> {
    system: &'a System<'a>,
    failed: &'a [usize],
    /// How many cells are changed together at present.
    size: usize,
    tries: usize,
    /// After how many tries to stop.
    most: usize,
    /// Everything holds after these.
    found: Vec<ChangeSet>,
    /// Single changes that mend something and break nothing.
    partial: Vec<ChangeSet>,
}

impl Search<'_> {
    /// Has this search, or the unit's as a whole, gone on for as long as it may?
    fn is_over(&self) -> bool {
        self.tries >= self.most || !self.system.goes_on()
    }

    /// Tries `more` further changes besides those made.
    fn extend(&mut self, changes: &[CellChange], more: usize) {
        for index in self.open(changes) {
            for at in self.cells(index, changes) {
                let alone = self.size == 1;
                for figure in figures::to_try(self.system, index, at, changes, alone) {
                    if self.is_over() {
                        return;
                    }
                    let mut changes = changes.to_vec();
                    changes.push((at, figure));
                    self.attempt(&changes, more - 1);
                }
            }
            // Whatever is chosen must mend the check with the fewest cells; only where changes
            // build on each other does it matter with which one begins.
            if more == 1 {
                break;
            }
        }
    }

    /// Checks to be mended yet, those with the fewest cells first.
    fn open(&self, changes: &[CellChange]) -> Vec<usize> {
        let mut open = match changes {
            [] => self.failed.to_vec(),
            _ => match self.system.attempt(changes, self.failed) {
                Some(trial) => trial.open,
                None => Vec::new(),
            },
        };
        open.sort_by_key(|index| (self.system.checks[*index].cells.len(), *index));
        open
    }

    /// Cells that might mend a check, those in most failed checks first.
    fn cells(&self, index: usize, changes: &[CellChange]) -> Vec<CellRef> {
        let cells = self.system.checks[index].cells.iter().copied();
        let mut cells: Vec<CellRef> = cells
            .filter(|at| changes.iter().all(|(changed, _)| changed != at))
            .collect();
        let checks = &self.system.checks;
        cells.sort_by_key(|at| {
            let failing = self
                .failed
                .iter()
                .filter(|i| checks[**i].cells.contains(at));
            Reverse(failing.count())
        });
        cells
    }

    fn attempt(&mut self, changes: &[CellChange], more: usize) {
        self.tries += 1;
        let Some(trial) = self.system.attempt(changes, self.failed) else {
            return;
        };
        if trial.open.is_empty() {
            let explanation = self.explanation(changes, trial);
            let cells = |e: &ChangeSet| -> BTreeSet<CellChange> {
                e.changes.iter().map(|(change, _)| *change).collect()
            };
            if !self.found.iter().any(|e| cells(e) == cells(&explanation)) {
                self.found.push(explanation);
            }
            return;
        }
        let progress = trial.mended.iter().any(|index| self.failed.contains(index));
        if changes.len() == 1 && !trial.breaks && progress {
            let explanation = self.explanation(changes, trial);
            let same = |e: &ChangeSet| e.changes[0].0 == changes[0];
            if !self.partial.iter().any(same) {
                self.partial.push(explanation);
            }
        }
        if more > 0 {
            self.extend(changes, more);
        }
    }

    fn explanation(&self, changes: &[CellChange], trial: Trial) -> ChangeSet {
        let mut points = 0;
        let slips: Vec<(CellChange, Option<Slip>, u32)> = changes
            .iter()
            .map(|(at, figure)| {
                let (slip, cost, odds) = self.likely(*at, *figure);
                points += odds;
                ((*at, *figure), slip, cost)
            })
            .collect();
        let determined = figures::are_determined(self.system, changes, &trial.mended);
        // Thousands of times more lets every lower bound hold: that says nothing.
        let cost = |(_, slip, cost): &(CellChange, Option<Slip>, u32)| match slip {
            Some(Slip::Zeros(zeros)) if !determined && zeros.abs() >= 3 => CELL + UNEXPLAINED,
            _ => *cost,
        };
        ChangeSet {
            determined,
            by_hand: self.system.moves_typed(changes),
            cost: slips.iter().map(cost).sum(),
            odds: points,
            changes: slips.into_iter().map(|(c, slip, _)| (c, slip)).collect(),
            mended: trial.mended,
        }
    }

    /// Single changes that break nothing and together mend everything: two mistakes that happen to
    /// share a cell of a sum. Where they are found, little more is looked for.
    fn pairs(&mut self) {
        for index in self.open(&[]) {
            for at in self.cells(index, &[]) {
                for figure in figures::to_try(self.system, index, at, &[], true) {
                    if !self.is_over() {
                        self.attempt(&[(at, figure)], 0);
                    }
                }
            }
        }
        let single = |e: &ChangeSet| (e.changes[0].0, e.mended.clone());
        let singles: Vec<(CellChange, Vec<usize>)> = self.partial.iter().map(single).collect();
        for (i, (first, own)) in singles.iter().enumerate() {
            let rest = self.failed.iter().filter(|index| !own.contains(index));
            let rest: Vec<usize> = rest.copied().collect();
            for (second, mended) in &singles[i + 1..] {
                let covers = rest.iter().all(|index| mended.contains(index));
                if covers && first.0 != second.0 && !self.is_over() {
                    self.attempt(&[*first, *second], 0);
                }
            }
        }
        if !self.found.is_empty() {
            self.most = self.most.min(self.tries + MORE_TRIES);
        }
    }

    /// The likeliest slip behind a change, what the change costs, and what else speaks for it.
    fn likely(&self, at: CellRef, figure: Number) -> (Option<Slip>, u32, i32) {
        let unit = self.system.unit;
        let computed = self.is_computed(at);
        // What was added up from it by hand would have to change, too.
        let cell = match (computed, self.system.is_added_up_by_hand(at)) {
            (true, false) => COMPUTED,
            (true, true) => CELL + TWO_CELLS,
            (false, _) => CELL,
        };
        if unit.is_flag(at) {
            return match evidence::turned(unit, at) {
                Some(slip) => (Some(slip), cell + slip.cost(Number::ONE, Number::ZERO), 0),
                None => (None, cell + FLAG, 0),
            };
        }
        let found = self.system.figure(at);
        // Something is wrong with it in any case.
        if self.system.is_open(at) {
            return (found.and_then(|found| Slip::of(found, figure)), OPEN, 0);
        }
        let Some(found) = found else {
            return (None, cell + UNEXPLAINED, 0);
        };
        let percent = unit.field(at).is_some_and(|f| f.kind == FieldType::Percent);
        let complement = percent && found.checked_add(figure) == Some(Number::ONE_HUNDRED);
        let slips: Vec<Slip> = evidence::copied(unit, at, found)
            .into_iter()
            .chain(Slip::of(found, figure))
            .chain(complement.then_some(Slip::Complement))
            .chain(rows::slip(self.system, at, found, figure))
            .collect();
        let odds = odds::of(unit, at, found, figure, &slips);
        let best = slips
            .into_iter()
            .map(|slip| (slip.cost(found, figure), slip))
            .min_by_key(|(cost, _)| *cost)
            .filter(|(cost, _)| *cost < UNEXPLAINED);
        match best {
            Some((cost, slip)) => (Some(slip), cell + cost, odds),
            None => (None, cell + UNEXPLAINED, odds),
        }
    }

    /// Does the form compute the cell from others?
    fn is_computed(&self, at: CellRef) -> bool {
        let field = self.system.unit.field(at);
        at.row == RowRef::Total || field.is_some_and(|field| field.computed)
    }

    /// Neighbouring cells that hold each other's figures: one mistake in two cells.
    fn swaps(&mut self) {
        let cells: BTreeSet<CellRef> = self
            .failed
            .iter()
            .flat_map(|index| self.system.checks[*index].cells.iter().copied())
            .collect();
        let unit = self.system.unit;
        for at in &cells {
            for (beside, _) in evidence::beside(unit, *at) {
                let (Some(here), Some(there)) = (unit.figure(*at), unit.figure(beside)) else {
                    continue;
                };
                let told = cells.contains(&beside) && beside < *at;
                // A computed cell that agrees with its parts would no longer.
                let agrees = self.system.follows.contains_key(&beside);
                if here == there || told || agrees || self.is_over() {
                    continue;
                }
                self.tries += 1;
                let changes = [(*at, there), (beside, here)];
                let trial = self.system.attempt(&changes, self.failed);
                let Some(trial) = trial.filter(|trial| trial.open.is_empty()) else {
                    continue;
                };
                let says = |index: &usize| {
                    [*at, beside]
                        .iter()
                        .any(|at| figures::says(self.system, *index, *at))
                };
                let determined = trial.mended.iter().any(says);
                // Where bounds fail that read only one of the cells, any other figure would do.
                let reads_both = |index: &usize| {
                    let cells = &self.system.checks[*index].cells;
                    cells.contains(at) && cells.contains(&beside)
                };
                if !determined && !trial.mended.iter().all(reads_both) {
                    continue;
                }
                let place = |at: CellRef| unit.cell(at).and_then(|cell| cell.address);
                let slip = |other: CellRef| place(other).map(Slip::Swapped);
                let slips = [slip(beside), slip(*at)];
                let chance = slips[0].map_or(UNEXPLAINED, |slip| slip.cost(here, there));
                let both_computed = [*at, beside].iter().all(|at| self.is_computed(*at));
                let cell = if both_computed { COMPUTED } else { CELL };
                self.found.push(ChangeSet {
                    by_hand: self.system.moves_typed(&changes),
                    changes: changes.into_iter().zip(slips).collect(),
                    cost: cell + TWO_CELLS + chance,
                    odds: 0,
                    mended: trial.mended,
                    determined,
                });
            }
        }
    }
}
