//! The reasons a unit wrote into the "Giải trình" column of its returned copy.

use std::sync::Arc;

use crate::model::CellAddress;
use crate::model::returned::{HEADERS, MARK, RESULT_SHEET, column};
use crate::model::template_names::{EXPLANATION_HEADERS, EXPLANATION_SHEET};
use crate::model::value::{format_number, number_from_f64};
use crate::text::label_key;
use crate::workbook::{Content, Sheet, Workbook};

/// A reason a unit wrote, with the finding it is for as the returned copy lists it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Explanation {
    /// Id of the finding. It hashes the file's name too, so it may change when the copy comes
    /// back under another; rule, form, sheet, cell and value identify the finding then.
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
    /// The value of the cell, as it was listed.
    pub found: String,
    /// Sheet that holds the reason.
    pub written_on: Arc<str>,
    /// Cell that holds it.
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

/// The reasons in a workbook: those on the template's own sheet, then those beside the findings of
/// a returned copy, which name their rule and so count before the others.
pub fn read_explanations(workbook: &Workbook) -> Vec<Explanation> {
    let mut found = own_sheet(workbook);
    found.extend(listed(workbook));
    found
}

/// The reasons beside the findings of a returned copy.
fn listed(workbook: &Workbook) -> Vec<Explanation> {
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

/// The reasons on the template's own sheet, one a line: which sheet, which cell, what it says, why.
/// They name a cell, not a rule, and apply to every warning at that cell.
fn own_sheet(workbook: &Workbook) -> Vec<Explanation> {
    let Some(sheet) = workbook
        .sheets
        .iter()
        .find(|sheet| *sheet.name == *EXPLANATION_SHEET)
    else {
        return Vec::new();
    };
    let place = |header: &str| {
        let wanted = label_key(header);
        sheet
            .cells
            .iter()
            .find(|(_, cell)| cell.text().is_some_and(|text| label_key(text) == wanted))
    };
    let [on, cell, figure, reason] =
        EXPLANATION_HEADERS.map(|header| place(header).map(|(at, _)| *at));
    let (Some(on), Some(cell), Some(figure), Some(reason)) = (on, cell, figure, reason) else {
        return Vec::new();
    };
    let last = sheet.cells.keys().next_back().map_or(0, |at| at.row);
    let line = |row: u32| {
        let text = |column: u32| shown(sheet, CellAddress::new(row, column));
        let written_at = CellAddress::new(row, reason.column);
        Some(Explanation {
            finding_id: String::new(),
            text: Some(text(reason.column)).filter(|text| !text.is_empty())?,
            rule: String::new(),
            form: String::new(),
            sheet: text(on.column),
            cell: Some(text(cell.column).to_uppercase().parse().ok()?),
            found: text(figure.column),
            written_on: sheet.name.clone(),
            written_at,
        })
    };
    (reason.row + 1..=last).filter_map(line).collect()
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

/// The content of a cell as text; a reason may be typed as a bare number.
fn shown(sheet: &Sheet, at: CellAddress) -> String {
    match sheet.cell(at).map(|cell| &cell.content) {
        Some(Content::Text(text)) => text.trim().to_owned(),
        // As the list of findings shows figures, so that a typed number meets the one it repeats.
        Some(Content::Number(number)) => {
            number_from_f64(*number).map_or_else(|| number.to_string(), format_number)
        }
        Some(Content::Date(date)) => date.format("%d/%m/%Y").to_string(),
        Some(Content::Bool(flag)) => flag.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::workbook::{Cell, Format};

    #[test]
    fn a_line_of_the_templates_own_sheet_names_a_cell() {
        let mut sheet = Sheet::new(EXPLANATION_SHEET);
        let mut put = |at: &str, content: Content| {
            let cell = Cell {
                content,
                formula: None,
                style: None,
            };
            sheet.cells.insert(at.parse().unwrap(), cell);
        };
        let text = |text: &str| Content::Text(text.into());
        for (at, header) in ["B4", "C4", "D4", "E4"].iter().zip(EXPLANATION_HEADERS) {
            put(at, text(header));
        }
        put("B5", text("Văn bản điện tử"));
        put("C5", text("e14"));
        put("D5", Content::Number(50.1));
        put("E5", text("Số nội bộ"));
        put("B6", text("một dòng chưa có lý do"));
        let workbook = Workbook {
            sheets: vec![sheet],
            saved_at: None,
            format: Format::Xlsx,
            has_macros: false,
            names: Vec::new(),
        };
        let found = read_explanations(&workbook);
        let told: BTreeSet<(&str, String, &str, &str)> = found
            .iter()
            .map(|e| (&*e.sheet, e.cell.unwrap().to_string(), &*e.found, &*e.text))
            .collect();
        let expected = ("Văn bản điện tử", "E14".to_owned(), "50,1", "Số nội bộ");
        assert_eq!(told, BTreeSet::from([expected]));
    }
}
