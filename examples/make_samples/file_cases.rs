//! Cases of `samples/loi-thuong-gap` about files: every format people send, files that are no
//! workbook, tables that no template made, days.

use std::io::{Cursor, Read};

use zip::ZipArchive;

use super::common_mistakes::{Case, Edit, WORKBOOK, case};
use super::drawn::{self, Drawn, Grid, texts, zip_of};
use super::filled::Filing;
use super::xlsb;

/// The unit of the cases and its printed name.
const UNIT: &str = "Xã Càng Long";

pub(super) fn cases(right: &Filing) -> Vec<Case> {
    let mut cases = formats(right);
    cases.extend(containers());
    cases.extend(unreadable());
    cases.extend(tables(right));
    cases.extend(days());
    cases
}

fn files(folder: &'static str, files: Vec<(&'static str, Edit)>) -> Case {
    let files = files.into_iter().map(|(name, edit)| (name, vec![edit]));
    Case {
        files: files.collect(),
        ..case(folder, Vec::new())
    }
}

/// The formats people save in, whatever the file is called.
fn formats(right: &Filing) -> Vec<Case> {
    let report = drawn::report(right, UNIT);
    let instead = Edit::Instead;
    vec![
        files("tep-xls", vec![("bao-cao.xls", Edit::Kept)]),
        files("tep-xls-95", vec![("bao-cao.xls", Edit::Kept)]),
        files("tep-ods", vec![("bao-cao.ods", Edit::Kept)]),
        files(
            "tep-xlsb",
            vec![("bao-cao.xlsb", instead(xlsb::workbook("Biểu", &report)))],
        ),
        files(
            "trang-web-duoi-xls",
            vec![("bao-cao.xls", instead(drawn::page(right, UNIT)))],
        ),
        files(
            "xml-2003-duoi-xls",
            vec![("bao-cao.xls", instead(drawn::xml_2003("Biểu", &report)))],
        ),
        files(
            "tep-csv",
            vec![
                (
                    "windows-1258.csv",
                    instead(drawn::windows_1258(&drawn::separated(&report, ';'))),
                ),
                (
                    "utf-16.tsv",
                    instead(drawn::utf_16(&drawn::separated(&report, '\t'))),
                ),
                (
                    "utf-8.csv",
                    instead(("\u{FEFF}".to_owned() + &drawn::separated(&report, ',')).into_bytes()),
                ),
            ],
        ),
        Case {
            files: vec![("bao-cao.xls", Vec::new())],
            ..case("doi-duoi-tep", Vec::new())
        },
        files(
            "tep-co-macro",
            vec![("bao-cao.xlsm", Edit::Bytes(Box::new(with_macros)))],
        ),
    ]
}

/// A project as Excel stores it; the example of rust_xlsxwriter.
const MACROS: &[u8] = include_bytes!("vbaProject.bin");

/// A workbook with macros in it.
fn with_macros(workbook: &[u8]) -> Vec<u8> {
    let mut parts = parts(workbook);
    for (name, content) in &mut parts {
        match name.as_str() {
            "[Content_Types].xml" => {
                let project = "<Default Extension=\"bin\" ContentType=\"application/vnd.ms-office.vbaProject\"/><Override ";
                *content = content.replacen("<Override ", project, 1).replace(
                    "openxmlformats-officedocument.spreadsheetml.sheet.main",
                    "ms-excel.sheet.macroEnabled.main",
                );
            }
            "xl/_rels/workbook.xml.rels" => {
                let project = "<Relationship Id=\"rIdMacros\" Type=\"http://schemas.microsoft.com/office/2006/relationships/vbaProject\" Target=\"vbaProject.bin\"/></Relationships>";
                *content = content.replace("</Relationships>", project);
            }
            _ => {}
        }
    }
    let mut all: Vec<(&str, &[u8])> = as_bytes(&parts);
    all.push(("xl/vbaProject.bin", MACROS));
    zip_of(&all)
}

fn parts(workbook: &[u8]) -> Vec<(String, String)> {
    let mut archive = ZipArchive::new(Cursor::new(workbook)).expect("a workbook is a zip file");
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).expect("a part");
            let mut content = String::new();
            part.read_to_string(&mut content).expect("XML is text");
            (part.name().expect("plain names").into_owned(), content)
        })
        .collect()
}

fn as_bytes(parts: &[(String, String)]) -> Vec<(&str, &[u8])> {
    parts
        .iter()
        .map(|(name, content)| (&**name, content.as_bytes()))
        .collect()
}

/// A workbook with its list of sheets changed.
fn with_book(workbook: &[u8], change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut parts = parts(workbook);
    let book = parts.iter_mut().find(|(name, _)| name == "xl/workbook.xml");
    let (_, content) = book.expect("the list of sheets");
    *content = change(content);
    zip_of(&as_bytes(&parts))
}

/// Several workbooks, and none.
fn containers() -> Vec<Case> {
    let workbooks = vec![
        ("xa-cang-long.xlsx", "29266"),
        ("xa-cho-lach.xlsx", "28870"),
    ];
    vec![
        files("tep-nen-zip", vec![("cac-xa.zip", Edit::Zipped(workbooks))]),
        Case {
            files: vec![(WORKBOOK, Vec::new()), ("bao-cao (1).xlsx", Vec::new())],
            ..case("hai-tep-giong-het", Vec::new())
        },
        files(
            "tep-tam-cua-excel",
            vec![("~$bao-cao.xlsx", Edit::Instead(lock_file()))],
        ),
    ]
}

/// What Excel leaves beside a workbook while it is open: who has it open, twice.
fn lock_file() -> Vec<u8> {
    let mut bytes = vec![b' '; 165];
    bytes[0] = 6;
    bytes[1..7].copy_from_slice(b"Can bo");
    bytes
}

/// Files from which nothing can be counted.
fn unreadable() -> Vec<Case> {
    let half = |workbook: &[u8]| workbook[..workbook.len() / 2].to_vec();
    let hidden = |workbook: &[u8]| {
        with_book(workbook, |book| {
            book.replace(" state=\"veryHidden\"", "")
                .replace("<sheet ", "<sheet state=\"hidden\" ")
        })
    };
    let letter = "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body><w:p><w:r><w:t>Báo cáo</w:t></w:r></w:p></w:body></w:document>";
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/></Types>";
    let letter = zip_of(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("word/document.xml", letter.as_bytes()),
    ]);
    let list = drawn::workbook(&[(
        "Danh bạ",
        vec![
            texts(["STT", "Họ tên", "Chức vụ", "Số máy"]),
            texts(["1", "Nguyễn Văn A", "Công chức", "0270 0000000"]),
        ],
    )]);
    vec![
        files("tep-co-mat-khau", vec![(WORKBOOK, Edit::Kept)]),
        files("tep-rong", vec![(WORKBOOK, Edit::Instead(Vec::new()))]),
        files("tep-cat-cut", vec![(WORKBOOK, Edit::Bytes(Box::new(half)))]),
        files(
            "moi-trang-deu-an",
            vec![(WORKBOOK, Edit::Bytes(Box::new(hidden)))],
        ),
        files(
            "gui-ban-pdf",
            vec![("bao-cao.pdf", Edit::Instead(SCAN.into()))],
        ),
        files(
            "gui-ban-word",
            vec![("bao-cao.xlsx", Edit::Instead(letter))],
        ),
        files(
            "khong-co-bieu-nao",
            vec![("danh-ba.xlsx", Edit::Instead(list))],
        ),
    ]
}

/// A page without anything on it, as a scanner's PDF.
const SCAN: &str = "%PDF-1.4\n\
1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n\
2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n\
3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>\nendobj\n\
xref\n0 4\n0000000000 65535 f \n0000000009 00000 n \n0000000058 00000 n \n0000000115 00000 n \n\
trailer\n<< /Size 4 /Root 1 0 R >>\nstartxref\n186\n%%EOF\n";

/// Tables that no template made.
fn tables(right: &Filing) -> Vec<Case> {
    let one = |sheets: &[(&str, Grid)]| vec![(WORKBOOK, Edit::Instead(drawn::workbook(sheets)))];
    let report = drawn::report(right, UNIT);
    // The query of the system at the top; instructions below the row of numbers.
    let parameters = texts([
        "ma_tinh",
        "86",
        "tu_thang",
        "9",
        "den_thang",
        "9",
        "nam",
        "2025",
    ]);
    let instructions = texts([
        "",
        "",
        "Cột D-VB-02 kỳ trước",
        "Cột D-VB-02 kỳ này",
        "= (3) + (4)",
    ]);
    let [cover, table] = [drawn::cover(UNIT), drawn::documents(right)];
    let exported = [
        vec![parameters],
        cover,
        table[..3].to_vec(),
        vec![instructions],
        table[3..].to_vec(),
    ]
    .concat();
    let notes: Grid = vec![
        texts(["Ghi chú của người lập"]),
        texts(["Tính lại ngày", "30/9"]),
    ];
    let blank = Grid::new();
    vec![
        files(
            "xuat-tu-he-thong-khac",
            one(&[("Worksheet", exported), ("Worksheet 1", blank)]),
        ),
        files(
            "them-trang-khac",
            one(&[("Nháp", notes), ("Biểu chính", report.clone())]),
        ),
        files(
            "hai-bang-giong-nhau",
            one(&[("Bản 1", report.clone()), ("Bản 2", report)]),
        ),
        Case {
            files: vec![(
                WORKBOOK,
                vec![Edit::Instead(drawn::workbook(&[(
                    "Biểu",
                    drawn::report(right, "TT. Càng Long"),
                )]))],
            )],
            ..case("don-vi-khong-con", Vec::new())
        },
    ]
}

/// Days, in a form of meetings.
fn days() -> Vec<Case> {
    // 3 September 2025 as workbooks count, and as those of old Macs do.
    const THIRD: f64 = 45_903.0;
    const SINCE_1904: f64 = THIRD - 1_462.0;
    let report = |rows: [(&str, Drawn, f64); 3]| {
        let mut grid = drawn::cover("Văn phòng Ủy ban nhân dân tỉnh");
        grid.push(texts(["STT", "Tên cuộc họp", "Ngày họp", "Số điểm cầu"]));
        let mut total = 0.0;
        for (number, (name, day, places)) in (1..).zip(rows) {
            total += places;
            grid.push(vec![
                f64::from(number).into(),
                name.into(),
                day,
                places.into(),
            ]);
        }
        grid.push(vec![
            Drawn::Blank,
            "Tổng cộng".into(),
            Drawn::Blank,
            total.into(),
        ]);
        drawn::workbook(&[("Lịch họp", grid)])
    };
    let meetings = |first, second, third| {
        report([
            ("Giao ban đầu tháng", first, 124.0),
            ("Triển khai nền tảng số", second, 40.0),
            ("Sơ kết quý III", third, 139.0),
        ])
    };
    let of_1904 = meetings(
        Drawn::Day(SINCE_1904),
        Drawn::Day(SINCE_1904 + 12.0),
        Drawn::Day(SINCE_1904 + 25.0),
    );
    let of_1904 = with_book(&of_1904, |book| {
        assert!(
            book.contains("<workbookPr "),
            "the properties of the workbook"
        );
        book.replace("<workbookPr ", "<workbookPr date1904=\"1\" ")
    });
    let of = |folder, made| files(folder, vec![(WORKBOOK, Edit::Instead(made))]);
    vec![
        of(
            "ngay-viet-nhieu-cach",
            meetings(
                Drawn::Day(THIRD),
                "15/9/2025".into(),
                "28/09/2025 07:30:00 SA".into(),
            ),
        ),
        of("ngay-tu-nam-1904", of_1904),
        of(
            // 9 March: the third of September typed where the month comes first.
            "ngay-thang-dao",
            meetings(
                Drawn::Day(45_725.0),
                "15/9/2025".into(),
                Drawn::Day(THIRD + 25.0),
            ),
        ),
    ]
}
