//! Reasons units gave, kept as CSV beside the facts: unit,form,rule,sheet,cell,value,reason,by.

use std::io::Write;
use std::path::Path;

use super::csv_file::unguard;
use super::{HistoryError, broken, guard};
use crate::model::Reason;

const COLUMNS: [&str; 8] = [
    "unit", "form", "rule", "sheet", "cell", "value", "reason", "by",
];

/// Writes reasons as CSV in UTF-8.
///
/// # Errors
/// The output cannot be written.
pub fn write_reasons(reasons: &[Reason], to: impl Write) -> Result<(), csv::Error> {
    let mut writer = csv::Writer::from_writer(to);
    writer.write_record(COLUMNS)?;
    for reason in reasons {
        writer.write_record([
            guard(&reason.unit),
            guard(&reason.form),
            guard(&reason.rule),
            guard(&reason.sheet),
            reason.cell.map_or(String::new(), |cell| cell.to_string()),
            guard(&reason.found),
            guard(&reason.text),
            guard(&reason.by),
        ])?;
    }
    writer.flush()?;
    Ok(())
}

/// Reads the reasons of a file back.
///
/// # Errors
/// A line is no reason; `path` is the file that holds them.
pub fn read_reasons(path: &Path, bytes: &[u8]) -> Result<Vec<Reason>, HistoryError> {
    let mut reader = csv::Reader::from_reader(bytes);
    let mut reasons = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| broken(path, &error))?;
        let field = |i: usize| unguard(record.get(i).unwrap_or_default()).to_owned();
        reasons.push(Reason {
            unit: field(0).into(),
            form: field(1),
            rule: field(2),
            sheet: field(3),
            cell: field(4).parse().ok(),
            found: field(5),
            text: field(6),
            by: field(7),
        });
    }
    Ok(reasons)
}
