//! Tables that no template made: drawn by hand or written by another system, and saved in every
//! format that people send.

use std::fmt::Write;
use std::io::{Cursor, Write as _};

use encoding_rs::WINDOWS_1258;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};
use unicode_normalization::UnicodeNormalization;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::filled::Filing;

/// A cell.
#[derive(Clone)]
pub enum Drawn {
    Text(String),
    Number(f64),
    /// A day, as the number of days that a workbook counts.
    Day(f64),
    Blank,
}

impl From<&str> for Drawn {
    fn from(text: &str) -> Self {
        match text {
            "" => Drawn::Blank,
            text => Drawn::Text(text.to_owned()),
        }
    }
}

impl From<f64> for Drawn {
    fn from(number: f64) -> Self {
        Drawn::Number(number)
    }
}

/// Rows of cells.
pub type Grid = Vec<Vec<Drawn>>;

/// A row of texts.
pub fn texts<const N: usize>(texts: [&str; N]) -> Vec<Drawn> {
    texts.into_iter().map(Drawn::from).collect()
}

/// Who reports, and for when.
pub fn cover(unit: &str) -> Grid {
    vec![
        texts([&format!("Đơn vị báo cáo: {unit}")]),
        texts(["Kỳ báo cáo: tháng 9 năm 2025"]),
        Vec::new(),
    ]
}

/// The form of sent and received documents under its title, with a row of column numbers.
pub fn documents(filing: &Filing) -> Grid {
    let row = |number: &str, label: &str, row| {
        let figures = ["ky_truoc", "trong_ky", "luy_ke"];
        let figures = figures.map(|column| filing.number("van_ban", row, column).into());
        let mut cells = texts([number, label]);
        cells.extend(figures);
        cells
    };
    vec![
        texts(["GỬI, NHẬN VĂN BẢN ĐIỆN TỬ QUA TRỤC LIÊN THÔNG"]),
        texts([
            "STT",
            "Chỉ tiêu",
            "Lũy kế đến kỳ trước",
            "Trong kỳ",
            "Lũy kế đến cuối kỳ",
        ]),
        texts(["(1)", "(2)", "(3)", "(4)", "(5)"]),
        row("1", "Văn bản gửi", "gui"),
        row("2", "Văn bản nhận", "nhan"),
        row("3", "Tổng số văn bản gửi và nhận", "tong"),
    ]
}

/// Cover and form below each other.
pub fn report(filing: &Filing, unit: &str) -> Grid {
    [cover(unit), documents(filing)].concat()
}

/// A workbook of these sheets.
pub fn workbook(sheets: &[(&str, Grid)]) -> Vec<u8> {
    let mut book = Workbook::new();
    let day = ExcelDateTime::from_ymd(2025, 10, 1).expect("a day");
    book.set_properties(&DocProperties::new().set_creation_datetime(&day));
    let days = Format::new().set_num_format("dd/mm/yyyy");
    for (name, grid) in sheets {
        let sheet = book.add_worksheet();
        sheet.set_name(*name).expect("a name for a sheet");
        for (row, cells) in (0..).zip(grid) {
            for (column, cell) in (0..).zip(cells) {
                let written = match cell {
                    Drawn::Text(text) => sheet.write_string(row, column, text),
                    Drawn::Number(number) => sheet.write_number(row, column, *number),
                    Drawn::Day(day) => sheet.write_number_with_format(row, column, *day, &days),
                    Drawn::Blank => continue,
                };
                written.expect("a cell of the sheet");
            }
        }
    }
    book.save_to_buffer().expect("a workbook")
}

/// What a cell shows; figures with dots between thousands, as Excel exports what it shows.
fn shown(cell: &Drawn) -> String {
    match cell {
        Drawn::Text(text) => text.clone(),
        Drawn::Number(number) => super::mistakes::dotted(*number),
        Drawn::Day(_) => unreachable!("no text of a day is asked for"),
        Drawn::Blank => String::new(),
    }
}

/// Lines of fields.
pub fn separated(grid: &Grid, separator: char) -> String {
    let line = |cells: &Vec<Drawn>| {
        let fields: Vec<String> = cells
            .iter()
            .map(|cell| match shown(cell) {
                text if text.contains([separator, '"']) => {
                    format!("\"{}\"", text.replace('"', "\"\""))
                }
                text => text,
            })
            .collect();
        fields.join(&separator.to_string()) + "\r\n"
    };
    grid.iter().map(line).collect()
}

/// A text in the code page of Vietnamese Windows, where a tone is a character behind its letter.
pub fn windows_1258(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    for letter in text.nfc() {
        let whole = letter.to_string();
        let (encoded, _, lost) = WINDOWS_1258.encode(&whole);
        if !lost {
            bytes.extend_from_slice(&encoded);
            continue;
        }
        let mut parts: Vec<char> = whole.nfd().collect();
        let is_tone = |c: &char| "\u{300}\u{301}\u{303}\u{309}\u{323}".contains(*c);
        let tone = parts.remove(parts.iter().position(is_tone).expect("a tone"));
        let letter: String = parts.into_iter().nfc().chain([tone]).collect();
        let (encoded, _, lost) = WINDOWS_1258.encode(&letter);
        assert!(!lost, "{letter} is in the code page");
        bytes.extend_from_slice(&encoded);
    }
    bytes
}

/// A text in UTF-16, without a byte order mark.
pub fn utf_16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// A web page as portals export it: the header in two rows, with cells that span others.
pub fn page(filing: &Filing, unit: &str) -> Vec<u8> {
    let mut page = String::from(
        "<html>\r\n<head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"></head>\r\n<body>\r\n",
    );
    for line in cover(unit).concat() {
        write!(page, "<p>{}</p>\r\n", escaped(&shown(&line))).expect("text");
    }
    page.push_str(
        "<table id=\"tableToExcel\" border=\"1\">\r\n\
         <tr><th rowspan=\"2\">STT</th><th rowspan=\"2\">Chỉ tiêu</th><th colspan=\"3\">Số văn bản</th></tr>\r\n\
         <tr><th>Lũy kế đến kỳ trước</th><th>Trong kỳ</th><th>Lũy kế đến cuối kỳ</th></tr>\r\n",
    );
    for row in &documents(filing)[2..] {
        page.push_str("<tr>");
        for cell in row {
            write!(page, "<td>{}</td>", escaped(&shown(cell))).expect("text");
        }
        page.push_str("</tr>\r\n");
    }
    page.push_str("</table>\r\n</body>\r\n</html>\r\n");
    page.into_bytes()
}

/// The XML of Excel 2003.
pub fn xml_2003(sheet: &str, grid: &Grid) -> Vec<u8> {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n<?mso-application progid=\"Excel.Sheet\"?>\r\n\
         <Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
         xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">\r\n\
         <Worksheet ss:Name=\"{sheet}\"><Table>\r\n"
    );
    for row in grid {
        xml.push_str("<Row>");
        for cell in row {
            let data = match cell {
                Drawn::Number(number) => format!("<Data ss:Type=\"Number\">{number}</Data>"),
                Drawn::Blank => String::new(),
                other => format!("<Data ss:Type=\"String\">{}</Data>", escaped(&shown(other))),
            };
            write!(xml, "<Cell>{data}</Cell>").expect("text");
        }
        xml.push_str("</Row>\r\n");
    }
    xml.push_str("</Table></Worksheet>\r\n</Workbook>\r\n");
    xml.into_bytes()
}

/// A zip of these files, the same bytes every time.
pub fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, content) in files {
        zip.start_file(*name, options).expect("a file of the zip");
        zip.write_all(content).expect("written to memory");
    }
    zip.finish().expect("written to memory").into_inner()
}
