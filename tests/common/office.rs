//! Templates filled by another program and recalculated by another: Python's openpyxl and
//! LibreOffice, each started once for many workbooks.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tonghop::model::{CellAddress, Fact, Value, template_names};
use tonghop::schema::Form;
use tonghop::workbook::{Content, Limits, Workbook, read_workbook};

use crate::common::peers::Peer;

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
    Peer::Openpyxl.found() && Peer::LibreOffice.found()
}

/// A cell to be filled: its defined name, how many rows below the name's first cell (above it if
/// negative), what to write.
#[derive(Debug, Clone, PartialEq)]
pub struct Filled {
    pub name: String,
    pub down: i64,
    pub value: Json,
    /// Write over a formula even if formulas are kept?
    pub over: bool,
}

impl Filled {
    pub fn new(name: String, down: impl Into<i64>, value: Json) -> Filled {
        Filled {
            name,
            down: down.into(),
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
    let convert = ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir"];
    let mut office = soffice(folder);
    office.args(convert).arg(&done);
    finished(office.args(names.iter().map(|name| file(from, name))));
    let place = |name: &&str| ((*name).to_owned(), file(&done, name));
    names.iter().map(place).collect()
}

/// Saves a workbook in another format, into a folder.
pub fn convert(folder: &Path, from: &Path, kind: &str, to: &Path) {
    let mut office = soffice(folder);
    finished(
        office
            .args(["--convert-to", kind, "--outdir"])
            .arg(to)
            .arg(from),
    );
}

/// LibreOffice without a screen, with a profile of its own.
fn soffice(folder: &Path) -> Command {
    let profile = folder.join("profile");
    let mut office = Command::new("soffice");
    office
        .arg(format!(
            "-env:UserInstallation=file://{}",
            profile.display()
        ))
        .args(["--headless", "--norestore"]);
    office
}

fn finished(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Runs a macro of LibreOffice's own language, with words for it to find in its environment.
pub fn run_macro(folder: &Path, body: &str, words: &[(&str, String)]) {
    let basic = folder.join("profile/user/basic");
    let own = basic.join("Standard");
    std::fs::create_dir_all(&own).unwrap();
    let body = body.replace('&', "&amp;").replace('<', "&lt;");
    let parts = [
        (basic.join("script.xlc"), LIBRARIES.to_owned()),
        (own.join("script.xlb"), LIBRARY.to_owned()),
        (own.join("Module1.xba"), MODULE.replace("BODY", &body)),
    ];
    for (path, text) in parts {
        std::fs::write(path, text).unwrap();
    }
    let mut office = soffice(folder);
    office.envs(words.iter().map(|(name, word)| (*name, word.as_str())));
    finished(office.arg("macro:///Standard.Module1.Main"));
}

const LIBRARIES: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:libraries PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "libraries.dtd">
<library:libraries xmlns:library="http://openoffice.org/2000/library" xmlns:xlink="http://www.w3.org/1999/xlink">
<library:library library:name="Standard" xlink:href="$(USER)/basic/Standard/script.xlb/" xlink:type="simple" library:link="false"/>
</library:libraries>
"#;

const LIBRARY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE library:library PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "library.dtd">
<library:library xmlns:library="http://openoffice.org/2000/library" library:name="Standard" library:readonly="false" library:passwordprotected="false">
<library:element library:name="Module1"/>
</library:library>
"#;

const MODULE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">BODY</script:module>
"#;

/// The figures of a unit of a sample, as cells to fill in.
pub fn figures(facts: &[Fact], unit: &str, forms: &[Arc<Form>]) -> Vec<Filled> {
    let mut rows: BTreeMap<(String, String), (u32, String)> = BTreeMap::new();
    let own = facts.iter().filter(|fact| *fact.unit == *unit);
    let mut cells = Vec::new();
    for fact in own {
        let form = forms.iter().find(|form| form.id() == &*fact.form).unwrap();
        let value = match &fact.value {
            Value::Number(number) => json!(number.to_string().parse::<f64>().unwrap()),
            Value::Flag(ticked) => ticked.then_some("x").map_or(Json::Null, |x| json!(x)),
            other => json!(other.to_string()),
        };
        if !form.is_free() {
            let name = template_names::cell(form.id(), &fact.row, &fact.column);
            cells.push(Filled::new(name, 0, value));
            continue;
        }
        let of_form = rows.keys().filter(|(id, _)| id == form.id()).count();
        let next = u32::try_from(of_form).unwrap();
        let key = (form.id().to_owned(), fact.row.to_string());
        let (down, _) = rows.entry(key).or_insert((next, fact.row.to_string()));
        cells.push(Filled::new(
            template_names::column(form.id(), &fact.column),
            *down,
            value,
        ));
    }
    for ((id, _), (down, key)) in rows {
        let form = forms.iter().find(|form| form.id() == id).unwrap();
        let column = &form.file.columns[form.key_column().unwrap()].id;
        cells.push(Filled::new(
            template_names::column(&id, column.get_ref()),
            down,
            json!(key),
        ));
    }
    cells
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
