//! `tonghop report`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, Format};
use super::limits::LimitArgs;
use super::output::{Bar, clock, say, say_json, verdict};
use crate::campaign::ToolError;
use crate::commands::{self, report::Options};
use crate::report::json::commands::Reported;
use crate::report::since;

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
    /// Thư mục kết quả của lần consolidate trước, để nói những gì đã đổi từ đó [mặc định: out trong
    /// thư mục của đợt].
    #[arg(long, value_name = "DIR")]
    results: Option<PathBuf>,
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
        let lang = self.common.lang;
        let bar = Bar::new(lang.pick("Đọc tệp", "Reading"));
        let options = Options {
            template: self.template.clone(),
            out: self.out.clone(),
            results: self.results.clone(),
            reading: self.limits.reading()?,
            clock: clock()?,
        };
        let tick = |done, all| bar.tick(done, all);
        let done = commands::report(&self.campaign, &options, &tick)?;
        match self.common.format {
            Format::Json => say_json(&Reported {
                report: &self.out,
                provisional: &done.provisional,
                since_results: done.since.as_ref(),
            })?,
            Format::Text => {
                say(&since::text(done.since.as_ref(), lang))?;
                say(&self.outcome(&done.provisional))?;
            }
        }
        Ok(verdict(&done.run))
    }

    /// Where the report is, and which of its figures are not final.
    fn outcome(&self, provisional: &[String]) -> String {
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
