//! `tonghop check`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::Common;
use super::limits::LimitArgs;
use super::output::{Bar, clock, print, say_written, verdict};
use crate::campaign::ToolError;
use crate::commands::{self, check::Options};

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
        let bar = Bar::new(self.common.lang.pick("Đọc tệp", "Reading"));
        let options = Options {
            campaign: self.campaign.clone(),
            facts: self.facts.clone(),
            returns: self.returns.clone(),
            reading: self.limits.reading()?,
            clock: clock()?,
        };
        let tick = |done, all| bar.tick(done, all);
        let done = commands::check(&self.paths, &options, &tick)?;
        // What was found is said even if nothing could be written.
        print(&done.run, done.campaign.as_ref(), &self.common)?;
        say_written(&done.written?, &self.common)?;
        Ok(verdict(&done.run))
    }
}
