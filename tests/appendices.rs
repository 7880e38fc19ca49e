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

/// Names that stand above their figures on the units' sheets stand beside them in an appendix, and
/// the figures are added up.
#[test]
fn rows_named_above_their_figures_are_listed_with_these() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let write_text = |name: &str, text: &str| fs::write(root.join(name), text).unwrap();
    fs::create_dir_all(root.join("schemas")).unwrap();
    fs::create_dir_all(root.join("inbox/dot-1")).unwrap();
    write_text(
        "schemas/ten_tren_tu_do.toml",
        include_str!("data/forms/ten_tren_tu_do.toml"),
    );
    write_text(
        "campaign.toml",
        "name = \"d\"\ntitle = \"D\"\nperiod = \"2025-09\"\noffice = \"S\"\nplace = \"V\"\n\
         [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\nid = \"ten_tren_tu_do\"\n\
         [[appendix]]\ntitle = \"Dự án\"\nsheet = \"PL\"\nform = \"ten_tren_tu_do\"\nlist = \"rows\"\n\
         columns = [\"ten\", \"kh\", \"gn\", \"ty_le\"]\ntotal = \"Cộng\"\n",
    );
    write_text(
        "roster.csv",
        "code,name,kind\n28870,Xã Chợ Lách,xa\n28901,Xã Phú Phụng,xa\n",
    );
    let files = [
        (
            "28870",
            "Xã Chợ Lách",
            [("Dự án đường", 100, 40), ("Dự án cầu", 30, 15)],
        ),
        (
            "28901",
            "Xã Phú Phụng",
            [("Dự án chợ", 50, 50), ("Dự án kè", 20, 5)],
        ),
    ];
    for (code, unit, rows) in files {
        let mut text = format!(
            "Đơn vị báo cáo: {unit};;;;\nTháng 9 năm 2025;;;;\n\
             STT;Dự án;Kế hoạch vốn;Giải ngân;Tỷ lệ giải ngân (%)\n"
        );
        for (at, (name, plan, spent)) in rows.iter().enumerate() {
            let share = 100 * spent / plan;
            text += &format!("{};{name};;;\n;;{plan};{spent};{share}\n", at + 1);
        }
        let sum = |of: fn(&(&str, i32, i32)) -> i32| rows.iter().map(of).sum::<i32>();
        let (plan, spent) = (sum(|row| row.1), sum(|row| row.2));
        let share = f64::from(100 * spent) / f64::from(plan);
        let share = format!("{share:.2}").replace('.', ",");
        text += &format!(";Tổng số;{plan};{spent};{share}\n");
        write_text(&format!("inbox/dot-1/{code}.csv"), &text);
    }
    write(root);
    for rows in [
        word_rows(&root.join("a.docx")),
        sheet_rows(&root.join("a.xlsx")),
    ] {
        let at = |name: &str| {
            rows.iter()
                .position(|row| row.iter().any(|cell| cell == name))
        };
        let of = |name: &str| {
            let at = at(name).unwrap_or_else(|| panic!("no {name} in {rows:?}"));
            rows[at..(at + 2).min(rows.len())].concat()
        };
        for (name, plan, spent) in files.iter().flat_map(|(_, _, rows)| rows) {
            let told = of(name);
            assert!(told.contains(&plan.to_string()), "{name}: {told:?}");
            assert!(told.contains(&spent.to_string()), "{name}: {told:?}");
        }
        let total = of("Cộng");
        assert!(
            total.contains(&"200".to_owned()) && total.contains(&"110".to_owned()),
            "{total:?}"
        );
    }
}
