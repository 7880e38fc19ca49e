//! «Trong đó», «Chia ra» and totals by what the rows and columns beside them are called.

use crate::kinds::{Line, said};

const HEAD: Line<'_> = &["STT", "Chỉ tiêu", "ĐVT", "Kỳ này"];

/// The rules of a table of indicators with units of measure, and how many cells are asked about.
fn rows(lines: &[Line<'_>]) -> (Vec<String>, usize) {
    let mut table = vec![HEAD];
    table.extend(lines);
    let (rules, asked) = said(&table, &[]);
    (rules, asked.len())
}

#[test]
fn a_division_on_its_own_line_divides_the_ordinals_below_it() {
    let (rules, asked) = rows(&[
        &["1", "Tổng số vụ", "Vụ"],
        &["", "Chia ra:"],
        &["1.1", "Hình sự", "Vụ"],
        &["1.2", "Kinh tế", "Vụ"],
        &["2", "Số đối tượng", "Người"],
        &["", "Trong đó:"],
        &["2.1", "Nữ", "Người"],
    ]);
    assert_eq!(
        rules,
        ["tong_so_vu = SUM(hinh_su, kinh_te)", "nu <= so_doi_tuong"]
    );
    assert_eq!(asked, 0);
    let (rules, _) = rows(&[
        &["1", "Tổng số hộ", "Hộ"],
        &["", "Chia ra"],
        &["a", "Hộ nghèo", "Hộ"],
        &["b", "Hộ khác", "Hộ"],
        &["2", "Số khẩu", "Người"],
    ]);
    assert_eq!(rules, ["tong_so_ho = SUM(ho_ngheo, ho_khac)"]);
}

#[test]
fn parts_on_lines_of_their_own_need_no_mark() {
    let (rules, asked) = rows(&[
        &["1", "Tổng số hộ", "Hộ"],
        &["", "Trong đó:"],
        &["", "Hộ nghèo", "Hộ"],
        &["", "Hộ cận nghèo", "Hộ"],
        &["2", "Số khẩu", "Người"],
    ]);
    let wanted = ["ho_ngheo <= tong_so_ho", "ho_can_ngheo <= tong_so_ho"];
    assert_eq!(
        (rules.as_slice(), asked),
        (&wanted.map(str::to_owned)[..], 0)
    );
}

#[test]
fn a_label_may_end_with_the_words_that_begin_its_list() {
    let of = |label: &str| {
        let (rules, asked) = rows(&[
            &["1", label, "Hộ"],
            &["", "- Hộ nghèo", "Hộ"],
            &["", "- Hộ khác", "Hộ"],
            &["2", "Số khẩu", "Người"],
        ]);
        assert_eq!(asked, 0, "{label}");
        rules
    };
    assert_eq!(
        of("Tổng số hộ, chia ra:"),
        ["tong_so_ho_chia_ra = SUM(ho_ngheo, ho_khac)"]
    );
    for label in ["Tổng số hộ (trong đó):", "Tổng số hộ. Trong đó:"] {
        let wanted = [
            "ho_ngheo <= tong_so_ho_trong_do",
            "ho_khac <= tong_so_ho_trong_do",
        ];
        assert_eq!(of(label), wanted, "{label}");
    }
}

#[test]
fn a_part_with_an_ordinal_is_of_no_row_deeper_than_itself() {
    let (rules, _) = said(
        &[
            &["STT", "Chỉ tiêu", "Kỳ này", "Kỳ trước"],
            &["A", "Tổng số"],
            &["I", "Trung ương"],
            &["II", "Địa phương"],
            &["B", "Trong đó vốn ODA"],
        ],
        &[],
    );
    assert!(
        rules.contains(&"trong_do_von_oda <= tong_so".to_owned()),
        "{rules:?}"
    );
    assert!(!rules.iter().any(|rule| rule.contains("<= dia_phuong")));
}

/// What is said of columns under «Thôn».
fn columns(heads: &[&str]) -> (Vec<String>, usize) {
    let mut line = vec!["STT", "Thôn"];
    line.extend(heads);
    let (rules, asked) = said(&[&line, &["1", "Ấp A"], &["2", "Ấp B"]], &[]);
    (rules, asked.len())
}

#[test]
fn a_part_beside_several_columns_is_of_the_one_that_counts_the_same() {
    let (rules, asked) = columns(&["Số hộ", "Số khẩu", "Trong đó: Hộ nghèo"]);
    assert_eq!(
        (rules, asked),
        (vec!["trong_do_ho_ngheo <= so_ho".to_owned()], 0)
    );
    let (rules, asked) = columns(&["Số lớp", "Số học sinh", "Trong đó: nữ"]);
    assert_eq!(
        (rules, asked),
        (vec!["trong_do_nu <= so_hoc_sinh".to_owned()], 0)
    );
    let (rules, asked) = columns(&["Số người", "Số vụ", "Trong đó: nghiêm trọng"]);
    assert_eq!((rules, asked), (vec![], 1));
}

#[test]
fn a_part_behind_the_groups_of_a_total_is_asked() {
    let table: [Line<'_>; 5] = [
        &[
            "STT",
            "Thôn",
            "Tổng số",
            "Chia theo giới tính",
            "",
            "Đăng ký lại",
            "Trong đó: bỏ rơi",
        ],
        &["", "", "", "Nam", "Nữ", "", ""],
        &["A", "B", "1", "2", "3", "4", "5"],
        &["1", "Ấp A"],
        &["2", "Ấp B"],
    ];
    let (rules, asked) = said(&table, &[]);
    assert_eq!(rules, ["tong_so = SUM(nam, nu)"]);
    assert_eq!(asked, ["G3"]);
    // What the form says of it elsewhere answers the question.
    let (rules, asked) = said(&table, &["Cột 5 không lớn hơn cột 1."]);
    assert!(
        rules.contains(&"trong_do_bo_roi <= tong_so".to_owned()),
        "{rules:?}"
    );
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn groups_divided_by_figures_and_percentages_add_up_in_figures() {
    let table: [Line<'_>; 6] = [
        &["STT", "Thôn", "Tổng số", "Chia ra", "", "", ""],
        &["", "", "", "Đạt", "", "Không đạt", ""],
        &["", "", "", "SL", "%", "SL", "%"],
        &["A", "B", "1", "2", "3", "4", "5"],
        &["1", "Ấp A"],
        &["2", "Ấp B"],
    ];
    assert_eq!(said(&table, &[]).0, ["tong_so = SUM(dat_sl, khong_dat_sl)"]);
}

#[test]
fn rows_below_a_heading_are_added_up_by_the_row_that_names_it() {
    let (rules, _) = said(
        &[
            &["STT", "Chỉ tiêu", "Kỳ trước", "Kỳ này"],
            &["I", "Khu vực 1"],
            &["1", "Ấp A"],
            &["2", "Ấp B"],
            &["", "Cộng khu vực 1"],
            &["II", "Khu vực 2"],
            &["3", "Ấp C"],
            &["4", "Ấp D"],
            &["", "Cộng khu vực 2"],
            &["", "Tổng cộng"],
        ],
        &[],
    );
    let wanted = [
        "cong_khu_vuc_1 = SUM(ap_a, ap_b)",
        "cong_khu_vuc_2 = SUM(ap_c, ap_d)",
        "tong_cong = SUM(cong_khu_vuc_1, cong_khu_vuc_2)",
    ];
    assert_eq!(rules, wanted);
}

#[test]
fn quantities_of_goods_in_units_of_their_own_have_no_sum() {
    let blank: Line<'_> = &["", "", "", "", "", ""];
    let (rules, _) = said(
        &[
            &[
                "STT",
                "Tên hàng",
                "ĐVT",
                "Số lượng",
                "Đơn giá",
                "Thành tiền",
            ],
            &["A", "B", "C", "1", "2", "3=1x2"],
            blank,
            blank,
            blank,
            &["", "Cộng"],
        ],
        &[],
    );
    assert_eq!(
        rules,
        [
            "thanh_tien = so_luong * don_gia",
            "thanh_tien = SUM(thanh_tien)"
        ]
    );
}

#[test]
fn a_total_row_with_only_amounts_of_support_adds_these_up() {
    let blank: Line<'_> = &["", "", "", ""];
    let heads: Line<'_> = &["STT", "Họ và tên", "Hoàn cảnh", "Mức hỗ trợ"];
    let (rules, _) = said(&[heads, blank, blank, blank, &["", "Tổng cộng"]], &[]);
    assert_eq!(rules, ["muc_ho_tro = SUM(muc_ho_tro)"]);
}

#[test]
fn months_that_amounts_are_multiplied_with_have_no_sum() {
    let blank: Line<'_> = &["", "", "", "", ""];
    let heads: Line<'_> = &["STT", "Họ và tên", "Mức trợ cấp", "Số tháng", "Thành tiền"];
    let numbers: Line<'_> = &["1", "2", "3", "4", "5=3x4"];
    let (rules, _) = said(
        &[heads, numbers, blank, blank, blank, &["", "Tổng cộng"]],
        &[],
    );
    assert_eq!(
        rules,
        [
            "thanh_tien = muc_tro_cap * so_thang",
            "thanh_tien = SUM(thanh_tien)"
        ]
    );
}
