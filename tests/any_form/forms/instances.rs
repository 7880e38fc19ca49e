//! Every rule of a unit's tables at every place it is evaluated, and what comes of it: what the
//! findings of the product are held against.

use std::collections::BTreeSet;

use super::additive;
use super::evaluate::{self, Lack, Place, Site, cells};
use super::exact;
use super::expression::{Ex, Fun, Name};
use super::rounding;
use super::spec::{Aggregate, Form, Policy, Ratio, Rule, Scope, Severity, Type};
use super::time::Time;
use super::world::{At, RowAt, State, World};

/// The rule every total row gets.
pub const TOTAL: &str = "tong-cong-lech";
/// The rule every percentage with operands gets.
pub const RATIO: &str = "ty-le-sai";
/// The note about a percentage rounded the other way.
pub const OTHER_ROUNDING: &str = "ty-le-lam-tron-khac";

/// A rule at a place.
#[derive(Debug, Clone)]
pub struct Instance {
    pub rule: String,
    /// What sort of rule on what sort of form, for distinguishing faults.
    pub sort: String,
    pub severity: Severity,
    pub form: usize,
    pub place: Place,
    /// Every cell of this period that it reads, the one it is about first.
    pub cells: Vec<At>,
    pub verdict: Verdict,
}

/// What comes of a rule at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    Fails,
    /// The percentage is right but rounded the other way: a note.
    OtherRounding,
    NotAsked(Lack),
}

/// All rules of a unit in a period.
pub fn all(world: &World<'_>, unit: usize, time: Time) -> Vec<Instance> {
    let campaign = world.campaign;
    let forms = (0..campaign.forms.len()).filter(|form| campaign.files(unit, *form, time));
    forms
        .flat_map(|form| of_form(world, unit, time, form))
        .collect()
}

fn of_form(world: &World<'_>, unit: usize, time: Time, form: usize) -> Vec<Instance> {
    let of = &world.campaign.forms[form];
    let rows = world.rows(unit, time, form);
    let mut lines: Vec<RowAt> = (0..rows).map(RowAt::Row).collect();
    lines.extend(of.total().map(|_| RowAt::Total));
    let mut instances = Vec::new();
    for rule in &of.rules {
        let scope = of.scope(rule);
        let places: Vec<Place> = match scope {
            Scope::EachRow => {
                let asked = |row: &&RowAt| match row {
                    RowAt::Total => additive::asks_total(of, rule),
                    RowAt::Row(row) => !of.leaves_out(rule, scope, *row),
                };
                lines
                    .iter()
                    .filter(asked)
                    .map(|row| Place::Row(*row))
                    .collect()
            }
            Scope::EachColumn => (0..of.columns.len())
                .filter(|column| !of.leaves_out(rule, scope, *column))
                .map(Place::Column)
                .collect(),
            Scope::Once => vec![Place::Once],
        };
        instances.extend(places.into_iter().map(|place| {
            let site = Site {
                unit,
                time,
                form,
                place,
            };
            written(world, of, rule, site)
        }));
    }
    let at = |row, column| At {
        unit,
        time,
        form,
        row,
        column,
    };
    for column in 0..of.columns.len() {
        if of.total().is_some() {
            instances.extend(total(world, at(RowAt::Total, column), rows));
        }
        let cells = lines.iter().map(|row| at(*row, column));
        instances.extend(cells.filter_map(|at| percentage(world, at)));
    }
    instances
}

fn kind_of(form: &Form) -> &'static str {
    if form.is_free() {
        "free rows"
    } else {
        "fixed rows"
    }
}

fn written(world: &World<'_>, form: &Form, rule: &Rule, site: Site) -> Instance {
    let mut read = Vec::new();
    collect(world, &site, &rule.check, false, &mut read);
    let on_total = site.place == Place::Row(RowAt::Total);
    Instance {
        rule: rule.id.clone(),
        sort: format!(
            "{}, {}{}",
            rule.sort,
            kind_of(form),
            if on_total { ", total row" } else { "" }
        ),
        severity: rule.severity,
        form: site.form,
        place: site.place,
        verdict: verdict(world, rule, &site, &read),
        cells: read,
    }
}

fn verdict(world: &World<'_>, rule: &Rule, site: &Site, read: &[At]) -> Verdict {
    let blank = |at: &At| !matches!(world.cell(*at), State::Value(_));
    if rule.blank == Policy::SkipAll && read.iter().all(blank) {
        return Verdict::NotAsked(Lack::Blank);
    }
    if let Some(when) = &rule.when {
        match evaluate::holds(world, site, when, rule.blank) {
            Ok(true) => {}
            Ok(false) => return Verdict::Holds,
            Err(why) => return Verdict::NotAsked(why),
        }
    }
    match evaluate::holds(world, site, &rule.check, rule.blank) {
        Ok(true) => Verdict::Holds,
        Ok(false) if rounding::explains(world, site, &rule.check, rule.blank) => Verdict::Holds,
        Ok(false) => Verdict::Fails,
        Err(why) => Verdict::NotAsked(why),
    }
}

/// The cells of this period that an expression reads.
fn collect(world: &World<'_>, site: &Site, ex: &Ex, folded: bool, found: &mut Vec<At>) {
    match ex {
        Ex::Number(_) | Ex::Word(_) => {}
        Ex::Name(name) => add(world, site, name, folded, found),
        Ex::Op(_, left, right) | Ex::Compare(_, left, right) => {
            collect(world, site, left, false, found);
            collect(world, site, right, false, found);
        }
        Ex::Call(Fun::Prev | Fun::PrevYear | Fun::Ytd, _) => {}
        Ex::Call(function, arguments) => {
            for argument in arguments {
                collect(world, site, argument, function.folds(), found);
            }
        }
    }
}

fn add(world: &World<'_>, site: &Site, name: &Name, folded: bool, found: &mut Vec<At>) {
    for at in cells(world, site, name, folded).unwrap_or_default() {
        if !found.contains(&at) && world.cell(at) != State::Absent {
            found.push(at);
        }
    }
}

/// The total row against the rows above it.
fn total(world: &World<'_>, at: At, rows: usize) -> Option<Instance> {
    let form = &world.campaign.forms[at.form];
    let field = form.field(0, at.column)?;
    if !field.kind.is_figure() || field.aggregate != Aggregate::Sum {
        return None;
    }
    let row = |row| At {
        row: RowAt::Row(row),
        ..at
    };
    let mut cells = vec![at];
    cells.extend((0..rows).map(row));
    let parts: Vec<State> = cells[1..].iter().map(|at| world.cell(*at)).collect();
    let sum = exact::sum(parts.iter().filter_map(State::number));
    let shown = world.cell(at);
    let verdict = match (shown.number(), &sum) {
        (None, None) => Verdict::NotAsked(Lack::Blank),
        (shown, sum) => {
            let zero = exact::whole(0);
            let difference = shown.unwrap_or(&zero) - sum.as_ref().unwrap_or(&zero);
            match rounding::total_slack(field.kind, parts.len()) {
                Some(slack) if rounding::within(&difference, &slack) => Verdict::Holds,
                None if difference == zero => Verdict::Holds,
                _ => Verdict::Fails,
            }
        }
    };
    Some(Instance {
        rule: TOTAL.to_owned(),
        sort: "total row".to_owned(),
        severity: Severity::Error,
        form: at.form,
        place: Place::Row(RowAt::Total),
        cells,
        verdict,
    })
}

/// A percentage against its operands.
fn percentage(world: &World<'_>, at: At) -> Option<Instance> {
    let form = &world.campaign.forms[at.form];
    let row = match at.row {
        RowAt::Row(row) => row,
        RowAt::Total => 0,
    };
    let field = form.field(row, at.column)?;
    let Type::Percent {
        decimals,
        truncate,
        ratio: Some(ratio),
    } = field.kind
    else {
        return None;
    };
    let over_rows = form.fixed().get(row).is_some_and(|row| row.kind.is_some());
    let mut cells = vec![at];
    for ex in [&ratio.numerator, &ratio.denominator] {
        let site = Site::of_expression(form, ex, at);
        collect(world, &site, ex, false, &mut cells);
    }
    Some(Instance {
        rule: RATIO.to_owned(),
        sort: format!(
            "percent {}, {}{}",
            if over_rows { "row" } else { "column" },
            kind_of(form),
            if at.row == RowAt::Total {
                ", total row"
            } else {
                ""
            }
        ),
        severity: Severity::Error,
        form: at.form,
        place: Place::Row(at.row),
        cells,
        verdict: judged(world, at, ratio, *decimals, *truncate),
    })
}

fn judged(world: &World<'_>, at: At, ratio: &Ratio, decimals: u32, truncate: bool) -> Verdict {
    let shown = world.cell(at);
    let Some(shown) = shown.number() else {
        return Verdict::NotAsked(Lack::Blank);
    };
    let form = &world.campaign.forms[at.form];
    let operand = |ex: &Ex| {
        let site = Site::of_expression(form, ex, at);
        evaluate::number(world, &site, ex, Policy::SkipAny)
    };
    let (above, below) = match (operand(&ratio.numerator), operand(&ratio.denominator)) {
        (Ok(above), Ok(below)) => (above, below),
        (Err(why), _) | (_, Err(why)) => return Verdict::NotAsked(why),
    };
    let zero = exact::whole(0);
    if below == zero {
        return match *shown == zero {
            true => Verdict::Holds,
            false => Verdict::Fails,
        };
    }
    let share = ratio.scale() * above / below;
    let (up, cut) = (
        exact::rounded(&share, decimals),
        exact::truncated(&share, decimals),
    );
    let (declared, other) = if truncate { (cut, up) } else { (up, cut) };
    match shown {
        shown if *shown == declared => Verdict::Holds,
        shown if *shown == other => Verdict::OtherRounding,
        _ => Verdict::Fails,
    }
}

/// The cells of all instances that fail, by rule.
pub fn failing(instances: &[Instance]) -> impl Iterator<Item = &Instance> {
    instances
        .iter()
        .filter(|instance| instance.verdict == Verdict::Fails)
}

/// Cells that instances share: a change in one may be reported at another.
pub fn reach(instances: &[Instance], from: At) -> BTreeSet<At> {
    let concerned = instances
        .iter()
        .filter(|instance| instance.cells.contains(&from));
    concerned
        .flat_map(|instance| instance.cells.iter().copied())
        .collect()
}
