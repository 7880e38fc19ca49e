//! Whose workbook this is: the hidden sheet of the template first, then what is printed on it.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use super::explanations::is_result_sheet;
use super::grid::LONGEST_LABEL;
use crate::model::CellAddress;
use crate::model::template_names::{IDENTITY_SHEET, is_own_sheet};
use crate::text::normalise;
use crate::workbook::{Content, Sheet, Workbook};

/// Rows in which a title block may stand.
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
    /// Printed "Mã đơn vị: ...".
    pub printed_code: Option<Printed>,
    /// Printed "Đơn vị báo cáo: ...".
    pub printed_name: Option<Printed>,
    /// Printed "Kỳ báo cáo: ..." of each sheet.
    pub printed_periods: Vec<Printed>,
}

/// A text of the title block and its place.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Printed {
    /// What stands behind the colon.
    pub text: String,
    /// Sheet.
    pub sheet: Arc<str>,
    /// Cell.
    pub cell: CellAddress,
}

static UNIT_NAME: LazyLock<Regex> = LazyLock::new(|| {
    line(r"^(?:tên )?(?:đơn vị|cơ quan|đơn vị báo cáo|đơn vị gửi báo cáo)\s*:\s*(.*)$")
});
static UNIT_CODE: LazyLock<Regex> =
    LazyLock::new(|| line(r"^mã (?:đơn vị|định danh)(?: báo cáo)?\s*:\s*(.*)$"));
static PERIOD: LazyLock<Regex> = LazyLock::new(|| line(r"^\(?kỳ báo cáo\s*:\s*(.*?)\)?$"));

fn line(pattern: &str) -> Regex {
    Regex::new(pattern).expect("the pattern is a constant")
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
            "row" => identity
                .rows
                .extend(text(row, 2).map(|name| (value, normalise(&name)))),
            _ => {}
        }
    }
}

fn printed(sheet: &Sheet, identity: &mut Identity) {
    for (address, cell) in &sheet.cells {
        if address.row >= TITLE_ROWS {
            break;
        }
        let Content::Text(text) = &cell.content else {
            continue;
        };
        if text.len() > LONGEST_LABEL {
            continue;
        }
        let plain = normalise(text);
        let found = |pattern: &Regex| {
            let rest = pattern.captures(&plain)?.get(1)?;
            let own = text.split_once(':').map_or("", |(_, rest)| rest).trim();
            let (text, cell) = if rest.as_str().is_empty() {
                neighbour(sheet, *address)?
            } else {
                (own.trim_end_matches(')').trim().to_owned(), *address)
            };
            Some(Printed {
                text,
                sheet: sheet.name.clone(),
                cell,
            })
        };
        if identity.printed_name.is_none() {
            identity.printed_name = found(&UNIT_NAME);
        }
        if identity.printed_code.is_none() {
            identity.printed_code = found(&UNIT_CODE);
        }
        identity.printed_periods.extend(found(&PERIOD));
    }
}

/// The text to the right of a label whose own cell ends at the colon.
fn neighbour(sheet: &Sheet, address: CellAddress) -> Option<(String, CellAddress)> {
    let from = CellAddress::new(address.row, address.column + 1);
    let to = CellAddress::new(address.row, address.column + 8);
    let (cell, _) = sheet.cells.range(from..=to).next()?;
    Some((content_text(sheet, *cell)?, *cell))
}

fn content_text(sheet: &Sheet, address: CellAddress) -> Option<String> {
    match &sheet.cells.get(&address)?.content {
        Content::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Content::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
