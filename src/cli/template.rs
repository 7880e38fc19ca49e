//! `tonghop template`.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;

use super::{Common, Format, say};
use crate::campaign::{Campaign, ToolError};
use crate::model::{Message, ReportingUnit};
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
    #[command(flatten)]
    pub(super) common: Common,
}

impl Template {
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
            let forms: Vec<Arc<Form>> = campaign
                .forms
                .iter()
                .filter(|form| campaign.expects(&unit, form.id()))
                .cloned()
                .collect();
            if forms.is_empty() {
                continue;
            }
            let name = format!(
                "{}-{}-{}.xlsx",
                unit.code,
                slug(&unit.name),
                campaign.file.period
            );
            let input = TemplateInput {
                campaign: &campaign.file,
                unit: Some(&unit),
                forms: &forms,
                fill: None,
                identity: true,
            };
            write_template(&input, stamp, &self.out.join(&name))?;
            written.push(name);
        }
        match self.common.format {
            Format::Json => say(&format!(
                "{:#}\n",
                serde_json::json!({ "templates": written })
            ))?,
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

    fn chosen(&self, campaign: &Campaign) -> Result<Vec<Arc<ReportingUnit>>, ToolError> {
        if self.units.is_empty() {
            return Ok(campaign.units_in_order());
        }
        let find = |code: &String| {
            campaign.roster.by_code(code).cloned().ok_or_else(|| {
                ToolError::Other(Message::new(
                    format!("không có đơn vị mã `{code}` trong roster.csv"),
                    format!("no unit `{code}` in roster.csv"),
                ))
            })
        };
        self.units.iter().map(find).collect()
    }
}
