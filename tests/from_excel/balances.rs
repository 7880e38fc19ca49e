//! Equations of which both sides are sums, and sums said in plain words.

use crate::kinds::{Line, said};

const HEAD: Line<'_> = &["Nội dung", "Tổng", "Nam", "Nữ", "Đúng hạn", "Quá hạn"];
const NUMBERS: Line<'_> = &["A", "(1)", "(2)", "(3)", "(4)", "(5)"];
const ROWS: [Line<'_>; 2] = [&["Sinh trong nước"], &["Sinh ở nước ngoài"]];

fn with_note(note: &str) -> (Vec<String>, Vec<String>) {
    said(&[HEAD, NUMBERS, ROWS[0], ROWS[1]], &[note])
}

#[test]
fn two_sums_that_are_equal_are_a_rule_of_the_first_figure() {
    let rule = vec!["nam = SUM(dung_han, qua_han) - nu".to_owned()];
    for note in [
        "Cột (2) + cột (3) = cột (4) + cột (5)",
        "Ghi chú: Cột 2 cộng cột 3 bằng cột 4 cộng cột 5.",
        "Tổng các cột 2, 3 phải bằng tổng các cột 4, 5",
    ] {
        assert_eq!(with_note(note), (rule.clone(), vec![]), "{note}");
    }
    let whole = "Cột (2) + cột (3) = cột (4) + cột (5) = cột (1).";
    let sums = ["tong = SUM(nam, nu)", "tong = SUM(dung_han, qua_han)"];
    assert_eq!(with_note(whole), (sums.map(str::to_owned).to_vec(), vec![]));
    // What goes on, and of which period it is, was not understood.
    for note in [
        "Cột 2 + cột 3 = cột 4 + cột 5 nhân đơn giá",
        "Cột 2 + cột 3 = cột 4 + cột 5 kỳ trước",
        "Mức điểm: 5 = Xuất sắc",
    ] {
        assert_eq!(with_note(note), (vec![], vec![]), "{note}");
    }
}

#[test]
fn sums_said_in_plain_words_are_rules() {
    let sum = vec!["tong = SUM(nam, nu)".to_owned()];
    for note in [
        "Các cột 2, 3 cộng lại bằng cột 1.",
        "Tổng (cột 1) bằng Nam (cột 2) cộng Nữ (cột 3).",
        "Cách ghi: Cột 1: Ghi tổng số cột 2 và cột 3.",
        "Yêu cầu cân đối: (1) = (2) + (3)",
    ] {
        assert_eq!(with_note(note), (sum.clone(), vec![]), "{note}");
    }
}
