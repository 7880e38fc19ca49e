//! A workbook to form texts: one with a sheet «Chỉ tiêu» is a form by itself, one with only a sheet
//! «Quy tắc» is a blank with rules written beside it.

use super::called::{Ours, tell_unread, unread};
use super::fields;
use super::finish::{SheetError, SheetForm, finished};
use super::lines::Lines;
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

/// A sheet of a blank may be called «Chỉ tiêu», too: one of ours has our heading.
const FIELDS_OURS: Ours = Ours {
    name: FIELDS_SHEET,
    keys: FIELDS,
    known_by: &fields::NEEDED,
};
const RULES_OURS: Ours = Ours {
    name: RULES_SHEET,
    keys: RULES,
    known_by: &["Phép so"],
};
const EXAMPLES_OURS: Ours = Ours {
    name: EXAMPLES_SHEET,
    keys: EXAMPLES,
    known_by: &examples::NEEDED,
};

impl<'a> Sheets<'a> {
    pub(super) fn of(workbook: &'a Workbook) -> Sheets<'a> {
        // One that is called so is meant, whatever its heading.
        let rules = RULES_OURS.find(workbook);
        Sheets {
            fields: FIELDS_OURS.find(workbook),
            rules: rules.or_else(|| workbook.sheet_named(RULES_SHEET)),
            examples: EXAMPLES_OURS.find(workbook),
        }
    }

    /// Tells of sheets that look like ours and are none of these.
    fn tell_unread(&self, workbook: &Workbook, told: &mut Told) {
        let read = [self.fields, self.rules, self.examples];
        let read: Vec<&Sheet> = read.into_iter().flatten().collect();
        let ours = [FIELDS_OURS, RULES_OURS, EXAMPLES_OURS];
        tell_unread(workbook, &ours, &read, told);
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
    let mut told = Told::default();
    sheets.tell_unread(&workbook, &mut told);
    match (sheets.fields, sheets.rules) {
        (Some(fields), _) => Ok(vec![read_sheets(name, &sheets, fields, told)]),
        (None, Some(rules)) => beside::read(name, bytes, (rules, told), limits),
        (None, None) => Err(SheetError::NoForm(no_form(&workbook))),
    }
}

/// A form written in sheets, from sheets in memory.
pub(super) fn written(name: &str, sheets: &Sheets<'_>, fields: &Sheet) -> SheetForm {
    read_sheets(name, sheets, fields, Told::default())
}

fn read_sheets(name: &str, sheets: &Sheets<'_>, fields: &Sheet, mut told: Told) -> SheetForm {
    let mut text = Text::default();
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
    let ours = [FIELDS_OURS, RULES_OURS];
    let unread = unread(workbook, &ours, &[]).into_iter().next();
    let unread = unread.map(|(sheet, wanted)| (&*sheet.name, wanted));
    let near = unread.or_else(|| {
        [FIELDS_SHEET, RULES_SHEET].iter().find_map(|wanted| {
            let near = nearest(wanted, names.iter().copied())?;
            Some((near, *wanted))
        })
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
