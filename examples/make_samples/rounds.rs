//! The inbox of each sample campaign: first submissions with their mistakes, then the corrected
//! and the late ones.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDateTime;

use super::draft::{Draft, Sample};
use super::mistakes::{Mistake, MistakeKind};
use super::names;

/// Name of the second of two workbooks that nobody can order.
const SECOND_OF_TWO: &str = "BC so lieu CDS thang 9 P Tra Vinh.xlsx";

/// Writes both rounds of `vinh-long-2025-09`; returns how many workbooks each has.
pub fn vinh_long(sample: &Sample, mistakes: &[Mistake], inbox: &Path) -> [usize; 2] {
    let mut first: Vec<(String, Draft)> = Vec::new();
    let mut second: Vec<(String, Draft)> = Vec::new();
    for filing in &sample.filings {
        let unit = &filing.unit;
        let draft = |round: u32| {
            let saved_at = names::saved_at(unit, round);
            Draft::right(filing, names::signed(unit, saved_at.date()), saved_at)
        };
        let mistake = mistakes.iter().find(|mistake| mistake.unit == unit.code);
        let mut own = draft(1);
        if let Some(n) = names::HANDMADE.iter().position(|code| *code == unit.code) {
            assert!(
                mistake.is_none(),
                "{} has a mistake and a workbook of its own",
                unit.code
            );
            own.identity = false;
            own.sheets = names::sheets(n);
        }
        let name = names::file_name(unit, 1);
        match mistake.map(|mistake| &mistake.kind) {
            Some(MistakeKind::NotFiled) => {}
            Some(MistakeKind::DuplicateWith(changes)) => {
                first.push((name, own.clone()));
                own.changes = changes.clone();
                first.push((SECOND_OF_TWO.to_owned(), own));
            }
            kind => {
                if let Some(kind) = kind {
                    make(&mut own, kind);
                }
                first.push((name, own));
            }
        }
        if mistake.is_some_and(|mistake| mistake.sent_again) {
            second.push((names::file_name(unit, 2), draft(2)));
        }
    }
    let stamps: BTreeSet<NaiveDateTime> = first
        .iter()
        .chain(&second)
        .map(|(_, d)| d.saved_at)
        .collect();
    // The two workbooks of one unit share theirs.
    assert_eq!(
        stamps.len() + 1,
        first.len() + second.len(),
        "stamps coincide"
    );
    [
        write_round(sample, &inbox.join("dot-1"), &first),
        write_round(sample, &inbox.join("dot-2"), &second),
    ]
}

/// Writes both rounds of `vpubnd-2025-07`.
pub fn vpubnd(sample: &Sample, mistakes: &[Mistake], inbox: &Path) -> [usize; 2] {
    let filing = &sample.filings[0];
    let draft = |saved_at: NaiveDateTime| {
        Draft::right(
            filing,
            names::signed(&filing.unit, saved_at.date()),
            saved_at,
        )
    };
    let mut first = draft(names::at(2025, 8, 4, [15, 12, 40]));
    for mistake in mistakes {
        make(&mut first, &mistake.kind);
    }
    let second = draft(names::at(2025, 8, 6, [9, 25, 7]));
    let name = names::template_name(&filing.unit, "2025-07");
    [
        write_round(sample, &inbox.join("dot-1"), &[(name.clone(), first)]),
        write_round(sample, &inbox.join("dot-2"), &[(name, second)]),
    ]
}

/// Does to a workbook what the clerk did.
pub fn make(draft: &mut Draft, kind: &MistakeKind) {
    match kind {
        MistakeKind::SetCells(changes) => draft.changes.extend(changes.iter().cloned()),
        MistakeKind::NameOnly { printed_name } => draft.name_only(printed_name),
        MistakeKind::DropTotalRow { form } => draft.without_total = Some(form),
        MistakeKind::DuplicateWith(_) | MistakeKind::NotFiled => {
            unreachable!("not about one workbook")
        }
    }
}

fn write_round(sample: &Sample, folder: &Path, drafts: &[(String, Draft)]) -> usize {
    empty(folder);
    for (name, draft) in drafts {
        let path = folder.join(name);
        assert!(!path.exists(), "two workbooks are called {name}");
        sample.write(draft, &path);
    }
    drafts.len()
}

/// A folder without what an earlier run left in it.
fn empty(folder: &Path) {
    if folder.exists() {
        std::fs::remove_dir_all(folder).expect("an old folder can be removed");
    }
    std::fs::create_dir_all(folder).expect("a folder can be made");
}
