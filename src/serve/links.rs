//! The links of a campaign's units: made, replaced, revoked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::state::{LinkChange, State, Token, folder_of};
use crate::campaign::{Campaign, Clock, ToolError};
use crate::model::{Message, ReportingUnit};

/// Options of [`links`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Codes of the units; all units if empty.
    pub units: Vec<String>,
    /// What to do with their links.
    pub change: LinkChange,
    /// Folder of the state, if it is not the campaign's own.
    pub state: Option<PathBuf>,
    /// The time of the change.
    pub clock: Clock,
}

/// The outcome of [`links`]: each unit and the token made for it, in the order of the campaign's
/// units. A token is known only here, and only once.
pub struct Links(pub Vec<(Arc<ReportingUnit>, Option<Token>)>);

/// Path of the page of a unit below the server's address.
pub fn path_of(token: &Token) -> String {
    format!("/n/{}", token.text())
}

/// Makes, replaces or revokes the links of units.
///
/// # Errors
/// The campaign cannot be loaded, a unit is unknown, or the state cannot be written.
pub fn links(folder: &Path, options: &Options) -> Result<Links, ToolError> {
    let campaign = Campaign::load(folder)?;
    refuse_made_of(&campaign)?;
    for code in &options.units {
        if campaign.roster.by_code(code).is_none() {
            return Err(ToolError::Other(Message::new(
                format!("không có đơn vị mã `{code}` trong danh sách đơn vị"),
                format!("no unit `{code}` on the roster"),
            )));
        }
    }
    let mut units = campaign.units_in_order();
    units.retain(|unit| options.units.is_empty() || options.units.contains(&unit.code));
    let state = State::open(&options.state.clone().unwrap_or_else(|| folder_of(folder)))?;
    let codes: Vec<&str> = units.iter().map(|unit| &*unit.code).collect();
    let tokens = state.change_links(&codes, options.change, &options.clock.now())?;
    Ok(Links(units.into_iter().zip(tokens).collect()))
}

/// Nobody files into a campaign that takes its figures from closed periods.
///
/// # Errors
/// It is such a campaign.
pub(super) fn refuse_made_of(campaign: &Campaign) -> Result<(), ToolError> {
    match campaign.file.made_of {
        None => Ok(()),
        Some(_) => Err(ToolError::Other(Message::new(
            "đợt này lấy số liệu từ các kỳ đã chốt (made_of, «Cộng từ» trong tệp campaign), không có đơn vị nào nộp",
            "this campaign takes its figures from closed periods (made_of of the campaign file); no unit files anything",
        ))),
    }
}
