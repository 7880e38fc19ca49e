//! `tonghop template`: which workbooks, for whom, with which forms, how they are locked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;
use tonghop::workbook::{Limits, Visibility, read_workbook};

use crate::cli::tonghop;
use crate::common::package::{attributes, parts};
use crate::small::Small;

/// What one sheet after another of a workbook is called, hidden ones left out, and every text in it.
fn sheets(path: &Path) -> (Vec<String>, String) {
    let book = read_workbook(path, &Limits::default()).unwrap_or_else(|p| panic!("{path:?} {p:?}"));
    let shown = book
        .sheets
        .iter()
        .filter(|s| s.visibility == Visibility::Visible);
    let names = shown.map(|sheet| sheet.name.to_string()).collect();
    let cells = book.sheets.iter().flat_map(|sheet| sheet.cells.values());
    let texts: Vec<&str> = cells.filter_map(|cell| cell.text()).collect();
    (names, texts.join("\n"))
}

fn files(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn every_unit_gets_the_forms_it_owes_under_its_own_name() {
    let small = Small::empty();
    let answer = tonghop(small.root(), &["template", "dot", "--out", "mau"]);
    assert_eq!(
        (answer.code, answer.out.as_str()),
        (0, "4 mẫu ghi vào mau\n")
    );
    let expected = BTreeMap::from([
        ("A-xa-an-binh-2025-09.xlsx", ("Xã An Bình", "Lớp học")),
        (
            "B-xa-binh-moi-an-2025-09.xlsx",
            ("Xã Bình \"Mới\", An", "Lớp học"),
        ),
        (
            "C-phuong-chau-thanh-2025-09.xlsx",
            ("Phường Châu Thành", "Lớp học"),
        ),
        ("S-so-tu-phap-2025-09.xlsx", ("Sở Tư pháp", "Văn bản")),
    ]);
    let folder = small.root().join("mau");
    assert_eq!(files(&folder), expected.keys().copied().collect::<Vec<_>>());
    for (file, (unit, form)) in expected {
        let (names, texts) = sheets(&folder.join(file));
        assert_eq!(names, ["Hướng dẫn", form, "Giải trình"], "{file}");
        for word in [
            unit,
            &format!("Mã đơn vị: {}", &file[..1]),
            "tháng 9 năm 2025",
        ] {
            assert!(texts.contains(word), "{file}: {word} is not in it: {texts}");
        }
    }
}

#[test]
fn units_are_chosen_by_code_as_often_as_wanted() {
    let small = Small::empty();
    let chosen = [
        "template", "dot", "--out", "mau", "--unit", "B", "--unit", "S",
    ];
    let answer = tonghop(small.root(), &[&chosen[..], &["--format", "json"]].concat());
    let written = ["B-xa-binh-moi-an-2025-09.xlsx", "S-so-tu-phap-2025-09.xlsx"];
    assert_eq!(
        (answer.code, answer.json()),
        (0, json!({ "templates": written }))
    );
    assert_eq!(files(&small.root().join("mau")), written);

    let unknown = tonghop(
        small.root(),
        &["template", "dot", "--out", "khac", "--unit", "Z"],
    );
    assert_eq!(
        (unknown.code, unknown.err.as_str()),
        (
            3,
            "Không làm được: không có đơn vị mã `Z` trong roster.csv\n"
        )
    );
    assert!(!small.root().join("khac").exists());
}

#[test]
fn the_blank_template_is_nobodys_and_has_every_form() {
    let small = Small::empty();
    let answer = tonghop(
        small.root(),
        &["template", "dot", "--out", "mau", "--blank"],
    );
    assert_eq!(answer.code, 0, "{answer:?}");
    assert_eq!(files(&small.root().join("mau")), ["mau-chung-2025-09.xlsx"]);
    let (names, texts) = sheets(&small.root().join("mau/mau-chung-2025-09.xlsx"));
    assert_eq!(names, ["Hướng dẫn", "Lớp học", "Văn bản", "Giải trình"]);
    for name in ["An Bình", "Châu Thành", "Tư pháp"] {
        assert!(!texts.contains(name), "{name}: {texts}");
    }
    let both = ["template", "dot", "--out", "mau", "--blank", "--unit", "A"];
    assert_eq!(tonghop(small.root(), &both).code, 2);
}

/// What Excel 97 keeps of the password `bi-mat`, by ECMA-376 part 4, 14.7.1; openpyxl's
/// `hash_password` gives the same.
const HASH: &str = "D9B5";

#[test]
fn every_sheet_is_locked_and_a_password_is_what_lifts_it() {
    let small = Small::empty();
    for (password, expected) in [(None, vec![]), (Some("bi-mat"), vec![HASH])] {
        let mut arguments = vec!["template", "dot", "--out", "mau", "--unit", "A"];
        arguments.extend(password.iter().flat_map(|word| ["--password", word]));
        assert_eq!(tonghop(small.root(), &arguments).code, 0);
        let parts = parts(&small.root().join("mau/A-xa-an-binh-2025-09.xlsx"));
        let mut locked = 0;
        for (name, text) in parts
            .iter()
            .filter(|(name, _)| name.starts_with("xl/worksheets/sheet"))
        {
            let lock = text.split("<sheetProtection").nth(1);
            let lock = lock.unwrap_or_else(|| panic!("{name} is open: {text}"));
            let lock = lock.split('>').next().unwrap();
            assert!(lock.contains(" sheet=\"1\""), "{name}: {lock}");
            assert_eq!(attributes(lock, "password"), expected, "{name}");
            locked += 1;
        }
        assert_eq!(locked, 4, "guide, form, reasons, what makes it a template");
    }
}

#[test]
fn making_templates_again_gives_the_same_bytes() {
    let small = Small::empty();
    for folder in ["mot", "hai"] {
        let answer = tonghop(small.root(), &["template", "dot", "--out", folder]);
        assert_eq!(answer.code, 0);
    }
    for name in files(&small.root().join("mot")) {
        let bytes = |folder: &str| fs::read(small.root().join(folder).join(&name)).unwrap();
        assert!(bytes("mot") == bytes("hai"), "{name}");
    }
}

/// A template sent back as it came is the unit's, and lacks every figure.
#[test]
fn a_template_is_known_by_what_it_carries() {
    let small = Small::empty();
    assert_eq!(
        tonghop(small.root(), &["template", "dot", "--out", "mau"]).code,
        0
    );
    let renamed = small.root().join("mau/gui lai.xlsx");
    fs::rename(
        small.root().join("mau/C-phuong-chau-thanh-2025-09.xlsx"),
        &renamed,
    )
    .unwrap();
    let check = [
        "check",
        "mau/gui lai.xlsx",
        "--campaign",
        "dot",
        "--format",
        "json",
    ];
    let answer = tonghop(small.root(), &check);
    assert_eq!(answer.code, 1);
    assert_eq!(answer.json()["submissions"][0]["unit"], "C");
    assert_eq!(answer.json()["findings"][0]["rule"], "bieu-chua-dien");
}

/// A campaign `dot` of one unit, made of an official blank; gives the blank.
fn campaign_of_a_blank(root: &Path) -> PathBuf {
    let blank = Path::new("tests/from_excel/blank/20-thu-chi-ngan-sach-xa/blank.xlsx");
    let blank = blank.canonicalize().unwrap();
    fs::write(root.join("ds.csv"), "code,name,kind\n01,Xã An Bình,xa\n").unwrap();
    let from = ["new", "dot", "--from-excel", blank.to_str().unwrap()];
    let of = ["--roster", "ds.csv", "--period", "2025-09"];
    assert_eq!(tonghop(root, &[from, of].concat()).code, 0);
    blank
}

#[test]
fn a_workbook_of_the_office_that_cannot_be_sent_is_refused_by_name() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let blank = campaign_of_a_blank(root);
    let template = ["template", "dot", "--out", "mau"];
    assert_eq!(tonghop(root, &template).code, 0);
    let own = root.join("dot/schemas/mau/blank.xlsx");
    let refused = |said: &str| {
        let answer = tonghop(root, &template);
        assert_eq!(answer.code, 3, "{answer:?}");
        assert!(
            answer.err.contains("blank.xlsx") && answer.err.contains(said),
            "{answer:?}"
        );
    };

    let made = root.join("mau/01-xa-an-binh-2025-09-blank.xlsx");
    fs::copy(&made, &own).unwrap();
    refused("mẫu do tonghop làm ra");
    fs::write(&own, "Nội dung;Dự toán\n").unwrap();
    refused("lưu thành .xlsx");
    fs::remove_file(&own).unwrap();
    refused("không có tệp");
    fs::copy(&blank, &own).unwrap();
    let form = fs::read_dir(root.join("dot/schemas"))
        .unwrap()
        .map(|entry| entry.unwrap().path());
    let form = form
        .into_iter()
        .find(|path| path.extension().is_some_and(|end| end == "toml"));
    let form = form.unwrap();
    let text = fs::read_to_string(&form).unwrap();
    fs::write(
        &form,
        text.replacen("label = \"Dự toán năm\"", "label = \"Cột lạ\"", 1),
    )
    .unwrap();
    refused("không có cột hoặc dòng «Cột lạ»");
}

#[test]
fn the_next_period_takes_the_workbook_of_the_office_along() {
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    let blank = campaign_of_a_blank(root);
    assert_eq!(
        tonghop(root, &["next", "dot", "2025-10", "--out", "sau"]).code,
        0
    );
    assert_eq!(
        fs::read(root.join("sau/schemas/mau/blank.xlsx")).unwrap(),
        fs::read(&blank).unwrap()
    );
    assert_eq!(tonghop(root, &["template", "sau", "--out", "mau"]).code, 0);
}
