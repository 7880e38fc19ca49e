//! A template stays readable when rows and columns are inserted, sheets renamed and reordered, and
//! labels retyped: its defined names move along, and findings give the new addresses.

mod common;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::{Captures, Regex};
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

/// A formula after its cells have moved: `SUM(C5:INDEX(C:C,ROW()-1))` reads `C7` and column `D` then.
fn moved(formula: &str) -> String {
    static PLACES: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"\b(\$?)([A-Z]{1,3})(\$?)([0-9]+)\b|\$?\b([A-Z]{1,3}):\$?([A-Z]{1,3})\b")
            .unwrap()
    });
    let column = |letters: &str| {
        let at: CellAddress = format!("{letters}1").parse().unwrap();
        shift(at).column_letters()
    };
    let place = |parts: &Captures<'_>| match parts.get(4) {
        Some(row) => {
            let at: CellAddress = format!("{}{}", &parts[2], row.as_str()).parse().unwrap();
            shift(at).to_string()
        }
        None => format!("{}:{}", column(&parts[5]), column(&parts[6])),
    };
    PLACES.replace_all(formula, place).into_owned()
}

/// What Excel does to a workbook when rows and columns are inserted: cells, merges, names and what
/// formulas read move.
fn insert(workbook: &mut Workbook) {
    for sheet in &mut workbook.sheets {
        if sheet.name.starts_with('_') {
            continue;
        }
        sheet.cells = sheet
            .cells
            .iter()
            .map(|(at, cell)| {
                let formula = cell.formula.as_deref().map(moved);
                let cell = Cell {
                    formula,
                    ..cell.clone()
                };
                (shift(*at), cell)
            })
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
    messages: Vec<String>,
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
        messages: of(Severity::Warning)
            .map(|finding| finding.message.vi.clone())
            .collect(),
    }
}

fn retype(sheets: &mut [Sheet], from: &str, to: &str) {
    for cell in sheets.iter_mut().flat_map(|sheet| sheet.cells.values_mut()) {
        if cell.text() == Some(from) {
            *cell = Cell {
                content: Content::Text(to.into()),
                ..cell.clone()
            };
        }
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
    let mut retyped = workbook.clone();
    retype(&mut retyped.sheets, "Văn bản nhận", "Công văn đến");
    let after = see(&campaign, &file, &retyped);
    assert_eq!((after.errors, after.facts), (Vec::new(), before.facts));
    assert_eq!(after.warnings, ["nhan-da-doi"]);
    // Without the template's names it cannot be known, and the form goes back.
    retyped.names.clear();
    assert!(!see(&campaign, &file, &retyped).errors.is_empty());
}

#[test]
fn texts_over_several_columns_are_compared_and_so_is_their_unit_of_measure() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let (file, workbook) = sample(&campaign);
    let before = see(&campaign, &file, &workbook);
    let with = |to: &str| {
        let mut retyped = workbook.clone();
        retype(&mut retyped.sheets, "Số hồ sơ đã giải quyết", to);
        see(&campaign, &file, &retyped)
    };
    let other = with("Số hồ sơ đã tiếp nhận");
    assert_eq!((other.errors, other.facts), (Vec::new(), before.facts));
    assert_eq!(other.warnings, ["nhan-da-doi"]);
    let thousands = with("Số hồ sơ đã giải quyết (nghìn hồ sơ)");
    assert_eq!((thousands.errors.len(), thousands.warnings.len()), (1, 0));
    let variant = with("SỐ HỒ SƠ ĐÃ GIẢI QUYẾT:");
    assert_eq!((variant.errors.len(), variant.warnings.len()), (0, 0));
}

#[test]
fn units_of_measure_beside_the_rows_are_compared() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let (file, workbook) = sample(&campaign);
    let with = |to: &str| {
        let mut retyped = workbook.clone();
        retype(&mut retyped.sheets, "hộp thư", to);
        let seen = see(&campaign, &file, &retyped);
        (seen.errors.len(), seen.warnings.len())
    };
    assert_eq!(with("nghìn hộp thư"), (1, 0));
    assert_eq!(with("địa chỉ"), (0, 1));
    for harmless in ["Hộp thư", "(hộp thư)", "ĐVT: hộp thư", "", "-", "\""] {
        assert_eq!(with(harmless), (0, 0), "{harmless}");
    }
}

/// Columns pasted over one another with their headers are read by these; the template's names stay
/// where they were.
#[test]
fn nobody_is_advised_to_undo_columns_that_moved_with_their_headers() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let (file, mut workbook) = sample(&campaign);
    let before = see(&campaign, &file, &workbook);
    let mut places = None;
    for sheet in &mut workbook.sheets {
        let at = |text: &str| {
            let mut cells = sheet.cells.iter();
            cells.find_map(|(at, cell)| (cell.text() == Some(text)).then_some(*at))
        };
        let (Some(first), Some(second)) = (at("Trước hạn"), at("Đúng hạn")) else {
            continue;
        };
        let exchanged = |at: CellAddress| match at.column {
            _ if at.row < first.row => at,
            column if column == first.column => CellAddress::new(at.row, second.column),
            column if column == second.column => CellAddress::new(at.row, first.column),
            _ => at,
        };
        let cells = sheet.cells.iter();
        sheet.cells = cells
            .map(|(at, cell)| (exchanged(*at), cell.clone()))
            .collect();
        places = Some([first, second]);
    }
    let after = see(&campaign, &file, &workbook);
    let values = |seen: &Seen| -> Vec<Value> {
        let values = seen.facts.values();
        values.map(|(value, _)| value.clone()).collect()
    };
    assert_eq!(values(&after), values(&before));
    let moved: Vec<&String> = after
        .messages
        .iter()
        .filter(|message| message.contains("tiêu đề nay ở ô"))
        .collect();
    assert_eq!(moved.len(), 2, "{:?}", after.messages);
    // In the order of the sheet.
    for (message, at) in moved.iter().zip(places.unwrap()) {
        assert!(message.contains(&at.to_string()), "{message}");
    }
    let harmful = |message: &String| message.contains("ghi lại nhãn cũ");
    assert!(!after.messages.iter().any(harmful));
}

/// The sample with the cells of two rows exchanged from one column (from 0) to another.
fn with_rows_exchanged(workbook: &Workbook, columns: std::ops::RangeInclusive<u32>) -> Workbook {
    let mut workbook = workbook.clone();
    for sheet in &mut workbook.sheets {
        let at = |text: &str| {
            let mut cells = sheet.cells.iter();
            cells.find_map(|(at, cell)| (cell.text() == Some(text)).then_some(at.row))
        };
        let (Some(first), Some(second)) = (at("Văn bản gửi"), at("Văn bản nhận")) else {
            continue;
        };
        let exchanged = |at: CellAddress| match at.row {
            _ if !columns.contains(&at.column) => at,
            row if row == first => CellAddress::new(second, at.column),
            row if row == second => CellAddress::new(first, at.column),
            _ => at,
        };
        let cells = sheet.cells.iter();
        sheet.cells = cells
            .map(|(at, cell)| (exchanged(*at), cell.clone()))
            .collect();
    }
    workbook
}

/// Labels of two rows are exchanged: with their figures and ordinals they are read by these, without
/// ordinals it cannot be known which of both was meant.
#[test]
fn labels_of_rows_exchanged_without_their_ordinals_are_asked_about() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let (file, workbook) = sample(&campaign);
    let before = see(&campaign, &file, &workbook);
    let asked = |seen: &Seen| {
        let messages = seen.messages.iter();
        messages
            .filter(|message| message.contains("Tên dòng đã đổi chỗ so với mẫu"))
            .count()
    };
    let whole = see(&campaign, &file, &with_rows_exchanged(&workbook, 0..=9));
    assert_eq!(values(&whole), values(&before));
    assert_eq!((asked(&whole), &whole.warnings), (0, &before.warnings));

    let labels = see(&campaign, &file, &with_rows_exchanged(&workbook, 1..=1));
    assert_eq!(asked(&labels), 1, "{:?}", labels.messages);
    assert_ne!(values(&labels), values(&before));

    let rows = see(&campaign, &file, &with_rows_exchanged(&workbook, 1..=9));
    assert_eq!(asked(&rows), 1, "{:?}", rows.messages);
    assert_eq!(values(&rows), values(&before));
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

/// Moves what is at or behind a cell one row down or one column to the right, as pasting does: the
/// template's names stay where they were. `held`: is a cell part of what is pasted?
fn paste(sheet: &mut Sheet, down: bool, held: impl Fn(CellAddress) -> bool) {
    let moved = |at: CellAddress| match held(at) {
        true if down => CellAddress::new(at.row + 1, at.column),
        true => CellAddress::new(at.row, at.column + 1),
        false => at,
    };
    let cells = sheet.cells.iter();
    sheet.cells = cells.map(|(at, cell)| (moved(*at), cell.clone())).collect();
}

fn values(seen: &Seen) -> BTreeMap<(String, String, String), Value> {
    let facts = seen.facts.iter();
    facts
        .map(|(key, (value, _))| (key.clone(), value.clone()))
        .collect()
}

/// A table pasted over the template with a column or row of the unit's own: every figure is read
/// beside its own label, not where the template's names still point.
#[test]
fn labels_win_over_names_that_a_pasted_table_left_behind() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let (file, workbook) = sample(&campaign);
    let before = see(&campaign, &file, &workbook);
    for down in [false, true] {
        let mut pasted = workbook.clone();
        let label = if down {
            "Văn bản nhận"
        } else {
            "Trong kỳ"
        };
        let mut found = 0;
        for sheet in &mut pasted.sheets {
            let mut cells = sheet.cells.iter();
            let own = cells.find(|(_, cell)| cell.text() == Some(label));
            let Some((first, own)) = own.map(|(at, cell)| (*at, cell.clone())) else {
                continue;
            };
            found += 1;
            paste(sheet, down, |at| {
                at.row >= first.row && at.column >= first.column
            });
            let content = Content::Text("Nội dung riêng".into());
            sheet.cells.insert(first, Cell { content, ..own });
        }
        assert!(found > 0, "{label}");
        let after = see(&campaign, &file, &pasted);
        assert_eq!(
            values(&after),
            values(&before),
            "{label}: {:?}",
            after.messages
        );
    }
}

/// One header cell dragged onto its neighbour or away: two columns were read from one, or a column was
/// read where there is nothing, and the figures left behind were dropped.
#[test]
fn one_dragged_header_cell_moves_no_column() {
    let campaign = Campaign::load(&common::sample("vinh-long-2025-09")).unwrap();
    let (file, workbook) = sample(&campaign);
    let before = see(&campaign, &file, &workbook);
    for onto_neighbour in [true, false] {
        let mut dragged = workbook.clone();
        let mut found = 0;
        for sheet in &mut dragged.sheets {
            let at = |text: &str| {
                let mut cells = sheet.cells.iter();
                cells.find_map(|(at, cell)| (cell.text() == Some(text)).then_some(*at))
            };
            let (Some(first), Some(second)) = (at("Trước hạn"), at("Đúng hạn")) else {
                continue;
            };
            found += 1;
            let last = sheet.cells.keys().map(|at| at.column).max().unwrap();
            let to = match onto_neighbour {
                true => second,
                false => CellAddress::new(first.row, last + 1),
            };
            let cell = sheet.cells.remove(&first).unwrap();
            sheet.cells.insert(to, cell);
        }
        assert!(found > 0);
        let after = see(&campaign, &file, &dragged);
        assert_eq!(values(&after), values(&before), "{:?}", after.messages);
        assert!(
            after
                .messages
                .iter()
                .any(|one| one.contains("bị kéo sang ô")),
            "{:?}",
            after.messages
        );
        // Without the template's names it cannot be known, and the form goes back.
        dragged.names.clear();
        assert!(!see(&campaign, &file, &dragged).errors.is_empty());
    }
}
