//! Zipped workbooks: bombs, far cells, lies, loops.

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

use super::Made;

const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Trang" sheetId="1" r:id="rId1"/></sheets></workbook>"#;
const BOOK_RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
const TEXTS: &str = r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Xã</t></si></sst>"#;
const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs><xf/></cellXfs></styleSheet>"#;

const SHEET: &str = "xl/worksheets/sheet1.xml";
const STRINGS: &str = "xl/sharedStrings.xml";

fn parts() -> Vec<(&'static str, String)> {
    vec![
        ("[Content_Types].xml", TYPES.into()),
        ("_rels/.rels", RELATIONS.into()),
        ("xl/workbook.xml", BOOK.into()),
        ("xl/_rels/workbook.xml.rels", BOOK_RELATIONS.into()),
        (STRINGS, TEXTS.into()),
        ("xl/styles.xml", STYLES.into()),
        (
            SHEET,
            sheet("", r#"<row r="1"><c r="A1"><v>1</v></c></row>"#, ""),
        ),
    ]
}

fn sheet(before: &str, rows: &str, behind: &str) -> String {
    format!(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{before}<sheetData>{rows}</sheetData>{behind}</worksheet>"#
    )
}

pub fn zip_of<'a>(parts: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let fast = SimpleFileOptions::default().compression_level(Some(1));
    for (name, content) in parts {
        zip.start_file(name, fast).unwrap();
        zip.write_all(content).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A workbook with some of its parts replaced.
fn book(replaced: &[(&str, String)]) -> Vec<u8> {
    let mut all: Vec<(&str, String)> = parts();
    for (name, content) in replaced {
        match all.iter_mut().find(|(own, _)| own == name) {
            Some(part) => part.1.clone_from(content),
            None => all.push((name, content.clone())),
        }
    }
    zip_of(
        all.iter()
            .map(|(name, content)| (*name, content.as_bytes())),
    )
}

/// A workbook one of whose parts unpacks to more than anybody should unpack; packed once for all.
fn bombs() -> Vec<Made> {
    const UNPACKED: usize = 101_000_000;
    let bomb = zip_of([("bomb", vec![b' '; UNPACKED].as_slice())]);
    let bombed = |target: &str| {
        let mut donor = ZipArchive::new(Cursor::new(&bomb)).unwrap();
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in parts() {
            if name == target {
                let part = donor.by_index_raw(0).unwrap();
                zip.raw_copy_file_rename(part, name).unwrap();
            } else {
                zip.start_file(name, SimpleFileOptions::default()).unwrap();
                zip.write_all(content.as_bytes()).unwrap();
            }
        }
        zip.finish().unwrap().into_inner()
    };
    let targets = parts();
    let named = targets
        .iter()
        .enumerate()
        .map(|(i, (name, _))| (format!("bomb-{i}.xlsx"), *name));
    named.map(|(file, part)| (file, bombed(part))).collect()
}

pub fn files() -> Vec<Made> {
    let mut files = bombs();
    files.extend(cells());
    files.extend(declarations());
    files.extend(trees());
    files.extend(wide());
    files.extend(open_document());
    files
}

fn one(name: &str, replaced: &[(&str, String)]) -> Made {
    (format!("{name}.xlsx"), book(replaced))
}

/// Cells where no cell is.
fn cells() -> Vec<Made> {
    let row = |row: &str| [(SHEET, sheet("", row, ""))];
    let cell = |at: &str| row(&format!(r#"<row><c r="{at}"><v>1</v></c></row>"#));
    vec![
        one(
            "far",
            &row(
                r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" t="str"><v> </v></c></row>"#,
            ),
        ),
        one("beyond-column", &cell("XFE1")),
        one("beyond-row", &cell("A1048577")),
        one(
            "row-of-u32",
            &row(r#"<row r="4294967295"><c><v>1</v></c></row>"#),
        ),
        one(
            "row-past-u32",
            &row(r#"<row r="4294967296"><c><v>1</v></c><c><v>1</v></c></row>"#),
        ),
        one(
            "row-past-u64",
            &row(r#"<row r="99999999999999999999999"><c r="A1"><v>1</v></c></row>"#),
        ),
        one(
            "row-negative",
            &row(r#"<row r="-1"><c r="A-1"><v>1</v></c></row>"#),
        ),
        one("row-zero", &cell("A0")),
        one("column-endless", &cell(&format!("{}1", "Z".repeat(5000)))),
        one("cell-nowhere", &cell("")),
        one(
            "cell-twice",
            &row(
                r#"<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row><row r="1"><c r="A1"><v>3</v></c></row>"#,
            ),
        ),
        one("cell-unicode", &cell("Ạ１")),
        one(
            "text-nowhere",
            &row(
                r#"<row r="1"><c r="A1" t="s"><v>4294967295</v></c><c r="B1" t="s"><v>-1</v></c></row>"#,
            ),
        ),
        one(
            "style-nowhere",
            &row(r#"<row r="1"><c r="A1" s="4294967295"><v>1</v></c></row>"#),
        ),
        one(
            "numbers-odd",
            &row(
                r#"<row r="1"><c r="A1"><v>1e999</v></c><c r="B1"><v>NaN</v></c><c r="C1"><v>-inf</v></c><c r="D1" t="d"><v>9999-99-99T99:99</v></c><c r="E1" t="b"><v>7</v></c><c r="F1" t="n"><v>０</v></c></row>"#,
            ),
        ),
        one(
            "kinds-unknown",
            &row(r#"<row r="1"><c r="A1" t="zzz"><v>1</v></c><c r="B1" t=""><v/></c></row>"#),
        ),
        one(
            "formulas-cyclic",
            &row(
                r#"<row r="1"><c r="A1"><f t="shared" si="0" ref="A1:XFD1048576">A1</f><v>1</v></c><c r="B1"><f t="shared" si="0"/></c><c r="C1"><f t="shared" si="4294967295"/></c><c r="D1"><f t="shared" si="18446744073709551615" ref="D1">D1</f></c><c r="E1"><f t="array" ref="A1:XFD1048576">E1</f></c></row>"#,
            ),
        ),
        one(
            "formula-far",
            &row(&format!(
                r#"<row r="1"><c r="A1"><f t="shared" si="1" ref="A1:A9">XFD1048576+ZZZ99999999999+{}</f></c><c r="B1"><f t="shared" si="1"/></c></row>"#,
                "(".repeat(20_000)
            )),
        ),
    ]
}

/// Counts and sizes that are not so, names and links that lead out.
fn declarations() -> Vec<Made> {
    let whole = r#"<row r="1"><c r="A1"><v>1</v></c></row>"#;
    let sheet_with = |before: &str, behind: &str| [(SHEET, sheet(before, whole, behind))];
    let sst = |count: &str| {
        [(
            STRINGS,
            TEXTS.replace(
                "<sst",
                &format!("<sst count=\"{count}\" uniqueCount=\"{count}\""),
            ),
        )]
    };
    let sheets = |list: String| {
        [(
            "xl/workbook.xml",
            BOOK.replace(r#"<sheet name="Trang" sheetId="1" r:id="rId1"/>"#, &list),
        )]
    };
    let names = |name: &str, refers: &str| {
        [("xl/workbook.xml", BOOK.replace("</workbook>", &format!("<definedNames><definedName name=\"{name}\">{refers}</definedName></definedNames></workbook>")))]
    };
    let target = |to: &str| {
        [(
            "xl/_rels/workbook.xml.rels",
            BOOK_RELATIONS.replace("worksheets/sheet1.xml", to),
        )]
    };
    let merges: String = (0..150_000)
        .map(|row| format!(r#"<mergeCell ref="A{0}:B{0}"/>"#, row + 1))
        .collect();
    vec![
        one("dimension-whole", &sheet_with(r#"<dimension ref="A1:XFD1048576"/>"#, "")),
        one("dimension-reversed", &sheet_with(r#"<dimension ref="Z9:A1"/>"#, "")),
        one("dimension-garbage", &sheet_with(r#"<dimension ref="ZZZZZZZZZZZZZZ:99999999999999"/>"#, "")),
        one("columns-endless", &sheet_with(r#"<cols><col min="1" max="4294967295" hidden="1"/></cols>"#, "")),
        one("columns-reversed", &sheet_with(r#"<cols><col min="9" max="1" hidden="1"/><col min="0" max="0" hidden="1"/></cols>"#, "")),
        one("merge-whole", &sheet_with("", r#"<mergeCells count="4294967295"><mergeCell ref="A1:XFD1048576"/><mergeCell ref="B2:A1"/><mergeCell ref="x"/></mergeCells>"#)),
        one("merges-many", &sheet_with("", &format!("<mergeCells>{merges}</mergeCells>"))),
        one("texts-lie", &sst("4294967295")),
        one("texts-lie-more", &sst("18446744073709551615")),
        one("texts-negative", &sst("-1")),
        one("sheets-none", &sheets(String::new())),
        one("sheets-many", &sheets((0..5_000).map(|i| format!(r#"<sheet name="T{i}" sheetId="{i}" r:id="rId1"/>"#)).collect())),
        one("sheets-alike", &sheets(r#"<sheet name="T" sheetId="1" r:id="rId1"/><sheet name="T" sheetId="2" r:id="rId1"/>"#.into())),
        one("sheet-unlinked", &sheets(r#"<sheet name="T" sheetId="1" r:id="rId9"/>"#.into())),
        one("sheet-hidden", &sheets(r#"<sheet name="T" sheetId="1" state="veryHidden" r:id="rId1"/>"#.into())),
        one("sheet-name-odd", &sheets("<sheet name=\"&#27;[31m\u{202E}=cmd|'/c calc'!A1\" sheetId=\"1\" r:id=\"rId1\"/>".into())),
        one("sheet-outside", &target("../../../../etc/passwd")),
        one("sheet-absolute", &target("/etc/passwd")),
        one("sheet-web", &target("https://example.invalid/sheet1.xml")),
        one("sheet-itself", &target("workbook.xml")),
        one("name-whole", &names("th_tthc_a", "'Trang'!$A$1:$XFD$1048576")),
        one("name-odd", &names(&"n".repeat(100_000), &"'".repeat(100_000))),
        one("link-out", &[("xl/externalLinks/externalLink1.xml", r#"<externalLink xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"/>"#.into()), ("xl/externalLinks/_rels/externalLink1.xml.rels", r#"<Relationships><Relationship Id="rId1" Target="file:////192.0.2.1/share/x.xlsx" TargetMode="External"/></Relationships>"#.into())]),
    ]
}

/// Trees that are deep, endless or never closed, in every part.
fn trees() -> Vec<Made> {
    const LAUGHS: &str = r#"<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e SYSTEM "file:///etc/passwd">]>"#;
    let mut files = Vec::new();
    for (i, (part, content)) in parts().into_iter().enumerate() {
        let root = content.find('>').unwrap() + 1;
        let inside = |text: &str| format!("{}{text}{}", &content[..root], &content[root..]);
        let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        files.push(one(&format!("deep-{i}"), &[(part, inside(&deep))]));
        files.push(one(
            &format!("unclosed-{i}"),
            &[(part, inside(&"<row><c>".repeat(50_000)))],
        ));
        files.push(one(
            &format!("laughs-{i}"),
            &[(part, format!("{LAUGHS}{}", inside("&d;&e;")))],
        ));
        let attribute = format!(r#"<a b="{}"/>"#, "x".repeat(5_000_000));
        files.push(one(
            &format!("attribute-{i}"),
            &[(part, inside(&attribute))],
        ));
        files.push(one(
            &format!("garbage-{i}"),
            &[(part, "\u{0}\u{FFFE}<<<>>>&&&".into())],
        ));
        let without: Vec<(&str, String)> = parts()
            .into_iter()
            .filter(|(name, _)| *name != part)
            .collect();
        let bytes = zip_of(
            without
                .iter()
                .map(|(name, content)| (*name, content.as_bytes())),
        );
        files.push((format!("without-{i}.xlsx"), bytes));
    }
    files
}

/// Much of something that costs whoever looks for a form in it.
fn wide() -> Vec<Made> {
    let text = |text: &str| [(STRINGS, TEXTS.replace("Xã", text))];
    let many = |rows: u32, columns: u32, cell: &dyn Fn(u32, u32) -> String| -> String {
        let row = |row: u32| -> String {
            let cells: String = (0..columns).map(|column| cell(row, column)).collect();
            format!("<row>{cells}</row>")
        };
        (0..rows).map(row).collect()
    };
    let shared = |rows, columns| many(rows, columns, &|_, _| r#"<c t="s"><v>0</v></c>"#.into());
    let with = |words: &str, rows: String, behind: &str| {
        let [strings] = text(words);
        book(&[strings, (SHEET, sheet("", &rows, behind))])
    };
    let merges: String = (0..10_000)
        .map(|row| format!(r#"<mergeCell ref="B{}:C{0}"/>"#, row + 1))
        .collect();
    let merges = format!("<mergeCells>{merges}</mergeCells>");
    vec![
        (
            "long-text-many-cells.xlsx".into(),
            with(&"Xã Hương Mỹ ".repeat(2_700), shared(300, 100), ""),
        ),
        (
            "header-everywhere.xlsx".into(),
            with("Tổng số", shared(20, 800), ""),
        ),
        (
            "label-everywhere.xlsx".into(),
            with("Cấp tỉnh", shared(10_000, 2), ""),
        ),
        (
            "unit-everywhere.xlsx".into(),
            with("Đơn vị báo cáo:", shared(20, 1_000), ""),
        ),
        (
            "merges-and-labels.xlsx".into(),
            with("Lĩnh vực", shared(10_000, 1), &merges),
        ),
        (
            "text-of-marks.xlsx".into(),
            with(&"e\u{0301}\u{0323}".repeat(50_000), shared(3, 3), ""),
        ),
        (
            "text-invisible.xlsx".into(),
            with(&"\u{200B}\u{202E}".repeat(100_000), shared(3, 3), ""),
        ),
        (
            "numbers-many.xlsx".into(),
            book(&[(
                SHEET,
                sheet(
                    "",
                    &many(3_000, 60, &|row, column| {
                        format!("<c><v>{}</v></c>", row * column)
                    }),
                    "",
                ),
            )]),
        ),
    ]
}

/// OpenDocument repeats cells and rows by a number.
fn open_document() -> Vec<Made> {
    const OPEN: &str = r#"<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>"#;
    const CLOSE: &str = "</office:spreadsheet></office:body></office:document-content>";
    let ods = |name: &str, table: &str| -> Made {
        let content = format!("{OPEN}{table}{CLOSE}");
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file("mimetype", stored).unwrap();
        zip.write_all(b"application/vnd.oasis.opendocument.spreadsheet")
            .unwrap();
        zip.start_file("content.xml", SimpleFileOptions::default())
            .unwrap();
        zip.write_all(content.as_bytes()).unwrap();
        (format!("{name}.ods"), zip.finish().unwrap().into_inner())
    };
    let repeated = |rows: &str, columns: &str| {
        format!(
            r#"<table:table table:name="T"><table:table-row table:number-rows-repeated="{rows}"><table:table-cell table:number-columns-repeated="{columns}" office:value-type="float" office:value="1"/></table:table-row></table:table>"#
        )
    };
    vec![
        ods("repeated-whole", &repeated("1048576", "16384")),
        ods("repeated-u32", &repeated("4294967295", "4294967295")),
        ods("repeated-u64", &repeated("18446744073709551616", "-1")),
        ods(
            "spans",
            r#"<table:table><table:table-row><table:table-cell table:number-columns-spanned="4294967295" table:number-rows-spanned="4294967295"><text:p>x</text:p></table:table-cell></table:table-row></table:table>"#,
        ),
        ods(
            "deep",
            &"<table:table><table:table-row><table:table-cell>".repeat(30_000),
        ),
        ods(
            "spaces",
            &format!(
                r#"<table:table><table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row></table:table>"#,
                r#"<text:s text:c="4294967295"/>"#.repeat(1_000)
            ),
        ),
        ods("nothing", ""),
    ]
}
