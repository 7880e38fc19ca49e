//! Writes a campaign as a workbook in place of its text and its list of units.

use std::fs;
use std::path::Path;

use crate::campaign::{Campaign, Clock, ToolError, is_campaign, unit_list, units_of_sheet};
use crate::model::Message;
use crate::model::campaign_files::{BOOK, TEXT};
use crate::roster;
use crate::sheet_form::campaign::read_campaign;
use crate::sheet_form::lay_campaign::lay_campaign;
use crate::sheet_form::same;
use crate::sheet_form::words::campaign::UNITS_SHEET;
use crate::text::list::List;
use crate::workbook::{Limits, workbook_from_bytes};
use crate::write::{CampaignWorkbook, campaign_workbook_bytes};

/// The workbook of a campaign that is written in `campaign.toml`, read back and compared.
///
/// # Errors
/// The campaign is wrong or a workbook already, or the workbook would lose something of it.
pub(super) fn campaign_workbook(folder: &Path, clock: &Clock) -> Result<Vec<u8>, ToolError> {
    let path = folder.join(TEXT);
    if is_campaign(folder) && !path.is_file() {
        return Err(ToolError::of_file(
            folder.join(BOOK).display(),
            &Message::new(
                "đợt này đã viết bằng Excel, không phải chuyển",
                "this campaign is written in a workbook already",
            ),
        ));
    }
    let campaign = Campaign::load(folder)?;
    let text = fs::read_to_string(&path).map_err(ToolError::io(&path))?;
    let laid =
        lay_campaign(&text).map_err(|message| ToolError::of_file(path.display(), &message))?;
    let units = in_sheet_words(&unit_list(folder)?);
    let kinds: Vec<&str> = campaign
        .file
        .kinds
        .iter()
        .map(|kind| kind.id.as_str())
        .collect();
    let input = CampaignWorkbook {
        title: &campaign.file.title,
        laid: &laid,
        units: &units,
        kinds: &kinds,
    };
    let bytes = campaign_workbook_bytes(&input, clock.moment())?;
    let lost = lost(&text, &units, &bytes);
    match lost.is_empty() {
        true => Ok(bytes),
        false => {
            let lost = lost.join("; ");
            Err(ToolError::of_file(
                path.display(),
                &Message::new(
                    format!("đợt này chưa viết được thành tệp Excel mà không mất gì: {lost}"),
                    format!("this campaign cannot be written as a workbook without loss: {lost}"),
                ),
            ))
        }
    }
}

/// A list of units with the headings of a sheet, all of which are there.
fn in_sheet_words(list: &List) -> List {
    let mut list = list.clone();
    for title in &mut list.heading.fields {
        if let Some(heading) = roster::sheet_heading(title) {
            heading.clone_into(title);
        }
    }
    let missing = roster::HEADINGS.into_iter();
    let missing: Vec<&str> = missing
        .filter(|heading| !list.heading.fields.iter().any(|title| title == heading))
        .collect();
    list.heading
        .fields
        .extend(missing.into_iter().map(str::to_owned));
    let width = list.heading.fields.len();
    for row in &mut list.rows {
        row.fields
            .resize(width.max(row.fields.len()), String::new());
    }
    list
}

/// What a workbook does not say as the text and the list do.
fn lost(text: &str, units: &List, bytes: &[u8]) -> Vec<String> {
    let Ok(workbook) = workbook_from_bytes(BOOK, bytes, &Limits::default()) else {
        return vec![same::UNREADABLE.to_owned()];
    };
    let Some(read) = read_campaign(&workbook) else {
        return vec![same::UNREADABLE.to_owned()];
    };
    let mut lost = same::lost(text, &read.toml, &read.mistakes);
    let back = workbook.sheet_named(UNITS_SHEET).map(units_of_sheet);
    let filled = |list: &List| -> Vec<Vec<String>> {
        let heading = std::iter::once(&list.heading);
        let rows = heading.chain(&list.rows).map(|row| {
            let mut fields = row.fields.clone();
            while fields.last().is_some_and(String::is_empty) {
                fields.pop();
            }
            fields
        });
        rows.collect()
    };
    if back.as_ref().map(filled) != Some(filled(units)) {
        lost.push("danh sách đơn vị".to_owned());
    }
    lost
}
