//! Identifies a workbook: the unit code, period and forms on the template's hidden sheet, then the
//! code and name printed on the form.

use super::explanations::is_result_sheet;
use super::given::Given;
use super::title_block::{self, PrintedText};
use crate::model::CellAddress;
use crate::model::template_names::{IDENTITY_SHEET, is_own_sheet};
use crate::text::normalise;
use crate::workbook::{Content, Sheet, Workbook};

/// Rows in which a title block is looked for.
const TITLE_ROWS: u32 = 20;

/// What a workbook says about itself.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Identity {
    /// Unit code in the hidden sheet.
    pub unit_code: Option<String>,
    /// Period in the hidden sheet, as written.
    pub period: Option<String>,
    /// Forms in the hidden sheet: id, version, sheet name.
    pub forms: Vec<(String, String, String)>,
    /// Rows whose names the template wrote itself: form, name (normalised).
    pub rows: Vec<(String, String)>,
    /// Cells of tables that the office has filled in its own template: form, cell.
    pub given: Vec<(String, Given)>,
    /// Printed "Mã đơn vị: ...".
    pub printed_code: Option<PrintedText>,
    /// Printed "Đơn vị báo cáo: ...".
    pub printed_name: Option<PrintedText>,
}

/// Reads what a workbook says about itself.
pub fn read(workbook: &Workbook) -> Identity {
    let mut identity = Identity::default();
    for sheet in &workbook.sheets {
        if sheet.name.as_ref() == IDENTITY_SHEET {
            hidden(sheet, &mut identity);
        } else if !is_own_sheet(&sheet.name) && !is_result_sheet(sheet) {
            printed(sheet, &mut identity);
        }
    }
    identity
}

fn hidden(sheet: &Sheet, identity: &mut Identity) {
    let text = |row: u32, column: u32| content_text(sheet, CellAddress::new(row, column));
    let rows: std::collections::BTreeSet<u32> = sheet.cells.keys().map(|cell| cell.row).collect();
    for row in rows {
        let (Some(key), Some(value)) = (text(row, 0), text(row, 1)) else {
            continue;
        };
        match key.as_str() {
            "unit" => identity.unit_code = Some(value),
            "period" => identity.period = Some(value),
            "form" => identity.forms.push((
                value,
                text(row, 2).unwrap_or_default(),
                text(row, 3).unwrap_or_default(),
            )),
            "given" => {
                let cell = (text(row, 2), text(row, 3), text(row, 4));
                if let (Some(row), Some(column), Some(says)) = cell {
                    identity.given.push((value, Given { row, column, says }));
                }
            }
            "row" => identity
                .rows
                .extend(text(row, 2).map(|name| (value, normalise(&name)))),
            _ => {}
        }
    }
}

fn printed(sheet: &Sheet, identity: &mut Identity) {
    let block = title_block::read(sheet, 0..TITLE_ROWS);
    let first = |known: &mut Option<PrintedText>, found: Vec<PrintedText>| {
        if known.is_none() {
            *known = found.into_iter().next();
        }
    };
    first(&mut identity.printed_name, block.names);
    first(&mut identity.printed_code, block.codes);
}

fn content_text(sheet: &Sheet, address: CellAddress) -> Option<String> {
    match &sheet.cells.get(&address)?.content {
        Content::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Content::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
