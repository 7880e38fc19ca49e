//! Units of one kind that file one small form: counts that are round, sizes unlike the others'.

use std::sync::Arc;

use super::office::Office;
use super::scope::UnitTables;
use super::{peers, size, soft, zeros};
use crate::extract::{CellState, Table, TableCell, TableRow};
use crate::model::{CellAddress, Finding, Number, ReportingUnit, Value};
use crate::schema::Form;

fn form(checks: &str) -> Arc<Form> {
    let rows: String = (0..6)
        .map(|i| format!("[[row]]\nid = \"r{i}\"\nlabel = \"Dòng {i}\"\n"))
        .collect();
    let text = format!(
        "id = \"abc\"\nversion = \"1\"\ntitle = \"t\"\nsheet = \"s\"\n[layout]\nrows = \"fixed\"\nlabel = \"l\"\n\
         [defaults]\ntype = \"count\"\n{checks}\n[[column]]\nid = \"so\"\nlabel = \"Số\"\n{rows}"
    );
    Arc::new(Form::parse("abc.toml", &text).unwrap())
}

fn table(form: &Arc<Form>, figures: &[u32]) -> Table {
    let row = |(i, figure): (usize, &u32)| TableRow {
        row: Some(i),
        key: format!("r{i}").into(),
        cells: vec![TableCell {
            address: Some(CellAddress::new(u32::try_from(i).unwrap(), 0)),
            state: CellState::Value(Value::Number(Number::from(*figure))),
        }],
    };
    Table {
        form: form.clone(),
        file: "tệp".into(),
        sheet: "s".into(),
        rows: figures.iter().enumerate().map(row).collect(),
        total: None,
        incomplete: false,
        overwritten: std::collections::BTreeSet::new(),
        formulas: std::collections::BTreeSet::new(),
    }
}

fn alone(form: &Arc<Form>, figures: &[u32]) -> Vec<String> {
    let tables = [table(form, figures)];
    let unit = UnitTables {
        unit: "01",
        tables: &tables,
        previous: None,
    };
    let found = soft::check(&unit).into_iter();
    found.map(|finding| finding.rule).collect()
}

/// Ten communes, all alike but for what the last one says in its first row.
fn among(form: &Arc<Form>, odd: u32, units: u32) -> Vec<Finding> {
    let unit = |i: u32| ReportingUnit {
        code: format!("{i:02}"),
        name: format!("Xã {i}"),
        kind: "xa".to_owned(),
        group: String::new(),
        active_from: None,
        active_to: None,
        aliases: Vec::new(),
        predecessors: Vec::new(),
    };
    let units: Vec<ReportingUnit> = (0..units).map(unit).collect();
    let own = |i: usize| match i + 1 == units.len() {
        true => vec![table(form, &[odd])],
        false => vec![table(form, &[1800 + 37 * u32::try_from(i).unwrap()])],
    };
    let tables: Vec<Vec<Table>> = (0..units.len()).map(own).collect();
    let offices: Vec<Office<'_>> = units
        .iter()
        .zip(&tables)
        .map(|(unit, tables)| Office {
            unit,
            tables: UnitTables {
                unit: &unit.code,
                tables,
                previous: None,
            },
            owes: vec!["abc"],
            refused: Vec::new(),
        })
        .collect();
    peers::check(&offices, &|_| "Xã".to_owned())
}

#[test]
fn counts_that_all_end_in_0_are_asked_about() {
    let plain = form("");
    assert_eq!(alone(&plain, &[120, 80, 40, 10, 250, 30]), [zeros::ZEROS]);
    assert_eq!(alone(&plain, &[120, 80, 40, 10, 250, 31]).len(), 0);
    assert_eq!(
        alone(&plain, &[120, 80, 40, 10, 250, 3]).len(),
        0,
        "five of 10 and more"
    );
    let off = form("[checks]\nzeros = { on = false }");
    assert_eq!(alone(&off, &[120, 80, 40, 10, 250, 30]).len(), 0);
}

#[test]
fn two_thousand_stored_as_two_is_seen_by_the_other_units() {
    let found = among(&form(""), 2, 10);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(
        (found[0].rule.as_str(), found[0].unit.as_deref()),
        (size::SIZE, Some("09"))
    );
    let suggestion = found[0].suspects[0].suggestion.clone();
    assert_eq!(suggestion, Some(Value::Number(2000.into())));
}

#[test]
fn an_outlier_names_its_peers_their_number_and_their_middle() {
    let found = among(&form(""), 30_000, 10);
    assert_eq!(found.len(), 1, "{found:#?}");
    assert_eq!(found[0].rule, peers::OUTLIER);
    let said = &found[0].message.vi;
    for part in [
        "9 đơn vị khác cùng loại «Xã»",
        "ở giữa là 1.948",
        "từ 1.800 đến 2.096",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(among(&form(""), 2600, 10).len(), 0, "not far");
    assert_eq!(among(&form(""), 30_000, 8).len(), 0, "too few peers");
    assert_eq!(
        among(&form("[checks]\npeers = { on = false }"), 30_000, 10).len(),
        0
    );
}
