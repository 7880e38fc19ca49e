//! The appendices: the same figures in the workbook and in the Word document, and what a campaign
//! may ask of them.

mod common;

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use calamine::{Data, Reader, Xlsx, open_workbook};
use regex::Regex;
use tonghop::campaign::Campaign;
use tonghop::write::{write_appendices, write_appendix_document};

/// Consolidates a campaign folder and writes its appendices beside it.
fn write(folder: &Path) {
    let run = common::run(folder);
    let campaign = Campaign::load(folder).unwrap();
    let consolidated = run.consolidated.unwrap();
    let stamp = campaign
        .file
        .period
        .last_day()
        .and_hms_opt(0, 0, 0)
        .unwrap();
    let (file, book, document) = (&campaign.file, folder.join("a.xlsx"), folder.join("a.docx"));
    let bytes = write_appendices(file, &consolidated, stamp).unwrap();
    fs::write(book, bytes.unwrap()).unwrap();
    let bytes = write_appendix_document(file, &consolidated, stamp).unwrap();
    fs::write(document, bytes.unwrap()).unwrap();
}

fn part(path: &Path, name: &str) -> String {
    let mut archive = zip::ZipArchive::new(File::open(path).unwrap()).unwrap();
    let mut text = String::new();
    let mut part = archive.by_name(name).unwrap();
    part.read_to_string(&mut text).unwrap();
    text
}

/// Rows of all tables of a Word document: the words of each cell.
fn word_rows(path: &Path) -> Vec<Vec<String>> {
    let text = part(path, "word/document.xml");
    let row = Regex::new(r"(?s)<w:tr>.*?</w:tr>").unwrap();
    let cell = Regex::new(r"(?s)<w:tc>.*?</w:tc>").unwrap();
    let words = Regex::new(r"(?s)<w:t(?: [^>]*)?>(.*?)</w:t>").unwrap();
    let cells = |row: &str| -> Vec<String> {
        let cells = cell.find_iter(row);
        cells
            .map(|cell| {
                words
                    .captures_iter(cell.as_str())
                    .map(|w| w[1].to_owned())
                    .collect()
            })
            .collect()
    };
    row.find_iter(&text)
        .map(|row| cells(row.as_str()))
        .collect()
}

/// Rows of all sheets of the workbook: what its number formats show, blank cells left out.
fn sheet_rows(path: &Path) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook(path).unwrap();
    let mut rows = Vec::new();
    for sheet in book.sheet_names() {
        for row in book.worksheet_range(&sheet).unwrap().rows() {
            rows.push(
                row.iter()
                    .map(shown)
                    .filter(|text| !text.is_empty())
                    .collect(),
            );
        }
    }
    rows
}

fn shown(cell: &Data) -> String {
    match cell {
        Data::Float(number) => {
            let number = tonghop::model::value::number_from_f64(*number).unwrap();
            tonghop::model::value::format_number(number)
        }
        Data::Empty => String::new(),
        other => other.to_string(),
    }
}

#[test]
fn the_document_has_the_figures_of_the_workbook() {
    for name in common::CAMPAIGNS {
        let folder = tempfile::tempdir().unwrap();
        common::copy(name, folder.path(), |_| true);
        write(folder.path());
        let sheets = sheet_rows(&folder.path().join("a.xlsx"));
        let mut compared = 0;
        for row in word_rows(&folder.path().join("a.docx")) {
            let row: Vec<String> = row.into_iter().filter(|text| !text.is_empty()).collect();
            let figures = row
                .iter()
                .filter(|text| text.starts_with(|c: char| c.is_ascii_digit()));
            // Header cells that span rows are in one row in the workbook only.
            if figures.count() == 0 {
                continue;
            }
            assert!(
                sheets.contains(&row),
                "{name}: {row:?} is not in the workbook"
            );
            compared += row.len();
        }
        assert!(compared > 15, "{name}: only {compared} cells compared");
    }
}

#[test]
fn pages_are_numbered_from_the_second_on_and_headers_repeat() {
    let folder = tempfile::tempdir().unwrap();
    common::copy("vinh-long-2025-09", folder.path(), |_| true);
    write(folder.path());
    let sheet = part(&folder.path().join("a.xlsx"), "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<headerFooter differentFirst=\"1\"><oddHeader>"));
    let document = part(&folder.path().join("a.docx"), "word/document.xml");
    // Header of the first table: four rows; of the second: one.
    assert_eq!(document.matches("<w:tblHeader />").count(), 4);
    assert_eq!(document.matches("<w:titlePg").count(), 2);
    assert!(document.contains("w:orient=\"landscape\""));
}

#[test]
fn a_campaign_computes_filters_orders_and_signs() {
    let folder = tempfile::tempdir().unwrap();
    common::copy("vinh-long-2025-09", folder.path(), |_| true);
    let path = folder.path().join("campaign.toml");
    let text = fs::read_to_string(&path).unwrap();
    let head = &text[..text.find("[[appendix]]").unwrap()];
    let asked = r#"
[[appendix]]
title = "Năm xã, phường nhận nhiều hồ sơ trực tuyến nhất"
sheet = "PL"
form = "tthc"
list = "units"
columns = ["tong", "truc_tuyen", "ty_le", "van_ban"]
where = "tong > 30"
order = "-truc_tuyen"
top = 5
total = "Cộng"
signature = ["NGƯỜI LẬP BIỂU", "KT. GIÁM ĐỐC\nPHÓ GIÁM ĐỐC"]

[appendix.computed.ty_le]
value = "100 * truc_tuyen / tong"
header = "Tỷ lệ (%)"
decimals = 2

[appendix.computed.van_ban]
value = "van_ban!gui.trong_ky"
header = "Văn bản gửi"
"#;
    fs::write(&path, format!("{head}{asked}")).unwrap();
    write(folder.path());
    let rows = word_rows(&folder.path().join("a.docx"));
    let lines: Vec<&Vec<String>> = rows
        .iter()
        .filter(|r| r[0].parse::<u32>().is_ok())
        .collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[0][1], "Sở Nông nghiệp và Môi trường");
    assert_eq!(lines[1][1], "Công an tỉnh");
    let plain = |text: &str| {
        text.replace('.', "")
            .replace(',', ".")
            .parse::<f64>()
            .unwrap()
    };
    for line in &lines {
        let ratio = 100.0 * plain(&line[3]) / plain(&line[2]);
        assert!((plain(&line[4]) - ratio).abs() < 0.005, "{line:?}");
    }
    let total = rows.iter().find(|row| row[0] == "Cộng").unwrap();
    let sum = |i: usize| lines.iter().map(|line| plain(&line[i])).sum::<f64>();
    assert_eq!(plain(&total[4]), sum(5));
    let ratio = 100.0 * sum(3) / sum(2);
    assert!((plain(&total[3]) - ratio).abs() < 0.005, "{total:?}");
    assert_eq!(
        rows.last().unwrap()[..],
        ["NGƯỜI LẬP BIỂU", "KT. GIÁM ĐỐCPHÓ GIÁM ĐỐC"]
    );
}

#[test]
fn figures_shown_in_larger_units_add_up_and_moved_ones_are_marked() {
    let folder = tempfile::tempdir().unwrap();
    common::copy("vpubnd-2025-07", folder.path(), |_| true);
    let path = folder.path().join("campaign.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.trim_end().to_owned() + "\ndivide = 1000\n").unwrap();
    write(folder.path());
    // 2.000, 2.000, 1.000, 1.000, 500, 800 triệu: 7,3 tỷ shown as 7, so 0,5 is not shown as 1.
    let rows = word_rows(&folder.path().join("a.docx"));
    let shown: Vec<&str> = rows[1..]
        .iter()
        .map(|row| row[row.len() - 2].as_str())
        .collect();
    assert_eq!(shown, ["2", "2", "1", "1", "0 *", "1", "7"]);
    let text = part(&folder.path().join("a.docx"), "word/document.xml");
    assert!(text.contains("Số có dấu * đã được điều chỉnh"));
}
