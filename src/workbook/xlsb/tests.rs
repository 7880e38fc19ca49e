use std::io::Write;

use super::*;
use crate::model::CellAddress;
use crate::workbook::{Content, Sheet, TooLarge, Visibility, workbook_from_bytes};

fn at(address: &str) -> CellAddress {
    address.parse().unwrap()
}

/// A record: kind and length seven bits at a time.
fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let low = u8::try_from(kind & 0x7F).unwrap();
    match u8::try_from(kind >> 7).unwrap() {
        0 => bytes.push(low),
        high => bytes.extend([low | 0x80, high]),
    }
    let mut length = data.len();
    loop {
        let low = u8::try_from(length & 0x7F).unwrap();
        length >>= 7;
        bytes.push(if length > 0 { low | 0x80 } else { low });
        if length == 0 {
            break;
        }
    }
    bytes.extend_from_slice(data);
    bytes
}

fn wide(text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut bytes = u32::try_from(units.len()).unwrap().to_le_bytes().to_vec();
    bytes.extend(units.into_iter().flat_map(u16::to_le_bytes));
    bytes
}

fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers
        .iter()
        .flat_map(|number| number.to_le_bytes())
        .collect()
}

/// The start of a cell: column and format.
fn cell(column: u32, format: u32, rest: &[u8]) -> Vec<u8> {
    [&numbers(&[column, format])[..], rest].concat()
}

fn row(row: u32, hidden: bool) -> Vec<u8> {
    let flags = if hidden { 0x10 } else { 0 };
    let data = [
        &numbers(&[row, 0])[..],
        &[44, 1, 0, flags, 0],
        &numbers(&[0]),
    ]
    .concat();
    record(0, &data)
}

/// A binary workbook of one sheet with these records between the marks of its cells, and these
/// after.
pub(in crate::workbook) fn book(cells: &[Vec<u8>], after: &[Vec<u8>]) -> Vec<u8> {
    const ROOT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{ROOT}/{kind}\" Target=\"{target}\"/>")
    };
    let relations = |inner: String| format!("<Relationships>{inner}</Relationships>").into_bytes();
    let listed = [&numbers(&[1, 1])[..], &wide("rId1"), &wide("Ẩn")].concat();
    let font = |name: &str| record(43, &[&[0; 21][..], &wide(name)].concat());
    let format = |format: u16, font: u16| {
        let fields: Vec<u8> = [0, format, font]
            .into_iter()
            .flat_map(u16::to_le_bytes)
            .collect();
        record(47, &[&fields[..], &[0; 10]].concat())
    };
    let styles = [
        record(615, &numbers(&[1])),
        record(
            44,
            &[&164_u16.to_le_bytes()[..], &wide("dd\\-mm\\-yyyy")].concat(),
        ),
        record(616, &[]),
        font("Calibri"),
        font(".VnTime"),
        record(
            43,
            &[&[0, 0, 0, 0, 0, 0, 1][..], &[0; 14], &wide("Arial")].concat(),
        ), // superscript
        record(626, &numbers(&[1])),
        format(9, 1), // of a named style: not to be counted
        record(627, &[]),
        record(617, &numbers(&[4])),
        format(0, 0),
        format(10, 0),
        format(164, 0),
        format(0, 1),
        record(618, &[]),
    ];
    let string = |text: &str| record(19, &[&[0][..], &wide(text)].concat());
    let strings = [
        record(159, &numbers(&[3, 3])),
        string("Xã Hương Mỹ"),
        string(""),
        record(19, &marked_text("662", 2)),
    ];
    let dimension = numbers(&[0, 8, 0, 8]);
    let sheet = [
        record(129, &[]),
        record(148, &dimension),
        record(145, &[]),
        cells.concat(),
        record(146, &[]),
        after.concat(),
        record(130, &[]),
    ];
    let workbook = [
        record(131, &[]),
        record(153, &numbers(&[0, 0, 0])),
        record(143, &[]),
        record(156, &listed),
        record(144, &[]),
        record(132, &[]),
    ];
    let types = "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
         <Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
         <Default Extension=\"bin\" ContentType=\"application/vnd.ms-excel.sheet.binary.macroEnabled.main\"/>\
         </Types>";
    let parts: [(&str, Vec<u8>); 7] = [
        ("[Content_Types].xml", types.into()),
        (
            "_rels/.rels",
            relations(relation("r", "officeDocument", "xl/workbook.bin")),
        ),
        (
            "xl/_rels/workbook.bin.rels",
            relations(
                relation("rId1", "worksheet", "worksheets/sheet1.bin")
                    + &relation("rId2", "styles", "styles.bin")
                    + &relation("rId3", "sharedStrings", "sharedStrings.bin"),
            ),
        ),
        ("xl/workbook.bin", workbook.concat()),
        ("xl/styles.bin", styles.concat()),
        ("xl/sharedStrings.bin", strings.concat()),
        ("xl/worksheets/sheet1.bin", sheet.concat()),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(&bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn open(bytes: &[u8]) -> Result<Workbook, FileProblem> {
    workbook_from_bytes("bao-cao.xlsx", bytes, &Limits::default())
}

/// A text with its end in the font that is superscript.
fn marked_text(text: &str, from: u8) -> Vec<u8> {
    [&[1][..], &wide(text), &numbers(&[1]), &[from, 0, 2, 0]].concat()
}

/// A shared text and one of the cell's own, each with a footnote mark.
pub(in crate::workbook) fn marked() -> Vec<u8> {
    let cells = [
        row(0, false),
        record(7, &cell(0, 0, &numbers(&[2]))),
        record(62, &cell(1, 3, &marked_text("Tæng sè2", 7))),
    ];
    book(&cells, &[])
}

/// Cells of every kind.
pub(in crate::workbook) fn sample() -> Vec<u8> {
    let formula = [0, 0, 0, 0, 0, 0];
    let cells = [
        row(0, false),
        record(7, &cell(0, 0, &numbers(&[0]))),
        record(7, &cell(1, 0, &numbers(&[1]))), // an empty text
        record(1, &cell(2, 0, &[])),
        record(2, &cell(3, 0, &numbers(&[3259 << 2 | 2]))),
        record(5, &cell(4, 1, &0.5322_f64.to_le_bytes())),
        record(5, &cell(5, 2, &44_469_f64.to_le_bytes())),
        record(6, &cell(6, 3, &wide("Ghi chó"))),
        row(4, true),
        record(4, &cell(0, 0, &[1])),
        record(3, &cell(1, 0, &[0x07])),
        record(
            9,
            &cell(2, 0, &[&6518_f64.to_le_bytes()[..], &formula].concat()),
        ),
        record(8, &cell(3, 0, &[&wide("x")[..], &formula].concat())),
        record(8, &cell(4, 0, &[&wide("")[..], &formula].concat())),
        record(10, &cell(5, 0, &[&[0][..], &formula].concat())),
        record(11, &cell(6, 0, &[&[0x17][..], &formula].concat())),
        // A short cell has no column: it is the next one.
        record(16, &[&numbers(&[0])[..], &7_f64.to_le_bytes()].concat()),
    ];
    let columns = record(60, &[&numbers(&[2, 2, 9, 0])[..], &[1, 0]].concat());
    let merge = record(176, &numbers(&[0, 1, 0, 0]));
    book(&cells, &[columns, merge])
}

fn shown<'a>(sheet: &'a Sheet, address: &str) -> &'a Content {
    &sheet.cell(at(address)).unwrap().content
}

#[test]
fn a_binary_workbook_is_read_as_it_stands() {
    let workbook = open(&sample()).unwrap();
    assert_eq!((workbook.format, workbook.sheets.len()), (Format::Xlsb, 1));
    let sheet = &workbook.sheets[0];
    assert_eq!((&*sheet.name, sheet.visibility), ("Ẩn", Visibility::Hidden));
    assert_eq!(
        sheet.effective(at("A2")).unwrap().text(),
        Some("Xã Hương Mỹ")
    );
    assert!(sheet.cell(at("B1")).is_none() && sheet.cell(at("C1")).is_none());
    assert_eq!(*shown(sheet, "D1"), Content::Number(3259.0));
    let percent = sheet.cell(at("E1")).unwrap();
    assert!(percent.style.as_ref().unwrap().shown(1.0).percent);
    assert!(
        matches!(shown(sheet, "F1"), Content::Date(day) if day.to_string() == "2021-09-30 00:00:00")
    );
    let note = sheet.cell(at("G1")).unwrap();
    assert_eq!(
        note.style.as_ref().unwrap().font.as_deref(),
        Some(".VnTime")
    );
    assert_eq!(*shown(sheet, "A5"), Content::Bool(true));
    assert_eq!(*shown(sheet, "B5"), Content::Error("#DIV/0!".into()));
    assert_eq!(*shown(sheet, "C5"), Content::Number(6518.0));
    assert_eq!(sheet.cell(at("C5")).unwrap().formula.as_deref(), Some(""));
    assert_eq!(*shown(sheet, "D5"), Content::Text("x".into()));
    assert_eq!(*shown(sheet, "E5"), Content::EmptyText);
    assert_eq!(*shown(sheet, "F5"), Content::Bool(false));
    assert_eq!(
        *shown(sheet, "G5"),
        Content::Error("#REF!".into()),
        "as a formula's result"
    );
    assert_eq!(*shown(sheet, "H5"), Content::Number(7.0));
    assert!(sheet.is_hidden(at("A5")) && sheet.is_hidden(at("C1")) && !sheet.is_hidden(at("A1")));
}

/// Our reading against that of calamine, which wrote none of this.
#[test]
fn calamine_finds_the_same_numbers() {
    use calamine::{DataRef, Reader};
    let bytes = sample();
    let ours = open(&bytes).unwrap();
    let mut book = calamine::Xlsb::new(Cursor::new(bytes.as_slice())).unwrap();
    let mut cells = book.worksheet_cells_reader("Ẩn").unwrap();
    let mut compared = 0;
    while let Some(cell) = cells.next_cell().unwrap() {
        let (row, column) = cell.get_position();
        let ours = ours.sheets[0].cell(CellAddress::new(row, column));
        let number = match cell.get_value() {
            DataRef::Float(number) => *number,
            DataRef::Int(number) => number.to_string().parse().unwrap(),
            _ => continue,
        };
        assert_eq!(ours.unwrap().content, Content::Number(number));
        compared += 1;
    }
    assert_eq!(compared, 3);
}

#[test]
fn places_outside_the_grid_and_missing_texts_are_told() {
    let far = [row(u32::MAX, false), record(4, &cell(0, 0, &[1]))];
    assert!(matches!(
        open(&book(&far, &[])),
        Err(FileProblem::BeyondGrid(_))
    ));
    let right = [row(0, false), record(4, &cell(16_384, 0, &[1]))];
    assert!(matches!(
        open(&book(&right, &[])),
        Err(FileProblem::BeyondGrid(_))
    ));
    let text = [row(0, false), record(7, &cell(0, 0, &numbers(&[99])))];
    assert!(matches!(
        open(&book(&text, &[])),
        Err(FileProblem::Broken(_))
    ));
    let short = [row(0, false), record(5, &[0, 0])];
    assert!(matches!(
        open(&book(&short, &[])),
        Err(FileProblem::Broken(_))
    ));
    let long = [
        row(0, false),
        record(6, &cell(0, 0, &numbers(&[0x7FFF_FFFF]))),
    ];
    assert!(matches!(
        open(&book(&long, &[])),
        Err(FileProblem::Broken(_))
    ));
}

#[test]
fn cells_are_counted() {
    let limits = Limits {
        cells: 5,
        ..Limits::default()
    };
    let problem = workbook_from_bytes("x", &sample(), &limits).unwrap_err();
    assert_eq!(problem, FileProblem::TooLarge(TooLarge::Cells(5)));
}
