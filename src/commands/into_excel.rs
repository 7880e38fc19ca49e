//! Turns a campaign that is written in text into one that is written in workbooks.

use std::fs;
use std::path::{Path, PathBuf};

use super::campaign_book::campaign_workbook;
use super::to_excel::forms_to_excel;
use crate::campaign::{Campaign, Clock, ToolError};
use crate::model::Message;
use crate::model::campaign_files::{BOOK, TEXT};
use crate::write::write_whole;

/// Puts a workbook in place of a campaign's text and list of units, and workbooks in place of its
/// form files. Gives why form files stay as they are that cannot be workbooks.
///
/// # Errors
/// As [`campaign_workbook`], or a file cannot be written or removed.
pub fn campaign_into_excel(folder: &Path, clock: &Clock) -> Result<Vec<Message>, ToolError> {
    let bytes = campaign_workbook(folder, clock)?;
    let campaign = Campaign::load(folder)?;
    let schemas = folder.join("schemas");
    let mut kept = Vec::new();
    for form in &campaign.forms {
        let file = PathBuf::from(&form.source);
        if file.parent() != Some(&*schemas)
            || file.extension().is_none_or(|ending| ending != "toml")
        {
            continue;
        }
        match forms_to_excel(std::slice::from_ref(&file), &schemas, clock) {
            Ok(_) => fs::remove_file(&file).map_err(ToolError::io(&file))?,
            Err(error) => kept.push(error.message()),
        }
    }
    write_whole(&folder.join(BOOK), &bytes)?;
    let roster = campaign.roster_stamp().map(|(name, _)| folder.join(name));
    for file in std::iter::once(folder.join(TEXT)).chain(roster) {
        fs::remove_file(&file).map_err(ToolError::io(&file))?;
    }
    Campaign::load(folder)?;
    Ok(kept)
}
