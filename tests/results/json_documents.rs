//! Every document of JSON the program prints or writes, against its schema in `docs/json`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tonghop::campaign::{Campaign, check};
use tonghop::model::Lang;
use tonghop::report::json::run::document;
use tonghop::report::json::submit::{ReceiptEntry, ReceiptFile, SubmitDocument};
use tonghop::workbook::Limits;

use crate::cli::tonghop;
use crate::common;
use crate::common::peers::{Peer, python};
use crate::small::{Small, book, class, table};
use crate::{guide, quoted};

fn schemas() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/json")
}

/// For each job a schema, a document and what is wrong with it: the first few faults.
const VALIDATE: &str = r#"
import json, sys
from jsonschema import Draft202012Validator
validators = {}
faults = []
for job in json.load(open(sys.argv[2], encoding="utf-8")):
    name = job["schema"]
    if name not in validators:
        schema = json.load(open(sys.argv[1] + "/" + name, encoding="utf-8"))
        Draft202012Validator.check_schema(schema)
        validators[name] = Draft202012Validator(schema)
    found = validators[name].iter_errors(job["document"])
    faults.append([f"{list(fault.absolute_path)}: {fault.message}"[:300] for fault in list(found)[:5]])
print(json.dumps(faults))
"#;

/// What is wrong with each document by its schema.
fn faults(folder: &Path, jobs: &[(&str, Json)]) -> Vec<Vec<String>> {
    let list = folder.join("jobs.json");
    let jobs = jobs
        .iter()
        .map(|(schema, document)| json!({ "schema": schema, "document": document }));
    fs::write(&list, Json::Array(jobs.collect()).to_string()).unwrap();
    serde_json::from_str(&python(Peer::JsonSchema, VALIDATE, &[&schemas(), &list])).unwrap()
}

fn file(path: PathBuf) -> Json {
    serde_json::from_slice(&fs::read(&path).unwrap_or_else(|_| panic!("{path:?}"))).unwrap()
}

/// Documents of every kind, with and without findings, causes, reasons, archives and differences.
fn documents() -> Vec<(&'static str, Json)> {
    let printed = |small: &Small, line: &str| {
        let arguments: Vec<&str> = line.split(' ').chain(["--format", "json"]).collect();
        let answer = tonghop(small.root(), &arguments);
        assert!(answer.code <= 1, "{line}: {answer:?}");
        answer.json()
    };
    let mut all = Vec::new();
    let small = Small::filled();
    fs::write(small.root().join("mau.md"), "{{ T01 }}").unwrap();
    for (schema, line) in [
        ("run.schema.json", "consolidate dot"),
        (
            "run.schema.json",
            "check dot/inbox --campaign dot --lang en",
        ),
        ("run.schema.json", "check dot/inbox"),
        ("close.schema.json", "close dot"),
        ("close.schema.json", "close dot --provisional"),
        ("close.schema.json", "close dot --provisional --reopen"),
        ("history.schema.json", "history dot"),
        ("diff.schema.json", "diff dot 2025-09.ban-1 2025-09"),
        (
            "diff.schema.json",
            "diff dot/inbox/dot-1/a.xls dot/inbox/dot-1/s.xls --campaign dot",
        ),
        (
            "diff.schema.json",
            "diff dot/inbox dot/inbox/dot-1/a.xls --campaign dot",
        ),
        ("template.schema.json", "template dot --out mau"),
        (
            "report.schema.json",
            "report dot --template mau.md --out ra.md",
        ),
        ("new.schema.json", "new khac"),
        ("new.schema.json", "next dot 2025-10"),
        ("explain.schema.json", "explain tep-rong"),
        ("forms-lint.schema.json", "forms lint dot"),
        ("forms-lint.schema.json", "forms lint"),
    ] {
        all.push((schema, printed(&small, line)));
    }
    let folder = small.folder();
    all.push((
        "findings.schema.json",
        file(folder.join("out/findings.json")),
    ));
    all.push(("run-record.schema.json", file(folder.join("out/run.json"))));
    for version in ["2025-09", "2025-09.ban-1"] {
        let folder = folder.join("history").join(version);
        all.push(("manifest.schema.json", file(folder.join("manifest.json"))));
        all.push((
            "closed-findings.schema.json",
            file(folder.join("findings.json")),
        ));
    }
    // Figures put there by hand, and an archive somebody changed.
    fs::create_dir_all(folder.join("history/2025-08")).unwrap();
    let facts = "period,unit,form,row,column,value,text,file,sheet,cell\n2025-08,S,so_lieu,gui,trong_ky,7,,,,\n";
    fs::write(folder.join("history/2025-08/facts.csv"), facts).unwrap();
    fs::write(folder.join("history/2025-09/facts.parquet"), "other").unwrap();
    all.push(("history.schema.json", printed(&small, "history dot")));
    let samples = common::sample("loi-thuong-gap");
    let forms = common::sample("soat-bieu-mau");
    let province = common::sample("vinh-long-2025-09");
    let line = format!(
        "check {} --campaign {}",
        samples.display(),
        province.display()
    );
    all.push(("run.schema.json", printed(&small, &line)));
    all.push((
        "forms-lint.schema.json",
        printed(&small, &format!("forms lint {}", forms.display())),
    ));
    let form = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/van_ban.toml");
    all.push((
        "forms-to-excel.schema.json",
        printed(
            &small,
            &format!("forms to-excel {} --out bieu", form.display()),
        ),
    ));
    all.push((
        "forms-lint.schema.json",
        printed(&small, "forms lint bieu/van_ban.xlsx"),
    ));
    let blanks = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/from_excel/blank");
    let blanks = fs::read_dir(blanks).unwrap();
    let blanks = blanks.map(|form| form.unwrap().path().join("blank.xlsx"));
    let mut blanks: Vec<String> = blanks.map(|blank| blank.display().to_string()).collect();
    blanks.sort();
    let filled = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/from_excel/blank");
    let filled = filled.join("20-thu-chi-ngan-sach-xa");
    let line = format!(
        "forms from-excel {} --filled {}",
        blanks.join(" "),
        filled.display()
    );
    all.push(("forms-from-excel.schema.json", printed(&small, &line)));
    all.push(("links.schema.json", printed(&small, "links dot")));
    all.push(("submit.schema.json", submitted(&folder)));
    all
}

/// What the page answers to a submission; `tests/serve` compares it with what a server sends.
fn submitted(campaign: &Path) -> Json {
    let book = campaign.join("inbox/dot-1/a.xls");
    let campaign = Campaign::load(campaign).unwrap();
    let limits = Limits::default();
    let run = check(&[book], Some(&campaign), &limits, &|_, _| {}).unwrap();
    let file = ReceiptFile {
        file: "a.xls",
        stored: "inbox/dot-1/trang-web/A-xa-an-binh (1).xls",
        sha256: &run.submissions[0].sha256,
        counts: true,
    };
    let receipt = ReceiptEntry {
        number: 1,
        unit: "A",
        time: "2025-10-06T08:05:11+07:00".to_owned(),
        verdict: "received",
        files: vec![file],
    };
    let run = document(&run, Some(&campaign), Lang::Vi);
    let receipt = Some(receipt);
    serde_json::to_value(SubmitDocument { run, receipt }).unwrap()
}

/// A document with a key less, or with what no reader expects in its place, for every key there is.
fn spoilt(document: &Json) -> Vec<Json> {
    let Json::Object(whole) = document else {
        return document
            .as_array()
            .unwrap()
            .iter()
            .take(1)
            .flat_map(spoilt)
            .map(|one| json!([one]))
            .collect();
    };
    let mut all = Vec::new();
    for key in whole.keys() {
        let mut less = whole.clone();
        less.remove(key);
        all.push(Json::Object(less));
        let mut other = whole.clone();
        other.insert(key.clone(), json!({ "khac": [[null]] }));
        all.push(Json::Object(other));
    }
    all
}

#[test]
fn every_document_is_as_its_schema_says() {
    if !Peer::JsonSchema.found() {
        return;
    }
    let documents = documents();
    let folder = tempfile::tempdir().unwrap();
    for ((schema, document), faults) in documents.iter().zip(faults(folder.path(), &documents)) {
        assert!(faults.is_empty(), "{schema}: {faults:#?}\n{document:#}");
    }
    // Every schema has had a document, and each would have refused a wrong one.
    let used: BTreeSet<&str> = documents.iter().map(|(schema, _)| *schema).collect();
    let kept = fs::read_dir(schemas()).unwrap();
    let kept: BTreeSet<String> = kept
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(
        kept.iter().map(String::as_str).collect::<BTreeSet<_>>(),
        used
    );
    let mut wrong: Vec<(&str, Json)> = Vec::new();
    for schema in used {
        let own = documents.iter().filter(|(name, _)| *name == schema);
        let full = own
            .max_by_key(|(_, document)| document.to_string().len())
            .unwrap();
        wrong.extend(
            spoilt(&full.1)
                .into_iter()
                .map(|document| (schema, document)),
        );
    }
    for ((schema, document), faults) in wrong.iter().zip(faults(folder.path(), &wrong)) {
        assert!(!faults.is_empty(), "{schema} takes {document:#}");
    }
}

/// The run has everything in it that the schema knows: findings with suspects, causes, reasons,
/// rules of each status. Otherwise the test above would say little.
#[test]
fn the_documents_looked_at_have_every_part() {
    let small = Small::filled();
    // A bound says no figure; a ratio does.
    let rows = vec![class("Lớp một", "20", "10", "40", "1.5")];
    let total = class("Tổng cộng", "20", "10", "50", "1.5");
    let wrong = book(&[table("Lớp học", "Phường Châu Thành", "C", rows, total)]);
    small.receive("c.xls", &wrong);
    let run = tonghop(small.root(), &["consolidate", "dot", "--format", "json"]).json();
    let findings = run["findings"].as_array().unwrap();
    for key in [
        "suspects",
        "cause",
        "justification",
        "value",
        "expected",
        "difference",
    ] {
        let there = |one: &Json| !one[key].is_null() && one[key] != json!([]);
        assert!(findings.iter().any(there), "no finding has `{key}`");
    }
    for key in ["submissions", "units", "figures", "rules"] {
        assert_ne!(run[key].as_array().unwrap().len(), 0, "{key}");
    }
}

/// Keys of an object of a schema.
fn keys(schema: &Json, name: Option<&str>) -> BTreeSet<String> {
    let object = name.map_or(schema, |name| &schema["$defs"][name]);
    object["properties"]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect()
}

/// The guide's table of JSON names every key, and no other.
#[test]
fn the_guide_names_every_key_of_a_run() {
    let run = file(schemas().join("run.schema.json"));
    let guide = guide();
    let (_, section) = guide.split_once("## JSON").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let row = |name: &str| -> BTreeSet<String> {
        let start = format!("| `{name}[]` | ");
        let line = section.lines().find_map(|line| line.strip_prefix(&start));
        let line = line.unwrap_or_else(|| panic!("{name}"));
        // What explains a key is in brackets behind it.
        let mut depth = 0;
        let own: String = line
            .chars()
            .filter(|c| {
                depth += i32::from(*c == '(');
                let own = depth == 0;
                depth -= i32::from(*c == ')');
                own
            })
            .collect();
        let keys = quoted(own.split(';').next().unwrap());
        keys.iter()
            .map(|key| key.trim_end_matches("[]").to_owned())
            .collect()
    };
    let top: BTreeSet<String> = [
        "tonghop",
        "campaign",
        "period",
        "submissions",
        "units",
        "findings",
        "figures",
        "rules",
    ]
    .map(str::to_owned)
    .into();
    assert_eq!(keys(&run, None), top);
    for (name, of) in [
        ("submissions", "SubmissionEntry"),
        ("units", "UnitEntry"),
        ("findings", "FindingEntry"),
        ("suspects", "SuspectEntry"),
        ("figures", "FigureEntry"),
    ] {
        assert_eq!(row(name), keys(&run, Some(of)), "{name}");
    }
    // The other documents are described in one paragraph: every key of theirs is in it.
    let all = quoted(section);
    let named = |key: &str| all.iter().any(|word| word.trim_end_matches("[]") == key);
    for name in ["close", "history", "diff", "report"] {
        let schema = file(schemas().join(format!("{name}.schema.json")));
        for key in keys(&schema, None) {
            assert!(
                key == "tonghop" || named(&key),
                "{name}: `{key}` is not in the guide"
            );
        }
    }
}
