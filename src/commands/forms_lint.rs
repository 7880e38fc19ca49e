//! Checks form files, and marks what is wrong in copies of those that are workbooks.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::campaign::{FormProblem, Linted, ToolError, lint_forms};
use crate::model::{Class, Finding, Message};
use crate::workbook::{Limits, read_bytes};
use crate::write::returned::{Notice, Subject, annotate};
use crate::write::write_whole;

/// The rule that all mistakes in a form workbook break.
const RULE: &str = "bieu-mau-viet-sai";

/// Checks form files; with `returns`, writes copies of the workbooks among them to that folder, with
/// what is wrong as notes at its cell. Gives the copies.
///
/// # Errors
/// A file cannot be read, or a copy cannot be made or written.
pub fn forms_lint(
    path: Option<&Path>,
    returns: Option<&Path>,
) -> Result<(Linted, Vec<PathBuf>), ToolError> {
    let linted = lint_forms(path)?;
    let mut copies = Vec::new();
    let Some(folder) = returns else {
        return Ok((linted, copies));
    };
    let mut by_file: BTreeMap<&str, Vec<&FormProblem>> = BTreeMap::new();
    for problem in linted
        .problems
        .iter()
        .filter(|problem| problem.cell.is_some())
    {
        by_file.entry(&problem.file).or_default().push(problem);
    }
    fs::create_dir_all(folder).map_err(ToolError::io(folder))?;
    let mut names = HashSet::new();
    for (file, problems) in by_file {
        let file = Path::new(file);
        let Some(name) = file
            .file_name()
            .filter(|name| names.insert((*name).to_owned()))
        else {
            continue;
        };
        let target = folder.join(name);
        if fs::canonicalize(&target)
            .is_ok_and(|target| fs::canonicalize(file).is_ok_and(|file| file == target))
        {
            return Err(ToolError::Other(Message::new(
                format!(
                    "{}: bản ghi lời nhắc sẽ đè lên chính tệp biểu; chọn thư mục khác ở --return",
                    target.display()
                ),
                format!(
                    "{}: the copy would replace the form itself; choose another folder with --return",
                    target.display()
                ),
            )));
        }
        write_whole(&target, &copy(file, &problems)?)?;
        copies.push(target);
    }
    Ok((linted, copies))
}

/// The workbook with its problems marked.
fn copy(file: &Path, problems: &[&FormProblem]) -> Result<Vec<u8>, ToolError> {
    let shown: Arc<str> = file.to_string_lossy().into();
    let refused = |message: Message| ToolError::of_file(&shown, &message);
    let bytes =
        read_bytes(file, &Limits::default()).map_err(|problem| refused(problem.message()))?;
    let findings: Vec<Finding> = problems
        .iter()
        .filter_map(|problem| {
            let place = problem.cell.as_ref()?;
            let finding = Finding::new(
                RULE,
                Class::Structure,
                problem.severity,
                &shown,
                problem.message.clone(),
            );
            Some(finding.at(&place.sheet, place.cell))
        })
        .collect();
    let notice = Notice {
        subject: Subject::Form,
        unit_name: None,
        period: String::new(),
        office: String::new(),
        deadline: None,
        contact: String::new(),
        findings: &findings,
        justified: BTreeMap::new(),
    };
    annotate(&bytes, &notice).map_err(|error| refused(error.message()))
}
