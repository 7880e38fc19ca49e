//! The two sample campaigns, whole: what was received, what counts, and the totals.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tonghop::campaign::{Campaign, check};
use tonghop::consolidate::Consolidated;
use tonghop::model::{Lang, Severity, SubmissionStatus, UnitStatus, Value};
use tonghop::report::text::render;
use tonghop::workbook::Limits;

/// The 66 figures of the two printed reports: id -> (value, unit).
fn printed() -> BTreeMap<String, String> {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/make_samples/printed_figures.csv");
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader
        .records()
        .map(|r| r.unwrap())
        .map(|r| (r[0].to_owned(), r[4].to_owned()))
        .collect()
}

#[test]
fn every_printed_figure_comes_out_of_the_workbooks() {
    let printed = printed();
    let mut found = BTreeMap::new();
    for name in common::CAMPAIGNS {
        let run = common::run(&common::sample(name));
        for figure in run.consolidated.unwrap().figures {
            let value = match figure.value {
                Some(Value::Number(number)) => number.to_string(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            assert!(figure.lacking.is_empty(), "{} is provisional", figure.id);
            found.insert(figure.id, value);
        }
    }
    assert_eq!(found, printed);
    assert_eq!(found.len(), 66);
    assert_eq!(found["A39"], "53.22");
    assert_eq!(found["A20"], "0");
}

#[test]
fn after_both_rounds_every_unit_is_accepted() {
    for (name, units) in common::CAMPAIGNS.into_iter().zip([139, 1]) {
        let run = common::run(&common::sample(name));
        assert_eq!(run.units.len(), units, "{name}");
        let not: Vec<_> = run
            .units
            .iter()
            .filter(|u| u.status != UnitStatus::Accepted)
            .collect();
        assert!(not.is_empty(), "{not:#?}");
    }
}

#[test]
fn the_blank_capital_column_totals_blank() {
    let run = common::run(&common::sample("vpubnd-2025-07"));
    let Consolidated { forms, .. } = run.consolidated.unwrap();
    let budget = forms
        .iter()
        .find(|table| table.form.id() == "kinh_phi")
        .unwrap();
    let total = |column: &str| {
        let wanted = budget.form.column(column).unwrap();
        let field = budget
            .fields
            .iter()
            .position(|field| field.column == wanted)
            .unwrap();
        budget.total[field].as_ref().map(ToString::to_string)
    };
    assert_eq!(total("nguon_von_dau_tu"), None);
    assert_eq!(total("su_nghiep").as_deref(), Some("7.300"));
}

#[test]
fn the_first_round_finds_each_planted_mistake_at_its_cell() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().unwrap();
    common::copy("vinh-long-2025-09", folder.path(), |file| {
        file.starts_with("inbox/dot-1")
    });
    let run = common::run(folder.path());
    let found: BTreeSet<String> = run
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .map(|finding| {
            let unit = finding.unit.as_deref().unwrap_or("?");
            let cell = finding
                .cell
                .map_or(String::new(), |cell| format!(" {cell}"));
            format!("{unit}{cell} {}", finding.rule)
        })
        .collect();
    let expected = include_str!("data/vinh-long-round-1.txt");
    let expected: BTreeSet<String> = expected.lines().map(str::to_owned).collect();
    assert_eq!(found, expected);
    let missing: Vec<&str> = run
        .units
        .iter()
        .filter(|filing| filing.status == UnitStatus::Missing)
        .map(|filing| filing.unit.code.as_str())
        .collect();
    assert_eq!(missing, ["H61.13", "29857", "29227", "29536"]);

    // What README and guide print of this round is what is printed.
    let campaign = Campaign::load(folder.path()).unwrap();
    let printed = render(&run, Some(&campaign), Lang::Vi);
    let printed = anstream::adapter::strip_str(&printed).to_string();
    let mut shown = 0;
    for page in ["README.md", "docs/chuyen-vien.md", "docs/can-bo-xa.md"] {
        let text = std::fs::read_to_string(root.join(page)).unwrap();
        for block in text.split("```text\n").skip(1) {
            for line in block.split("```").next().unwrap().lines() {
                assert!(printed.lines().any(|own| own == line), "{page}: {line}");
                shown += 1;
            }
        }
    }
    assert!(shown >= 15, "{shown}");
}

#[test]
fn a_provisional_total_names_the_units_it_lacks() {
    let folder = tempfile::tempdir().unwrap();
    common::copy("vinh-long-2025-09", folder.path(), |file| {
        file.starts_with("inbox/dot-1")
    });
    let run = common::run(folder.path());
    let figures = run.consolidated.unwrap().figures;
    let total = figures.iter().find(|figure| figure.id == "A01").unwrap();
    assert!(
        total.lacking.iter().any(|unit| **unit == *"H61.13"),
        "{:?}",
        total.lacking
    );
    assert_ne!(total.text(), "3.259");
}

#[test]
fn what_a_newer_submission_replaced_is_listed() {
    let run = common::run(&common::sample("vinh-long-2025-09"));
    let superseded: Vec<_> = run
        .submissions
        .iter()
        .filter(|s| s.status == SubmissionStatus::Superseded)
        .collect();
    assert!(superseded.len() >= 12, "{}", superseded.len());
    assert!(superseded.iter().all(|s| s.superseded_by.is_some()));
}

#[test]
fn the_order_and_names_of_files_change_nothing() {
    let straight = common::run(&common::sample("vinh-long-2025-09"));
    let folder = tempfile::tempdir().unwrap();
    common::copy("vinh-long-2025-09", folder.path(), |_| true);
    for round in ["dot-1", "dot-2"] {
        let inbox = folder.path().join("inbox").join(round);
        let mut files: Vec<_> = std::fs::read_dir(&inbox)
            .unwrap()
            .map(|e| e.unwrap().path())
            .collect();
        files.sort();
        // Reversed names: the last file becomes the first.
        for (i, file) in files.iter().rev().enumerate() {
            std::fs::rename(file, inbox.join(format!("tệp số {i:03}.xlsx"))).unwrap();
        }
    }
    let shuffled = common::run(folder.path());
    let totals = |run: &tonghop::campaign::Run| -> Vec<Vec<Option<Value>>> {
        run.consolidated
            .iter()
            .flat_map(|c| &c.forms)
            .map(|table| table.total.clone())
            .collect()
    };
    let statuses = |run: &tonghop::campaign::Run| -> Vec<(String, UnitStatus)> {
        run.units
            .iter()
            .map(|u| (u.unit.code.clone(), u.status))
            .collect()
    };
    let rules = |run: &tonghop::campaign::Run| -> BTreeSet<String> {
        run.findings
            .iter()
            .map(|f| format!("{:?} {:?} {}", f.unit, f.cell, f.rule))
            .collect()
    };
    assert_eq!(totals(&straight), totals(&shuffled));
    assert_eq!(statuses(&straight), statuses(&shuffled));
    assert_eq!(rules(&straight), rules(&shuffled));
}

#[test]
fn a_third_file_that_nothing_orders_is_asked_about_like_the_other_two() {
    let folder = common::sample("loi-thuong-gap");
    let campaign = Campaign::load(&folder.join("dot-nho")).unwrap();
    let there = |file: &str| folder.join("tep-csv").join(file);
    let text = std::fs::read_to_string(there("utf-8.csv")).unwrap();
    let other = text
        .replace("0.006,0.399", "0.007,0.400")
        .replace("0.081,3.160", "0.082,3.161");
    let own = tempfile::tempdir().unwrap();
    let differs = own.path().join("khac.csv");
    std::fs::write(&differs, other).unwrap();
    let paths = [there("windows-1258.csv"), there("utf-16.tsv"), differs];
    let run = check(&paths, Some(&campaign), &Limits::default(), &|_, _| {}).unwrap();
    assert!(run.facts.is_empty());
    assert_eq!(run.submissions.len(), 3);
    for submission in &run.submissions {
        assert_eq!(submission.status, SubmissionStatus::Returned);
        let own = run.findings.iter().filter(|f| f.file == submission.file);
        let told: Vec<_> = own.map(|f| (&*f.rule, f.message.vi.as_str())).collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].0, "hai-tep-mot-don-vi");
        assert!(told[0].1.contains("3 tệp"), "{told:?}");
    }
}
