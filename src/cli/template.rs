//! `tonghop template`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::common::{Common, Format};
use super::output::{say, say_json};
use crate::campaign::{Campaign, ToolError};
use crate::model::{Message, ReportingUnit};
use crate::report::json::commands::Templates;
use crate::schema::Form;
use crate::text::slug;
use crate::write::{TemplateInput, write_template};

#[derive(Debug, Args)]
pub struct Template {
    /// Thư mục của đợt báo cáo.
    campaign: PathBuf,
    /// Thư mục ghi các mẫu.
    #[arg(long)]
    out: PathBuf,
    /// Chỉ tạo mẫu cho đơn vị có mã này; ghi nhiều lần được.
    #[arg(long = "unit", value_name = "CODE")]
    units: Vec<String>,
    /// Tạo một mẫu chung cho mọi đơn vị, không ghi tên và mã đơn vị. Mẫu này có mọi biểu, mọi dòng
    /// của đợt, kể cả biểu chỉ một số đơn vị phải gửi; đơn vị nhận mẫu xóa trang không
    /// phải của mình trước khi gửi. Không có số kỳ trước.
    #[arg(long, conflicts_with = "units")]
    blank: bool,
    /// Mật khẩu khóa các trang; không có thì khóa không mật khẩu.
    #[arg(long, value_name = "TEXT")]
    password: Option<String>,
    #[command(flatten)]
    pub(super) common: Common,
}

impl Template {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self) -> Result<ExitCode, ToolError> {
        let campaign = Campaign::load(&self.campaign)?;
        let units = self.chosen(&campaign)?;
        fs::create_dir_all(&self.out).map_err(ToolError::io(&self.out))?;
        // The stamp of a template is that of the period, so that making it again changes nothing.
        let stamp = campaign
            .file
            .period
            .last_day()
            .and_hms_opt(8, 0, 0)
            .unwrap_or_default();
        let mut written = Vec::new();
        for unit in units {
            let unit = unit.as_deref();
            let asked =
                |form: &&Arc<Form>| unit.is_none_or(|unit| campaign.expects(unit, form.id()));
            let forms: Vec<Arc<Form>> = campaign.forms.iter().filter(asked).cloned().collect();
            if forms.is_empty() {
                continue;
            }
            let period = campaign.file.period;
            let name = match unit {
                Some(unit) => format!("{}-{}-{period}.xlsx", unit.code, slug(&unit.name)),
                None => format!("mau-chung-{period}.xlsx"),
            };
            let input = TemplateInput {
                campaign: &campaign.file,
                unit,
                forms: &forms,
                fill: None,
                identity: true,
                previous: campaign.previous.as_ref(),
                password: self.password.as_deref(),
            };
            write_template(&input, stamp, &self.out.join(&name))?;
            written.push(name);
        }
        match self.common.format {
            Format::Json => say_json(&Templates { templates: written })?,
            Format::Text => {
                let word = self.common.lang.pick("mẫu ghi vào", "templates written to");
                say(&format!(
                    "{} {word} {}\n",
                    written.len(),
                    self.out.display()
                ))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }

    /// The units to make templates for; `None` means all of them.
    fn chosen(&self, campaign: &Campaign) -> Result<Vec<Option<Arc<ReportingUnit>>>, ToolError> {
        if self.blank {
            return Ok(vec![None]);
        }
        if self.units.is_empty() {
            return Ok(campaign.units_in_order().into_iter().map(Some).collect());
        }
        let find = |code: &String| {
            campaign
                .roster
                .by_code(code)
                .cloned()
                .map(Some)
                .ok_or_else(|| {
                    ToolError::Other(Message::new(
                        format!("không có đơn vị mã `{code}` trong roster.csv"),
                        format!("no unit `{code}` in roster.csv"),
                    ))
                })
        };
        self.units.iter().map(find).collect()
    }
}
