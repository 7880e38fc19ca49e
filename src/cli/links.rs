//! `tonghop links`.

use std::fmt::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::common::{Common, OutputFormat};
use super::language::both;
use super::output::{clock, say, say_json};
use crate::campaign::ToolError;
use crate::report::json::links::{LinkEntry, LinksDocument};
use crate::report::plain;
use crate::serve::links::{Options, links, path_of};
use crate::serve::state::LinkChange;

#[derive(Debug, Args)]
pub struct LinksCommand {
    #[arg(value_name = both!("ĐỢT", "CAMPAIGN"), help = both!(
        "Thư mục của đợt báo cáo",
        "Folder of the campaign",
    ))]
    campaign: PathBuf,
    #[arg(long = "unit", value_name = both!("MÃ", "CODE"), help = both!(
        "Chỉ đơn vị có mã này; ghi được nhiều lần",
        "Only the unit with this code; may be repeated",
    ))]
    units: Vec<String>,
    #[arg(long, conflicts_with = "revoke", help = both!(
        "Thay đường dẫn đang có bằng đường dẫn mới; đường dẫn cũ không dùng được nữa",
        "Replace the links there are by new ones; the old ones no longer work",
    ))]
    new: bool,
    #[arg(long, help = both!(
        "Thu hồi đường dẫn đang có, không tạo đường dẫn mới",
        "Revoke the links there are and make no new ones",
    ))]
    revoke: bool,
    #[arg(long, value_name = both!("THƯ_MỤC", "DIR"), help = both!(
        "Thư mục trạng thái của trang web; không ghi thì là .tonghop trong thư mục của đợt",
        "Folder of the page's state; without it, .tonghop in the campaign's folder",
    ))]
    state: Option<PathBuf>,
}

impl LinksCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let options = Options {
            units: self.units.clone(),
            change: match (self.new, self.revoke) {
                (_, true) => LinkChange::Revoke,
                (true, false) => LinkChange::Replace,
                (false, false) => LinkChange::Make,
            },
            state: self.state.clone(),
            clock: clock()?,
        };
        let made = links(&self.campaign, &options)?.0;
        match common.format {
            OutputFormat::Json => say_json(&LinksDocument {
                links: made
                    .iter()
                    .map(|(unit, token)| LinkEntry {
                        unit: &unit.code,
                        name: &unit.name,
                        token: token.as_ref().map(|token| token.text()),
                        path: token.as_ref().map(path_of),
                    })
                    .collect(),
            })?,
            OutputFormat::Text => {
                let none = match self.revoke {
                    true => common.lang.pick("đã thu hồi", "revoked"),
                    false => common.lang.pick(
                        "đã có, không hiện lại (--new để thay)",
                        "there is one, not shown again (--new replaces it)",
                    ),
                };
                let mut text = String::new();
                for (unit, token) in &made {
                    let path = token.as_ref().map_or(none.to_owned(), path_of);
                    // Writing to a string does not fail.
                    let _ = writeln!(text, "{}\t{}\t{path}", plain(&unit.code), plain(&unit.name));
                }
                say(&text)?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
