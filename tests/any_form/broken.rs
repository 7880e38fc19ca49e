//! Each rule broken once, by one figure: its finding comes at one of its cells, and no false one.

use std::collections::HashMap;

use tonghop::model::{self, Finding};

use crate::forms::exact::{self, Q};
use crate::forms::instances::{self, Instance, Verdict};
use crate::forms::seed::Rng;
use crate::forms::spec::{Severity, Type};
use crate::forms::world::{At, Follow, RowAt, State, Value, World};
use crate::product;
use crate::soft;
use crate::trial::{Failure, Round, rule_sort};

/// Notes and warnings that one unlike figure may give at its own cell, whatever rules say.
const SOFT: [&str; 3] = [
    "khac-xa-don-vi-cung-loai",
    "moi-so-deu-tan-cung-0",
    "ty-le-chua-nhan-100",
];

/// One figure changed.
struct Change {
    unit: usize,
    at: At,
    to: Q,
    follow: Follow,
    /// The rule it is meant to break.
    rule: String,
}

/// What a cell is, for distinguishing faults.
pub fn sort(world: &World<'_>, at: At) -> String {
    let form = &world.campaign.forms[at.form];
    let (row, total) = match at.row {
        RowAt::Row(row) => (row, ""),
        RowAt::Total => (0, ", total row"),
    };
    let of = if form.is_free() {
        "free rows"
    } else {
        "fixed rows"
    };
    let Some(field) = form.field(row, at.column) else {
        return format!("no cell, {of}");
    };
    let of_row = form.fixed().get(row).is_some_and(|row| row.kind.is_some());
    let kind = match field.kind {
        Type::Count => "count",
        Type::Amount { .. } => "amount",
        Type::Percent { ratio: None, .. } => "percent without operands",
        Type::Percent { .. } if of_row => "percent row",
        Type::Percent { .. } => "percent column",
        Type::Text => "text",
        Type::Choice(_) => "choice",
        Type::Flag => "flag",
        Type::Date => "date",
        Type::Code => "code",
    };
    let computed = if field.computed { "computed " } else { "" };
    format!("{computed}{kind}, {of}{total}")
}

/// How many rules of a campaign are broken in each period.
const BROKEN: usize = 2;

/// Breaks some rules, each in a file of its own.
pub fn each_rule(round: &mut Round<'_>) {
    if round.templates.is_empty() {
        return;
    }
    let seed = round.world.campaign.seed ^ u64::from(round.time.unsigned_abs());
    let mut rng = Rng::new(seed);
    let mut done: Vec<String> = Vec::new();
    for _ in 0..BROKEN {
        let index = rng.below(round.templates.len());
        let unit = round.templates[index].0;
        let all = instances::all(round.world, unit, round.time);
        let fresh = |instance: &&Instance| {
            instance.verdict == Verdict::Holds
                && !instance.cells.is_empty()
                && !done.contains(&instance.rule)
        };
        let candidates: Vec<&Instance> = all.iter().filter(fresh).collect();
        if candidates.is_empty() {
            continue;
        }
        // A rule first, so that one with many places is not broken more often than others.
        let rule = candidates[rng.below(candidates.len())].rule.clone();
        let places: Vec<&&Instance> = candidates.iter().filter(|i| i.rule == rule).collect();
        let instance = places[rng.below(places.len())];
        done.push(rule);
        let change = (0..6).find_map(|_| change(round, instance, unit, &mut rng));
        if let Some(change) = change {
            one(round, index, &change);
        }
    }
}

/// A change of one figure that breaks a rule, if the one tried does.
fn change(round: &Round<'_>, instance: &Instance, unit: usize, rng: &mut Rng) -> Option<Change> {
    let at = *rng.pick(&instance.cells);
    let shown = round.world.cell(at);
    let figure = shown.number()?;
    let form = &round.world.campaign.forms[at.form];
    let row = match at.row {
        RowAt::Row(row) => row,
        RowAt::Total => 0,
    };
    let step = match form.field(row, at.column)?.kind {
        Type::Amount { decimals, .. } | Type::Percent { decimals, .. } => {
            exact::scaled(1, *decimals)
        }
        _ => exact::whole(1),
    };
    let more = exact::whole(i64::try_from(rng.between(1, 9)).unwrap_or(1));
    let to = match rng.below(5) {
        0 => figure + &step,
        1 => figure + more * &step * exact::whole(100),
        2 => figure * exact::whole(10),
        3 if *figure > &step * exact::whole(2) => figure - &step * exact::whole(2),
        _ => figure + more * step,
    };
    // A share below 1 may be meant per hundred or not; that is reported in its own way.
    let is_share = matches!(form.field(row, at.column)?.kind, Type::Percent { .. });
    if to == *figure || (is_share && to < exact::whole(1)) {
        return None;
    }
    let follow = if rng.chance(50) {
        Follow::Live
    } else {
        Follow::Typed
    };
    let change = Change {
        unit,
        at,
        to,
        follow,
        rule: instance.rule.clone(),
    };
    let changed = round.world.changed(changes(&change), follow);
    let after = instances::all(&changed, unit, round.time);
    let broken = instances::failing(&after).any(|broken| broken.rule == change.rule);
    broken.then_some(change)
}

fn changes(change: &Change) -> HashMap<At, State> {
    let value = State::Value(Value::Number(change.to.clone()));
    HashMap::from([(change.at, value)])
}

/// Files one changed workbook and compares what is found with what should be.
fn one(round: &mut Round<'_>, index: usize, change: &Change) {
    let changed = round.world.changed(changes(change), change.follow);
    let wanted = instances::all(&changed, change.unit, round.time);
    let path = round.folder.join(format!("broken-{}.xlsx", change.rule));
    let over = [change.at];
    round.templates[index]
        .1
        .fill(&changed, change.follow, &over, &path);
    let run = match product::check_file(&round.campaign, &path) {
        Ok(run) => run,
        Err(error) => {
            return round.failures.push(Failure::new("broken: stopped", error));
        }
    };
    let what = format!(
        "{} {:?} from {} to {}, to break {}",
        round.shown(change.at),
        change.follow,
        round
            .world
            .cell(change.at)
            .number()
            .map(exact::text)
            .unwrap_or_default(),
        exact::text(&change.to),
        change.rule
    );
    let mut failures = Vec::new();
    for finding in &run.findings {
        if let Some(kind) = false_finding(round, change, (&changed, &wanted), finding) {
            failures.push(Failure::new(kind, format!("{what}: {}", told(finding))));
        }
    }
    for instance in instances::failing(&wanted) {
        let found = run
            .findings
            .iter()
            .any(|finding| is_of(round, finding, instance));
        // A cell that computes an impossible figure is told for that; no rule reads the figure.
        let told_below_zero = |at: At| {
            let mut told = run.findings.iter().filter(|told| told.rule == "so-am");
            told.any(|told| round.place_of(told) == Some(at))
        };
        let below_zero = |at: &At| is_computed_below_zero(&changed, *at) && told_below_zero(*at);
        if !found && !instance.cells.iter().any(below_zero) {
            let kind = format!("broken: not found, {}", instance.sort);
            let cells: Vec<String> = instance.cells.iter().map(|at| round.shown(*at)).collect();
            let all: Vec<String> = run.findings.iter().map(told).collect();
            failures.push(Failure::new(
                kind,
                format!("{what}: {} {cells:?}; found {all:?}", instance.rule),
            ));
        }
    }
    round.failures.append(&mut failures);
}

fn told(finding: &Finding) -> String {
    let cell = finding
        .cell
        .map(|cell| cell.to_string())
        .unwrap_or_default();
    format!("{} {cell}: {}", finding.rule, finding.message.vi)
}

/// Is a finding that of a rule at a place?
fn is_of(round: &Round<'_>, finding: &Finding, instance: &Instance) -> bool {
    let form = &round.world.campaign.forms[instance.form].id;
    let severity = match instance.severity {
        Severity::Error => model::Severity::Error,
        Severity::Warning => model::Severity::Warning,
    };
    finding.rule == instance.rule
        && finding.severity == severity
        && finding.form.as_deref() == Some(form)
        && round
            .place_of(finding)
            .is_some_and(|at| instance.cells.contains(&at))
}

/// What sort of false finding it is, if it is one.
fn false_finding(
    round: &Round<'_>,
    change: &Change,
    (changed, wanted): (&World<'_>, &[Instance]),
    finding: &Finding,
) -> Option<String> {
    let at = round.place_of(finding);
    let here = at == Some(change.at);
    let known = match finding.rule.as_str() {
        "kho-thieu-ky" => finding.severity == model::Severity::Info,
        "cong-thuc-bi-ghi-de" => here && change.follow == Follow::Live,
        rule if rule == instances::OTHER_ROUNDING => wanted.iter().any(|instance| {
            instance.verdict == Verdict::OtherRounding
                && at.is_some_and(|at| instance.cells.contains(&at))
        }),
        // A ratio had nothing to divide by and was left blank; the mistake gives it something.
        "thieu-so-lieu" => at.is_some_and(|at| is_ratio_left_blank(changed, at)),
        // What a cell computes may come out below zero: the mistake shows there, too.
        "so-am" => at.is_some_and(|at| is_computed_below_zero(changed, at)),
        "thay-doi-lon-so-ky-truoc" => at.is_some_and(|at| soft::is_large_change(changed, at)),
        "lech-nghin-lan" => at.is_some_and(|at| soft::is_out_of_size(changed, at)),
        // The mistake may give back the very figure of last period.
        "so-lieu-ky-truoc-gui-lai" => here || at.is_some_and(|at| soft::is_unchanged(changed, at)),
        rule if SOFT.contains(&rule) => here,
        rule => {
            let asked = finding.severity == model::Severity::Warning;
            instances::failing(wanted).any(|instance| is_of(round, finding, instance))
                || (asked && at.is_some_and(|at| soft::begins_or_ends(changed, at, rule)))
        }
    };
    if known {
        return None;
    }
    let sort = at.map_or("no cell".to_owned(), |at| sort(round.world, at));
    let rule = rule_sort(round.world, finding);
    Some(format!(
        "broken: false {:?} {rule}, {sort}",
        finding.severity
    ))
}

fn is_ratio_left_blank(world: &World<'_>, at: At) -> bool {
    let form = &world.campaign.forms[at.form];
    let row = match at.row {
        RowAt::Row(row) => row,
        RowAt::Total => 0,
    };
    let Some(field) = form.field(row, at.column) else {
        return false;
    };
    let Type::Percent {
        ratio: Some(ratio), ..
    } = field.kind
    else {
        return false;
    };
    world.cell(at).number().is_none() && world.quotient(at, ratio).is_some()
}

fn is_computed_below_zero(world: &World<'_>, at: At) -> bool {
    let form = &world.campaign.forms[at.form];
    let row = match at.row {
        RowAt::Row(row) => row,
        RowAt::Total => 0,
    };
    form.field(row, at.column)
        .is_some_and(|field| field.computed)
        && world
            .cell(at)
            .number()
            .is_some_and(|figure| *figure < exact::whole(0))
}
