//! `tonghop close`.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{Local, SecondsFormat};
use clap::Args;

use super::common::{Common, Format};
use super::limits::LimitArgs;
use super::output::{Bar, say, say_json};
use crate::campaign::{Campaign, Outcome, ToolError, close, consolidate_by};
use crate::report::{archive, json};

#[derive(Debug, Args)]
pub struct Close {
    /// Thư mục của đợt báo cáo.
    campaign: PathBuf,
    /// Vẫn chốt khi còn đơn vị chưa gửi hoặc bị trả lại; biểu của họ không có trong kho.
    #[arg(long)]
    provisional: bool,
    /// Chốt lại kỳ đã chốt; bản đã chốt được giữ bên cạnh, tên thêm .ban-1, .ban-2...
    #[arg(long)]
    reopen: bool,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    pub(super) common: Common,
}

impl Close {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self) -> Result<ExitCode, ToolError> {
        let campaign = Campaign::load(&self.campaign)?;
        // Said before the whole inbox is read.
        if !self.reopen {
            campaign.archive.refuse_if_closed(campaign.file.period)?;
        }
        let bar = Bar::new(self.common.lang.pick("Đọc tệp", "Reading"));
        let reading = self.limits.reading()?;
        let tick = |done, all| bar.tick(done, all);
        let run = consolidate_by(&campaign, &reading, &tick)?;
        let now = Local::now().to_rfc3339_opts(SecondsFormat::Secs, false);
        let lang = self.common.lang;
        let outcome = close(&campaign, &run, &now, self.provisional, self.reopen)?;
        match (&outcome, self.common.format) {
            (Outcome::Closed(written, manifest), Format::Json) => say_json(&json::archive::close(
                Some(written),
                Some(manifest),
                &manifest.units,
            ))?,
            (Outcome::Closed(written, manifest), Format::Text) => {
                say(&archive::closed(written, manifest, &campaign, lang))?;
            }
            (Outcome::Lacking(units), Format::Json) => {
                say_json(&json::archive::close(None, None, units))?;
            }
            (Outcome::Lacking(units), Format::Text) => {
                say(&archive::refused(units, &campaign, lang))?;
            }
        }
        Ok(match outcome {
            Outcome::Closed(..) => ExitCode::SUCCESS,
            Outcome::Lacking(_) => ExitCode::from(1),
        })
    }
}
