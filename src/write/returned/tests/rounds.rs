//! A copy that comes back, and is marked again.

use super::*;

#[test]
fn reasons_are_read_back_and_shown_again() {
    let findings = usual();
    let returned = annotate(&original(), &notice(&findings)).unwrap();
    let filled = with_part(&returned, "xl/worksheets/sheet_tonghop1.xml", |sheet| {
        let at = sheet.find("<c r=\"H13\"").unwrap();
        let end = at + sheet[at..].find("/>").unwrap();
        format!(
            "{} t=\"inlineStr\"><is><t>Do sáp nhập xã</t></is></c>{}",
            &sheet[..end],
            &sheet[end + 2..]
        )
    });
    let read_back = read_explanations(&read(&filled));
    assert_eq!(read_back.len(), 1);
    let reason = &read_back[0];
    assert_eq!(
        (&reason.finding_id, reason.text.as_str()),
        (&findings[2].id(), "Do sáp nhập xã")
    );
    assert_eq!(
        (reason.rule.as_str(), reason.sheet.as_str()),
        ("quy-tac-D5-Cảnh báo", FORM)
    );
    assert_eq!(
        (reason.cell, reason.written_at.to_string()),
        (findings[2].cell, "H13".to_owned())
    );
    let mut next = notice(&findings);
    next.justified
        .insert(reason.finding_id.clone(), reason.text.clone());
    let again = annotate(&filled, &next).unwrap();
    assert_eq!(read_explanations(&read(&again)), read_back);
    assert!(part(&again, "xl/comments1.xml").contains("Đã giải trình: Do sáp nhập xã"));
    assert_eq!(
        difference(&again, &annotate(&returned, &next).unwrap()),
        None
    );
}

#[test]
fn marking_twice_is_marking_once() {
    let (original, first) = (original(), usual());
    let once = annotate(&original, &notice(&first)).unwrap();
    assert!(
        annotate(&once, &notice(&first)).unwrap() == once,
        "the same bytes"
    );
    let second = vec![
        finding(Severity::Warning, FORM, "C4", "Vẫn còn lệch."),
        finding(Severity::Error, FORM, "A30", "Thiếu dòng."),
    ];
    // What only the first round touched is packed by us and not by the unit's program.
    let direct = annotate(&original, &notice(&second)).unwrap();
    assert_eq!(
        difference(&annotate(&once, &notice(&second)).unwrap(), &direct),
        None
    );
    let none = annotate(&original, &notice(&[])).unwrap();
    assert!(annotate(&none, &notice(&[])).unwrap() == none);
}

#[test]
fn marks_come_off_without_a_trace() {
    let (original, findings) = (original(), usual());
    let returned = annotate(&original, &notice(&findings)).unwrap();
    assert_eq!(difference(&strip(&returned).unwrap(), &original), None);
    assert!(
        strip(&original).unwrap() == copied(&original),
        "nothing to take off"
    );
}

/// The package copied, with nothing changed.
fn copied(original: &[u8]) -> Vec<u8> {
    PackageCopy::of(original, Limits::default().part_bytes)
        .unwrap()
        .finish()
        .unwrap()
}

#[test]
fn marks_are_found_where_the_unit_moved_them() {
    let findings = usual();
    let returned = annotate(&original(), &notice(&findings)).unwrap();
    // The unit inserts rows above (so the remembered place is wrong) and turns to another sheet.
    let moved = with_part(&returned, "xl/worksheets/sheet1.xml", |sheet| {
        sheet
            .replace("r=\"4\"", "r=\"400\"")
            .replace("r=\"C4\"", "r=\"C400\"")
            .replace("r=\"5\"", "r=\"401\"")
            .replace("r=\"D5\"", "r=\"D401\"")
    });
    assert!(
        annotate(&moved, &notice(&findings)).is_err(),
        "rows out of order are left alone"
    );
    let turned = with_part(&returned, "xl/workbook.xml", |book| {
        book.replace("activeTab=\"0\"", "activeTab=\"1\"")
    });
    let copied = with_part(&turned, "xl/worksheets/sheet1.xml", |sheet| {
        let at = sheet.find("<c r=\"C4\" s=\"").unwrap() + 13;
        let style: String = sheet[at..]
            .chars()
            .take_while(char::is_ascii_digit)
            .collect();
        let at = sheet.find("</sheetData>").unwrap();
        let row = format!("<row r=\"300\"><c r=\"C300\" s=\"{style}\"><v>7</v></c></row>");
        format!("{}{row}{}", &sheet[..at], &sheet[at..])
    });
    let stripped = strip(&copied).unwrap();
    let sheet = part(&stripped, "xl/worksheets/sheet1.xml");
    let style = |cell: &str| {
        sheet
            .split(&format!("<c r=\"{cell}\" s=\""))
            .nth(1)
            .unwrap()[..2]
            .to_owned()
    };
    assert_eq!(
        style("C300"),
        style("C4"),
        "the copy has the fill the original had"
    );
    assert!(part(&stripped, "xl/workbook.xml").contains("activeTab=\"0\""));
}

#[test]
fn a_sheet_of_our_name_that_is_not_ours_stays() {
    let mut book = Book::new();
    book.add_worksheet()
        .set_name(RESULT_SHEET)
        .unwrap()
        .write(0, 0, 7)
        .unwrap();
    let original = book.save_to_buffer().unwrap();
    let findings = [finding(Severity::Error, RESULT_SHEET, "A1", "Sai.")];
    let returned = annotate(&original, &notice(&findings)).unwrap();
    let names: Vec<_> = read(&returned)
        .sheets
        .iter()
        .map(|sheet| sheet.name.to_string())
        .collect();
    assert_eq!(names, ["Kết quả kiểm tra (2)", RESULT_SHEET]);
    assert_eq!(difference(&strip(&returned).unwrap(), &original), None);
}

#[test]
fn other_files_are_told_apart() {
    let failed = |bytes: &[u8]| annotate(bytes, &notice(&[])).unwrap_err();
    assert_eq!(
        failed(b"<html><table>"),
        ReturnError::NotKeepable(Format::Html)
    );
    assert_eq!(failed(b""), ReturnError::NotKeepable(Format::Empty));
    let whole = annotate(&original(), &notice(&usual())).unwrap();
    for end in (0..whole.len()).step_by(97) {
        assert!(annotate(&whole[..end], &notice(&[])).is_err());
    }
}
