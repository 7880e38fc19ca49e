use super::*;
use crate::model::CellAddress;
use crate::workbook::{Content, Sheet, workbook_from_bytes};

fn at(address: &str) -> CellAddress {
    address.parse().unwrap()
}

fn sheet(page: &str) -> Sheet {
    let mut workbook = workbook_from_bytes("x.xls", page.as_bytes(), &Limits::default()).unwrap();
    workbook.sheets.remove(0)
}

fn texts(sheet: &Sheet) -> Vec<(String, String)> {
    let cells = sheet.cells.iter();
    cells
        .map(|(at, cell)| (at.to_string(), cell.label().unwrap().into_owned()))
        .collect()
}

fn expect(page: &str, expected: &[(&str, &str)]) {
    let owned = |(at, text): &(&str, &str)| ((*at).to_owned(), (*text).to_owned());
    assert_eq!(
        texts(&sheet(page)),
        expected.iter().map(owned).collect::<Vec<_>>()
    );
}

#[test]
fn a_page_of_a_portal_is_laid_out_as_excel_does() {
    let sheet = sheet(
        "<!DOCTYPE html><html xmlns:x=\"urn:schemas-microsoft-com:office:excel\"><head><meta charset=utf-8>\
         <!--[if gte mso 9]><xml><x:ExcelWorksheet><x:Name>BM01</x:Name></x:ExcelWorksheet></xml><![endif]-->\
         <title>tr</title><script>if (a<b) document.write('<table><td>x');</script></head>\
         <body><h3>UBND xã</h3><p>Tháng 9&nbsp;năm 2025</p>\
         <table id=tableToExcel><tr><th rowspan=2>Lĩnh\n vực<th colspan=2>Tiếp nhận\
         <tr><td>Trực tuyến</td><td>Trực tiếp<br>và bưu chính</td></tr>\
         <tr style='display:none'><td>Đất đai</td><td>3.259</td><td>&nbsp;</td></table></body></html>",
    );
    assert_eq!(&*sheet.name, "BM01");
    let expected = [
        ("A1", "UBND xã"),
        ("A2", "Tháng 9\u{a0}năm 2025"),
        ("A3", "Lĩnh vực"),
        ("B3", "Tiếp nhận"),
        ("B4", "Trực tuyến"),
        ("C4", "Trực tiếp\nvà bưu chính"),
        ("A5", "Đất đai"),
        ("B5", "3.259"),
    ];
    let expected = expected.map(|(at, text)| (at.to_owned(), text.to_owned()));
    assert_eq!(texts(&sheet), expected);
    let merges: Vec<_> = sheet
        .merges
        .iter()
        .map(|merge| format!("{}:{}", merge.first, merge.last))
        .collect();
    assert_eq!(merges, ["A3:A4", "B3:C3"]);
    assert!(sheet.is_hidden(at("A5")));
}

#[test]
fn only_what_excel_noted_is_a_number() {
    let sheet = sheet(
        "<table><style>.p{mso-number-format:'0\\.0%';font-family:\".VnTime\",serif} td{color:red}</style>\
         <tr><td x:num>3259</td><td x:num>3.259</td><td x:num=\"3259\">3.259</td><td>3259</td>\
         <td x:num=\"0.5322\">53,22%</td><td x:num=\"45930\">30/9/2025</td><td class=\"a p\" x:num=\"0.5\">50%</td>\
         <td x:num=\"1e999\">1</td><td x:err=\"#N/A\">#N/A</td><td x:fmla=\"=A1\" x:num>5</td>\
         <td><font face=.VnTime>Ghi chó</font></td></tr></table>",
    );
    let shown = |address: &str| sheet.cell(at(address)).unwrap().content.clone();
    assert_eq!(shown("A1"), Content::Number(3259.0));
    assert_eq!(shown("B1"), Content::Text("3.259".into()));
    assert_eq!(shown("C1"), Content::Number(3259.0));
    assert_eq!(shown("D1"), Content::Text("3259".into()));
    assert_eq!(shown("E1"), Content::Number(0.5322));
    assert!(
        sheet
            .cell(at("E1"))
            .unwrap()
            .style
            .as_ref()
            .unwrap()
            .shown(1.0)
            .percent
    );
    assert_eq!(shown("F1"), Content::Text("30/9/2025".into()));
    let classed = sheet.cell(at("G1")).unwrap().style.clone().unwrap();
    assert!(classed.shown(1.0).percent);
    assert_eq!(classed.font.as_deref(), Some(".VnTime"));
    assert_eq!(shown("H1"), Content::Text("1".into()));
    assert_eq!(shown("I1"), Content::Error("#N/A".into()));
    assert_eq!(sheet.cell(at("J1")).unwrap().formula.as_deref(), Some("A1"));
    let note = sheet.cell(at("K1")).unwrap().style.clone().unwrap();
    assert_eq!(note.font.as_deref(), Some(".VnTime"));
}

#[test]
fn nothing_is_lost_of_tables_in_tables_and_careless_tags() {
    expect(
        "<table><tr><td>a<table><tr><td>b<td>c</table>d</td><td>e</td></tr></table>f",
        &[
            ("A1", "a"),
            ("A2", "b"),
            ("B2", "c"),
            ("B3", "e"),
            ("A4", "d"),
            ("A5", "f"),
        ],
    );
    expect(
        "<body><tr><td>a<td>b<tr><td>c",
        &[("A1", "a"), ("B1", "b"), ("A2", "c")],
    );
    expect("<table></table></table></td><tr></tr><td>a", &[("A2", "a")]);
}

#[test]
fn a_span_ends_with_its_table() {
    let sheet = sheet("<table><tr><td rowspan=60000>a<td>b</table><table><tr><td>c</table>");
    assert_eq!(
        sheet.effective(at("A2")).and_then(|cell| cell.text()),
        Some("c")
    );
    assert!(sheet.merges.is_empty());
}

#[test]
fn hostile_pages_end() {
    let open = |page: &str| workbook_from_bytes("x.xls", page.as_bytes(), &Limits::default());
    let wide = format!("<table><tr>{}", "<td colspan=1000>a".repeat(20));
    assert!(matches!(open(&wide), Err(FileProblem::BeyondGrid(_))));
    let deep = "<table><tr><td>".repeat(50_000);
    let deep = open(&deep).unwrap();
    assert!(deep.sheets.len() == 1 && deep.sheets[0].cells.is_empty());
    // Said twice is a mistake that the tokenizer reports before the tag is over.
    let many: String = (0..60_000).map(|at| format!(" a{at} a0")).collect();
    let page = format!("<table><td{many}>");
    let read = |page: &str| read_within(page.as_bytes(), &Limits::default(), 100_000_000);
    assert!(matches!(read(&page), Err(FileProblem::Broken(_))));
    // A picture inside the page is one attribute, however many lines it has.
    let picture = "iVBORw0KGgo\n".repeat(10_000);
    let page = format!("<img src='data:image/png;base64,{picture}'><table><td>1");
    assert_eq!(read(&page).unwrap().sheets[0].cells.len(), 1);
}

#[test]
fn an_error_that_notes_a_number_is_an_error() {
    let page = "<table><tr><td sdval=\"0\" sdnum=\"1033;0;#,##0\">#DIV/0!</td></tr></table>";
    let sheet = sheet(page);
    let cell = sheet.cell(at("A1")).unwrap();
    assert_eq!(cell.content, Content::Error("#DIV/0!".into()));
}

/// LibreOffice notes a day as a number, and the day may be shown by digits and dashes only.
#[test]
fn a_day_noted_as_a_number_is_a_day() {
    for (format, shown) in [("YYYY-MM-DD", "2025-09-02"), ("DD.MM.YYYY", "02.09.2025")] {
        let page = format!(
            "<table><tr><td sdval=\"45902\" sdnum=\"1033;0;{format}\">{shown}</td></tr></table>"
        );
        let sheet = sheet(&page);
        let cell = sheet.cell(at("A1")).unwrap();
        let is_day = |day: &chrono::NaiveDateTime| day.to_string().starts_with("2025-09-02");
        assert!(
            matches!(&cell.content, Content::Date(day) if is_day(day)),
            "{:?}",
            cell.content
        );
    }
}
