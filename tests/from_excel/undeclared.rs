//! What a form leaves open: types, decimals and signs of which it says nothing. The compiled form is no
//! stricter than the paper.

use crate::kinds::{Line, compiled, sheet};

/// The section of a form file about a column.
fn column(table: &[Line<'_>], unit: &str, id: &str) -> String {
    let title = match unit {
        "" => "BÁO CÁO",
        unit => unit,
    };
    let toml = compiled(&sheet(title, table, &[])).forms.remove(0).toml;
    let section = toml.split(&format!("id = \"{id}\"\n")).nth(1);
    let section = section.unwrap_or_else(|| panic!("no {id}: {toml}"));
    section.split("\n[[").next().unwrap().to_owned()
}

/// The types of all columns but the first two, in order.
fn types(heads: Line<'_>, rows: &[Line<'_>]) -> Vec<String> {
    let numbers: Vec<String> = (1..heads.len() - 1).map(|at| at.to_string()).collect();
    let mut numbering = vec!["A", "B"];
    numbering.extend(numbers.iter().map(String::as_str));
    let mut table: Vec<Line<'_>> = vec![heads, &numbering];
    table.extend(rows);
    let toml = compiled(&sheet("BÁO CÁO", &table, &[]))
        .forms
        .remove(0)
        .toml;
    let columns = toml.split("[[column]]").skip(1);
    let of = |section: &str| {
        let own = section.split("\n[[").next().unwrap();
        let kind = own.split("type = \"").nth(1).unwrap();
        kind.split('"').next().unwrap().to_owned()
    };
    columns.map(of).collect()
}

const PLACES: [Line<'_>; 2] = [&["1", "Ấp A"], &["2", "Ấp B"]];

#[test]
fn how_something_stands_is_told_in_words_although_its_column_has_a_number() {
    let heads: Line<'_> = &[
        "TT",
        "Nhiệm vụ",
        "Số văn bản",
        "Kết quả thực hiện",
        "Tiến độ thực hiện",
        "Tình trạng",
        "Giải pháp",
        "Người thực hiện",
    ];
    let wanted = ["count", "text", "text", "text", "text", "text"];
    assert_eq!(types(heads, &PLACES), wanted);
}

#[test]
fn a_result_beside_a_plan_a_unit_or_a_total_is_a_figure() {
    let planned: Line<'_> = &["TT", "Đơn vị", "Kế hoạch (hộ)", "Kết quả"];
    assert_eq!(types(planned, &PLACES), ["count", "count"]);
    let added: Line<'_> = &["TT", "Đơn vị", "Số hộ", "Kết quả"];
    let rows: [Line<'_>; 3] = [PLACES[0], PLACES[1], &["", "Tổng cộng"]];
    assert_eq!(types(added, &rows), ["count", "count"]);
}

#[test]
fn what_is_measured_may_have_decimals_and_be_below_zero() {
    let heads: Line<'_> = &[
        "TT",
        "Đơn vị",
        "Thời gian (giờ)",
        "Số km đường",
        "Dung tích",
        "Nhiệt độ thấp nhất",
        "Mật độ",
        "Ngân sách",
        "Kế hoạch",
        "Dự toán",
        "Số hộ",
        "Số dự án vốn ODA",
        "Độ tuổi 18-35",
    ];
    let wanted = [
        "amount", "amount", "amount", "amount", "amount", "amount", "amount", "amount", "count",
        "count", "count",
    ];
    assert_eq!(types(heads, &PLACES), wanted);
}

#[test]
fn a_plan_of_things_that_are_counted_is_a_count() {
    let table: [Line<'_>; 3] = [
        &["TT", "Đơn vị", "Kế hoạch", "Thực hiện"],
        PLACES[0],
        PLACES[1],
    ];
    let of = |unit: &str| column(&table, unit, "ke_hoach");
    assert!(of("").contains("type = \"amount\""));
    assert!(of("Đơn vị tính: %").contains("type = \"amount\""));
    assert!(of("Đơn vị tính: người").contains("type = \"count\""));
}

#[test]
fn decimals_that_the_form_does_not_say_are_open() {
    let table: [Line<'_>; 3] = [
        &["TT", "Đơn vị", "Diện tích (ha)", "Số tiền (đồng)"],
        PLACES[0],
        PLACES[1],
    ];
    assert!(column(&table, "", "dien_tich_ha").contains("any_decimals = true"));
    assert!(!column(&table, "", "so_tien_dong").contains("any_decimals"));
}

#[test]
fn a_row_that_measures_something_has_no_counts_in_its_columns() {
    let table: [Line<'_>; 3] = [
        &["TT", "Chỉ tiêu", "Kỳ này", "Kỳ trước"],
        &["1", "Số hộ"],
        &["2", "Diện tích lúa (ha)"],
    ];
    assert!(column(&table, "", "ky_nay").contains("type = \"amount\""));
}

#[test]
fn averages_that_are_multiplied_were_rounded() {
    let table: [Line<'_>; 4] = [
        &[
            "TT",
            "Cây",
            "Diện tích (ha)",
            "Năng suất (tạ/ha)",
            "Sản lượng (tấn)",
        ],
        &["A", "B", "1", "2", "3=1x2/10"],
        &["1", "Lúa"],
        &["2", "Ngô"],
    ];
    for (id, rounded) in [
        ("dien_tich_ha", false),
        ("nang_suat_ta_ha", true),
        ("san_luong_tan", true),
    ] {
        let section = column(&table, "", id);
        assert_eq!(section.contains("rounding"), rounded, "{section}");
    }
}
