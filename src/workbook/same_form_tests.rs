//! The same filled form in every format (`tests/data/formats`, saved by LibreOffice but for the
//! XML of 2003 and the binary workbook) gives the same cells.

use std::fs;
use std::path::Path;

use super::*;
use crate::model::CellAddress;

fn open(file: &str) -> Workbook {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data/formats")
        .join(file);
    let bytes = fs::read(path).unwrap();
    workbook_from_bytes(file, &bytes, &Limits::default()).unwrap()
}

/// Cells as a person sees them: address, what is shown, whether behind it is a formula.
fn seen(sheet: &Sheet) -> Vec<(String, String, bool)> {
    let cells = sheet.cells.iter().map(|(at, cell)| {
        let percent = cell
            .style
            .as_ref()
            .is_some_and(|style| style.shown(1.0).percent);
        let shown = match &cell.content {
            Content::Number(number) if percent => format!("{:.2}%", number * 100.0),
            Content::Number(number) => number.to_string(),
            Content::Text(text) => text.to_string(),
            Content::Bool(flag) => flag.to_string().to_uppercase(),
            Content::Date(moment) => moment.format("%d/%m/%Y").to_string(),
            Content::Error(error) => error.clone(),
            Content::Uncached => "?".to_owned(),
            Content::EmptyText => String::new(),
        };
        (at.to_string(), shown, cell.formula.is_some())
    });
    cells.collect()
}

fn at(address: &str) -> CellAddress {
    address.parse().unwrap()
}

#[test]
fn formats_that_keep_everything_agree_in_everything() {
    let expected = open("mau.xlsx");
    assert_eq!(expected.sheets.len(), 2);
    assert_eq!(expected.sheets[0].cells.len(), 34);
    for (file, format) in [
        ("mau.ods", Format::Ods),
        ("mau.xls", Format::Xls),
        ("mau-xml.xls", Format::SpreadsheetMl),
    ] {
        let workbook = open(file);
        assert_eq!(workbook.format, format, "{file}");
        assert!(!workbook.has_macros);
        assert_eq!(workbook.sheets.len(), 2, "{file}");
        for (sheet, like) in workbook.sheets.iter().zip(&expected.sheets) {
            assert_eq!(seen(sheet), seen(like), "{file}");
            assert_eq!(
                (&sheet.name, sheet.visibility),
                (&like.name, like.visibility),
                "{file}"
            );
            assert_eq!(sheet.merges, like.merges, "{file}");
            assert_eq!(sheet.hidden_rows, like.hidden_rows, "{file}");
            assert_eq!(
                sheet.hidden_columns.contains(&7),
                like.hidden_columns.contains(&7)
            );
        }
        let note = workbook.sheets[0].cell(at("G6")).unwrap();
        assert_eq!(
            note.style.as_ref().unwrap().font.as_deref(),
            Some(".VnTime"),
            "{file}"
        );
    }
}

#[test]
fn formulas_are_told_where_the_file_spells_them() {
    let formula = |file: &str| open(file).sheets[0].cell(at("C9")).unwrap().formula.clone();
    assert_eq!(formula("mau.xlsx").as_deref(), Some("SUM(C6:C8)"));
    assert_eq!(formula("mau.ods").as_deref(), Some("SUM(C6:C8)"));
    assert_eq!(formula("mau.xls").as_deref(), Some(""));
}

#[test]
fn pages_and_text_show_the_same() {
    let mut expected = seen(&open("mau.xlsx").sheets[0]);
    expected.retain(|(_, shown, _)| !shown.is_empty());
    let shown = |workbook: &Workbook| seen(&workbook.sheets[0]);
    let texts = |cells: &[(String, String, bool)]| -> Vec<(String, String)> {
        let pairs = cells
            .iter()
            .map(|(at, shown, _)| (at.clone(), shown.clone()));
        pairs.collect()
    };
    let csv = open("mau.csv");
    assert_eq!(csv.format, Format::Csv);
    // No fonts there: what is in TCVN3 stays as it is stored.
    let mut stored = texts(&expected);
    for (_, shown) in stored.iter_mut().filter(|(at, _)| at == "G6") {
        assert_eq!(std::mem::replace(shown, "Ghi chó".to_owned()), "Ghi chú");
    }
    assert_eq!(texts(&shown(&csv)), stored);

    let html = open("mau-html.xls");
    assert_eq!(html.format, Format::Html);
    assert_eq!(texts(&shown(&html)), texts(&expected));
    assert_eq!(html.sheets[0].merges, open("mau.xlsx").sheets[0].merges);
    let number = &html.sheets[0].cell(at("C6")).unwrap().content;
    assert_eq!(*number, Content::Number(1606.0));
}

/// Written by xlwt: more texts than one record holds, in one byte a character and in two.
#[test]
fn long_lists_of_texts_are_read_to_the_end() {
    let workbook = open("nhieu-chu.xls");
    let sheet = &workbook.sheets[0];
    assert_eq!(&*sheet.name, "Chữ");
    for at in 0..100 {
        let expected = match at % 2 {
            0 => format!(
                "Ward no. {at} of a former district that was merged into a province long ago"
            ),
            _ => format!("Xã số {at} ở huyện cũ, nay là đơn vị hành chính mới sau sáp nhập"),
        };
        assert_eq!(
            sheet.text_at(CellAddress::new(at % 10, 10 + at / 10)),
            Some(expected.as_str())
        );
    }
    assert_eq!(
        sheet.cell(at("B5")).unwrap().content,
        Content::Number(4000.0)
    );
    assert!(
        sheet
            .cell(at("C1"))
            .unwrap()
            .style
            .as_ref()
            .unwrap()
            .shown(1.0)
            .percent
    );
    assert_eq!(
        sheet.effective(at("C302")).and_then(Cell::text),
        Some("Gộp")
    );
    // xlwt computes nothing and writes what Excel writes for an empty text.
    assert_eq!(sheet.cell(at("C2")).unwrap().content, Content::EmptyText);
}
