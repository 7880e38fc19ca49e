//! Files from practice that once went wrong, each with what is right: `tests/cases`.

mod campaign;
mod cells;
mod closing_rows;
mod dot_moi;
mod habits;
mod named_sums;
mod odd_files;
mod pasted;
mod printed;
mod stated;
mod tables;

#[path = "../common/peers.rs"]
mod peers;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value as Json;

fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(name)
}

/// What `check` answers, as an exit code and JSON. A check that does not end is ended, and fails.
fn check(files: &[PathBuf], campaign: &Path) -> (i32, Json) {
    let output = tempfile::NamedTempFile::new().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_tonghop"))
        .arg("check")
        .args(files)
        .args(["--format", "json", "--campaign"])
        .arg(campaign)
        .stdout(output.reopen().unwrap())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        if begun.elapsed() > Duration::from_secs(120) {
            child.kill().unwrap();
            panic!("check of {files:?} does not end");
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    let told = std::fs::read_to_string(output.path()).unwrap();
    let json = serde_json::from_str(&told).unwrap_or_else(|_| panic!("{files:?}: {told}"));
    (status.code().unwrap(), json)
}

/// A copy of a workbook in which each pattern, found in exactly one of its parts, is replaced.
fn changed(workbook: &Path, changes: &[(&str, &str)]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bao-cao.xlsx");
    let from = std::fs::File::open(workbook).unwrap();
    let mut parts = zip::ZipArchive::new(from).unwrap();
    let mut to = zip::ZipWriter::new(std::fs::File::create(&file).unwrap());
    let mut found = vec![0; changes.len()];
    for at in 0..parts.len() {
        let mut part = parts.by_index(at).unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut part, &mut bytes).unwrap();
        if let Ok(mut text) = String::from_utf8(bytes.clone()) {
            for (change, found) in changes.iter().zip(&mut found) {
                let pattern = regex::Regex::new(change.0).unwrap();
                *found += usize::from(pattern.is_match(&text));
                text = pattern.replace(&text, change.1).into_owned();
            }
            bytes = text.into_bytes();
        }
        let options = zip::write::SimpleFileOptions::default();
        to.start_file(part.name().unwrap(), options).unwrap();
        std::io::Write::write_all(&mut to, &bytes).unwrap();
    }
    to.finish().unwrap();
    assert_eq!(found, vec![1; changes.len()], "{changes:?}");
    (folder, file)
}

/// `rule` of every finding.
fn rules(told: &Json) -> Vec<&str> {
    let findings = told["findings"].as_array().unwrap().iter();
    findings.map(|one| one["rule"].as_str().unwrap()).collect()
}

/// A change that mended only a doubt outside its group was taken for progress, for ever.
#[test]
fn four_rows_above_a_limit_do_not_keep_the_search_going() {
    let file = case("47-bon-dong-qua-nguong").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/th"));
    assert_eq!(code, 0);
    let doubts = rules(&told);
    let doubts = doubts.iter().filter(|rule| **rule == "lop-dong-bat-thuong");
    assert!(doubts.count() >= 4);
    assert_eq!(suggested(&told), [], "a limit says no figure");
}

#[test]
fn a_row_and_its_total_above_a_limit_do_not_keep_the_search_going() {
    let file = case("47d-mot-lop-dong-tong-lon").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/th"));
    assert_eq!(code, 0);
    assert!(rules(&told).contains(&"lop-dong-bat-thuong"));
    assert_eq!(suggested(&told), [], "a limit says no figure");
}

/// Rules that no change of one cell mends together once recursed until the stack was full.
#[test]
fn rules_that_pull_against_each_other_are_told_one_by_one() {
    for name in ["quy-tac/hang1", "quy-tac/hang"] {
        let (code, told) = check(&[case(name).join("u01.xlsx")], &case(name));
        assert!(code <= 1, "{name}: exit code {code}");
        assert!(!rules(&told).contains(&"doc-tep-bi-dung"), "{told}");
    }
}

/// Findings of a rule, as (sheet, cell, Vietnamese message).
fn told_of<'a>(told: &'a Json, rule: &str) -> Vec<(&'a str, &'a str, &'a str)> {
    let text = |one: &'a Json, key: &str| one[key].as_str().unwrap_or_default();
    let findings = told["findings"].as_array().unwrap().iter();
    let own = findings.filter(|one| one["rule"] == rule);
    own.map(|one| (text(one, "sheet"), text(one, "cell"), text(one, "message")))
        .collect()
}

#[test]
fn a_sheet_of_another_unit_is_not_taken_for_this_units() {
    let file = case("41-trang-cua-don-vi-khac").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/vl"));
    assert_eq!(code, 1);
    let found = told_of(&told, "don-vi-mau-thuan");
    assert_eq!(found.len(), 1, "{found:?}");
    let message = found[0].2;
    assert!(
        message.contains("Phường Phú Khương") && message.contains("Phường Bến Tre"),
        "{message}"
    );
}

#[test]
fn the_right_period_is_right_however_it_is_written() {
    for n in 1..=8 {
        let file = case("42-ky-bao-cao-viet-nhieu-cach").join(format!("ky-{n}.xlsx"));
        let (code, told) = check(&[file], &case("dot/dn"));
        assert_eq!(
            (code, told_of(&told, "sai-ky-bao-cao")),
            (0, vec![]),
            "ky-{n}"
        );
        assert_eq!(told_of(&told, "khong-ro-ky-bao-cao"), [], "ky-{n}");
    }
}

#[test]
fn another_unit_of_measure_above_the_table_is_asked_about() {
    let file = case("43-sua-don-vi-tinh").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/vpn"));
    let found = told_of(&told, "sai-don-vi-tinh-ghi-tren-bieu");
    assert_eq!((code, found.len()), (1, 1), "{told}");
    assert!(found[0].2.contains("nghìn đồng"), "{found:?}");
}

/// Findings that are no notes, as (rule, message).
fn asked(told: &Json) -> Vec<(&str, &str)> {
    let findings = told["findings"].as_array().unwrap().iter();
    let open = findings.filter(|one| one["severity"] != "info");
    open.map(|one| {
        (
            one["rule"].as_str().unwrap(),
            one["message"].as_str().unwrap(),
        )
    })
    .collect()
}

/// Every figure that is suggested, with its cell, as they are listed.
fn suggested(told: &Json) -> Vec<(String, String)> {
    let findings = told["findings"].as_array().unwrap().iter();
    let suspects = findings.flat_map(|one| one["suspects"].as_array().into_iter().flatten());
    suspects
        .filter(|suspect| !suspect["suggestion"].is_null())
        .map(|suspect| {
            let cell = suspect["cell"].as_str().unwrap().to_owned();
            (cell, suspect["suggestion"].to_string())
        })
        .collect()
}

fn statuses(told: &Json) -> Vec<&str> {
    let files = told["submissions"].as_array().unwrap().iter();
    files.map(|one| one["status"].as_str().unwrap()).collect()
}

#[test]
fn a_workbook_that_excel_opens_without_a_password_is_read() {
    let file = case("14-mat-khau-mac-dinh").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/dn"));
    assert_eq!((code, statuses(&told)), (0, vec!["accepted"]), "{told}");
}

#[test]
fn truths_of_libreoffice_are_ticks() {
    let file = case("17-ods-logic").join("bao-cao.ods");
    let (_, told) = check(&[file], &case("dot/vl"));
    let about_ticks = asked(&told)
        .into_iter()
        .filter(|(_, message)| message.contains("«1»"));
    assert_eq!(about_ticks.count(), 0, "{told}");
}

#[test]
fn names_of_streams_are_compared_without_case() {
    let file = case("30-xls-luong-BOOK").join("bao-cao.xls");
    let (code, told) = check(&[file], &case("dot/dn"));
    assert_eq!((code, statuses(&told)), (0, vec!["accepted"]), "{told}");
}

#[test]
fn an_open_document_zipped_again_is_one_workbook() {
    for name in ["nen.ods", "cuoi.ods"] {
        let file = case("49-ods-nen-lai").join(name);
        let (code, told) = check(&[file], &case("dot/dn2"));
        assert_eq!(
            (code, statuses(&told)),
            (0, vec!["accepted"]),
            "{name}: {told}"
        );
    }
}

/// Files of the sample campaign that were saved in odd ways, and one that was cut off.
#[test]
fn sound_files_are_read_and_damage_is_named() {
    let folder = case("robust");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.starts_with("good"))
        .collect();
    names.sort();
    assert!(names.len() >= 9, "{names:?}");
    for name in names {
        let (_, told) = check(&[folder.join(&name)], &case("dot/vl"));
        assert_eq!(told["submissions"].as_array().unwrap().len(), 1, "{name}");
        let unread = ["unreadable", "unidentified"];
        assert!(!unread.contains(&statuses(&told)[0]), "{name}: {told}");
        assert!(
            !rules(&told).contains(&"thieu-bieu") || name.contains("dn"),
            "{name}: {:?}",
            asked(&told)
        );
    }
    let (_, told) = check(&[folder.join("cut-60-percent.xls")], &case("dot/vl"));
    let found = asked(&told);
    assert!(found[0].1.contains("hỏng"), "{found:?}");
    let (_, told) = check(&[folder.join("sheet_name_long.xlsx")], &case("dot/vl"));
    let longest = asked(&told).iter().map(|(_, message)| message.len()).max();
    assert!(longest.is_none_or(|bytes| bytes < 2_000), "{longest:?}");
}

#[test]
fn files_of_the_system_are_no_submissions() {
    let folder = tempfile::tempdir().unwrap();
    for entry in std::fs::read_dir(case("46-rac-trong-inbox")).unwrap() {
        let path = entry.unwrap().path();
        std::fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
    }
    std::fs::write(folder.path().join("~$bao-cao.xlsx"), [0; 165]).unwrap();
    std::fs::write(folder.path().join("._bao-cao.xlsx"), [0; 165]).unwrap();
    let (code, told) = check(&[folder.path().to_owned()], &case("dot/dn"));
    assert_eq!((code, statuses(&told)), (0, vec!["accepted"]), "{told}");
}

/// What the tallies of a check say of each rule: held, failed, or why it was not evaluated.
fn verdicts(told: &Json) -> Vec<(&str, &str)> {
    let of = |rule: &'_ Json| {
        let is_one = |key: &str| rule[key].as_u64() == Some(1);
        if is_one("held") {
            "held"
        } else if is_one("failed") {
            "failed"
        } else {
            "not evaluated"
        }
    };
    let rules = told["rules"].as_array().unwrap().iter();
    rules
        .map(|rule| (rule["rule"].as_str().unwrap(), of(rule)))
        .collect()
}

/// AND and OR have three values and do not depend on the order of their arguments; what decides
/// them decides, whatever cannot be evaluated beside it.
#[test]
fn conditions_have_three_values_in_any_order() {
    let (_, told) = check(&[case("quy-tac/probe/u01.xlsx")], &case("quy-tac/probe"));
    let mut verdicts = verdicts(&told);
    verdicts.sort_unstable();
    assert_eq!(
        verdicts,
        [
            ("and-blank-false", "failed"),
            ("and-false-blank", "failed"),
            ("and-true-blank", "not evaluated"),
            ("if-branch-blank-unused", "failed"),
            ("if-cond-blank", "not evaluated"),
            ("if-isblank-guard", "failed"),
            ("or-blank-true", "held"),
            ("or-false-blank", "not evaluated"),
            ("or-true-blank", "held"),
            ("when-or-blank-true", "failed"),
            ("when-or-true-blank", "failed"),
        ],
        "a condition that does not hold is not told of: when-and-false-blank"
    );
}

/// Every condition here holds by its first argument, and every check is false: none is held.
#[test]
fn a_condition_that_holds_beside_what_cannot_be_evaluated_is_never_held_in_silence() {
    let (_, told) = check(&[case("quy-tac/p2/u01.xlsx")], &case("quy-tac/p2"));
    let rules = told["rules"].as_array().unwrap();
    assert!(rules.len() >= 15, "{rules:#?}");
    for rule in rules {
        assert_eq!(rule["held"], 0, "{rule}");
        assert_eq!(rule["failed"], 1, "{rule}");
    }
}

#[test]
fn a_quotient_is_exact() {
    let (code, told) = check(&[case("quy-tac/div/u01.xlsx")], &case("quy-tac/div"));
    assert_eq!((code, rules(&told)), (0, vec![]));
    let held = verdicts(&told);
    assert_eq!(held.len(), 5);
    assert!(
        held.iter().all(|(_, verdict)| *verdict == "held"),
        "{held:?}"
    );
}

/// A percentage that is a column of a form with fixed rows was looked for in its column, where its
/// operands are not: never computed, never checked.
#[test]
fn a_percent_column_of_fixed_rows_is_checked() {
    let campaign = case("ty-le-cot");
    let (code, told) = check(&[campaign.join("x1.xlsx")], &campaign);
    assert_eq!(code, 1, "{told}");
    let findings = told["findings"].as_array().unwrap().iter();
    let wrong: Vec<&Json> = findings.filter(|one| one["rule"] == "ty-le-sai").collect();
    assert_eq!(wrong.len(), 2, "100 of 200 is written as 99 twice: {told}");
    for one in wrong {
        assert_eq!((&one["value"], &one["expected"]), (&99.into(), &50.into()));
        // Two rows that are alike are no copies of one another.
        let first = &one["suspects"][0];
        assert_eq!(
            (&first["cell"], &first["suggestion"]),
            (&one["cell"], &50.into())
        );
        assert_eq!(one["suspects"][1]["rank"], 2);
    }
}

/// Rows behind the first «Cộng» were lost, with a warning for each of their cells.
#[test]
fn sums_of_groups_are_neither_the_end_of_a_table_nor_rows_of_it() {
    let file = case("22-dong-cong-giua-bang").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/vl"));
    assert_eq!(code, 0, "{told:#}");
    assert_eq!(rules(&told), ["dong-cong-nhom"; 2]);
    assert_eq!(statuses(&told), ["accepted"]);
}

/// The same workbook with 31 instead of 30 in the first sum.
#[test]
fn a_sum_of_a_group_that_its_rows_do_not_add_up_to_is_an_error() {
    let (_folder, file) = changed(
        &case("22-dong-cong-giua-bang").join("bao-cao.xlsx"),
        &[(r#"(<c r="C18"[^>]*>.*?<v>)30(</v>)"#, "${1}31${2}")],
    );
    let (code, told) = check(&[file], &case("dot/vl"));
    assert_eq!(code, 1, "{told:#}");
    let errors = asked(&told);
    assert_eq!(errors.len(), 1, "{told:#}");
    assert_eq!(errors[0].0, "cong-nhom-lech");
    assert!(
        errors[0].1.contains("ghi 31, các dòng ấy cộng lại là 30"),
        "{errors:?}"
    );
}

/// The row of column numbers of the second page was read as a row of figures.
#[test]
fn a_header_repeated_for_the_next_page_is_no_row() {
    let file = case("38-tieu-de-lap-moi-trang-in").join("bao-cao.xlsx");
    let (code, told) = check(&[file], &case("dot/vl"));
    assert_eq!((code, asked(&told)), (0, Vec::new()), "{told:#}");
    assert_eq!(statuses(&told), ["accepted"]);
}
