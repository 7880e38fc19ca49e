//! What a copy says has to be done: its verdict, the order of findings, and the colours of cells.

use super::*;

/// The texts of the result sheet, row by row: its title, its mark, its verdict and the rest.
fn result_texts(returned: &[u8]) -> Vec<String> {
    let book = read(returned);
    let texts = book.sheets[0].cells.values();
    let texts = texts.filter_map(crate::workbook::Cell::text);
    texts.map(str::to_owned).collect()
}

/// The colour with which a cell of the form is filled.
fn colour(returned: &[u8], cell: &str) -> u32 {
    let sheet = part(returned, "xl/worksheets/sheet1.xml");
    let at = sheet.find(&format!("r=\"{cell}\"")).unwrap();
    let style = sheet[at..].split("s=\"").nth(1).unwrap();
    let style: usize = style.split('"').next().unwrap().parse().unwrap();
    let styles = Styles::read(part(returned, "xl/styles.xml")).unwrap();
    let format = &styles.formats.items[style];
    let fill = format.split("fillId=\"").nth(1).unwrap();
    let fill: usize = fill.split('"').next().unwrap().parse().unwrap();
    let rgb = styles.fills.items[fill].split("fgColor rgb=\"FF").nth(1);
    rgb.map_or(0, |rgb| u32::from_str_radix(&rgb[..6], 16).unwrap())
}

#[test]
fn the_suspected_cell_is_red_and_what_follows_from_it_is_pale() {
    let mut sum = finding(Severity::Error, FORM, "C4", "Tổng 45, phải bằng 43.");
    sum.review.suspects.push(Suspect {
        sheet: FORM.into(),
        cell: "D4".parse().unwrap(),
        value: Some(Value::Number(dec!(20))),
        suggestion: Some(Value::Number(dec!(22))),
        rank: 1,
        together: false,
        reason: Message::new("nếu ô này là 22 thì đúng quy tắc", ""),
    });
    sum.review.cause = Some(crate::model::Place {
        sheet: FORM.into(),
        cell: "D4".parse().unwrap(),
    });
    let mut follows = finding(Severity::Error, FORM, "C9", "Cộng 225, phải bằng 223.");
    follows.review.cause.clone_from(&sum.review.cause);
    follows.review.consequence = true;
    let known = finding(Severity::Info, FORM, "E5", "Để biết.");
    let findings = [known, follows, sum];
    let returned = annotate(&original(), &notice(&findings)).unwrap();
    let near = |cell: &str, shade: Shade| {
        let rest = colour(&returned, cell) ^ shade.base();
        assert_eq!(rest & !0x07_07_07, 0, "{cell} {rest:x}");
    };
    near("D4", Shade::Wrong);
    near("C4", Shade::Consequence);
    near("C9", Shade::Consequence);
    near("E5", Shade::Known);
    let notes = part(&returned, "xl/comments1.xml");
    assert!(
        notes.contains("→ Chưa phải làm gì ở ô này: sửa ô D4 trước."),
        "{notes}"
    );
    assert!(notes.contains("không phải làm gì ở đây, sửa xong ô D4 thì thường tự hết."));
    let texts = result_texts(&returned);
    let verdict = "TRẢ LẠI: 1 chỗ phải sửa; 1 chỗ sai theo, thường tự hết; 1 điều để biết.";
    assert_eq!(texts[2], verdict);
    let at = |text: &str| texts.iter().position(|known| known == text).unwrap();
    assert!(at("Tổng 45, phải bằng 43.") < at("Cộng 225, phải bằng 223."));
    assert!(at("Cộng 225, phải bằng 223.") < at("Để biết."));
}

#[test]
fn the_copy_of_an_accepted_workbook_asks_for_nothing() {
    let known = [finding(Severity::Info, FORM, "E5", "Để biết.")];
    let texts = result_texts(&annotate(&original(), &notice(&known)).unwrap());
    assert_eq!(texts[2], "ĐÃ NHẬN: không phải làm gì (1 điều để biết).");
    for asking in ["gửi lại chính tệp", "Hạn gửi", "→"] {
        assert!(!texts.iter().any(|text| text.contains(asking)), "{texts:?}");
    }
    let doubt = [finding(Severity::Warning, FORM, "E5", "Giảm 60%.")];
    let texts = result_texts(&annotate(&original(), &notice(&doubt)).unwrap());
    assert_eq!(
        texts[2],
        "ĐÃ NHẬN, CẦN GIẢI TRÌNH: 1 chỗ phải giải trình, hoặc sửa nếu sai."
    );
}

/// A broken sum at C4 whose first suspect is D4; C4 is a suspect, too, or not. C4 is also far from
/// last period's figure.
fn sum_and_doubt(own: bool) -> [Finding; 2] {
    let place = |cell: &str| crate::model::Place {
        sheet: FORM.into(),
        cell: cell.parse().unwrap(),
    };
    let mut sum = finding(Severity::Error, FORM, "C4", "Tổng 45, phải bằng 43.");
    let cells = if own { &["D4", "C4"][..] } else { &["D4"] };
    for (rank, cell) in cells.iter().enumerate() {
        let at = place(cell);
        sum.review.suspects.push(Suspect {
            sheet: at.sheet,
            cell: at.cell,
            value: Some(Value::Number(dec!(20))),
            suggestion: None,
            rank: rank + 1,
            together: false,
            reason: Message::new("hãy xem lại sổ gốc", ""),
        });
    }
    sum.review.cause = Some(place("D4"));
    [sum, finding(Severity::Warning, FORM, "C4", "Giảm 60%.")]
}

#[test]
fn a_cell_with_an_error_and_a_doubt_of_its_own_is_the_red_one() {
    let findings = sum_and_doubt(true);
    let returned = annotate(&original(), &notice(&findings)).unwrap();
    let own = colour(&returned, "C4") ^ Shade::Wrong.base();
    assert_eq!(own & !0x07_07_07, 0, "{own:x}");
    let comments = part(&returned, "xl/comments1.xml");
    assert!(
        comments.contains("Sửa lại cho đúng rồi gửi lại"),
        "{comments}"
    );
    assert!(
        !comments.contains("ghi lý do") && !comments.contains("ref=\"D4\""),
        "{comments}"
    );
}

#[test]
fn a_warning_beside_an_error_is_explained_only_after_the_error_is_mended() {
    let findings = sum_and_doubt(false);
    let returned = annotate(&original(), &notice(&findings)).unwrap();
    let suspect = colour(&returned, "D4") ^ Shade::Wrong.base();
    assert_eq!(suspect & !0x07_07_07, 0, "{suspect:x}");
    let comments = part(&returned, "xl/comments1.xml");
    let first = "→ Sửa ô D4 trước: lỗi thì phải sửa, không giải trình được.";
    assert!(comments.contains(first), "{comments}");
}

/// No two of them are alternatives.
#[test]
fn the_figures_of_a_rows_blanks_are_all_asked_for() {
    let told = Message::new("Còn 2 ô để trống: C4, D4.", "");
    let rule = crate::extract::NO_FIGURE;
    let blanks = Finding::new(rule, Class::Type, Severity::Error, &"xa.xlsx".into(), told);
    let mut blanks = blanks.at(&FORM.into(), "C4".parse().unwrap());
    for (rank, (cell, figure)) in [("C4", dec!(3)), ("D4", dec!(96))].into_iter().enumerate() {
        blanks.review.suspects.push(Suspect {
            sheet: FORM.into(),
            cell: cell.parse().unwrap(),
            value: None,
            suggestion: Some(Value::Number(figure)),
            rank: rank + 1,
            together: rank > 0,
            reason: Message::new("các số khác cho biết", ""),
        });
    }
    let texts = result_texts(&annotate(&original(), &notice(&[blanks])).unwrap());
    let both = "ô C4: 3\nô D4: 96";
    assert!(texts.iter().any(|text| text == both), "{texts:?}");
}
