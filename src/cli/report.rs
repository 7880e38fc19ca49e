//! `tonghop report`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, Format};
use super::limits::LimitArgs;
use super::output::{Bar, say, say_json, verdict};
use crate::campaign::{Campaign, ToolError, consolidate_by, past_figures};
use crate::model::Message;
use crate::narrative::{self, Sort};
use crate::report::json::commands::Reported;
use crate::write;

#[derive(Debug, Args)]
#[command(after_help = "\
Trong tệp mẫu (Word hoặc Markdown), chỗ cần điền viết trong hai dấu ngoặc nhọn: {{A01}} là số liệu \
A01 khai ở campaign.toml; {{A26|hai_chu_so}} in 01; {{A39|phan_tram}} in 53,22%; \
{{B26|bang_chu(\"triệu đồng\")}} viết bằng chữ; {{A01|so_sanh}} in \"tăng 5,20% so với kỳ trước\". \
Danh sách, điều kiện và các bộ lọc khác: xem docs/bao-cao.md.")]
pub struct Report {
    /// Thư mục của đợt báo cáo.
    campaign: PathBuf,
    /// Mẫu báo cáo của cơ quan, .docx hoặc .md.
    #[arg(long, value_name = "FILE")]
    template: PathBuf,
    /// Tệp báo cáo sẽ ghi, cùng loại với mẫu.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    pub(super) common: Common,
}

impl Report {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self) -> Result<ExitCode, ToolError> {
        if Sort::of(&self.template)? != Sort::of(&self.out)? {
            return Err(ToolError::Other(Message::new(
                format!(
                    "`{}` và `{}` phải cùng loại: mẫu .docx ghi ra .docx, mẫu .md ghi ra .md",
                    self.template.display(),
                    self.out.display()
                ),
                "the template and the report must be files of one sort",
            )));
        }
        let campaign = Campaign::load(&self.campaign)?;
        let lang = self.common.lang;
        let bar = Bar::new(lang.pick("Đọc tệp", "Reading"));
        let reading = self.limits.reading()?;
        let tick = |done, all| bar.tick(done, all);
        let run = consolidate_by(&campaign, &reading, &tick)?;
        let previous = past_figures::previous(&campaign)?;
        let report = narrative::write(&self.template, &campaign, &run, previous.as_ref())?;
        write::write_whole(&self.out, &report.bytes)?;
        match self.common.format {
            Format::Json => say_json(&Reported {
                report: &self.out,
                provisional: &report.provisional,
            })?,
            Format::Text => say(&self.told(&report.provisional))?,
        }
        Ok(verdict(&run))
    }

    /// Where the report is, and which of its figures are not final.
    fn told(&self, provisional: &[String]) -> String {
        let lang = self.common.lang;
        let word = lang.pick("Đã ghi báo cáo", "Report written");
        let mut text = format!("{word}: {}\n", self.out.display());
        if !provisional.is_empty() {
            let word = lang.pick(
                "Còn số tạm tính hoặc chưa có, đã đánh dấu trong báo cáo:",
                "Figures still provisional or missing, marked in the text:",
            );
            text += &format!("{word} {}\n", provisional.join(", "));
        }
        text
    }
}
