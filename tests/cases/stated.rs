//! What a sheet states above its table: the period, in words, as a date and in several cells, the
//! unit of measure, whose figures it has. The workbooks are openpyxl's.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value as Json, json};
use tempfile::TempDir;

use super::peers::{Peer, python};
use super::{asked, check, rules, told_of};

const FORM: &str = r#"
id = "thu"
version = "1"
title = "Kết quả tập huấn"
sheet = "Tập huấn"
unit = "triệu đồng"
[layout]
rows = "free"
total = "Tổng cộng"
[defaults]
type = "amount"
blank = "missing"
[[column]]
id = "lop"
label = "Tên lớp"
type = "text"
key = true
[[column]]
id = "chi"
label = "Kinh phí"
[[column]]
id = "tinh"
label = "Ngân sách tỉnh"
"#;

/// The rows of each sheet are cells of text or figures, or [year, month, day, number format].
const BOOKS: &str = r#"
import datetime, json, openpyxl, sys
for name, sheets in json.load(open(sys.argv[1])).items():
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row, 1):
                cell = sheet.cell(at, column)
                if isinstance(value, list):
                    cell.value = value[0] if len(value) == 2 else datetime.date(*value[:3])
                    cell.number_format = value[-1]
                elif value is not None:
                    cell.value = value
    book.save(name)
"#;

/// A campaign of one form over two units, in a folder that goes with it.
pub(super) struct Campaign(TempDir);

impl Campaign {
    /// `None` where openpyxl is missing.
    pub(super) fn of(form: &str) -> Option<Campaign> {
        if !Peer::Openpyxl.found() {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        fs::create_dir(root.join("schemas")).unwrap();
        let campaign = "name = \"d\"\ntitle = \"D\"\nperiod = \"2025-09\"\noffice = \"S\"\n\
            place = \"V\"\n[[kind]]\nid = \"tt\"\nname = \"Trung tâm\"\n[[form]]\nid = \"thu\"\n";
        fs::write(root.join("campaign.toml"), campaign).unwrap();
        let roster = "code,name,kind\nT1,Trung tâm Học tập,tt\nT2,Trung tâm Văn hóa,tt\n";
        fs::write(root.join("roster.csv"), roster).unwrap();
        fs::write(root.join("schemas/thu.toml"), form).unwrap();
        Some(Campaign(folder))
    }

    pub(super) fn root(&self) -> &Path {
        self.0.path()
    }

    /// Workbooks, each of sheets with their rows.
    pub(super) fn books(&self, books: &[Json]) -> Vec<PathBuf> {
        let names: Vec<PathBuf> = (0..books.len())
            .map(|number| self.root().join(format!("{number}.xlsx")))
            .collect();
        let paths = names.iter().map(|name| name.to_str().unwrap().to_owned());
        let jobs: serde_json::Map<String, Json> = paths.zip(books.iter().cloned()).collect();
        let list = self.root().join("books.json");
        fs::write(&list, Json::Object(jobs).to_string()).unwrap();
        python(Peer::Openpyxl, BOOKS, &[&list]);
        names
    }
}

/// A right table below some lines of a title block.
fn table(above: &[Json], unit: &str) -> Json {
    let mut rows = above.to_vec();
    rows.push(json!([format!("Đơn vị báo cáo: {unit}")]));
    for row in [
        json!(["Tên lớp", "Kinh phí", "Ngân sách tỉnh"]),
        json!(["Lớp một", 120, 70]),
        json!(["Lớp hai", 80, 30]),
        json!(["Tổng cộng", 200, 100]),
    ] {
        rows.push(row);
    }
    rows.push(json!([]));
    rows.push(json!([null, "Hậu Sông, ngày 05 tháng 10 năm 2025"]));
    Json::Array(rows)
}

/// What is told of a right table below each of these lines.
fn told_below(lines: &[Json]) -> Vec<(i32, Json)> {
    let Some(campaign) = Campaign::of(FORM) else {
        return Vec::new();
    };
    let book = |line: &Json| {
        let line = match line {
            Json::Array(_) => line.clone(),
            one => json!([one]),
        };
        json!([["Tập huấn", table(&[line], "Trung tâm Học tập")]])
    };
    let books: Vec<Json> = lines.iter().map(book).collect();
    let files = campaign.books(&books);
    let told = files
        .into_iter()
        .map(|file| check(&[file], campaign.root()));
    told.collect()
}

#[test]
fn another_period_in_long_words_in_short_ones_or_as_a_date_is_told() {
    let lines = [
        json!("Số liệu tính từ ngày 01 tháng 8 năm 2025 đến ngày 31 tháng 8 năm 2025"),
        json!("KẾT QUẢ TẬP HUẤN (từ ngày 01/8/2025 đến ngày 31/8/2025)"),
        json!("Số liệu từ 01/8/25 đến 31/8/25"),
        json!("Kỳ báo cáo: tuần 3 tháng 9 năm 2025"),
        json!("Kỳ báo cáo: nửa đầu tháng 9 năm 2025"),
        json!("Kỳ báo cáo: từ ngày 01 đến ngày 15 tháng 9 năm 2025"),
        json!("Kỳ báo cáo: tháng 8 và tháng 9 năm 2025"),
        json!("Kỳ báo cáo: tháng 8/25"),
        json!("Kỳ báo cáo: 8/25"),
        json!("Aug-25"),
        json!("Báo cáo T8/25"),
        json!([[2025, 8, 1, "\"Tháng \"mm\" năm \"yyyy"]]),
        json!([[2025, 8, 1, "mmm-yy"]]),
        json!([[8, "\"Kỳ báo cáo: tháng \"0\" năm 2025\""]]),
        json!(["Kỳ báo cáo:", [2025, 8, 1, "mm/yyyy"]]),
        json!(["Kỳ báo cáo:", [2025, 8, 31, "mmmm yyyy"]]),
        json!(["Tháng", 8, "Năm", 2025]),
    ];
    for (line, (code, told)) in lines.iter().zip(told_below(&lines)) {
        let found = (code, rules(&told));
        assert_eq!(found, (1, vec!["sai-ky-bao-cao"]), "{line}: {told:#}");
    }
    let asked_about = [
        json!(["Kỳ báo cáo:", [2025, 8, 31, "dd/mm/yyyy"]]),
        json!(["Kỳ báo cáo", [2025, 8, 31, "dd/mm/yyyy"]]),
        json!("Số liệu tính đến ngày 31/8/2025"),
    ];
    for (line, (code, told)) in asked_about.iter().zip(told_below(&asked_about)) {
        let found = (code, rules(&told));
        assert_eq!(found, (0, vec!["khong-ro-ky-bao-cao"]), "{line}");
    }
}

#[test]
fn the_right_period_in_long_words_in_short_ones_or_as_a_date_is_right() {
    let lines = [
        json!("Số liệu tính từ ngày 01 tháng 9 năm 2025 đến ngày 30 tháng 9 năm 2025"),
        json!("Kỳ: 01/09 - 30/09/2025"),
        json!("Kỳ báo cáo: tháng 9/25"),
        json!("Kỳ báo cáo: 9/25"),
        json!("Sep-25"),
        json!([[2025, 9, 1, "\"Tháng \"mm\" năm \"yyyy"]]),
        json!([[9, "\"Tháng \"0\" năm 2025\""]]),
        json!(["Kỳ báo cáo:", [2025, 9, 1, "mm/yyyy"]]),
        json!(["Kỳ báo cáo:", [2025, 9, 30, "dd/mm/yyyy"]]),
        json!(["Tháng", 9, "Năm", 2025]),
        json!(["Ngày lập:", [2025, 10, 5, "dd/mm/yyyy"]]),
        json!("Hậu Sông, ngày 05 tháng 10 năm 2025"),
        json!("Số liệu tính đến ngày 30/9/2025"),
        json!("Số liệu chốt ngày 03/10/2025"),
        json!("(Ban hành kèm theo Thông tư số 02/2023/TT-BKHĐT ngày 23 tháng 3 năm 2023)"),
        json!("Thời hạn nộp: từ ngày 01/10/2025 đến ngày 05/10/2025"),
        json!("Số liệu cùng kỳ tính từ ngày 01/9/2024 đến ngày 30/9/2024"),
    ];
    for (line, (code, told)) in lines.iter().zip(told_below(&lines)) {
        assert_eq!((code, asked(&told)), (0, vec![]), "{line}: {told:#}");
    }
}

/// The unit of measure said in other words than «Đơn vị tính:», or below the table, was not seen.
#[test]
fn another_unit_of_measure_in_a_sentence_is_told() {
    let lines = [
        json!("Số liệu tính bằng nghìn đồng"),
        json!("(nghìn đồng)"),
        json!("ĐVT nghìn đồng"),
        json!("Các số trong biểu ghi theo đơn vị 1.000 đồng."),
        json!([null, null, "Nghìn đồng"]),
    ];
    for (line, (code, told)) in lines.iter().zip(told_below(&lines)) {
        let found = (code, rules(&told));
        let wrong = vec!["sai-don-vi-tinh-ghi-tren-bieu"];
        assert_eq!(found, (1, wrong), "{line}: {told:#}");
    }
    let right = [
        json!("Số liệu tính bằng triệu đồng"),
        json!("(triệu đồng)"),
        json!("ĐVT: triệu đồng"),
        json!("Số liệu làm tròn đến nghìn đồng"),
        json!("Giá trị tính theo hợp đồng"),
        json!("Diện tích tính bằng ha"),
    ];
    for (line, (code, told)) in right.iter().zip(told_below(&right)) {
        assert_eq!((code, asked(&told)), (0, vec![]), "{line}: {told:#}");
    }
    let Some(campaign) = Campaign::of(FORM) else {
        return;
    };
    let mut rows = table(&[], "Trung tâm Học tập");
    let rows_of = rows.as_array_mut().unwrap();
    rows_of.push(json!(["Ghi chú: số liệu tính bằng nghìn đồng"]));
    let files = campaign.books(&[json!([["Tập huấn", rows]])]);
    let (code, told) = check(&files, campaign.root());
    assert_eq!(
        (code, rules(&told)),
        (1, vec!["sai-don-vi-tinh-ghi-tren-bieu"]),
        "{told:#}"
    );
}

/// The unit was to delete the table of the other unit as one too many.
#[test]
fn one_form_of_two_units_in_a_workbook_names_both() {
    let Some(campaign) = Campaign::of(FORM) else {
        return;
    };
    let other = || table(&[json!(["Tháng 9 năm 2025"])], "Trung tâm Văn hóa");
    let own = || table(&[json!(["Tháng 9 năm 2025"])], "Trung tâm Học tập");
    let mut both = own();
    let below = both.as_array_mut().unwrap();
    below.extend(other().as_array().unwrap().iter().cloned());
    let books = [
        json!([["Tập huấn", own()], ["Tập huấn 2", other()]]),
        json!([["Tập huấn", both]]),
        json!([["Tập huấn", own()], ["Tập huấn 2", own()]]),
    ];
    let files = campaign.books(&books);
    let of = |file: &PathBuf| check(std::slice::from_ref(file), campaign.root());
    for file in &files[..2] {
        let (code, told) = of(file);
        assert_eq!(code, 1);
        let found = told_of(&told, "don-vi-mau-thuan");
        assert_eq!(found.len(), 1, "{told:#}");
        let message = found[0].2;
        let names = ["Trung tâm Học tập (mã T1)", "Trung tâm Văn hóa (mã T2)"];
        assert!(names.iter().all(|name| message.contains(name)), "{message}");
        assert!(!rules(&told).contains(&"hai-bang-giong-nhau"), "{told:#}");
    }
    let (_, told) = of(&files[2]);
    assert!(rules(&told).contains(&"hai-bang-giong-nhau"), "{told:#}");
}
