//! Filled workbooks as evidence: the form's rules tried on them, and what else they bear out.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::cli::tonghop;

fn blank(name: &str) -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/from_excel/blank");
    root.join(name)
}

/// What the command prints for a form and some of its filled files.
fn compiled(root: &Path, form: &str, files: &[&str]) -> (i32, Value) {
    let filled = root.join("da-dien");
    fs::create_dir_all(&filled).unwrap();
    for file in files {
        fs::copy(blank(form).join(file), filled.join(file)).unwrap();
    }
    let path = blank(form).join("blank.xlsx");
    let arguments = [
        "forms",
        "from-excel",
        path.to_str().unwrap(),
        "--filled",
        "da-dien",
        "--out",
        "bieu",
        "--format",
        "json",
    ];
    let answer = tonghop(root, &arguments);
    let document = serde_json::from_str(&answer.out);
    (
        answer.code,
        document.unwrap_or_else(|_| panic!("{answer:?}")),
    )
}

fn rules<'a>(document: &'a Value, strength: &str) -> Vec<&'a Value> {
    let rules = document["forms"][0]["rules"].as_array().unwrap();
    let mut rules: Vec<&Value> = rules.iter().collect();
    rules.retain(|rule| (rule["strength"] == "proposed") == (strength == "proposed"));
    rules
}

#[test]
fn what_holds_in_all_filled_workbooks_is_a_comment_in_the_form_file() {
    let root = tempfile::tempdir().unwrap();
    let form = "20-thu-chi-ngan-sach-xa";
    let (code, document) = compiled(root.path(), form, &["clean-1.xlsx", "clean-2.xlsx"]);
    assert_eq!(code, 0, "{document:#}");
    for rule in rules(&document, "stated") {
        assert_eq!(rule["tested"]["files"], 2, "{rule}");
        assert_eq!(rule["tested"]["failed"], 0, "{rule}");
    }
    let proposed = rules(&document, "proposed");
    let texts: Vec<&str> = proposed
        .iter()
        .map(|rule| rule["text"].as_str().unwrap())
        .collect();
    assert_eq!(
        texts,
        [
            "cac_khoan_thu_xa_huong_100 = SUM(phi_le_phi, thu_khac)",
            "thu_bo_sung_tu_ngan_sach_cap_tren = SUM(bo_sung_can_doi, bo_sung_co_muc_tieu)",
        ]
    );
    assert_eq!(proposed[0]["tested"]["held"], 8);
    assert_eq!(proposed[0]["evidence"]["cell"], "B12");
    let path = document["forms"][0]["path"].as_str().unwrap();
    let toml = fs::read_to_string(root.path().join(path)).unwrap();
    for text in texts {
        assert!(toml.contains(&format!("# check = \"{text}\"")), "{toml}");
        assert!(!toml.contains(&format!("\ncheck = \"{text}\"")), "{toml}");
    }
}

/// Adopted as they are written, proposals find nothing in the files they come from.
#[test]
fn adopted_proposals_hold_in_the_workbooks_they_come_from() {
    let root = tempfile::tempdir().unwrap();
    let form = "20-thu-chi-ngan-sach-xa";
    let (_, document) = compiled(root.path(), form, &["clean-1.xlsx", "clean-2.xlsx"]);
    let path = root
        .path()
        .join(document["forms"][0]["path"].as_str().unwrap());
    let toml = fs::read_to_string(&path).unwrap();
    let (before, proposals) = toml.split_once("# Đề xuất từ 2 tệp").unwrap();
    let mut adopted = before.to_owned();
    for line in proposals.lines() {
        let line = line.trim_start_matches("# ");
        let is_rule = ["[[rule]]", "id =", "check =", "columns =", "rows ="];
        if is_rule.iter().any(|start| line.starts_with(start)) {
            adopted += line;
            adopted += "\n";
        }
    }
    fs::write(&path, adopted).unwrap();
    let lint = tonghop(root.path(), &["forms", "lint", path.to_str().unwrap()]);
    assert_eq!(lint.code, 0, "{lint:?}");
}

#[test]
fn a_stated_rule_that_fails_in_most_filled_workbooks_is_asked_about() {
    let root = tempfile::tempdir().unwrap();
    let form = "02-xu-ly-don-01xld";
    let wrong = "wrong-tong-don.xlsx";
    // A mistake in one cell of one workbook is nothing against the form.
    let (code, document) = compiled(root.path(), form, &[wrong]);
    assert_eq!(code, 0, "{document:#}");
    let filled = root.path().join("da-dien");
    for copy in ["2.xlsx", "3.xlsx"] {
        fs::copy(filled.join(wrong), filled.join(copy)).unwrap();
    }
    let (code, document) = compiled(root.path(), form, &[wrong]);
    assert_eq!(code, 1, "{document:#}");
    let asked = document["asked"].as_array().unwrap();
    let asked = asked.iter().find(|one| one["cell"] == "B12").unwrap();
    let why = asked["why"].as_str().unwrap();
    assert!(why.contains("sai ở 3 trong 3 tệp"), "{why}");
    assert!(why.contains(", 01XLD!B13: "), "{why}");
}

#[test]
fn files_that_cannot_be_read_are_named_and_left_out() {
    let root = tempfile::tempdir().unwrap();
    let filled = root.path().join("da-dien");
    fs::create_dir_all(&filled).unwrap();
    fs::write(filled.join("hong.xlsx"), "PK\u{3}\u{4} nothing").unwrap();
    fs::write(filled.join("ghi-chu.txt"), "Đã nhận đủ.").unwrap();
    let form = "07-truong-lop-hoc-sinh";
    let (code, document) = compiled(root.path(), form, &["clean-1.xlsx"]);
    assert_eq!(code, 0, "{document:#}");
    let left_out = document["left_out"].as_array().unwrap();
    let files: Vec<&str> = left_out
        .iter()
        .map(|one| one["file"].as_str().unwrap())
        .collect();
    assert_eq!(files, ["da-dien/ghi-chu.txt", "da-dien/hong.xlsx"]);
    assert_eq!(rules(&document, "stated")[0]["tested"]["files"], 1);
}
