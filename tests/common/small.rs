//! A small campaign (`tests/data/dot-nho`) and workbooks for it, written as text: XML 2003 says
//! which cell is a number and which is words, so a figure can be as odd as a test needs it.
#![allow(
    dead_code,
    reason = "each test file compiles this module for itself and uses a part"
)]

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

/// A cell as typed.
#[derive(Debug, Clone, Copy)]
pub enum Cell<'a> {
    Text(&'a str),
    /// A number, digit by digit.
    Number(&'a str),
    /// A day, as 2025-09-30.
    Day(&'a str),
    Blank,
}

use Cell::{Blank, Day, Number, Text};

/// A sheet's name and its rows.
pub type Sheet<'a> = (&'a str, Vec<Vec<Cell<'a>>>);

/// The campaign, alone in a folder that goes with it.
pub struct Small {
    root: TempDir,
}

impl Small {
    /// Without any submission.
    pub fn empty() -> Small {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("dot");
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/dot-nho");
        fs::create_dir_all(folder.join("schemas")).unwrap();
        fs::create_dir_all(folder.join("inbox/dot-1")).unwrap();
        for name in [
            "campaign.toml",
            "roster.csv",
            "schemas/lop.toml",
            "schemas/so_lieu.toml",
        ] {
            fs::copy(from.join(name), folder.join(name)).unwrap();
        }
        Small { root }
    }

    /// With one submission that is right and explained, one that is wrong, one that is plain, and
    /// a unit (C) that has sent nothing.
    pub fn filled() -> Small {
        let small = Small::empty();
        small.receive("a.xls", &right_and_explained());
        small.receive("b, \"hai\".xls", &wrong());
        small.receive("s.xls", &department());
        small
    }

    /// With what every unit owes, all of it right.
    pub fn complete() -> Small {
        let small = Small::empty();
        small.receive("a.xls", &right_and_explained());
        for (code, name) in [("B", "Xã Bình \"Mới\", An"), ("C", "Phường Châu Thành")] {
            let rows = vec![class("Lớp một", "20", "10", "50", "1.5")];
            let total = class("Tổng cộng", "20", "10", "50", "1.5");
            small.receive(
                &format!("{code}.xls"),
                &book(&[table("Lớp học", name, code, rows, total)]),
            );
        }
        small.receive("s.xls", &department());
        small
    }

    /// What the campaign's folder is in.
    pub fn root(&self) -> &Path {
        self.root.path()
    }

    /// The campaign's folder: `dot`, below [`Small::root`].
    pub fn folder(&self) -> PathBuf {
        self.root.path().join("dot")
    }

    /// Puts a file into the first round of the inbox.
    pub fn receive(&self, name: &str, text: &str) {
        fs::write(self.folder().join("inbox/dot-1").join(name), text).unwrap();
    }
}

/// A workbook as XML 2003.
pub fn book(sheets: &[Sheet<'_>]) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
         xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">",
    );
    for (name, rows) in sheets {
        xml += &format!("<Worksheet ss:Name=\"{}\"><Table>", escaped(name));
        for row in rows {
            let cells: String = row.iter().map(cell).collect();
            xml += &format!("<Row>{cells}</Row>");
        }
        xml += "</Table></Worksheet>";
    }
    xml + "</Workbook>"
}

fn cell(cell: &Cell<'_>) -> String {
    let (kind, text) = match cell {
        Blank => return "<Cell/>".to_owned(),
        Text(text) => ("String", escaped(text)),
        Number(digits) => ("Number", (*digits).to_owned()),
        Day(day) => ("DateTime", format!("{day}T00:00:00.000")),
    };
    format!("<Cell><Data ss:Type=\"{kind}\">{text}</Data></Cell>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
        .replace('\n', "&#10;")
}

/// A row of the form on classes: name, those who came, women, share, cost.
pub fn class<'a>(
    name: &'a str,
    all: &'a str,
    women: &'a str,
    share: &'a str,
    cost: &'a str,
) -> Vec<Cell<'a>> {
    let [all, women, share, cost] = [all, women, share, cost].map(Number);
    vec![Text(name), all, women, share, cost]
}

/// The form on classes, filled by a unit: the first class is in row 5.
pub fn table<'a>(
    sheet: &'a str,
    unit: &'a str,
    code: &'a str,
    rows: Vec<Vec<Cell<'a>>>,
    total: Vec<Cell<'a>>,
) -> Sheet<'a> {
    let headers = [
        "Tên lớp",
        "Số người dự",
        "Trong đó nữ",
        "Tỷ lệ nữ (%)",
        "Kinh phí",
        "Ngày khai giảng",
        "Trực tuyến",
    ];
    let mut all = vec![
        vec![Text("Đơn vị báo cáo:"), Text(unit)],
        vec![Text("Mã đơn vị:"), Text(code)],
        vec![Text("Kỳ báo cáo:"), Text("tháng 9 năm 2025")],
        headers.map(Text).to_vec(),
    ];
    all.extend(rows);
    all.push(total);
    (sheet, all)
}

/// Unit A: names and a reason that a spreadsheet would take for formulas, a name and a reason of
/// two lines, 0.1 + 0.2, and a warning that is explained.
pub fn right_and_explained() -> String {
    let mut first = class("=Kỹ năng \"số\", cơ bản", "3259", "1629", "49.98", "0.1");
    first.extend([Day("2025-09-08"), Text("x")]);
    let mut second = class("-An toàn", "30", "30", "100", "0.2");
    second.extend([Day("2025-09-30"), Blank]);
    let total = class("Tổng cộng", "3289", "1659", "50.44", "0.3");
    let reasons = vec![
        ["Trang", "Ô", "Số liệu", "Lý do"].map(Text).to_vec(),
        vec![
            Text("Lớp học"),
            Text("B5"),
            Number("3259"),
            Text("=Mở \"cả tỉnh\",\nhai buổi"),
        ],
    ];
    let table = table("Lớp học", "Xã An Bình", "A", vec![first, second], total);
    book(&[table, ("Giải trình", reasons)])
}

/// Unit A, more people in its only class than the form expects, which nobody has explained.
pub fn warned(all: &str, women: &str, share: &str, cost: &str) -> String {
    let row = |name| class(name, all, women, share, cost);
    let total = row("Tổng cộng");
    book(&[table(
        "Lớp học",
        "Xã An Bình",
        "A",
        vec![row("Mở cả tỉnh")],
        total,
    )])
}

/// Unit B, on a sheet with a quote and a comma in its name: more women than people, and a figure
/// that no spreadsheet holds exactly.
pub fn wrong() -> String {
    let mut second = class("Lớp hai", "0", "0", "0", "0");
    second[1] = Text("9007199254740993");
    let rows = vec![class("Lớp một", "20", "45", "225", "1.5"), second];
    let total = class("Tổng cộng", "20", "45", "225", "1.5");
    let name = "Xã Bình \"Mới\", An";
    book(&[table("Lớp, \"hai\"", name, "B", rows, total)])
}

/// Unit S, which owes the other form.
pub fn department() -> String {
    let rows = vec![
        vec![Text("Đơn vị báo cáo:"), Text("Sở Tư pháp")],
        vec![Text("Mã đơn vị:"), Text("S")],
        vec![Text("Kỳ báo cáo:"), Text("tháng 9 năm 2025")],
        vec![Text("Loại"), Text("Trong kỳ")],
        vec![Text("Văn bản gửi"), Number("1944")],
        vec![Text("Văn bản nhận"), Number("12")],
    ];
    book(&[("Văn bản", rows)])
}
