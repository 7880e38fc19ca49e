//! The workbook a unit receives and fills; filled by a program, the samples are made of it.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDateTime;
use rust_xlsxwriter::Workbook;

use super::grid::{Grid, GridOptions};
use super::sheet::Sheet;
use super::template_previous::LastRows;
use super::{
    WriteError, new_workbook, save, sheet_name, style, template_choices, template_guide,
    template_input, template_previous, template_sheet,
};
use crate::model::template_names::{
    EXPLANATION_SHEET, GUIDE_SHEET, IDENTITY_SHEET, PREVIOUS_SHEET,
};
use crate::model::{CellAddress, ReportingUnit};
use crate::rules::PreviousFigures;
use crate::schema::Form;
use crate::schema::campaign::CampaignFile;

/// Version of the template's own layout, in the identity sheet.
const TEMPLATE_VERSION: &str = "1";

/// What a template is made of.
#[derive(Clone, Copy)]
pub struct TemplateInput<'a> {
    /// The campaign: period, offices.
    pub campaign: &'a CampaignFile,
    /// Who is to fill it; `None` leaves name and code open.
    pub unit: Option<&'a ReportingUnit>,
    /// Forms, one sheet each.
    pub forms: &'a [Arc<Form>],
    /// What is filled in already; `None` for a blank workbook.
    pub fill: Option<&'a dyn Fill>,
    /// Write what makes a template of it: the identity sheet, the guide, live checks, protection?
    /// Workbooks people made themselves have none of these.
    pub identity: bool,
    /// The closed figures of the period before, where the office has them.
    pub previous: Option<&'a PreviousFigures>,
    /// The password that lifts the protection; without one anybody can lift it.
    pub password: Option<&'a str>,
}

impl TemplateInput<'_> {
    /// Are guide and live checks written?
    pub(super) fn aids(&self) -> bool {
        self.identity && !self.fill.is_some_and(|fill| fill.bare())
    }
}

/// A row of a form's table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RowRef<'a> {
    /// A fixed row by id.
    Fixed(&'a str),
    /// A row the unit adds, counted from 0.
    Free(usize),
    /// The total row.
    Total,
}

/// What stands in a cell. Text stays text even if it looks like a number: people's mistakes must
/// be reproducible.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A number.
    Number(f64),
    /// Words, or a number typed as words.
    Text(String),
    /// Nothing, expressly: in the total row it takes the formula's place.
    Blank,
}

/// Fills a template.
pub trait Fill {
    /// What stands in a cell, the key column of free rows included. `None` leaves a cell blank and
    /// the total row's formula in place.
    fn cell(&self, form: &str, row: RowRef<'_>, column: &str) -> Option<Input>;

    /// How many free rows are filled.
    fn free_rows(&self, _form: &str) -> usize {
        0
    }

    /// Is the total row left out?
    fn drops_total(&self, _form: &str) -> bool {
        false
    }

    /// The unit's name as printed, instead of the roster's.
    fn unit_name(&self) -> Option<String> {
        None
    }

    /// The unit's code as printed, instead of the roster's.
    fn unit_code(&self) -> Option<String> {
        None
    }

    /// The period as printed behind "Kỳ báo cáo:".
    fn period(&self) -> Option<String> {
        None
    }

    /// The sheet's name, instead of the form's.
    fn sheet_name(&self, _form: &str) -> Option<String> {
        None
    }

    /// Are guide and live checks left out? Nobody who only reads the figures needs them.
    fn bare(&self) -> bool {
        false
    }

    /// The line above the signature: "Càng Long, ngày 03 tháng 10 năm 2025".
    fn signed(&self) -> Option<String> {
        None
    }
}

/// Where everything landed.
#[derive(Debug)]
pub struct Layout {
    /// The sheets, in order.
    pub sheets: Vec<FormSheet>,
}

/// One form on its sheet.
#[derive(Debug)]
pub struct FormSheet {
    /// The form.
    pub form: Arc<Form>,
    /// Name of the sheet.
    pub sheet: String,
    /// Which sheet of the workbook it is, counted from 0.
    pub index: usize,
    /// Where everything is on it.
    pub grid: Grid,
    /// Last period's rows, if it is a table the unit adds rows to.
    pub(super) last_rows: Option<LastRows>,
    /// Its live checks, top to bottom.
    pub checks: Vec<CheckCell>,
}

/// A live check: a rule asked at one place, and the cell that shows what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckCell {
    /// Id of the rule.
    pub rule: String,
    /// What must hold, as it stands beside the cell.
    pub label: String,
    /// Where on the sheet it is asked.
    pub place: CheckPlace,
    /// Where the outcome is shown: "✓", "…", or what is wrong.
    pub cell: CellAddress,
    /// It cannot be checked in this workbook.
    pub elsewhere: bool,
}

/// Where a live check is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CheckPlace {
    /// On a row of the sheet.
    Row(u32),
    /// On a column of the sheet.
    Column(u32),
    /// On every row the unit adds; it shows how many are wrong.
    AddedRows,
    /// On the total row.
    Total,
    /// Once.
    Once,
}

impl Layout {
    /// Sheet and address of a cell; `None` if the workbook has no such cell.
    pub fn cell(&self, form: &str, row: RowRef<'_>, column: &str) -> Option<(&str, CellAddress)> {
        let sheet = self.sheets.iter().find(|sheet| sheet.form.id() == form)?;
        let address = sheet.grid.cell(&sheet.form, row, column)?;
        Some((&sheet.sheet, address))
    }
}

/// Writes the workbook of a unit to `path`, stamped `created`.
pub fn write_template(
    input: &TemplateInput<'_>,
    created: NaiveDateTime,
    path: &Path,
) -> Result<Layout, WriteError> {
    let mut workbook = new_workbook(&input.campaign.title, &input.campaign.office, created)?;
    let mut layout = lay_out(input);
    if input.aids() {
        template_guide::guide(&mut workbook, input, &layout)?;
    }
    let mut checks = Vec::new();
    for place in &layout.sheets {
        let mut sheet = Sheet::add(&mut workbook, &place.sheet)?;
        checks.push(template_sheet::paint(&mut sheet, input, &layout, place)?);
    }
    for (place, checks) in layout.sheets.iter_mut().zip(checks) {
        place.checks = checks;
    }
    if input.identity {
        for place in &layout.sheets {
            template_input::define_names(&mut workbook, place)?;
        }
        if input.aids() {
            template_guide::explanations(&mut workbook, input, &layout)?;
        }
        template_previous::sheet(&mut workbook, input, &layout)?;
        identity_sheet(&mut workbook, input, &layout)?;
    }
    save(&mut workbook, path)?;
    Ok(layout)
}

/// Where everything of a template lands, without writing it.
pub fn lay_out(input: &TemplateInput<'_>) -> Layout {
    let own = [
        IDENTITY_SHEET,
        PREVIOUS_SHEET,
        GUIDE_SHEET,
        EXPLANATION_SHEET,
    ];
    let mut taken = own.map(str::to_owned).to_vec();
    let before = usize::from(input.aids());
    let mut hidden_rows = 0;
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
            kind: input.unit.map(|unit| unit.kind.as_str()),
            free_rows,
            without_total: input.fill.is_some_and(|fill| fill.drops_total(form.id())),
        };
        FormSheet {
            grid: Grid::new(form, options),
            form: form.clone(),
            sheet,
            index: index + before,
            last_rows,
            checks: Vec::new(),
        }
    });
    Layout {
        sheets: sheets.collect(),
    }
}

/// The very hidden sheet: rows `key | value`, `form | id | version | sheet` for each form, and
/// `row | id of the form | name` for each row name the template writes itself.
fn identity_sheet(
    workbook: &mut Workbook,
    input: &TemplateInput<'_>,
    layout: &Layout,
) -> Result<(), WriteError> {
    let mut sheet = Sheet::add(workbook, IDENTITY_SHEET)?;
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
    template_choices::write(&mut sheet, layout)?;
    sheet.protect(input.password, false);
    Ok(())
}
