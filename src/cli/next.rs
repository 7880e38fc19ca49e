//! `tonghop next`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, OutputFormat};
use super::language::both;
use super::output::{say, say_json};
use crate::campaign::ToolError;
use crate::commands::{self, next::NextCampaign};
use crate::model::{Lang, Period};
use crate::report::json::commands::Created;

#[derive(Debug, Args)]
pub struct Next {
    #[arg(value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo kỳ này",
        "Folder of this period's campaign",
    ))]
    campaign: PathBuf,
    #[arg(value_name = both!("KỲ", "PERIOD"), help = both!(
        "Kỳ sau, ví dụ 2025-10, 2025-Q4",
        "The next period, such as 2025-10 or 2025-Q4",
    ))]
    period: Period,
    #[arg(long, value_name = both!("THƯ_MỤC", "DIR"), help = both!(
        "Thư mục sẽ tạo; không ghi thì ở cạnh thư mục đợt này",
        "The folder to make; beside this campaign's if absent",
    ))]
    out: Option<PathBuf>,
}

impl Next {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let made = commands::next(&self.campaign, self.period, self.out.as_deref())?;
        match common.format {
            OutputFormat::Json => say_json(&Created {
                campaign: &made.folder,
            })?,
            OutputFormat::Text => say(&told(&made, common.lang))?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn told(made: &NextCampaign, lang: Lang) -> String {
    let (folder, file) = (made.folder.display(), &made.campaign.file);
    let mut text = match lang {
        Lang::Vi => format!("Đã tạo đợt {} ở {folder}\n", file.period.vietnamese()),
        Lang::En => format!("Made the campaign of {} in {folder}\n", file.period),
    };
    if let Some(deadline) = file.deadline {
        let day = crate::model::period::day(deadline);
        text += &match lang {
            Lang::Vi => format!("Hạn nộp: {day}\n"),
            Lang::En => format!("Deadline: {deadline}\n"),
        };
    }
    let archive = made.campaign.archive.folder().display();
    text += &match lang {
        Lang::Vi => format!("Kho lưu trữ dùng chung: {archive}\n"),
        Lang::En => format!("Shared archive: {archive}\n"),
    };
    if !made.past_is_closed {
        let before = file.previous_period();
        text += &match lang {
            Lang::Vi => format!(
                "Kỳ {before} chưa chốt trong kho: hãy chạy `tonghop close` ở đợt trước, trước khi tạo mẫu\n"
            ),
            Lang::En => format!(
                "{before} is not closed in the archive: run `tonghop close` on the campaign before making templates\n"
            ),
        };
    }
    for (table, count) in &made.left_out {
        text += &match lang {
            Lang::Vi => {
                format!("Không chuyển sang {count} mục [[{table}]]: đó là của riêng kỳ trước\n")
            }
            Lang::En => format!("{count} [[{table}]] left out: they are of one period\n"),
        };
    }
    if !file.off.is_empty() {
        text += lang.pick(
            "Xem lại các mục [[rule_off]]: còn đúng với kỳ này không\n",
            "See whether every [[rule_off]] still holds for this period\n",
        );
    }
    text
}
