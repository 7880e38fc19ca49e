//! The master workbook, read back: formulas, their results, what is visible when units lack.

use std::sync::Arc;

use rust_decimal::dec;

use crate::consolidate::{
    Consolidated, Figure, FormTable, FreeRow, LineState, Subtotal, TableField, UnitLine,
};
use crate::model::{
    CellAddress, Class, Finding, Lang, Message, Number, ReportingUnit, Severity, UnitFiling,
    UnitStatus, Value,
};
use crate::rules::Tallies;
use crate::schema::Form;
use crate::write::tests::{FIXED, TTHC, Written, campaign, created, form, unit};
use crate::write::*;

fn number(number: Number) -> Option<Value> {
    Some(Value::Number(number))
}

fn line(unit: &Arc<ReportingUnit>, values: Vec<Option<Value>>, rows: Vec<FreeRow>) -> UnitLine {
    UnitLine {
        unit: unit.clone(),
        state: LineState::Accepted,
        file: Some("inbox/vong 1/a.xlsx".into()),
        sources: vec![None; values.len()],
        values,
        rows,
    }
}

fn absent(unit: &Arc<ReportingUnit>, state: LineState, fields: usize) -> UnitLine {
    let mut line = line(unit, vec![None; fields], Vec::new());
    line.state = state;
    line.file = None;
    line
}

fn units() -> Vec<Arc<ReportingUnit>> {
    vec![
        unit("H61.01", "Sở Nội vụ", "so", "Sở, ban, ngành"),
        unit("H61.02", "Sở Tư pháp", "so", "Sở, ban, ngành"),
        unit("28756", "Xã A", "xa", "Khu vực Bến Tre"),
        unit("28757", "Xã B", "xa", "Khu vực Vĩnh Long"),
    ]
}

fn subtotal(kind: &str, group: &str, values: Vec<Option<Value>>) -> Subtotal {
    Subtotal {
        kind: kind.to_owned(),
        group: group.to_owned(),
        values,
    }
}

fn free_row(key: &str, tong: Number, truc_tuyen: Number) -> FreeRow {
    let key: Arc<str> = key.into();
    let name = Some(Value::Text(key.to_string()));
    FreeRow {
        key,
        values: vec![name, number(tong), number(truc_tuyen), None, None],
        source: None,
    }
}

/// tthc: one unit with two rows, one with one, one missing, one returned.
fn free_table(form: &Arc<Form>) -> FormTable {
    let units = units();
    let percent = |value| number(value);
    let fields = (1..5).map(|column| TableField { row: None, column });
    let a = vec![number(dec!(100)), number(dec!(50)), None, percent(dec!(50))];
    let c = vec![
        number(dec!(24)),
        number(dec!(16)),
        None,
        percent(dec!(66.66)),
    ];
    let total = vec![
        number(dec!(124)),
        number(dec!(66)),
        None,
        percent(dec!(53.22)),
    ];
    FormTable {
        form: form.clone(),
        fields: fields.collect(),
        lines: vec![
            line(
                &units[0],
                a.clone(),
                vec![
                    free_row("Hộ tịch", dec!(60), dec!(30)),
                    free_row("Đất đai", dec!(40), dec!(20)),
                ],
            ),
            absent(&units[1], LineState::Missing, 4),
            line(
                &units[2],
                c.clone(),
                vec![free_row("Hộ tịch", dec!(24), dec!(16))],
            ),
            absent(&units[3], LineState::Returned, 4),
        ],
        sums: Vec::new(),
        subtotals: vec![
            subtotal("so", "Sở, ban, ngành", a),
            subtotal("xa", "Khu vực Bến Tre", c),
            subtotal("xa", "Khu vực Vĩnh Long", vec![None; 4]),
        ],
        expected: Some(4),
        total,
    }
}

/// van_ban: gui (2 columns), qua_truc (1), chi_xa (2), dat (2, ticked).
fn fixed_table(form: &Arc<Form>) -> FormTable {
    let units = units();
    let fields: Vec<TableField> = (0..form.file.rows.len())
        .flat_map(|row| {
            (0..2).map(move |column| TableField {
                row: Some(row),
                column,
            })
        })
        .filter(|field| form.field(field.row, field.column).is_some())
        .collect();
    let values = |sent: i64, ticked: bool| {
        let mut values = vec![None; 7];
        values[1] = number(sent.into());
        values[6] = Some(Value::Flag(ticked));
        values
    };
    let sums = |sent: i64, ticks: i64| {
        let mut values = vec![None; 7];
        values[1] = number(sent.into());
        values[6] = number(ticks.into());
        values
    };
    FormTable {
        form: form.clone(),
        fields,
        lines: vec![
            line(&units[0], values(1, true), Vec::new()),
            line(&units[1], values(2, false), Vec::new()),
            line(&units[2], values(4, true), Vec::new()),
            line(&units[3], values(8, true), Vec::new()),
        ],
        sums: Vec::new(),
        subtotals: vec![
            subtotal("so", "Sở, ban, ngành", sums(3, 1)),
            subtotal("xa", "Khu vực Bến Tre", sums(4, 1)),
            subtotal("xa", "Khu vực Vĩnh Long", sums(8, 1)),
        ],
        expected: Some(4),
        total: sums(15, 3),
    }
}

fn consolidated() -> Consolidated {
    Consolidated {
        forms: vec![free_table(&form(TTHC)), fixed_table(&form(FIXED))],
        figures: vec![Figure {
            id: "A01".to_owned(),
            label: "Hồ sơ tiếp nhận".to_owned(),
            value: number(dec!(124)),
            decimals: None,
            unit: Some("hồ sơ".to_owned()),
            lacking: vec!["H61.02".into(), "28757".into()],
        }],
    }
}

fn finding() -> Finding {
    let message = Message::new("Tổng số lệch", "The total is off");
    let file = "inbox/vong 1/a.xlsx".into();
    Finding::new("lech-tong", Class::Rule, Severity::Error, &file, message)
        .at(&"II.06a".into(), CellAddress::new(11, 5))
        .value(number(dec!(10361)))
        .of_unit("H61.01")
}

fn master(consolidated: &Consolidated) -> (Written, Vec<u8>) {
    let campaign = campaign();
    let filings: Vec<UnitFiling> = units()
        .into_iter()
        .map(|unit| UnitFiling {
            unit,
            status: UnitStatus::Accepted,
            file: None,
        })
        .collect();
    let findings = [finding()];
    let expressions = [crate::schema::parser::parse("tthc!tong").unwrap()];
    let past = [crate::consolidate::PastFigures {
        period: campaign.period.previous(),
        figures: vec![Figure {
            id: "A01".into(),
            label: "Tổng số".into(),
            value: number(dec!(100)),
            decimals: None,
            unit: None,
            lacking: Vec::new(),
        }],
    }];
    let input = MasterInput {
        campaign: &campaign,
        period: campaign.period,
        received_until: None,
        consolidated,
        expressions: &expressions,
        past: &past,
        units: &filings,
        submissions: &[],
        findings: &findings,
        tallies: &Tallies::default(),
        link_prefix: "../",
        lang: Lang::Vi,
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tong-hop.xlsx");
    std::fs::write(&path, write_master(&input, created()).unwrap()).unwrap();
    (Written::open(&path), std::fs::read(&path).unwrap())
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    assert_eq!(master(&consolidated()).1, master(&consolidated()).1);
}

#[test]
fn a_unit_adds_its_rows_by_reference() {
    let (book, _) = master(&consolidated());
    // Kind A in row 7, Sở Nội vụ in row 8; Tổng số is column E.
    assert_eq!(book.value("II.06a", "C8"), "Sở Nội vụ");
    assert_eq!(
        book.formula("II.06a", "E8"),
        "IF(COUNT('II.06a - chi tiết'!E7:E8)=0,\"\",SUM('II.06a - chi tiết'!E7:E8))"
    );
    assert_eq!(book.value("II.06a", "E8"), "100");
    assert_eq!(book.value("II.06a - chi tiết", "E7"), "60");
    // Nothing filed in a column: blank, not 0.
    assert_eq!(book.value("II.06a", "G8"), "");
}

#[test]
fn totals_add_what_stands_right_below_them_once() {
    let (book, _) = master(&consolidated());
    assert_eq!(
        book.formula("II.06a", "E7"),
        "IF(COUNT(E8:E9)=0,\"\",SUM(E8:E9))"
    );
    assert_eq!(
        book.formula("II.06a", "E10"),
        "IF(COUNT(E11,E13)=0,\"\",SUM(E11,E13))"
    );
    assert_eq!(book.value("II.06a", "C15"), "TỔNG CỘNG");
    assert_eq!(
        book.formula("II.06a", "E15"),
        "IF(COUNT(E7,E10)=0,\"\",SUM(E7,E10))"
    );
    assert_eq!(book.value("II.06a", "E15"), "124");
    assert_eq!(book.value("II.06a", "E13"), "");
}

#[test]
fn a_ratio_is_computed_anew_at_every_level() {
    let (book, _) = master(&consolidated());
    for (row, percent) in [(7, "50"), (8, "50"), (10, "66.66"), (15, "53.22")] {
        let cell = format!("H{row}");
        assert_eq!(
            book.formula("II.06a", &cell),
            format!(
                "IF(COUNT(F{row},E{row})<2,\"\",IF(E{row}=0,\"\",ROUNDDOWN(100*F{row}/E{row},2)))"
            )
        );
        assert_eq!(book.value("II.06a", &cell), percent);
    }
}

#[test]
fn ticks_are_counted_among_units_and_added_above() {
    let (book, _) = master(&consolidated());
    // Văn bản: units in rows 9, 10, 13, 15 under a row of units of measure; ticks in column K.
    assert_eq!(book.value("Văn bản", "K9"), "x");
    assert_eq!(book.value("Văn bản", "K10"), "");
    assert_eq!(book.formula("Văn bản", "K8"), "COUNTIF(K9:K10,\"x\")");
    assert_eq!(
        book.formula("Văn bản", "K16"),
        "IF(COUNT(K8,K11)=0,\"\",SUM(K8,K11))"
    );
    assert_eq!(book.value("Văn bản", "K16"), "3");
    assert_eq!(book.value("Văn bản", "F16"), "15");
}

#[test]
fn a_total_that_is_not_its_parts_is_never_shown_as_their_sum() {
    let mut wrong = consolidated();
    wrong.forms[0].total[0] = number(dec!(125));
    let (book, _) = master(&wrong);
    assert_eq!(book.formula("II.06a", "E15"), "");
    assert_eq!(book.value("II.06a", "E15"), "125");
}

#[test]
fn a_provisional_consolidation_says_so() {
    let (book, _) = master(&consolidated());
    let banner = "SỐ LIỆU TẠM TÍNH: còn 2 đơn vị chưa có số";
    assert_eq!(book.value("Tổng quan", "A3"), banner);
    assert_eq!(book.value("II.06a", "A3"), banner);
    assert_eq!(book.value("Văn bản", "A3"), "");
    assert_eq!(book.value("II.06a", "D9"), "chưa gửi");
    assert_eq!(book.value("II.06a", "D14"), "trả lại");
    let notes = book.values.values().map(ToString::to_string);
    let wanted = "tạm tính, thiếu 2 đơn vị: Sở Tư pháp, Xã B";
    assert!(notes.into_iter().any(|note| note == wanted));
}

#[test]
fn findings_keep_figures_as_numbers_and_codes_as_text() {
    let (book, _) = master(&consolidated());
    assert!(book.is_number("Phát hiện", "J5"));
    assert!(!book.is_number("II.06a", "B11"));
    assert_eq!(book.value("Phát hiện", "G5"), "inbox/vong 1/a.xlsx");
    assert_eq!(book.value("Phát hiện", "I5"), "F12");
}

#[test]
fn every_total_that_lacks_units_says_how_many() {
    let (book, _) = master(&consolidated());
    // Kind A lacks Sở Tư pháp, kind B lacks Xã B, Khu vực Bến Tre lacks nobody.
    assert_eq!(book.value("II.06a", "D7"), "thiếu 1");
    assert_eq!(book.value("II.06a", "D11"), "");
    assert_eq!(book.value("II.06a", "D13"), "thiếu 1");
    assert_eq!(book.value("II.06a", "D15"), "thiếu 2");
    assert_eq!(book.value("Văn bản", "D16"), "");
}

#[test]
fn a_figure_that_is_a_total_refers_to_it() {
    let (book, _) = master(&consolidated());
    let formulas = book.formulas.iter();
    let found: Vec<_> = formulas
        .filter(|((sheet, _), formula)| sheet == "Tổng quan" && *formula == "'II.06a'!E15")
        .collect();
    assert_eq!(found.len(), 1);
    assert_eq!(book.value("Diễn biến", "E5"), "124");
    assert_eq!(book.value("Diễn biến", "F5"), "24");
}

const APPENDICES: &str = r#"
name = "a"
title = "Báo cáo"
period = "2025-09"
office = "Sở Khoa học và Công nghệ"
place = "Vĩnh Long"
kind = []
form = []

[[appendix]]
title = "Chi tiết lĩnh vực"
sheet = "Phụ lục I"
form = "tthc"
list = "rows"
columns = ["linh_vuc", "tong", "truc_tuyen", "truc_tiep", "ty_le"]
total = "Tổng cộng"
unit = "hồ sơ"

[[appendix]]
title = "Đơn vị đạt"
sheet = "Phụ lục II"
form = "van_ban"
list = "units"
columns = ["gui.trong_ky"]
headers = { "gui.trong_ky" = "Văn bản gửi" }
where = "dat.trong_ky"
by_group = true
total = "Tổng cộng"

[[appendix]]
title = "Danh sách"
sheet = "Phụ lục III"
form = "van_ban"
list = "units"
where = "dat.trong_ky"
total = "Tổng cộng"
"#;

fn appendices() -> Written {
    let source = crate::schema::source::Source {
        name: "campaign.toml",
        text: APPENDICES,
    };
    let campaign = source.parse().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("phu-luc.xlsx");
    let bytes = write_appendices(&campaign, &consolidated(), created()).unwrap();
    std::fs::write(&path, bytes.unwrap()).unwrap();
    Written::open(&path)
}

#[test]
fn an_appendix_of_rows_adds_them_and_leaves_blank_columns_blank() {
    let book = appendices();
    let sheet = "Phụ lục I";
    assert_eq!(book.value(sheet, "A1"), "Phụ lục I");
    assert_eq!(book.value(sheet, "A2"), "CHI TIẾT LĨNH VỰC");
    assert_eq!(
        book.value(sheet, "A4"),
        "SỐ LIỆU TẠM TÍNH: còn 2 đơn vị chưa có số"
    );
    assert_eq!(book.value(sheet, "A6"), "ĐVT: hồ sơ");
    // Header in rows 7 to 9; several units file the form, so each row says whose it is.
    assert_eq!(book.value(sheet, "B10"), "Sở Nội vụ");
    assert_eq!(book.value(sheet, "C12"), "Hộ tịch");
    assert_eq!(book.value(sheet, "A13"), "Tổng cộng");
    assert_eq!(
        book.formula(sheet, "D13"),
        "IF(COUNT(D10:D12)=0,\"\",SUM(D10:D12))"
    );
    assert_eq!(book.value(sheet, "D13"), "124");
    assert_eq!(book.value(sheet, "F13"), "");
    assert_eq!(book.value(sheet, "G13"), "53.22");
}

#[test]
fn an_appendix_of_units_takes_those_ticked_under_their_groups() {
    let book = appendices();
    let sheet = "Phụ lục II";
    let column: Vec<String> = (6..=12)
        .map(|row| book.value(sheet, &format!("B{row}")))
        .collect();
    assert_eq!(
        column,
        [
            "Sở, ban, ngành (1 đơn vị)",
            "Sở Nội vụ",
            "Khu vực Bến Tre (1 đơn vị)",
            "Xã A",
            "Khu vực Vĩnh Long (1 đơn vị)",
            "Xã B",
            "",
        ]
    );
    assert_eq!(book.value(sheet, "A10"), "III");
    assert_eq!(book.value(sheet, "C5"), "Văn bản gửi");
    assert_eq!(
        book.formula(sheet, "C12"),
        "IF(COUNT(C6,C8,C10)=0,\"\",SUM(C6,C8,C10))"
    );
    assert_eq!(book.value(sheet, "C12"), "13");
    assert_eq!(book.value("Phụ lục III", "A9"), "Tổng cộng: 3 đơn vị");
}
