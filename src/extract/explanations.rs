//! The reasons a unit wrote into the "Giải trình" column of its returned copy.

use std::sync::Arc;

use crate::model::CellAddress;
use crate::model::returned::{HEADERS, MARK, RESULT_SHEET, column};
use crate::workbook::{Content, Sheet, Workbook};

/// A reason as the unit wrote it, and the finding it is for as that was listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// Id of the finding. It hashes the file's name too, so it may change when the copy comes
    /// back under another; rule, form, sheet, cell and value tell the finding then.
    pub finding_id: String,
    /// What the unit wrote.
    pub text: String,
    /// Rule of the finding.
    pub rule: String,
    /// Form of the finding; empty if it has none.
    pub form: String,
    /// Sheet of the finding as listed; empty for one about the whole file.
    pub sheet: String,
    /// Cell of the finding.
    pub cell: Option<CellAddress>,
    /// What stood in the cell, as it was listed.
    pub found: String,
    /// Sheet on which the reason stands.
    pub written_on: Arc<str>,
    /// Cell in which it stands.
    pub written_at: CellAddress,
}

/// The sheet of a returned copy that lists the findings.
pub fn result_sheet(workbook: &Workbook) -> Option<&Sheet> {
    workbook.sheets.iter().find(|sheet| is_result_sheet(sheet))
}

/// Is this the list of findings of a returned copy, and so no form?
pub fn is_result_sheet(sheet: &Sheet) -> bool {
    sheet.name.starts_with(RESULT_SHEET)
        && sheet.text_at(CellAddress::new(0, column::KEY)) == Some(MARK)
}

/// The reasons in a workbook, in the order of the list; none if it is no returned copy.
pub fn read_explanations(workbook: &Workbook) -> Vec<Explanation> {
    let Some(sheet) = result_sheet(workbook) else {
        return Vec::new();
    };
    let header = HEADERS[column::KEY as usize];
    let keys = sheet
        .cells
        .iter()
        .filter(|(at, _)| at.column == column::KEY);
    keys.filter_map(|(at, key)| {
        let id = key.text().filter(|id| *id != MARK && *id != header)?;
        explanation(sheet, at.row, id)
    })
    .collect()
}

fn explanation(sheet: &Sheet, row: u32, id: &str) -> Option<Explanation> {
    let text = |column| shown(sheet, CellAddress::new(row, column));
    let written_at = CellAddress::new(row, column::EXPLANATION);
    let reason = Some(text(column::EXPLANATION)).filter(|reason| !reason.is_empty())?;
    Some(Explanation {
        finding_id: id.to_owned(),
        text: reason,
        rule: text(column::RULE),
        form: text(column::FORM),
        sheet: text(column::SHEET),
        cell: text(column::CELL).parse().ok(),
        found: text(column::FOUND),
        written_on: sheet.name.clone(),
        written_at,
    })
}

/// What a cell says; a reason may well be typed as a bare number.
fn shown(sheet: &Sheet, at: CellAddress) -> String {
    match sheet.cell(at).map(|cell| &cell.content) {
        Some(Content::Text(text)) => text.trim().to_owned(),
        Some(Content::Number(number)) => number.to_string(),
        Some(Content::Date(date)) => date.format("%d/%m/%Y").to_string(),
        Some(Content::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}
