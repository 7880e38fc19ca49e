//! The workbook of a campaign: the sheets it is read from, the list of its units among them.

use chrono::NaiveDateTime;
use rust_xlsxwriter::{DataValidation, Formula};

use super::{guide, tables};
use crate::model::CellAddress;
use crate::model::template_names::GUIDE_SHEET;
use crate::schema::Orientation;
use crate::sheet_form::lay::LaidSheet;
use crate::sheet_form::words::campaign::{
    CAMPAIGN_LINES, CAMPAIGN_SHEET, FORMS_SHEET, KIND_LINE, UNITS_SHEET, VALUE, WHAT,
};
use crate::sheet_form::words::{Key, choices_of};
use crate::text::list::List;
use crate::write::paper::count::count;
use crate::write::paper::error::WriteError;
use crate::write::paper::measure::lines;
use crate::write::paper::sheet::{SheetWriter, column_number};
use crate::write::paper::style;
use crate::write::paper::workbook::new_workbook;

/// Lines of a sheet in which choices can be picked.
const PICKED: u32 = 500;
/// What Excel holds of the choices of a list, in characters.
const LONGEST_CHOICES: usize = 255;

/// What a campaign's workbook is made of.
#[derive(Debug, Clone, Copy)]
pub struct CampaignWorkbook<'a> {
    /// Title of the campaign.
    pub title: &'a str,
    /// Its text as sheets, «Đợt» first.
    pub laid: &'a [LaidSheet],
    /// Its units, with the headings of a sheet.
    pub units: &'a List,
    /// Ids of its kinds of unit.
    pub kinds: &'a [&'a str],
}

/// The bytes of a campaign's workbook, stamped `created`.
///
/// # Errors
/// Excel would not take what is written.
pub fn campaign_workbook_bytes(
    input: &CampaignWorkbook<'_>,
    created: NaiveDateTime,
) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook(input.title, "", created)?;
    for laid in input.laid {
        let mut sheet = SheetWriter::add(&mut workbook, laid.name)?;
        tables::paint(&mut sheet, laid)?;
        match laid.name == CAMPAIGN_SHEET {
            true => own_choices(&mut sheet, laid)?,
            false => choices(&mut sheet, laid, input.kinds)?,
        }
        if laid.name == CAMPAIGN_SHEET {
            units(&mut SheetWriter::add(&mut workbook, UNITS_SHEET)?, input)?;
        }
    }
    guide::campaign(&mut SheetWriter::add(&mut workbook, GUIDE_SHEET)?)?;
    Ok(workbook.save_to_buffer()?)
}

/// What the lines of «Đợt» may be, and the values of those with choices.
fn own_choices(sheet: &mut SheetWriter<'_>, laid: &LaidSheet) -> Result<(), WriteError> {
    let place = |heading: &str| place(laid.keys, heading);
    let (Some(what), Some(value)) = (place(WHAT), place(VALUE)) else {
        return Ok(());
    };
    let names = CAMPAIGN_LINES.iter().map(|key| key.heading);
    let names: Vec<&str> = names.chain([KIND_LINE]).collect();
    pick(sheet, (1, PICKED), what, &names)?;
    for (row, line) in (1..).zip(&laid.lines) {
        let named = line.iter().find(|(under, _)| *under == WHAT);
        let key = CAMPAIGN_LINES.iter().find(|key| {
            named.is_some_and(|(_, shown)| {
                *shown == crate::sheet_form::lay::Shown::Text(key.heading.to_owned())
            })
        });
        let Some(key) = key else { continue };
        let words: Vec<&str> = choices_of(key).iter().map(|word| word.says).collect();
        pick(sheet, (row, row), value, &words)?;
        said(sheet, row, value, key)?;
    }
    Ok(())
}

/// What a line takes, shown when its cell is chosen.
fn said(sheet: &mut SheetWriter<'_>, row: u32, column: u32, key: &Key) -> Result<(), WriteError> {
    if key.help.is_empty() || !choices_of(key).is_empty() {
        return Ok(());
    }
    let said = DataValidation::new()
        .allow_any_value()
        .set_input_title(key.heading)?
        .set_input_message(key.help)?;
    let column = column_number(column)?;
    sheet
        .0
        .add_data_validation(row, column, row, column, &said)?;
    Ok(())
}

/// Kinds of unit and forms, where a list names them.
fn choices(
    sheet: &mut SheetWriter<'_>,
    laid: &LaidSheet,
    kinds: &[&str],
) -> Result<(), WriteError> {
    if let Some(column) = place(laid.keys, KIND_LINE) {
        pick(sheet, (1, PICKED), column, kinds)?;
    }
    let form = laid.keys.iter().position(|key| key.path == "form");
    if let Some(column) = form {
        let forms = Formula::new(format!("='{FORMS_SHEET}'!$B$2:$B${}", PICKED + 1));
        let list = DataValidation::new()
            .allow_list_formula(forms)
            .show_error_message(false);
        let column = column_number(count(column))?;
        sheet
            .0
            .add_data_validation(1, column, PICKED, column, &list)?;
    }
    Ok(())
}

fn place(keys: &[Key], heading: &str) -> Option<u32> {
    let place = keys.iter().position(|key| key.heading == heading);
    place.map(count)
}

fn pick(
    sheet: &mut SheetWriter<'_>,
    rows: (u32, u32),
    column: u32,
    words: &[&str],
) -> Result<(), WriteError> {
    let length: usize = words.iter().map(|word| word.chars().count() + 1).sum();
    let plain = words.iter().all(|word| !word.contains(','));
    if words.is_empty() || length > LONGEST_CHOICES || !plain {
        return Ok(());
    }
    let list = DataValidation::new()
        .allow_list_strings(words)?
        .show_error_message(false);
    let column = column_number(column)?;
    sheet
        .0
        .add_data_validation(rows.0, column, rows.1, column, &list)?;
    Ok(())
}

/// The list of units, as text: codes keep their zeros.
fn units(sheet: &mut SheetWriter<'_>, input: &CampaignWorkbook<'_>) -> Result<(), WriteError> {
    let list = input.units;
    let width = |title: &String| match title.as_str() {
        "Tên đơn vị" | "Tên khác" => 34.0,
        _ => 16.0,
    };
    let widths: Vec<f64> = list.heading.fields.iter().map(width).collect();
    sheet.widths(&widths)?;
    for (column, title) in (0..).zip(&list.heading.fields) {
        sheet.text(CellAddress::new(0, column), title, &style::header())?;
    }
    let look = style::label().set_num_format("@");
    for (row, line) in (1..).zip(&list.rows) {
        let mut tall = 1;
        for ((column, text), width) in (0..).zip(&line.fields).zip(&widths) {
            let at = CellAddress::new(row, column);
            match text.is_empty() {
                true => sheet.blank(at, &look)?,
                false => sheet.text(at, text, &look)?,
            }
            tall = tall.max(lines(text, width * 0.95));
        }
        sheet.height(row, tall)?;
    }
    let kind = list
        .heading
        .fields
        .iter()
        .position(|title| title == KIND_LINE);
    if let Some(column) = kind {
        let last = count(list.rows.len()) + PICKED;
        pick(sheet, (1, last), count(column), input.kinds)?;
    }
    sheet.print(Orientation::Landscape, Some((0, 0)))?;
    sheet.page_footer();
    sheet.0.set_freeze_panes(1, 2)?;
    Ok(())
}
