//! Kinds of things that forms say, each in a small form of its own.

use rust_xlsxwriter::{Format, FormatBorder, Workbook};
use tonghop::compile::{Blank, Compiled, compile};
use tonghop::workbook::Limits;

/// What is written in a row, cell by cell: a formula begins with `=` and a letter.
pub(crate) type Line<'a> = &'a [&'a str];

/// A workbook with a ruled table from row 3 on, and notes below it.
pub(crate) fn sheet(title: &str, table: &[Line<'_>], notes: &[&str]) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let ruled = Format::new().set_border(FormatBorder::Thin);
    sheet.write(0, 0, title).unwrap();
    let wide = table.iter().map(|line| line.len()).max().unwrap();
    for (at, line) in table.iter().enumerate() {
        let row = u32::try_from(at).unwrap() + 2;
        for column in 0..wide {
            let text = line.get(column).copied().unwrap_or_default();
            let at = u16::try_from(column).unwrap();
            match (
                text,
                text.starts_with('=') && !text.contains('(') || text.starts_with("=IF"),
            ) {
                ("", _) => sheet.write_blank(row, at, &ruled),
                (text, true) if text.len() > 3 => {
                    sheet.write_formula_with_format(row, at, text, &ruled)
                }
                (text, _) => sheet.write_with_format(row, at, text, &ruled),
            }
            .unwrap();
        }
    }
    for (at, note) in notes.iter().enumerate() {
        let row = u32::try_from(table.len() + at).unwrap() + 3;
        sheet.write(row, 0, *note).unwrap();
    }
    book.save_to_buffer().unwrap()
}

pub(crate) fn compiled(bytes: &[u8]) -> Compiled {
    let blank = Blank {
        name: "bieu.xlsx",
        bytes,
        aside: &[],
    };
    compile(&[blank], &Limits::default()).unwrap()
}

/// Its rules but for those of totals, and the cells that are asked about.
pub(crate) fn said(table: &[Line<'_>], notes: &[&str]) -> (Vec<String>, Vec<String>) {
    let compiled = compiled(&sheet("BIỂU THỬ NGHIỆM", table, notes));
    let rules = compiled.forms.iter().flat_map(|form| &form.rules);
    let rules = rules.map(|rule| match &rule.at {
        Some(at) => format!("{} [{}]", rule.text, at.join(" ")),
        None => rule.text.clone(),
    });
    let asked = compiled
        .asked
        .iter()
        .map(|(words, _)| words.cell.to_string());
    (rules.collect(), asked.collect())
}

pub(crate) const HEAD: Line<'_> = &[
    "STT",
    "Thôn",
    "Số hộ",
    "Hộ nghèo",
    "Hộ cận nghèo",
    "Kinh phí",
    "Tỷ lệ (%)",
];
pub(crate) const NUMBERS: Line<'_> = &["A", "B", "1", "2", "3", "4", "5"];
pub(crate) const BODY: [Line<'_>; 2] = [&["1", "Thôn Đông"], &["2", "Thôn Tây"]];

fn with_notes(notes: &[&str]) -> (Vec<String>, Vec<String>) {
    said(&[HEAD, NUMBERS, BODY[0], BODY[1]], notes)
}

#[test]
fn what_holds_under_a_condition_is_asked_not_adopted() {
    for note in [
        "Nếu không có hộ cận nghèo thì cột 1 = cột 2.",
        "Đối với xã đặc biệt khó khăn, cột 1 = cột 2 + cột 3.",
        "Cột 1 = cột 2 + cột 3 trong trường hợp rà soát cuối năm.",
    ] {
        assert_eq!(
            with_notes(&[note]),
            (vec![], vec!["A8".to_owned()]),
            "{note}"
        );
    }
    let (rules, asked) = with_notes(&["Cột 5 = cột 2/cột 1, nếu cột 1 = 0 thì để trống."]);
    assert_eq!(rules, ["ty_le = ho_ngheo / so_ho * 100"]);
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn a_bound_in_figures_is_a_rule() {
    for (note, rule) in [
        ("Cột 5 ≤ 100.", "ty_le <= 100"),
        ("Cột 5 không lớn hơn 100.", "ty_le <= 100"),
        ("Cột (1) >= 10", "so_ho >= 10"),
        ("Cột 2 ≤ 1", "ho_ngheo <= so_ho"),
    ] {
        assert_eq!(
            with_notes(&[note]),
            (vec![rule.to_owned()], vec![]),
            "{note}"
        );
    }
    for note in ["Ngày 20/9 = 01 bản giấy.", "Trẻ em ≤ 16", "Cột 1 = 16"] {
        assert_eq!(with_notes(&[note]).0, Vec::<String>::new(), "{note}");
    }
}

#[test]
fn an_equation_that_goes_on_in_words_is_not_adopted_in_part() {
    for note in [
        "Cột 4 = cột 2 nhân với mức hỗ trợ.",
        "Cột 1 = cột 2 hoặc cột 3.",
        "Cột 1 = cột 2 + cột 3 (trừ các hộ ở xa).",
        "Cột 1 = cột 2 cùng kỳ năm trước.",
        "Cột 1 = cột 2 ở dòng 1.",
    ] {
        assert_eq!(with_notes(&[note]).0, Vec::<String>::new(), "{note}");
    }
}

#[test]
fn formulas_that_show_nothing_where_there_is_nothing_to_compute_are_rules() {
    for formula in [
        "=IF(C5=0,\"\",ROUND(D5/C5*100,1))",
        "=IF(OR(C5=\"\",D5=\"\"),\"\",ROUND(D5/C5*100,1))",
        "=IF(COUNT(C5:D5)<2,\"\",ROUND(D5/C5*100,1))",
        "=IF(OR(MIN(C5,D5)<0,COUNT(C5,D5)<2),\"\",ROUND(D5/C5*100,1))",
        "=IF(C5>0,ROUND(D5/C5*100,1),0)",
        "=IFERROR(ROUND(D5/C5*100,1),\"\")",
        "=IF(B5=\"\",\"\",IF(C5=0,0,ROUND(D5/C5*100,1)))",
    ] {
        let (rules, asked) = said(
            &[HEAD, NUMBERS, &["1", "Thôn Đông", "", "", "", "", formula]],
            &[],
        );
        assert_eq!(
            rules,
            ["ty_le = ROUND(ho_ngheo / so_ho * 100, 1)"],
            "{formula}"
        );
        assert!(asked.is_empty(), "{formula}: {asked:?}");
    }
}

#[test]
fn formulas_under_a_condition_are_asked() {
    for formula in [
        // 0 although something would be computed.
        "=IF(C5=0,0,D5+E5)",
        "=IF(D5>E5,D5-E5,0)",
        "=IF(C5>10,C5*2,C5*3)",
        "=IFERROR(D5+E5,C5)",
    ] {
        let line: Line<'_> = &["1", "Thôn Đông", "", "", "", formula, ""];
        let (rules, asked) = said(&[HEAD, NUMBERS, line], &[]);
        assert_eq!((rules, asked), (vec![], vec!["F5".to_owned()]), "{formula}");
    }
}

#[test]
fn a_column_whose_formulas_give_words_is_one_of_words() {
    let line: Line<'_> = &[
        "1",
        "Thôn Đông",
        "",
        "",
        "",
        "=IF(C5>D5,\"Tăng\",\"Giảm\")",
        "",
    ];
    let bytes = sheet("BIỂU THỬ NGHIỆM", &[HEAD, NUMBERS, line], &[]);
    let compiled = compiled(&bytes);
    let column = compiled.forms[0]
        .toml
        .split("id = \"kinh_phi\"")
        .nth(1)
        .unwrap();
    assert!(
        column
            .split("[[")
            .next()
            .unwrap()
            .contains("type = \"text\""),
        "{column}"
    );
    assert!(
        compiled.not_understood.is_empty(),
        "{:?}",
        compiled.not_understood
    );
}

#[test]
fn a_document_is_kept_without_the_words_before_it() {
    for basis in [
        "(Ban hành kèm theo Thông tư số 12/2024/TT-BNV)",
        "Kèm theo Thông tư số 12/2024/TT-BNV",
        "Ban hành theo Thông tư số 12/2024/TT-BNV",
    ] {
        let bytes = sheet(basis, &[HEAD, NUMBERS, BODY[0]], &[]);
        let toml = &compiled(&bytes).forms[0].toml;
        assert!(
            toml.contains("legal_basis = \"Thông tư số 12/2024/TT-BNV\""),
            "{basis}: {toml}"
        );
    }
}

#[test]
fn ordinals_without_a_header_are_ordinals() {
    let table: [Line<'_>; 6] = [
        &["", "Chỉ tiêu", "Tổng số", "Nam", "Nữ"],
        &["", "", "1=2+3", "2", "3"],
        &["I", "Khám bệnh (I = 1 + 2)"],
        &["1", "Nội trú"],
        &["2", "Ngoại trú"],
        &["II", "Tiêm chủng"],
    ];
    let (rules, asked) = said(&table, &[]);
    assert_eq!(
        rules,
        [
            "tong_so = SUM(nam, nu)",
            "kham_benh = SUM(noi_tru, ngoai_tru)"
        ]
    );
    assert!(asked.is_empty(), "{asked:?}");
}

#[test]
fn labels_under_a_blank_header_are_labels() {
    let table: [Line<'_>; 4] = [
        &["", "Tổng số", "Nam", "Nữ"],
        &["", "1=2+3", "2", "3"],
        &["Khám bệnh"],
        &["Tiêm chủng"],
    ];
    assert_eq!(said(&table, &[]).0, ["tong_so = SUM(nam, nu)"]);
}

#[test]
fn a_part_behind_several_columns_of_a_total_is_asked() {
    let table: [Line<'_>; 3] = [
        &["STT", "Trường", "Tổng số", "Nam", "Nữ", "Trong đó: dân tộc"],
        &["A", "B", "1", "2", "3", "4"],
        &["1", "Trường A"],
    ];
    assert_eq!(said(&table, &[]), (vec![], vec!["F3".to_owned()]));
}

#[test]
fn hundredths_are_figures_and_a_unit_behind_a_quotient_is_none() {
    let table: [Line<'_>; 3] = [
        &["STT", "Thôn", "Giá trị", "Thuế", "Số hộ", "Tỷ lệ (%)"],
        &["A", "B", "(1)", "(2)=(1)x10%", "(3)", "(4)=(2)/(1) (%)"],
        &["1", "Thôn Đông"],
    ];
    assert_eq!(
        said(&table, &[]).0,
        ["thue = gia_tri * 0.1", "ty_le = thue / gia_tri * 100"]
    );
}

#[test]
fn a_form_put_together_from_others_is_their_sum_cell_by_cell() {
    let table: [Line<'_>; 4] = [
        &["STT", "Loại đơn", "Tổng số", "Còn lại"],
        &["A", "B", "1", "2"],
        &["1", "Khiếu nại"],
        &["2", "Tố cáo"],
    ];
    let note = ["Số liệu biểu này được tổng hợp từ biểu 02, 03/TH."];
    let files = [
        ("01.xlsx", sheet("Biểu số: 01/TH", &table, &note)),
        ("02.xlsx", sheet("Biểu số: 02/TH", &table, &[])),
        ("03.xlsx", sheet("Biểu số: 03/TH", &table, &[])),
    ];
    let blanks: Vec<Blank<'_>> = files
        .iter()
        .map(|(name, bytes)| Blank {
            name,
            bytes,
            aside: &[],
        })
        .collect();
    let all = compile(&blanks, &Limits::default()).unwrap();
    let texts: Vec<&str> = all.forms[0]
        .rules
        .iter()
        .map(|rule| rule.text.as_str())
        .collect();
    assert_eq!(texts.len(), 4, "{texts:?}");
    assert_eq!(
        texts[0],
        "khieu_nai.tong_so = SUM(bieu_02_th!khieu_nai.tong_so, bieu_03_th!khieu_nai.tong_so)"
    );
    // Without the others it is asked.
    let alone = compile(&blanks[..1], &Limits::default()).unwrap();
    assert!(alone.forms[0].rules.is_empty());
    assert_eq!(alone.asked.len(), 1, "{:?}", alone.asked);
}

#[test]
fn what_is_cumulative_from_the_beginning_of_a_year_begins_anew_with_it() {
    let form = |header: &str| {
        let head = ["STT", "Thôn", "Trong tháng", header];
        let bytes = sheet(
            "BIỂU THỬ NGHIỆM",
            &[&head, &["A", "B", "1", "2"], BODY[0]],
            &[],
        );
        compiled(&bytes).forms.remove(0)
    };
    let year = form("Cộng dồn từ đầu năm");
    assert_eq!(
        year.rules[0].text,
        "cong_don_tu_dau_nam = PREV(cong_don_tu_dau_nam) + trong_thang"
    );
    assert!(
        year.toml.contains("when = \"NOT(FIRSTPERIOD())\""),
        "{}",
        year.toml
    );
    let works = form("Lũy kế từ khởi công");
    assert_eq!(works.rules.len(), 1);
    assert!(!works.toml.contains("FIRSTPERIOD"), "{}", works.toml);
}

#[test]
fn what_is_carried_over_from_the_period_before_is_a_rule_on_trial() {
    let table: [Line<'_>; 3] = [
        &[
            "STT",
            "Loại đơn",
            "Kỳ trước chuyển sang",
            "Trong kỳ",
            "Chuyển kỳ sau",
        ],
        &["A", "B", "1", "2", "3"],
        &["1", "Khiếu nại"],
    ];
    let compiled = compiled(&sheet("BIỂU THỬ NGHIỆM", &table, &[]));
    let form = &compiled.forms[0];
    assert_eq!(form.rules[0].strength, "seems");
    assert_eq!(
        form.rules[0].text,
        "ky_truoc_chuyen_sang = PREV(chuyen_ky_sau)"
    );
    assert!(form.toml.contains("status = \"beta\""), "{}", form.toml);
}

#[test]
fn a_total_row_of_formulas_adds_up_no_column_without_one() {
    let table: [Line<'_>; 5] = [
        HEAD,
        NUMBERS,
        BODY[0],
        BODY[1],
        &["", "Tổng cộng", "=C5+C6", "=D5+D6", "=E5+E6"],
    ];
    let (rules, _) = said(&table, &[]);
    assert_eq!(
        rules,
        ["tong_cong = SUM(thon_dong, thon_tay) [so_ho ho_ngheo ho_can_ngheo]"]
    );
}

#[test]
fn formulas_not_understood_are_listed_once_for_a_column() {
    let table: [Line<'_>; 4] = [
        HEAD,
        NUMBERS,
        &["1", "Thôn Đông", "", "", "", "=IF(C5>9,C5*2,C5*3)"],
        &["2", "Thôn Tây", "", "", "", "=IF(C6>9,C6*2,C6*3)"],
    ];
    let compiled = compiled(&sheet("BIỂU THỬ NGHIỆM", &table, &[]));
    let asked: Vec<&str> = compiled
        .asked
        .iter()
        .map(|(words, _)| words.words.as_str())
        .collect();
    assert_eq!(asked, ["=IF(C5>9,C5*2,C5*3) (F5:F6)"]);
}

/// A list with a total row; each column's header and the formula of its total, if it has one.
fn list(columns: &[(&str, &str)]) -> String {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let ruled = Format::new().set_border(FormatBorder::Thin);
    sheet.write(0, 0, "DANH SÁCH THỬ NGHIỆM").unwrap();
    for (at, (header, total)) in (0_u16..).zip(columns) {
        sheet.write_with_format(2, at, *header, &ruled).unwrap();
        for row in 3..9 {
            sheet.write_blank(row, at, &ruled).unwrap();
        }
        match total.is_empty() {
            true => sheet.write_blank(9, at, &ruled),
            false => sheet.write_formula_with_format(9, at, *total, &ruled),
        }
        .unwrap();
    }
    sheet.write_with_format(9, 1, "Tổng cộng", &ruled).unwrap();
    let compiled = compiled(&book.save_to_buffer().unwrap());
    compiled.forms[0].toml.clone()
}

/// The type that a form gives a column.
fn kind<'a>(form: &'a str, header: &str) -> &'a str {
    let behind = form.split(&format!("label = \"{header}\"")).nth(1).unwrap();
    let line = behind.lines().find_map(|line| line.strip_prefix("type = "));
    line.unwrap().trim_matches('"')
}

#[test]
fn what_a_total_row_adds_up_is_a_figure_whatever_it_is_called() {
    let form = list(&[
        ("STT", ""),
        ("Tên đơn vị", ""),
        ("Lúa", "=SUM(C4:C9)"),
        ("Đã giải ngân", "=SUM(D4:D9)"),
        ("Người phụ trách", ""),
    ]);
    for figure in ["Lúa", "Đã giải ngân"] {
        assert!(["count", "amount"].contains(&kind(&form, figure)), "{form}");
    }
    assert_eq!(kind(&form, "Người phụ trách"), "text");
}

#[test]
fn columns_of_marks_are_columns_of_marks() {
    let form = list(&[
        ("STT", ""),
        ("Họ và tên", ""),
        ("Nữ", "=COUNTIF(C4:C9,\"x\")"),
        ("Đã hoàn thành (đánh dấu x)", ""),
        ("Số tiền", "=SUM(E4:E9)"),
    ]);
    for mark in ["Nữ", "Đã hoàn thành (đánh dấu x)"] {
        assert_eq!(kind(&form, mark), "flag", "{form}");
    }
}

/// A list whose total row has no formulas, and a row of numbers under its header: headers with those
/// that span them.
fn plain_list(headers: &[(&str, &str)]) -> String {
    let numbers: Vec<String> = (1..=headers.len()).map(|at| at.to_string()).collect();
    let numbers: Vec<&str> = numbers.iter().map(String::as_str).collect();
    let upper: Vec<&str> = headers.iter().map(|(upper, _)| *upper).collect();
    let lower: Vec<&str> = headers.iter().map(|(_, lower)| *lower).collect();
    let table: [&[&str]; 7] = [
        &upper,
        &lower,
        &numbers,
        &["1"],
        &["2"],
        &["3"],
        &["", "Cộng"],
    ];
    let compiled = compiled(&sheet("DANH SÁCH THỬ NGHIỆM", &table, &[]));
    compiled.forms[0].toml.clone()
}

/// The type of a column; what it does not say itself the defaults say.
fn kind_under<'a>(form: &'a str, header: &str) -> &'a str {
    let own = form
        .split("[[column]]")
        .find(|part| part.contains(&format!("\"{header}\"")));
    let own = own.unwrap().split("\n\n").next().unwrap();
    let mut lines = own.lines().chain(form.lines());
    let line = lines.find_map(|line| line.strip_prefix("type = "));
    line.unwrap().trim_matches('"')
}

#[test]
fn a_unit_of_measure_in_a_header_or_above_it_says_the_type_of_a_list_without_formulas() {
    let form = plain_list(&[
        ("TT", ""),
        ("Địa điểm xảy ra", ""),
        ("Thiệt hại về người", "Số người chết"),
        ("Số trường học bị ảnh hưởng", ""),
        ("Thiệt hại tài sản (triệu đồng)", "Nhà ở, công trình"),
        ("Nhà bị tốc mái (cái)", ""),
        ("Lúa bị ngập (ha)", ""),
        ("Kênh sạt lở (km)", ""),
        ("Hỗ trợ (tr.đ)", ""),
        ("Mức độ (%)", ""),
        ("Đã khởi tố (có/không)", ""),
        ("Người phụ trách", ""),
    ]);
    for (header, wanted) in [
        ("Số người chết", "count"),
        ("Số trường học bị ảnh hưởng", "count"),
        ("Nhà ở, công trình", "amount"),
        ("Nhà bị tốc mái (cái)", "count"),
        ("Lúa bị ngập (ha)", "amount"),
        ("Kênh sạt lở (km)", "amount"),
        ("Hỗ trợ (tr.đ)", "amount"),
        ("Mức độ (%)", "percent"),
        ("Đã khởi tố (có/không)", "choice"),
        ("Người phụ trách", "text"),
    ] {
        assert_eq!(kind_under(&form, header), wanted, "{header}\n{form}");
    }
}

#[test]
fn figures_under_a_spanning_unit_of_money_are_amounts_in_fixed_rows() {
    let table: [&[&str]; 6] = [
        &["STT", "Lĩnh vực", "Số hồ sơ", "Hỗ trợ (triệu đồng)", ""],
        &["", "", "", "Trước hạn", "Quá hạn"],
        &["", "", "1", "2", "3"],
        &["1", "Hộ tịch"],
        &["2", "Chứng thực"],
        &["3", "Đất đai"],
    ];
    let form = &compiled(&sheet("KẾT QUẢ", &table, &[])).forms[0].toml;
    assert_eq!(kind_under(form, "Số hồ sơ"), "count", "{form}");
    assert_eq!(kind_under(form, "Trước hạn"), "amount", "{form}");
}
