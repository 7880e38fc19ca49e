//! `tonghop template`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, Format};
use super::output::{Bar, say, say_json};
use crate::campaign::ToolError;
use crate::commands::{self, template::Options};
use crate::report::json::commands::Templates;

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
        let lang = self.common.lang;
        let bar = Bar::new(lang.pick("Ghi mẫu", "Writing"));
        let options = Options {
            out: self.out.clone(),
            units: self.units.clone(),
            blank: self.blank,
            password: self.password.clone(),
        };
        let tick = |done, all| bar.tick(done, all);
        let written = commands::template(&self.campaign, &options, &tick)?.written;
        match self.common.format {
            Format::Json => say_json(&Templates { templates: written })?,
            Format::Text => {
                let word = lang.pick("mẫu ghi vào", "templates written to");
                say(&format!(
                    "{} {word} {}\n",
                    written.len(),
                    self.out.display()
                ))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
