//! What happens in practice to a workbook that was filled rightly, one operator at a time: is the
//! figure read rightly, reported at its cell, read wrong, or lost without a word? Wrong and silent
//! must be none. `cargo test --test reading_operators -- --nocapture` prints the table.
//!
//! The operators are M01–M48 of the catalogue of quirks. Most are edits of a workbook ([`edits`],
//! [`formats`]); those on the name of the unit, on whole files and on forms of their own are in
//! [`names`], those that only other figures reveal in [`scale`]. [`NOT_HERE`] says which are not
//! about reading a workbook.

#[path = "../common/mod.rs"]
mod common;
mod edits;
mod formats;
mod names;
mod old_letters;
mod scale;
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use edits::{Edit, Target};
use tonghop::campaign::Campaign;
use tonghop::judge::{Received, ReceivedFile, check_alone};
use tonghop::model::{CellAddress, Fact, Finding, Number, Severity, Value};
use tonghop::text::fold;
use tonghop::workbook::{Cell, Content, Limits, Workbook, read_workbook};

/// The outcome of one operator on one form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Every figure of the form is what the unit meant.
    Right,
    /// A finding that needs an answer points at the cell.
    Asked,
    /// A figure is not what the unit meant, and no finding says so.
    Wrong,
    /// A figure is lost, and no finding says so.
    Silent,
}

/// The facts of a workbook by form, row and column, and what is said of it.
pub struct Seen {
    pub facts: BTreeMap<(String, String, String), (Value, String, CellAddress)>,
    pub findings: Vec<Finding>,
    pub unit: Option<String>,
}

pub fn see(campaign: &Campaign, workbook: &Workbook) -> Seen {
    let file = ReceivedFile {
        name: "a.xlsx".into(),
        path: PathBuf::from("a.xlsx"),
        round: 1,
    };
    let mut received = Received::nothing(&file);
    received.take(workbook, &campaign.forms, Some(&campaign.definition));
    let unit = received
        .submission
        .unit
        .as_ref()
        .map(|unit| unit.code.clone());
    let (_, findings, facts) = check_alone(received, Some(&campaign.definition));
    let fact = |fact: Fact| {
        let source = fact.source.unwrap();
        // The name of a free row is the unit's own text: compared as a reader does.
        let key = (
            fact.form.to_string(),
            fold(&fact.row),
            fact.column.to_string(),
        );
        let value = match fact.value {
            Value::Text(text) => Value::Text(fold(&text)),
            other => other,
        };
        (key, (value, source.sheet.to_string(), source.cell))
    };
    Seen {
        facts: facts.into_iter().map(fact).collect(),
        findings,
        unit,
    }
}

/// A campaign and a workbook of its inbox that was filled rightly.
pub struct Sample {
    pub campaign: Campaign,
    pub workbook: Workbook,
}

impl Sample {
    pub fn load(campaign: &str, file: &str) -> Sample {
        let campaign = Campaign::load(&common::sample(campaign)).unwrap();
        let path = campaign.folder.join("inbox").join(file);
        let mut workbook = read_workbook(&path, &Limits::default()).unwrap();
        type_totals(&mut workbook);
        Sample { workbook, campaign }
    }
}

/// Totals up to the row above them become what they show: operators change figures and places, and
/// nothing here computes totals anew, as a spreadsheet would.
fn type_totals(workbook: &mut Workbook) {
    let sheets = workbook.sheets.iter_mut();
    for cell in sheets.flat_map(|sheet| sheet.cells.values_mut()) {
        let formula = cell.formula.take();
        cell.formula = formula.filter(|formula| !formula.contains("INDEX("));
    }
}

pub fn communes() -> Sample {
    Sample::load(
        "vinh-long-2025-09",
        "dot-1/28756-phuong-phu-khuong-2025-09.xlsx",
    )
}

pub fn offices() -> Sample {
    Sample::load(
        "vpubnd-2025-07",
        "dot-2/H61.01-van-phong-uy-ban-nhan-dan-tinh-2025-07.xlsx",
    )
}

/// Operators that do not touch the reading of a workbook, and what tests them.
const NOT_HERE: [(u32, &str); 2] = [
    (
        23,
        "two files of one unit: which counts is settled over the inbox, tests/campaigns.rs",
    ),
    (
        24,
        "a unit that sent nothing: nothing to read, tests/campaigns.rs",
    ),
];

/// Operators of [`names`] and [`scale`], each asserted there.
const BY_THEMSELVES: [u32; 12] = [4, 14, 20, 21, 22, 25, 36, 39, 42, 43, 47, 48];

/// The forms operators are applied to: two with free rows, four with fixed rows.
const COMMUNE_FORMS: [&str; 5] = ["tthc", "tthc_ky", "van_ban", "tai_khoan", "chu_ky_so"];
const OFFICE_FORMS: [&str; 1] = ["kinh_phi"];

/// Without its names and its hidden sheet a workbook is one that was typed or pasted anew.
pub fn bare(workbook: &Workbook) -> Workbook {
    let mut bare = workbook.clone();
    bare.names.clear();
    bare.sheets.retain(|sheet| !sheet.name.starts_with('_'));
    bare
}

/// The cell an operator works on: the form's first figure that is typed, not computed.
fn target(campaign: &Campaign, clean: &Seen, workbook: &Workbook, id: &'static str) -> Target {
    let form = campaign.forms.iter().find(|form| form.id() == id).unwrap();
    let own = clean.facts.iter().filter(|((f, ..), _)| f == id);
    let mut typed: Vec<_> = own
        .filter(|((_, row, column), (value, ..))| {
            let row = form.row(row);
            let field = form.field(row, form.column(column).unwrap()).unwrap();
            !field.computed
                && matches!(value, Value::Number(_))
                && form.opening(row, form.column(column).unwrap()).is_none()
        })
        .collect();
    typed.sort_by_key(|(_, (.., cell))| *cell);
    let (_, (_, sheet, cell)) = typed[0];
    Target {
        form: form.clone(),
        sheet: workbook
            .sheets
            .iter()
            .position(|s| *s.name == **sheet)
            .unwrap(),
        cell: *cell,
        cells: own_cells(clean, id),
    }
}

pub fn own_cells(clean: &Seen, id: &str) -> BTreeMap<(String, String), (Value, CellAddress)> {
    let own = clean.facts.iter().filter(|((form, ..), _)| form == id);
    own.map(|((_, row, column), (value, _, cell))| {
        ((row.clone(), column.clone()), (value.clone(), *cell))
    })
    .collect()
}

/// Says what became of the form's figures. `truth` is the workbook as the unit means it.
fn judge(truth: &Seen, seen: &Seen, edit: &Edit, target: &Target) -> Verdict {
    let form = target.form.id();
    let values = |seen: &Seen| -> BTreeMap<(String, String), Value> {
        own_cells(seen, form)
            .into_iter()
            .map(|(key, (value, _))| (key, value))
            .collect()
    };
    let known = |finding: &Finding| {
        truth
            .findings
            .iter()
            .any(|f| f.rule == finding.rule && f.cell == finding.cell)
    };
    let asks = |finding: &Finding| {
        let at = |cell: CellAddress| edit.cell.is_none_or(|wanted| wanted == cell);
        let here = finding.cell.is_some_and(at)
            || finding
                .review
                .suspects
                .iter()
                .any(|suspect| at(suspect.cell))
            || edit.cell.is_none();
        let ours = finding.form.as_deref().is_none_or(|f| f == form);
        finding.severity != Severity::Info && here && ours && !known(finding)
    };
    let (meant, read) = (values(truth), values(seen));
    if seen.findings.iter().any(asks) {
        Verdict::Asked
    } else if meant == read && edit.want == Verdict::Right {
        Verdict::Right
    } else if read
        .iter()
        .any(|(key, value)| meant.get(key) != Some(value))
        || meant == read
    {
        Verdict::Wrong
    } else {
        Verdict::Silent
    }
}

#[test]
fn nothing_that_happens_in_practice_is_read_wrong_or_lost() {
    let mut table = String::new();
    let mut counts: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut bad = Vec::new();
    for (sample, forms) in [
        (communes(), &COMMUNE_FORMS[..]),
        (offices(), &OFFICE_FORMS[..]),
    ] {
        for (kind, workbook) in [
            ("mẫu", sample.workbook.clone()),
            ("gõ lại", bare(&sample.workbook)),
        ] {
            let clean = see(&sample.campaign, &workbook);
            assert!(
                clean.findings.iter().all(|f| f.severity != Severity::Error),
                "{:?}",
                clean.findings
            );
            for form in forms {
                let target = target(&sample.campaign, &clean, &workbook, form);
                // The other tables of the workbook would only cost time.
                let mut only = workbook.clone();
                let own = only.sheets[target.sheet].name.clone();
                only.sheets
                    .retain(|s| s.name == own || s.name.starts_with('_'));
                let target = Target { sheet: 0, ..target };
                for edit in edits::all(&only, &target, kind == "mẫu") {
                    let truth = match &edit.truth {
                        Some(truth) => see(&sample.campaign, truth),
                        None => see(&sample.campaign, &only),
                    };
                    let seen = see(&sample.campaign, &edit.workbook);
                    let verdict = judge(&truth, &seen, &edit, &target);
                    let noted = edit
                        .note
                        .is_none_or(|rule| seen.findings.iter().any(|f| f.rule == rule));
                    let line = format!(
                        "{:<4} {:<44} {form:<10} {kind:<7} {verdict:?}",
                        edit.id, edit.what
                    );
                    if verdict != edit.want || !noted {
                        let told: Vec<_> =
                            seen.findings.iter().map(|f| (&f.rule, f.cell)).collect();
                        bad.push(format!(
                            "{line}; wanted {:?}, note {:?} in {told:?}",
                            edit.want, edit.note
                        ));
                    }
                    counts.entry(edit.id).or_default()[verdict as usize] += 1;
                    table.push_str(&line);
                    table.push('\n');
                }
            }
        }
    }
    println!("{table}");
    println!("{:<10} right asked wrong silent", "operator");
    let mut all = [0; 4];
    for (id, counts) in &counts {
        println!("{id:<10} {counts:?}");
        all.iter_mut()
            .zip(counts)
            .for_each(|(all, own)| *all += own);
    }
    let [right, asked, wrong, silent] = all;
    println!("read rightly {right}, asked {asked}, wrong {wrong}, silent {silent}");
    assert!(bad.is_empty(), "{}", bad.join("\n"));
    assert_eq!((wrong, silent), (0, 0), "{table}");
    every_operator_is_somewhere(counts.keys().copied());
}

/// Each of the 48 is applied above, asserted by itself, or left out for a reason.
fn every_operator_is_somewhere<'a>(applied: impl Iterator<Item = &'a str>) {
    let mut there: BTreeSet<u32> = applied.map(|id| id[1..].parse().unwrap()).collect();
    there.extend(BY_THEMSELVES);
    there.extend(NOT_HERE.map(|(operator, _)| operator));
    assert_eq!(there, (1..=48).collect());
}

/// A number as a cell of a workbook.
pub fn number(number: f64) -> Cell {
    Cell {
        content: Content::Number(number),
        formula: None,
        style: None,
    }
}

/// A text as a cell of a workbook.
pub fn text(text: &str) -> Cell {
    Cell {
        content: Content::Text(text.into()),
        formula: None,
        style: None,
    }
}

/// The figure of a value.
pub fn double(value: &Value) -> f64 {
    value
        .as_number()
        .unwrap_or(Number::ZERO)
        .to_string()
        .parse()
        .unwrap()
}
