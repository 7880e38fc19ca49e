//! Checks files, without consolidating them.

use std::path::{Path, PathBuf};

use super::written::PlacedOutputs;
use super::{lists, record, returns};
use crate::campaign::outputs::Outputs;
use crate::campaign::returns::copy_names;
use crate::campaign::{Campaign, Clock, Progress, Reading, Run, ToolError, check_by};

/// Options of [`check`].
#[derive(Debug, Clone)]
pub struct Options {
    /// Folder of the campaign the files were filed in.
    pub campaign: Option<PathBuf>,
    /// A file that takes all facts that were read as CSV.
    pub facts: Option<PathBuf>,
    /// Folder of the copies that go back.
    pub returns: Option<PathBuf>,
    /// How files are read.
    pub reading: Reading,
    /// The time the copies are recorded under.
    pub clock: Clock,
}

/// The outcome of [`check`].
pub struct Checked {
    /// The campaign, if there is one.
    pub campaign: Option<Campaign>,
    /// The outcome of the run.
    pub run: Run,
    /// The outputs written, or why they could not be; earlier results are then unchanged.
    pub written: Result<PlacedOutputs, ToolError>,
}

/// Checks files and folders, and writes the facts and copies that the options name.
///
/// # Errors
/// If the campaign cannot be loaded, a path is not there, or a file that is to be replaced is held
/// by another program.
pub fn check(
    paths: &[PathBuf],
    options: &Options,
    progress: Progress<'_>,
) -> Result<Checked, ToolError> {
    let campaign = options
        .campaign
        .as_deref()
        .map(Campaign::load)
        .transpose()?;
    let mut outputs = campaign.as_ref().map(Outputs::of).unwrap_or_default();
    paths.iter().for_each(|path| outputs.keep_out_of(path));
    let copies = match &options.returns {
        Some(folder) => Some((outputs.folder(folder)?, folder)),
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
    let run = check_by(paths, campaign.as_ref(), &reading, progress)?;
    let write = |mut outputs: Outputs| -> Result<PlacedOutputs, ToolError> {
        // The copy of a file in a folder below may have the file's own name.
        let read = run.inputs.keys().map(|name| Path::new(&**name));
        read.for_each(|path| outputs.keep_out_of(path));
        if let Some((place, name)) = facts {
            lists::add_facts(&mut outputs, place, name, &run.facts)?;
        }
        let file = campaign.as_ref().map(|campaign| &campaign.file);
        let returns = copies.map(|(place, folder)| {
            returns::add(&mut outputs, place, folder, &run, file, &reading.limits)
        });
        let returns = returns.transpose()?;
        // Copies of files that were not looked at stay.
        if let Some((place, _)) = copies {
            let looked_at = copy_names(&run);
            outputs.spare(place, |name| looked_at.contains(name));
        }
        let record = record::of("check", campaign.as_ref(), &run, options.clock);
        let placed = outputs.place(Some(&record))?;
        Ok(PlacedOutputs { placed, returns })
    };
    let written = write(outputs);
    Ok(Checked {
        campaign,
        run,
        written,
    })
}
