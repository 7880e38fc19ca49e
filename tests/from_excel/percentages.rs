//! Percentages, parts and number formats, each in a small form of its own.

use rust_xlsxwriter::{Format, FormatBorder, Workbook};

use crate::kinds::{Line, compiled, said, sheet};

const RATES: Line<'_> = &[
    "STT",
    "Đơn vị",
    "Quỹ lương",
    "Tỷ lệ đóng (%)",
    "Số phải đóng",
];
const UNITS: [Line<'_>; 2] = [&["1", "Trường A"], &["2", "Trường B"]];

#[test]
fn so_many_hundredths_of_a_column_of_percentages_are_read_from_it() {
    let numbers: Line<'_> = &["A", "B", "1", "2", "3=1x2%"];
    let (rules, asked) = said(&[RATES, numbers, UNITS[0], UNITS[1]], &[]);
    assert_eq!(rules, ["so_phai_dong = quy_luong * ty_le_dong / 100"]);
    assert!(asked.is_empty(), "{asked:?}");
    // Column 2 holds people: two hundredths.
    let heads: Line<'_> = &["STT", "Đơn vị", "Quỹ lương", "Số người", "Số phải đóng"];
    let (rules, _) = said(&[heads, numbers, UNITS[0], UNITS[1]], &[]);
    assert_eq!(rules, ["so_phai_dong = quy_luong * 0.02"]);
}

#[test]
fn a_row_of_percentages_is_its_quotient_times_100() {
    for label in ["Tỷ lệ hộ nghèo % (3=2/1)", "Tỷ lệ hộ nghèo (3=2/1)"] {
        let rows: [Line<'_>; 3] = [&["1", "Số hộ"], &["2", "Hộ nghèo"], &["3", label]];
        let heads: Line<'_> = &["STT", "Chỉ tiêu", "Xã A", "Xã B"];
        let (rules, asked) = said(&[heads, rows[0], rows[1], rows[2]], &[]);
        assert_eq!(rules, ["ty_le_ho_ngheo = ho_ngheo / so_ho * 100"]);
        assert!(asked.is_empty(), "{asked:?}");
    }
}

#[test]
fn a_part_behind_the_items_of_a_whole_is_part_of_the_whole() {
    let heads: Line<'_> = &["Chỉ tiêu", "Mã số", "Kỳ báo cáo", "Cùng kỳ"];
    let of = |labels: [&str; 4]| {
        let codes = ["01", "02", "03", "04"];
        let rows: Vec<[&str; 2]> = labels.into_iter().zip(codes).map(Into::into).collect();
        let mut table = vec![heads];
        table.extend(rows.iter().map(|row| row.as_slice()));
        said(&table, &[])
    };
    let (rules, _) = of([
        "Tổng số hợp tác xã",
        "Chia ra: HTX nông nghiệp",
        "HTX vận tải",
        "Trong đó: HTX ngừng hoạt động",
    ]);
    assert_eq!(
        rules,
        ["trong_do_htx_ngung_hoat_dong <= tong_so_hop_tac_xa"]
    );
    let (rules, _) = of([
        "Tổng số hợp tác xã",
        "Chia ra: - HTX nông nghiệp",
        "- HTX vận tải",
        "Trong đó: HTX ngừng hoạt động",
    ]);
    assert_eq!(
        rules,
        [
            "tong_so_hop_tac_xa = SUM(chia_ra_htx_nong_nghiep, htx_van_tai)",
            "trong_do_htx_ngung_hoat_dong <= tong_so_hop_tac_xa"
        ]
    );
    let (rules, _) = of([
        "Tổng số hộ",
        "Hộ nông nghiệp",
        "Hộ khác",
        "Trong đó: hộ nghèo",
    ]);
    assert_eq!(rules, ["trong_do_ho_ngheo <= tong_so_ho"]);
    // What follows another total is no item of the first one.
    let (rules, _) = of([
        "Tổng thu",
        "Chia ra: thu thuế",
        "Tổng chi",
        "Trong đó: lương",
    ]);
    assert_eq!(rules, ["trong_do_luong <= tong_chi"]);
    // Households and people are not items of one whole.
    let (rules, _) = of(["Tổng số hộ", "Số nhân khẩu", "Trong đó: nữ", "Số lao động"]);
    assert_eq!(rules, ["trong_do_nu <= so_nhan_khau"]);
}

#[test]
fn decimals_that_a_note_says_are_the_ratios() {
    let heads: Line<'_> = &["STT", "Đơn vị", "Kế hoạch", "Thực hiện", "Tỷ lệ (%)"];
    let numbers: Line<'_> = &["A", "B", "1", "2", "3=2/1*100"];
    let ratio = |notes: &[&str]| {
        let table = [heads, numbers, UNITS[0], UNITS[1]];
        let form = compiled(&sheet("KẾT QUẢ", &table, notes)).forms.remove(0);
        form.toml[form.toml.find("id = \"ty_le\"").unwrap()..].to_owned()
    };
    let said = ratio(&["Tỷ lệ tính đến 1 chữ số thập phân."]);
    assert!(said.contains("decimals = 1\n"), "{said}");
    assert!(!said.contains("fewer_decimals"), "{said}");
    // Where nothing is said, units may round as they see fit.
    let open = ratio(&[]);
    assert!(open.contains("decimals = 2\nnumerator"), "{open}");
    assert!(open.contains("fewer_decimals = true\n"), "{open}");
}

#[test]
fn of_which_period_all_figures_are_is_asked_where_only_the_last_says_it() {
    let heads: Line<'_> = &["STT", "Thôn", "Thụ lý", "Còn lại", "Mới", "Đã giải quyết"];
    let numbers: Line<'_> = &["A", "B", "1", "2", "3", "4"];
    let table = [heads, numbers, UNITS[0], UNITS[1]];
    let of = |note| said(&table, &[note]);
    let (rules, asked) = of("Cột 2 kỳ này bằng cột 1 trừ cột 4 của kỳ trước.");
    assert!(rules.is_empty(), "{rules:?}");
    assert_eq!(asked, ["A8"]);
    let (rules, asked) = of("Cột 2 = cột 3 + cột 2 của kỳ trước.");
    assert_eq!(rules, ["con_lai = moi + PREV(con_lai)"]);
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn a_number_format_in_one_column_makes_no_words_of_the_others() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    let ruled = || Format::new().set_border(FormatBorder::Thin);
    page.write(0, 0, "KẾT QUẢ HÒA GIẢI").unwrap();
    let rows = [
        ["STT", "Tên", "Thụ lý", "Hòa giải", "Kết quả", "Tỷ lệ (%)"],
        ["A", "B", "1", "2", "3", "4=2/1"],
        ["1", "Dân sự", "", "", "", ""],
        ["2", "Hình sự", "", "", "", ""],
        ["", "Tổng số", "", "", "", ""],
    ];
    for (row, cells) in (2..).zip(rows) {
        for (column, text) in (0..).zip(cells) {
            let look = match (row > 3, column) {
                (true, 5) => ruled().set_num_format("0.0"),
                _ => ruled(),
            };
            page.write_with_format(row, column, text, &look).unwrap();
        }
    }
    let compiled = compiled(&book.save_to_buffer().unwrap());
    let rules = compiled.forms[0].rules.iter();
    let rules: Vec<&str> = rules.map(|rule| rule.text.as_str()).collect();
    assert!(
        rules.contains(&"ty_le = hoa_giai / thu_ly * 100"),
        "{rules:?}"
    );
    assert!(
        rules.contains(&"tong_so = SUM(dan_su, hinh_su)"),
        "{rules:?}"
    );
    assert!(compiled.asked.is_empty(), "{:?}", compiled.asked);
    assert!(!compiled.forms[0].toml.contains("type = \"text\""));
}

#[test]
fn a_share_may_be_divided_by_100_behind_the_product() {
    for equation in ["3=1x2/100", "3=1*2:100", "3=(1x2)/100"] {
        let numbers: Line<'_> = &["A", "B", "1", "2", equation];
        let (rules, asked) = said(&[RATES, numbers, UNITS[0], UNITS[1]], &[]);
        assert_eq!(
            rules,
            ["so_phai_dong = quy_luong * ty_le_dong / 100"],
            "{equation}"
        );
        assert!(asked.is_empty(), "{asked:?}");
    }
}

#[test]
fn a_part_may_change_more_than_its_whole() {
    let heads: Line<'_> = &["Chỉ tiêu", "Kỳ này", "Kỳ trước", "Tăng, giảm"];
    let rows: [Line<'_>; 2] = [&["Tổng số thành viên"], &["Trong đó: nữ"]];
    let (rules, _) = said(&[heads, rows[0], rows[1]], &[]);
    assert_eq!(
        rules,
        ["trong_do_nu <= tong_so_thanh_vien [ky_nay ky_truoc]"]
    );
}

#[test]
fn a_ratio_of_another_column_than_its_name_says_is_asked_about() {
    let heads: Line<'_> = &[
        "STT",
        "Đơn vị",
        "Kế hoạch",
        "Số mới",
        "Thực hiện",
        "Tỷ lệ thực hiện (%)",
    ];
    let of = |equation: &'static str| {
        let numbers: Line<'_> = &["A", "B", "1", "2", "3", equation];
        said(&[heads, numbers, UNITS[0], UNITS[1]], &[])
    };
    assert_eq!(of("4=2/1*100"), (vec![], vec!["F4".to_owned()]));
    let (rules, asked) = of("4=3/1*100");
    assert_eq!(rules, ["ty_le_thuc_hien = thuc_hien / ke_hoach * 100"]);
    assert!(asked.is_empty(), "{asked:?}");
}
