//! `tonghop close`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, OutputFormat};
use super::language::both;
use super::limits::LimitArgs;
use super::output::{Bar, clock, say, say_json};
use crate::campaign::{CloseOutcome, ToolError};
use crate::commands::{self, close::Options};
use crate::report::{archive, json, since};

#[derive(Debug, Args)]
pub struct Close {
    #[arg(value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo",
        "Folder of the campaign",
    ))]
    campaign: PathBuf,
    #[arg(long, help = both!(
        "Vẫn chốt khi còn đơn vị chưa gửi hoặc bị trả lại; biểu của họ không có trong kho",
        "Close even if units have not sent or have to correct; their forms are not archived",
    ))]
    provisional: bool,
    #[arg(long, help = both!(
        "Chốt lại kỳ đã chốt; bản đã chốt được giữ bên cạnh, tên thêm .ban-1, .ban-2...",
        "Close a closed period again; what was closed is kept beside it, named .ban-1, .ban-2...",
    ))]
    reopen: bool,
    #[arg(long, value_name = both!("THƯ_MỤC", "DIR"), help = both!(
        "Thư mục kết quả của lần consolidate trước, để nói những gì đã đổi từ đó [mặc định: out \
         trong thư mục của đợt]",
        "Results of the last consolidate, to say what has changed since [default: out in the \
         campaign's folder]",
    ))]
    results: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Close {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let lang = common.lang;
        let bar = Bar::new(lang.pick("Đọc tệp", "Reading"));
        let options = Options {
            provisional: self.provisional,
            reopen: self.reopen,
            results: self.results.clone(),
            reading: self.limits.reading()?,
            clock: clock()?,
        };
        let tick = |done, all| bar.tick(done, all);
        let done = commands::close(&self.campaign, &options, &tick)?;
        let (campaign, since) = (&done.campaign, done.since.as_ref());
        match (&done.outcome, common.format) {
            (CloseOutcome::Closed(written, manifest), OutputFormat::Json) => say_json(
                &json::archive::close(Some(written), Some(manifest), &manifest.units, since),
            )?,
            (CloseOutcome::Closed(written, manifest), OutputFormat::Text) => {
                say(&since::text(since, lang))?;
                say(&archive::closed(written, manifest, campaign, lang))?;
            }
            (CloseOutcome::Lacking(units), OutputFormat::Json) => {
                say_json(&json::archive::close(None, None, units, since))?;
            }
            (CloseOutcome::Lacking(units), OutputFormat::Text) => {
                say(&since::text(since, lang))?;
                say(&archive::refused(units, campaign, lang))?;
            }
        }
        Ok(match done.outcome {
            CloseOutcome::Closed(..) => ExitCode::SUCCESS,
            CloseOutcome::Lacking(_) => ExitCode::from(1),
        })
    }
}
