//! `tonghop history`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, OutputFormat};
use super::language::both;
use super::output::{say, say_json};
use crate::campaign::ToolError;
use crate::campaign::definition::archive_of;
use crate::report::{archive, json};

#[derive(Debug, Args)]
pub struct History {
    #[arg(value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo",
        "Folder of the campaign",
    ))]
    campaign: PathBuf,
}

impl History {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        // The rest of the campaign is not loaded, because loading fails on a changed archive file,
        // which is just what this command has to list.
        let kept = archive_of(&self.campaign)?;
        let periods = kept.list()?;
        match common.format {
            OutputFormat::Json => say_json(&json::archive::history(kept.folder(), &periods))?,
            OutputFormat::Text => say(&archive::list(kept.folder(), &periods, common.lang))?,
        }
        let sound = |version: &crate::history::Version| version.changed.is_empty();
        let all = periods
            .iter()
            .all(|closed| sound(&closed.current) && closed.replaced.iter().all(sound));
        Ok(ExitCode::from(u8::from(!all)))
    }
}
