//! The values of lists that cells are chosen from, written out or in cells of any sheet, hidden ones
//! too, and the sheets that hold nothing but such lists.

use std::collections::HashMap;

use super::dressing::Dressing;
use crate::model::CellAddress;
use crate::workbook::{Content, DefinedName, Sheet, Workbook};

/// Values kept of a list.
const MOST_VALUES: usize = 200;

/// Looks up the values of every list of a workbook.
pub(super) fn look_up(workbook: &Workbook, dressings: &mut HashMap<String, Dressing>) {
    for (sheet, dressing) in dressings {
        for choice in &mut dressing.choices {
            choice.values = values(workbook, sheet, &choice.list);
        }
    }
}

/// Is a sheet only there for cells of others to be chosen from? Nothing is to be filled there:
/// nothing ruled is blank, nothing computed, nothing chosen.
pub(super) fn is_list_sheet(
    workbook: &Workbook,
    dressings: &HashMap<String, Dressing>,
    sheet: &Sheet,
) -> bool {
    let own = dressings.get(&*sheet.name);
    let mut others = dressings.iter().filter(|(name, _)| **name != *sheet.name);
    let named = others.any(|(other, dressing)| {
        let mut lists = dressing.choices.iter();
        lists.any(|choice| {
            range(workbook, other, &choice.list).is_some_and(|range| *range.sheet == *sheet.name)
        })
    });
    let to_fill = own.is_some_and(|own| {
        let mut looks = own.looks.iter();
        let blank = looks.any(|(at, look)| {
            look.bordered && !sheet.cells.contains_key(at) && sheet.merge_at(*at).is_none()
        });
        blank || !own.choices.is_empty()
    });
    named && !to_fill && sheet.cells.values().all(|cell| cell.formula.is_none())
}

/// The values of a list as a file writes it: `"a,b,c"`, a range or the name of one; none if it is
/// something else.
fn values(workbook: &Workbook, own: &str, list: &str) -> Vec<String> {
    let list = list.trim();
    let quoted = list
        .strip_prefix('"')
        .and_then(|list| list.strip_suffix('"'));
    let values: Vec<String> = match quoted {
        Some(quoted) => quoted
            .split(',')
            .map(|value| value.trim().to_owned())
            .collect(),
        None => range(workbook, own, list)
            .map(|range| written(workbook, &range))
            .unwrap_or_default(),
    };
    let values = values.into_iter().filter(|value| !value.is_empty());
    values.take(MOST_VALUES).collect()
}

/// What is written in a range, row by row.
fn written(workbook: &Workbook, range: &DefinedName) -> Vec<String> {
    let Some(sheet) = workbook
        .sheets
        .iter()
        .find(|sheet| sheet.name == range.sheet)
    else {
        return Vec::new();
    };
    let (one, other) = (range.first, range.last);
    let first = CellAddress::new(one.row.min(other.row), one.column.min(other.column));
    let last = CellAddress::new(one.row.max(other.row), one.column.max(other.column));
    let cells = sheet.cells.range(first..=last);
    let cells = cells.filter(|(at, _)| (first.column..=last.column).contains(&at.column));
    let texts = cells.filter_map(|(_, cell)| match &cell.content {
        Content::Text(text) => Some(text.trim().to_owned()),
        Content::Number(number) => Some(number.to_string()),
        _ => None,
    });
    texts.collect()
}

/// The cells that a list names: `$K$1:$K$3` of its own sheet, `'Danh mục'!$A$1:$A$5`, or a name.
fn range(workbook: &Workbook, own: &str, list: &str) -> Option<DefinedName> {
    let list = list.trim().trim_start_matches('=');
    let name = |name: &&DefinedName| name.name.eq_ignore_ascii_case(list);
    if let Some(named) = workbook.names.iter().find(name) {
        return Some(named.clone());
    }
    match list.contains('!') {
        true => DefinedName::parse("", list),
        false => DefinedName::parse("", &format!("'{}'!{list}", own.replace('\'', "''"))),
    }
}
