//! The workbook of a form: the blank, then the sheets it is read from.

use chrono::NaiveDateTime;

use super::{blank, guide, tables};
use crate::model::template_names::GUIDE_SHEET;
use crate::schema::Form;
use crate::sheet_form::lay::Laid;
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::SheetWriter;
use crate::write::paper::workbook::{new_workbook, sheet_name};

/// What a form workbook is made of.
#[derive(Debug, Clone, Copy)]
pub struct FormWorkbook<'a> {
    /// The form.
    pub form: &'a Form,
    /// Its text as sheets.
    pub laid: &'a Laid,
}

/// The bytes of a form's workbook, stamped `created`.
///
/// # Errors
/// Excel would not take what is written.
pub fn form_workbook_bytes(
    input: &FormWorkbook<'_>,
    created: NaiveDateTime,
) -> Result<Vec<u8>, WriteError> {
    let (form, laid) = (input.form, input.laid);
    let mut workbook = new_workbook(&form.file.title, "", created)?;
    let own = [
        laid.fields.name,
        laid.rules.name,
        laid.examples.name,
        GUIDE_SHEET,
    ];
    let name = sheet_name(&form.file.sheet, &own.map(str::to_owned));
    blank::paint(&mut SheetWriter::add(&mut workbook, &name)?, form)?;
    for sheet in [&laid.fields, &laid.rules, &laid.examples] {
        // A form without examples has no sheet of them; the guide says how to add one.
        if !sheet.lines.is_empty() || sheet.name != laid.examples.name {
            tables::paint(&mut SheetWriter::add(&mut workbook, sheet.name)?, sheet)?;
        }
    }
    guide::form(&mut SheetWriter::add(&mut workbook, GUIDE_SHEET)?)?;
    Ok(workbook.save_to_buffer()?)
}
