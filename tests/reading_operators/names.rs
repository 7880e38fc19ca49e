//! Operators on the name of the unit (M11–M16, M20–M22, M25, M48), on whole files (M42, M43), and
//! those that need a form with dates (M39) or with percentages to be totalled (M47).

use std::sync::Arc;

use tonghop::extract::{identity, locate, read_table};
use tonghop::model::{Allowance, CellAddress, Period, Severity};
use tonghop::roster::Roster;
use tonghop::rules::{UnitTables, check_unit};
use tonghop::schema::Form;
use tonghop::text::fold;
use tonghop::workbook::{
    Content, Format, Limits, Sheet, Workbook, read_workbook, workbook_from_bytes,
};
use unicode_normalization::UnicodeNormalization;

use crate::{Sample, Seen, common, communes, number, see, text};

/// Whom a workbook that only prints a name, and maybe a code, is taken to be from.
fn identified(name: &str, code: Option<&str>) -> Seen {
    identified_in(&communes(), name, code)
}

fn identified_in(sample: &Sample, name: &str, code: Option<&str>) -> Seen {
    let mut workbook = sample.workbook.clone();
    workbook.names.clear();
    workbook.sheets.retain(|sheet| !sheet.name.starts_with('_'));
    for cell in workbook
        .sheets
        .iter_mut()
        .flat_map(|sheet| sheet.cells.values_mut())
    {
        let Some(printed) = cell.text() else { continue };
        let replaced = if printed.starts_with("Đơn vị báo cáo:") {
            format!("Đơn vị báo cáo: {name}")
        } else if printed.starts_with("Mã đơn vị:") {
            code.map_or(String::new(), |code| format!("Mã đơn vị: {code}"))
        } else {
            continue;
        };
        cell.content = Content::Text(replaced.into());
    }
    see(&sample.campaign, &workbook)
}

#[test]
fn a_unit_is_known_by_its_name_or_asked_about() {
    let nfd: String = "Xã Tiên Thủy".nfd().collect();
    let right = [
        ("M11", nfd.as_str(), "28861"),
        ("M12", "Xã Tiên Thu\u{309}y", "28861"),
        ("M13", "Xã Tiên Thuỷ", "28861"),
        ("M14", "Xã Lục Sỹ Thành", "29857"),
        ("M16", "XÃ TIÊN THỦY", "28861"),
        ("M20", "UBND xã Tiên Thủy", "28861"),
        ("M20", "P. Phú Khương", "28756"),
        ("M20", "X. Tiên Thủy", "28861"),
    ];
    for (operator, name, code) in right {
        assert_eq!(
            identified(name, None).unit.as_deref(),
            Some(code),
            "{operator} {name}"
        );
    }
    let asked = [
        ("M15", fold("Xã Tiên Thủy"), None),
        ("M21", "Xã Long Hải".to_owned(), None),
        ("M22", String::new(), Some("29752")),
        ("M25", "Xã Yên Thành".to_owned(), None),
    ];
    for (operator, name, code) in asked {
        let seen = identified(&name, code);
        assert_eq!(seen.unit, None, "{operator} {name}");
        let asks = seen.findings.iter().any(|finding| {
            finding.severity == Severity::Error && finding.class == tonghop::model::Class::Identity
        });
        assert!(asks, "{operator} {name}");
    }
}

#[test]
fn a_unit_that_was_renamed_before_the_period_is_asked_about() {
    // M48: the roster knows both, and since when.
    let mut sample = communes();
    let roster = "code,name,kind,group,active_from,active_to,aliases\n\
        28861-cu,Xã Tiên Thủy,xa,Xã,,2025-08-31,\n28861,Phường Tiên Thủy,phuong,Phường,2025-09-01,,\n";
    sample.campaign.definition.roster = Roster::parse(roster.as_bytes(), "roster.csv").unwrap();
    let unit = |name| identified_in(&sample, name, None).unit;
    assert_eq!(unit("Phường Tiên Thủy").as_deref(), Some("28861"));
    let seen = identified_in(&sample, "Xã Tiên Thủy", None);
    assert_eq!(seen.unit, None);
    let told: Vec<&str> = seen.findings.iter().map(|f| f.rule.as_str()).collect();
    assert!(told.contains(&"don-vi-khong-con"), "{told:?}");
}

#[test]
fn the_name_of_a_file_says_nothing_of_its_format() {
    // M43: .xlsx renamed .xls.
    let path = common::sample("vinh-long-2025-09/inbox/dot-1/28756-phuong-phu-khuong-2025-09.xlsx");
    let bytes = std::fs::read(path).unwrap();
    let workbook = workbook_from_bytes("bao-cao.xls", &bytes, &Limits::default()).unwrap();
    assert_eq!(workbook.format, Format::Xlsx);
}

#[test]
fn the_old_binary_format_holds_the_same_figures() {
    // M42: `bieu.xls` is `bieu.xlsx` as LibreOffice saves it.
    let campaign = communes().campaign;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats");
    let [new, old] = ["bieu.xlsx", "bieu.xls"].map(|file| {
        let workbook = read_workbook(&folder.join(file), &Limits::default()).unwrap();
        let seen = see(&campaign, &workbook);
        assert!(seen.facts.len() > 50, "{file}");
        seen.facts
    });
    assert_eq!(old, new);
}

fn form(columns: &str) -> Arc<Form> {
    let head = "id = \"thu\"\nversion = \"1\"\ntitle = \"Biểu thử\"\nsheet = \"Thử\"\n\
        [layout]\nrows = \"free\"\nlabel = \"Tên\"\ntotal = \"Tổng cộng\"\n\
        [[column]]\nid = \"ten\"\nlabel = \"Tên\"\ntype = \"text\"\nkey = true\n";
    let head = head.replace("label = \"Tên\"\ntotal", "total");
    Arc::new(Form::parse("thu.toml", &format!("{head}{columns}")).unwrap_or_else(|e| panic!("{e}")))
}

fn sheet(cells: &[(&str, tonghop::workbook::Cell)]) -> Workbook {
    let mut sheet = Sheet::new("Thử");
    for (at, cell) in cells {
        sheet.cells.insert(at.parse().unwrap(), cell.clone());
    }
    Workbook {
        sheets: vec![sheet],
        saved_at: None,
        format: Format::Xlsx,
        has_macros: false,
        names: Vec::new(),
    }
}

/// The rules and cells of what is said of a table, with the messages.
fn said(form: &Arc<Form>, workbook: &Workbook) -> Vec<(String, Option<CellAddress>, String)> {
    let found = locate(
        workbook,
        &identity::read(workbook),
        std::slice::from_ref(form),
    );
    let period: Period = "2025-09".parse().unwrap();
    let (table, mut findings) = read_table(
        workbook,
        &"a.xlsx".into(),
        &found.tables[0],
        None,
        Some(period),
    );
    let outcome = check_unit(
        &UnitTables {
            unit: "u",
            kind: None,
            tables: &[table],
            previous: None,
        },
        &Allowance::default(),
    );
    findings.extend(outcome.findings);
    findings
        .into_iter()
        .map(|f| (f.rule.clone(), f.cell, f.message.vi.clone()))
        .collect()
}

#[test]
fn a_date_with_day_and_month_swapped_is_asked_about() {
    let form = form("[[column]]\nid = \"ngay\"\nlabel = \"Ngày\"\ntype = \"date\"\n");
    let day = |text: &str| {
        let date: chrono::NaiveDate = text.parse().unwrap();
        let mut cell = number(0.0);
        cell.content = Content::Date(date.and_hms_opt(0, 0, 0).unwrap());
        cell
    };
    let workbook = sheet(&[
        ("A1", text("Tên")),
        ("B1", text("Ngày")),
        ("A2", text("Cuộc họp 1")),
        ("B2", day("2025-03-09")), // the 3rd of September, typed on a machine with English settings
        ("A3", text("Cuộc họp 2")),
        ("B3", text("15/09/2025 12:00:00 SA")),
        ("A4", text("Cuộc họp 3")),
        ("B4", day("2024-12-20")), // outside the period either way: no swap
        ("A5", text("Tổng cộng")),
    ]);
    let said = said(&form, &workbook);
    let swapped: Vec<_> = said
        .iter()
        .filter(|(rule, ..)| rule == "ngay-thang-dao")
        .collect();
    assert_eq!(swapped.len(), 1, "{said:?}");
    assert_eq!(swapped[0].1, Some("B2".parse().unwrap()));
    assert!(swapped[0].2.contains("03/09/2025"), "{}", swapped[0].2);
}

#[test]
fn rows_prepared_with_formulas_and_never_filled_are_no_rows() {
    // What a formula over blank cells gives is 0, or "" saved as 0 by another program.
    let form = form("[[column]]\nid = \"so\"\nlabel = \"Số\"\ntype = \"count\"\n");
    let computed = |figure: f64| tonghop::workbook::Cell {
        formula: Some("C3+D3".to_owned()),
        ..number(figure)
    };
    let told = |prepared| {
        let workbook = sheet(&[
            ("A1", text("Tên")),
            ("B1", text("Số")),
            ("A2", text("Hộ tịch")),
            ("B2", number(5.0)),
            ("B3", prepared),
            ("A4", text("Tổng cộng")),
            ("B4", number(5.0)),
        ]);
        let said = said(&form, &workbook);
        said.into_iter().map(|(rule, ..)| rule).collect::<Vec<_>>()
    };
    assert_eq!(told(computed(0.0)), Vec::<String>::new());
    for figure in [number(0.0), number(7.0), computed(7.0)] {
        assert_eq!(told(figure), ["dong-khong-ten"]);
    }
}

#[test]
fn percentages_added_up_or_averaged_are_named_so() {
    let form = form(
        "[[column]]\nid = \"tu\"\nlabel = \"Đúng hạn\"\ntype = \"count\"\n\
         [[column]]\nid = \"mau\"\nlabel = \"Tất cả\"\ntype = \"count\"\n\
         [[column]]\nid = \"ty_le\"\nlabel = \"Tỷ lệ\"\ntype = \"percent\"\nnumerator = \"tu\"\ndenominator = \"mau\"\n",
    );
    let told = |share: f64| {
        let row = |n: u32, name: &str, figures: [f64; 3]| {
            let cell = |letter: &str, figure: f64| (format!("{letter}{n}"), number(figure));
            let mut cells = vec![(format!("A{n}"), text(name))];
            cells.extend(["B", "C", "D"].iter().zip(figures).map(|(l, f)| cell(l, f)));
            cells
        };
        let mut cells = vec![
            ("A1".to_owned(), text("Tên")),
            ("B1".to_owned(), text("Đúng hạn")),
            ("C1".to_owned(), text("Tất cả")),
            ("D1".to_owned(), text("Tỷ lệ")),
        ];
        cells.extend(row(2, "Hộ tịch", [1.0, 2.0, 50.0]));
        cells.extend(row(3, "Đất đai", [30.0, 40.0, 75.0]));
        cells.extend(row(4, "Tổng cộng", [31.0, 42.0, share]));
        let cells: Vec<_> = cells
            .iter()
            .map(|(at, cell)| (at.as_str(), cell.clone()))
            .collect();
        said(&form, &sheet(&cells))
    };
    let wrong = |share: f64| {
        let said = told(share);
        let found = said.iter().find(|(rule, ..)| rule == "ty-le-sai");
        let (_, cell, message) = found.unwrap_or_else(|| panic!("{said:?}"));
        assert_eq!(*cell, Some("D4".parse().unwrap()));
        message.clone()
    };
    let sum = wrong(125.0);
    assert!(sum.contains("là tổng các tỷ lệ"), "{sum}");
    assert!(wrong(62.5).contains("là trung bình cộng các tỷ lệ"));
    assert!(!wrong(70.0).contains("các tỷ lệ"));
    assert!(told(73.81).iter().all(|(rule, ..)| rule != "ty-le-sai"));
}
