//! The returned copies of a run, among its outputs.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::campaign::outputs::{OutputFolder, Outputs};
use crate::campaign::{Run, ToolError, returned_copies};
use crate::model::Message;
use crate::schema::campaign::CampaignFile;
use crate::workbook::Limits;

/// The outcome of writing returned copies.
#[derive(Debug, Default)]
pub struct Returns {
    /// Their folder.
    pub folder: PathBuf,
    /// The copies.
    pub written: Vec<PathBuf>,
    /// Submissions of which no copy could be made, and why. Their findings are listed all the same.
    pub failed: Vec<(Arc<str>, Message)>,
}

/// Adds the copies of a run to its outputs.
pub(super) fn add(
    outputs: &mut Outputs,
    place: OutputFolder,
    folder: &Path,
    run: &Run,
    campaign: Option<&CampaignFile>,
    limits: &Limits,
) -> Result<Returns, ToolError> {
    let mut returns = Returns {
        folder: folder.to_owned(),
        ..Returns::default()
    };
    returned_copies(run, campaign, limits, &mut |copy| {
        match copy.bytes {
            Ok(bytes) => {
                outputs.add(place, &copy.name, &bytes)?;
                returns.written.push(folder.join(&copy.name));
            }
            Err(reason) => returns.failed.push((copy.file, reason)),
        }
        Ok(())
    })?;
    Ok(returns)
}
