//! How forms number their columns and rows: short names, ordinals beside codes, quotients without a
//! sign, notes about another table, lines around a part of the table.

use rust_xlsxwriter::{Format, FormatBorder, Workbook};
use tonghop::compile::again::Kept;
use tonghop::compile::{Blank, compile_again};
use tonghop::workbook::Limits;

use crate::kinds::{BODY, HEAD, Line, NUMBERS, compiled, said, sheet};

#[test]
fn columns_may_be_called_c_and_their_number() {
    for note in ["C1 = C2 + C3", "Kiểm tra: c1 = c2 + c3"] {
        let (rules, asked) = said(&[HEAD, NUMBERS, BODY[0], BODY[1]], &[note]);
        assert_eq!(rules, ["so_ho = SUM(ho_ngheo, ho_can_ngheo)"], "{note}");
        assert!(asked.is_empty(), "{asked:?}");
    }
    let heads: Line<'_> = &["STT", "Thôn", "Số hộ (c1=c2+c3)", "Hộ nghèo", "Hộ khác"];
    let (rules, _) = said(&[heads, &["A", "B", "1", "2", "3"], BODY[0]], &[]);
    assert_eq!(rules, ["so_ho = SUM(ho_ngheo, ho_khac)"]);
}

#[test]
fn a_percentage_may_be_headed_by_its_quotient() {
    let of = |header: &str| {
        let heads = ["STT", "Thôn", "Số hộ", "Hộ nghèo", header];
        said(&[&heads, &["A", "B", "1", "2", "3"], BODY[0], BODY[1]], &[])
    };
    let (rules, asked) = of("Tỷ lệ % (2/1)");
    assert!(rules[0].ends_with("= ho_ngheo / so_ho * 100"), "{rules:?}");
    assert!(asked.is_empty());
    // What is no code is a name.
    assert!(of("Tỷ lệ (hộ/khẩu)").0.is_empty());
    assert!(of("Dân số (1/4)").0.is_empty());
}

#[test]
fn rows_with_codes_may_be_named_by_their_ordinals() {
    let table = |last: &'static str| -> Vec<Vec<&'static str>> {
        vec![
            vec!["Chỉ tiêu", "Mã số", "Đầu năm", "Cuối năm"],
            vec!["I. Hộ nghèo", "01"],
            vec!["1. Thành thị", "02"],
            vec!["2. Nông thôn", "03"],
            vec!["II. Hộ cận nghèo", "04"],
            vec![last, "06"],
        ]
    };
    let of = |last: &'static str, notes: &[&str]| {
        let table = table(last);
        let lines: Vec<Line<'_>> = table.iter().map(Vec::as_slice).collect();
        said(&lines, notes)
    };
    for note in ["III = I + II", "Mục III = Mục I + Mục II"] {
        let (rules, asked) = of("III. Tất cả các hộ", &[note]);
        assert_eq!(rules, ["tat_ca_cac_ho = SUM(ho_ngheo, ho_can_ngheo)"]);
        assert!(asked.is_empty(), "{asked:?}");
    }
    let (rules, _) = of("III. Tất cả các hộ", &["Mục I = 1 + 2"]);
    assert_eq!(rules, ["ho_ngheo = SUM(thanh_thi, nong_thon)"]);
    let (rules, asked) = of("III. Tất cả các hộ (III=I+II)", &[]);
    assert_eq!(rules, ["tat_ca_cac_ho = SUM(ho_ngheo, ho_can_ngheo)"]);
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn ordinals_that_several_rows_have_are_those_under_the_row_that_is_computed() {
    let table: [Line<'_>; 7] = [
        &["STT", "Chỉ tiêu", "Kỳ này", "Kỳ trước"],
        &["I", "Tăng"],
        &["1", "Phát hiện mới"],
        &["2", "Chuyển đến"],
        &["II", "Giảm"],
        &["1", "Đã cai"],
        &["2", "Chết"],
    ];
    let (rules, asked) = said(&table, &["Mục II = 1 + 2."]);
    assert_eq!(rules, ["giam = SUM(da_cai, chet)"]);
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn a_bound_that_is_said_from_both_sides_is_one() {
    let heads: Line<'_> = &["STT", "Thôn", "Số hộ", "Trong đó: hộ nghèo"];
    let (rules, _) = said(
        &[heads, &["A", "B", "1", "2"], BODY[0], BODY[1]],
        &["Cột 1 không nhỏ hơn cột 2."],
    );
    assert_eq!(rules, ["so_ho >= trong_do_ho_ngheo"]);
}

/// Writes lines from a row on, with lines around them if `ruled`.
fn put(
    page: &mut rust_xlsxwriter::Worksheet,
    row: u32,
    lines: &[Line<'_>],
    ruled: impl Fn(u32, u16) -> bool,
) {
    let look = Format::new().set_border(FormatBorder::Thin);
    let wide = lines.iter().map(|line| line.len()).max().unwrap();
    for (at, line) in (row..).zip(lines) {
        for column in 0..wide {
            let text = line.get(column).copied().unwrap_or_default();
            let column = u16::try_from(column).unwrap();
            match (ruled(at, column), text) {
                (true, _) => page.write_with_format(at, column, text, &look).unwrap(),
                (false, "") => page,
                (false, _) => page.write(at, column, text).unwrap(),
            };
        }
    }
}

#[test]
fn a_note_under_the_last_table_may_be_about_the_first() {
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    page.write(0, 0, "BÁO CÁO DÂN SỐ").unwrap();
    let rows = |codes: [&'static str; 2], names: [&'static str; 2]| -> Vec<Vec<&'static str>> {
        vec![
            vec!["Chỉ tiêu", "Mã số", "Kỳ này", "Kỳ trước"],
            vec![names[0], codes[0]],
            vec![names[1], codes[1]],
        ]
    };
    let first = rows(["01", "07"], ["Số đầu kỳ", "Số cuối kỳ"]);
    let second = rows(["10", "11"], ["Số ca", "Số đạt"]);
    let lines = |table: &[Vec<&'static str>]| -> Vec<Vec<&'static str>> { table.to_vec() };
    for (row, table) in [(2, lines(&first)), (7, lines(&second))] {
        let table: Vec<Line<'_>> = table.iter().map(Vec::as_slice).collect();
        put(page, row, &table, |_, _| true);
    }
    page.write(11, 0, "Mã số 01 lấy từ mã số 07 của tháng trước.")
        .unwrap();
    let compiled = compiled(&book.save_to_buffer().unwrap());
    assert!(compiled.asked.is_empty(), "{:?}", compiled.asked);
    let rules: Vec<&str> = compiled.forms[0]
        .rules
        .iter()
        .map(|rule| rule.text.as_str())
        .collect();
    assert_eq!(rules, ["so_dau_ky = PREV(so_cuoi_ky)"]);
    assert!(compiled.forms[1].rules.is_empty());
}

#[test]
fn lines_may_leave_out_the_header_or_the_first_columns() {
    let table: [Line<'_>; 5] = [
        &["STT", "Thôn", "Tổng số", "Nam", "Nữ"],
        &["A", "B", "1=2+3", "2", "3"],
        &["1", "Ấp A"],
        &["2", "Ấp B"],
        &["", "Tổng cộng"],
    ];
    type Ruled = fn(u32, u16) -> bool;
    let drawn: [Ruled; 3] = [|row, _| row >= 4, |_, column| column >= 2, |row, _| row < 4];
    for (index, ruled) in drawn.into_iter().enumerate() {
        let mut book = Workbook::new();
        let page = book.add_worksheet();
        page.write(0, 0, "BÁO CÁO DÂN SỐ").unwrap();
        put(page, 2, &table, ruled);
        let compiled = compiled(&book.save_to_buffer().unwrap());
        let rules: Vec<&str> = compiled.forms[0]
            .rules
            .iter()
            .map(|rule| rule.text.as_str())
            .collect();
        let wanted = ["tong_so = SUM(nam, nu)", "tong_cong = SUM(ap_a, ap_b)"];
        assert_eq!(rules, wanted, "{index}");
    }
}

#[test]
fn a_formula_of_the_blank_that_differs_is_noted_in_no_filled_form() {
    let heads: Line<'_> = &["STT", "Thôn", "Tổng số", "Đã làm", "Còn lại"];
    let lines: [Line<'_>; 4] = [
        &["1", "Ấp A", "", "", "=C4-D4"],
        &["2", "Ấp B", "", "", "=C5-D5"],
        &["3", "Ấp C", "", "", "=C6-D7"],
        &["4", "Ấp D", "", "", "=C7-D7"],
    ];
    let form = |lines: &[Line<'_>]| {
        let mut table = vec![heads];
        table.extend(lines);
        compiled(&sheet("BÁO CÁO", &table, &[]))
            .forms
            .remove(0)
            .toml
    };
    let off = "off = [\"cong-thuc-khac-cot\"]";
    assert!(form(&lines).contains(off));
    assert!(!form(&lines[..2]).contains(off));
}

#[test]
fn a_formula_that_slips_into_another_row_is_asked_about() {
    let heads: Line<'_> = &["STT", "Thôn", "Tổng số", "Đã làm", "Còn lại"];
    let lines: [Line<'_>; 3] = [
        &["1", "Ấp A", "", "", "=C4-D4"],
        &["2", "Ấp B", "", "", "=C5-D5"],
        &["3", "Ấp C", "", "", "=C6-D5"],
    ];
    let (rules, asked) = said(&[heads, lines[0], lines[1], lines[2]], &[]);
    assert_eq!(rules, ["con_lai = tong_so - da_lam [ap_a ap_b]"]);
    assert_eq!(asked, ["E6"]);
}

#[test]
fn a_column_that_is_called_otherwise_in_its_place_keeps_its_id() {
    let form = |heads: Line<'_>, kept: &[Kept]| {
        let bytes = sheet(
            "BÁO CÁO",
            &[heads, &["A", "B", "1=2+3", "2", "3"], BODY[0]],
            &[],
        );
        let blank = Blank {
            name: "bieu.xlsx",
            bytes: &bytes,
            aside: &[],
        };
        let compiled = compile_again(&[blank], &Limits::default(), kept).unwrap();
        compiled.forms.into_iter().next().unwrap().toml
    };
    let then = form(&["STT", "Thôn", "Tổng", "NSTW", "NSĐP"], &[]);
    let kept = [Kept::of(&then, &then).unwrap()];
    let now = form(
        &["STT", "Thôn", "Tổng", "Ngân sách trung ương", "NSĐP"],
        &kept,
    );
    assert!(
        now.contains("id = \"nstw\"\nlabel = \"Ngân sách trung ương\""),
        "{now}"
    );
    // Two at once may be other columns.
    let now = form(
        &["STT", "Thôn", "Tổng", "Ngân sách trung ương", "Vốn khác"],
        &kept,
    );
    assert!(!now.contains("id = \"nstw\""), "{now}");
}
