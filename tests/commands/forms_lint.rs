//! `tonghop forms lint`: every outcome the guide names, from the forms of `samples/soat-bieu-mau`.
//! `TRYCMD=overwrite cargo test --test commands` writes that page anew.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value as Json, json};

use crate::cli::{Answer, tonghop};
use crate::common;

fn folder() -> PathBuf {
    common::sample("soat-bieu-mau")
}

fn lint(arguments: &[&str]) -> Answer {
    tonghop(&folder(), &[&["forms", "lint"], arguments].concat())
}

/// Severity, line, column and rules of a problem.
type Problem = (String, Option<u64>, Option<u64>, Vec<String>);

fn problems(answer: &Answer) -> Vec<Problem> {
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    let json = answer.json();
    let all = json["problems"].as_array().unwrap().iter();
    all.map(|one| {
        let rules = one["rules"].as_array().unwrap().iter();
        let place = |key: &str| one[key].as_u64();
        (
            text(&one["severity"]),
            place("line"),
            place("column"),
            rules.map(text).collect(),
        )
    })
    .collect()
}

#[test]
fn the_page_on_looking_over_forms_says_what_the_command_says() {
    trycmd::TestCases::new().case("samples/soat-bieu-mau/README.md");
}

#[test]
fn every_form_of_the_samples_has_the_one_fault_it_is_named_after() {
    let rule = |form: &str, rule: &str| format!("{form}!{rule}");
    let expected = [
        ("dung", 0, vec![]),
        ("khong-doc-duoc", 1, vec![("error", 32, 1, vec![])]),
        (
            "vi-du-khong-pham",
            1,
            vec![("error", 36, 8, vec![rule("vi_du_khong_pham", "tong-lech")])],
        ),
        (
            "vi-du-pham-them",
            1,
            vec![("error", 36, 8, vec![rule("vi_du_pham_them", "tong-lech")])],
        ),
        (
            "units-trong-quy-tac",
            1,
            vec![("error", 36, 6, vec![rule("units_trong_quy_tac", "gui-it")])],
        ),
        (
            "mau-thuan",
            1,
            vec![(
                "error",
                31,
                6,
                vec![
                    rule("mau_thuan", "tong-lech"),
                    rule("mau_thuan", "tong-nho-hon-gui"),
                ],
            )],
        ),
        (
            "mau-thuan-khi",
            1,
            vec![(
                "error",
                36,
                6,
                vec![
                    rule("mau_thuan_khi", "gui-nhieu-khi-khong-nhan"),
                    rule("mau_thuan_khi", "tong-lech"),
                ],
            )],
        ),
        (
            "khi-khong-bao-gio-dung",
            1,
            vec![(
                "error",
                36,
                6,
                vec![
                    rule("khi_khong_bao_gio_dung", "gui-it"),
                    rule("khi_khong_bao_gio_dung", "tong-lech"),
                ],
            )],
        ),
        (
            "khong-co-o",
            1,
            vec![(
                "error",
                31,
                6,
                vec![rule("khong_co_o", "luy-ke-nho-hon-trong-ky")],
            )],
        ),
        (
            "khong-bao-gio-sai",
            0,
            vec![(
                "warning",
                36,
                6,
                vec![rule("khong_bao_gio_sai", "gui-khong-am")],
            )],
        ),
        (
            "chi-bang-0",
            0,
            vec![(
                "warning",
                31,
                6,
                vec![
                    rule("chi_bang_0", "tong-lech"),
                    rule("chi_bang_0", "lech-dau"),
                ],
            )],
        ),
        (
            "thua",
            0,
            vec![(
                "info",
                36,
                6,
                vec![
                    rule("thua", "gui-nhieu-hon-tong"),
                    rule("thua", "tong-lech"),
                ],
            )],
        ),
        ("khong-kiem-tra", 0, vec![("info", 31, 6, vec![])]),
    ];
    for (name, code, faults) in &expected {
        let answer = lint(&[&format!("{name}.toml"), "--json"]);
        assert_eq!(answer.code, *code, "{name}: {answer:?}");
        let faults: Vec<_> = faults
            .iter()
            .map(|(severity, line, column, rules)| {
                (
                    (*severity).to_owned(),
                    Some(*line),
                    Some(*column),
                    rules.clone(),
                )
            })
            .collect();
        assert_eq!(problems(&answer), faults, "{name}");
    }
    let kept = fs::read_dir(folder())
        .unwrap()
        .map(|file| file.unwrap().path());
    let forms = kept.filter(|path| path.extension().is_some_and(|e| e == "toml"));
    assert_eq!(
        forms.count(),
        expected.len(),
        "a form of the samples is not looked at here"
    );
}

#[test]
fn a_campaigns_forms_are_looked_at_together() {
    let answer = lint(&["dot", "--json"]);
    let warning = |line, column, rules: &[&str]| {
        let rules = rules.iter().map(|rule| (*rule).to_owned()).collect();
        ("warning".to_owned(), Some(line), Some(column), rules)
    };
    assert_eq!(
        (answer.code, problems(&answer)),
        (
            0,
            vec![
                warning(20, 6, &[]),
                warning(25, 6, &["van_ban_xa!gui-lech-bieu-khac"])
            ]
        )
    );
}

#[test]
fn a_folder_is_all_its_forms_and_nothing_the_built_in_ones() {
    let all = lint(&[".", "--json"]);
    assert_eq!(
        (all.code, all.json()["forms"].as_u64()),
        (1, Some(12)),
        "one cannot be read"
    );
    let built_in = lint(&["--json"]);
    let json = built_in.json();
    assert_eq!((built_in.code, &json["forms"]), (0, &json!(10)));
    assert_eq!(json["examples"], 37);
    // Anything but a note would be a fault of ours.
    let told = problems(&built_in);
    assert!(
        told.iter().all(|(severity, ..)| severity == "info"),
        "{told:?}"
    );
    let files = json["problems"].as_array().unwrap().iter();
    assert!(files.into_iter().any(|one| one["file"] == "nen_tang.toml"));
}

#[test]
fn json_has_two_names_and_text_two_languages() {
    let one = lint(&["mau-thuan.toml", "--json"]);
    let other = lint(&["mau-thuan.toml", "--format", "json"]);
    assert_eq!((one.code, &one.out), (other.code, &other.out));
    let english = lint(&["mau-thuan.toml", "--lang", "en"]);
    let told = "\
Error mau-thuan.toml:31:6: these rules can never all hold: `mau_thuan!tong-lech`, `mau_thuan!tong-nho-hon-gui`
1 forms, 0 examples run; 2 rules looked at together, 0 are no sums and were not.
1 errors, 0 warnings, 0 notes.
";
    assert_eq!((english.code, english.out.as_str()), (1, told));
}

#[test]
fn a_workbook_that_units_are_sent_and_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let text = fs::read_to_string("schemas/pakn.toml").unwrap();
    let named = text.replacen("\nsheet = ", "\ntemplate = \"mau/goc.xlsx\"\nsheet = ", 1);
    fs::write(folder.path().join("pakn.toml"), named).unwrap();
    let answer = tonghop(folder.path(), &["forms", "lint", "pakn.toml"]);
    assert!(
        answer
            .out
            .contains("không thấy tệp gửi đơn vị mau/goc.xlsx"),
        "{answer:?}"
    );
    fs::create_dir(folder.path().join("mau")).unwrap();
    fs::write(folder.path().join("mau/goc.xlsx"), "").unwrap();
    let answer = tonghop(folder.path(), &["forms", "lint", "pakn.toml"]);
    assert!(!answer.out.contains("không thấy tệp"), "{answer:?}");
}
