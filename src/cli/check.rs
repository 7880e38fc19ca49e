//! `tonghop check`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::Common;
use super::language::both;
use super::limits::LimitArgs;
use super::output::{Bar, caution, clock, print, say_written, verdict};
use crate::campaign::ToolError;
use crate::commands::{self, check::Options};

#[derive(Debug, Args)]
pub struct Check {
    #[arg(required = true, value_name = both!("TỆP", "PATH"), help = both!(
        "Các tệp bảng tính hoặc thư mục cần kiểm tra",
        "Workbooks, or folders of them, to check",
    ))]
    paths: Vec<PathBuf>,
    #[arg(long, value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo: lấy biểu mẫu, danh sách đơn vị, kỳ và số liệu kỳ trước",
        "Folder of the campaign, for its forms, its units, its period and the figures of the past",
    ))]
    campaign: Option<PathBuf>,
    #[arg(long, value_name = both!("TỆP.csv", "FILE.csv"), help = both!(
        "Ghi mọi số liệu đọc được ra tệp CSV này (không có --campaign thì lấy kỳ và mã đơn vị ghi \
         trong mẫu)",
        "Write every figure read to this CSV file (without --campaign, period and unit are those \
         written in the workbook)",
    ))]
    facts: Option<PathBuf>,
    #[arg(long = "return", value_name = both!("THƯ_MỤC", "DIR"), help = both!(
        "Ghi vào thư mục này bản trả về: tệp của đơn vị, đã đánh dấu những chỗ cần sửa",
        "Write returned copies to this folder: the unit's file with what to correct marked in it",
    ))]
    returns: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Check {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let bar = Bar::new(common.lang.pick("Đọc tệp", "Reading"));
        let options = Options {
            campaign: self.campaign.clone(),
            facts: self.facts.clone(),
            returns: self.returns.clone(),
            reading: self.limits.reading()?,
            clock: clock()?,
        };
        let tick = |done, all| bar.tick(done, all);
        let done = commands::check(&self.paths, &options, &tick)?;
        if let (Some(campaign), true) = (&done.campaign, self.returns.is_some()) {
            caution(campaign, common.lang);
        }
        // Findings are printed even if nothing could be written.
        print(&done.run, done.campaign.as_ref(), common)?;
        say_written(&done.written?, common)?;
        Ok(verdict(&done.run))
    }
}
