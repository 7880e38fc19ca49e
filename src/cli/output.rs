//! Files written whole or not at all, and the progress bar.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::campaign::ToolError;
use crate::model::{Fact, Message};

/// Writes `path` through `write`: beside it first, renamed when complete.
pub fn whole(
    path: &Path,
    write: impl FnOnce(&mut BufWriter<&File>) -> Result<(), ToolError>,
) -> Result<(), ToolError> {
    let folder = path
        .parent()
        .filter(|p| !p.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".tonghop-").suffix(".tmp");
    // A temporary file is private by default; a result is for the office to read.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder.tempfile_in(folder).map_err(ToolError::io(path))?;
    let mut buffer = BufWriter::new(file.as_file());
    write(&mut buffer)?;
    buffer.flush().map_err(ToolError::io(path))?;
    drop(buffer);
    file.persist(path)
        .map_err(|error| ToolError::io(path)(error.error))?;
    Ok(())
}

/// Turns a CSV error into one of the tool, naming the file.
pub fn csv_error(path: &Path) -> impl FnOnce(csv::Error) -> ToolError {
    let path = path.display().to_string();
    move |error| {
        ToolError::Other(Message::new(
            format!("{path}: {error}"),
            format!("{path}: {error}"),
        ))
    }
}

/// Writes facts as CSV.
pub fn facts_csv(path: &Path, facts: &[Fact]) -> Result<(), ToolError> {
    whole(path, |to| {
        crate::history::write_csv(facts, to).map_err(csv_error(path))
    })
}

/// A bar on a terminal, nothing in a pipe.
pub struct Bar {
    bar: OnceLock<ProgressBar>,
    what: &'static str,
}

impl Bar {
    /// A bar that shows once there is something to count.
    pub fn new(what: &'static str) -> Self {
        Self {
            bar: OnceLock::new(),
            what,
        }
    }

    /// `done` of `all` are done.
    pub fn tick(&self, done: usize, all: usize) {
        let length = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        let bar = self.bar.get_or_init(|| {
            // indicatif draws nothing where standard error is no terminal.
            let bar =
                ProgressBar::with_draw_target(Some(length(all)), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("{msg} {wide_bar} {pos}/{len}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            bar.set_message(self.what);
            bar
        });
        bar.set_position(length(done));
        if done == all {
            bar.finish_and_clear();
        }
    }
}
