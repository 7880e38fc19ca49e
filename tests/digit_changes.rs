//! One wrong digit in any numeric cell of an accepted workbook is caught by a rule, or moves a
//! total. Nothing is ever silently without effect.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use tonghop::campaign::Campaign;
use tonghop::judge::{Received, ReceivedFile, check_alone};
use tonghop::model::{CellAddress, Fact, Finding, SubmissionStatus, Value};
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

#[test]
fn one_wrong_digit_is_never_without_effect() {
    let folder = common::sample("vinh-long-2025-09");
    let campaign = Campaign::load(&folder).unwrap();
    let accepted: Vec<_> = common::run(&folder)
        .submissions
        .into_iter()
        .filter(|submission| submission.status == SubmissionStatus::Accepted)
        .collect();
    let (mut tried, mut caught, mut ordinals, mut moved) = (0, 0, 0, 0);
    let mut silent = Vec::new();
    // A fixed stride through files, cells and digits: the same changes every time.
    let per_file = TRIALS / accepted.len() + 1;
    for (f, submission) in accepted.iter().enumerate() {
        let file = ReceivedFile {
            path: folder.join(&*submission.file),
            name: submission.file.clone(),
            round: 1,
        };
        let workbook = read_workbook(&file.path, &Limits::default()).unwrap();
        let before = see(&campaign, &file, &workbook);
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
        for trial in 0..per_file {
            let (sheet, at, figure) = cells[(f * 31 + trial * 17) % cells.len()];
            let wrong = change(figure, f + trial, 1 + u32::try_from(trial % 9).unwrap());
            let mut changed = workbook.clone();
            changed.sheets[sheet].cells.get_mut(&at).unwrap().content = Content::Number(wrong);
            let after = see(&campaign, &file, &changed);
            tried += 1;
            let mut new = after.findings.difference(&before.findings);
            if after.findings != before.findings && new.all(|told| told.contains("so-thu-tu-lech"))
            {
                ordinals += 1;
            } else if after.findings != before.findings {
                caught += 1;
            } else if after.sums != before.sums {
                moved += 1;
            } else {
                let sheet = &workbook.sheets[sheet].name;
                silent.push(format!("{} {sheet}!{at}: {figure} -> {wrong}", file.name));
            }
        }
    }
    println!(
        "{tried} digits changed: {caught} caught by a rule, {ordinals} in an ordinal and noted, \
         {moved} only moved a total"
    );
    assert!(tried >= 500, "{tried}");
    assert!(
        silent.is_empty(),
        "{} without effect:\n{}",
        silent.len(),
        silent.join("\n")
    );
}
