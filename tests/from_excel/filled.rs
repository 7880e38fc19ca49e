//! Filled files checked by the compiled form.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::cli::tonghop;

/// Everything that is not as it should be with the filled files of a form.
pub fn faults(folder: &Path) -> Vec<String> {
    let name = folder.file_name().unwrap().to_string_lossy().into_owned();
    let mut faults = Vec::new();
    let root = tempfile::tempdir().unwrap();
    for number in ["1", "2"] {
        if !folder.join(format!("clean-{number}.xlsx")).exists() {
            continue;
        }
        faults.extend(campaign(root.path(), folder, number));
        let clean = format!("clean-{number}.xlsx");
        for finding in findings(root.path(), folder, &clean, number) {
            faults.push(format!(
                "{name}/{clean}: {}: {}",
                finding["cell"], finding["message"]
            ));
        }
    }
    let wrong: Value =
        serde_json::from_slice(&fs::read(folder.join("wrong.json")).unwrap()).unwrap();
    for (file, said) in wrong.as_object().unwrap() {
        if said["expect"] != "emit" {
            continue;
        }
        let cell = said["cell"].as_str().unwrap();
        let found = findings(root.path(), folder, file, "1");
        // The finding itself, or one that names the cell among those it may be.
        let named = |finding: &Value| {
            let text = finding.to_string();
            text.match_indices(cell).any(|(at, _)| {
                !text[at + cell.len()..].starts_with(|c: char| c.is_ascii_digit())
                    && !text[..at].ends_with(|c: char| c.is_ascii_uppercase())
            })
        };
        if !found.iter().any(named) {
            faults.push(format!("{name}/{file}: nothing found at {cell}: {found:?}"));
        }
    }
    faults
}

/// Makes a campaign of the blank in `root/<number>`, with the period before closed if the form has
/// files of it.
fn campaign(root: &Path, folder: &Path, number: &str) -> Vec<String> {
    fs::write(
        root.join("don-vi.csv"),
        "code,name,kind\n01,Xã An Bình,xa\n",
    )
    .unwrap();
    let previous = folder.join(format!("previous-{number}.xlsx"));
    let period = match previous.exists() {
        true => "2025-08",
        false => "2025-09",
    };
    let blank = folder.join("blank.xlsx");
    let arguments = [
        "new",
        number,
        "--from-excel",
        blank.to_str().unwrap(),
        "--roster",
        "don-vi.csv",
        "--period",
        period,
    ];
    let mut faults = Vec::new();
    let mut run = |arguments: &[&str]| {
        let answer = tonghop(root, arguments);
        if answer.code != 0 {
            faults.push(format!("{}: {arguments:?}: {answer:?}", folder.display()));
        }
    };
    run(&arguments);
    run(&["forms", "lint", number]);
    if previous.exists() {
        fs::copy(&previous, root.join(number).join("inbox/ky-truoc.xlsx")).unwrap();
        run(&["consolidate", number]);
        run(&["close", number]);
        let file = root.join(number).join("campaign.toml");
        let text = fs::read_to_string(&file)
            .unwrap()
            .replace("2025-08", "2025-09");
        fs::write(file, text).unwrap();
    }
    faults
}

fn findings(root: &Path, folder: &Path, file: &str, number: &str) -> Vec<Value> {
    let path = folder.join(file);
    let answer = tonghop(
        root,
        &[
            "check",
            path.to_str().unwrap(),
            "--campaign",
            number,
            "--format",
            "json",
        ],
    );
    let document: Value =
        serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{answer:?}"));
    document["findings"].as_array().unwrap().clone()
}

/// What is found in filled workbooks by a campaign made of a blank: for each the rules with their cells.
pub fn told(blank: &[u8], filled: &[Vec<u8>]) -> Vec<Vec<String>> {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    fs::write(root.join("blank.xlsx"), blank).unwrap();
    let faults = campaign(root, root, "1");
    assert!(faults.is_empty(), "{faults:?}");
    let one = |bytes: &Vec<u8>| {
        fs::write(root.join("filled.xlsx"), bytes).unwrap();
        let findings = findings(root, root, "filled.xlsx", "1");
        let told = findings.iter();
        told.map(|one| format!("{} {}", one["rule"], one["cell"]).replace('"', ""))
            .collect()
    };
    filled.iter().map(one).collect()
}
