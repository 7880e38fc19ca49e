//! Mistakes in campaign workbooks, each told at its cell with the nearest right name.

use std::fs;

use tonghop::campaign::FormProblem;
use tonghop::commands::forms_lint;
use tonghop::model::Severity;

use crate::book::{Book, Put};
use crate::campaign_book::{loaded, right};
use crate::notes::notes;
use crate::peers::{Peer, python};

/// What is wrong, where it is told, and words of what is told.
type Kind = (Book, &'static str, &'static str, &'static str);

/// Mistakes in what the first drafts of campaigns hold.
fn kinds() -> Vec<Kind> {
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
            right().renamed("Biểu", "Tờ khai"),
            "Đợt",
            "A1",
            "thiếu trang «Biểu»",
        ),
        (
            right().renamed("Phụ lục", "Bảng in"),
            "Bảng in",
            "A1",
            "đổi tên trang thành «Phụ lục»",
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

/// A right campaign with a column more on a sheet: its heading and the value of its first line.
fn with(sheet: &str, column: char, heading: &'static str, value: &'static str) -> Book {
    let at = |row: u32| format!("{column}{row}");
    right()
        .put(sheet, &at(1), heading)
        .put(sheet, &at(2), value)
}

const D: &str = "Đợt";
const U: &str = "Đơn vị";
const B: &str = "Biểu";
const S: &str = "Số liệu báo cáo";
const P: &str = "Phụ lục";
const K: &str = "Số kiểm soát";

/// Mistakes in what is said once, and in formulas.
fn once() -> Vec<Kind> {
    let formula = |sheet, cell, formula| right().set(sheet, cell, Put::Formula(formula));
    vec![
        (
            formula(D, "B4", "=B99"),
            D,
            "B4",
            "công thức =B99 đang báo lỗi #NAME?",
        ),
        (formula(D, "A4", "=B99"), D, "A4", "công thức =B99"),
        (formula(D, "B8", "=B99"), D, "B8", "công thức =B99"),
        (formula(D, "B9", "=B99"), D, "B9", "công thức =B99"),
        (formula(U, "C3", "=B99"), U, "C3", "công thức =B99"),
        (formula(K, "C2", "=B99"), K, "C2", "công thức =B99"),
        (
            formula(S, "C2", "=van_ban!gui.trong_ky"),
            S,
            "C2",
            "đọc chữ «van_ban!gui.trong_ky» làm biểu thức, không lấy giá trị (chưa biết)",
        ),
        (
            right().put(D, "A9", "Màu nền"),
            D,
            "A9",
            "đợt không có mục «Màu nền»",
        ),
        (right().put(D, "A7", ""), D, "A7", "chưa ghi mục"),
        (
            right().put(D, "A5", "").put(D, "B5", ""),
            D,
            "A1",
            "thiếu dòng «Cơ quan»",
        ),
        (right().put(D, "B8", ""), D, "B8", "chưa ghi mã loại đơn vị"),
        (
            right().put(D, "B9", "charts = []"),
            D,
            "B9",
            "có phải `chart`?",
        ),
        (right().put(D, "B5", "có"), D, "B5", "«Cơ quan» phải là chữ"),
        (right().gap(D, 5), D, "A5", "dòng trống ở giữa"),
        (
            right().put(D, "F3", "thêm"),
            D,
            "F3",
            "cột F không có tiêu đề",
        ),
        (hidden(), D, "A6", "bị ẩn mà vẫn được đọc"),
        (struck(), D, "B5", "gạch ngang mà vẫn được đọc"),
    ]
}

fn hidden() -> Book {
    let mut book = right();
    book.hidden_rows.push((D.to_owned(), 5));
    book
}

fn struck() -> Book {
    let mut book = right();
    book.struck.push((D.to_owned(), "B5".parse().unwrap()));
    book
}

/// Mistakes in the list of units and in that of forms.
fn units_and_forms() -> Vec<Kind> {
    vec![
        (
            with(U, 'D', "Tổng hợp bởi", "Sở Nội vụ"),
            U,
            "D2",
            "không có đơn vị «Sở Nội vụ» trong danh sách. Ghi mã hoặc tên",
        ),
        (
            with(U, 'D', "Đơn vị cũ", "Z9"),
            U,
            "D2",
            "không có đơn vị mã «Z9» trong danh sách. Đơn vị cũ",
        ),
        (
            with(U, 'D', "Từ ngày", "31/6/2025"),
            U,
            "D2",
            "không phải là ngày",
        ),
        (with(U, 'D', "Mã đơn vị", "X"), U, "D1", "lặp lại"),
        (
            right().put(U, "B3", "Xã An Bình"),
            U,
            "B3",
            "trùng với đơn vị",
        ),
        (right().put(U, "C3", ""), U, "C3", "để trống"),
        (
            with(B, 'C', "Mã đơn vị", "AB"),
            B,
            "C2",
            "không có đơn vị mã `AB`",
        ),
        (
            with(B, 'C', "Tệp", "khong-co.xlsx"),
            B,
            "C2",
            "không có tệp",
        ),
        (
            with(B, 'C', "Khác", "toleranc = 1"),
            B,
            "C2",
            "không có khóa `toleranc`",
        ),
        (
            right().put(B, "A2", "").put(B, "B2", ""),
            B,
            "A1",
            "chưa có biểu nào",
        ),
    ]
}

/// Mistakes in figures, appendices and control totals.
fn lists() -> Vec<Kind> {
    let second = |sheet: &str, line: &[&'static str]| {
        let cells = ('A'..).zip(line);
        cells.fold(right(), |book, (column, text)| {
            book.put(sheet, &format!("{column}3"), text)
        })
    };
    vec![
        (
            with(S, 'E', "Số lẻ", "hai"),
            S,
            "E2",
            "phải là số nguyên không âm",
        ),
        (
            with(S, 'E', "Làm tròn", "nửa lênn"),
            S,
            "E2",
            "có phải «nửa lên»?",
        ),
        (
            second(S, &["A01", "Văn bản", "van_ban!gui.trong_ky"]),
            S,
            "A3",
            "khai hai lần",
        ),
        (
            right().put(P, "F2", "có"),
            P,
            "F2",
            "«Dòng tổng» phải là chữ, không phải có hay không",
        ),
        (
            with(P, 'G', "Xếp theo", "-gui.trong_k"),
            P,
            "G2",
            "có phải `gui.trong_ky`",
        ),
        (
            with(P, 'G', "Điều kiện", "trong_kyy > 0"),
            P,
            "G2",
            "có phải `trong_ky`",
        ),
        (
            with(P, 'G', "Khổ giấy", "ngangg"),
            P,
            "G2",
            "«Khổ giấy» không thể là «ngangg»",
        ),
        (
            with(P, 'G', "Nhiều nhất (dòng)", "năm"),
            P,
            "G2",
            "phải là số nguyên không âm",
        ),
        (
            with(K, 'E', "Mức", "nặng"),
            K,
            "E2",
            "dùng được: «lỗi», «cảnh báo»",
        ),
        (
            second(K, &["gui-lech", "van_ban!gui.trong_ky", "120", "Trục"]),
            K,
            "A3",
            "khai hai lần",
        ),
        (with(K, 'E', "Màu", "đỏ"), K, "E1", "không có tiêu đề «Màu»"),
        (with(K, 'E', "Ô", "x"), K, "E1", "có hai lần"),
        (with(K, 'E', "Loại đơn vị", "xaa"), K, "E2", "có phải `xa`?"),
        (
            with(K, 'E', "Mã đơn vị", "AB"),
            K,
            "E2",
            "không có đơn vị mã `AB` trong danh sách đơn vị",
        ),
        (
            with(K, 'E', "Bằng", "van_ban!gui.trong_ky"),
            K,
            "C2",
            "đúng một trong «Giá trị»",
        ),
        (
            with(K, 'E', "Lệch cho phép", "ít"),
            K,
            "E2",
            "phải là một con số",
        ),
        (
            right().put(K, "B2", ""),
            K,
            "A2",
            "số kiểm soát phải có «Ô»",
        ),
        (
            right().set(K, "C2", Put::Number(120.5)),
            K,
            "C2",
            "«Giá trị» là 120.5, nhưng ô này có nhiều nhất 0 chữ số lẻ",
        ),
    ]
}

/// Is a mistake told at its cell?
fn is_at(problem: &FormProblem, sheet: &str, cell: &str, words: &str) -> bool {
    let place = problem.cell.as_ref();
    place.is_some_and(|place| &*place.sheet == sheet && place.cell.to_string() == cell)
        && problem.message.vi.contains(words)
}

#[test]
fn every_kind_of_mistake_in_a_campaign_workbook_is_told_at_its_cell() {
    let kinds: Vec<Kind> = [kinds(), once(), units_and_forms(), lists()]
        .into_iter()
        .flatten()
        .collect();
    assert!(kinds.len() >= 70, "{} kinds", kinds.len());
    let folder = tempfile::tempdir().unwrap();
    let (mut wrong, mut copies) = (Vec::new(), Vec::new());
    for (number, (book, sheet, cell, words)) in kinds.iter().enumerate() {
        let own = folder.path().join(number.to_string());
        fs::create_dir_all(&own).unwrap();
        fs::write(own.join("campaign.xlsx"), book.bytes()).unwrap();
        let (linted, copy) = forms_lint(Some(&own), Some(&own.join("tra"))).unwrap();
        copies.extend(copy);
        let problems = linted.problems.iter();
        let more = problems
            .filter(|one| one.severity == Severity::Error && !is_at(one, sheet, cell, words));
        let more: Vec<&FormProblem> = more.collect();
        let is_told = linted
            .problems
            .iter()
            .any(|one| is_at(one, sheet, cell, words));
        if !is_told || !more.is_empty() {
            let told = &linted.problems;
            wrong.push(format!(
                "«{sheet}», {cell}: {words} is not all of\n{told:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert_eq!(copies.len(), kinds.len());
    let noted = notes(folder.path(), &copies);
    for (notes, (_, sheet, cell, words)) in noted.into_iter().flatten().zip(&kinds) {
        let note = notes.get(&format!("{sheet}!{cell}"));
        assert!(
            note.is_some_and(|note| note.contains(words)),
            "«{sheet}», {cell}: {words} is not noted in the copy: {notes:?}"
        );
    }
    loaded(folder.path(), &right()).unwrap();
}

#[test]
fn all_mistakes_of_a_campaign_workbook_are_told_in_one_go() {
    let folder = tempfile::tempdir().unwrap();
    let wrong = [
        (D, "B4", "tháng 13"),
        (D, "B7", "31/9/2025"),
        (D, "B9", "charts = []"),
        (U, "B2", ""),
        (U, "C3", "xaa"),
        (U, "D3", "31/6/2025"),
        (B, "B2", "xaa"),
        (S, "C2", "van_ban!guii.trong_ky"),
        (S, "E2", "hai"),
        (P, "E2", "gui.trong_kyy"),
        (P, "F2", "có"),
        (P, "G2", "-khac"),
        (P, "H2", "trong_kyy > 0"),
        (K, "B2", "van_ban!gui.trong_kyy"),
        (K, "C2", "một trăm"),
        (K, "E2", "nặng"),
        (K, "F2", "xaa"),
    ];
    let headings = [
        (U, "D1", "Từ ngày"),
        (S, "E1", "Số lẻ"),
        (P, "G1", "Xếp theo"),
        (P, "H1", "Điều kiện"),
        (K, "E1", "Mức"),
        (K, "F1", "Loại đơn vị"),
    ];
    let all = headings.into_iter().chain(wrong);
    let book = all.fold(right(), |book, (sheet, cell, text)| {
        book.put(sheet, cell, text)
    });
    fs::write(folder.path().join("campaign.xlsx"), book.bytes()).unwrap();
    let (linted, _) = forms_lint(Some(folder.path()), None).unwrap();
    let errors = linted.problems.iter();
    let errors = errors.filter(|one| one.severity == Severity::Error);
    let mut told: Vec<String> = errors
        .map(|one| {
            let place = one.cell.as_ref().unwrap();
            format!("{}!{}", place.sheet, place.cell)
        })
        .collect();
    let mut wanted = wrong
        .map(|(sheet, cell, _)| format!("{sheet}!{cell}"))
        .to_vec();
    told.sort();
    wanted.sort();
    assert_eq!(told, wanted, "{:#?}", linted.problems);
}

#[test]
fn a_formula_that_no_program_has_calculated_is_told_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("campaign.xlsx");
    fs::write(&path, right().bytes()).unwrap();
    if !Peer::Openpyxl.found() {
        return;
    }
    let program = r#"
import sys
from openpyxl import load_workbook
book = load_workbook(sys.argv[1])
book["Đợt"]["B5"] = '="Sở "&"Nội vụ"'
book["Đơn vị"]["B3"] = '="Xã "&"Bình Minh"'
book.save(sys.argv[1])
"#;
    python(Peer::Openpyxl, program, &[&path]);
    let (linted, _) = forms_lint(Some(folder.path()), None).unwrap();
    for (sheet, cell) in [(D, "B5"), (U, "B3")] {
        let words = "mà tệp không lưu giá trị của nó";
        let mut problems = linted.problems.iter();
        assert!(
            problems.any(|one| is_at(one, sheet, cell, words)),
            "{:#?}",
            linted.problems
        );
    }
    assert_eq!(linted.problems.len(), 2, "{:#?}", linted.problems);
}

#[test]
fn a_campaign_in_a_workbook_of_another_name_is_seen() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.xlsx");
    fs::write(&path, right().put(D, "B7", "31/9/2025").bytes()).unwrap();
    let (linted, _) = forms_lint(Some(&path), None).unwrap();
    assert!(
        linted
            .problems
            .iter()
            .any(|one| is_at(one, D, "B7", "31/9/2025")),
        "{:#?}",
        linted.problems
    );
    for named in [folder.path(), &*path] {
        let error = tonghop::campaign::Campaign::load(named)
            .unwrap_err()
            .to_string();
        assert!(error.contains("đổi tên thành campaign.xlsx"), "{error}");
    }
    let right_name = folder.path().join("campaign.xlsx");
    fs::rename(&path, &right_name).unwrap();
    let error = tonghop::campaign::Campaign::load(&right_name).unwrap_err();
    assert!(
        error.to_string().contains("hãy ghi thư mục của đợt"),
        "{error}"
    );
    assert!(forms_lint(Some(&right_name), None).unwrap().0.has_errors());
}

#[test]
fn a_fraction_with_three_decimals_is_a_figure() {
    let folder = tempfile::tempdir().unwrap();
    let book = with(K, 'E', "Lệch cho phép", "0,125");
    let campaign = loaded(folder.path(), &book).unwrap();
    let control = campaign.controls.first().unwrap();
    assert_eq!(control.tolerance.to_string(), "0.125");
}

#[test]
fn the_next_period_has_a_deadline_of_its_own_wherever_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let old = folder.path().join("t9");
    fs::create_dir_all(&old).unwrap();
    let book = right()
        .put(D, "A7", "")
        .put(D, "B7", "")
        .put(D, "B9", "deadline = \"2025-10-10\"");
    loaded(&old, &book).unwrap();
    let made = tonghop::commands::next(&old, "2025-10".parse().unwrap(), None).unwrap();
    assert_eq!(
        made.campaign.file.deadline.unwrap().to_string(),
        "2025-11-10"
    );
}

#[test]
fn mistakes_of_a_campaign_and_of_its_forms_are_told_in_one_go() {
    let folder = tempfile::tempdir().unwrap();
    let schemas = folder.path().join("schemas");
    fs::create_dir_all(&schemas).unwrap();
    let form = Book::right().put("Quy tắc", "F2", "4 + 9");
    fs::write(schemas.join("thu_chi.xlsx"), form.bytes()).unwrap();
    let book = right()
        .put(B, "A3", "thu_chi")
        .put(D, "B7", "31/9/2025")
        .put(S, "C2", "van_ban!guii.trong_ky")
        .put(P, "E2", "gui.trong_kyy");
    fs::write(folder.path().join("campaign.xlsx"), book.bytes()).unwrap();
    let back = folder.path().join("tra");
    let (linted, copies) = forms_lint(Some(folder.path()), Some(&back)).unwrap();
    for (sheet, cell, words) in [
        (D, "B7", "31/9/2025"),
        (S, "C2", "có phải"),
        (P, "E2", "có phải"),
        ("Quy tắc", "F2", "biểu không có cột «9»"),
    ] {
        let mut problems = linted.problems.iter();
        assert!(
            problems.any(|one| is_at(one, sheet, cell, words)),
            "{sheet}!{cell}: {:#?}",
            linted.problems
        );
    }
    assert_eq!(copies.len(), 2);
}
