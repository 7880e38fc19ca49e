//! Tables that lack a part: lists without a header, a table of one row without a label, a narrow one
//! of which the row of numbers is «A B 1».

use tonghop::schema::{FieldType, Form};

use crate::filled::told;
use crate::kinds::{Line, compiled, said, sheet};

const LIST: [Line<'_>; 4] = [
    &["1", "Họ và tên chủ hộ", ""],
    &["2", "Số nhân khẩu", ""],
    &["3", "Trong đó: nữ", ""],
    &["4", "Thu nhập (đồng)", ""],
];

#[test]
fn the_first_row_of_a_list_without_a_header_is_no_header() {
    let compiled = compiled(&sheet("PHIẾU THU THẬP", &LIST, &[]));
    assert!(compiled.forms.is_empty(), "{:?}", compiled.forms);
    let asked: Vec<String> = compiled
        .asked
        .iter()
        .map(|(words, _)| words.cell.to_string())
        .collect();
    assert_eq!(asked, ["A3"]);
    // With a header it is a form.
    let head: Line<'_> = &["TT", "Nội dung", "Số liệu"];
    let (rules, asked) = said(&[head, LIST[1], LIST[2], LIST[3]], &[]);
    assert_eq!(rules, ["trong_do_nu <= so_nhan_khau"]);
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn the_first_figure_of_a_row_without_a_label_is_a_figure() {
    let table: [Line<'_>; 3] = [
        &["Tổng số ngày nghỉ", "Tổng chi phí", "Y tế", "Trả lương"],
        &["1", "2=3+4", "3", "4"],
        &["", "", "", ""],
    ];
    let compiled = compiled(&sheet("TAI NẠN", &table, &[]));
    let form = Form::parse("b", &compiled.forms[0].toml).unwrap();
    let first = &form.file.columns[0];
    assert!(
        first.key && first.kind == Some(FieldType::Count),
        "{first:?}"
    );
    let told = told(
        &filled(&table, &["", "", "", ""]),
        &[
            filled(&table, &["12", "300", "100", "200"]),
            filled(&table, &["mười hai", "300", "100", "200"]),
        ],
    );
    assert_eq!(told[0], Vec::<String>::new());
    assert_eq!(told[1], ["sai-kieu-du-lieu A6"]);
}

#[test]
fn a_narrow_table_keeps_its_row_of_numbers_out_of_its_rows() {
    for numbers in [&["A", "B", "1"] as Line<'_>, &["(A)", "(B)", "(1)"]] {
        let table: [Line<'_>; 4] = [
            &["TT", "Chỉ tiêu", "Số lượng"],
            numbers,
            &["1", "Tổng số hộ"],
            &["", "Trong đó: Hộ nghèo"],
        ];
        let compiled = compiled(&sheet("BIỂU HẸP", &table, &[]));
        assert_eq!(
            compiled.forms[0].rows.len(),
            2,
            "{:?}",
            compiled.forms[0].rows
        );
        let (rules, asked) = said(&table, &[]);
        assert_eq!(rules, ["trong_do_ho_ngheo <= tong_so_ho"]);
        assert!(asked.is_empty(), "{asked:?}");
    }
}

/// A table of which the last row is filled in, under the lines that templates have.
fn filled(table: &[Line<'_>], cells: Line<'_>) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    let ruled = rust_xlsxwriter::Format::new().set_border(rust_xlsxwriter::FormatBorder::Thin);
    let lines = ["TAI NẠN", "Đơn vị báo cáo: Xã An Bình", "Tháng 9 năm 2025"];
    for (row, text) in (0..).zip(lines) {
        page.write(row, 0, text).unwrap();
    }
    let (_, heads) = table.split_last().unwrap();
    for (row, line) in (3..).zip(heads.iter().copied().chain([cells])) {
        for (column, text) in (0..).zip(line) {
            match (row, text.parse::<f64>()) {
                (5, Ok(figure)) => page.write_with_format(row, column, figure, &ruled),
                _ if text.is_empty() => page.write_blank(row, column, &ruled),
                _ => page.write_with_format(row, column, *text, &ruled),
            }
            .unwrap();
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn prices_under_one_header_are_not_added_up_over_units() {
    let table: [Line<'_>; 3] = [
        &["STT", "Mặt hàng", "Giá bán lẻ (đồng)", "Số lượng bán"],
        &["1", "Gạo tẻ"],
        &["2", "Gạo nếp"],
    ];
    let form = compiled(&sheet("GIÁ CẢ", &table, &[])).forms.remove(0);
    assert_eq!(form.toml.matches("aggregate = \"none\"").count(), 1);
    let mut book = rust_xlsxwriter::Workbook::new();
    let page = book.add_worksheet();
    let ruled = rust_xlsxwriter::Format::new().set_border(rust_xlsxwriter::FormatBorder::Thin);
    page.write(0, 0, "GIÁ CẢ").unwrap();
    for (column, text) in [(0, "STT"), (1, "Mặt hàng")] {
        page.merge_range(2, column, 3, column, text, &ruled)
            .unwrap();
    }
    page.merge_range(2, 2, 2, 3, "Giá bán lẻ", &ruled).unwrap();
    page.write_with_format(3, 2, "Chợ", &ruled).unwrap();
    page.write_with_format(3, 3, "Siêu thị", &ruled).unwrap();
    for (row, text) in [(4, "Gạo tẻ"), (5, "Gạo nếp")] {
        page.write_with_format(row, 0, row - 3, &ruled).unwrap();
        page.write_with_format(row, 1, text, &ruled).unwrap();
        page.write_blank(row, 2, &ruled).unwrap();
        page.write_blank(row, 3, &ruled).unwrap();
    }
    let form = compiled(&book.save_to_buffer().unwrap()).forms.remove(0);
    assert_eq!(form.toml.matches("aggregate = \"none\"").count(), 2);
}

#[test]
fn a_total_row_that_averages_a_column_adds_up_nothing_there() {
    for header in ["Điểm", "Số điểm", "Năng suất"] {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        let ruled = rust_xlsxwriter::Format::new().set_border(rust_xlsxwriter::FormatBorder::Thin);
        page.write(0, 0, "KẾT QUẢ CHẤM ĐIỂM").unwrap();
        for (column, text) in (0..).zip(["STT", "Họ và tên", header, "Số tiền"]) {
            page.write_with_format(2, column, text, &ruled).unwrap();
            for row in 3..9 {
                page.write_blank(row, column, &ruled).unwrap();
            }
        }
        page.write_with_format(8, 1, "Tổng cộng", &ruled).unwrap();
        page.write_formula_with_format(8, 2, "=AVERAGE(C4:C8)", &ruled)
            .unwrap();
        page.write_formula_with_format(8, 3, "=SUM(D4:D8)", &ruled)
            .unwrap();
        let form = compiled(&book.save_to_buffer().unwrap()).forms.remove(0);
        let rules: Vec<&str> = form.rules.iter().map(|rule| rule.text.as_str()).collect();
        assert_eq!(rules, ["so_tien = SUM(so_tien)"], "{header}");
    }
}

/// Two tables of one form under one code, on one sheet: units are sent both, and what they fill in is
/// read as both.
#[test]
fn two_tables_under_one_code_are_two_forms_of_one_file() {
    let blank = |figures: [&str; 4]| {
        let mut book = rust_xlsxwriter::Workbook::new();
        let page = book.add_worksheet();
        let ruled = rust_xlsxwriter::Format::new().set_border(rust_xlsxwriter::FormatBorder::Thin);
        let lines = [
            "Biểu số 5/LĐ",
            "LAO ĐỘNG TIỀN LƯƠNG",
            "Đơn vị báo cáo: Xã An Bình",
            "Tháng 9 năm 2025",
        ];
        for (row, text) in (0..).zip(lines) {
            page.write(row, 0, text).unwrap();
        }
        page.write(8, 0, "Bảng 2. Tiền lương").unwrap();
        let tables = [
            (5, "Số người", ["Biên chế", "Hợp đồng"]),
            (9, "Số tiền", ["Lương", "Phụ cấp"]),
        ];
        let mut figures = figures.into_iter();
        for (top, header, rows) in tables {
            for (column, text) in (0..).zip(["STT", "Chỉ tiêu", header]) {
                page.write_with_format(top, column, text, &ruled).unwrap();
            }
            for (row, text) in (top + 1..).zip(rows) {
                page.write_with_format(row, 0, row - top, &ruled).unwrap();
                page.write_with_format(row, 1, text, &ruled).unwrap();
                match figures.next().unwrap().parse::<f64>() {
                    Ok(figure) => page.write_with_format(row, 2, figure, &ruled),
                    Err(_) => page.write_blank(row, 2, &ruled),
                }
                .unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    };
    let forms = compiled(&blank([""; 4])).forms;
    let ids: Vec<&str> = forms.iter().map(|form| form.id.as_str()).collect();
    assert_eq!(ids, ["bieu_5_ld", "bieu_5_ld_2"]);
    assert!(forms[1].toml.contains("title = \"Bảng 2. Tiền lương\""));
    let told = told(&blank([""; 4]), &[blank(["3", "4", "500", "60"])]);
    assert_eq!(told[0], Vec::<String>::new());
}
