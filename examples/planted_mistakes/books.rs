//! The workbooks that mistakes are put into.

use std::path::PathBuf;

use tonghop::campaign::{Campaign, consolidate};
use tonghop::judge::ReceivedFile;
use tonghop::model::{Finding, Severity, UnitStatus};
use tonghop::workbook::{Limits, read_bytes, workbook_from_bytes};

use super::book::Book;

/// The accepted workbooks of a campaign, and what the product reports of them as they are.
pub struct Sample {
    pub books: Vec<Book>,
    /// Errors and warnings about accepted workbooks: false alarms.
    pub alarms: Vec<Finding>,
}

/// Of each unit the workbook that counts. The alarms are those of a whole run, with all checks over
/// units.
pub fn accepted(campaign: &Campaign) -> Result<Sample, String> {
    let limits = Limits::default();
    let run = consolidate(campaign, &limits, &|_, _| {}).map_err(|error| error.to_string())?;
    let mut sample = Sample {
        books: Vec::new(),
        alarms: Vec::new(),
    };
    for unit in &run.units {
        let Some(name) = unit
            .file
            .clone()
            .filter(|_| unit.status == UnitStatus::Accepted)
        else {
            continue;
        };
        let path: PathBuf = campaign.folder.join(&*name);
        let bytes = read_bytes(&path, &limits).map_err(|problem| problem.message().en)?;
        let workbook = workbook_from_bytes(&name, &bytes, &limits);
        let workbook = workbook.map_err(|problem| problem.message().en)?;
        let file = ReceivedFile {
            path,
            name: name.clone(),
            round: 1,
        };
        let book = Book::new(campaign, &unit.unit.code, file, &workbook);
        sample
            .books
            .push(book.map_err(|why| format!("{name}: {why}"))?);
        let told = |finding: &&Finding| finding.file == name && finding.severity != Severity::Info;
        sample
            .alarms
            .extend(run.findings.iter().filter(told).cloned());
    }
    Ok(sample)
}
