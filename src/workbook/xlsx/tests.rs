use std::io::Write;

use chrono::NaiveDate;
use rust_xlsxwriter::{
    Color, ExcelDateTime as WrittenDate, Format as Look, Formula, Workbook as Book,
};

use super::*;
use crate::workbook::workbook_from_bytes;

fn open(bytes: &[u8]) -> Result<Workbook, FileProblem> {
    workbook_from_bytes("bao-cao.xlsx", bytes, &Limits::default())
}

fn at(address: &str) -> CellAddress {
    address.parse().unwrap()
}

fn shown<'a>(sheet: &'a Sheet, address: &str) -> &'a Content {
    &sheet.cell(at(address)).unwrap().content
}

fn day(text: &str) -> Content {
    Content::Date(text.parse::<NaiveDate>().unwrap().into())
}

/// A workbook of one sheet whose XML between the tags is `data`, for what no writer would write.
fn raw(workbook_properties: &str, strings: &str, data: &str) -> Vec<u8> {
    const ROOT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = |inner: &str| format!("<Relationships>{inner}</Relationships>");
    let relation = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id=\"{id}\" Type=\"{ROOT}/{kind}\" Target=\"{target}\"/>")
    };
    let parts = [
        ("[Content_Types].xml", "<Types/>".to_owned()),
        (
            "_rels/.rels",
            relations(&relation("r1", "officeDocument", "xl/workbook.xml")),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            relations(&format!(
                "{}{}{}",
                relation("r1", "worksheet", "worksheets/sheet1.xml"),
                relation("r2", "styles", "styles.xml"),
                relation("r3", "sharedStrings", "sharedStrings.xml")
            )),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{ROOT}\"><workbookPr {workbook_properties}/>\
                 <sheets><sheet name=\"BM01\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/sharedStrings.xml",
            format!("<sst {strings}><si><t>Xã</t></si></sst>"),
        ),
        (
            "xl/styles.xml",
            "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
                .to_owned(),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("<worksheet>{data}</worksheet>"),
        ),
        ("xl/vbaProject.bin", "macros".to_owned()),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn cells(data: &str) -> Result<Workbook, FileProblem> {
    open(&raw("", "", &format!("<sheetData>{data}</sheetData>")))
}

#[test]
fn a_filled_form_is_read_as_it_stands() {
    let mut book = Book::new();
    let sheet = book.add_worksheet().set_name(" BM01").unwrap();
    let percent = Look::new().set_num_format("0.00%").set_font_name(".VnTime");
    let date = Look::new().set_num_format("dd/mm/yyyy");
    sheet
        .merge_range(0, 1, 0, 3, "Tiếp nhận", &Look::new())
        .unwrap();
    sheet.write_string(1, 0, " Xã ").unwrap();
    sheet.write_number(1, 1, 3259).unwrap();
    sheet
        .write_number_with_format(1, 2, 0.5322, &percent)
        .unwrap();
    sheet.write_boolean(1, 3, true).unwrap();
    let written = WrittenDate::from_ymd(2025, 9, 30).unwrap();
    sheet
        .write_datetime_with_format(2, 0, &written, &date)
        .unwrap();
    sheet
        .write_formula(2, 1, Formula::new("=B2*2").set_result("6518"))
        .unwrap();
    sheet
        .write_formula(2, 3, Formula::new("=1/0").set_result("#DIV/0!"))
        .unwrap();
    sheet.write_blank(4, 4, &date).unwrap();
    let bytes = book.save_to_buffer().unwrap();

    let workbook = open(&bytes).unwrap();
    assert_eq!(
        (workbook.format, workbook.has_macros),
        (Format::Xlsx, false)
    );
    assert!(workbook.saved_at.unwrap().ends_with('Z'));
    let sheet = &workbook.sheets[0];
    assert_eq!(&*sheet.name, " BM01");
    assert_eq!(sheet.effective(at("D1")).unwrap().text(), Some("Tiếp nhận"));
    assert_eq!(
        *sheet.merges,
        [super::super::Merge {
            first: at("B1"),
            last: at("D1")
        }]
    );
    assert_eq!(sheet.text_at(at("A2")), Some(" Xã "));
    assert_eq!(*shown(sheet, "B2"), Content::Number(3259.0));
    let style = sheet.cell(at("C2")).unwrap().style.as_deref().unwrap();
    assert!(style.shown(1.0).percent);
    assert_eq!(style.font.as_deref(), Some(".VnTime"));
    assert_eq!(*shown(sheet, "D2"), Content::Bool(true));
    assert_eq!(*shown(sheet, "A3"), day("2025-09-30"));
    assert_eq!(*shown(sheet, "B3"), Content::Number(6518.0));
    assert_eq!(
        sheet.cell(at("B3")).unwrap().formula.as_deref(),
        Some("B2*2")
    );
    assert_eq!(*shown(sheet, "D3"), Content::Error("#DIV/0!".into()));
    assert!(sheet.cell(at("E5")).is_none(), "blank cells are not stored");
}

#[test]
fn what_is_hidden_is_told() {
    let mut book = Book::new();
    let sheet = book.add_worksheet();
    sheet
        .set_row_hidden(4)
        .unwrap()
        .set_column_hidden(12)
        .unwrap();
    sheet.write_number(4, 0, 7).unwrap();
    book.add_worksheet().set_hidden(true);
    book.add_worksheet().set_very_hidden(true);
    let workbook = open(&book.save_to_buffer().unwrap()).unwrap();
    let sheet = &workbook.sheets[0];
    assert!(sheet.is_hidden(at("A5")) && sheet.is_hidden(at("M1")) && !sheet.is_hidden(at("A1")));
    assert_eq!(*shown(sheet, "A5"), Content::Number(7.0));
    let visibility: Vec<Visibility> = workbook
        .sheets
        .iter()
        .map(|sheet| sheet.visibility)
        .collect();
    assert_eq!(
        visibility,
        [
            Visibility::Visible,
            Visibility::Hidden,
            Visibility::VeryHidden
        ]
    );
}

#[test]
fn dates_follow_the_epoch_of_the_workbook() {
    let cell =
        "<sheetData><row><c s=\"1\"><v>44469</v></c><c s=\"1\"><v>-1</v></c></row></sheetData>";
    let since_1900 = open(&raw("", "", cell)).unwrap();
    assert_eq!(*shown(&since_1900.sheets[0], "A1"), day("2021-09-30"));
    assert_eq!(
        *shown(&since_1900.sheets[0], "B1"),
        Content::Number(-1.0),
        "no date is invented"
    );
    let since_1904 = open(&raw("date1904=\"1\"", "", cell)).unwrap();
    assert_eq!(*shown(&since_1904.sheets[0], "A1"), day("2025-10-01"));
    assert!(since_1904.has_macros);
}

#[test]
fn formulas_without_a_result_are_not_zero() {
    let workbook = cells(
        "<row r=\"1\"><c r=\"A1\"><f>1+1</f></c><c r=\"B1\" t=\"str\"><f>\"\"</f><v/></c>\
         <c r=\"C1\" t=\"s\"><v>0</v></c></row>\
         <row r=\"2\"><c r=\"A2\"><f t=\"shared\" ref=\"A2:A3\" si=\"4000000000\">B2+$B$1</f><v>1</v></c></row>\
         <row r=\"3\"><c r=\"A3\"><f t=\"shared\" si=\"4000000000\"/><v>2</v></c></row>",
    )
    .unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!(*shown(sheet, "A1"), Content::Uncached);
    assert_eq!(*shown(sheet, "B1"), Content::EmptyText);
    assert_eq!(sheet.text_at(at("C1")), Some("Xã"));
    assert_eq!(
        sheet.cell(at("A3")).unwrap().formula.as_deref(),
        Some("B3+$B$1")
    );
}

#[test]
fn one_senseless_cell_is_one_bad_cell() {
    let workbook = cells(
        "<row><c r=\"A1\" t=\"e\"><v>Err:508</v></c><c r=\"B1\" t=\"b\"><v>maybe</v></c>\
         <c r=\"C1\" t=\"n\"><v>3.259.000</v></c><c><v>5</v></c></row>",
    )
    .unwrap();
    let sheet = &workbook.sheets[0];
    assert_eq!(*shown(sheet, "A1"), Content::Error("Err:508".into()));
    assert_eq!(*shown(sheet, "B1"), Content::Error("maybe".into()));
    assert!(matches!(shown(sheet, "C1"), Content::Error(_)));
    assert_eq!(*shown(sheet, "D1"), Content::Number(5.0));
}

#[test]
fn a_far_cell_costs_one_cell() {
    let workbook = cells("<row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row>").unwrap();
    assert_eq!(workbook.sheets[0].cells.len(), 1);
    assert_eq!(
        *shown(&workbook.sheets[0], "XFD1048576"),
        Content::Number(1.0)
    );
}

#[test]
fn comments_and_cdata_within_a_figure_are_no_part_of_it_and_cut_nothing_off() {
    let book = cells(
        "<row><c><v>1<!-- a < b -->2</v></c><c><v><![CDATA[34]]></v></c>\
         <c t=\"inlineStr\"><is><t>a<![CDATA[<b> & ]]>c</t></is></c><c><v>5</v><!-- <c/> --></c></row>",
    )
    .unwrap();
    let sheet = &book.sheets[0];
    assert_eq!(shown(sheet, "A1"), &Content::Number(12.0));
    assert_eq!(shown(sheet, "B1"), &Content::Number(34.0));
    assert_eq!(shown(sheet, "C1"), &Content::Text("a<b> & c".into()));
    assert_eq!(shown(sheet, "D1"), &Content::Number(5.0));
}

#[test]
fn letters_written_by_their_numbers_within_a_figure_are_part_of_it() {
    let book = cells(
        "<row><c><v>1&#x32;</v></c><c><v>&#49;2</v></c>\
         <c t=\"inlineStr\"><is><t>a&#60;b&#10;&#x41;</t></is></c></row>",
    )
    .unwrap();
    let sheet = &book.sheets[0];
    assert_eq!(shown(sheet, "A1"), &Content::Number(12.0));
    assert_eq!(shown(sheet, "B1"), &Content::Number(12.0));
    assert_eq!(shown(sheet, "C1"), &Content::Text("a<b\nA".into()));
}

#[test]
fn a_sheet_that_declares_a_document_type_is_damaged() {
    let data = "<sheetData><row><c><v>1&n;</v></c></row></sheetData>";
    let declared = with_part(&raw("", "", data), "xl/worksheets/sheet1.xml", |sheet| {
        format!("<!DOCTYPE worksheet [<!ENTITY n \"2\">]>{sheet}").into_bytes()
    });
    assert!(matches!(open(&declared), Err(FileProblem::Broken(_))));
}

#[test]
fn rows_and_columns_of_no_size_are_hidden() {
    let data = "<cols><col min=\"2\" max=\"2\" width=\"0\" customWidth=\"1\"/></cols>\
        <sheetData><row ht=\"0\"><c><v>1</v></c></row><row ht=\"12.75\"><c><v>2</v></c>\
        <c><v>3</v></c></row></sheetData>";
    let book = open(&raw("", "", data)).unwrap();
    let sheet = &book.sheets[0];
    assert!(sheet.is_hidden(at("A1")) && !sheet.is_hidden(at("A2")) && sheet.is_hidden(at("B2")));
}

#[test]
fn cells_outside_the_grid_are_refused() {
    for data in [
        "<row r=\"1048577\"><c><v>1</v></c></row>",
        "<row><c r=\"XFE1\"><v>1</v></c></row>",
        "<row><c r=\"XFD1\"><v>1</v></c><c><v>2</v></c></row>",
        "<row><c r=\"A4294967297\"><v>1</v></c></row>",
        "<row r=\"x\"/>",
    ] {
        assert!(
            matches!(cells(data), Err(FileProblem::BeyondGrid(_))),
            "{data}"
        );
    }
    let columns = raw(
        "",
        "",
        "<cols><col min=\"1\" max=\"4000000000\" hidden=\"1\"/></cols><sheetData/>",
    );
    assert!(matches!(open(&columns), Err(FileProblem::BeyondGrid(_))));
}

#[test]
fn what_unpacks_too_large_is_never_unpacked() {
    let bytes = raw(
        "",
        "",
        &format!("<sheetData>{}</sheetData>", " ".repeat(300_000)),
    );
    assert!(bytes.len() < 5_000);
    let problem = |limits: Limits| workbook_from_bytes("x.xlsx", &bytes, &limits).unwrap_err();
    let part = Limits {
        part_bytes: 100_000,
        ..Limits::default()
    };
    assert_eq!(
        problem(part),
        FileProblem::TooLarge(TooLarge::Unpacked(100_000))
    );
    let whole = Limits {
        unpacked_bytes: 200_000,
        ..Limits::default()
    };
    assert!(matches!(
        problem(whole),
        FileProblem::TooLarge(TooLarge::Unpacked(_))
    ));
    let file = Limits {
        file_bytes: 1_000,
        ..Limits::default()
    };
    assert_eq!(problem(file), FileProblem::TooLarge(TooLarge::File(1_000)));
}

#[test]
fn counts_that_lie_reserve_no_memory() {
    let bytes = raw("", "uniqueCount=\"900000000000\"", "<sheetData/>");
    assert!(matches!(open(&bytes), Err(FileProblem::Broken(_))));
}

#[test]
fn cells_and_sheets_are_counted() {
    let mut book = Book::new();
    for _ in 0..3 {
        book.add_worksheet().write_row(0, 0, [1, 2]).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let problem = |limits: Limits| workbook_from_bytes("x.xlsx", &bytes, &limits).unwrap_err();
    let cells = Limits {
        cells: 5,
        ..Limits::default()
    };
    assert_eq!(problem(cells), FileProblem::TooLarge(TooLarge::Cells(5)));
    let sheets = Limits {
        sheets: 2,
        ..Limits::default()
    };
    assert_eq!(problem(sheets), FileProblem::TooLarge(TooLarge::Sheets(2)));
    assert!(
        workbook_from_bytes(
            "x.xlsx",
            &bytes,
            &Limits {
                cells: 6,
                ..Limits::default()
            }
        )
        .is_ok()
    );
}

#[test]
fn a_damaged_workbook_is_told_never_a_panic() {
    let bytes = Book::new().save_to_buffer().unwrap_or_default();
    let whole = raw("", "", "<sheetData><row><c><v>1</v></c></row></sheetData>");
    assert!(matches!(
        open(&whole[..whole.len() / 2]),
        Err(FileProblem::Broken(_))
    ));
    let (mut harmless, mut refused) = (0, 0);
    for sample in [&bytes, &whole] {
        for end in 0..sample.len() {
            assert!(open(&sample[..end]).is_err(), "cut at {end}");
        }
        for place in (0..sample.len()).step_by(3) {
            let mut flipped = sample.clone();
            flipped[place] ^= 0x5A;
            // Not through the door that catches panics, so that one is seen here.
            match read(&flipped, &Limits::default()) {
                Ok(_) => harmless += 1,
                Err(_) => refused += 1,
            }
        }
    }
    assert!(harmless > 0 && refused > 0, "{harmless} {refused}");
    for unclosed in [
        "<sheetData><row><c><v>1",
        "<sheetData><row><c",
        "<sheetData>",
        "",
    ] {
        assert!(
            !matches!(open(&raw("", "", unclosed)), Ok(book) if !book.sheets[0].cells.is_empty())
        );
    }
}

/// A package with one of its parts written otherwise.
fn with_part(bytes: &[u8], part: &str, change: impl Fn(&str) -> Vec<u8>) -> Vec<u8> {
    let mut old = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for i in 0..old.len() {
        let mut entry = old.by_index(i).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
        let options = zip::write::SimpleFileOptions::default();
        new.start_file(name.as_str(), options).unwrap();
        match name == part {
            true => new.write_all(&change(&text)).unwrap(),
            false => new.write_all(text.as_bytes()).unwrap(),
        }
    }
    new.finish().unwrap().into_inner()
}

#[test]
fn winding_targets_and_parts_in_utf16_are_read() {
    let data = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c></row></sheetData>";
    let plain = raw("", "", data);
    let winding = with_part(&plain, "xl/_rels/workbook.xml.rels", |text| {
        text.replace("\"worksheets/", "\"./worksheets/")
            .into_bytes()
    });
    let wide = |text: &str| {
        let text = format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-16\"?>{text}");
        text.encode_utf16().flat_map(u16::to_le_bytes).collect()
    };
    let strings = with_part(&plain, "xl/sharedStrings.xml", wide);
    let sheet = with_part(&plain, "xl/worksheets/sheet1.xml", wide);
    for bytes in [winding, strings, sheet] {
        let book = open(&bytes).unwrap();
        assert_eq!(*shown(&book.sheets[0], "A1"), Content::Text("Xã".into()));
    }
}

#[test]
fn letters_of_the_colour_of_their_cell_are_known() {
    let mut book = Book::new();
    let sheet = book.add_worksheet();
    let (white, blue) = (Color::RGB(0xFF_FFFF), Color::RGB(0x1F_4E78));
    let looks = [
        Look::new().set_font_color(white),
        Look::new().set_font_color(blue).set_background_color(blue),
        Look::new().set_font_color(white).set_background_color(blue),
        Look::new().set_font_color(blue),
        Look::new(),
    ];
    for (row, look) in (0_u32..).zip(&looks) {
        sheet.write_number_with_format(row, 0, 5, look).unwrap();
    }
    let book = open(&book.save_to_buffer().unwrap()).unwrap();
    let unseen = |row: u32| {
        let cell = book.sheets[0].cell(CellAddress::new(row, 0)).unwrap();
        cell.style.as_ref().is_some_and(|style| style.unseen)
    };
    assert_eq!(
        [0, 1, 2, 3, 4].map(unseen),
        [true, true, false, false, false]
    );
}

/// Formats and shared texts are found by the workbook's relationships, as Excel finds them: with parts
/// of other names a figure shown in thousands was read without a word.
#[test]
fn formats_and_texts_in_parts_of_other_names_are_read() {
    let mut book = Book::new();
    let sheet = book.add_worksheet();
    let thousands = Look::new().set_num_format("#,##0,");
    sheet.write_string(0, 0, "Xã").unwrap();
    sheet
        .write_number_with_format(1, 0, 900, &thousands)
        .unwrap();
    let plain = book.save_to_buffer().unwrap();
    let mut old = zip::ZipArchive::new(Cursor::new(&plain)).unwrap();
    let mut new = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for i in 0..old.len() {
        let mut entry = old.by_index(i).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
        let name = match &*entry.name().unwrap() {
            "xl/styles.xml" => "xl/look/all.xml".to_owned(),
            "xl/sharedStrings.xml" => "words.xml".to_owned(),
            other => other.to_owned(),
        };
        if name == "xl/_rels/workbook.xml.rels" {
            text = text
                .replace("\"styles.xml\"", "\"look/all.xml\"")
                .replace("\"sharedStrings.xml\"", "\"/words.xml\"");
        }
        new.start_file(name.as_str(), options).unwrap();
        new.write_all(text.as_bytes()).unwrap();
    }
    let lost = |part: &str| {
        let mut copy = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for i in 0..old.clone().len() {
            let mut old = old.clone();
            let entry = old.by_index_raw(i).unwrap();
            if entry.name().unwrap() != part {
                copy.raw_copy_file(entry).unwrap();
            }
        }
        open(&copy.finish().unwrap().into_inner())
    };
    assert!(lost("docProps/app.xml").is_ok());
    assert!(matches!(lost("xl/styles.xml"), Err(FileProblem::Broken(_))));
    // One that nothing leads to.
    new.start_file("xl/sharedStrings.xml", options).unwrap();
    new.write_all(b"<sst><si><t>khac</t></si></sst>").unwrap();
    let book = open(&new.finish().unwrap().into_inner()).unwrap();
    let sheet = &book.sheets[0];
    assert_eq!(*shown(sheet, "A1"), Content::Text("Xã".into()));
    let style = sheet.cell(at("A2")).unwrap().style.as_deref().unwrap();
    assert_eq!(style.shown(900.0).hidden_thousands, 1);
}

/// The schema of a number allows blanks around it; taken for a text it was passed over by totals.
#[test]
fn blanks_around_a_number_are_no_part_of_it() {
    let data = "<sheetData><row><c><v> 900 </v></c><c><v>\n-1.5e2</v></c><c t=\"str\"><v> 900 </v></c><c><v> 9 0 </v></c></row></sheetData>";
    let book = open(&raw("", "", data)).unwrap();
    let sheet = &book.sheets[0];
    assert_eq!(*shown(sheet, "A1"), Content::Number(900.0));
    assert_eq!(*shown(sheet, "B1"), Content::Number(-150.0));
    assert_eq!(*shown(sheet, "C1"), Content::Text(" 900 ".into()));
    assert_eq!(*shown(sheet, "D1"), Content::Text(" 9 0 ".into()));
}
