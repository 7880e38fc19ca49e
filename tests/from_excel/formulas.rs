//! Formulas that are none of the table's own cells, and those of total rows that grow.

use rust_xlsxwriter::{Format, FormatBorder, Workbook};

use crate::kinds::{BODY, HEAD, NUMBERS, compiled};

#[test]
fn what_a_check_beside_the_table_calls_right_is_a_rule() {
    let under = |formula: &str| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let ruled = Format::new().set_border(FormatBorder::Thin);
        sheet.write(0, 0, "BIỂU THỬ NGHIỆM").unwrap();
        for (row, line) in (2..).zip([HEAD, NUMBERS, BODY[0], BODY[1]]) {
            for column in 0..7_u16 {
                let text = line.get(usize::from(column)).copied().unwrap_or_default();
                match text {
                    "" => sheet.write_blank(row, column, &ruled).unwrap(),
                    text => sheet.write_with_format(row, column, text, &ruled).unwrap(),
                };
            }
        }
        for row in [4_u32, 5] {
            let own = formula.replace('#', &(row + 1).to_string());
            sheet.write_formula(row, 9, own.as_str()).unwrap();
        }
        let compiled = compiled(&book.save_to_buffer().unwrap());
        let rules = compiled.forms.iter().flat_map(|form| &form.rules);
        rules.map(|rule| rule.text.clone()).collect::<Vec<_>>()
    };
    for formula in [
        "=IF(C#=D#+E#,\"Đúng\",\"Sai\")",
        "=IF(C#<>D#+E#,\"Lệch \"&C#-D#-E#,\"\")",
        "=IFERROR(IF(OR(MIN(C#,D#,E#)<0,COUNT(C#,D#,E#)<3),\"…\",IF((ROUND(C#-(D#+E#),6)=0),\"✓\",\"Sai\")),\"…\")",
    ] {
        assert_eq!(
            under(formula),
            ["so_ho = SUM(ho_ngheo, ho_can_ngheo)"],
            "{formula}"
        );
    }
    assert_eq!(
        under("=IF(ABS(C#-D#-E#)<0.5,\"OK\",\"Không khớp\")"),
        ["ho_can_ngheo = so_ho - ho_ngheo"]
    );
    assert_eq!(under("=IF(AND(D#<=C#,E#<=C#),\"Đúng\",\"Sai\")").len(), 2);
    for formula in [
        // Where it holds, and which is wrong, is not said.
        "=IF(C#>100,IF(C#=D#+E#,\"Đúng\",\"Sai\"),\"\")",
        "=IF(C#=D#+E#,\"Xem lại\",\"Chờ\")",
        "=IF(C#=D#,\"Xã miền núi\",\"Xã khác\")",
        // How a plan was met.
        "=IF(C#>=D#,\"Đạt\",\"Chưa đạt\")",
        "=IF(C#+D#>E#+F#,\"Đúng\",\"Sai\")",
        // They may be one apart.
        "=IF(ABS(C#-D#-E#)<=1,\"Đúng\",\"Sai\")",
    ] {
        assert_eq!(under(formula), Vec::<String>::new(), "{formula}");
    }
}

#[test]
fn a_total_up_to_the_row_above_it_adds_up_all_rows() {
    for formula in ["=SUM(C4:INDEX(C:C,ROW()-1))", "=SUM(C4:OFFSET(C6,-1,0))"] {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        let ruled = Format::new().set_border(FormatBorder::Thin);
        sheet.write(0, 0, "DANH SÁCH THỬ NGHIỆM").unwrap();
        let lines = [
            ["STT", "Tên hạng mục", "Kinh phí"],
            ["", "", ""],
            ["", "", ""],
            ["", "Tổng cộng", formula],
        ];
        for (row, line) in (2_u32..).zip(lines) {
            for (column, text) in (0_u16..).zip(line) {
                match text {
                    "" => sheet.write_blank(row, column, &ruled),
                    text if text.starts_with('=') => {
                        sheet.write_formula_with_format(row, column, text, &ruled)
                    }
                    text => sheet.write_with_format(row, column, text, &ruled),
                }
                .unwrap();
            }
        }
        let compiled = compiled(&book.save_to_buffer().unwrap());
        assert!(compiled.asked.is_empty(), "{formula}: {:?}", compiled.asked);
        let rules = compiled.forms.iter().flat_map(|form| &form.rules);
        let texts: Vec<&str> = rules.map(|rule| rule.text.as_str()).collect();
        assert_eq!(texts, ["kinh_phi = SUM(kinh_phi)"], "{formula}");
    }
}
