//! Figures that are numbers like any other and can only be found by figures known from elsewhere:
//! thousands lost on the way (M04) and đồng in place of triệu đồng (M36).

use tonghop::campaign::check;
use tonghop::model::CellAddress;
use tonghop::workbook::{Limits, Workbook};

use crate::formats::spreadsheetml_plain;
use crate::{Sample, bare, communes, double, number, offices, own_cells, see};

/// The rules and cells of the findings about the workbook as a file.
fn asked(sample: &Sample, workbook: &Workbook) -> Vec<(String, CellAddress)> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bao-cao.xls");
    std::fs::write(&path, spreadsheetml_plain(workbook)).unwrap();
    let run = check(
        &[path],
        Some(&sample.campaign),
        &Limits::default(),
        &|_, _| {},
    )
    .unwrap();
    let findings = run.findings.into_iter();
    findings
        .filter_map(|f| Some((f.rule.clone(), f.cell?)))
        .collect()
}

/// The workbook with the figures of some cells of a form multiplied, and its total row too.
fn scaled(
    sample: &Sample,
    form: &str,
    by: f64,
    which: impl Fn(f64) -> bool,
) -> (Workbook, Vec<CellAddress>) {
    let mut workbook = bare(&sample.workbook);
    let clean = see(&sample.campaign, &workbook);
    let sheet = clean
        .facts
        .iter()
        .find(|((f, ..), _)| f == form)
        .unwrap()
        .1
        .1
        .clone();
    let sheet = workbook
        .sheets
        .iter_mut()
        .find(|s| *s.name == *sheet)
        .unwrap();
    let mut changed = Vec::new();
    let mut sums: std::collections::BTreeMap<u32, f64> = std::collections::BTreeMap::new();
    for (value, at) in own_cells(&clean, form).into_values() {
        if value.as_number().is_none() {
            continue;
        }
        let mut figure = double(&value);
        if which(figure) {
            figure *= by;
            changed.push(at);
            sheet.cells.insert(at, number(figure));
        }
        *sums.entry(at.column).or_default() += figure;
    }
    let last = sheet
        .cells
        .iter()
        .rfind(|(_, cell)| cell.text() == Some("Tổng cộng"));
    let total = last.unwrap().0.row;
    for (column, sum) in sums {
        sheet
            .cells
            .insert(CellAddress::new(total, column), number(sum));
    }
    (workbook, changed)
}

#[test]
fn thousands_that_became_units_are_told_by_a_control_total() {
    let sample = offices();
    let (workbook, changed) = scaled(&sample, "kinh_phi", 0.001, |f| f % 1000.0 == 0.0);
    assert!(changed.len() > 1);
    let asked = asked(&sample, &workbook);
    assert!(
        asked.iter().any(|(rule, _)| rule == "lech-nghin-lan"),
        "{asked:?}"
    );
}

#[test]
fn dong_in_place_of_trieu_dong_is_told_by_a_control_total() {
    let sample = offices();
    let (workbook, changed) = scaled(&sample, "kinh_phi", 1e6, |f| f == 500.0);
    assert_eq!(changed.len(), 1);
    let asked = asked(&sample, &workbook);
    assert!(
        asked.iter().any(|(rule, _)| rule == "lech-nghin-lan"),
        "{asked:?}"
    );
}

#[test]
fn a_thousand_times_last_period_is_asked_about() {
    let sample = communes();
    let mut workbook = bare(&sample.workbook);
    let clean = see(&sample.campaign, &workbook);
    let cells = own_cells(&clean, "van_ban");
    let sheet = clean
        .facts
        .iter()
        .find(|((f, ..), _)| f == "van_ban")
        .unwrap()
        .1
        .1
        .clone();
    let sheet = workbook
        .sheets
        .iter_mut()
        .find(|s| *s.name == *sheet)
        .unwrap();
    let of = |row: &str, column: &str| {
        let (value, at) = &cells[&(row.to_owned(), column.to_owned())];
        (double(value), *at)
    };
    let (received, at) = of("nhan", "trong_ky");
    let more = received * 999.0;
    for cell in [
        ("nhan", "trong_ky"),
        ("nhan", "luy_ke"),
        ("tong", "trong_ky"),
        ("tong", "luy_ke"),
    ] {
        let (figure, at) = of(cell.0, cell.1);
        sheet.cells.insert(at, number(figure + more));
    }
    let asked = asked(&sample, &workbook);
    assert!(
        asked.contains(&("lech-nghin-lan".to_owned(), at)),
        "{asked:?}"
    );
}
