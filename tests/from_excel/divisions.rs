//! Rows that are divided without a dash, by «Phân theo …», by a label's own «bao gồm:»; total rows of
//! which a formula is the label.

use rust_xlsxwriter::{Format, FormatBorder, Formula, Workbook};

use crate::filled::told;
use crate::kinds::{Line, compiled, said};

const HEAD: Line<'_> = &["TT", "Chỉ tiêu", "Số lượng"];

#[test]
fn what_a_row_with_an_ordinal_is_divided_into_needs_no_dashes() {
    let of = |second: &'static str| {
        let table: [Line<'_>; 5] = [
            HEAD,
            &["1", "Số khẩu"],
            &["", "Chia ra: Nam"],
            &["", second],
            &["2", "Số hộ"],
        ];
        said(&table, &[])
    };
    let sum = vec!["so_khau = SUM(chia_ra_nam, nu)".to_owned()];
    assert_eq!(of("Nữ"), (sum.clone(), vec![]));
    assert_eq!(of("             Nữ"), (sum, vec![]));
    // What counts something else is no item.
    assert_eq!(of("Số hộ nghèo"), (vec![], vec![]));
    assert_eq!(of("Tổng số lao động"), (vec![], vec![]));
}

#[test]
fn a_row_that_names_how_another_is_divided_begins_its_items() {
    for (over, word) in [
        ("Số tổ hòa giải", "Phân theo địa bàn:"),
        ("Số tổ hòa giải", "Chia theo địa bàn"),
    ] {
        let table: [Line<'_>; 6] = [
            HEAD,
            &["1", over],
            &["", word],
            &["", "- Thành thị"],
            &["", "- Nông thôn"],
            &["2", "Việc khác"],
        ];
        let sum = "so_to_hoa_giai = SUM(thanh_thi, nong_thon)".to_owned();
        assert_eq!(said(&table, &[]), (vec![sum], vec![]), "{word}");
    }
}

#[test]
fn a_label_that_ends_in_what_it_consists_of_is_the_sum_of_its_list() {
    let of = |label: &'static str| {
        let table: [Line<'_>; 5] = [
            HEAD,
            &["1", label],
            &["", "- Ngân sách"],
            &["", "- Xã hội hóa"],
            &["2", "Việc khác"],
        ];
        said(&table, &[]).0
    };
    let sum = "tong_kinh_phi_bao_gom = SUM(ngan_sach, xa_hoi_hoa)";
    assert_eq!(of("Tổng kinh phí, bao gồm:"), [sum]);
    assert_eq!(of("Tổng kinh phí bao gồm"), Vec::<String>::new());
}

/// A list of households of which the total row is labelled by a formula.
fn households(named: &[(&str, f64)], total: f64) -> Vec<u8> {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let ruled = Format::new().set_border(FormatBorder::Thin);
    page.write(0, 0, "DANH SÁCH HỘ").unwrap();
    page.write(1, 0, "Đơn vị báo cáo: Xã An Bình").unwrap();
    page.write(2, 0, "Tháng 9 năm 2025").unwrap();
    for (column, text) in (0..).zip(["STT", "Hộ", "Số khẩu"]) {
        page.write_with_format(3, column, text, &ruled).unwrap();
        page.write_with_format(4, column, f64::from(column) + 1.0, &ruled)
            .unwrap();
    }
    for row in 5..10 {
        for column in 0..3 {
            page.write_blank(row, column, &ruled).unwrap();
        }
    }
    for ((row, number), (name, people)) in (5..).zip([1.0, 2.0]).zip(named) {
        page.write_with_format(row, 0, number, &ruled).unwrap();
        page.write_with_format(row, 1, *name, &ruled).unwrap();
        page.write_with_format(row, 2, *people, &ruled).unwrap();
    }
    let shown = format!("Tổng cộng: {} hộ", named.len());
    let label = Formula::new("=\"Tổng cộng: \"&COUNTA(B6:B10)&\" hộ\"").set_result(shown);
    page.write_blank(10, 0, &ruled).unwrap();
    page.write_formula_with_format(10, 1, label, &ruled)
        .unwrap();
    let sum = Formula::new("=SUM(C6:C10)").set_result(total.to_string());
    page.write_formula_with_format(10, 2, sum, &ruled).unwrap();
    book.save_to_buffer().unwrap()
}

#[test]
fn a_total_row_may_be_labelled_by_a_formula_that_counts_its_rows() {
    let blank = households(&[], 0.0);
    let rules = compiled(&blank).forms[0].rules.clone();
    let rules: Vec<&str> = rules.iter().map(|rule| rule.text.as_str()).collect();
    assert_eq!(rules, ["so_khau = SUM(so_khau)"]);
    let named = [("Nguyễn Văn Mẫu", 4.0), ("Trần Thị Thử", 3.0)];
    let found = told(&blank, &[households(&named, 7.0), households(&named, 9.0)]);
    assert_eq!(found[0], Vec::<String>::new());
    assert!(found[1].iter().any(|one| one.ends_with("C11")), "{found:?}");
}
