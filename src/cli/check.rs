//! `tonghop check`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;

use super::common::Common;
use super::limits::LimitArgs;
use super::output::{self, Bar, print, verdict};
use crate::campaign::{Campaign, ToolError, check_by, write_returns};

#[derive(Debug, Args)]
pub struct Check {
    /// Các tệp bảng tính hoặc thư mục cần kiểm tra.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Thư mục của đợt báo cáo: lấy biểu mẫu, danh sách đơn vị, kỳ và số liệu kỳ trước.
    #[arg(long)]
    campaign: Option<PathBuf>,
    /// Ghi mọi số liệu đọc được ra tệp CSV này (không có --campaign thì lấy kỳ và mã đơn vị ghi trong mẫu).
    #[arg(long, value_name = "FILE.csv")]
    facts: Option<PathBuf>,
    /// Ghi vào thư mục này bản trả về: tệp của đơn vị, đã đánh dấu những chỗ cần sửa.
    #[arg(long = "return", value_name = "DIR")]
    returns: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    pub(super) common: Common,
}

impl Check {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self) -> Result<ExitCode, ToolError> {
        let campaign = self.campaign.as_deref().map(Campaign::load).transpose()?;
        let bar = Bar::new(self.common.lang.pick("Đọc tệp", "Reading"));
        let reading = self.limits.reading()?;
        let tick = |done, all| bar.tick(done, all);
        let run = check_by(&self.paths, campaign.as_ref(), &reading, &tick)?;
        if let Some(path) = &self.facts {
            output::facts_csv(path, &run.facts)?;
        }
        print(&run, campaign.as_ref(), &self.common)?;
        if let Some(folder) = &self.returns {
            let file = campaign.as_ref().map(|campaign| &campaign.file);
            let returns = write_returns(&run, file, Path::new(""), folder, &reading.limits)?;
            output::told_returns(&returns, folder, &self.common)?;
        }
        Ok(verdict(&run))
    }
}
