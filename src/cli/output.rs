//! Files written whole or not at all, and the progress bar.

use std::path::Path;
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::{Common, Format, complain, say};
use crate::campaign::{Returns, ToolError};
use crate::model::{Fact, Message};
use crate::write::write_whole;

/// Writes `path` whole or not at all through `write`.
pub fn whole(
    path: &Path,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), ToolError>,
) -> Result<(), ToolError> {
    let mut bytes = Vec::new();
    write(&mut bytes)?;
    Ok(write_whole(path, &bytes)?)
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

/// Says how many copies go back, and where they are.
pub fn told_returns(returns: &Returns, folder: &Path, common: &Common) -> Result<(), ToolError> {
    let lang = common.lang;
    for (file, reason) in &returns.failed {
        let word = lang.pick("Không làm được bản trả về của", "No returned copy of");
        complain(&format!("{word} {file}: {}", lang.of(reason)));
    }
    if common.format == Format::Json {
        return Ok(());
    }
    let word = common.lang.pick("Bản trả về", "Returned copies");
    say(&format!(
        "{word}: {} ({})\n",
        returns.written.len(),
        folder.display()
    ))
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
