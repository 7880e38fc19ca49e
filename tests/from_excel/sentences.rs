//! Sentences of blank forms: those that say a rule, and those that are listed or asked about because
//! they may.

use crate::kinds::{BODY, HEAD, Line, NUMBERS, compiled, said, sheet};

fn with_note(note: &str) -> (Vec<String>, Vec<String>) {
    said(&[HEAD, NUMBERS, BODY[0], BODY[1]], &[note])
}

/// Rows coded 01 to 05 under columns of figures numbered 1 and 2.
fn of_codes(note: &str) -> (Vec<String>, Vec<String>) {
    let table: [Line<'_>; 7] = [
        &["Chỉ tiêu", "Mã số", "Số vụ mới", "Số vụ cũ"],
        &["A", "B", "1", "2"],
        &["Số vụ", "01"],
        &["Loại một", "02"],
        &["Loại hai", "03"],
        &["Loại ba", "04"],
        &["Loại bốn", "05"],
    ];
    said(&table, &[note])
}

#[test]
fn sentences_about_columns_are_rules_however_they_are_put() {
    let sum = "so_ho = SUM(ho_ngheo, ho_can_ngheo)";
    for (note, rule) in [
        ("Cột 1 là tổng của cột 2 và cột 3", sum),
        ("Công thức: (1)=(2)+(3)", sum),
        ("Số hộ (cột 1) = Hộ nghèo (cột 2) + Cận nghèo (cột 3)", sum),
        ("Số hộ (1) = Hộ nghèo (2) + Cận nghèo (3)", sum),
        ("Cột 1: Bằng cột 2 cộng với cột 3.", sum),
        ("Số liệu cột 1 = số liệu cột 2 + số liệu cột 3", sum),
        (
            "Cột 3 bằng cột 1 trừ đi cột 2",
            "ho_can_ngheo = so_ho - ho_ngheo",
        ),
        (
            "Cột 2 lấy số liệu tại cột 3 của kỳ trước",
            "ho_ngheo = PREV(ho_can_ngheo)",
        ),
        (
            "Cột 2: lấy từ cột 3 kỳ trước chuyển sang",
            "ho_ngheo = PREV(ho_can_ngheo)",
        ),
        (
            "Số hộ thuộc diện nghèo (cột 2) không lớn hơn tổng số hộ (cột 1).",
            "ho_ngheo <= so_ho",
        ),
    ] {
        assert_eq!(with_note(note), (vec![rule.to_owned()], vec![]), "{note}");
    }
}

#[test]
fn sentences_about_coded_rows_are_rules_however_they_are_put() {
    let sum = "so_vu = SUM(loai_mot:loai_bon)";
    for (note, rule) in [
        ("Mã 01 bằng tổng các mã từ 02 đến 05.", sum),
        ("Dòng 01 bằng tổng cộng các dòng 02, 03, 04, 05", sum),
        ("Mã số 01 = 02 + 03 + ... + 05.", sum),
        ("Mã số 01 = Mã số 02 + Mã số 03 + ... + Mã số 05.", sum),
        ("[01] = [02] + [03] + [04] + [05]", sum),
        (
            "- Kiểm tra: 01 ≥ 02 + 03",
            "so_vu >= SUM(loai_mot, loai_hai)",
        ),
    ] {
        assert_eq!(of_codes(note), (vec![rule.to_owned()], vec![]), "{note}");
    }
}

#[test]
fn a_sentence_that_relates_columns_and_is_not_understood_is_listed() {
    for note in [
        "Cột 2 phải nhỏ hơn cột 1",
        "Cột 3 >= 0",
        "Cột 1 khác cột 2 + cột 3 thì giải trình",
        "Xã miền núi: cột 1 = cột 2 + cột 3",
        "Tổng số hộ gồm Hộ nghèo và Hộ cận nghèo",
    ] {
        let bytes = sheet("BIỂU", &[HEAD, NUMBERS, BODY[0], BODY[1]], &[note]);
        let compiled = compiled(&bytes);
        assert!(compiled.forms[0].rules.is_empty(), "{note}");
        assert_eq!(compiled.not_understood.len(), 1, "{note}");
    }
    // Neither of these relates figures.
    for note in [
        "Không ghi cột 5.",
        "Cột 1 ghi tổng số hộ của xã",
        "Cột 2, cột 3: ghi tổng số hộ khi rà soát",
        "Cột 2, cột 3 ghi bằng số",
    ] {
        let bytes = sheet("BIỂU", &[HEAD, NUMBERS, BODY[0], BODY[1]], &[note]);
        assert!(compiled(&bytes).not_understood.is_empty(), "{note}");
    }
}

#[test]
fn what_must_not_be_is_no_rule() {
    for note in ["Không được ghi cột 3 = cột 1", "Không để cột 2 = cột 1"] {
        assert_eq!(with_note(note), (vec![], vec!["A8".to_owned()]), "{note}");
    }
}

#[test]
fn equations_in_a_column_of_methods_or_notes_are_of_their_rows() {
    for header in ["Cách tính", "Ghi chú"] {
        let table: [Line<'_>; 5] = [
            &["TT", "Chỉ tiêu", header, "Số liệu"],
            &["1", "Tổng thu", "1=2+3"],
            &["2", "Thu phí"],
            &["3", "Thu khác"],
            &["4", "Còn lại", "(4)=(1)-(2)"],
        ];
        assert_eq!(
            said(&table, &[]),
            (
                vec![
                    "tong_thu = SUM(thu_phi, thu_khac)".to_owned(),
                    "con_lai = tong_thu - thu_phi".to_owned()
                ],
                vec![]
            ),
            "{header}"
        );
    }
}
