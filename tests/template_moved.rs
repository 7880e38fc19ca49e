//! A filled template in which LibreOffice inserts rows and columns, above the tables and inside
//! them, and whose sheets it renames and turns round: the same figures are read, from the defined
//! names, findings give the new addresses, and the live checks still agree. Needs LibreOffice
//! (`soffice`) and Python with openpyxl; see `common/peers.rs` for what happens without them.

mod common;
#[path = "common/office.rs"]
mod office;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::json;
use tonghop::campaign::{Campaign, Run, check};
use tonghop::model::{CellAddress, Severity, Value, template_names};
use tonghop::workbook::{Limits, Workbook};
use tonghop::write::{GridRow, TemplateInput, TemplateLayout, write_template};

use office::{Filled, Job, able, figures, fill, workbook};

/// What a clerk does who makes room: three rows and a column in front of everything, a row and a
/// column inside every table. `INSIDE` says where, as `sheet=row,column` one behind the other.
const MOVE: &str = r#"
Sub Main
  Dim hide(0) As New com.sun.star.beans.PropertyValue
  hide(0).Name = "Hidden"
  hide(0).Value = True
  Dim kind(0) As New com.sun.star.beans.PropertyValue
  kind(0).Name = "FilterName"
  kind(0).Value = "Calc MS Excel 2007 XML"
  book = StarDesktop.loadComponentFromURL(Environ("FROM"), "_blank", 0, hide())
  places = Split(Environ("INSIDE"), ";")
  For i = 0 To UBound(places)
    parts = Split(places(i), "=")
    at = Split(parts(1), ",")
    sheet = book.Sheets.getByName(parts(0))
    sheet.unprotect("")
    sheet.Rows.insertByIndex(CLng(at(0)), 1)
    sheet.Columns.insertByIndex(CLng(at(1)), 1)
    sheet.Rows.insertByIndex(0, 3)
    sheet.Columns.insertByIndex(0, 1)
  Next i
  If Environ("RENAME") = "1" Then
    For i = 0 To UBound(places)
      name = Split(places(i), "=")(0)
      book.Sheets.getByName(name).Name = "Bang so " & (i + 1)
      book.Sheets.moveByName("Bang so " & (i + 1), 0)
    Next i
  End If
  book.calculateAll()
  book.storeToURL(Environ("TO"), kind())
  book.close(True)
End Sub
"#;

const UNIT: &str = "28870";
/// What it filed, in order.
const OWN: &str = "inbox/dot-2/28870-xa-cho-lach-2025-09.xlsx";

/// Where a row and a column are inserted in each table: before its second row, and before its last
/// column.
fn inside(layout: &TemplateLayout) -> Vec<(String, u32, u32)> {
    let place = |place: &tonghop::write::FormSheet| {
        let row = place.grid.first_row + 1;
        (place.sheet.clone(), row, place.grid.last_column())
    };
    layout.sheets.iter().map(place).collect()
}

/// Where a cell lands.
fn landed(at: CellAddress, row: u32, column: u32) -> CellAddress {
    CellAddress::new(
        at.row + 3 + u32::from(at.row >= row),
        at.column + 1 + u32::from(at.column >= column),
    )
}

fn checked(campaign: &Campaign, path: &Path) -> Run {
    check(
        &[path.to_owned()],
        Some(campaign),
        &Limits::default(),
        &|_, _| {},
    )
    .unwrap()
}

/// Every figure with its form, row and column, and its cell.
type Seen = BTreeMap<(String, String, String), (Value, CellAddress)>;

fn seen(run: &Run) -> Seen {
    let key = |fact: &tonghop::model::Fact| {
        let names = [&fact.form, &fact.row, &fact.column];
        let [form, row, column] = names.map(|name| name.to_string());
        (form, row, column)
    };
    let facts = run.facts.iter();
    facts
        .map(|fact| {
            let cell = fact.source.as_ref().unwrap().cell;
            (key(fact), (fact.value.clone(), cell))
        })
        .collect()
}

/// Cells with an error.
fn errors(run: &Run) -> Vec<(String, CellAddress)> {
    let wrong = run.findings.iter();
    let wrong = wrong.filter(|finding| finding.severity == Severity::Error);
    wrong
        .map(|finding| (finding.rule.clone(), finding.cell.unwrap()))
        .collect()
}

/// The template of a commune, filled with the sample's figures, one of them wrong if the test wants
/// that.
fn filled(campaign: &Campaign, folder: &Path, wrong: bool) -> (TemplateLayout, PathBuf) {
    let unit = campaign.roster.by_code(UNIT).unwrap();
    let asked = campaign.forms.iter();
    let asked = asked.filter(|form| campaign.expects(unit, form.id()));
    let forms: Vec<_> = asked.cloned().collect();
    let input = TemplateInput {
        campaign: &campaign.file,
        unit: Some(unit),
        forms: &forms,
        fill: None,
        identity: true,
        previous: campaign.previous.as_ref(),
        password: None,
    };
    let created = campaign
        .file
        .period
        .last_day()
        .and_hms_opt(8, 0, 0)
        .unwrap();
    let name = if wrong { "sai" } else { "dung" };
    let path = folder.join(format!("{name}.xlsx"));
    let layout = write_template(&input, created, &path).unwrap();
    let own = campaign.folder.join(OWN);
    let mut cells = figures(&checked(campaign, &own).facts, UNIT, &forms);
    if wrong {
        let received = template_names::cell("van_ban", "nhan", "luy_ke");
        cells.push(Filled {
            over: true,
            ..Filled::new(received, 0, json!(1))
        });
    }
    let job = Job {
        name: name.to_owned(),
        keep: true,
        cells,
    };
    let done = fill(folder, &[job]);
    (layout, done[name].clone())
}

fn moved(folder: &Path, from: &Path, inside: &[(String, u32, u32)], rename: bool) -> PathBuf {
    let to = folder.join(format!("da-chen-{}.xlsx", u8::from(rename)));
    let url = |path: &Path| format!("file://{}", path.display());
    let places: Vec<String> = inside
        .iter()
        .map(|(sheet, row, column)| format!("{sheet}={row},{column}"))
        .collect();
    let words = [
        ("FROM", url(from)),
        ("TO", url(&to)),
        ("INSIDE", places.join(";")),
        ("RENAME", u8::from(rename).to_string()),
    ];
    office::run_macro(folder, MOVE, &words);
    to
}

/// What the live checks show, sheet by sheet, wherever they have moved to.
fn live(book: &Workbook, wanted: &str) -> usize {
    let texts = book.sheets.iter().flat_map(|sheet| sheet.cells.values());
    texts
        .filter(|cell| cell.formula.is_some())
        .filter(|cell| cell.text().is_some_and(|text| text.starts_with(wanted)))
        .count()
}

#[test]
fn inserted_rows_and_columns_and_turned_sheets_change_addresses_only() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (layout, path) = filled(&campaign, folder.path(), false);
    let inside = inside(&layout);
    let before = seen(&checked(&campaign, &path));
    assert!(before.len() > 50, "{}", before.len());
    let held = live(&workbook(&path), "✓");
    for rename in [false, true] {
        let path = moved(folder.path(), &path, &inside, rename);
        let run = checked(&campaign, &path);
        let told: Vec<_> = run
            .findings
            .iter()
            .filter(|f| f.severity != Severity::Info)
            .collect();
        assert!(told.is_empty(), "{rename}: {told:#?}");
        let after = seen(&run);
        assert_eq!(before.len(), after.len(), "{rename}");
        for ((form, row, column), (value, cell)) in &before {
            let at = layout
                .sheets
                .iter()
                .position(|s| s.form.id() == form)
                .unwrap();
            let (_, inserted_row, inserted_column) = inside[at];
            let expected = (value.clone(), landed(*cell, inserted_row, inserted_column));
            let key = (form.clone(), row.clone(), column.clone());
            assert_eq!(after.get(&key), Some(&expected), "{rename}: {key:?}");
        }
        let book = workbook(&path);
        assert_eq!(
            (live(&book, "✓"), live(&book, "Sai")),
            (held, 0),
            "{rename}"
        );
    }
}

#[test]
fn findings_in_a_moved_template_give_the_new_addresses() {
    if !able() {
        return;
    }
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (layout, path) = filled(&campaign, folder.path(), true);
    let inside = inside(&layout);
    let before = errors(&checked(&campaign, &path));
    assert!(!before.is_empty());
    let (sheet, _) = layout
        .cell("van_ban", GridRow::Fixed("nhan"), "luy_ke")
        .unwrap();
    let (_, row, column) = inside.iter().find(|(name, ..)| name == sheet).unwrap();
    let wrong = live(&workbook(&path), "Sai");
    let moved = moved(folder.path(), &path, &inside, true);
    let after = errors(&checked(&campaign, &moved));
    let expected: Vec<_> = before
        .into_iter()
        .map(|(rule, cell)| (rule, landed(cell, *row, *column)))
        .collect();
    assert_eq!(after, expected);
    assert_eq!(live(&workbook(&moved), "Sai"), wrong);
    assert!(wrong > 0);
}
