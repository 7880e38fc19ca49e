//! Workbooks where campaigns name form files, and the copies that say what is wrong.

use std::fs;
use std::path::Path;

use tonghop::campaign::{Campaign, Clock};
use tonghop::commands::{forms_lint, forms_to_excel};
use tonghop::sheet_form::read;
use tonghop::workbook::Limits;

use crate::book::Book;

const ROSTER: &str = "code,name,kind\nA,Xã A,xa\nB,Xã B,xa\n";

fn campaign(folder: &Path, form: &str) {
    let text = format!(
        "name = \"dot\"\ntitle = \"Đợt\"\nperiod = \"2025-09\"\noffice = \"Sở\"\nplace = \"Tỉnh\"\n\
         [[kind]]\nid = \"xa\"\nname = \"Xã\"\n[[form]]\n{form}\n"
    );
    fs::create_dir_all(folder.join("schemas")).unwrap();
    fs::write(folder.join("campaign.toml"), text).unwrap();
    fs::write(folder.join("roster.csv"), ROSTER).unwrap();
}

#[test]
fn a_campaign_takes_workbooks_for_form_files() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let clock = Clock::fixed("2025-10-06T08:05:11+07:00").unwrap();
    let schemas = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas");
    forms_to_excel(
        &[schemas.join("van_ban.toml")],
        &folder.join("schemas"),
        &clock,
    )
    .unwrap();
    // By its place in the folder of forms, then by its path.
    campaign(folder, "id = \"van_ban\"");
    let found = Campaign::load(folder).unwrap_or_else(|error| panic!("{error}"));
    assert!(
        found.forms[0].source.ends_with("van_ban.xlsx"),
        "{}",
        found.forms[0].source
    );
    assert!(
        found.stamps.contains_key("schemas/van_ban.xlsx"),
        "{:?}",
        found.stamps
    );
    campaign(folder, "id = \"van_ban\"\npath = \"schemas/van_ban.xlsx\"");
    Campaign::load(folder).unwrap_or_else(|error| panic!("{error}"));
    let linted = forms_lint(Some(folder), None).unwrap().0;
    assert!(!linted.has_errors(), "{:?}", linted.problems);
    // Which of two counts cannot be guessed.
    fs::copy(
        schemas.join("van_ban.toml"),
        folder.join("schemas/van_ban.toml"),
    )
    .unwrap();
    campaign(folder, "id = \"van_ban\"");
    let error = Campaign::load(folder).unwrap_err().to_string();
    assert!(error.contains("xóa bớt một"), "{error}");
}

#[test]
fn a_wrong_workbook_keeps_a_campaign_from_loading_and_all_of_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    campaign(folder, "id = \"thu_chi\"");
    let book = Book::right()
        .put("Quy tắc", "F2", "4 + 9")
        .put("Quy tắc", "J3", "nặng");
    fs::write(folder.join("schemas/thu_chi.xlsx"), book.bytes()).unwrap();
    let error = Campaign::load(folder).unwrap_err().to_string();
    for told in [
        "trang «Quy tắc», ô F2: biểu không có cột «9»",
        "trang «Quy tắc», ô J3: «Mức» không thể là «nặng»",
    ] {
        assert!(error.contains(told), "{told} is not in\n{error}");
    }
}

#[test]
fn what_is_wrong_is_noted_in_a_copy_that_reads_like_the_workbook() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("thu_chi.xlsx");
    let book = Book::right()
        .put("Quy tắc", "F2", "4 + 9")
        .put("Chỉ tiêu", "D14", "tỷ lệẹ %");
    fs::write(&file, book.bytes()).unwrap();
    let (linted, copies) = forms_lint(Some(&file), Some(&folder.path().join("tra"))).unwrap();
    assert!(linted.has_errors());
    let bytes = fs::read(&copies[0]).unwrap();
    let before = read("", &fs::read(&file).unwrap(), &Limits::default()).unwrap();
    let after = read("", &bytes, &Limits::default()).unwrap();
    assert_eq!(before[0].mistakes, after[0].mistakes);
    assert_eq!(before[0].toml, after[0].toml);
    let stripped = tonghop::write::returned::strip(&bytes).unwrap();
    assert!(stripped.len() < bytes.len());
    // Never over the form itself.
    assert!(forms_lint(Some(&file), Some(folder.path())).is_err());
}
