//! Workbooks that are damaged, or put together as few programs do.

use super::*;

#[test]
fn a_damaged_workbook_is_told_never_a_panic() {
    let findings = usual();
    let whole = annotate(&original(), &notice(&findings)).unwrap();
    for name in [
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
        "xl/comments1.xml",
        "xl/drawings/vmlDrawing1.vml",
        "[Content_Types].xml",
        "xl/_rels/workbook.xml.rels",
    ] {
        let length = part(&whole, name).len();
        for cut in (0..length).step_by(length / 40 + 1) {
            let cut_at = |text: &str| text.chars().take(cut).collect::<String>();
            let _ = annotate(&with_part(&whole, name, cut_at), &notice(&findings));
            let holed = |text: &str| {
                text.chars()
                    .enumerate()
                    .filter(|(at, _)| at / 7 != cut / 7)
                    .map(|(_, c)| c)
                    .collect()
            };
            let _ = annotate(&with_part(&whole, name, holed), &notice(&findings));
        }
    }
}

/// A workbook as a program with prefixes on every element writes it, and with little in it.
#[test]
fn sparse_workbooks_with_prefixes_are_marked_too() {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const ROOT: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const RELS: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let relations = |kind: &str, target: &str| {
        format!(
            "<Relationships xmlns=\"{RELS}\"><Relationship Id=\"r1\" Type=\"{ROOT}/{kind}\" Target=\"{target}\"/></Relationships>"
        )
    };
    let parts = [
        ("[Content_Types].xml", "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"><Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>".to_owned()),
        ("_rels/.rels", relations("officeDocument", "/xl/workbook.xml")),
        ("xl/_rels/workbook.xml.rels", relations("worksheet", "worksheets/sheet1.xml")),
        ("xl/workbook.xml", format!("\u{feff}<x:workbook xmlns:x=\"{MAIN}\" xmlns:r=\"{ROOT}\"><x:sheets><x:sheet name=\"A\" sheetId=\"1\" r:id=\"r1\"/></x:sheets></x:workbook>")),
        ("xl/worksheets/sheet1.xml", format!("<x:worksheet xmlns:x=\"{MAIN}\"><x:sheetData/><x:tableParts count=\"0\"/></x:worksheet>")),
    ];
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        zip.start_file(name, zip::write::SimpleFileOptions::default())
            .unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let original = zip.finish().unwrap().into_inner();
    let findings = [
        finding(Severity::Error, "A", "C3", "Trống."),
        finding(Severity::Info, "A", "B3", "Trống."),
    ];
    let returned = annotate(&original, &notice(&findings)).unwrap();
    let sheet = part(&returned, "xl/worksheets/sheet1.xml");
    assert!(
        sheet.contains("<x:row r=\"3\"><x:c s=")
            && sheet.contains("</x:sheetData><x:legacyDrawing "),
        "{sheet}"
    );
    assert_eq!(
        difference(&annotate(&returned, &notice(&findings)).unwrap(), &returned),
        None
    );
    assert_eq!(read(&returned).sheets.len(), 2);
}
