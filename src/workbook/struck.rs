//! Finds struck-out cells and letters, which a reader takes as crossed out. One pass over a
//! workbook of any format.

use std::collections::BTreeMap;

use super::runs::TextRun;
use super::{Cell, Content, Sheet, Struck, Workbook};
use crate::model::CellAddress;

/// Finds what is struck out on every sheet.
pub(super) fn read(workbook: &mut Workbook) {
    for sheet in &mut workbook.sheets {
        sheet.struck = of_sheet(sheet);
    }
}

fn of_sheet(sheet: &Sheet) -> BTreeMap<CellAddress, Struck> {
    let cells = sheet.cells.iter();
    let struck = cells.filter_map(|(address, cell)| {
        let whole = cell.style.as_ref().is_some_and(|style| style.struck);
        let runs = sheet.runs.get(address).map(|runs| &**runs);
        Some((*address, of_cell(cell, whole, runs)?))
    });
    struck.collect()
}

/// `whole`: the cell itself is struck out, and with it every stretch that does not say otherwise.
fn of_cell(cell: &Cell, whole: bool, runs: Option<&[TextRun]>) -> Option<Struck> {
    let text = match (&cell.content, runs) {
        (Content::EmptyText, _) => return None,
        (Content::Text(text), Some(runs)) => (text, runs),
        // A page may mark the letters that show a figure; which digits they are is not known here.
        (_, Some(runs)) if runs.iter().any(|run| run.struck == Some(true)) => {
            return Some(Struck::Whole);
        }
        _ => return whole.then_some(Struck::Whole),
    };
    let Some((out, left)) = apart(text.0, text.1, whole) else {
        return whole.then_some(Struck::Whole);
    };
    match (out.trim().is_empty(), left.trim().is_empty()) {
        (true, _) => None,
        (false, true) => Some(Struck::Whole),
        (false, false) => Some(Struck::Part {
            out: out.trim().into(),
            left: left.trim().into(),
        }),
    }
}

/// What is struck out of a text and what is left; `None` if the runs are not those of the text.
fn apart(text: &str, runs: &[TextRun], whole: bool) -> Option<(String, String)> {
    let (mut out, mut left) = (String::new(), String::new());
    let mut rest = text;
    for run in runs {
        let (stretch, behind) = rest.split_at_checked(run.length)?;
        rest = behind;
        match run.struck.unwrap_or(whole) {
            true => out.push_str(stretch),
            false => left.push_str(stretch),
        }
    }
    rest.is_empty().then_some((out, left))
}
