//! The master workbook: everything consolidated, open to audit. One sheet a form, each total a
//! live formula over the cells it adds, beside lists of findings, submissions, units and rules.

use chrono::NaiveDateTime;

use super::book::{
    CHARTS, CONTENTS, FINDINGS, Master, MasterInput, OVERVIEW, RULES, SUBMISSIONS, SheetNames,
    TREND, UNITS,
};
use super::plan::SheetPlaces;
use super::{charts, contents, detail, lists, overview, rules, table, trend};
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::SheetWriter;
use crate::write::paper::workbook::{new_workbook, properties};

/// The bytes of the master workbook, stamped `created`.
///
/// # Errors
/// A name in the campaign is unknown, or Excel would not take what is written.
pub fn write_master(
    input: &MasterInput<'_>,
    created: NaiveDateTime,
) -> Result<Vec<u8>, WriteError> {
    let campaign = input.campaign;
    let mut workbook = new_workbook(&campaign.title, &campaign.office, created)?;
    let properties = properties(&campaign.title, &campaign.office, created)?
        .set_subject(format!("Kỳ báo cáo: {}", input.period.vietnamese()))
        .set_category("Sổ tổng hợp")
        .set_keywords(&campaign.name);
    workbook.set_properties(&properties);
    let names = SheetNames::new(&input.consolidated.forms);
    let master = Master::new(input);
    let places = SheetPlaces::new(&master, &names);

    contents::write(
        &mut SheetWriter::add(&mut workbook, CONTENTS)?,
        &master,
        &places,
        &names,
    )?;
    let mut sheet = SheetWriter::add(&mut workbook, OVERVIEW)?;
    let rows = overview::write(&mut sheet, &master, &places)?;
    if master.has_trend() {
        let mut sheet = SheetWriter::add(&mut workbook, TREND)?;
        trend::write(&mut sheet, &master, &rows)?;
    }
    charts::write(
        &mut SheetWriter::add(&mut workbook, CHARTS)?,
        &master,
        &places,
        &rows,
    )?;
    for plan in &places.plans {
        let mut sheet = SheetWriter::add(&mut workbook, &plan.sheet)?;
        table::write(&mut sheet, &master, &places, plan)?;
        if let Some(detail) = &plan.detail {
            let mut sheet = SheetWriter::add(&mut workbook, &detail.sheet)?;
            detail::write(&mut sheet, &master, plan.table, detail)?;
        }
    }
    lists::findings(
        &mut SheetWriter::add(&mut workbook, FINDINGS)?,
        &master,
        &places,
    )?;
    lists::submissions(&mut SheetWriter::add(&mut workbook, SUBMISSIONS)?, &master)?;
    lists::units(&mut SheetWriter::add(&mut workbook, UNITS)?, &master)?;
    rules::write(&mut SheetWriter::add(&mut workbook, RULES)?, &master)?;
    Ok(workbook.save_to_buffer()?)
}
