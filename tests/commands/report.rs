//! `tonghop report`: what it writes, what it says of figures that are not final, when it refuses.

use std::fs;

use serde_json::json;

use crate::cli::tonghop;
use crate::small::Small;

const TEMPLATE: &str = "Cả tỉnh có {{ T01 }} người dự, {{ T02 | phan_tram }} là nữ.\n";

fn with(small: &Small, template: &str) {
    fs::write(small.root().join("mau.md"), template).unwrap();
}

#[test]
fn a_report_of_all_units_is_final() {
    let small = Small::complete();
    with(&small, TEMPLATE);
    let report = ["report", "dot", "--template", "mau.md", "--out", "ra.md"];
    let answer = tonghop(small.root(), &report);
    assert_eq!(
        (answer.code, answer.out.as_str(), answer.err.as_str()),
        (0, "Đã ghi báo cáo: ra.md\n", "")
    );
    let written = fs::read_to_string(small.root().join("ra.md")).unwrap();
    assert_eq!(written, "Cả tỉnh có 3.329 người dự, 50,44% là nữ.\n");
}

#[test]
fn figures_that_lack_units_are_named_and_the_exit_code_says_so() {
    let small = Small::filled();
    with(&small, TEMPLATE);
    let report = ["report", "dot", "--template", "mau.md", "--out", "ra.md"];
    let answer = tonghop(small.root(), &report);
    let told = "Đã ghi báo cáo: ra.md\nCòn số tạm tính hoặc chưa có, đã đánh dấu trong báo cáo: T01, T02\n";
    assert_eq!((answer.code, answer.out.as_str()), (1, told));
    let written = fs::read_to_string(small.root().join("ra.md")).unwrap();
    assert_eq!(
        written,
        "Cả tỉnh có 3.289 (tạm tính) người dự, 50,44% (tạm tính) là nữ.\n"
    );
    let json = tonghop(small.root(), &[&report[..], &["--format", "json"]].concat());
    let expected =
        json!({ "report": "ra.md", "provisional": ["T01", "T02"], "since_results": null });
    assert_eq!((json.code, json.json()), (1, expected));
}

#[test]
fn a_template_with_an_unknown_name_writes_nothing() {
    let small = Small::complete();
    with(&small, "Dòng một.\n{{ T1 }} và {{ T07 }}\n");
    fs::write(small.root().join("ra.md"), "báo cáo cũ").unwrap();
    let report = ["report", "dot", "--template", "mau.md", "--out", "ra.md"];
    let answer = tonghop(small.root(), &report);
    assert_eq!((answer.code, answer.out.as_str()), (3, ""));
    for told in [
        "mau.md: dòng 2: không có số liệu hay danh sách tên `T1`; có phải `T01`?",
        "mau.md: dòng 2: không có số liệu hay danh sách tên `T07`; có phải `T01`?",
    ] {
        assert!(answer.err.contains(told), "{}", answer.err);
    }
    let kept = fs::read_to_string(small.root().join("ra.md")).unwrap();
    assert_eq!(kept, "báo cáo cũ");
}

#[test]
fn a_template_and_its_report_are_files_of_one_kind() {
    let small = Small::complete();
    with(&small, TEMPLATE);
    fs::write(small.root().join("mau.xlsx"), TEMPLATE).unwrap();
    for (template, out, told) in [
        ("mau.md", "ra.docx", "phải cùng loại"),
        ("mau.xlsx", "ra.xlsx", "mau.xlsx"),
        ("khong-co.md", "ra.md", "khong-co.md"),
        ("mau.md", "khong/co/ra.md", "ra.md"),
    ] {
        let report = ["report", "dot", "--template", template, "--out", out];
        let answer = tonghop(small.root(), &report);
        assert_eq!(answer.code, 3, "{template} {out}: {answer:?}");
        assert!(answer.err.contains(told), "{answer:?}");
        assert!(!small.root().join(out).exists(), "{out}");
    }
}

#[test]
fn a_computation_with_a_figure_that_is_not_there_says_so() {
    let small = Small::empty();
    with(&small, "Một.\n{{ T01 + T04 }}\n");
    let report = ["report", "dot", "--template", "mau.md", "--out", "ra.md"];
    let answer = tonghop(small.root(), &report);
    let told = "mau.md: dòng 2: phép tính dùng số liệu chưa có";
    assert_eq!(answer.code, 3);
    assert!(answer.err.contains(told), "{answer:?}");
}
