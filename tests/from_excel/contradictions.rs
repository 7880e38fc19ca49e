//! What a form says twice or against its own headers is asked about; columns of figures are known
//! by what is computed from them, tables by their rows.

use crate::kinds::{BODY, Line, compiled, said, sheet};

/// The rules and the reasons of what is asked, of a table with a row of headers, one of column numbers
/// and two rows.
fn of(headers: [&str; 3], numbers: [&str; 3], notes: &[&str]) -> (Vec<String>, Vec<String>) {
    let header = ["STT", "Đơn vị", headers[0], headers[1], headers[2]];
    let numbers = ["A", "B", numbers[0], numbers[1], numbers[2]];
    let table: [Line<'_>; 4] = [&header, &numbers, BODY[0], BODY[1]];
    said(&table, notes)
}

#[test]
fn an_equation_that_its_header_or_another_contradicts_is_asked_about() {
    let whole = ["Tổng số", "Đã xử lý", "Còn lại"];
    let sexes = ["Tổng số", "Nam", "Nữ"];
    for (headers, numbers, note) in [
        (whole, ["1", "2", "3=1-2"], "Cột 3 = cột 2 - cột 1"),
        (sexes, ["1=2-3", "2", "3"], ""),
        (
            ["Kế hoạch", "Thực hiện", "Chênh lệch"],
            ["1", "2", "3=2/1"],
            "",
        ),
        (
            ["Số lượng", "Đơn giá", "Thành tiền"],
            ["1", "2", "3=1+2"],
            "",
        ),
        (
            ["Năm trước", "Năm nay", "Tốc độ tăng (%)"],
            ["1", "2", "3=2/1-1"],
            "",
        ),
    ] {
        let (rules, asked) = of(headers, numbers, &[note]);
        assert_eq!(rules, Vec::<String>::new(), "{numbers:?} {note}");
        assert!(!asked.is_empty(), "{numbers:?} {note}");
    }
    let (rules, asked) = of(
        ["Tổng số", "Trong đó: Nữ", "Tỷ lệ nữ (%)"],
        ["1", "2", "3=1/2"],
        &[],
    );
    assert_eq!((rules.len(), asked.len()), (1, 1), "{rules:?} {asked:?}");
    // Said twice alike, it is one rule.
    let (rules, asked) = of(whole, ["1", "2", "3=1-2"], &["Cột 1 = cột 2 + cột 3"]);
    assert_eq!((rules.len(), asked.len()), (1, 0), "{rules:?} {asked:?}");
}

#[test]
fn columns_that_are_computed_with_hold_figures_whatever_they_are_called() {
    for headers in [
        ["Tổng số", "Nguồn ngân sách", "Nguồn khác"],
        ["Tổng số", "Cơ quan nhà nước", "Nơi khác"],
        ["Số thẻ BHYT", "Số thẻ đã cấp", "Số giấy chứng nhận"],
    ] {
        let (rules, asked) = of(headers, ["1=2+3", "2", "3"], &[]);
        assert_eq!(
            (rules.len(), asked.len()),
            (1, 0),
            "{headers:?} {rules:?} {asked:?}"
        );
    }
}

#[test]
fn what_is_counted_is_no_column_and_every_one_of_a_list_is_bounded() {
    let headers = ["Hồ sơ tiếp nhận", "Đã giải quyết", "Đang giải quyết"];
    for note in [
        "Cột 3 lấy 1 chữ số thập phân.",
        "Cột 2: lấy từ 1/1 đến 31/3.",
        "Cột 1 không lớn hơn 5 chữ số",
        "Cột 1 = cột 3 của biểu 05",
    ] {
        let (rules, _) = of(headers, ["1", "2", "3"], &[note]);
        assert_eq!(rules, Vec::<String>::new(), "{note}");
    }
    let (rules, _) = of(
        headers,
        ["1", "2", "3"],
        &["Cột 2 và cột 3 không lớn hơn cột 1"],
    );
    assert_eq!(
        rules,
        [
            "da_giai_quyet <= ho_so_tiep_nhan",
            "dang_giai_quyet <= ho_so_tiep_nhan"
        ]
    );
}

#[test]
fn each_total_above_its_rows_adds_up_to_the_next() {
    let table: [Line<'_>; 7] = [
        &["STT", "Chỉ tiêu", "Số người"],
        &["", "Tổng số", ""],
        &["", "Nam", ""],
        &["", "Nữ", ""],
        &["", "Tổng số", ""],
        &["", "Thành thị", ""],
        &["", "Nông thôn", ""],
    ];
    let (rules, _) = said(&table, &[]);
    let right: Vec<&str> = rules
        .iter()
        .filter_map(|rule| rule.split_once(" = ").map(|(_, right)| right))
        .collect();
    assert_eq!(
        right,
        ["SUM(nam, nu)", "SUM(thanh_thi, nong_thon)"],
        "{rules:?}"
    );
}

#[test]
fn a_total_is_known_by_the_whole_it_names() {
    for total in [
        "Tổng cộng toàn xã",
        "Cộng chung",
        "Tổng số trên địa bàn xã",
        "Cả trường",
    ] {
        let table: [Line<'_>; 4] = [
            &["STT", "Đơn vị", "Số hộ"],
            BODY[0],
            BODY[1],
            &["", total, ""],
        ];
        let (rules, _) = said(&table, &[]);
        assert_eq!(rules.len(), 1, "{total}: {rules:?}");
    }
}

#[test]
fn a_row_without_lines_ends_no_table() {
    use rust_xlsxwriter::{Format, FormatBorder, Workbook};
    let mut book = Workbook::new();
    let ruled = Format::new().set_border(FormatBorder::Thin);
    let sheet = book.add_worksheet();
    for (column, text) in (0_u16..).zip(["STT", "Đơn vị", "Số hộ"]) {
        sheet.write_with_format(2, column, text, &ruled).unwrap();
    }
    for (row, name) in (3_u32..).zip(["Xã A", "Xã B", "Xã C", "Xã D", "Tổng cộng"]) {
        if row == 5 {
            sheet.write(row, 1, name).unwrap();
            continue;
        }
        sheet.write_blank(row, 0, &ruled).unwrap();
        sheet.write_with_format(row, 1, name, &ruled).unwrap();
        sheet.write_blank(row, 2, &ruled).unwrap();
    }
    let compiled = compiled(&book.save_to_buffer().unwrap());
    let toml = &compiled.forms[0].toml;
    assert_eq!(toml.matches("[[row]]").count(), 5, "{toml}");
}

#[test]
fn differences_may_be_below_zero() {
    let table: [Line<'_>; 3] = [
        &["STT", "Đơn vị", "Số hộ", "Tăng (+), giảm (-)", "Chênh lệch"],
        BODY[0],
        BODY[1],
    ];
    let compiled = compiled(&sheet("BÁO CÁO", &table, &[]));
    let toml = &compiled.forms[0].toml;
    assert_eq!(toml.matches("negative = true").count(), 2, "{toml}");
}
