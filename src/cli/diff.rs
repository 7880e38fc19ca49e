//! `tonghop diff`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, OutputFormat};
use super::language::both;
use super::limits::LimitArgs;
use super::output::{csv_error, say, say_json, whole};
use crate::campaign::{Campaign, ToolError, files, versions};
use crate::report::{diff, json};

#[derive(Debug, Args)]
#[command(
    override_usage = both!(
        "tonghop diff [TÙY CHỌN] <TỆP_TRƯỚC> <TỆP_SAU>\n       tonghop diff [TÙY CHỌN] <ĐỢT> <KỲ_TRƯỚC> <KỲ_SAU>",
        "tonghop diff [OPTIONS] <FILE_BEFORE> <FILE_AFTER>\n       tonghop diff [OPTIONS] <CAMPAIGN> <PERIOD_BEFORE> <PERIOD_AFTER>",
    )
)]
pub struct Diff {
    #[arg(required = true, num_args = 2..=3, value_name = both!("CÁI_GÌ", "WHAT"), help = both!(
        "Hai tệp (hoặc hai thư mục tệp, khi có --campaign); hoặc thư mục của đợt và hai kỳ đã \
         chốt, ví dụ 2025-08 2025-09 (bản đã thay: 2025-09.ban-1)",
        "Two files (or, with --campaign, two folders of files); or the folder of the campaign and \
         two closed periods, for example 2025-08 2025-09 (a replaced version: 2025-09.ban-1)",
    ))]
    what: Vec<PathBuf>,
    #[arg(long, value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo, khi so tệp: lấy biểu mẫu, danh sách đơn vị, số liệu kỳ trước",
        "Folder of the campaign when files are compared, for its forms, its units and the figures \
         of the past",
    ))]
    campaign: Option<PathBuf>,
    #[arg(long, value_name = both!("MÃ", "CODE"), help = both!(
        "Chỉ số liệu và phát hiện của đơn vị có mã này",
        "Only figures and findings of the unit of this code",
    ))]
    unit: Option<String>,
    #[arg(long, value_name = both!("BIỂU", "FORM"), help = both!(
        "Chỉ số liệu và phát hiện của biểu có mã này",
        "Only figures and findings of the form of this code",
    ))]
    form: Option<String>,
    #[arg(long, value_name = both!("TỆP.csv", "FILE.csv"), help = both!(
        "Ghi mọi số khác nhau ra tệp CSV này",
        "Write every figure that differs to this CSV file",
    ))]
    csv: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
}

impl Diff {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let periods = match self.what.as_slice() {
            [folder, first, second] => Some((folder, first, second)),
            _ => None,
        };
        let folder = periods
            .map(|(folder, ..)| folder)
            .or(self.campaign.as_ref());
        let campaign = folder.map(|folder| Campaign::load(folder)).transpose()?;
        let wanted = |unit: Option<&str>, form: Option<&str>| {
            let is =
                |wanted: &Option<String>, there| wanted.is_none() || wanted.as_deref() == there;
            is(&self.unit, unit) && is(&self.form, form)
        };
        let compared = match (periods, &campaign, self.what.as_slice()) {
            (Some((_, first, second)), Some(campaign), _) => versions(
                campaign,
                &first.to_string_lossy(),
                &second.to_string_lossy(),
                &wanted,
            )?,
            (_, campaign, [first, second, ..]) => {
                let reading = self.limits.reading()?;
                files(first, second, campaign.as_ref(), &reading, &wanted)?
            }
            // clap takes two or three.
            _ => return Ok(ExitCode::from(2)),
        };
        let labels = diff::Labels::new(campaign.as_ref());
        if let Some(path) = &self.csv {
            whole(path, |to| {
                diff::csv(&compared, &labels, to).map_err(csv_error(path))
            })?;
        }
        let lang = common.lang;
        match common.format {
            OutputFormat::Json => say_json(&json::diff::document(&compared, &labels, lang))?,
            OutputFormat::Text => say(&diff::render(&compared, &labels, lang))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
