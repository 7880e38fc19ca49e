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
    // All blanks can be sent as they are but those with several tables on a sheet.
    let sent: BTreeSet<&str> = cases.iter().map(|(name, ..)| name.as_str()).collect();
    let blanks = blanks();
    let names = blanks
        .iter()
        .filter_map(|folder| folder.file_name()?.to_str());
    let drawn: Vec<&str> = names.filter(|name| !sent.contains(name)).collect();
    assert_eq!(
        drawn,
        ["a-hai-bang-tiep-dan", "zh-hai-bang-canh-nhau", "zi-ba-bang"]
    );
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

/// The office's blank with its plan in it, and a name that it has written into a row units add.
const STORED: &str = r#"
import json, sys
from openpyxl import Workbook
for job in json.load(open(sys.argv[1])):
    book = Workbook()
    sheet = book.active
    sheet.title = "Kế hoạch"
    for row in [["KẾ HOẠCH NĂM"], [], ["STT", "Chỉ tiêu", "Kế hoạch", "Thực hiện"],
                [1, "Trồng rừng", 12.5, None], [2, "Làm đường", 300, None]]:
        sheet.append(row)
    sheet = book.create_sheet("Công trình")
    for row in [["CÔNG TRÌNH"], [], ["TT", "Tên công trình", "Vốn giao", "Giải ngân"],
                [1, "Cầu An Bình", 700, None], [2, None, None, None], [3, None, None, None]]:
        sheet.append(row)
    book.save(job["to"])
"#;

/// Puts figures into some cells: `sheet!cell` to what it holds.
const PUT: &str = r#"
import json, sys
from openpyxl import load_workbook
for job in json.load(open(sys.argv[1])):
    book = load_workbook(job["from"])
    for place, value in job["cells"].items():
        sheet, cell = place.split("!")
        book[sheet][cell] = value
    book.save(job["to"])
"#;

const STORED_FORMS: [(&str, &str); 2] = [
    (
        "ke_hoach",
        "id = \"ke_hoach\"\nversion = \"1\"\ntitle = \"Kế hoạch năm\"\nsheet = \"Kế hoạch\"\n\
         template = \"mau/kh.xlsx\"\n[layout]\nrows = \"fixed\"\nordinal = \"STT\"\nlabel = \"Chỉ tiêu\"\n\
         [defaults]\ntype = \"amount\"\ndecimals = 1\n\
         [[column]]\nid = \"kh\"\nlabel = \"Kế hoạch\"\n[[column]]\nid = \"th\"\nlabel = \"Thực hiện\"\n\
         [[row]]\nid = \"rung\"\nlabel = \"Trồng rừng\"\n[[row]]\nid = \"duong\"\nlabel = \"Làm đường\"\n",
    ),
    (
        "cong_trinh",
        "id = \"cong_trinh\"\nversion = \"1\"\ntitle = \"Công trình\"\nsheet = \"Công trình\"\n\
         template = \"mau/kh.xlsx\"\n[layout]\nrows = \"free\"\nordinal = \"TT\"\nprepared_rows = 3\n\
         [defaults]\ntype = \"count\"\n\
         [[column]]\nid = \"ten\"\nlabel = \"Tên công trình\"\ntype = \"text\"\nkey = true\n\
         [[column]]\nid = \"von\"\nlabel = \"Vốn giao\"\n[[column]]\nid = \"gn\"\nlabel = \"Giải ngân\"\n",
    ),
];

#[test]
fn figures_that_the_office_has_stored_are_no_answer_of_the_unit() {
    if !office::able() {
        return;
    }
    let root = tempfile::tempdir().unwrap();
    let root = root.path();
    fs::create_dir_all(root.join("dot/schemas/mau")).unwrap();
    let mut campaign = "name = \"dot\"\ntitle = \"Đợt\"\nperiod = \"2025-09\"\noffice = \"Sở\"\n\
                        place = \"Tỉnh\"\n[[kind]]\nid = \"xa\"\nname = \"Xã\"\n"
        .to_owned();
    for (id, form) in STORED_FORMS {
        campaign += &format!("[[form]]\nid = \"{id}\"\n");
        fs::write(root.join(format!("dot/schemas/{id}.toml")), form).unwrap();
    }
    fs::write(root.join("dot/campaign.toml"), campaign).unwrap();
    let roster = "code,name,kind\n01,Xã An Bình,xa\n";
    fs::write(root.join("dot/roster.csv"), roster).unwrap();
    let blank = json!({"to": root.join("dot/schemas/mau/kh.xlsx")});
    office::python(root, STORED, &[blank]);
    let answer = tonghop(root, &["template", "dot", "--out", "out"]);
    assert_eq!(answer.code, 0, "{answer:?}");
    let written = fs::read_dir(root.join("out")).unwrap().next().unwrap();
    let sent = written.unwrap().path();
    let all = json!({"Kế hoạch!D4": 10, "Kế hoạch!D5": 280, "Công trình!D4": 650});
    let mut changed = all.clone();
    changed["Kế hoạch!C5"] = json!(200);
    let mut cleared = all.clone();
    cleared["Kế hoạch!C4"] = Json::Null;
    let cases = [
        (
            "untouched",
            json!({}),
            vec!["bieu-chua-dien ", "bieu-chua-dien "],
        ),
        ("filled", all, vec![]),
        ("changed", changed, vec!["so-cua-mau-bi-doi C5"]),
        ("cleared", cleared, vec!["so-cua-mau-bi-doi C4"]),
    ];
    let job = |(name, cells, _): &(&str, Json, Vec<&str>)| json!({"from": sent, "cells": cells, "to": root.join(format!("{name}.xlsx"))});
    office::python(root, PUT, &cases.iter().map(job).collect::<Vec<_>>());
    let names: Vec<&str> = cases.iter().map(|(name, ..)| *name).collect();
    let done = office::recalculate(root, root, &names);
    for (name, _, wanted) in &cases {
        let found = findings(root, "dot", &done[*name]);
        let found: Vec<String> = found
            .iter()
            .map(|(rule, cell)| format!("{rule} {cell}"))
            .collect();
        // The set holds one of two equal ones.
        let wanted: BTreeSet<&str> = wanted.iter().copied().collect();
        let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
        assert_eq!(found, wanted, "{name}");
    }
}

/// The total of a list adds up what stands below its row of column numbers, never that row.
#[test]
fn a_row_of_column_numbers_typed_as_figures_is_not_added_up() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("danh-sach");
    fs::create_dir(&folder).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let ruled = rust_xlsxwriter::Format::new().set_border(rust_xlsxwriter::FormatBorder::Thin);
    sheet.write(0, 0, "DANH SÁCH CÁC VỤ CHÁY").unwrap();
    let headers = ["TT", "Địa điểm xảy ra", "Số người chết"];
    for (column, header) in (0_u16..).zip(headers) {
        sheet.write_with_format(2, column, header, &ruled).unwrap();
        let number = f64::from(column) + 1.0;
        sheet.write_with_format(3, column, number, &ruled).unwrap();
        for row in 4..9 {
            sheet.write_blank(row, column, &ruled).unwrap();
        }
    }
    sheet.write_with_format(8, 1, "Cộng", &ruled).unwrap();
    book.save(folder.join("blank.xlsx")).unwrap();

    let campaign = tempfile::tempdir().unwrap();
    let template = template(campaign.path(), &folder).unwrap();
    let sheet = &package::parts(&template)["xl/worksheets/sheet1.xml"];
    assert!(sheet.contains("SUM(C5:INDEX(C:C,ROW()-1))"), "{sheet}");
}

/// Codes that the form prints are not typed over, and the guide speaks of the office's own sheet.
#[test]
fn printed_codes_are_locked_and_the_guide_fits_the_own_sheet() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("thu-ngan-sach");
    fs::create_dir(&folder).unwrap();
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    let ruled = rust_xlsxwriter::Format::new().set_border(rust_xlsxwriter::FormatBorder::Thin);
    sheet.write(0, 0, "BÁO CÁO THU NGÂN SÁCH").unwrap();
    let rows = [
        ["STT", "Nội dung", "Mã số", "Dự toán", "Thực hiện"],
        ["1", "Phí, lệ phí", "111", "", ""],
        ["2", "Quỹ đất công ích", "112", "", ""],
        ["3", "Thu khác", "113", "", ""],
    ];
    for (row, texts) in (2_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(texts) {
            sheet.write_with_format(row, column, text, &ruled).unwrap();
        }
    }
    book.save(folder.join("blank.xlsx")).unwrap();

    let campaign = tempfile::tempdir().unwrap();
    let template = template(campaign.path(), &folder).unwrap();
    let parts = package::parts(&template);
    let style = |at: &str| -> usize {
        let cell = parts["xl/worksheets/sheet1.xml"]
            .split(&format!("<c r=\"{at}\""))
            .nth(1);
        let format = cell.unwrap().split("s=\"").nth(1).unwrap();
        format.split('"').next().unwrap().parse().unwrap()
    };
    let styles = parts["xl/styles.xml"].split("<cellXfs").nth(1).unwrap();
    let is_open = |at: &str| {
        let format = styles.split("<xf ").nth(style(at) + 1).unwrap();
        format.contains("locked=\"0\"")
    };
    assert!(!is_open("C4") && is_open("D4"), "{styles}");
    let texts: String = parts.values().map(String::as_str).collect();
    assert!(texts.contains("Dưới mỗi bảng") && !texts.contains("Ô nền xám"));
}
