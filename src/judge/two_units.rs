//! One form of two units in one workbook.

use std::sync::Arc;

use super::definition::Definition;
use crate::extract::TablePlace;
use crate::extract::title_block::{self, PrintedText};
use crate::model::ReportingUnit;
use crate::roster::Match;
use crate::workbook::Workbook;

/// Rows above a table in which its unit is looked for.
const ABOVE: u32 = 20;

/// The units of two places of one form, if each names one and they differ.
pub(super) fn of(
    campaign: &Definition,
    workbook: &Workbook,
    places: &[TablePlace; 2],
) -> Option<[Arc<ReportingUnit>; 2]> {
    let [one, other] = places
        .each_ref()
        .map(|place| named(campaign, workbook, place));
    let units = [one?, other?];
    (units[0].code != units[1].code).then_some(units)
}

/// The unit that is named last above a place.
fn named(
    campaign: &Definition,
    workbook: &Workbook,
    place: &TablePlace,
) -> Option<Arc<ReportingUnit>> {
    let sheet = workbook.sheets.get(place.sheet)?;
    let top = place.cell.row;
    let block = title_block::read(sheet, top.saturating_sub(ABOVE)..top);
    let (roster, day) = (&campaign.roster, campaign.file.period.last_day());
    let by_name = |line: &PrintedText| match roster.find(&line.text, day) {
        Match::Exact(unit) => Some(unit),
        _ => None,
    };
    let mut codes = block.codes.iter().rev();
    let by_code = codes.find_map(|line| roster.by_code(&line.text).cloned());
    by_code
        .or_else(|| block.names.iter().rev().find_map(by_name))
        .or_else(|| block.others.iter().rev().find_map(by_name))
}
