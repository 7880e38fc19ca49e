//! No value is lost or invented: every fact is in its cell, and every number in a workbook is a
//! fact, a total row or an ordinal. The workbooks are read again by calamine's own ranges, which
//! the product never uses.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use calamine::{Data, DataType, Reader, Xlsx, open_workbook};
use tonghop::model::{CellAddress, Fact, Value};

#[test]
fn facts_are_the_numbers_of_the_workbooks() {
    for (name, least) in common::CAMPAIGNS.into_iter().zip([5000, 16]) {
        let folder = common::sample(name);
        let run = common::run(&folder);
        let mut by_file: BTreeMap<String, Vec<&Fact>> = BTreeMap::new();
        for fact in &run.facts {
            let file = fact.source.as_ref().unwrap().file.to_string();
            by_file.entry(file).or_default().push(fact);
        }
        let mut numbers = 0;
        for (file, facts) in &by_file {
            numbers += compare(&folder.join(file), facts);
        }
        assert!(numbers >= least, "{name}: {numbers}");
    }
}

/// Checks one workbook; returns how many figures agreed.
fn compare(path: &std::path::Path, facts: &[&Fact]) -> usize {
    let mut workbook: Xlsx<_> = open_workbook(path).unwrap();
    let mut taken: BTreeSet<(String, CellAddress)> = BTreeSet::new();
    let mut agreed = 0;
    for fact in facts {
        let source = fact.source.as_ref().unwrap();
        taken.insert((source.sheet.to_string(), source.cell));
        let range = workbook.worksheet_range(&source.sheet).unwrap();
        let cell = range.get_value((source.cell.row, source.cell.column));
        let Value::Number(figure) = &fact.value else {
            continue;
        };
        let read = match cell {
            Some(Data::String(text)) => text.replace('.', "").parse().unwrap(),
            Some(other) => other.as_f64().unwrap(),
            None => panic!("{path:?} {}!{}: nothing", source.sheet, source.cell),
        };
        assert_eq!(
            figure.to_string().parse::<f64>().unwrap(),
            read,
            "{path:?} {}",
            source.cell
        );
        agreed += 1;
    }
    for sheet in workbook.sheet_names() {
        let range = workbook.worksheet_range(&sheet).unwrap();
        let Some((top, left)) = range.start() else {
            continue;
        };
        for (row, column, cell) in range.used_cells() {
            if !matches!(cell, Data::Int(_) | Data::Float(_)) {
                continue;
            }
            let (row, column) = (
                top + u32::try_from(row).unwrap(),
                left + u32::try_from(column).unwrap(),
            );
            let at = CellAddress::new(row, column);
            let label = |column| {
                range
                    .get_value((row, column))
                    .map(ToString::to_string)
                    .unwrap_or_default()
                    .to_lowercase()
            };
            let total = (0..3).any(|column| label(column).starts_with("tổng cộng"));
            let ordinal = column == 0;
            let known = taken.contains(&(sheet.clone(), at)) || total || ordinal;
            assert!(
                known,
                "{path:?} {sheet}!{at}: {cell} is nowhere among the facts"
            );
        }
    }
    agreed
}
