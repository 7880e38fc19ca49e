//! Rules written beside an official blank, by what is printed on it.

use rust_xlsxwriter::{Format, FormatBorder, Workbook};
use tonghop::campaign::Office;
use tonghop::commands::{campaign_from_excel, forms_from_excel, template};
use tonghop::model::CellAddress;
use tonghop::sheet_form::{SheetForm, read};
use tonghop::workbook::{Limits, read_workbook};

use crate::peers::{self, Peer};

const BLANK: &[&[&str]] = &[
    &["Biểu số: 01/DS"],
    &["TÌNH HÌNH DÂN SỐ"],
    &[],
    &["STT", "Chỉ tiêu", "Mã số", "Tổng số", "Nam", "Nữ"],
    &["A", "B", "C", "1", "2", "3"],
    &["1", "Dân số", "01"],
    &["2", "Trẻ em", "02"],
    &["3", "Người lớn", "03"],
];

const HEADING: &[&str] = &[
    "STT",
    "Dòng",
    "Cột",
    "Phép so",
    "Dòng",
    "Cột",
    "Điều kiện",
    "Lời báo",
    "Mức",
];

fn bytes(rules: &[&[&str]]) -> Vec<u8> {
    let mut book = Workbook::new();
    let ruled = Format::new().set_border(FormatBorder::Thin);
    let sheet = book.add_worksheet();
    sheet.set_name("Biểu 01").unwrap();
    for (row, line) in (0..).zip(BLANK) {
        for column in 0..6_u16 {
            let text = line.get(usize::from(column)).copied().unwrap_or("");
            if row >= 3 {
                sheet
                    .write_string_with_format(row, column, text, &ruled)
                    .unwrap();
            } else if !text.is_empty() {
                sheet.write_string(row, column, text).unwrap();
            }
        }
    }
    let sheet = book.add_worksheet();
    sheet.set_name("Quy tắc").unwrap();
    for (row, line) in (0..).zip(std::iter::once(&HEADING).chain(rules)) {
        for (column, text) in (0..).zip(*line).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(row, column, *text).unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

fn form(rules: &[&[&str]]) -> SheetForm {
    let mut forms = read("bieu.xlsx", &bytes(rules), &Limits::default()).unwrap();
    assert_eq!(forms.len(), 1, "{forms:?}");
    forms.remove(0)
}

const RULES: &[&[&str]] = &[
    &[
        "1",
        "*",
        "1",
        "=",
        "",
        "2 + 3",
        "",
        "Tổng số bằng nam cộng nữ.",
        "lỗi",
    ],
    &[
        "2",
        "01",
        "*",
        "=",
        "02 + 03",
        "",
        "",
        "Dân số bằng trẻ em cộng người lớn.",
        "lỗi",
    ],
    &[
        "3",
        "* trừ 01",
        "«Nữ»",
        "<=",
        "",
        "cột 1",
        "cột 1 > 0",
        "Nữ không nhiều hơn tổng số.",
        "cảnh báo",
    ],
    &[
        "4",
        "Trẻ em",
        "Nam",
        "<=",
        "",
        "số 5000",
        "",
        "Nhiều bất thường.",
        "cảnh báo",
    ],
];

#[test]
fn rules_beside_a_blank_are_read_by_what_is_printed_on_it() {
    let form = form(RULES);
    assert_eq!(form.mistakes, Vec::new());
    let form = form.form.unwrap();
    let rules: Vec<&str> = form.written().map(|rule| rule.text.as_str()).collect();
    assert_eq!(
        rules,
        [
            "tong_so = nam + nu",
            "dan_so = tre_em + nguoi_lon",
            "nu <= tong_so",
            "nam <= 5000"
        ]
    );
}

/// Units are sent the blank, not the sheet in which the office has written its rules.
#[test]
fn the_rules_beside_a_blank_are_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::write(root.join("bieu.xlsx"), bytes(RULES)).unwrap();
    std::fs::write(root.join("ds.csv"), "code,name,kind\n01,Xã An Bình,xa\n").unwrap();
    let campaign = root.join("dot");
    let period = "2025-09".parse().unwrap();
    let blanks = [root.join("bieu.xlsx")];
    let made = campaign_from_excel(
        &campaign,
        &blanks,
        &root.join("ds.csv"),
        period,
        &Office::default(),
    )
    .unwrap();
    assert!(made.redrawn.is_empty(), "{:?}", made.redrawn);
    let options = template::Options {
        out: root.join("mau"),
        units: Vec::new(),
        blank: false,
        password: None,
    };
    let sent = template(&campaign, &options, &|_, _| {}).unwrap();
    let file = root.join("mau").join(&sent.written[0]);
    let book = read_workbook(&file, &Limits::default()).unwrap();
    let names: Vec<&str> = book.sheets.iter().map(|sheet| &*sheet.name).collect();
    assert_eq!(names[0], "Biểu 01");
    assert!(!names.contains(&"Quy tắc"), "{names:?}");
    if Peer::Openpyxl.found() {
        let read = "import sys, openpyxl; print(*openpyxl.load_workbook(sys.argv[1]).sheetnames, sep='\\n')";
        let read = peers::python(Peer::Openpyxl, read, &[&file]);
        assert_eq!(read.lines().collect::<Vec<_>>(), names);
    }
}

#[test]
fn what_is_not_on_the_blank_is_told_at_its_cell() {
    let form = form(&[
        &["1", "*", "1", "=", "", "2 + 7", "", "a"],
        &["2", "01", "*", "=", "02 + 09", "", "", "b"],
        &["3", "*", "«Nuu»", "<=", "", "1", "", "c"],
    ]);
    let told: Vec<(CellAddress, &str)> = form
        .mistakes
        .iter()
        .map(|mistake| (mistake.place.cell, mistake.message.vi.as_str()))
        .collect();
    let cell = |text: &str| text.parse::<CellAddress>().unwrap();
    assert_eq!(told.len(), 3, "{told:?}");
    assert_eq!(told[0].0, cell("F2"));
    assert!(told[0].1.contains("không có cột «7»"), "{told:?}");
    assert_eq!(told[1].0, cell("E3"));
    assert_eq!(told[2].0, cell("C4"));
}

#[test]
fn a_blank_with_rules_is_compiled_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bieu.xlsx");
    std::fs::write(&file, bytes(RULES)).unwrap();
    let made = forms_from_excel(&[file], Some(&folder.path().join("ra")), None).unwrap();
    assert_eq!(made.compiled.forms.len(), 1);
    let form = &made.compiled.forms[0];
    let written = form.rules.iter().filter(|rule| rule.strength == "written");
    let cells: Vec<String> = written
        .map(|rule| rule.evidence[0].cell.to_string())
        .collect();
    assert_eq!(cells.len(), 4, "{cells:?}");
    let text = std::fs::read_to_string(&made.paths[0]).unwrap();
    assert!(text.contains("dan_so = tre_em + nguoi_lon"), "{text}");
}

#[test]
fn a_list_of_columns_is_bounded_one_by_one() {
    let form = form(&[&[
        "1",
        "*",
        "2; 3",
        "<=",
        "",
        "1",
        "",
        "Không nhiều hơn tổng số.",
        "lỗi",
    ]]);
    assert_eq!(form.mistakes, Vec::new());
    let form = form.form.unwrap();
    let rules: Vec<&str> = form.written().map(|rule| rule.text.as_str()).collect();
    assert_eq!(rules, ["nam <= tong_so", "nu <= tong_so"]);
}
