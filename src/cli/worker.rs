//! `tonghop worker`: reads files for another `tonghop`; see [`crate::campaign::worker`].

use std::io::{stdin, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::Common;
use crate::campaign::{ToolError, worker};

#[derive(Debug, Args)]
pub struct Worker {
    /// Thư mục của đợt báo cáo.
    #[arg(long)]
    campaign: Option<PathBuf>,
    #[command(flatten)]
    pub(super) common: Common,
}

impl Worker {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self) -> Result<ExitCode, ToolError> {
        worker::serve(self.campaign.as_deref(), stdin().lock(), stdout().lock())?;
        Ok(ExitCode::SUCCESS)
    }
}
