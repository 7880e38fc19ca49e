//! A template stays readable when rows and columns are inserted, sheets renamed and reordered, and
//! labels retyped: its defined names move along, and findings give the new addresses.

mod common;

use std::collections::BTreeMap;

use tonghop::campaign::Campaign;
use tonghop::judge::{Received, ReceivedFile, check_alone};
use tonghop::model::{CellAddress, Fact, Severity, Value};
use tonghop::workbook::{
    Cell, Content, DefinedName, Limits, Merge, Sheet, Workbook, read_workbook,
};

const ROWS: u32 = 3;
const COLUMNS: u32 = 2;

/// Where a cell lands when three rows and two columns are inserted above and left of the table.
fn shift(at: CellAddress) -> CellAddress {
    CellAddress::new(at.row + ROWS, at.column + COLUMNS)
}

/// What Excel does to a workbook when rows and columns are inserted: cells, merges and names move.
fn insert(workbook: &mut Workbook) {
    for sheet in &mut workbook.sheets {
        if sheet.name.starts_with('_') {
            continue;
        }
        sheet.cells = sheet
            .cells
            .iter()
            .map(|(at, cell)| (shift(*at), cell.clone()))
            .collect();
        sheet.merges = sheet
            .merges
            .iter()
            .map(|merge| Merge {
                first: shift(merge.first),
                last: shift(merge.last),
            })
            .collect();
    }
    for name in &mut workbook.names {
        *name = DefinedName {
            first: shift(name.first),
            last: shift(name.last),
            ..name.clone()
        };
    }
}

/// Gives every sheet of a form another name and turns their order round.
fn rename(workbook: &mut Workbook) {
    let renamed: BTreeMap<String, String> = workbook
        .sheets
        .iter()
        .filter(|sheet| !sheet.name.starts_with('_'))
        .enumerate()
        .map(|(i, sheet)| (sheet.name.to_string(), format!("Trang {i}")))
        .collect();
    for sheet in &mut workbook.sheets {
        if let Some(name) = renamed.get(&*sheet.name) {
            sheet.name = name.as_str().into();
        }
    }
    for name in &mut workbook.names {
        if let Some(sheet) = renamed.get(&*name.sheet) {
            name.sheet = sheet.as_str().into();
        }
    }
    workbook.sheets.reverse();
}

struct Seen {
    facts: BTreeMap<(String, String, String), (Value, CellAddress)>,
    errors: Vec<Option<CellAddress>>,
    warnings: Vec<String>,
}

fn see(campaign: &Campaign, file: &ReceivedFile, workbook: &Workbook) -> Seen {
    let mut received = Received::nothing(file);
    received.take(workbook, &campaign.forms, Some(&campaign.definition));
    let (_, findings, facts) = check_alone(received, Some(&campaign.definition));
    let of = |severity| {
        findings
            .iter()
            .filter(move |finding| finding.severity == severity)
    };
    let fact = |fact: Fact| {
        let key = (
            fact.form.to_string(),
            fact.row.to_string(),
            fact.column.to_string(),
        );
        (key, (fact.value, fact.source.unwrap().cell))
    };
    Seen {
        facts: facts.into_iter().map(fact).collect(),
        errors: of(Severity::Error).map(|finding| finding.cell).collect(),
        warnings: of(Severity::Warning)
            .map(|finding| finding.rule.clone())
            .collect(),
    }
}

fn sample(campaign: &Campaign) -> (ReceivedFile, Workbook) {
    let path = campaign
        .folder
        .join("inbox/dot-1/28756-phuong-phu-khuong-2025-09.xlsx");
    let workbook = read_workbook(&path, &Limits::default()).unwrap();
    assert!(
        !workbook.names.is_empty(),
        "the sample was made from a template with names"
    );
    (
        ReceivedFile {
            name: "a.xlsx".into(),
            path,
            round: 1,
        },
        workbook,
    )
}

#[test]
fn inserted_rows_and_columns_and_renamed_sheets_change_addresses_only() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let (file, workbook) = sample(&campaign);
    let before = see(&campaign, &file, &workbook);
    assert!(
        before.errors.is_empty() && before.facts.len() > 50,
        "{:?}",
        before.errors
    );
    let mut moved = workbook.clone();
    insert(&mut moved);
    rename(&mut moved);
    let after = see(&campaign, &file, &moved);
    assert_eq!(after.errors, Vec::new());
    assert_eq!(after.facts.len(), before.facts.len());
    for (key, (value, cell)) in &before.facts {
        let expected = (value.clone(), shift(*cell));
        assert_eq!(after.facts.get(key), Some(&expected), "{key:?}");
    }
}

#[test]
fn retyped_labels_are_asked_about_and_the_figures_are_read() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let (file, workbook) = sample(&campaign);
    let before = see(&campaign, &file, &workbook);
    let retype = |sheets: &mut Vec<Sheet>, from: &str, to: &str| {
        for cell in sheets.iter_mut().flat_map(|sheet| sheet.cells.values_mut()) {
            if cell.text() == Some(from) {
                *cell = Cell {
                    content: Content::Text(to.into()),
                    ..cell.clone()
                };
            }
        }
    };
    let mut retyped = workbook.clone();
    retype(&mut retyped.sheets, "Văn bản nhận", "Công văn đến");
    let after = see(&campaign, &file, &retyped);
    assert_eq!((after.errors, after.facts), (Vec::new(), before.facts));
    assert_eq!(after.warnings, ["nhan-da-doi"]);
    // Without the template's names it cannot be known, and the form goes back.
    retyped.names.clear();
    assert!(!see(&campaign, &file, &retyped).errors.is_empty());
}

/// LibreOffice, saving as .xls, writes 0 for a formula that shows nothing.
#[test]
fn prepared_rows_whose_formulas_come_to_0_are_no_rows() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let (file, workbook) = sample(&campaign);
    let before = see(&campaign, &file, &workbook);
    let mut saved = workbook.clone();
    let mut zeros = 0;
    for cell in saved.sheets.iter_mut().flat_map(|s| s.cells.values_mut()) {
        if cell.content == Content::EmptyText && cell.formula.is_some() {
            cell.content = Content::Number(0.0);
            zeros += 1;
        }
    }
    assert!(zeros > 0);
    let after = see(&campaign, &file, &saved);
    assert_eq!(
        (after.errors, after.warnings),
        (before.errors, before.warnings)
    );
    assert_eq!(after.facts, before.facts);
}
