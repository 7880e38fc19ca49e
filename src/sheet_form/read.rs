//! A workbook to form texts: one with a sheet «Chỉ tiêu» is a form by itself, one with only a sheet
//! «Quy tắc» is a blank with rules written beside it.

use super::fields;
use super::finish::{SheetError, SheetForm, finished};
use super::lines::{Lines, heading_row};
use super::text::Text;
use super::told::Told;
use super::words::{EXAMPLES, EXAMPLES_SHEET, FIELDS, FIELDS_SHEET, RULES, RULES_SHEET};
use super::{beside, examples, rules};
use crate::model::Message;
use crate::text::{fold, nearest};
use crate::workbook::{Limits, Sheet, Workbook, workbook_from_bytes};

/// The sheets of a form workbook.
pub(super) struct Sheets<'a> {
    pub(super) fields: Option<&'a Sheet>,
    pub(super) rules: Option<&'a Sheet>,
    pub(super) examples: Option<&'a Sheet>,
}

impl<'a> Sheets<'a> {
    pub(super) fn of(workbook: &'a Workbook) -> Sheets<'a> {
        let named = |name: &str| workbook.sheet_named(name);
        // A sheet of a blank may be called «Chỉ tiêu», too: one of ours has our heading.
        let fields = named(FIELDS_SHEET).filter(|sheet| heading_row(sheet, FIELDS).is_some());
        Sheets {
            fields,
            rules: named(RULES_SHEET),
            examples: named(EXAMPLES_SHEET).filter(|sheet| heading_row(sheet, EXAMPLES).is_some()),
        }
    }
}

/// The sheets of columns and rows, and of rules, that a workbook is a form by.
pub fn sheets(workbook: &Workbook) -> (Option<&Sheet>, Option<&Sheet>) {
    let sheets = Sheets::of(workbook);
    (sheets.fields, sheets.rules)
}

/// Names of the sheets that are for the owner of the form alone, not for whoever fills it.
pub fn owners_sheets(workbook: &Workbook) -> Vec<String> {
    let Sheets {
        fields,
        rules,
        examples,
    } = Sheets::of(workbook);
    let sheets = [fields, rules, examples].into_iter().flatten();
    sheets.map(|sheet| sheet.name.to_string()).collect()
}

/// Reads the forms of a workbook.
///
/// # Errors
/// It is no spreadsheet, or holds no form. Mistakes in forms are in the result.
pub fn read(name: &str, bytes: &[u8], limits: &Limits) -> Result<Vec<SheetForm>, SheetError> {
    let workbook = workbook_from_bytes(name, bytes, limits).map_err(SheetError::File)?;
    let sheets = Sheets::of(&workbook);
    match (sheets.fields, sheets.rules) {
        (Some(fields), _) => Ok(vec![written(name, &sheets, fields)]),
        (None, Some(rules)) => beside::read(name, bytes, rules, limits),
        (None, None) => Err(SheetError::NoForm(no_form(&workbook))),
    }
}

/// A form written in sheets, from sheets in memory.
pub(super) fn written(name: &str, sheets: &Sheets<'_>, fields: &Sheet) -> SheetForm {
    let mut text = Text::default();
    let mut told = Told::default();
    let mut lost = Vec::new();
    let lines = Lines::find(fields, FIELDS, &fields::NEEDED, &mut told);
    let names = lines.map(|lines| fields::read(&lines, &mut text, &mut told));
    let names = names.unwrap_or_default();
    if let Some(rules) = sheets.rules
        && let Some(lines) = Lines::find(rules, RULES, &[], &mut told)
    {
        let own = rules::Own {
            is: &|_| true,
            taken: &[],
        };
        lost = rules::read(&lines, &names, &own, &mut text, &mut told);
    }
    if let Some(examples) = sheets.examples
        && let Some(lines) = Lines::find(examples, EXAMPLES, &examples::NEEDED, &mut told)
    {
        examples::read(&lines, names.rows.is_empty(), &mut text, &mut told);
    }
    finished(name, text, told, lost)
}

fn no_form(workbook: &Workbook) -> Message {
    let names: Vec<&str> = workbook.sheets.iter().map(|sheet| &*sheet.name).collect();
    let near = [FIELDS_SHEET, RULES_SHEET].iter().find_map(|wanted| {
        let near = nearest(wanted, names.iter().copied())?;
        Some((near, *wanted))
    });
    match near {
        Some((near, wanted)) if fold(near) != fold(wanted) => Message::new(
            format!(
                "không có trang «{wanted}»; trang «{near}» có phải là trang ấy? Hãy đổi tên trang"
            ),
            format!("there is no sheet «{wanted}»; is it «{near}»? Rename it"),
        ),
        _ => Message::new(
            format!(
                "tệp không phải biểu mẫu viết bằng Excel: cần trang «{FIELDS_SHEET}» (có các tiêu đề «Loại», «Mã», «Tên»), hoặc biểu trắng kèm trang «{RULES_SHEET}»"
            ),
            format!(
                "no form: a sheet «{FIELDS_SHEET}» is needed, or a blank with a sheet «{RULES_SHEET}»"
            ),
        ),
    }
}
