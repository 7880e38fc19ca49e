use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::dec;
use rust_xlsxwriter::{
    Chart, ChartType, Color, ConditionalFormatCell, ConditionalFormatCellRule, DataValidation,
    DataValidationRule, Format as Look, FormatAlign, FormatBorder, Image, Note, Workbook as Book,
};
use zip::ZipArchive;

mod odd;
mod property;
mod rounds;
mod verdict;

use super::*;
use crate::extract::{identity, read_explanations};
use crate::model::{Class, Message, Suspect, Value};
use crate::workbook::{Visibility, Workbook, workbook_from_bytes};

/// A one-pixel picture.
const PIXEL: [u8; 67] =
    *b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\
    \0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// A workbook with a bit of everything that units send.
fn original() -> Vec<u8> {
    let mut book = Book::new();
    let head = Look::new()
        .set_bold()
        .set_border(FormatBorder::Thin)
        .set_align(FormatAlign::Center);
    let grey = Look::new()
        .set_background_color(Color::RGB(0xD9_D9_D9))
        .set_num_format("#,##0");
    let open = Look::new()
        .set_unlocked()
        .set_num_format("#,##0")
        .set_border(FormatBorder::Thin);
    let sheet = book.add_worksheet().set_name("BM 'TTHC' 01").unwrap();
    sheet
        .set_column_width(1, 40)
        .unwrap()
        .set_column_format(6, &grey)
        .unwrap();
    sheet
        .merge_range(0, 0, 0, 5, "BÁO CÁO TTHC", &head)
        .unwrap();
    sheet
        .write_row_with_format(
            2,
            0,
            ["STT", "Lĩnh vực", "Tổng", "Trực tuyến", "Trực tiếp"],
            &head,
        )
        .unwrap();
    for row in 0..5_u32 {
        sheet.write(row + 3, 0, row + 1).unwrap();
        sheet.write(row + 3, 1, format!("Lĩnh vực {row}")).unwrap();
        sheet.write_with_format(row + 3, 2, 45, &grey).unwrap();
        sheet.write_with_format(row + 3, 3, 20, &open).unwrap();
        sheet.write_with_format(row + 3, 4, 23, &open).unwrap();
    }
    sheet
        .write_formula_with_format(8, 2, "=SUM(C4:C8)", &grey)
        .unwrap();
    sheet.insert_note(4, 3, &Note::new("Số tạm tính")).unwrap();
    let whole =
        DataValidation::new().allow_whole_number(DataValidationRule::GreaterThanOrEqualTo(0));
    sheet.add_data_validation(3, 3, 7, 4, &whole).unwrap();
    let red = ConditionalFormatCell::new()
        .set_rule(ConditionalFormatCellRule::GreaterThan(100))
        .set_format(Look::new().set_font_color(Color::Red));
    sheet.add_conditional_format(3, 2, 7, 2, &red).unwrap();
    sheet
        .insert_image(1, 7, &Image::new_from_buffer(&PIXEL).unwrap())
        .unwrap();
    let mut chart = Chart::new(ChartType::Column);
    chart.add_series().set_values(("BM 'TTHC' 01", 3, 2, 7, 2));
    sheet.insert_chart(12, 1, &chart).unwrap();
    sheet
        .autofilter(2, 0, 7, 4)
        .unwrap()
        .set_repeat_rows(0, 2)
        .unwrap()
        .protect();
    let extra = book.add_worksheet().set_name("Ghi chú").unwrap();
    extra.write(0, 0, "của đơn vị").unwrap();
    extra.set_active(true).set_print_area(0, 0, 9, 3).unwrap();
    let hidden = book
        .add_worksheet()
        .set_name("_tonghop")
        .unwrap()
        .set_very_hidden(true);
    hidden.write(0, 0, "unit").unwrap();
    book.define_name("TongSo", "='BM ''TTHC'' 01'!$C$9")
        .unwrap();
    book.save_to_buffer().unwrap()
}

const FORM: &str = "BM 'TTHC' 01";

fn finding(severity: Severity, sheet: &str, cell: &str, text: &str) -> Finding {
    let rule = format!("quy-tac-{cell}-{}", wording::severity(severity));
    let message = Message::new(text, "");
    Finding::new(&rule, Class::Rule, severity, &"xa.xlsx".into(), message)
        .at(&Arc::from(sheet), cell.parse().unwrap())
}

fn usual() -> Vec<Finding> {
    let text = "«Tổng» (ô C4) ghi 45, phải bằng 43 (= 20 (ô D4) + 23 (ô E4)); lệch 2.";
    let mut sum = finding(Severity::Error, FORM, "C4", text)
        .value(Some(Value::Number(dec!(45))))
        .expected(Some(Value::Number(dec!(43))));
    sum.review.suspects.push(Suspect {
        sheet: FORM.into(),
        cell: "C4".parse().unwrap(),
        value: sum.value.clone(),
        suggestion: sum.expected.clone(),
        rank: 1,
        together: false,
        reason: Message::new("nếu ô này là 43 thì đúng quy tắc", ""),
    });
    vec![
        Finding::new(
            "bieu-thieu",
            Class::Structure,
            Severity::Error,
            &"xa.xlsx".into(),
            Message::new("Thiếu biểu BM02", ""),
        ),
        sum,
        finding(
            Severity::Warning,
            FORM,
            "D5",
            "Giảm 60% so với kỳ trước (50); hãy xem lại.",
        ),
        finding(Severity::Info, FORM, "D5", "Số này là <số> & chữ."),
        finding(Severity::Warning, FORM, "G12", "Còn để trống."),
        finding(
            Severity::Info,
            "Ghi chú",
            "A1",
            "Trang này không phải biểu mẫu.",
        ),
    ]
}

fn notice(findings: &[Finding]) -> Notice<'_> {
    Notice {
        subject: Subject::Submission,
        unit_name: Some("Xã Yên Thành".to_owned()),
        period: "Tháng 9 năm 2025".to_owned(),
        office: "Văn phòng UBND tỉnh".to_owned(),
        deadline: NaiveDate::from_ymd_opt(2025, 10, 5),
        contact: "Tổ tổng hợp, số 0270 3822 000".to_owned(),
        findings,
        justified: BTreeMap::new(),
    }
}

/// Name, packed and unpacked bytes of every part.
fn parts(bytes: &[u8]) -> Vec<(String, Vec<u8>, Vec<u8>)> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let (mut packed, mut plain) = (Vec::new(), Vec::new());
        archive
            .by_index_raw(at)
            .unwrap()
            .read_to_end(&mut packed)
            .unwrap();
        let mut part = archive.by_index(at).unwrap();
        part.read_to_end(&mut plain).unwrap();
        parts.push((part.name().unwrap().into_owned(), packed, plain));
    }
    parts
}

fn part(bytes: &[u8], name: &str) -> String {
    let found = parts(bytes).into_iter().find(|(part, ..)| part == name);
    String::from_utf8(found.unwrap_or_else(|| panic!("no part {name}")).2).unwrap()
}

/// The workbook with one part changed, as if by another program.
fn with_part(bytes: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (part, _, plain) in parts(bytes) {
        zip.start_file(&part, zip::write::SimpleFileOptions::default())
            .unwrap();
        let plain = match part == name {
            true => change(&String::from_utf8(plain).unwrap()).into_bytes(),
            false => plain,
        };
        zip.write_all(&plain).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What the parts say, without regard to how they are packed.
fn contents(bytes: &[u8]) -> Vec<(String, String)> {
    let text = |plain| String::from_utf8(plain).unwrap_or_else(|_| "(nhị phân)".to_owned());
    parts(bytes)
        .into_iter()
        .map(|(name, _, plain)| (name, text(plain)))
        .collect()
}

/// Do two packages say the same? If not, where they first differ.
fn difference(one: &[u8], other: &[u8]) -> Option<String> {
    if one == other {
        return None;
    }
    let (one, other) = (contents(one), contents(other));
    let names = |parts: &[(String, String)]| {
        parts
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    if names(&one) != names(&other) {
        return Some(format!("{:?} and {:?}", names(&one), names(&other)));
    }
    let ((name, one), (_, other)) = one.iter().zip(&other).find(|(one, other)| one != other)?;
    let at = one
        .chars()
        .zip(other.chars())
        .take_while(|(a, b)| a == b)
        .count();
    let excerpt = |text: &str| {
        text.chars()
            .skip(at.saturating_sub(80))
            .take(240)
            .collect::<String>()
    };
    Some(format!(
        "{name} at {at}:\n{}\n{}",
        excerpt(one),
        excerpt(other)
    ))
}

fn read(bytes: &[u8]) -> Workbook {
    workbook_from_bytes("x.xlsx", bytes, &Limits::default()).unwrap()
}

#[test]
fn parts_that_need_no_change_keep_every_byte() {
    let (original, findings) = (original(), usual());
    let returned = annotate(&original, &notice(&findings)).unwrap();
    let (before, after) = (parts(&original), parts(&returned));
    let kept: Vec<&str> = before
        .iter()
        .filter(|part| after.contains(part))
        .map(|(name, ..)| name.as_str())
        .collect();
    let changed: Vec<&str> = before
        .iter()
        .map(|(name, ..)| name.as_str())
        .filter(|name| !kept.contains(name))
        .collect();
    assert_eq!(
        changed,
        [
            "[Content_Types].xml",
            "xl/_rels/workbook.xml.rels",
            "xl/styles.xml",
            "xl/workbook.xml",
            "xl/worksheets/sheet1.xml",
            "xl/worksheets/sheet2.xml",
            "xl/drawings/vmlDrawing1.vml",
            "xl/comments1.xml"
        ]
    );
    let added: Vec<&str> = after[before.len()..]
        .iter()
        .map(|(name, ..)| name.as_str())
        .collect();
    assert_eq!(
        added,
        [
            "xl/worksheets/_rels/sheet2.xml.rels",
            "xl/comments_tonghop1.xml",
            "xl/drawings/drawing_tonghop1.vml",
            "xl/worksheets/sheet_tonghop1.xml"
        ]
    );
}

#[test]
fn figures_and_sheets_are_read_back_as_they_were() {
    let (original, findings) = (original(), usual());
    let returned = annotate(&original, &notice(&findings)).unwrap();
    let (before, after) = (read(&original), read(&returned));
    assert_eq!(&*after.sheets[0].name, RESULT_SHEET);
    assert_eq!(
        before.sheets,
        after.sheets[1..],
        "values, formulas, formats, merges"
    );
    assert_eq!(after.sheets[3].visibility, Visibility::VeryHidden);
}

#[test]
fn only_the_fill_of_a_marked_cell_changes() {
    let (original, findings) = (original(), usual());
    let returned = annotate(&original, &notice(&findings)).unwrap();
    let looks = |bytes: &[u8], sheet: &str, cell: &str| {
        let text = part(bytes, sheet);
        let at = text.find(&format!("r=\"{cell}\"")).unwrap();
        let tag = &text[text[..at].rfind('<').unwrap()..];
        let style: usize = tag
            .split("s=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let styles = Styles::read(part(bytes, "xl/styles.xml")).unwrap();
        let format = styles.formats.items[style].clone();
        let fill: usize = format
            .split("fillId=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        (
            format
                .replace(&format!("fillId=\"{fill}\""), "")
                .replace(" applyFill=\"1\"", ""),
            styles.fills.items[fill].clone(),
        )
    };
    let form = "xl/worksheets/sheet1.xml";
    for (cell, colour) in [("C4", "FFFFC7C"), ("D5", "FFFFEB9")] {
        let (before, after) = (looks(&original, form, cell), looks(&returned, form, cell));
        assert_eq!(before.0, after.0);
        assert!(
            after.1.contains(colour) && !before.1.contains(colour),
            "{}",
            after.1
        );
    }
    // A cell that was not there has the looks of its column.
    let (format, fill) = looks(&returned, form, "G12");
    assert!(
        format.contains("numFmtId=\"164\"") && fill.contains("FFFFEB9"),
        "{format}{fill}"
    );
    assert!(part(&returned, form).contains("<row r=\"12\"><c s="));
    assert_eq!(
        looks(&original, form, "C5"),
        looks(&returned, form, "C5"),
        "untouched"
    );
}

#[test]
fn what_counts_sheets_by_place_is_counted_anew() {
    let (original, findings) = (original(), usual());
    let book = part(
        &annotate(&original, &notice(&findings)).unwrap(),
        "xl/workbook.xml",
    );
    for expected in [
        "<sheets><sheet xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         name=\"Kết quả kiểm tra\" sheetId=\"4\"",
        "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"1\">'BM ''TTHC'' 01'!$1:$3",
        "<definedName name=\"_xlnm._FilterDatabase\" localSheetId=\"1\" hidden=\"1\">",
        "<definedName name=\"_xlnm.Print_Area\" localSheetId=\"2\">",
        "<definedName name=\"TongSo\">",
        "<definedName name=\"_xlnm.Print_Titles\" localSheetId=\"0\">'Kết quả kiểm tra'!$10:$10",
        "activeTab=\"0\"",
    ] {
        assert!(book.contains(expected), "{expected}\n{book}");
    }
}

#[test]
fn notes_join_those_of_the_unit() {
    let (original, findings) = (original(), usual());
    let returned = annotate(&original, &notice(&findings)).unwrap();
    let comments = part(&returned, "xl/comments1.xml");
    let theirs = comments.find("Số tạm tính").unwrap();
    let ours = comments[theirs..].find("CẢNH BÁO: Giảm 60%").unwrap();
    assert!(comments[theirs + ours..].contains("THÔNG TIN: Số này là &lt;số&gt; &amp; chữ."));
    assert_eq!(comments.matches("<comment ").count(), 3);
    assert_eq!(
        part(&returned, "xl/drawings/vmlDrawing1.vml")
            .matches("<v:shape ")
            .count(),
        3
    );
    let sheet = part(&returned, "xl/worksheets/sheet2.xml");
    let drawing = sheet.find("<legacyDrawing ").unwrap();
    assert!(
        sheet.find("<pageMargins").unwrap() < drawing
            && drawing < sheet.find("</worksheet>").unwrap()
    );
    assert!(
        !sheet.contains("tabSelected=\"1\""),
        "only the first sheet is in front"
    );
}

#[test]
fn the_first_sheet_lists_every_finding() {
    let findings = usual();
    let returned = annotate(&original(), &notice(&findings)).unwrap();
    let sheet = &read(&returned).sheets[0];
    let texts: Vec<&str> = sheet
        .cells
        .values()
        .filter_map(crate::workbook::Cell::text)
        .collect();
    for finding in &findings {
        assert!(
            texts.contains(&finding.message.vi.as_str()) && texts.contains(&finding.id().as_str())
        );
    }
    for line in [
        "TRẢ LẠI: 2 chỗ phải sửa; 2 chỗ phải giải trình, hoặc sửa nếu sai; 2 điều để biết.",
        "Nơi kiểm tra: Văn phòng UBND tỉnh. Cần hỏi: Tổ tổng hợp, số 0270 3822 000. Hạn gửi: 05/10/2025.",
    ] {
        assert!(texts.contains(&line), "{line}\n{texts:?}");
    }
    let xml = part(&returned, "xl/worksheets/sheet_tonghop1.xml");
    assert!(
        xml.contains("<hyperlink ref=\"D12\" location=\"'BM ''TTHC'' 01'!C4\" display=\"C4\"/>")
    );
    assert!(sheet.hidden_columns.contains(&8) && !sheet.hidden_columns.contains(&7));
    assert!(read_explanations(&read(&returned)).is_empty());
}

#[test]
fn the_first_sheet_is_no_form() {
    let (original, findings) = (original(), usual());
    let returned = annotate(&original, &notice(&findings)).unwrap();
    assert_eq!(
        identity::read(&read(&returned)),
        identity::read(&read(&original))
    );
}
