//! `tonghop template`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, OutputFormat};
use super::language::both;
use super::output::{Bar, caution, say, say_json};
use crate::campaign::ToolError;
use crate::commands::{self, template::Options};
use crate::report::json::commands::TemplatesDocument;

#[derive(Debug, Args)]
pub struct Template {
    #[arg(value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo",
        "Folder of the campaign",
    ))]
    campaign: PathBuf,
    #[arg(long, value_name = both!("THƯ_MỤC", "DIR"), help = both!(
        "Thư mục ghi các mẫu",
        "Folder for the templates",
    ))]
    out: PathBuf,
    #[arg(long = "unit", value_name = both!("MÃ", "CODE"), help = both!(
        "Chỉ tạo mẫu cho đơn vị có mã này; ghi nhiều lần được",
        "Only the template of the unit of this code; may be given several times",
    ))]
    units: Vec<String>,
    #[arg(long, conflicts_with = "units", help = both!(
        "Tạo một mẫu chung cho mọi đơn vị, không ghi tên và mã đơn vị. Mẫu này có mọi biểu, mọi \
         dòng của đợt, kể cả biểu chỉ một số đơn vị phải gửi; đơn vị nhận mẫu xóa trang không phải \
         của mình trước khi gửi. Không có số kỳ trước",
        "Make one template for all units, without a unit's name and code. It has every form and \
         every row of the campaign, also forms that only some units must send; a unit deletes the \
         sheets that are not its own before it sends. It has no figures of the past",
    ))]
    blank: bool,
    #[arg(long, value_name = both!("MẬT_KHẨU", "TEXT"), help = both!(
        "Mật khẩu khóa các trang; không có thì khóa không mật khẩu",
        "Password that locks the sheets; without it they are locked without a password",
    ))]
    password: Option<String>,
}

impl Template {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let lang = common.lang;
        let bar = Bar::new(lang.pick("Ghi mẫu", "Writing"));
        let options = Options {
            out: self.out.clone(),
            units: self.units.clone(),
            blank: self.blank,
            password: self.password.clone(),
        };
        let tick = |done, all| bar.tick(done, all);
        let done = commands::template(&self.campaign, &options, &tick)?;
        caution(&done.campaign, lang);
        let written = done.written;
        match common.format {
            OutputFormat::Json => say_json(&TemplatesDocument { templates: written })?,
            OutputFormat::Text => {
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
