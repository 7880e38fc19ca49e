//! Writes the workbook a unit receives and fills.

use std::collections::BTreeSet;
use std::path::Path;

use chrono::NaiveDateTime;
use rust_xlsxwriter::Workbook;

use super::fill::TemplateInput;
use super::{choices, guide, input as own_input, previous, sheet as form_sheet};
use crate::extract::given::Given;
use crate::model::template_names::{
    EXPLANATION_SHEET, GUIDE_SHEET, IDENTITY_SHEET, PREVIOUS_SHEET,
};
use crate::model::{CellAddress, ReportingUnit};
use crate::schema::Form;
use crate::write::formula::last_rows::LastRows;
use crate::write::formula::layout::{CheckCell, FormSheet, TemplateLayout};
use crate::write::paper::error::WriteError;
use crate::write::paper::grid::{Grid, GridOptions};
use crate::write::paper::save::write_whole;
use crate::write::paper::sheet::SheetWriter;
use crate::write::paper::style;
use crate::write::paper::workbook::{new_workbook, sheet_name};

/// Version of the template's own layout, in the identity sheet.
const TEMPLATE_VERSION: &str = "1";

/// Writes the workbook of a unit to `path`, stamped `created`.
///
/// # Errors
/// Excel would not take what is written, or the file cannot be written.
pub fn write_template(
    input: &TemplateInput<'_>,
    created: NaiveDateTime,
    path: &Path,
) -> Result<TemplateLayout, WriteError> {
    let (layout, bytes) = template_bytes(input, created)?;
    write_whole(path, &bytes)?;
    Ok(layout)
}

/// The bytes of the workbook of a unit, stamped `created`, and where everything is in it.
///
/// # Errors
/// Excel would not take what is written.
pub fn template_bytes(
    input: &TemplateInput<'_>,
    created: NaiveDateTime,
) -> Result<(TemplateLayout, Vec<u8>), WriteError> {
    let mut layout = lay_out(input);
    let bytes = book(input, created, &mut layout, form_sheet::paint)?;
    Ok((layout, bytes))
}

/// How the sheet of a form is painted.
pub(in crate::write) type Paint = fn(
    &mut SheetWriter<'_>,
    &TemplateInput<'_>,
    &TemplateLayout,
    &FormSheet,
) -> Result<Vec<CheckCell>, WriteError>;

/// The bytes of a template laid out like that, with its forms' sheets painted by `paint`. The layout
/// is told where the live checks are.
///
/// # Errors
/// Excel would not take what is written.
pub(in crate::write) fn book(
    input: &TemplateInput<'_>,
    created: NaiveDateTime,
    layout: &mut TemplateLayout,
    paint: Paint,
) -> Result<Vec<u8>, WriteError> {
    let mut workbook = new_workbook(&input.campaign.title, &input.campaign.office, created)?;
    if input.aids() {
        guide::guide(&mut workbook, input, layout)?;
    }
    let mut checks = Vec::new();
    for place in &layout.sheets {
        let mut sheet = SheetWriter::add(&mut workbook, &place.sheet)?;
        checks.push(paint(&mut sheet, input, layout, place)?);
    }
    for (place, checks) in layout.sheets.iter_mut().zip(checks) {
        place.checks = checks;
    }
    if input.identity {
        for place in &layout.sheets {
            own_input::define_names(&mut workbook, place)?;
        }
        if input.aids() {
            guide::explanations(&mut workbook, input, layout)?;
        }
        previous::sheet(&mut workbook, input, layout)?;
        identity_sheet(&mut workbook, input, layout)?;
    }
    Ok(workbook.save_to_buffer()?)
}

/// Where everything of a template lands, without writing it.
pub fn lay_out(input: &TemplateInput<'_>) -> TemplateLayout {
    let own = [
        IDENTITY_SHEET,
        PREVIOUS_SHEET,
        GUIDE_SHEET,
        EXPLANATION_SHEET,
    ];
    let mut taken = own.map(str::to_owned).to_vec();
    let before = usize::from(input.aids());
    let mut hidden_rows = 0;
    let filer = input.unit.map(ReportingUnit::filer);
    let unit = input.unit.map(|unit| unit.code.as_str());
    let previous = input.previous.zip(unit).filter(|_| input.identity);
    let sheets = input.forms.iter().enumerate().map(|(index, form)| {
        let own = input.fill.and_then(|fill| fill.sheet_name(form.id()));
        let sheet = sheet_name(own.as_deref().unwrap_or(&form.file.sheet), &taken);
        taken.push(sheet.clone());
        let last_rows = LastRows::find(form, previous, hidden_rows);
        hidden_rows += last_rows.as_ref().map_or(0, LastRows::height);
        let free_rows = match (input.fill, &last_rows) {
            (Some(fill), _) => fill.free_rows(form.id()),
            (None, Some(last)) => last.rows_needed(),
            (None, None) => 0,
        };
        let options = GridOptions {
            filer,
            free_rows,
            without_total: input.fill.is_some_and(|fill| fill.drops_total(form.id())),
        };
        FormSheet {
            grid: Grid::new(form, options),
            form: Form::of_filer(form, filer),
            sheet,
            index: index + before,
            shares: BTreeSet::new(),
            last_rows,
            given: Vec::new(),
            checks: Vec::new(),
        }
    });
    TemplateLayout {
        sheets: sheets.collect(),
    }
}

/// The very hidden sheet: rows `key | value`, `form | id | version | sheet` for each form, and
/// `row | id of the form | name` for each row name the template writes itself,
/// `given | id of the form | row | column | content` for each cell of the table that the office has
/// filled in a workbook of its own.
fn identity_sheet(
    workbook: &mut Workbook,
    input: &TemplateInput<'_>,
    layout: &TemplateLayout,
) -> Result<(), WriteError> {
    let mut sheet = SheetWriter::add(workbook, IDENTITY_SHEET)?;
    sheet.0.set_very_hidden(true);
    let period = input.campaign.period.to_string();
    let mut rows: Vec<Vec<&str>> = vec![
        vec!["tonghop_template", TEMPLATE_VERSION],
        vec!["campaign", &input.campaign.name],
        vec!["period", &period],
    ];
    rows.extend(input.unit.map(|unit| vec!["unit", unit.code.as_str()]));
    rows.extend(layout.sheets.iter().map(|place| {
        vec![
            "form",
            place.form.id(),
            &place.form.file.version,
            &place.sheet,
        ]
    }));
    rows.extend(layout.sheets.iter().flat_map(|place| {
        let given = place.given.iter();
        given.map(|cell| {
            let Given { row, column, says } = cell;
            vec!["given", place.form.id(), row, column, says]
        })
    }));
    if input.fill.is_none() {
        rows.extend(layout.sheets.iter().flat_map(|place| {
            let names = place.last_rows.iter().flat_map(LastRows::written);
            names.map(|name| vec!["row", place.form.id(), name])
        }));
    }
    for (row, cells) in (0u32..).zip(&rows) {
        for (column, text) in (0u32..).zip(cells) {
            sheet.text(CellAddress::new(row, column), text, &style::base())?;
        }
    }
    choices::write(&mut sheet, layout)?;
    sheet.protect(input.password, false);
    Ok(())
}
