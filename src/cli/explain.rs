//! `tonghop explain`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, OutputFormat};
use super::language::both;
use super::output::{say, say_json};
use crate::campaign::ToolError;
use crate::commands;
use crate::report::json::commands::Explained;

#[derive(Debug, Args)]
pub struct Explain {
    #[arg(value_name = both!("QUY_TẮC", "RULE"), help = both!(
        "Tên quy tắc, như in trong ngoặc vuông cuối mỗi phát hiện",
        "Name of the rule, as printed in square brackets behind each finding",
    ))]
    rule: String,
    #[arg(long, value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo: thêm quy tắc của biểu mẫu và số kiểm soát của đợt",
        "Folder of the campaign: its own forms' rules and its control totals, too",
    ))]
    campaign: Option<PathBuf>,
}

impl Explain {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let rule = self.rule.trim_matches(['[', ']', ' ']);
        let explained = commands::explain(rule, self.campaign.as_deref())?;
        match common.format {
            OutputFormat::Json => say_json(&Explained {
                rule: &explained.rule,
                text: &explained.text,
            })?,
            OutputFormat::Text => say(&explained.text)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
