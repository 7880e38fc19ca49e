//! What people write that has one reading only: days in words, ticks, a unit's name with more around it.

use serde_json::Value as Json;

use super::campaign::Campaign;
use super::{asked, rules, told_of};

const FORM: &str = r#"
id = "ct"
version = "1"
title = "Công trình"
sheet = "Công trình"
[layout]
rows = "free"
[[column]]
id = "ten"
label = "Tên"
type = "text"
key = true
[[column]]
id = "so"
label = "Số"
type = "count"
blank = "missing"
[[column]]
id = "ngay"
label = "Ngày"
type = "date"
blank = "nothing"
[[column]]
id = "xong"
label = "Xong"
type = "flag"
blank = "no"
"#;

fn found(unit: &str, row: &str) -> (i32, Json) {
    let campaign = Campaign {
        form: FORM,
        id: "ct",
        unit: ("X1", "Xã Tân Phú"),
    };
    let head = format!("Đơn vị báo cáo: {unit};;;\nTên;Số;Ngày;Xong\n");
    campaign.found("x1.csv", format!("{head}{row}\nCầu B;6;11/3/2025;x\n"))
}

#[test]
fn a_day_in_words_is_a_day() {
    let (code, told) = found("Xã Tân Phú", "Cầu A;5;ngày 10 tháng 3 năm 2025;x");
    assert_eq!((code, asked(&told)), (0, vec![]), "{told:#}");
    let (code, told) = found("Xã Tân Phú", "Cầu A;5;ngày 31 tháng 2 năm 2025;x");
    let refused = told_of(&told, "sai-kieu-du-lieu");
    assert_eq!((code, refused[0].1), (1, "C3"), "{told:#}");
}

#[test]
fn a_tick_is_no_figure_written_as_text() {
    let (code, told) = found("Xã Tân Phú", "Cầu A;5;10/3/2025;✓");
    assert_eq!(code, 0, "{told:#}");
    for (_, _, message) in told_of(&told, "so-dang-chu") {
        assert!(!message.contains("D3"), "{message}");
    }
}

#[test]
fn a_name_with_more_around_it_is_told_the_units_name() {
    for unit in [
        "Xã Tân Phú - huyện Châu Thành (cũ)",
        "Trạm Y tế xã Tân Phú",
        "Đảng ủy, UBND xã Tân Phú",
    ] {
        let (code, told) = found(unit, "Cầu A;5;10/3/2025;x");
        assert_eq!(code, 1, "{told:#}");
        let asked = told_of(&told, "don-vi-khong-co-trong-danh-sach");
        assert!(
            asked.iter().any(|one| one.2.contains("Xã Tân Phú")),
            "{unit}: {told:#}"
        );
        let near = asked
            .iter()
            .any(|one| one.2.contains("Gần giống: Xã Tân Phú"));
        assert!(near, "{unit}: {:?} {asked:?}", rules(&told));
    }
}
