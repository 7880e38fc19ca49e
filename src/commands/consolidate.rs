//! Reads the whole inbox of a campaign, consolidates what is accepted and writes the results.

use std::path::{Path, PathBuf};

use super::written::PlacedOutputs;
use super::{lists, record, returns, workbooks};
use crate::campaign::outputs::Outputs;
use crate::campaign::{Campaign, Clock, Progress, Reading, Run, ToolError, consolidate_by};
use crate::model::Lang;

/// Options of [`consolidate`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the results; `out` in the campaign's folder if `None`.
    pub out: Option<PathBuf>,
    /// Another file that takes all accepted facts as CSV.
    pub facts: Option<PathBuf>,
    /// Folder of the copies that go back.
    pub returns: Option<PathBuf>,
    /// How files are read.
    pub reading: Reading,
    /// Language of the results.
    pub lang: Lang,
    /// The time the results are recorded under.
    pub clock: Clock,
}

/// The outcome of [`consolidate`].
pub struct Consolidation {
    /// The campaign.
    pub campaign: Campaign,
    /// The outcome of the run.
    pub run: Run,
    /// Folder of the results.
    pub out: PathBuf,
    /// The outputs written, or why they could not be; earlier results are then unchanged.
    pub written: Result<PlacedOutputs, ToolError>,
}

/// Reads the inbox of the campaign in `folder`, checks it, consolidates what is accepted, and puts
/// all results in place as one.
///
/// # Errors
/// If the campaign cannot be loaded, its inbox not be read, or a file that is to be replaced is
/// held by another program, which is found out before anything is read.
pub fn consolidate(
    folder: &Path,
    options: &Options,
    progress: Progress<'_>,
) -> Result<Consolidation, ToolError> {
    let campaign = Campaign::load(folder)?;
    let out = options.out.clone();
    let out = out.unwrap_or_else(|| campaign.folder.join("out"));
    let mut outputs = Outputs::of(&campaign);
    let results = outputs.folder(&out)?;
    let names: Vec<&str> = lists::NAMES.into_iter().chain(workbooks::NAMES).collect();
    outputs.probe(results, &names)?;
    let copies = match &options.returns {
        Some(folder) => {
            let place = outputs.folder(folder)?;
            outputs.probe(place, &[])?;
            Some((place, folder))
        }
        None => None,
    };
    let facts = options.facts.as_deref();
    let facts = facts
        .map(|path| lists::place_of(&mut outputs, path))
        .transpose()?;
    let reading = Reading {
        keep: copies.is_some(),
        ..options.reading.clone()
    };
    let run = consolidate_by(&campaign, &reading, progress)?;
    let write = |mut outputs: Outputs| -> Result<PlacedOutputs, ToolError> {
        lists::add(&mut outputs, results, &run, options.lang)?;
        workbooks::add(&mut outputs, results, &campaign, &run, &out, options.lang)?;
        if let Some((place, name)) = facts {
            lists::add_facts(&mut outputs, place, name, &run.facts)?;
        }
        let file = Some(&campaign.file);
        let copies = copies.map(|(place, folder)| {
            returns::add(&mut outputs, place, folder, &run, file, &reading.limits)
        });
        let returns = copies.transpose()?;
        let record = record::of("consolidate", Some(&campaign), &run, options.clock);
        let placed = outputs.place(Some(&record))?;
        Ok(PlacedOutputs { placed, returns })
    };
    let written = write(outputs);
    Ok(Consolidation {
        campaign,
        run,
        out,
        written,
    })
}
