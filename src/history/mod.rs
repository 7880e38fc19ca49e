//! The archive of closed periods, and what changes from one to another. A period is a folder of
//! `facts.parquet`, `justifications.csv`, `findings.json` and `manifest.json`; or `facts.csv` alone,
//! where an office writes its opening figures by hand.

mod archive;
mod csv_file;
mod diff;
pub(crate) mod flush;
mod kept;
mod manifest;
mod parquet_file;
mod reasons;

use std::fmt;
use std::path::{Path, PathBuf};

pub use archive::{Archive, Closed, ClosedFacts, Closing, Version, WrittenPeriod};
pub use csv_file::{COLUMNS, guard, unguard, write_facts as write_csv};
pub use diff::{Change, ChangeKind, DiffFilter, Difference, FindingsChange, Side, compare};
pub use kept::KeptFinding;
pub use manifest::{FormStamp, InputStamp, LeftOut, Manifest, Units};
pub use parquet_file::write_facts as write_parquet;
pub use reasons::{read_reasons, write_reasons};

pub use crate::model::sha256;

use crate::model::Message;
use crate::model::value::message;
use crate::model::why::Why;

/// What is wrong with a file of the archive, or with writing facts.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryError {
    /// The file.
    pub file: PathBuf,
    /// Line of a CSV file, from 1.
    pub line: Option<u64>,
    /// What is wrong.
    pub message: Message,
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message.vi)
    }
}

impl std::error::Error for HistoryError {}

fn broken(file: &Path, why: &dyn Why) -> HistoryError {
    let why = why.why();
    HistoryError {
        file: file.to_owned(),
        line: None,
        message: message!(
            why;
            "không đọc hoặc ghi được tệp số liệu: {why}",
            "the file of facts cannot be read or written: {why}"
        ),
    }
}
