//! The archive of closed periods: `history/<period>/facts.parquet`, or `facts.csv` where an office
//! writes its opening figures by hand.

mod csv_file;
mod parquet_file;
mod reasons;

use std::fmt;
use std::path::{Path, PathBuf};

pub use csv_file::{COLUMNS, guard, write_facts as write_csv};
pub use parquet_file::write_facts as write_parquet;
pub use reasons::{load_reasons, write_reasons};

use crate::model::{Fact, Message, Period};

/// What is wrong with a file of the archive, or with writing facts.
#[derive(Debug, Clone, PartialEq)]
pub struct HistoryError {
    /// The file.
    pub file: PathBuf,
    /// Line, for a CSV file.
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

/// The facts of a closed period; `None` if the archive does not have it.
pub fn load(campaign: &Path, period: Period) -> Result<Option<Vec<Fact>>, HistoryError> {
    let folder = campaign.join("history").join(period.to_string());
    let parquet = folder.join("facts.parquet");
    if parquet.is_file() {
        return parquet_file::read_facts(&parquet).map(Some);
    }
    let csv = folder.join("facts.csv");
    if csv.is_file() {
        return csv_file::read_facts(&csv).map(Some);
    }
    Ok(None)
}

fn broken(file: &Path, detail: &dyn fmt::Display) -> HistoryError {
    HistoryError {
        file: file.to_owned(),
        line: None,
        message: Message::new(
            format!("không đọc hoặc ghi được tệp số liệu: {detail}"),
            format!("the file of facts cannot be read or written: {detail}"),
        ),
    }
}
