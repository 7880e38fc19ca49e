//! `tonghop close`.

use std::path::PathBuf;
use std::process::ExitCode;

use chrono::{Local, SecondsFormat};
use clap::Args;

use super::common::{Common, Format};
use super::limits::LimitArgs;
use super::output::{Bar, say};
use crate::campaign::{Campaign, Outcome, ToolError, close, consolidate_by};
use crate::report::archive;

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
        let json = self.common.format == Format::Json;
        let outcome = close(&campaign, &run, &now, self.provisional, self.reopen)?;
        let (text, code) = match &outcome {
            Outcome::Closed(written, manifest) if json => {
                let units = &manifest.units;
                let json = archive::outcome(Some(written), Some(manifest), units);
                (format!("{json:#}\n"), ExitCode::SUCCESS)
            }
            Outcome::Closed(written, manifest) => {
                let text = archive::closed(written, manifest, &campaign, lang);
                (text, ExitCode::SUCCESS)
            }
            Outcome::Lacking(units) if json => {
                let json = archive::outcome(None, None, units);
                (format!("{json:#}\n"), ExitCode::from(1))
            }
            Outcome::Lacking(units) => {
                (archive::refused(units, &campaign, lang), ExitCode::from(1))
            }
        };
        say(&text)?;
        Ok(code)
    }
}
