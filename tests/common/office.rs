//! Templates filled by another program and recalculated by another: Python's openpyxl and
//! LibreOffice, each started once for many workbooks.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value as Json, json};
use tonghop::model::CellAddress;
use tonghop::workbook::{Content, Limits, Workbook, read_workbook};

const FILL: &str = r#"
import json, sys
from openpyxl import load_workbook
for job in json.load(open(sys.argv[1])):
    book = load_workbook(job["from"])
    for cell in job["cells"]:
        sheet, place = next(book.defined_names[cell["name"]].destinations)
        first = book[sheet][place.split(":")[0]]
        at = book[sheet].cell(first.row + cell["down"], first.column)
        if job["keep"] and at.data_type == "f" and not cell["over"]:
            continue
        at.value = cell["value"]
    book.save(job["to"])
"#;

/// Can this machine fill and recalculate workbooks?
pub fn able() -> bool {
    let works = |program: &str, arguments: &[&str]| {
        let run = Command::new(program).args(arguments).output();
        run.is_ok_and(|output| output.status.success())
    };
    let able = works("/usr/bin/python3", &["-c", "import openpyxl"])
        && works("soffice", &["--headless", "--version"]);
    if !able {
        println!("skipped: soffice or Python's openpyxl is missing");
    }
    able
}

/// A cell to be filled: its defined name, how many rows below the name's first cell, what to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    pub name: String,
    pub down: u32,
    pub value: Json,
    /// Write over a formula even if formulas are kept?
    pub over: bool,
}

impl Filled {
    pub fn new(name: String, down: u32, value: Json) -> Filled {
        Filled {
            name,
            down,
            value,
            over: false,
        }
    }
}

/// A template to be filled.
pub struct Job {
    pub name: String,
    /// Leave formulas where they are?
    pub keep: bool,
    pub cells: Vec<Filled>,
}

/// Fills the templates `<name>.xlsx` of a folder and recalculates them; gives where they are.
pub fn fill(folder: &Path, jobs: &[Job]) -> HashMap<String, PathBuf> {
    let filled = folder.join("filled");
    std::fs::create_dir_all(&filled).unwrap();
    let file = |folder: &Path, name: &str| folder.join(format!("{name}.xlsx"));
    let told: Vec<Json> = jobs
        .iter()
        .map(|job| {
            let cells = job.cells.iter().map(|cell| {
                json!({
                    "name": cell.name,
                    "down": cell.down,
                    "value": cell.value,
                    "over": cell.over,
                })
            });
            json!({
                "from": file(folder, &job.name),
                "to": file(&filled, &job.name),
                "keep": job.keep,
                "cells": cells.collect::<Vec<_>>(),
            })
        })
        .collect();
    python(folder, FILL, &told);
    let names: Vec<&str> = jobs.iter().map(|job| job.name.as_str()).collect();
    recalculate(folder, &filled, &names)
}

/// Runs a program of Python's over a list of jobs.
pub fn python(folder: &Path, program: &str, jobs: &[Json]) {
    let list = folder.join("jobs.json");
    std::fs::write(&list, serde_json::to_string(jobs).unwrap()).unwrap();
    let python = Command::new("/usr/bin/python3")
        .args(["-c", program])
        .arg(&list)
        .output()
        .unwrap();
    assert!(
        python.status.success(),
        "{}",
        String::from_utf8_lossy(&python.stderr)
    );
}

/// Opens workbooks in LibreOffice and saves them again; gives where they are.
pub fn recalculate(folder: &Path, from: &Path, names: &[&str]) -> HashMap<String, PathBuf> {
    let done = folder.join("done");
    let file = |folder: &Path, name: &str| folder.join(format!("{name}.xlsx"));
    let profile = format!(
        "-env:UserInstallation=file://{}",
        folder.join("profile").display()
    );
    let office = Command::new("soffice")
        .args([
            profile.as_str(),
            "--headless",
            "--convert-to",
            "xlsx:Calc MS Excel 2007 XML",
            "--outdir",
        ])
        .arg(&done)
        .args(names.iter().map(|name| file(from, name)))
        .output()
        .unwrap();
    assert!(
        office.status.success(),
        "{}",
        String::from_utf8_lossy(&office.stderr)
    );
    let place = |name: &&str| ((*name).to_owned(), file(&done, name));
    names.iter().map(place).collect()
}

/// A workbook, read.
pub fn workbook(path: &Path) -> Workbook {
    read_workbook(path, &Limits::default())
        .unwrap_or_else(|problem| panic!("{path:?}: {problem:?}"))
}

/// What a cell shows, if it shows words.
pub fn text(book: &Workbook, sheet: &str, at: CellAddress) -> String {
    let sheet = book.sheets.iter().find(|s| *s.name == *sheet).unwrap();
    match sheet.cell(at).map(|cell| &cell.content) {
        Some(Content::Text(text)) => text.to_string(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    }
}
