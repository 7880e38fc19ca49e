//! One wrong digit in any numeric cell of an accepted workbook is caught by a rule, or moves a
//! total. Nothing is ever silently without effect.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use tonghop::campaign::Campaign;
use tonghop::judge::{Received, ReceivedFile, check_alone};
use tonghop::model::{CellAddress, Fact, Finding, Submission, SubmissionStatus, Value};
use tonghop::workbook::{Content, Limits, Workbook, read_workbook};

const TRIALS: usize = 700;

/// What a reader of the results would see of one workbook.
#[derive(PartialEq)]
struct Seen {
    findings: BTreeSet<String>,
    sums: BTreeMap<(String, String, String), String>,
}

fn see(campaign: &Campaign, file: &ReceivedFile, workbook: &Workbook) -> Seen {
    let mut received = Received::nothing(file);
    received.take(workbook, &campaign.forms, Some(&campaign.definition));
    let (_, findings, facts) = check_alone(received, Some(&campaign.definition));
    let told = |f: &Finding| format!("{:?} {:?} {} {}", f.sheet, f.cell, f.rule, f.message.vi);
    let sum = |f: &Fact| {
        let key = (f.form.to_string(), f.row.to_string(), f.column.to_string());
        let value = match &f.value {
            Value::Number(number) => number.to_string(),
            other => other.to_string(),
        };
        (key, value)
    };
    Seen {
        findings: findings.iter().map(told).collect(),
        sums: facts.iter().map(sum).collect(),
    }
}

/// The figure with one of its digits changed: the digit at `place`, raised by `step` (1 to 9).
fn change(figure: f64, place: usize, step: u32) -> f64 {
    let mut text: Vec<char> = figure.to_string().chars().collect();
    let digits: Vec<usize> = (0..text.len())
        .filter(|i| text[*i].is_ascii_digit())
        .collect();
    let at = digits[place % digits.len()];
    let digit = text[at].to_digit(10).unwrap();
    text[at] = char::from_digit((digit + step) % 10, 10).unwrap();
    text.iter().collect::<String>().parse().unwrap()
}

/// What came of the changes made in some of the workbooks.
#[derive(Default)]
struct Effects {
    tried: usize,
    caught: usize,
    ordinals: usize,
    moved: usize,
    silent: Vec<String>,
}

/// Changes digits in one workbook. A fixed stride through files, cells and digits: the same changes
/// every time. `f` is the number of the workbook, from 0.
fn try_changes(
    campaign: &Campaign,
    submission: &Submission,
    f: usize,
    trials: usize,
    effects: &mut Effects,
) {
    let file = ReceivedFile {
        path: campaign.folder.join(&*submission.file),
        name: submission.file.clone(),
        round: 1,
    };
    let workbook = read_workbook(&file.path, &Limits::default()).unwrap();
    let before = see(campaign, &file, &workbook);
    let cells: Vec<(usize, CellAddress, f64)> = workbook
        .sheets
        .iter()
        .enumerate()
        .flat_map(|(s, sheet)| sheet.cells.iter().map(move |(at, cell)| (s, *at, cell)))
        .filter_map(|(s, at, cell)| match cell.content {
            Content::Number(number) => Some((s, at, number)),
            _ => None,
        })
        .collect();
    for trial in 0..trials {
        let (sheet, at, figure) = cells[(f * 31 + trial * 17) % cells.len()];
        let wrong = change(figure, f + trial, 1 + u32::try_from(trial % 9).unwrap());
        let mut changed = workbook.clone();
        changed.sheets[sheet].cells.get_mut(&at).unwrap().content = Content::Number(wrong);
        let after = see(campaign, &file, &changed);
        effects.tried += 1;
        let mut new = after.findings.difference(&before.findings);
        if after.findings != before.findings && new.all(|told| told.contains("so-thu-tu-lech")) {
            effects.ordinals += 1;
        } else if after.findings != before.findings {
            effects.caught += 1;
        } else if after.sums != before.sums {
            effects.moved += 1;
        } else {
            let sheet = &workbook.sheets[sheet].name;
            let silent = format!("{} {sheet}!{at}: {figure} -> {wrong}", file.name);
            effects.silent.push(silent);
        }
    }
}

#[test]
fn one_wrong_digit_is_never_without_effect() {
    let folder = common::sample("vinh-long-2025-09");
    let campaign = Campaign::load(&folder).unwrap();
    let accepted: Vec<_> = common::run(&folder)
        .submissions
        .into_iter()
        .filter(|submission| submission.status == SubmissionStatus::Accepted)
        .enumerate()
        .collect();
    let per_file = TRIALS / accepted.len() + 1;
    // A core each: the workbooks do not depend on one another.
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let all: Vec<Effects> = std::thread::scope(|scope| {
        let parts = accepted.chunks(accepted.len().div_ceil(cores));
        let campaign = &campaign;
        let work = |part: &[(usize, Submission)]| {
            let mut effects = Effects::default();
            for (f, submission) in part {
                try_changes(campaign, submission, *f, per_file, &mut effects);
            }
            effects
        };
        let running: Vec<_> = parts.map(|part| scope.spawn(move || work(part))).collect();
        running.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let sum = |of: fn(&Effects) -> usize| all.iter().map(of).sum::<usize>();
    let tried = sum(|one| one.tried);
    println!(
        "{tried} digits changed: {} caught by a rule, {} in an ordinal and noted, {} only moved a \
         total",
        sum(|one| one.caught),
        sum(|one| one.ordinals),
        sum(|one| one.moved)
    );
    let silent: Vec<&str> = all
        .iter()
        .flat_map(|one| one.silent.iter().map(String::as_str))
        .collect();
    assert!(tried >= 500, "{tried}");
    assert!(
        silent.is_empty(),
        "{} without effect:\n{}",
        silent.len(),
        silent.join("\n")
    );
}
