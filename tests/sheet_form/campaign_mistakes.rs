//! Mistakes in campaign workbooks, each told at its cell with the nearest right name.

use std::fs;

use tonghop::commands::forms_lint;
use tonghop::model::Severity;

use crate::book::{Book, Put};
use crate::campaign_book::{loaded, right};

/// What is wrong, where it is told, and words of what is told.
fn kinds() -> Vec<(Book, &'static str, &'static str, &'static str)> {
    vec![
        (
            right().put("Đợt", "A4", "Kỳ báo cáoo"),
            "Đợt",
            "A4",
            "có phải «Kỳ báo cáo»?",
        ),
        (
            right().put("Đợt", "A1", "Mụcc"),
            "Đợt",
            "A1",
            "có phải «Mục»?",
        ),
        (
            right().put("Đợt", "B4", "tháng 13"),
            "Đợt",
            "B4",
            "kỳ «tháng 13» viết sai",
        ),
        (
            right().put("Đợt", "B4", ""),
            "Đợt",
            "B4",
            "chưa ghi giá trị của «Kỳ báo cáo»",
        ),
        (
            right().put("Đợt", "B7", "31/9/2025"),
            "Đợt",
            "B7",
            "ngày «31/9/2025» viết sai",
        ),
        (
            right().set("Đợt", "B7", Put::Number(45.5)),
            "Đợt",
            "B7",
            "ngày",
        ),
        (
            right().put("Đợt", "C8", ""),
            "Đợt",
            "C8",
            "chưa ghi tên của loại «xa»",
        ),
        (
            right().put("Đợt", "A9", "Cơ quan"),
            "Đợt",
            "B9",
            "đã khai ở ô B5",
        ),
        (
            right().put("Đợt", "B9", "chart"),
            "Đợt",
            "B9",
            "khóa = giá trị",
        ),
        (
            right().put("Đơn vị", "A1", "Mã đơn vịi"),
            "Đơn vị",
            "A1",
            "có phải «Mã đơn vị»?",
        ),
        (
            right().put("Đơn vị", "C3", "xaa"),
            "Đơn vị",
            "C3",
            "có phải «xa»?",
        ),
        (right().put("Đơn vị", "A3", "A"), "Đơn vị", "A3", "mã"),
        (right().put("Đơn vị", "B3", ""), "Đơn vị", "B3", "để trống"),
        (
            right().renamed("Biểu", "Biêu mẫu"),
            "Đợt",
            "A1",
            "thiếu trang «Biểu»",
        ),
        (
            right().renamed("Phụ lục", "Phụ lụcc"),
            "Phụ lụcc",
            "A1",
            "có phải «Phụ lục»?",
        ),
        (
            right().put("Biểu", "A2", "van_bann"),
            "Biểu",
            "A2",
            "không có biểu mẫu `van_bann`",
        ),
        (
            right().put("Biểu", "A1", "Mã biểuu"),
            "Biểu",
            "A1",
            "không thấy hàng tiêu đề; cần một hàng có các tiêu đề «Mã biểu»",
        ),
        (right().put("Biểu", "B2", "xaa"), "Biểu", "B2", "có phải"),
        (
            right().put("Biểu", "A3", "van_ban"),
            "Biểu",
            "A3",
            "khai hai lần",
        ),
        (
            right().put("Số liệu báo cáo", "C2", "van_ban!guii.trong_ky"),
            "Số liệu báo cáo",
            "C2",
            "có phải",
        ),
        (
            right().put("Số liệu báo cáo", "B2", ""),
            "Số liệu báo cáo",
            "B2",
            "chưa ghi «Tên»",
        ),
        (
            right().put("Phụ lục", "D2", "đơn vịi"),
            "Phụ lục",
            "D2",
            "có phải «đơn vị»?",
        ),
        (
            right().put("Phụ lục", "C2", "van_bann"),
            "Phụ lục",
            "C2",
            "có phải",
        ),
        (
            right().put("Phụ lục", "E2", "gui.trong_kyy"),
            "Phụ lục",
            "E2",
            "có phải",
        ),
        (
            right().put("Số kiểm soát", "C2", "một trăm"),
            "Số kiểm soát",
            "C2",
            "phải là một con số",
        ),
        (
            right().put("Số kiểm soát", "C2", "1.234"),
            "Số kiểm soát",
            "C2",
            "gõ như số",
        ),
        (
            right().put("Số kiểm soát", "B2", "van_ban!gui.trong_kyy"),
            "Số kiểm soát",
            "B2",
            "có phải",
        ),
        (
            right().put("Số kiểm soát", "D2", ""),
            "Số kiểm soát",
            "A2",
            "«Nguồn»",
        ),
        (
            right().put("Số kiểm soát", "C2", ""),
            "Số kiểm soát",
            "A2",
            "đúng một trong «Giá trị»",
        ),
    ]
}

#[test]
fn every_kind_of_mistake_in_a_campaign_workbook_is_told_at_its_cell() {
    let folder = tempfile::tempdir().unwrap();
    let mut wrong = Vec::new();
    for (book, sheet, cell, words) in kinds() {
        let error = loaded(folder.path(), &book).unwrap_err();
        let at = format!("trang «{sheet}», ô {cell}: ");
        let is_told = error.contains(&at) && error.contains(words);
        if !is_told || error.lines().count() != 1 {
            wrong.push(format!("{at}{words} is not all of\n{error}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    loaded(folder.path(), &right()).unwrap();
}

#[test]
fn all_mistakes_of_a_campaign_workbook_are_told_in_one_go_and_noted_in_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let book = right()
        .put("Đợt", "B7", "31/9/2025")
        .put("Đơn vị", "C3", "xaa")
        .put("Biểu", "B2", "xaa")
        .put("Số liệu báo cáo", "C2", "van_ban!guii.trong_ky")
        .put("Phụ lục", "E2", "gui.trong_kyy")
        .put("Số kiểm soát", "B2", "van_ban!gui.trong_kyy");
    let error = loaded(folder.path(), &book).unwrap_err();
    let lines = error.lines().count();
    assert_eq!(lines, 6, "{error}");
    let back = folder.path().join("tra");
    let (linted, copies) = forms_lint(Some(folder.path()), Some(&back)).unwrap();
    let errors = linted
        .problems
        .iter()
        .filter(|one| one.severity == Severity::Error);
    assert_eq!(errors.count(), 6);
    assert_eq!(copies, [back.join("campaign.xlsx")]);
    assert!(fs::read(&copies[0]).unwrap().starts_with(b"PK"));
}
