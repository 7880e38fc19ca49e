use std::io::Write;

use super::*;
use crate::model::CellAddress;
use crate::workbook::{Content, TooLarge, Visibility, workbook_from_bytes};

fn at(address: &str) -> CellAddress {
    address.parse().unwrap()
}

fn zip_of(parts: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("mimetype", stored).unwrap();
    zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet")
        .unwrap();
    for (name, text) in parts {
        zip.start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn document(styles: &str, tables: &str) -> Vec<u8> {
    let content = format!(
        "<office:document-content><office:automatic-styles>{styles}</office:automatic-styles>\
         <office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>\
         </office:document-content>"
    );
    zip_of(&[("content.xml", &content)])
}

fn rows(rows: &str) -> Result<Workbook, FileProblem> {
    let table = format!("<table:table table:name=\"BM01\">{rows}</table:table>");
    open(&document("", &table), &Limits::default())
}

fn open(bytes: &[u8], limits: &Limits) -> Result<Workbook, FileProblem> {
    workbook_from_bytes("bao-cao.ods", bytes, limits)
}

#[test]
fn values_of_every_kind() {
    let workbook = rows(
        "<table:table-row>\
         <table:table-cell office:value-type=\"float\" office:value=\"3259\"><text:p>3.259</text:p></table:table-cell>\
         <table:table-cell office:value-type=\"percentage\" office:value=\"0.5322\"/>\
         <table:table-cell office:value-type=\"currency\" office:currency=\"VND\" office:value=\"5\"/>\
         <table:table-cell office:value-type=\"date\" office:date-value=\"2025-09-30\"/>\
         <table:table-cell office:value-type=\"time\" office:time-value=\"PT12H00M00S\"/>\
         <table:table-cell office:value-type=\"boolean\" office:boolean-value=\"true\"/>\
         <table:table-cell table:formula=\"of:=1/0\" office:value-type=\"string\" office:string-value=\"\" calcext:value-type=\"error\"><text:p>#DIV/0!</text:p></table:table-cell>\
         <table:table-cell table:formula=\"of:=[.A1]*2\"/>\
         <table:table-cell table:formula=\"of:=&quot;&quot;\" office:value-type=\"string\" office:string-value=\"\"/>\
         <table:table-cell office:value-type=\"float\" office:value=\"1,5\"/>\
         </table:table-row>",
    )
    .unwrap();
    let sheet = &workbook.sheets[0];
    let shown = |address: &str| sheet.cell(at(address)).unwrap().content.clone();
    assert_eq!(shown("A1"), Content::Number(3259.0));
    assert!(
        sheet
            .cell(at("B1"))
            .unwrap()
            .style
            .as_ref()
            .unwrap()
            .shown(1.0)
            .percent
    );
    assert_eq!(shown("C1"), Content::Number(5.0));
    assert!(matches!(shown("D1"), Content::Date(_)));
    assert_eq!(shown("E1"), Content::Number(0.5));
    assert_eq!(shown("F1"), Content::Bool(true));
    assert_eq!(shown("G1"), Content::Error("#DIV/0!".into()));
    assert_eq!(shown("H1"), Content::Uncached);
    assert_eq!(
        sheet.cell(at("H1")).unwrap().formula.as_deref(),
        Some("A1*2")
    );
    assert_eq!(shown("I1"), Content::EmptyText);
    assert_eq!(shown("J1"), Content::Error("1,5".into()));
}

#[test]
fn text_is_what_is_typed_without_notes_and_drawings() {
    let workbook = rows(
        "<table:shapes><draw:frame><draw:text-box><text:p>hình</text:p></draw:text-box></draw:frame></table:shapes>\
         <table:table-row><table:table-cell office:value-type=\"string\">\
         <office:annotation><dc:date>x</dc:date><text:p>ghi chú</text:p></office:annotation>\
         <text:p>Tiếp <text:span>nhận</text:span><text:s text:c=\"2\"/>&amp;</text:p><text:p>trả</text:p>\
         <draw:frame><text:p>hình</text:p></draw:frame></table:table-cell></table:table-row>",
    )
    .unwrap();
    assert_eq!(
        workbook.sheets[0].text_at(at("A1")),
        Some("Tiếp nhận  &\ntrả")
    );
    assert_eq!(workbook.sheets[0].cells.len(), 1);
}

#[test]
fn repetition_costs_what_it_fills() {
    let one = "<table:table-cell office:value-type=\"float\" office:value=\"1\"";
    let workbook = rows(&format!(
        "<table:table-row table:number-rows-repeated=\"2\"><table:table-cell table:number-columns-repeated=\"3\"/>\
         {one} table:number-columns-repeated=\"2\"/></table:table-row>\
         <table:table-row table:number-rows-repeated=\"1048574\" table:visibility=\"collapse\">\
         <table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>"
    ))
    .unwrap();
    let sheet = &workbook.sheets[0];
    let places: Vec<String> = sheet.cells.keys().map(ToString::to_string).collect();
    assert_eq!(places, ["D1", "E1", "D2", "E2"]);
    assert!(sheet.hidden_rows.is_empty(), "nothing is in those rows");
    let full = format!(
        "<table:table-row table:number-rows-repeated=\"1048576\">\
         {one} table:number-columns-repeated=\"16384\"/></table:table-row>"
    );
    assert_eq!(
        rows(&full),
        Err(FileProblem::TooLarge(TooLarge::Cells(1_000_000)))
    );
    let far = format!(
        "<table:table-row><table:table-cell table:number-columns-repeated=\"99999\"/>{one}/></table:table-row>"
    );
    assert!(matches!(rows(&far), Err(FileProblem::BeyondGrid(_))));
    let below = format!(
        "<table:table-row table:number-rows-repeated=\"4294967295\"/>\
         <table:table-row table:number-rows-repeated=\"4294967295\"/><table:table-row>{one}/></table:table-row>"
    );
    assert!(matches!(rows(&below), Err(FileProblem::BeyondGrid(_))));
}

#[test]
fn fonts_come_down_from_styles_and_columns() {
    let styles = "<style:font-face style:name=\"F1\" svg:font-family=\"'.VnTime H'\"/>\
         <style:style style:name=\"base\" style:family=\"table-cell\"><style:text-properties style:font-name=\"F1\"/></style:style>\
         <style:style style:name=\"ce1\" style:family=\"table-cell\" style:parent-style-name=\"base\"/>\
         <style:style style:name=\"loop\" style:family=\"table-cell\" style:parent-style-name=\"loop\"/>\
         <style:style style:name=\"ta1\" style:family=\"table\"><style:table-properties table:display=\"false\"/></style:style>";
    let text = |style: &str| {
        format!(
            "<table:table-cell {style} office:value-type=\"string\"><text:p>a</text:p></table:table-cell>"
        )
    };
    let tables = format!(
        "<table:table table:name=\"A\" table:style-name=\"ta1\"><table:table-column table:number-columns-repeated=\"2\"/>\
         <table:table-column table:default-cell-style-name=\"ce1\" table:visibility=\"collapse\"/>\
         <table:table-row>{}{}{}</table:table-row></table:table>",
        text("table:style-name=\"ce1\""),
        text("table:style-name=\"loop\""),
        text("")
    );
    let workbook = open(&document(styles, &tables), &Limits::default()).unwrap();
    let sheet = &workbook.sheets[0];
    let font = |address: &str| sheet.cell(at(address)).unwrap().style.clone()?.font.clone();
    assert_eq!(font("A1").as_deref(), Some(".VnTime H"));
    assert_eq!(font("B1"), None);
    assert_eq!(font("C1").as_deref(), Some(".VnTime H"));
    assert_eq!(sheet.visibility, Visibility::Hidden);
    assert!(sheet.is_hidden(at("C1")));
}

#[test]
fn a_password_is_told() {
    let manifest = "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>";
    let bytes = zip_of(&[
        ("META-INF/manifest.xml", manifest),
        ("content.xml", "\u{1}"),
    ]);
    assert_eq!(
        open(&bytes, &Limits::default()),
        Err(FileProblem::Encrypted)
    );
}
