use std::fs;

use crate::browser::Office;
use crate::cli::tonghop;
use crate::small::{Small, department, right_and_explained};

/// The row of a unit on the board.
fn row(page: &str, code: &str) -> String {
    let rows = page.split("<tr");
    let name = format!("<span class=\"small\">{code}</span>");
    rows.filter(|row| row.contains(&name)).collect()
}

#[test]
fn the_board_says_of_each_unit_what_the_command_line_says() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let page = admin.get("/").text();
    for (code, word) in [
        ("A", "đã nhận"),
        ("B", "trả lại"),
        ("C", "chưa nộp"),
        ("S", "đã nhận"),
    ] {
        assert!(
            row(&page, code).contains(word),
            "{code}: {}",
            row(&page, code)
        );
    }
    let run = tonghop(small.root(), &["consolidate", "dot", "--format", "json"]).json();
    let status = |code: &str| {
        let units = run["units"].as_array().unwrap().iter();
        let mut units = units.filter(|unit| unit["code"] == code || unit["unit"] == code);
        units.next().unwrap()["status"].as_str().unwrap().to_owned()
    };
    let told = ["A", "B", "C", "S"].map(status);
    assert_eq!(told, ["accepted", "returned", "missing", "accepted"]);
    // What comes in is there the next time.
    small.receive(
        "b, \"hai\".xls",
        &right_and_explained()
            .replace("Xã An Bình", "Xã Bình \"Mới\", An")
            .replace(">A<", ">B<"),
    );
    fs::remove_file(small.folder().join("inbox/dot-1/s.xls")).unwrap();
    let page = admin.get("/").text();
    assert!(row(&page, "S").contains("chưa nộp"), "{}", row(&page, "S"));
    assert!(!row(&page, "B").contains("trả lại"), "{}", row(&page, "B"));
}

#[test]
fn units_are_found_without_diacritics_by_state_and_in_order() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let mut shown = |query: &str| {
        let page = admin.get(&format!("/?{query}")).text();
        let codes = ["A", "B", "C", "S"]
            .into_iter()
            .filter(|code| !row(&page, code).is_empty());
        codes.collect::<String>()
    };
    assert_eq!(shown(""), "ABCS");
    assert_eq!(shown("q=chau+thanh"), "C");
    assert_eq!(shown("q=CH%C3%82U"), "C");
    assert_eq!(shown("state=returned"), "B");
    assert_eq!(shown("state=not-filed"), "C");
    assert_eq!(shown("kind=so"), "S");
    assert_eq!(shown("q=khong-co"), "");
    let page = admin.get("/?sort=state").text();
    let at = |code: &str| {
        page.find(&format!("<span class=\"small\">{code}</span>"))
            .unwrap()
    };
    assert!(at("C") < at("B") && at("B") < at("A"));
}

#[test]
fn the_list_as_a_workbook_has_what_was_asked_for() {
    let small = Small::filled();
    let office = Office::start(&small.folder());
    let mut admin = office.admin();
    let answer = admin.get("/bang.xlsx?state=returned");
    assert_eq!(answer.status, 200);
    let path = small.root().join("bang.xlsx");
    fs::write(&path, &answer.body).unwrap();
    let mut read = tonghop::workbook::workbook_from_bytes(
        "bang.xlsx",
        &answer.body,
        &tonghop::workbook::Limits::default(),
    )
    .unwrap();
    assert_eq!(read.sheets.len(), 1);
    let sheet = read.sheets.remove(0);
    let words = format!("{sheet:?}");
    assert!(words.contains("Xã Bình"), "{words}");
    assert!(!words.contains("Xã An Bình"), "{words}");
}

#[test]
fn a_unit_is_late_after_its_last_day() {
    let small = Small::filled();
    small.receive("s.xls", &department());
    let file = small.folder().join("campaign.toml");
    let text = fs::read_to_string(&file).unwrap();
    let text = text.replacen("place =", "deadline = \"2025-10-05\"\nplace =", 1);
    fs::write(&file, text).unwrap();
    let late = |day: &str| {
        let now = format!("{day}T08:00:00+07:00");
        let office = Office::start_with(
            &small.folder(),
            &["--first-account"],
            &[("TONGHOP_NOW", &now)],
        );
        let page = office.admin().get("/").text();
        ["A", "B", "C", "S"]
            .into_iter()
            .filter(|code| row(&page, code).contains("quá hạn"))
            .collect::<String>()
    };
    assert_eq!(late("2025-10-05"), "");
    assert_eq!(late("2025-10-06"), "BC");
}
