//! `tonghop consolidate`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, Format};
use super::limits::LimitArgs;
use super::output::{Bar, clock, print, say, say_written, verdict};
use crate::campaign::ToolError;
use crate::commands::{self, consolidate::Options};

#[derive(Debug, Args)]
pub struct Consolidate {
    /// Thư mục của đợt báo cáo (có campaign.toml, roster.csv, inbox/).
    campaign: PathBuf,
    /// Thư mục ghi kết quả [mặc định: out trong thư mục của đợt].
    #[arg(long)]
    out: Option<PathBuf>,
    /// Ghi thêm mọi số liệu đã nhận ra tệp CSV này.
    #[arg(long, value_name = "FILE.csv")]
    facts: Option<PathBuf>,
    /// Ghi vào thư mục này bản trả về của từng đơn vị: tệp của họ, đã đánh dấu những chỗ cần sửa.
    #[arg(long = "return", value_name = "DIR")]
    returns: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    pub(super) common: Common,
}

impl Consolidate {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self) -> Result<ExitCode, ToolError> {
        let lang = self.common.lang;
        let bar = Bar::new(lang.pick("Đọc tệp", "Reading"));
        let options = Options {
            out: self.out.clone(),
            facts: self.facts.clone(),
            returns: self.returns.clone(),
            reading: self.limits.reading()?,
            lang,
            clock: clock()?,
        };
        let tick = |done, all| bar.tick(done, all);
        let done = commands::consolidate(&self.campaign, &options, &tick)?;
        // What was found is said even if nothing could be written.
        print(&done.run, Some(&done.campaign), &self.common)?;
        say_written(&done.written?, &self.common)?;
        if self.common.format == Format::Text {
            let word = lang.pick("Kết quả ở", "Results in");
            say(&format!("{word}: {}\n", done.out.display()))?;
        }
        Ok(verdict(&done.run))
    }
}
