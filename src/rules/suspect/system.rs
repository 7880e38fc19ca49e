//! The system of all evaluated rules of one unit, as linear sums over typed cells: which checks
//! depend on a cell, and whether they hold with a changed figure.
//!
//! A computed cell that agrees with its parts is replaced by the sum of its parts, because whoever
//! corrects a part corrects it too, by formula or by hand. So a total that is wrong because of one
//! part leads to the part.

use std::collections::{BTreeMap, BTreeSet};

use crate::extract::CellState;
use crate::model::{Allowance, Number, Severity};
use crate::rules::equation::Equation;
use crate::rules::instance::{Instance, Verdict, collect};
use crate::rules::ratio::{self, RatioAt};
use crate::rules::scope::{CellRef, RowRef, UnitTables, distinct};
use crate::rules::words::explain;
use crate::schema::expression::{Comparison, Expr};

/// A rule at a place, with its outcome.
struct Read<'a> {
    /// Index of the instance.
    key: usize,
    instance: &'a Instance,
    failed: bool,
    sum: Option<Equation>,
}

/// One thing that holds or fails.
pub(super) struct SystemRule<'a> {
    /// Index of the instance.
    pub(super) key: usize,
    pub(super) instance: &'a Instance,
    pub(super) failed: bool,
    /// Is it a hard edit, which every explanation must satisfy? Soft edits need not hold.
    pub(super) hard: bool,
    /// Left minus right over typed cells, if it is an equality of exact figures and nothing else.
    pub(super) sum: Option<TypedSum>,
    /// Typed cells it depends on.
    pub(super) cells: BTreeSet<CellRef>,
    /// A computed ratio or quotient that agrees with its parts: computed anew when they change.
    pub(super) computes: Option<CellRef>,
    /// Cells that are read to evaluate it.
    pub(super) reads: usize,
}

/// A sum over typed cells and its value with their present figures.
pub(super) struct TypedSum {
    pub(super) over: Equation,
    pub(super) value: Number,
}

/// The figures behind cells that are blank or unreadable, as formulas that read them took them.
type Implied = BTreeMap<CellRef, Number>;

pub(super) struct System<'a> {
    pub(super) unit: &'a UnitTables<'a>,
    pub(super) allowance: &'a Allowance<'a>,
    pub(super) checks: Vec<SystemRule<'a>>,
    /// Computed cells as sums over typed ones.
    pub(super) follows: BTreeMap<CellRef, TypedSum>,
    /// The computed cells that depend on a typed cell.
    pub(super) followers: BTreeMap<CellRef, Vec<CellRef>>,
    /// The checks that depend on a typed cell.
    pub(super) touching: BTreeMap<CellRef, Vec<usize>>,
    implied: Implied,
    /// What control totals confirm: sums that no change may move.
    pub(super) confirmed: Vec<TypedSum>,
    /// Formulas that show nothing, as sums over the cells they are computed from.
    pub(super) unshown: Vec<(CellRef, Equation)>,
}

/// A typed cell and the figure to try in it.
pub(super) type CellChange = (CellRef, Number);

impl<'a> System<'a> {
    /// Everything that was evaluated on a unit's tables and has a verdict.
    pub(super) fn new(
        unit: &'a UnitTables<'a>,
        allowance: &'a Allowance<'a>,
        rules: impl Iterator<Item = (&'a Instance, &'a Verdict)>,
    ) -> System<'a> {
        let answered = |verdict: &Verdict| matches!(verdict, Verdict::Pass | Verdict::Fail);
        let (mut read, mut silent) = (Vec::new(), Vec::new());
        for (index, (instance, verdict)) in rules.enumerate() {
            if answered(verdict) {
                read.push(Read {
                    key: index,
                    instance,
                    failed: *verdict == Verdict::Fail,
                    sum: exact_sum(instance, unit),
                });
            } else if matches!(verdict, Verdict::Missing(_)) && is_hard(instance) {
                silent.push(instance);
            }
        }
        let mut system = System {
            unit,
            allowance,
            checks: Vec::new(),
            follows: BTreeMap::new(),
            followers: BTreeMap::new(),
            touching: BTreeMap::new(),
            implied: Implied::new(),
            confirmed: Vec::new(),
            unshown: silent.iter().filter_map(|i| unshown(unit, i)).collect(),
        };
        system.find_followers(&read, &silent);
        for read in read {
            system.add(read);
        }
        system
    }

    /// Lets no change move the sum of these cells.
    pub(super) fn confirm(&mut self, cells: &[CellRef]) {
        let mut sum = Some(Equation::default());
        for at in cells {
            sum = sum.and_then(|mut sum| {
                sum.add(&Equation::cell(*at), Number::ONE)?;
                Some(sum)
            });
        }
        let typed = sum.and_then(|sum| self.over_typed(&sum));
        self.confirmed.extend(typed.and_then(|over| self.sum(over)));
    }

    /// Is there still allowance for the search?
    pub(super) fn goes_on(&self) -> bool {
        !self.allowance.is_spent() && !self.allowance.is_late()
    }

    /// The figure of a cell; of a blank or unreadable one, what formulas took it for.
    pub(super) fn figure(&self, at: CellRef) -> Option<Number> {
        self.unit
            .figure(at)
            .or_else(|| self.implied.get(&at).copied())
    }

    /// Is the cell blank or unreadable, and so wrong without any rule?
    pub(super) fn is_open(&self, at: CellRef) -> bool {
        self.unit.is_open(at)
    }

    /// Do other computed cells agree with this one, typed by hand?
    pub(super) fn is_added_up_by_hand(&self, at: CellRef) -> bool {
        let followers = self.followers.get(&at).into_iter().flatten();
        followers
            .into_iter()
            .any(|other| !self.unit.is_formula(*other))
    }

    fn sum(&self, over: Equation) -> Option<TypedSum> {
        let value = over.value(|at| self.figure(at))?;
        Some(TypedSum { over, value })
    }

    fn find_followers(&mut self, rules: &[Read<'_>], silent: &[&Instance]) {
        let mut definitions: BTreeMap<CellRef, Equation> = BTreeMap::new();
        let kept = |total: bool| {
            let rules = rules.iter().filter(|read| !read.failed);
            rules.filter(move |read| read.instance.rule.is_total() == total)
        };
        for read in kept(true).chain(kept(false)) {
            let Some((at, sum)) = defined(self.unit, read.instance).zip(read.sum.as_ref()) else {
                continue;
            };
            // A figure stored as text follows nothing.
            if let Some(parts) = solved_for(sum, at).filter(|_| !self.unit.is_text(at)) {
                definitions.entry(at).or_insert(parts);
            }
        }
        for instance in silent {
            if let Some((at, sum, open, figure)) = formula_over_open(self.unit, instance)
                && let Some(parts) = solved_for(&sum, at)
                && *self.implied.entry(open).or_insert(figure) == figure
            {
                definitions.entry(at).or_insert(parts);
            }
        }
        let mut expanded = BTreeMap::new();
        for at in definitions.keys() {
            expand(*at, &definitions, &mut expanded, &mut Vec::new());
        }
        for (at, over) in expanded {
            let Some(sum) = self.sum(over) else {
                continue;
            };
            for typed in sum.over.terms.keys() {
                self.followers.entry(*typed).or_default().push(at);
            }
            self.follows.insert(at, sum);
        }
    }

    fn add(&mut self, rule: Read<'a>) {
        let sum = rule
            .sum
            .and_then(|sum| self.over_typed(&sum))
            .and_then(|over| self.sum(over));
        let read = cells(rule.instance, self.unit);
        let reads = if sum.is_some() { 0 } else { read.len() };
        let cells: BTreeSet<CellRef> = match &sum {
            Some(sum) => sum.over.terms.keys().copied().collect(),
            None => read.iter().flat_map(|at| self.typed_behind(*at)).collect(),
        };
        for at in &cells {
            self.touching
                .entry(*at)
                .or_default()
                .push(self.checks.len());
        }
        let ratio = |of: RatioAt<'_>| {
            // A formula follows, whether or not the form asks for one.
            let computed = self.unit.field(of.at).is_some_and(|of| of.computed);
            (computed || self.unit.is_formula(of.at)).then_some(of.at)
        };
        let computes = match ratio::of(rule.instance, self.unit) {
            _ if rule.failed || sum.is_some() => None,
            Some(of) => ratio(of),
            None => defined(self.unit, rule.instance),
        };
        self.checks.push(SystemRule {
            computes,
            key: rule.key,
            instance: rule.instance,
            failed: rule.failed,
            hard: is_hard(rule.instance),
            sum,
            cells,
            reads,
        });
    }

    /// The typed cells behind a cell: itself, or the parts of what is computed.
    pub(super) fn typed_behind(&self, at: CellRef) -> Vec<CellRef> {
        match self.follows.get(&at) {
            Some(parts) => parts.over.terms.keys().copied().collect(),
            None => vec![at],
        }
    }

    fn over_typed(&self, sum: &Equation) -> Option<Equation> {
        let mut typed = Equation {
            constant: sum.constant,
            ..Equation::default()
        };
        for (at, coefficient) in &sum.terms {
            match self.follows.get(at) {
                Some(parts) => typed.add(&parts.over, *coefficient)?,
                None => typed.add(&Equation::cell(*at), *coefficient)?,
            }
        }
        Some(typed)
    }
}

/// Every cell that a rule reads, that of its condition included.
fn cells(instance: &Instance, unit: &UnitTables<'_>) -> Vec<CellRef> {
    let scope = instance.scope(unit, &[]);
    let condition = instance
        .rule
        .when
        .iter()
        .flat_map(|when| collect(when, &scope));
    distinct(instance.cells.iter().copied().chain(condition))
}

fn is_hard(instance: &Instance) -> bool {
    instance.rule.severity == Severity::Error && !instance.rule.beta
}

/// A formula cell that a rule says how to compute, where one cell it reads is blank or unreadable:
/// the cell, the rule's sum, the open cell and what the formula took it for. A formula takes a
/// blank for 0.
fn formula_over_open(
    unit: &UnitTables<'_>,
    instance: &Instance,
) -> Option<(CellRef, Equation, CellRef, Number)> {
    let at = defined(unit, instance).filter(|at| unit.is_formula(*at))?;
    let exact = unit.field(at).is_some_and(|field| !field.rounded);
    let sum = Equation::of(instance, unit).filter(|_| exact && instance.rule.when.is_none())?;
    // A blank that is allowed counts for nothing.
    let mut unknown = sum.terms.iter().filter(|(at, _)| unit.is_open(**at));
    let (open, coefficient) = unknown.next()?;
    if unknown.next().is_some() {
        return None;
    }
    let figure = (-sum.value(|at| unit.figure(at))?).checked_div(*coefficient)?;
    let blank = matches!(
        unit.cell(*open).map(|cell| &cell.state),
        Some(CellState::Blank)
    );
    let (open, figure) = (*open, figure.normalize());
    if shows_nothing(unit, at) && !figure.is_zero() {
        return None;
    }
    (!blank || figure.is_zero()).then_some((at, sum, open, figure))
}

/// Does a formula cell look empty? Where a blank counts as 0, it reads as that.
fn shows_nothing(unit: &UnitTables<'_>, at: CellRef) -> bool {
    unit.is_formula(at) && unit.figure(at).is_none_or(|figure| figure.is_zero())
}

/// A formula cell without a result, and the sum that a rule says it is.
fn unshown(unit: &UnitTables<'_>, instance: &Instance) -> Option<(CellRef, Equation)> {
    let at = defined(unit, instance).filter(|at| shows_nothing(unit, *at))?;
    let sum = Equation::of(instance, unit).filter(|_| instance.rule.when.is_none())?;
    Some((at, solved_for(&sum, at)?))
}

/// The sum behind an unconditional equality over exact figures. Its value must be what the
/// evaluator says, or it is not used.
fn exact_sum(instance: &Instance, unit: &UnitTables<'_>) -> Option<Equation> {
    if instance.rule.when.is_some() || explain::slack(instance, unit).is_some() {
        return None;
    }
    let sum = Equation::of(instance, unit)?;
    let (left, right) = explain::sides(instance, unit)?;
    (sum.value(|at| unit.figure(at))? == left.checked_sub(right)?).then_some(sum)
}

/// The computed cell that a rule says how to compute.
pub(super) fn defined(unit: &UnitTables<'_>, instance: &Instance) -> Option<CellRef> {
    let (left, Comparison::Equal, right) = instance.rule.check.comparison()? else {
        return None;
    };
    let scope = instance.scope(unit, &[]);
    let own = |side: &Expr| match scope.cells(side.as_name()?, false).as_slice() {
        [one] if one.table == instance.table => Some(*one),
        _ => None,
    };
    let computed = |at: &CellRef| {
        at.row == RowRef::Total || unit.field(*at).is_some_and(|field| field.computed)
    };
    own(left)
        .filter(computed)
        .or_else(|| own(right).filter(computed))
}

/// The equation with one cell alone on the other side: what the cell is the sum of.
fn solved_for(sum: &Equation, at: CellRef) -> Option<Equation> {
    let coefficient = *sum.terms.get(&at)?;
    if coefficient.abs() != Number::ONE {
        return None;
    }
    let mut parts = Equation::default();
    parts.add(sum, -coefficient)?;
    parts.terms.remove(&at);
    Some(parts)
}

/// A computed cell over typed cells. Cells that compute one another in a circle count as typed.
fn expand(
    at: CellRef,
    definitions: &BTreeMap<CellRef, Equation>,
    done: &mut BTreeMap<CellRef, Equation>,
    path: &mut Vec<CellRef>,
) -> Option<Equation> {
    if let Some(sum) = done.get(&at) {
        return Some(sum.clone());
    }
    let parts = definitions.get(&at)?;
    if path.contains(&at) {
        return None;
    }
    path.push(at);
    let sum = over(parts, definitions, done, path);
    path.pop();
    done.insert(at, sum.clone()?);
    sum
}

fn over(
    parts: &Equation,
    definitions: &BTreeMap<CellRef, Equation>,
    done: &mut BTreeMap<CellRef, Equation>,
    path: &mut Vec<CellRef>,
) -> Option<Equation> {
    let mut sum = Equation {
        constant: parts.constant,
        ..Equation::default()
    };
    for (part, coefficient) in &parts.terms {
        let expanded = match definitions.contains_key(part) {
            true => expand(*part, definitions, done, path)?,
            false => Equation::cell(*part),
        };
        sum.add(&expanded, *coefficient)?;
    }
    Some(sum)
}
