//! Blank official forms compiled and compared with what a person read out of them: no rule missed,
//! none invented, right files without a finding, wrong ones found at their cell.
//!
//! A folder of `blank` holds `blank.xlsx`, `truth.json` (what the form says), files filled rightly
//! (`clean-*`, with the period before as `previous-*` where a rule reads it) and wrongly
//! (`wrong-*`, with the cell in `wrong.json`). All figures are invented.

mod again;
mod balances;
mod bare_tables;
#[path = "../common/cli.rs"]
mod cli;
mod contradictions;
mod divisions;
mod evidence;
mod filled;
mod formulas;
mod kept_template;
mod kinds;
mod layouts;
mod meaning;
mod numbers;
mod old_files;
mod parts;
#[path = "../common/peers.rs"]
mod peers;
mod percentages;
mod sentences;
mod shipped;
mod truth;
mod undeclared;
mod walk;
mod wording;

use std::fs;
use std::path::{Path, PathBuf};

use tonghop::compile::{Blank, Compiled, compile};
use tonghop::workbook::Limits;

use truth::{Score, Truth};

fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/from_excel/blank");
    let entries = fs::read_dir(root).unwrap();
    let mut folders: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    assert!(folders.len() >= 6, "{folders:?}");
    folders
}

fn compiled(folder: &Path) -> Compiled {
    let bytes = fs::read(folder.join("blank.xlsx")).unwrap();
    let blank = Blank {
        name: "blank.xlsx",
        bytes: &bytes,
        aside: &[],
    };
    compile(&[blank], &Limits::default()).unwrap()
}

/// Every rule of every form is found and none is invented. The wanted share over all forms is lower
/// (precision 0.95, recall 0.90), because other forms will say things in other words.
#[test]
fn rules_are_those_a_person_reads_out_of_the_form() {
    let mut told = Vec::new();
    let mut all = Score::default();
    for folder in folders() {
        let truth = Truth::read(&folder.join("truth.json"));
        let score = truth.score(&compiled(&folder));
        let name = folder.file_name().unwrap().to_string_lossy();
        println!("{name}: {score}");
        if !score.is_right() {
            told.push(format!("{name}: {score}"));
        }
        all.add(score);
    }
    println!("all: {all}");
    assert!(told.is_empty(), "{}", told.join("\n"));
}

#[test]
fn right_files_have_no_finding_and_wrong_ones_are_found_at_their_cell() {
    let mut told = Vec::new();
    for folder in folders() {
        told.extend(filled::faults(&folder));
    }
    assert!(told.is_empty(), "{}", told.join("\n"));
}
