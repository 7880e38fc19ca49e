//! A binary workbook of Excel (`.xlsb`) of one sheet: nothing writes these but Excel.

use super::drawn::{Drawn, Grid, zip_of};

const RELATIONS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A record: its kind and length in seven bits a byte, and its data.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = match kind {
        0..0x80 => vec![low(usize::from(kind))],
        _ => vec![low(usize::from(kind)) | 0x80, low(usize::from(kind >> 7))],
    };
    let mut length = data.len();
    while length >= 0x80 {
        bytes.push(low(length) | 0x80);
        length >>= 7;
    }
    bytes.push(low(length));
    bytes.extend_from_slice(data);
    bytes
}

fn low(number: usize) -> u8 {
    u8::try_from(number & 0x7F).expect("seven bits")
}

fn count(number: usize) -> [u8; 4] {
    u32::try_from(number).expect("small").to_le_bytes()
}

fn text(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = count(units.len()).to_vec();
    bytes.extend(units.into_iter().flat_map(u16::to_le_bytes));
    bytes
}

fn sheet(grid: &Grid) -> Vec<u8> {
    let columns = grid.iter().map(Vec::len).max().unwrap_or(1);
    let bounds = [0, grid.len() - 1, 0, columns - 1].map(count).concat();
    let mut bytes = [record(129, &[]), record(148, &bounds), record(145, &[])].concat();
    for (number, cells) in grid.iter().enumerate() {
        // Row, style, height, flags, one span of columns.
        let head = [&count(number)[..], &count(0), &[44, 1, 0, 0, 0]];
        let spans = [count(1), count(0), count(columns - 1)].concat();
        bytes.extend(record(0, &[&head.concat()[..], &spans].concat()));
        for (column, cell) in cells.iter().enumerate() {
            let place = [count(column), count(0)].concat();
            let (kind, value) = match cell {
                Drawn::Text(words) => (6, text(words)),
                Drawn::Number(number) | Drawn::Day(number) => (5, number.to_le_bytes().to_vec()),
                Drawn::Blank => continue,
            };
            bytes.extend(record(kind, &[place, value].concat()));
        }
    }
    bytes.extend([record(146, &[]), record(130, &[])].concat());
    bytes
}

/// One font, one look.
fn styles() -> Vec<u8> {
    // Height, flags, weight, no raising, no underline, family, character set, black, no scheme.
    let font = [
        &[0xDC, 0, 0, 0, 0x90, 1, 0, 0, 0, 2, 0, 0][..],
        &[0, 0, 0, 0, 0, 0, 0, 0, 0],
        &text("Times New Roman"),
    ]
    .concat();
    let fill = [0; 68];
    let border = [0; 51];
    let look = [0; 16];
    let named = [&look[..]].concat();
    [
        record(278, &[]),
        record(611, &count(1)),
        record(43, &font),
        record(612, &[]),
        record(603, &count(1)),
        record(45, &fill),
        record(604, &[]),
        record(613, &count(1)),
        record(46, &border),
        record(614, &[]),
        record(626, &count(1)),
        record(47, &named),
        record(627, &[]),
        record(617, &count(1)),
        record(47, &look),
        record(618, &[]),
        record(279, &[]),
    ]
    .concat()
}

/// The workbook.
pub fn workbook(name: &str, grid: &Grid) -> Vec<u8> {
    let listed = [&count(0)[..], &count(1), &text("rId1"), &text(name)].concat();
    let book = [
        record(131, &[]),
        record(143, &[]),
        record(156, &listed),
        record(144, &[]),
        record(132, &[]),
    ]
    .concat();
    let types = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
        <Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
        <Default Extension=\"bin\" ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/>\
        <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
        <Override PartName=\"/xl/worksheets/sheet1.bin\" ContentType=\"application/vnd.ms-excel.worksheet\"/>\
        <Override PartName=\"/xl/styles.bin\" ContentType=\"application/vnd.ms-excel.styles\"/></Types>";
    let relations = |targets: &[(&str, &str)]| {
        let relation = |(number, (kind, target)): (usize, &(&str, &str))| {
            format!(
                "<Relationship Id=\"rId{number}\" Type=\"{OFFICE}/{kind}\" Target=\"{target}\"/>"
            )
        };
        let relations: String = (1..).zip(targets).map(relation).collect();
        format!("<Relationships xmlns=\"{RELATIONS}\">{relations}</Relationships>")
    };
    let root = relations(&[("officeDocument", "xl/workbook.bin")]);
    let own = relations(&[
        ("worksheet", "worksheets/sheet1.bin"),
        ("styles", "styles.bin"),
    ]);
    zip_of(&[
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.bin", &book),
        ("xl/_rels/workbook.bin.rels", own.as_bytes()),
        ("xl/worksheets/sheet1.bin", &sheet(grid)),
        ("xl/styles.bin", &styles()),
    ])
}
