//! `tonghop report`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, Format};
use super::limits::LimitArgs;
use super::output::{Bar, say, verdict};
use crate::campaign::{Campaign, ToolError, consolidate_by};
use crate::model::Message;
use crate::narrative::{self, Sort};
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
        let facts = campaign.archive.facts(campaign.file.previous_period())?;
        let report = narrative::write(&self.template, &campaign, &run, &facts)?;
        write::write_whole(&self.out, &report.bytes)?;
        if self.common.format == Format::Text {
            say(&format!(
                "{}: {}\n",
                lang.pick("Đã ghi báo cáo", "Report written"),
                self.out.display()
            ))?;
            if !report.provisional.is_empty() {
                say(&format!(
                    "{} {}\n",
                    lang.pick(
                        "Còn số tạm tính hoặc chưa có, đã đánh dấu trong báo cáo:",
                        "Figures still provisional or missing, marked in the text:"
                    ),
                    report.provisional.join(", ")
                ))?;
            }
        }
        Ok(verdict(&run))
    }
}
