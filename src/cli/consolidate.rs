//! `tonghop consolidate`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, OutputFormat};
use super::language::both;
use super::limits::LimitArgs;
use super::output::{Bar, caution, clock, print, say, say_written, verdict};
use crate::campaign::ToolError;
use crate::commands::{self, consolidate::Options};

#[derive(Debug, Args)]
pub struct Consolidate {
    #[arg(value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo (có campaign.toml hoặc campaign.xlsx, danh sách đơn vị, inbox/)",
        "Folder of the campaign (with campaign.toml or campaign.xlsx, the list of units, inbox/)",
    ))]
    campaign: PathBuf,
    #[arg(long, value_name = both!("THƯ_MỤC", "DIR"), help = both!(
        "Thư mục ghi kết quả [mặc định: out trong thư mục của đợt]",
        "Folder for the results [default: out in the campaign's folder]",
    ))]
    out: Option<PathBuf>,
    #[arg(long, value_name = both!("TỆP.csv", "FILE.csv"), help = both!(
        "Ghi thêm mọi số liệu đã nhận ra tệp CSV này",
        "Write every accepted figure to this CSV file, too",
    ))]
    facts: Option<PathBuf>,
    #[arg(long = "return", value_name = both!("THƯ_MỤC", "DIR"), help = both!(
        "Ghi vào thư mục này bản trả về của từng đơn vị: tệp của họ, đã đánh dấu những chỗ cần sửa",
        "Write returned copies to this folder: each unit's file with what to correct marked in it",
    ))]
    returns: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Consolidate {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let lang = common.lang;
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
        caution(&done.campaign, lang);
        // Findings are printed even if nothing could be written.
        print(&done.run, Some(&done.campaign), common)?;
        say_written(&done.written?, common)?;
        if common.format == OutputFormat::Text {
            let word = lang.pick("Kết quả ở", "Results in");
            say(&format!("{word}: {}\n", done.out.display()))?;
        }
        Ok(verdict(&done.run))
    }
}
