//! Fills the office's report with what is consolidated.

use std::path::{Path, PathBuf};

use super::close::since_results;
use super::lists;
use crate::campaign::{Campaign, Clock, Progress, Reading, Run, Since, ToolError, consolidate_by};
use crate::campaign::{outputs::Outputs, past_figures};
use crate::model::Message;
use crate::narrative::{self, TemplateSort};

/// Options of [`report`].
#[derive(Debug, Clone)]
pub struct Options {
    /// The office's template, .docx or .md.
    pub template: PathBuf,
    /// The report to write, of the same sort.
    pub out: PathBuf,
    /// Folder of the results of the last `consolidate`; `out` in the campaign's folder if `None`.
    pub results: Option<PathBuf>,
    /// How files are read.
    pub reading: Reading,
    /// The time, for comparing with the last results.
    pub clock: Clock,
}

/// The outcome of [`report`].
pub struct Reported {
    /// The campaign.
    pub campaign: Campaign,
    /// The outcome of the run.
    pub run: Run,
    /// Ids of figures in the report that are provisional or missing, and are marked so.
    pub provisional: Vec<String>,
    /// What has changed since the results people have looked at; `None` if there are none.
    pub since: Option<Since>,
}

/// Reads the inbox of the campaign in `folder` and writes the report.
///
/// # Errors
/// If the campaign cannot be loaded, the template has a mistake, or the report not be written.
pub fn report(
    folder: &Path,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Reported, ToolError> {
    let (template, out) = (&options.template, &options.out);
    if TemplateSort::of(template)? != TemplateSort::of(out)? {
        return Err(ToolError::Other(Message::new(
            format!(
                "`{}` và `{}` phải cùng loại: mẫu .docx ghi ra .docx, mẫu .md ghi ra .md",
                template.display(),
                out.display()
            ),
            format!(
                "`{}` and `{}` must be of one kind: a .docx template gives a .docx report, a .md template a .md report",
                template.display(),
                out.display()
            ),
        )));
    }
    let campaign = Campaign::load(folder)?;
    let mut outputs = Outputs::of(&campaign);
    outputs.keep_out_of(template);
    let (place, name) = lists::place_of(&mut outputs, out)?;
    let reading = Reading {
        keep: false,
        ..options.reading.clone()
    };
    let run = consolidate_by(&campaign, &reading, progress)?;
    let since = since_results(&campaign, &run, options.results.as_deref(), options.clock)?;
    let previous = past_figures::previous(&campaign)?;
    let report = narrative::write(template, &campaign, &run, previous.as_ref())?;
    outputs.add(place, name, &report.bytes)?;
    outputs.place(None)?;
    Ok(Reported {
        campaign,
        run,
        provisional: report.provisional,
        since,
    })
}
