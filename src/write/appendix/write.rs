//! Writes the appendices of the report: a workbook, a Word document, lists for its text.

use chrono::NaiveDateTime;

use super::table::Appendix;
use super::{document, first_page, sheet as appendix_sheet};
use crate::consolidate::Consolidated;
use crate::model::Value;
use crate::schema::campaign::CampaignFile;
use crate::write::paper::error::WriteError;
use crate::write::paper::sheet::SheetWriter;
use crate::write::paper::workbook::{new_workbook, sheet_name};

/// The workbook of the appendices a campaign declares, stamped `created`; `None` if it declares
/// none.
///
/// # Errors
/// A name of an appendix is unknown, or Excel would not take what is written.
pub fn write_appendices(
    campaign: &CampaignFile,
    consolidated: &Consolidated,
    created: NaiveDateTime,
) -> Result<Option<Vec<u8>>, WriteError> {
    if campaign.appendices.is_empty() {
        return Ok(None);
    }
    let mut workbook = new_workbook(&campaign.title, &campaign.office, created)?;
    let mut taken = Vec::new();
    for appendix in appendices(campaign, consolidated)? {
        let name = sheet_name(&appendix.text.sheet, &taken);
        let mut sheet = SheetWriter::add(&mut workbook, &name)?;
        taken.push(name);
        appendix_sheet::write(&mut sheet, campaign, &appendix)?;
    }
    let bytes = first_page::without_number(&workbook.save_to_buffer()?)?;
    Ok(Some(bytes))
}

/// The same appendices as a Word document, stamped `created`; `None` if the campaign declares
/// none.
///
/// # Errors
/// A name of an appendix is unknown, or the document cannot be put together.
pub fn write_appendix_document(
    campaign: &CampaignFile,
    consolidated: &Consolidated,
    created: NaiveDateTime,
) -> Result<Option<Vec<u8>>, WriteError> {
    if campaign.appendices.is_empty() {
        return Ok(None);
    }
    let stamp = created.format("%Y-%m-%dT%H:%M:%SZ").to_string();
    let appendices = appendices(campaign, consolidated)?;
    let bytes = document::document(campaign, &appendices, &stamp)?;
    Ok(Some(bytes))
}

/// An appendix as a list for the text of the report.
pub struct ListedAppendix {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its groups; one without a title if it is not grouped.
    pub groups: Vec<ListedGroup>,
}

/// Lines under one heading.
pub struct ListedGroup {
    /// The heading; empty if there is none.
    pub title: String,
    /// The lines.
    pub rows: Vec<ListedRow>,
}

/// A line.
pub struct ListedRow {
    /// Name of the unit.
    pub name: String,
    /// Name in `columns` and value, in order.
    pub values: Vec<(String, Option<Value>)>,
}

/// The appendices that have an id, line for line as they are printed.
///
/// # Errors
/// A name of an appendix is unknown.
pub fn appendix_lists(
    campaign: &CampaignFile,
    consolidated: &Consolidated,
) -> Result<Vec<ListedAppendix>, WriteError> {
    let appendices = appendices(campaign, consolidated)?;
    let named = appendices.into_iter().filter_map(|appendix| {
        let groups = appendix.blocks.into_iter().map(|block| ListedGroup {
            title: block.title.unwrap_or_default(),
            rows: block
                .rows
                .into_iter()
                .map(|row| ListedRow {
                    name: row.name,
                    values: appendix
                        .text
                        .columns
                        .iter()
                        .cloned()
                        .zip(row.values)
                        .collect(),
                })
                .collect(),
        });
        Some(ListedAppendix {
            id: appendix.text.id.clone()?,
            title: appendix.text.title.clone(),
            groups: groups.collect(),
        })
    });
    Ok(named.collect())
}

/// The appendices a campaign declares, in order.
fn appendices<'a>(
    campaign: &'a CampaignFile,
    consolidated: &'a Consolidated,
) -> Result<Vec<Appendix<'a>>, WriteError> {
    let several = campaign.appendices.len() > 1;
    let numbered = (1usize..).zip(&campaign.appendices);
    numbered
        .map(|(number, text)| Appendix::new(text, several.then_some(number), consolidated))
        .collect()
}
