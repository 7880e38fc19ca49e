//! Words and merges of real forms: «Bao gồm», codes of letters, ratios in words, a table that shares
//! its sheet's columns with another.

use rust_xlsxwriter::{Format, FormatBorder, Workbook};
use tonghop::schema::{FieldType, Form};

use crate::kinds::{BODY, HEAD, Line, NUMBERS, compiled, said, sheet};

fn with_note(note: &str) -> (Vec<String>, Vec<String>) {
    said(&[HEAD, NUMBERS, BODY[0], BODY[1]], &[note])
}

#[test]
fn rows_and_columns_that_something_consists_of_add_up_to_it() {
    for word in ["Bao gồm:", "Gồm:", "Gồm có:", "Chia ra:"] {
        let table: [Line<'_>; 6] = [
            &["TT", "Chỉ tiêu", "Đơn vị tính", "Số liệu"],
            &["1", "Vận chuyển hàng hóa", "tấn"],
            &["", word],
            &["", "- Đường bộ", "tấn"],
            &["", "- Đường thủy", "tấn"],
            &["2", "Số tàu", "chiếc"],
        ];
        let sum = "van_chuyen_hang_hoa = SUM(duong_bo, duong_thuy)";
        assert_eq!(said(&table, &[]), (vec![sum.to_owned()], vec![]), "{word}");
    }
    // What is counted is no list.
    let table: [Line<'_>; 4] = [
        &["TT", "Chỉ tiêu", "Số liệu"],
        &["1", "Tổng chi phí"],
        &["2", "Bao gồm cả chi phí nhân công"],
        &["3", "Chi phí khác"],
    ];
    assert_eq!(said(&table, &[]).0, Vec::<String>::new());
}

#[test]
fn codes_of_letters_name_their_rows() {
    let table: [Line<'_>; 6] = [
        &["TT", "Loại đất", "Mã", "Diện tích (ha)"],
        &["1", "Nhóm đất nông nghiệp", "NNP"],
        &["1.1", "Đất sản xuất nông nghiệp", "SXN"],
        &["1.2", "Đất lâm nghiệp", "LNP"],
        &["2", "Nhóm đất phi nông nghiệp", "PNN"],
        &["2.1", "Đất ở", "OTC"],
    ];
    let (rules, asked) = said(&table, &["NNP = SXN + LNP; OTC không lớn hơn PNN"]);
    let sum = "nhom_dat_nong_nghiep = SUM(dat_san_xuat_nong_nghiep, dat_lam_nghiep)";
    let part = "dat_o <= nhom_dat_phi_nong_nghiep";
    assert_eq!(
        (rules, asked),
        (vec![sum.to_owned(), part.to_owned()], vec![])
    );
}

#[test]
fn ratios_said_in_words_are_read() {
    let ratio = vec!["ty_le = ho_ngheo / so_ho * 100".to_owned()];
    for note in [
        "Cột 5: tỷ lệ phần trăm giữa cột 2 và cột 1.",
        "Cột 5 là tỷ lệ % của cột 2 so với cột 1",
        "Cột 5 được tính bằng tỷ lệ phần trăm (%) giữa cột 2 với cột 1",
        "Cột (5): tỷ lệ % cột (2) trên cột (1)",
    ] {
        assert_eq!(with_note(note), (ratio.clone(), vec![]), "{note}");
    }
    for note in ["Cột 5: tỷ lệ phần trăm", "Cột 5: tỷ lệ giữa cột 2 và cột 1"]
    {
        assert_eq!(with_note(note).0, Vec::<String>::new(), "{note}");
    }
}

#[test]
fn money_of_each_row_is_added_where_the_form_adds_it_to_other_money() {
    let table: [Line<'_>; 6] = [
        &[
            "STT",
            "Họ và tên",
            "Mức hỗ trợ (triệu đồng)",
            "Vốn huy động (triệu đồng)",
            "Tổng kinh phí (triệu đồng)",
        ],
        &["A", "B", "1", "2", "3=1+2"],
        &[],
        &[],
        &[],
        &["", "Cộng"],
    ];
    let (rules, asked) = said(&table, &[]);
    assert!(asked.is_empty(), "{asked:?}");
    for rule in [
        "tong_kinh_phi_trieu_dong = SUM(muc_ho_tro_trieu_dong, von_huy_dong_trieu_dong)",
        "muc_ho_tro_trieu_dong = SUM(muc_ho_tro_trieu_dong)",
    ] {
        assert!(rules.iter().any(|own| own == rule), "{rule}: {rules:?}");
    }
}

#[test]
fn a_column_answered_by_a_word_or_its_denial_takes_words() {
    let table: [Line<'_>; 4] = [
        &["TT", "Tiêu chí", "Thực hiện", "Tự đánh giá (Đạt/Chưa đạt)"],
        &["1", "2", "3", "4"],
        &["1", "Đường xã"],
        &["2", "Kênh mương"],
    ];
    let compiled = compiled(&sheet("BIỂU", &table, &[]));
    let form = Form::parse("b", &compiled.forms[0].toml).unwrap();
    let told = form
        .file
        .columns
        .iter()
        .find(|column| *column.id.get_ref() != "thuc_hien");
    assert_eq!(told.unwrap().kind, Some(FieldType::Text));
}

#[test]
fn rows_are_compared_in_columns_of_figures_only() {
    let table: [Line<'_>; 5] = [
        &["STT", "Chỉ tiêu", "Mã số", "Thuyết minh", "Số cuối kỳ"],
        &["I", "Tổng tài sản", "50"],
        &["1", "Tiền", "51"],
        &["II", "Tổng nguồn vốn", "80"],
        &["1", "Nợ phải trả", "81"],
    ];
    let (rules, _) = said(&table, &["Mã số 50 = mã số 80."]);
    assert!(
        rules.contains(&"tong_tai_san = tong_nguon_von [so_cuoi_ky]".to_owned()),
        "{rules:?}"
    );
}

#[test]
fn a_rule_that_no_form_file_holds_is_asked_about_and_the_others_stay() {
    let table: [Line<'_>; 4] = [
        &[
            "STT",
            "Nội dung",
            "Dự toán",
            "Thực hiện",
            "Cùng kỳ",
            "So dự toán (%)",
            "So cùng kỳ (%)",
        ],
        &["A", "B", "1", "2", "3", "4=2/1", "5=2/4"],
        &["1", "Thu nội địa"],
        &["2", "Thu khác"],
    ];
    let (rules, asked) = said(&table, &[]);
    assert_eq!(rules, ["so_du_toan = thuc_hien / du_toan * 100"]);
    assert_eq!(asked, ["G4"]);
}

/// Two tables on a sheet; in the second every column is two of the sheet.
#[test]
fn columns_merged_from_the_header_to_the_cells_to_be_filled_are_one() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let ruled = Format::new().set_border(FormatBorder::Thin);
    page.write(0, 0, "BIỂU THỬ NGHIỆM").unwrap();
    let first = [
        ["Chỉ tiêu", "Mã số", "Số vụ", "Số người", "Số nữ", "Ghi chú"],
        ["A", "B", "1", "2", "3", "4"],
        ["Nguyên nhân một", "01", "", "", "", ""],
        ["Nguyên nhân hai", "02", "", "", "", ""],
    ];
    for (row, line) in (2..).zip(first) {
        for (column, text) in (0..).zip(line) {
            page.write_with_format(row, column, text, &ruled).unwrap();
        }
    }
    let second = [
        [
            "Đơn vị",
            "Tổng chi phí (đồng)",
            "Y tế (đồng)",
            "Bồi thường (đồng)",
        ],
        ["A", "1=2+3", "2", "3"],
        ["", "", "", ""],
    ];
    for (row, line) in (8..).zip(second) {
        for (at, text) in (0_u16..).zip(line) {
            page.merge_range(row, at * 2, row, at * 2 + 1, text, &ruled)
                .unwrap();
        }
    }
    let compiled = compiled(&book.save_to_buffer().unwrap());
    assert!(compiled.asked.is_empty(), "{:?}", compiled.asked);
    let second = &compiled.forms[1];
    assert_eq!(second.columns.len(), 4, "{:?}", second.columns);
    assert_eq!(
        second.rules[0].text,
        "tong_chi_phi_dong = SUM(y_te_dong, boi_thuong_dong)"
    );
}
