//! The lists a run writes for other programs: findings, figures, facts, reasons.

use std::path::Path;

use crate::campaign::outputs::{OutputFolder, Outputs};
use crate::campaign::{Run, ToolError};
use crate::history;
use crate::model::value::message;
use crate::model::why::Why;
use crate::model::{Fact, Lang, write_failure};
use crate::report::{json, lists};

/// Names of the lists.
pub(super) const NAMES: [&str; 6] = [
    "findings.csv",
    "findings.json",
    "figures.csv",
    "justifications.csv",
    "facts.csv",
    "facts.parquet",
];

/// Adds the lists of a run to its outputs.
pub(super) fn add(
    outputs: &mut Outputs,
    place: OutputFolder,
    run: &Run,
    lang: Lang,
) -> Result<(), ToolError> {
    let figures = run.consolidated.as_ref().map_or(&[][..], |c| &c.figures);
    let [
        findings,
        document,
        report_figures,
        reasons,
        all_facts,
        parquet,
    ] = NAMES;
    let mut bytes = Vec::new();
    lists::findings(&run.findings, lang, &mut bytes).map_err(csv_error(findings))?;
    outputs.add(place, Path::new(findings), &bytes)?;
    let bytes = serde_json::to_vec_pretty(&json::run::findings(run, lang))
        .map_err(|error| ToolError::io(Path::new(document))(error.into()))?;
    outputs.add(place, Path::new(document), &bytes)?;
    let mut bytes = Vec::new();
    lists::figures(figures, &mut bytes).map_err(csv_error(report_figures))?;
    outputs.add(place, Path::new(report_figures), &bytes)?;
    let mut bytes = Vec::new();
    history::write_reasons(&run.reasons, &mut bytes).map_err(csv_error(reasons))?;
    outputs.add(place, Path::new(reasons), &bytes)?;
    add_facts(outputs, place, Path::new(all_facts), &run.facts)?;
    let mut bytes = Vec::new();
    history::write_parquet(&run.facts, &mut bytes)?;
    outputs.add(place, Path::new(parquet), &bytes)
}

/// Adds facts as CSV.
pub(super) fn add_facts(
    outputs: &mut Outputs,
    place: OutputFolder,
    name: &Path,
    facts: &[Fact],
) -> Result<(), ToolError> {
    let mut bytes = Vec::new();
    history::write_csv(facts, &mut bytes).map_err(csv_error(&name.display().to_string()))?;
    outputs.add(place, name, &bytes)
}

/// Opens the folder of a file of the user's, and its name there.
pub(super) fn place_of<'a>(
    outputs: &mut Outputs,
    path: &'a Path,
) -> Result<(OutputFolder, &'a Path), ToolError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    // A missing folder is an error, because it is more often a typing mistake than intended.
    if !folder.is_dir() {
        let missing = std::io::ErrorKind::NotFound.into();
        return Err(ToolError::Other(write_failure(path, &missing)));
    }
    let Some(name) = path.file_name() else {
        return Err(ToolError::io(path)(std::io::ErrorKind::IsADirectory.into()));
    };
    let place = outputs.beside(path)?;
    let name = Path::new(name);
    outputs.probe(place, &[&name.to_string_lossy()])?;
    Ok((place, name))
}

/// Turns a CSV error into one of the tool, naming the file.
fn csv_error(name: &str) -> impl FnOnce(csv::Error) -> ToolError {
    let name = name.to_owned();
    move |error| {
        let why = error.why();
        ToolError::Other(message!(
            why;
            "{name}: không ghi được: {why}",
            "{name}: cannot be written: {why}"
        ))
    }
}
