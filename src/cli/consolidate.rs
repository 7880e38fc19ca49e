//! `tonghop consolidate`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use chrono::{DateTime, NaiveTime};
use clap::Args;

use super::common::{Common, Format};
use super::limits::LimitArgs;
use super::output::{self, Bar, csv_error, print, say, verdict, whole};
use crate::campaign::{Campaign, Run, ToolError, consolidate_by, past_figures, write_returns};
use crate::model::Lang;
use crate::model::period::day;
use crate::report::{json, lists};
use crate::write::MasterInput;
use crate::{history, write};

#[derive(Debug, Args)]
pub struct Consolidate {
    /// Thư mục của đợt báo cáo (có campaign.toml, roster.csv, inbox/).
    campaign: PathBuf,
    /// Thư mục ghi kết quả [mặc định: out trong thư mục của đợt].
    #[arg(long)]
    out: Option<PathBuf>,
    /// Ghi thêm mọi số liệu đã nhận ra tệp CSV này.
    #[arg(long, value_name = "FILE.csv")]
    facts: Option<PathBuf>,
    /// Ghi vào thư mục này bản trả về của từng đơn vị: tệp của họ, đã đánh dấu những chỗ cần sửa.
    #[arg(long = "return", value_name = "DIR")]
    returns: Option<PathBuf>,
    #[command(flatten)]
    limits: LimitArgs,
    #[command(flatten)]
    pub(super) common: Common,
}

impl Consolidate {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self) -> Result<ExitCode, ToolError> {
        let campaign = Campaign::load(&self.campaign)?;
        let bar = Bar::new(self.common.lang.pick("Đọc tệp", "Reading"));
        let reading = self.limits.reading()?;
        let tick = |done, all| bar.tick(done, all);
        let run = consolidate_by(&campaign, &reading, &tick)?;
        let out = self
            .out
            .clone()
            .unwrap_or_else(|| campaign.folder.join("out"));
        fs::create_dir_all(&out).map_err(ToolError::io(&out))?;
        self.write_lists(&run, &out)?;
        write_workbooks(&campaign, &run, &out, self.common.lang)?;
        if let Some(path) = &self.facts {
            output::facts_csv(path, &run.facts)?;
        }
        print(&run, Some(&campaign), &self.common)?;
        if let Some(folder) = &self.returns {
            let returns = write_returns(
                &run,
                Some(&campaign.file),
                &campaign.folder,
                folder,
                &reading.limits,
            )?;
            output::told_returns(&returns, folder, &self.common)?;
        }
        if self.common.format == Format::Text {
            let word = self.common.lang.pick("Kết quả ở", "Results in");
            say(&format!("{word}: {}\n", out.display()))?;
        }
        Ok(verdict(&run))
    }

    fn write_lists(&self, run: &Run, out: &Path) -> Result<(), ToolError> {
        let lang = self.common.lang;
        let path = out.join("findings.csv");
        whole(&path, |to| {
            lists::findings(&run.findings, lang, to).map_err(csv_error(&path))
        })?;
        let path = out.join("findings.json");
        whole(&path, |to| {
            serde_json::to_writer_pretty(to, &json::run::findings(run, lang))
                .map_err(|error| ToolError::io(&path)(error.into()))
        })?;
        let figures = run.consolidated.as_ref().map_or(&[][..], |c| &c.figures);
        let path = out.join("figures.csv");
        whole(&path, |to| {
            lists::figures(figures, to).map_err(csv_error(&path))
        })?;
        let path = out.join("justifications.csv");
        whole(&path, |to| {
            history::write_reasons(&run.reasons, to).map_err(csv_error(&path))
        })?;
        output::facts_csv(&out.join("facts.csv"), &run.facts)?;
        let path = out.join("facts.parquet");
        whole(&path, |to| Ok(history::write_parquet(&run.facts, to)?))
    }
}

/// The master workbook and the appendices. They carry the stamp of the newest submission, not the
/// clock's, so that the same inbox gives the same bytes.
fn write_workbooks(
    campaign: &Campaign,
    run: &Run,
    out: &Path,
    lang: Lang,
) -> Result<(), ToolError> {
    let Some(consolidated) = &run.consolidated else {
        return Ok(());
    };
    let stamps = run
        .submissions
        .iter()
        .filter_map(|submission| submission.saved_at.as_deref());
    let newest = stamps
        .filter_map(|stamp| DateTime::parse_from_rfc3339(stamp).ok())
        .max();
    let last_day = campaign.file.period.last_day().and_time(NaiveTime::MIN);
    let stamp = newest.map_or(last_day, |newest| newest.naive_utc());
    let received = newest.map(|newest| day(newest.date_naive()));
    let past = past_figures::trend(campaign)?;
    let input = MasterInput {
        campaign: &campaign.file,
        period: campaign.file.period,
        received_until: received.as_deref(),
        consolidated,
        expressions: &campaign.figures,
        past: &past,
        units: &run.units,
        submissions: &run.submissions,
        findings: &run.findings,
        tallies: &run.tallies,
        link_prefix: &link_prefix(&campaign.folder, out),
        lang,
    };
    write::write_master(&input, stamp, &out.join("tong-hop.xlsx"))?;
    write::write_appendices(
        &campaign.file,
        consolidated,
        stamp,
        &out.join("phu-luc.xlsx"),
    )?;
    write::write_appendix_document(
        &campaign.file,
        consolidated,
        stamp,
        &out.join("phu-luc.docx"),
    )?;
    Ok(())
}

/// The way from the results to the campaign: `../` for its own `out`, the full path elsewhere.
fn link_prefix(campaign: &Path, out: &Path) -> String {
    if out == campaign.join("out") {
        return "../".to_owned();
    }
    let full = fs::canonicalize(campaign).unwrap_or_else(|_| campaign.to_owned());
    format!("{}/", full.display())
}
