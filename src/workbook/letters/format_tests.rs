//! Old fonts and raised marks as each format stores them. The workbooks `chu-cu` were written as
//! Excel writes them and saved as `.xls` and `.ods` by LibreOffice.

use super::*;
use crate::workbook::xlsb::tests as xlsb;
use crate::workbook::{Limits, workbook_from_bytes};

fn open(file: &str, bytes: &[u8]) -> Sheet {
    let mut workbook = workbook_from_bytes(file, bytes, &Limits::default()).unwrap();
    workbook.sheets.remove(0)
}

fn at(address: &str) -> CellAddress {
    address.parse().unwrap()
}

fn marks(sheet: &Sheet) -> Vec<(String, &str)> {
    let marks = sheet.marks.iter();
    marks.map(|(at, mark)| (at.to_string(), &**mark)).collect()
}

#[test]
fn workbooks_of_excel_and_libreoffice() {
    for file in ["chu-cu.xlsx", "chu-cu.xls", "chu-cu.ods"] {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/formats");
        let sheet = open(file, &std::fs::read(format!("{folder}/{file}")).unwrap());
        for (address, shown) in [
            ("A1", "UBND Xã Hương Mỹ"),
            ("A2", "BIỂU TỔNG HỢP"),
            ("A3", "Xã Hương Mỹ"),
            ("A4", "Đơn vị: µg, ¶, 25 °C và ã, í"),
            ("A5", "Xã Hương Mỹ"),
            ("A6", "Ủy ban"),
            ("A7", "Tổng số"),
            ("B7", "66"),
            ("A8", "Diện tích (m²)"),
            ("A9", "X· H¬ng Mü"),
            ("B9", "3.259"),
        ] {
            assert_eq!(sheet.text_at(at(address)), Some(shown), "{file} {address}");
        }
        assert_eq!(
            marks(&sheet),
            [("A7".to_owned(), "2"), ("B7".to_owned(), "2")],
            "{file}"
        );
        let read: Vec<String> = sheet
            .old_fonts
            .read
            .keys()
            .map(ToString::to_string)
            .collect();
        assert_eq!(read, ["A1", "A2", "A3", "A6"], "{file}");
        // A5 is Unicode in an old font, so Sè in A10 could be either.
        let left: Vec<String> = sheet
            .old_fonts
            .unread
            .keys()
            .map(ToString::to_string)
            .collect();
        assert_eq!(left, ["A9", "A10"], "{file}");
        // A number is a number, however it is set.
        let number = &sheet.cell(at("B10")).unwrap().content;
        assert_eq!(*number, Content::Number(66.0), "{file}");
    }
}

#[test]
fn texts_inside_the_sheet_of_an_xlsx() {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/data/formats/chu-cu.xlsx"
    );
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let name = part.name().unwrap().into_owned();
        let mut xml = String::new();
        std::io::Read::read_to_string(&mut part, &mut xml).unwrap();
        if name.ends_with("sheet1.xml") {
            let rich = "<row r=\"1\"><c r=\"A1\" t=\"inlineStr\" s=\"1\"><is><r><t>Tæng sè </t></r>\
                 <r><rPr><vertAlign val=\"superscript\"/></rPr><t>(1)</t></r></is></c></row></sheetData>";
            let data = xml.find("<sheetData>").unwrap();
            xml = format!("{}<sheetData>{rich}</worksheet>", &xml[..data]);
        }
        let options = zip::write::SimpleFileOptions::default();
        out.start_file(name, options).unwrap();
        std::io::Write::write_all(&mut out, xml.as_bytes()).unwrap();
    }
    let sheet = open("a.xlsx", &out.finish().unwrap().into_inner());
    assert_eq!(sheet.text_at(at("A1")), Some("Tổng số"));
    assert_eq!(marks(&sheet), [("A1".to_owned(), "(1)")]);
}

#[test]
fn pages() {
    let page = "<table><tr><td>66<sup>2</sup></td><td><sup>66</sup></td>\
         <td style=\"font-family:.VnTime\">Tæng  sè <sup>(*)</sup>\n hå s\u{ac}</td></tr>\
         <tr><td><font face=\"Arial\">µg</font><font face=\".VnTime\"> tÝnh</font></td>\
         <td><sup>1<b>2</sup> Ghi chú</td></tr></table>\
         <p><font face=\"VNI-Times\">Xaõ Höng Myõ</font></p>";
    let sheet = open("a.xls", page.as_bytes());
    let shown: Vec<&str> = sheet.cells.values().filter_map(Cell::text).collect();
    assert_eq!(
        shown,
        [
            "66",
            "66",
            "Tổng số hồ sơ",
            "µg tính",
            "Ghi chú",
            "Xã Hưng Mỹ"
        ]
    );
    assert_eq!(
        marks(&sheet),
        [
            ("A1".to_owned(), "2"),
            ("C1".to_owned(), "(*)"),
            ("B2".to_owned(), "12")
        ]
    );
}

#[test]
fn xml_of_2003() {
    const NAMESPACE: &str = "urn:schemas-microsoft-com:office:spreadsheet";
    let xml = format!(
        "<?xml version=\"1.0\"?><Workbook xmlns=\"{NAMESPACE}\" xmlns:ss=\"{NAMESPACE}\">\
         <Styles><Style ss:ID=\"v\"><Font ss:FontName=\".VnTime\"/></Style></Styles>\
         <Worksheet ss:Name=\"A\"><Table><Row>\
         <Cell><ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\">66<Sup>2</Sup></ss:Data></Cell>\
         <Cell ss:StyleID=\"v\"><Data ss:Type=\"String\">Tæng sè</Data></Cell>\
         <Cell><ss:Data ss:Type=\"String\" xmlns=\"http://www.w3.org/TR/REC-html40\" xmlns:html=\"x\">\
         <B><Font html:Face=\".VnTime\">Tæng sè</Font></B><Font> µg</Font></ss:Data></Cell>\
         </Row></Table></Worksheet></Workbook>"
    );
    let sheet = open("a.xls", xml.as_bytes());
    let shown: Vec<&str> = sheet.cells.values().filter_map(Cell::text).collect();
    assert_eq!(shown, ["66", "Tổng số", "Tổng số µg"]);
    assert_eq!(marks(&sheet), [("A1".to_owned(), "2")]);
}

#[test]
fn binary_workbooks() {
    let sheet = open("a.xlsb", &xlsb::marked());
    assert_eq!(sheet.text_at(at("A1")), Some("66"));
    assert_eq!(sheet.text_at(at("B1")), Some("Tổng số"));
    assert_eq!(
        marks(&sheet),
        [("A1".to_owned(), "2"), ("B1".to_owned(), "2")]
    );
}

/// A text may be in more looks than anybody would type; it is read as one.
#[test]
fn looks_without_end_cost_nothing() {
    let mark = "<sup>1</sup>2".repeat(10_000);
    let sheet = open(
        "a.xls",
        format!("<table><tr><td>{mark}</td></tr></table>").as_bytes(),
    );
    assert_eq!(sheet.text_at(at("A1")).map(str::len), Some(20_000));
    assert!(sheet.marks.is_empty());
    let deep = format!(
        "<table><tr><td>{}6</td></tr></table>",
        "<sup>".repeat(10_000)
    );
    assert_eq!(open("a.xls", deep.as_bytes()).text_at(at("A1")), Some("6"));
}
