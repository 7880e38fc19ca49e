//! Layouts of blank forms: where numbers go on, lists to choose from stand, totals are divided.

use std::fs;
use std::path::Path;

use rust_xlsxwriter::{DataValidation, Format, FormatBorder, Formula, Workbook};

use crate::kinds::{BODY, HEAD, Line, NUMBERS, compiled, said, sheet};

#[test]
fn column_numbers_that_go_on_from_another_table_are_numbers() {
    for numbers in [
        ["A", "B", "4=5+6", "5", "6"],
        ["A", "B", "11=12+13", "12", "13"],
        ["(6)", "(7)", "(8)=(9)+(10)", "(9)", "(10)"],
    ] {
        let table: [Line<'_>; 4] = [
            &["STT", "Đơn vị", "Phải xử lý", "Đã xử lý", "Chưa xử lý"],
            &numbers,
            BODY[0],
            BODY[1],
        ];
        let (rules, asked) = said(&table, &[]);
        assert_eq!(
            rules,
            ["phai_xu_ly = SUM(da_xu_ly, chua_xu_ly)"],
            "{numbers:?}"
        );
        assert!(asked.is_empty(), "{asked:?}");
    }
}

fn assert_choices(bytes: &[u8], list: &str) {
    let compiled = compiled(bytes);
    assert_eq!(compiled.forms.len(), 1, "{list}");
    let toml = &compiled.forms[0].toml;
    assert!(toml.contains("[\"Tốt\", \"Khá\"]"), "{list}: {toml}");
}

#[test]
fn columns_are_of_choices_wherever_their_list_stands() {
    let elsewhere = ["='Danh mục'!$A$1:$A$2", "XepLoai"];
    let elsewhere = elsewhere.map(|list| [(list, false), (list, true)]);
    let own = [("$K$1:$K$2", false)];
    for (list, hidden) in own.into_iter().chain(elsewhere.into_iter().flatten()) {
        let mut book = Workbook::new();
        let ruled = Format::new().set_border(FormatBorder::Thin);
        let form = book.add_worksheet();
        form.set_name("Biểu").unwrap();
        let header = ["STT", "Đơn vị", "Xếp loại", "Số điểm"];
        for (column, text) in (0_u16..).zip(header) {
            form.write_with_format(2, column, text, &ruled).unwrap();
        }
        for (row, text) in (3_u32..).zip(["Xã A", "Xã B", "Xã C"]) {
            form.write_with_format(row, 0, row - 2, &ruled).unwrap();
            form.write_with_format(row, 1, text, &ruled).unwrap();
            form.write_blank(row, 2, &ruled).unwrap();
            form.write_blank(row, 3, &ruled).unwrap();
        }
        form.write(0, 10, "Tốt").unwrap();
        form.write(1, 10, "Khá").unwrap();
        let chosen = DataValidation::new().allow_list_formula(Formula::new(list));
        form.add_data_validation(3, 2, 5, 2, &chosen).unwrap();
        if list == "$K$1:$K$2" {
            assert_choices(&book.save_to_buffer().unwrap(), list);
            continue;
        }
        let lists = book.add_worksheet();
        lists.set_name("Danh mục").unwrap().set_hidden(hidden);
        lists.write(0, 0, "Tốt").unwrap();
        lists.write(1, 0, "Khá").unwrap();
        lists.write(0, 1, "Mã số").unwrap();
        lists.write(0, 2, "Tên nhóm").unwrap();
        lists.write(1, 1, "Nhóm một").unwrap();
        lists.write(1, 2, "Nhóm hai").unwrap();
        book.define_name("XepLoai", "='Danh mục'!$A$1:$A$2")
            .unwrap();
        assert_choices(&book.save_to_buffer().unwrap(), list);
    }
}

#[test]
fn a_total_that_is_divided_and_a_difference_is_both() {
    let table: [Line<'_>; 5] = [
        &[
            "STT",
            "Đơn vị",
            "Tổng số thụ lý",
            "Ủy thác",
            "Tổng số phải thi hành",
            "Chia ra",
            "",
        ],
        &["", "", "", "", "", "Có điều kiện", "Chưa có điều kiện"],
        &["A", "B", "1", "2", "3=1-2", "4", "5"],
        BODY[0],
        BODY[1],
    ];
    let (rules, asked) = said(&table, &[]);
    assert_eq!(
        rules,
        [
            "tong_so_phai_thi_hanh = SUM(co_dieu_kien, chua_co_dieu_kien)",
            "tong_so_phai_thi_hanh = tong_so_thu_ly - uy_thac"
        ]
    );
    assert!(asked.is_empty(), "{asked:?}");
    // A sum of other columns is a contradiction still.
    let table: [Line<'_>; 4] = [
        table[0],
        table[1],
        &["A", "B", "1", "2", "3=2+4", "4", "5"],
        BODY[0],
    ];
    assert_eq!(said(&table, &[]), (vec![], vec!["E5".to_owned()]));
}

/// A ruled table from row 3 on, with headers over ranges (first and last row and column) and rows
/// called so in the second column.
fn headed(columns: u16, headers: &[(u32, u16, u32, u16, &str)], rows: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    let ruled = Format::new().set_border(FormatBorder::Thin);
    let page = book.add_worksheet();
    page.write(0, 0, "KẾT QUẢ XỬ LÝ").unwrap();
    let mut below = 2;
    for (top, left, bottom, right, text) in headers.iter().copied() {
        below = below.max(bottom + 1);
        match (top, left) == (bottom, right) {
            true => page.write_with_format(top, left, text, &ruled),
            false => page.merge_range(top, left, bottom, right, text, &ruled),
        }
        .unwrap();
    }
    for (row, text) in (below..).zip(rows) {
        for column in 0..columns {
            page.write_blank(row, column, &ruled).unwrap();
        }
        page.write_with_format(row, 0, row - below + 1, &ruled)
            .unwrap();
        page.write_with_format(row, 1, *text, &ruled).unwrap();
    }
    book.save_to_buffer().unwrap()
}

fn rules(bytes: &[u8]) -> Vec<String> {
    let compiled = compiled(bytes);
    assert!(compiled.asked.is_empty(), "{:?}", compiled.asked);
    let rules = compiled.forms[0].rules.iter();
    rules.map(|rule| rule.text.clone()).collect()
}

#[test]
fn a_total_of_several_measures_is_the_sum_of_those_of_its_name() {
    let headers = [
        (2, 0, 4, 0, "STT"),
        (2, 1, 4, 1, "Lĩnh vực"),
        (2, 2, 2, 3, "Tổng số"),
        (3, 2, 4, 2, "Số vụ"),
        (3, 3, 4, 3, "Số tiền"),
        (2, 4, 2, 7, "Chia ra"),
        (3, 4, 3, 5, "Hành chính"),
        (3, 6, 3, 7, "Hình sự"),
        (4, 4, 4, 4, "Số vụ"),
        (4, 5, 4, 5, "Số tiền"),
        (4, 6, 4, 6, "Số vụ"),
        (4, 7, 4, 7, "Số tiền"),
    ];
    assert_eq!(
        rules(&headed(8, &headers, &["Đất đai", "Môi trường"])),
        [
            "tong_so_so_vu = SUM(hanh_chinh_so_vu, hinh_su_so_vu)",
            "tong_so_so_tien = SUM(hanh_chinh_so_tien, hinh_su_so_tien)"
        ]
    );
}

#[test]
fn the_equation_of_a_group_is_that_of_its_total() {
    let headers = [
        (2, 0, 3, 0, "STT"),
        (2, 1, 3, 1, "Phòng, ban"),
        (2, 2, 3, 2, "Văn bản (1)"),
        (2, 3, 2, 5, "Hồ sơ (2)=(3)+(4)"),
        (3, 3, 3, 3, "Tổng số"),
        (3, 4, 3, 4, "Giấy (3)"),
        (3, 5, 3, 5, "Điện tử (4)"),
        (2, 6, 3, 6, "Tỷ lệ (5)=(4)/(2)*100"),
    ];
    assert_eq!(
        rules(&headed(7, &headers, &["Văn phòng", "Phòng Nội vụ"])),
        [
            "ho_so_tong_so = SUM(giay, dien_tu)",
            "ty_le = dien_tu / ho_so_tong_so * 100"
        ]
    );
}

#[test]
fn a_cumulative_column_goes_on_from_the_column_of_the_same_thing() {
    let header = |cumulative| {
        let table: [Line<'_>; 3] = [
            &[
                "STT",
                "Lĩnh vực",
                "Số kiểm tra trong kỳ",
                cumulative,
                "Số vi phạm trong kỳ",
            ],
            BODY[0],
            BODY[1],
        ];
        said(&table, &[])
    };
    assert_eq!(
        header("Số kiểm tra lũy kế từ đầu năm"),
        (
            vec![
                "so_kiem_tra_luy_ke_tu_dau_nam = PREV(so_kiem_tra_luy_ke_tu_dau_nam) + so_kiem_tra_trong_ky"
                    .to_owned()
            ],
            vec![]
        )
    );
    assert_eq!(header("Lũy kế từ đầu năm"), (vec![], vec!["D3".to_owned()]));
}

#[test]
fn what_is_there_at_the_end_of_a_period_is_not_added_up_over_periods() {
    let table: [Line<'_>; 5] = [
        &[
            "STT",
            "Chỉ tiêu",
            "Thực hiện trong tháng",
            "Lũy kế từ đầu năm",
        ],
        &["1", "Dân số đầu kỳ"],
        &["2", "Số sinh"],
        &["3", "Số chết"],
        &["4", "Dân số cuối kỳ"],
    ];
    let (rules, _) = said(&table, &[]);
    assert_eq!(
        rules,
        ["luy_ke_tu_dau_nam = PREV(luy_ke_tu_dau_nam) + thuc_hien_trong_thang [so_sinh so_chet]"]
    );
}

#[test]
fn where_a_numbering_reads_itself_all_of_it_is_asked() {
    let table: [Line<'_>; 4] = [
        &[
            "STT",
            "Đơn vị",
            "Mới thêm",
            "Tổng số",
            "Nam",
            "Nữ",
            "Tỷ lệ nữ (%)",
        ],
        &["A", "B", "1", "2=1+2", "3", "4", "5=3/1"],
        BODY[0],
        BODY[1],
    ];
    let (rules, mut asked) = said(&table, &[]);
    asked.sort();
    assert_eq!(
        (rules, asked),
        (vec![], vec!["D4".to_owned(), "G4".to_owned()])
    );
    // What a sentence says, too, is sure.
    let (rules, _) = said(&table, &["Cột 5 = cột 3/cột 1"]);
    assert_eq!(rules, ["ty_le_nu = nam / moi_them * 100"]);
}

#[test]
fn titles_and_codes_are_found_whatever_words_they_begin_with() {
    for title in [
        "KẾT QUẢ ĐĂNG KÝ HỘ TỊCH TẠI ỦY BAN NHÂN DÂN CẤP XÃ",
        "SỞ HỮU NHÀ Ở",
        "BAN HÀNH VĂN BẢN QUY PHẠM PHÁP LUẬT",
        "KẾT QUẢ 6 THÁNG ĐẦU NĂM",
    ] {
        let toml = &compiled(&sheet(title, &[HEAD, NUMBERS, BODY[0]], &[])).forms[0].toml;
        assert!(
            toml.contains(&format!("title = \"{title}\"")),
            "{title}: {toml}"
        );
    }
    // Who reports is a title only where nothing else is.
    for (printed, title) in [
        (
            "UBND XÃ AN BÌNH\nKẾT QUẢ THU GOM RÁC",
            "KẾT QUẢ THU GOM RÁC",
        ),
        ("UBND XÃ AN BÌNH", "UBND XÃ AN BÌNH"),
    ] {
        let toml = &compiled(&sheet(printed, &[HEAD, NUMBERS, BODY[0]], &[])).forms[0].toml;
        assert!(
            toml.contains(&format!("title = \"{title}\"")),
            "{printed}: {toml}"
        );
    }
    for (printed, code) in [
        ("Mẫu TL-02", "TL-02"),
        ("Phụ lục 3", "3"),
        ("Phụ lục số 03", "03"),
        ("Phụ lục II", "II"),
        ("Mẫu 01", "01"),
    ] {
        let toml = &compiled(&sheet(printed, &[HEAD, NUMBERS, BODY[0]], &[])).forms[0].toml;
        assert!(
            toml.contains(&format!("code = \"{code}\"")),
            "{printed}: {toml}"
        );
    }
    let headed: [Line<'_>; 3] = [
        &[
            "STT",
            "Cơ quan",
            "Số văn bản ban hành",
            "Số văn bản đúng hạn",
        ],
        BODY[0],
        BODY[1],
    ];
    let columns = compiled(&sheet("BIỂU", &headed, &[])).forms[0]
        .columns
        .len();
    assert_eq!(columns, 4);
}

#[test]
fn labels_under_a_blank_corner_are_labels_without_lines_around_them() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.write(0, 0, "KẾT QUẢ ĐĂNG KÝ").unwrap();
    let rows: [&[&str]; 4] = [
        &["", "Tổng số", "Nam", "Nữ"],
        &["A", "1=2+3", "2", "3"],
        &["Khám bệnh"],
        &["Tiêm chủng"],
    ];
    for (row, line) in (2_u32..).zip(rows) {
        for (column, text) in (0_u16..).zip(line) {
            if !text.is_empty() {
                page.write(row, column, *text).unwrap();
            }
        }
    }
    let compiled = compiled(&book.save_to_buffer().unwrap());
    let rules = compiled.forms[0].rules.iter();
    let rules: Vec<&str> = rules.map(|rule| rule.text.as_str()).collect();
    assert_eq!(rules, ["tong_so = SUM(nam, nu)"]);
}

#[test]
fn formulas_that_a_file_does_not_tell_are_asked_about_once() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats/mau-xml.xls");
    let compiled = compiled(&fs::read(path).unwrap());
    let asked: Vec<String> = compiled
        .asked
        .iter()
        .map(|(words, _)| words.cell.to_string())
        .collect();
    assert_eq!(asked, ["C9"]);
    assert!(compiled.not_understood.is_empty());
}
