//! The roster and the control totals as offices keep them: whatever Excel saves them as.

use std::fs;

use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::Value as Json;

use crate::cli::tonghop;
use crate::small::Small;

const ROWS: [[&str; 6]; 4] = [
    ["A", "Xã An Bình", "xa", "01/7/2025", "", "a@x.vn"],
    ["B", "Xã Bình \"Mới\", An", "xa", "01/7/2025", "", "b@x.vn"],
    ["C", "Phường Châu Thành", "xa", "", "31/12/2030", ""],
    ["S", "Sở Tư pháp", "so", "", "", "s@x.vn"],
];
const TITLES: [&str; 6] = [
    "Mã đơn vị",
    "Tên đơn vị",
    "Loại",
    "Từ ngày",
    "Đến ngày",
    "Email",
];

fn csv(separator: char, end: &str) -> String {
    let quoted = |text: &&str| format!("\"{}\"", text.replace('"', "\"\""));
    let line = |cells: &[&str]| {
        let cells: Vec<String> = cells.iter().map(quoted).collect();
        cells.join(&separator.to_string()) + end
    };
    line(&TITLES) + &ROWS.map(|row| line(&row)).concat()
}

/// The units of a run, and what was found.
fn units(small: &Small) -> (Json, Json) {
    let answer = tonghop(small.root(), &["consolidate", "dot", "--format", "json"]);
    assert_eq!(answer.code, 1, "{answer:?}");
    let run = answer.json();
    (run["units"].clone(), run["findings"].clone())
}

#[test]
fn a_roster_is_the_same_however_it_was_saved() {
    let small = Small::filled();
    let wanted = units(&small);
    assert_eq!(wanted.0.as_array().unwrap().len(), 4);
    let path = small.folder().join("roster.csv");
    for (separator, end) in [(';', "\r\n"), (',', "\n"), ('\t', "\r\n")] {
        let text = csv(separator, end);
        fs::write(&path, &text).unwrap();
        assert_eq!(units(&small), wanted, "{text:?}");
        fs::write(&path, format!("\u{feff}{text}")).unwrap();
        assert_eq!(units(&small), wanted, "{text:?}");
    }
    // As a workbook: days as days, a code as a number is its digits.
    fs::remove_file(&path).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let day = Format::new().set_num_format("dd/mm/yyyy");
    for (column, title) in (0..).zip(TITLES) {
        sheet.write(1, column, title).unwrap();
    }
    for (row, cells) in (3..).zip(ROWS) {
        for (column, text) in (0..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write(row, column, text).unwrap();
        }
    }
    let july = ExcelDateTime::from_ymd(2025, 7, 1).unwrap();
    sheet.write_with_format(3, 3, &july, &day).unwrap();
    book.save(small.folder().join("roster.xlsx")).unwrap();
    assert_eq!(units(&small), wanted);
    fs::write(&path, csv(',', "\n")).unwrap();
    let answer = tonghop(small.root(), &["consolidate", "dot"]);
    assert_eq!(answer.code, 3);
    assert!(
        answer.err.contains("có cả roster.csv và roster.xlsx"),
        "{answer:?}"
    );
}

#[test]
fn mistakes_of_a_roster_are_at_the_line_an_editor_shows() {
    let small = Small::filled();
    let text = csv(';', "\r\n").replace("\"31/12/2030\"", "\"31/02/2030\"");
    fs::write(small.folder().join("roster.csv"), text).unwrap();
    let answer = tonghop(small.root(), &["consolidate", "dot"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    let said = "roster.csv, dòng 4, cột active_to: `31/02/2030` không phải là ngày";
    assert!(answer.err.contains(said), "{answer:?}");
    let text = csv(';', "\r\n").replace("Loại", "Nhóm nghề");
    fs::write(small.folder().join("roster.csv"), text).unwrap();
    let answer = tonghop(small.root(), &["consolidate", "dot"]);
    let said = "roster.csv, dòng 1, cột kind: thiếu cột này";
    assert!(answer.err.contains(said), "{answer:?}");
    let text = csv(';', "\r\n").replace("Loại", "Nhóm nghề");
    fs::write(
        small.folder().join("roster.csv"),
        format!("sep=;\r\n\r\n{text}"),
    )
    .unwrap();
    let answer = tonghop(small.root(), &["consolidate", "dot"]);
    assert!(
        answer.err.contains("dòng 3, cột kind: thiếu cột này"),
        "{answer:?}"
    );
}

/// Findings of the control total, by value and what it must be.
fn control(small: &Small) -> Vec<(String, String)> {
    let (_, findings) = units(small);
    let findings = findings.as_array().unwrap().iter();
    let ours = findings.filter(|finding| finding["rule"] == "so-biet-truoc");
    ours.map(|finding| (finding["cell"].to_string(), finding["expected"].to_string()))
        .collect()
}

#[test]
fn control_totals_are_read_from_any_list() {
    let small = Small::filled();
    let path = small.folder().join("campaign.toml");
    let campaign = fs::read_to_string(&path).unwrap();
    let with = |file: &str| {
        let text = format!("{campaign}\n[[control]]\nid = \"so-biet-truoc\"\npath = \"{file}\"\n");
        fs::write(&path, text).unwrap();
    };
    with("so.csv");
    let write = |text: &str| fs::write(small.folder().join("so.csv"), text).unwrap();
    write("unit,cell,value,source\nA,lop!kinh_phi,0.5,Kho bạc\n");
    let wanted = control(&small);
    assert_eq!(wanted.len(), 1, "{wanted:?}");
    write("Mã đơn vị;Ô;Số liệu;Nguồn;Người ghi\r\nA;lop!kinh_phi;0,5;Kho bạc;Lan\r\n");
    assert_eq!(control(&small), wanted);
    // Three digits behind a point may be thousands where a comma separates decimals.
    write("Mã đơn vị;Ô;Số liệu;Nguồn\r\n\r\nA;lop!kinh_phi;3.259;Kho bạc\r\n");
    let answer = tonghop(small.root(), &["consolidate", "dot"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(answer.err.contains("so.csv:3: «3.259»"), "{answer:?}");
    with("so.xlsx");
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let titles = ["Mã đơn vị", "Ô", "Số liệu", "Nguồn"];
    for (column, title) in (0..).zip(titles) {
        sheet.write(0, column, title).unwrap();
    }
    sheet.write(1, 0, "A").unwrap();
    sheet.write(1, 1, "lop!kinh_phi").unwrap();
    sheet.write(1, 2, 0.5).unwrap();
    sheet.write(1, 3, "Kho bạc").unwrap();
    book.save(small.folder().join("so.xlsx")).unwrap();
    assert_eq!(control(&small), wanted);
    // A second sheet with something on it is not passed over in silence.
    let sheet = book.add_worksheet().set_name("Thêm").unwrap();
    sheet.write(0, 0, "A").unwrap();
    book.save(small.folder().join("so.xlsx")).unwrap();
    let answer = tonghop(small.root(), &["consolidate", "dot"]);
    assert_eq!(answer.code, 3, "{answer:?}");
    assert!(
        answer.err.contains("ở cả trang «Sheet1» và «Thêm»"),
        "{answer:?}"
    );
}

#[test]
fn a_list_of_units_may_have_a_title_above_it_and_a_total_below_it() {
    let small = Small::filled();
    let wanted = units(&small);
    fs::remove_file(small.folder().join("roster.csv")).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "DANH SÁCH ĐƠN VỊ BÁO CÁO").unwrap();
    for (column, title) in (0..).zip(["Ma so", "Tên đơn vị", "Loại"]) {
        sheet.write(2, column, title).unwrap();
    }
    for (row, cells) in (4..).zip(ROWS) {
        for (column, text) in (0..3).zip(cells) {
            sheet.write(row, column, text).unwrap();
        }
    }
    sheet.write(8, 1, "Tổng cộng: 4 đơn vị").unwrap();
    book.save(small.folder().join("roster.xlsx")).unwrap();
    let codes = |units: &Json| -> Vec<Json> {
        let all = units.as_array().unwrap().iter();
        all.map(|unit| unit["code"].clone()).collect()
    };
    assert_eq!(codes(&units(&small).0), codes(&wanted.0));
}

#[test]
fn what_is_wrong_in_a_workbook_of_units_is_told_by_its_headings() {
    let small = Small::filled();
    fs::remove_file(small.folder().join("roster.csv")).unwrap();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, title) in (0..).zip(["STT", "Tên đơn vị"]) {
        sheet.write(0, column, title).unwrap();
    }
    sheet.write(1, 0, 1).unwrap();
    sheet.write(1, 1, "Xã A").unwrap();
    book.save(small.folder().join("roster.xlsx")).unwrap();
    let told = tonghop(small.root(), &["consolidate", "dot"]).err;
    assert!(
        told.contains("dòng 1, cột Mã đơn vị: thiếu cột này"),
        "{told}"
    );
    assert!(told.contains("cột Loại đơn vị"), "{told}");
    assert!(
        !told.contains("code") && !told.contains("dấu phẩy"),
        "{told}"
    );
}
