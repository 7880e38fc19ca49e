//! `tonghop worker`: reads files for another `tonghop`; see [`crate::campaign::worker`].

use std::io::{stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::language::both;
use crate::campaign::{ToolError, worker};

#[derive(Debug, Args)]
pub struct WorkerCommand {
    #[arg(long, value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo",
        "Folder of the campaign",
    ))]
    campaign: Option<PathBuf>,
}

impl WorkerCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self) -> Result<ExitCode, ToolError> {
        worker::serve(self.campaign.as_deref(), stdin().lock(), stdout().lock())?;
        Ok(ExitCode::SUCCESS)
    }
}
