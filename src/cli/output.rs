//! What commands print and write: the only place that prints.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::common::{Common, Format};
use crate::campaign::{Campaign, Returns, Run, ToolError};
use crate::model::{Fact, Message};
use crate::report::{json, plain, text};
use crate::write::write_whole;

/// 1 if anything is wrong with what was received.
pub fn verdict(run: &Run) -> ExitCode {
    ExitCode::from(u8::from(run.has_errors()))
}

/// Prints a run in the form chosen.
///
/// # Errors
/// Standard output cannot be written.
pub fn print(run: &Run, campaign: Option<&Campaign>, common: &Common) -> Result<(), ToolError> {
    match common.format {
        Format::Text => say(&text::render(run, campaign, common.lang)),
        Format::Json => say_json(&json::run::document(run, campaign, common.lang)),
    }
}

/// Says on standard error what could not be done.
pub fn complain(text: &str) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    // What is wrong may quote a file, line by line.
    let lines: Vec<String> = text.lines().map(plain).collect();
    let text = lines.join("\n");
    let (word, rest) = text.split_once(':').unwrap_or((&text, ""));
    let _ = writeln!(anstream::stderr(), "{style}{word}{style:#}:{rest}");
}

/// Prints a document of JSON.
///
/// # Errors
/// Standard output cannot be written.
pub fn say_json(document: &impl serde::Serialize) -> Result<(), ToolError> {
    let text =
        json::print(document).map_err(|error| ToolError::io("stdout".as_ref())(error.into()))?;
    say(&text)
}

/// Prints to standard output; a reader that went away (`| head`) is no failure of ours.
///
/// # Errors
/// Standard output cannot be written.
pub fn say(text: &str) -> Result<(), ToolError> {
    let mut stdout = anstream::stdout();
    match stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
    {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(ToolError::io(std::path::Path::new("stdout"))(error))
        }
        _ => Ok(()),
    }
}

/// Writes `path` whole or not at all through `write`.
///
/// # Errors
/// The file cannot be written.
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
///
/// # Errors
/// The file cannot be written.
pub fn facts_csv(path: &Path, facts: &[Fact]) -> Result<(), ToolError> {
    whole(path, |to| {
        crate::history::write_csv(facts, to).map_err(csv_error(path))
    })
}

/// Says how many copies go back, and where they are.
///
/// # Errors
/// Standard output cannot be written.
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
