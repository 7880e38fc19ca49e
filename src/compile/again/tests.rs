//! Form files merged, on texts.

use super::merge;

const THEN: &str = r#"# Biên dịch từ tệp a.xlsx, trang B.
id = "b"
version = "1"
title = "Biểu"
sheet = "B"

[layout]
rows = "fixed"
label = "Chỉ tiêu"

[defaults]
blank = "nothing"

[[column]]
id = "tong"
label = "Tổng số"
type = "count"

[[column]]
id = "nam"
label = "Nam"
type = "count"

[[row]]
id = "mot"
label = "Một"

# Căn cứ: B!B3 «1=2+3»
[[rule]]
id = "tong-lech"
check = "tong = nam + nu"
message = "Theo biểu, ô B3: «1=2+3»."

# Căn cứ: B!C3 «2<=1»
[[rule]]
id = "nam-qua-lon"
check = "nam <= tong"
message = "Theo biểu, ô C3."

# Đề xuất: chưa phải quy tắc. Đúng với biểu thì bỏ dấu # ở đầu các dòng.
# Theo đề mục
# [[rule]]
# id = "mot-lech"
# check = "mot = hai + ba"
"#;

fn merged(now: &str, new: &str) -> (String, Vec<String>) {
    let merged = merge(THEN, now, new).unwrap();
    let asked = merged.asked.into_iter().map(|(_, why)| why.vi).collect();
    (merged.text, asked)
}

#[test]
fn a_form_that_nobody_changed_is_written_as_it_was_generated() {
    assert_eq!(merged(THEN, THEN), (THEN.to_owned(), Vec::new()));
    let new = THEN
        .replace("2+3", "2 + 3")
        .replace("\"Nam\"", "\"Nam giới\"");
    assert_eq!(merged(THEN, &new), (new.clone(), Vec::new()));
}

#[test]
fn what_people_wrote_stays_while_the_form_changes() {
    let now = THEN
        .replace("message = \"Theo biểu, ô C3.\"", "# Hỏi chị Lan.\nmessage = \"Số nam nhiều hơn tổng.\"\nseverity = \"warning\"")
        .replace("blank = \"nothing\"", "blank = \"zero\"")
        .replace("version = \"1\"", "version = \"2\"")
        .replace(
            "# Đề xuất: chưa",
            "# Quy tắc của phòng.\n[[rule]]\nid = \"it-nhat-mot\"\ncheck = \"tong >= 1\"\n\n# Đề xuất: chưa",
        );
    let new = THEN
        .replace("tong = nam + nu", "tong = nam + nu + khac")
        .replace("ô C3.", "ô D3.")
        .replace(
            "[[row]]",
            "[[column]]\nid = \"khac\"\nlabel = \"Khác\"\n\n[[row]]",
        );
    let (text, asked) = merged(&now, &new);
    for kept in [
        "# Hỏi chị Lan.",
        "message = \"Số nam nhiều hơn tổng.\"",
        "severity = \"warning\"",
        "blank = \"zero\"",
        "version = \"2\"",
        "# Quy tắc của phòng.\n[[rule]]\nid = \"it-nhat-mot\"",
        "check = \"tong = nam + nu + khac\"",
        "id = \"khac\"",
    ] {
        assert!(text.contains(kept), "{kept}:\n{text}");
    }
    // Words of people's own for a rule that stays as it was are no question.
    assert!(asked.is_empty(), "{asked:?}");
    assert_eq!(text.matches("# Đề xuất").count(), 1, "{text}");
}

#[test]
fn a_rule_the_form_no_longer_says_goes_unless_people_changed_it() {
    let start = THEN.find("# Căn cứ: B!C3").unwrap();
    let end = THEN.find("# Đề xuất").unwrap();
    let new = format!("{}{}", &THEN[..start], &THEN[end..]);
    let (text, asked) = merged(THEN, &new);
    assert_eq!((text, asked), (new.clone(), Vec::new()));
    let now = THEN.replace("ô C3.\"", "ô C3.\"\nseverity = \"warning\"");
    let (text, asked) = merged(&now, &new);
    assert!(text.contains("nam-qua-lon"), "{text}");
    assert!(asked[0].contains("không còn ghi"), "{asked:?}");
}

#[test]
fn a_rule_that_people_took_out_or_renamed_does_not_come_back() {
    let start = THEN.find("# Căn cứ: B!C3").unwrap();
    let end = THEN.find("# Đề xuất").unwrap();
    let now = format!("{}{}", &THEN[..start], &THEN[end..]);
    let (text, asked) = merged(&now, THEN);
    assert!(!text.contains("id = \"nam-qua-lon\""), "{text}");
    assert!(asked.is_empty(), "{asked:?}");
    let (text, asked) = merged(&now, &THEN.replace("nam <= tong", "nam < tong"));
    assert!(!text.contains("id = \"nam-qua-lon\""), "{text}");
    assert!(asked[0].contains("đã bị xóa"), "{asked:?}");
    let now = THEN.replace("nam-qua-lon", "nam-nhieu");
    let merged = merge(THEN, &now, THEN).unwrap();
    assert_eq!(
        merged.text.matches("nam <= tong").count(),
        1,
        "{}",
        merged.text
    );
    assert_eq!(
        merged.renamed,
        [("nam-qua-lon".to_owned(), "nam-nhieu".to_owned())]
    );
}

#[test]
fn a_column_that_people_gave_another_id_is_written_once() {
    let now = THEN
        .replace("\"nam\"", "\"so_nam\"")
        .replace("nam <=", "so_nam <=");
    let now = now.replace("nam + nu", "so_nam + nu");
    let new = now.replace("\"Nam\"", "\"Nam giới\"");
    let (text, asked) = merged(&now, &new);
    assert_eq!(text.matches("id = \"so_nam\"").count(), 1, "{text}");
    assert!(text.contains("label = \"Nam giới\""), "{text}");
    assert!(!text.contains("id = \"nam\""), "{text}");
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn a_rule_changed_on_both_sides_is_asked_about_and_stays_as_people_have_it() {
    let now = THEN.replace("tong = nam + nu", "tong >= nam + nu");
    let new = THEN.replace("tong = nam + nu", "tong = nam + nu + khac");
    let (text, asked) = merged(&now, &new);
    assert!(text.contains("check = \"tong >= nam + nu\""), "{text}");
    assert!(
        asked[0].starts_with("check: trước đây biểu ghi"),
        "{asked:?}"
    );
}

#[test]
fn an_adopted_proposal_is_a_rule_and_is_not_proposed_again() {
    let now = THEN.replace(
        "# [[rule]]\n# id = \"mot-lech\"\n# check = \"mot = hai + ba\"",
        "[[rule]]\nid = \"mot-lech\"\ncheck = \"mot = hai + ba\"",
    );
    let (text, asked) = merged(&now, THEN);
    assert_eq!(text.matches("mot = hai + ba").count(), 1, "{text}");
    assert!(text.contains("\ncheck = \"mot = hai + ba\""), "{text}");
    assert!(!text.contains("# Đề xuất"), "{text}");
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn a_file_that_is_no_form_file_any_more_is_not_merged() {
    assert!(merge(THEN, "id = \"b\nversion", THEN).is_none());
}
