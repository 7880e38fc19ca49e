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
