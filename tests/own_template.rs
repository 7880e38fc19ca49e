//! Templates made of the office's own workbooks: units are sent the blank as it is, with what makes a
//! template of it. Another program fills them with what filled blanks hold, another recalculates,
//! and the product must find in them what it finds in the filled blanks themselves. Needs
//! LibreOffice (`soffice`) and Python with openpyxl; see `common/peers.rs` for what happens without
//! them.

#[path = "common/cli.rs"]
mod cli;
mod common;
#[path = "common/office.rs"]
mod office;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tonghop::workbook::{Content, Workbook};

use cli::tonghop;
use common::package;

/// Puts what a filled blank holds more than the blank into a template; figures only where the
/// template lets somebody type, or over its formulas where the filled one has figures.
const FILL: &str = r#"
import json, sys
from openpyxl import load_workbook
for job in json.load(open(sys.argv[1])):
    book, filled, blank = (load_workbook(job[name]) for name in ("from", "filled", "blank"))
    for sheet in filled:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            old = blank[sheet.title][cell.coordinate].value
            if cell.value is None or cell.value == old or isinstance(old, str) and ".." in old:
                continue
            at = book[sheet.title][cell.coordinate]
            if at.data_type == "f" and cell.data_type == "f":
                continue
            if at.protection.locked and at.data_type != "f" and old is None:
                raise SystemExit(f"{job['from']}: {sheet.title}!{cell.coordinate} is locked")
            at.value = cell.value
    book.save(job["to"])
"#;

/// Filled files of a blank that are tried: the clean one and the first wrong ones.
const WRONG_FILES: usize = 2;

fn blanks() -> Vec<PathBuf> {
    let all = fs::read_dir("tests/from_excel/blank").unwrap();
    let mut all: Vec<PathBuf> = all.map(|entry| entry.unwrap().path()).collect();
    all.retain(|folder| folder.join("clean-1.xlsx").exists());
    all.sort();
    all
}

/// Makes the campaign of a blank in a folder, and the template of its one unit; none if the blank
/// cannot be sent as it is.
fn template(root: &Path, folder: &Path) -> Option<PathBuf> {
    fs::write(
        root.join("don-vi.csv"),
        "code,name,kind\n01,Xã An Bình,xa\n",
    )
    .unwrap();
    let name = folder.file_name().unwrap().to_str().unwrap();
    let blank = folder.join("blank.xlsx").canonicalize().unwrap();
    let blank = blank.to_str().unwrap();
    let run = |arguments: &[&str]| {
        let answer = tonghop(root, arguments);
        assert_eq!(answer.code, 0, "{name}: {answer:?}");
    };
    let new = [
        "new",
        name,
        "--from-excel",
        blank,
        "--roster",
        "don-vi.csv",
        "--period",
        "2025-09",
    ];
    run(&new);
    let out = format!("{name}/out");
    run(&["template", name, "--out", &out]);
    let sent = root.join(name).join("schemas/mau/blank.xlsx").exists();
    let written = root.join(out).join("01-xa-an-binh-2025-09-blank.xlsx");
    assert_eq!(written.exists(), sent, "{name}");
    sent.then_some(written)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).unwrap();
    let mut all: Vec<PathBuf> = all.map(|entry| entry.unwrap().path()).collect();
    all.retain(|file| file.extension().is_some_and(|ending| ending == "xlsx"));
    all.sort();
    let named = |start: &str, most| {
        let of = |file: &&PathBuf| {
            file.file_name()
                .unwrap()
                .to_str()
                .unwrap()
                .starts_with(start)
        };
        all.iter()
            .filter(of)
            .take(most)
            .cloned()
            .collect::<Vec<_>>()
    };
    [named("clean-1", 1), named("wrong", WRONG_FILES)].concat()
}

/// Rule and cell of each finding.
fn findings(root: &Path, campaign: &str, file: &Path) -> BTreeSet<(String, String)> {
    let file = file.canonicalize().unwrap();
    let file = file.to_str().unwrap();
    let answer = tonghop(
        root,
        &["check", file, "--campaign", campaign, "--format", "json"],
    );
    let document = answer.json();
    let of = |finding: &Json| {
        let said = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
        (said("rule"), said("cell"))
    };
    document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(of)
        .collect()
}

/// What the live checks show that something is wrong.
fn complaints(book: &Workbook) -> Vec<String> {
    let cells = book
        .sheets
        .iter()
        .filter(|sheet| &*sheet.name != "Hướng dẫn");
    let texts = cells
        .flat_map(|sheet| sheet.cells.values())
        .filter_map(|cell| match &cell.content {
            Content::Text(text) if cell.formula.is_some() => Some(text.to_string()),
            _ => None,
        });
    texts.filter(|text| text.starts_with("Sai")).collect()
}

#[test]
fn a_blank_sent_as_it_is_is_judged_like_the_filled_blank() {
    if !office::able() {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let to = root.join("filled");
    fs::create_dir(&to).unwrap();
    let (mut jobs, mut cases) = (Vec::new(), Vec::new());
    for folder in blanks() {
        let Some(template) = template(root, &folder) else {
            continue;
        };
        let name = folder.file_name().unwrap().to_str().unwrap().to_owned();
        for file in files(&folder) {
            let stem = format!("{name}-{}", file.file_stem().unwrap().to_str().unwrap());
            jobs.push(json!({
                "from": template,
                "filled": file,
                "blank": folder.join("blank.xlsx"),
                "to": to.join(format!("{stem}.xlsx")),
            }));
            cases.push((name.clone(), stem, file));
        }
    }
    // All but one of the blanks can be sent as they are: it has two tables on a sheet.
    let sent: BTreeSet<&str> = cases.iter().map(|(name, ..)| name.as_str()).collect();
    assert_eq!(sent.len() + 1, blanks().len(), "{sent:?}");
    office::python(root, FILL, &jobs);
    let stems: Vec<&str> = cases.iter().map(|(_, stem, _)| stem.as_str()).collect();
    let done = office::recalculate(root, &to, &stems);
    for (name, stem, file) in &cases {
        let wanted = findings(root, name, file);
        assert_eq!(findings(root, name, &done[stem]), wanted, "{stem}");
        let complaints = complaints(&office::workbook(&done[stem]));
        if stem.ends_with("clean-1") {
            assert_eq!(complaints, Vec::<String>::new(), "{stem}");
        } else {
            // A rule that rests on last period's figures cannot be seen in the workbook alone.
            assert_eq!(
                complaints.is_empty(),
                wanted.is_empty(),
                "{stem}: {wanted:?}"
            );
        }
    }
}

#[test]
fn every_part_of_the_blank_that_need_not_change_stays_as_it_was() {
    let root = tempfile::tempdir().unwrap();
    let folder = Path::new("tests/from_excel/blank/20-thu-chi-ngan-sach-xa");
    let template = template(root.path(), folder).unwrap();
    let (before, after) = (
        package::parts(&folder.join("blank.xlsx")),
        package::parts(&template),
    );
    let changed = [
        "xl/workbook.xml",
        "xl/_rels/workbook.xml.rels",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "[Content_Types].xml",
    ];
    for (part, text) in &before {
        if !changed.contains(&part.as_str()) {
            assert_eq!(after.get(part), Some(text), "{part}");
        }
    }
    let sheet = &after["xl/worksheets/sheet1.xml"];
    for kept in ["<cols>", "<pageSetup", "<mergeCell "] {
        let first = |text: &str| {
            let mut behind = text.split(kept).skip(1);
            behind
                .next()
                .map(|rest| rest.split('>').next().unwrap().to_owned())
        };
        assert_eq!(
            first(sheet),
            first(&before["xl/worksheets/sheet1.xml"]),
            "{kept}"
        );
    }
    assert!(sheet.contains("<sheetProtection sheet=\"1\""));
}
