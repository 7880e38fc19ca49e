//! Marked copies, made by a process of its own: a workbook whose structure ends the marking ends that
//! process, not the server.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::desk::Desk;
use crate::campaign::{ToolError, own_process};
use crate::model::Message;

/// How often it is looked whether the process is done.
const TICK: Duration = Duration::from_millis(10);

/// The marked copy of a workbook of the campaign; none if there is nothing to mark in it.
///
/// # Errors
/// The process cannot be started, takes too long, or its result cannot be read.
pub(super) fn copy(desk: &Desk, workbook: &Path) -> Result<Option<Vec<u8>>, ToolError> {
    let scratch = ToolError::io(&desk.scratch);
    let out = TempDir::new_in(&desk.scratch).map_err(scratch)?;
    let absolute = |path: &Path| std::path::absolute(path).map_err(ToolError::io(path));
    let (Some(folder), Some(name)) = (workbook.parent(), workbook.file_name()) else {
        return Ok(None);
    };
    let mut command = own_process(&desk.settings.program);
    command
        .args(["check", "--lang", "vi", "--format", "json", "--campaign"])
        .arg(absolute(&desk.settings.campaign)?)
        .arg("--return")
        .arg(absolute(out.path())?)
        .arg("--")
        .arg(name)
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command
        .spawn()
        .map_err(ToolError::io(&desk.settings.program))?;
    // Reading and judging may each take the time of one file.
    let deadline = Instant::now() + 3 * Duration::from_secs(desk.settings.bounds.limits.seconds);
    while child.try_wait().map_err(ToolError::io(workbook))?.is_none() {
        if Instant::now() >= deadline {
            let _ = child.kill();
            let _ = child.wait();
            return Err(too_slow());
        }
        sleep(TICK);
    }
    let copies = WalkDir::new(out.path()).into_iter().flatten();
    let mut copies = copies.filter(|entry| {
        let extension = entry.path().extension().and_then(|e| e.to_str());
        entry.file_type().is_file() && matches!(extension, Some("xlsx" | "xlsm"))
    });
    let Some(copy) = copies.next() else {
        return Ok(None);
    };
    fs::read(copy.path())
        .map(Some)
        .map_err(ToolError::io(copy.path()))
}

fn too_slow() -> ToolError {
    ToolError::Other(Message::new(
        "đánh dấu vào tệp quá lâu nên đã dừng",
        "marking the file took too long and was stopped",
    ))
}
