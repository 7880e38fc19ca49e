//! The figures of two printed reports, filled into workbooks of their own: the relations that hold
//! between real figures.

use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Deserialize;
use tonghop::campaign::Campaign;
use tonghop::judge::ReceivedFile;
use tonghop::model::{CellAddress, Fact, ReportingUnit, Value};
use tonghop::rules::PreviousFigures;
use tonghop::workbook::{Cell, Content, Limits, Workbook, read_workbook};
use tonghop::write::{GridRow, TemplateInput, write_template};

use super::book::{Book, to_f64};

/// A line of `figures.csv`.
#[derive(Debug, Clone, Deserialize)]
pub struct Printed {
    pub form: String,
    pub row: String,
    pub column: String,
    pub value: Decimal,
    /// The figure of the period before. The reports do not print it: it is the cumulated figure
    /// less the period's own.
    pub previous: Option<Decimal>,
}

/// The campaign whose units are the reports.
pub fn campaign(folder: &Path) -> Result<Campaign, String> {
    let mut campaign = Campaign::load(folder).map_err(|error| error.to_string())?;
    let mut facts = Vec::new();
    for figure in figures(folder)? {
        let units = campaign.roster.units.iter();
        let mut asked = units.filter(|unit| campaign.expects(unit, &figure.form));
        let fact = asked
            .next()
            .zip(figure.previous)
            .map(|(unit, previous)| Fact {
                period: None,
                unit: unit.code.as_str().into(),
                form: figure.form.as_str().into(),
                row: figure.row.as_str().into(),
                column: figure.column.as_str().into(),
                value: Value::Number(previous),
                source: None,
            });
        facts.extend(fact);
    }
    campaign.definition.previous = Some(PreviousFigures::new(&facts));
    Ok(campaign)
}

/// What the reports print.
pub fn figures(folder: &Path) -> Result<Vec<Printed>, String> {
    let reader = csv::Reader::from_path(folder.join("figures.csv"));
    let mut reader = reader.map_err(|error| error.to_string())?;
    let lines: Result<Vec<Printed>, csv::Error> = reader.deserialize().collect();
    lines.map_err(|error| error.to_string())
}

/// The reports' workbooks: templates with the printed figures typed into them.
pub fn books(campaign: &Campaign) -> Result<Vec<Book>, String> {
    let units = campaign.roster.units.iter();
    units.map(|unit| book(campaign, unit)).collect()
}

fn book(campaign: &Campaign, unit: &Arc<ReportingUnit>) -> Result<Book, String> {
    let (file, workbook) = filled(campaign, unit)?;
    Book::new(campaign, &unit.code, file, &workbook)
}

/// The workbook of one report.
pub fn filled(
    campaign: &Campaign,
    unit: &ReportingUnit,
) -> Result<(ReceivedFile, Workbook), String> {
    let forms = campaign.forms.iter();
    let forms: Vec<_> = forms
        .filter(|form| campaign.expects(unit, form.id()))
        .cloned()
        .collect();
    let input = TemplateInput {
        campaign: &campaign.file,
        unit: Some(unit),
        forms: &forms,
        fill: None,
        identity: true,
        previous: None,
        password: None,
    };
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let path = folder.path().join("mau.xlsx");
    let made = NaiveDate::from_ymd_opt(2025, 9, 30).and_then(|day| day.and_hms_opt(0, 0, 0));
    let layout = write_template(&input, made.unwrap_or_default(), &path)
        .map_err(|error| error.to_string())?;
    let mut workbook =
        read_workbook(&path, &Limits::default()).map_err(|problem| problem.message().en)?;
    for figure in figures(&campaign.folder)? {
        let row = GridRow::Fixed(&figure.row);
        if let Some((sheet, at)) = layout.cell(&figure.form, row, &figure.column) {
            put(&mut workbook, sheet, at, figure.value);
        }
    }
    let file = ReceivedFile {
        path,
        name: format!("{}.xlsx", unit.code).into(),
        round: 1,
    };
    Ok((file, workbook))
}

/// Types a figure into a cell.
pub fn put(workbook: &mut Workbook, sheet: &str, at: CellAddress, figure: Decimal) {
    let sheets = workbook.sheets.iter_mut();
    if let Some(sheet) = sheets.into_iter().find(|found| &*found.name == sheet) {
        let style = sheet.cells.get(&at).and_then(|cell| cell.style.clone());
        let cell = Cell {
            content: Content::Number(to_f64(figure)),
            formula: None,
            style,
        };
        sheet.cells.insert(at, cell);
    }
}
