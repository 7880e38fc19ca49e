//! `tonghop forms to-excel`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use super::common::{Common, OutputFormat};
use super::output::{clock, say, say_json};
use crate::campaign::ToolError;
use crate::commands::forms_to_excel;
use crate::report::json::commands::ToExcelDocument;

/// Runs the command.
///
/// # Errors
/// A form file is wrong, or a workbook cannot be written.
pub(super) fn run(files: &[PathBuf], out: &Path, common: &Common) -> Result<ExitCode, ToolError> {
    let written = forms_to_excel(files, out, &clock()?)?;
    match common.format {
        OutputFormat::Json => say_json(&ToExcelDocument { files: &written })?,
        OutputFormat::Text => {
            let word = common.lang.pick("Đã ghi", "Written to");
            for path in &written {
                say(&format!("{word} {}\n", path.display()))?;
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}
