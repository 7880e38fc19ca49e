//! `tonghop report`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, OutputFormat};
use super::language::both;
use super::limits::LimitArgs;
use super::output::{Bar, caution, clock, say, say_json, verdict};
use crate::campaign::ToolError;
use crate::commands::{self, report::Options};
use crate::model::Lang;
use crate::report::json::commands::ReportDocument;
use crate::report::since;

#[derive(Debug, Args)]
#[command(after_help = both!("\
Trong tệp mẫu (Word hoặc Markdown), chỗ cần điền viết trong hai dấu ngoặc nhọn: {{A01}} là số liệu \
A01 khai trong tệp của đợt (campaign.toml, campaign.xlsx); {{A26|hai_chu_so}} in 01; {{A39|phan_tram}} in 53,22%; \
{{B26|bang_chu(\"triệu đồng\")}} viết bằng chữ; {{A01|so_sanh}} in \"tăng 5,20% so với kỳ trước\". \
Danh sách, điều kiện và các bộ lọc khác: xem docs/bao-cao.md.", "\
In the template (Word or Markdown), what is to be filled in is put in double braces: {{A01}} is the \
figure A01 declared in the campaign's file (campaign.toml, campaign.xlsx); {{A26|hai_chu_so}} prints 01; {{A39|phan_tram}} prints \
53,22%; {{B26|bang_chu(\"...\")}} writes it in words, followed by the unit named; {{A01|so_sanh}} \
says how it differs from the period before. Lists, conditions and other filters: see \
docs/bao-cao.md.",
))]
pub struct ReportCommand {
    #[arg(value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo",
        "Folder of the campaign",
    ))]
    campaign: PathBuf,
    #[arg(long, value_name = both!("TỆP", "FILE"), help = both!(
        "Mẫu báo cáo của cơ quan, .docx hoặc .md",
        "The office's template of the report, .docx or .md",
    ))]
    template: PathBuf,
    #[arg(long, value_name = both!("TỆP", "FILE"), help = both!(
        "Tệp báo cáo sẽ ghi, cùng loại với mẫu",
        "The report to write, a file of the same kind as the template",
    ))]
    out: PathBuf,
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

impl ReportCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let lang = common.lang;
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
        caution(&done.campaign, lang);
        match common.format {
            OutputFormat::Json => say_json(&ReportDocument {
                report: &self.out,
                provisional: &done.provisional,
                since_results: done.since.as_ref(),
            })?,
            OutputFormat::Text => {
                say(&since::text(done.since.as_ref(), lang))?;
                say(&self.outcome(&done.provisional, lang))?;
            }
        }
        Ok(verdict(&done.run))
    }

    /// Where the report is, and which of its figures are not final.
    fn outcome(&self, provisional: &[String], lang: Lang) -> String {
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
