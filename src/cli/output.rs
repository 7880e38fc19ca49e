//! Printing to the terminal: the only module that prints.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use std::sync::OnceLock;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::common::{Common, OutputFormat};
use crate::campaign::{Campaign, Clock, Run, ToolError};
use crate::commands::PlacedOutputs;
use crate::model::Lang;
use crate::model::value::message;
use crate::model::why::Why;
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
        OutputFormat::Text => say(&text::render(run, campaign, common.lang)),
        OutputFormat::Json => say_json(&json::run::document(run, campaign, common.lang)),
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

/// Says on standard error what of a campaign's office nobody has filled in, before it is printed
/// and sent.
pub fn caution(campaign: &Campaign, lang: Lang) {
    let style = anstyle::AnsiColor::Yellow.on_default().bold();
    let (file, told) = campaign.not_filled_in();
    let word = lang.pick("Cảnh báo", "Warning");
    for message in told {
        let text = plain(&format!("{file}: {}", lang.of(&message)));
        let _ = writeln!(anstream::stderr(), "{style}{word}{style:#}: {text}");
    }
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
        let why = error.why();
        ToolError::Other(message!(
            why;
            "{path}: không ghi được: {why}",
            "{path}: cannot be written: {why}"
        ))
    }
}

/// The system's clock, or the moment in `TONGHOP_NOW`, for runs that must come out the same.
///
/// # Errors
/// `TONGHOP_NOW` is no moment.
pub fn clock() -> Result<Clock, ToolError> {
    match std::env::var("TONGHOP_NOW") {
        Ok(moment) => Clock::fixed(&moment),
        Err(_) => Ok(Clock::SYSTEM),
    }
}

/// Says how many copies go back and where they are, which could not be made, and which of an
/// earlier run are gone or stay.
///
/// # Errors
/// Standard output cannot be written.
pub fn say_written(written: &PlacedOutputs, common: &Common) -> Result<(), ToolError> {
    let lang = common.lang;
    let Some(returns) = &written.returns else {
        return Ok(());
    };
    for (file, reason) in &returns.failed {
        let word = lang.pick("Không làm được bản trả về của", "No returned copy of");
        complain(&format!("{word} {file}: {}", lang.of(reason)));
    }
    if common.format == OutputFormat::Json {
        return Ok(());
    }
    let word = lang.pick("Bản trả về", "Returned copies");
    let (count, folder) = (returns.written.len(), returns.folder.display());
    say(&format!("{word}: {count} ({folder})\n"))?;
    let below = |path: &&std::path::PathBuf| path.starts_with(&returns.folder);
    let removed = written.placed.removed.iter().filter(below).count();
    if removed > 0 {
        let word = lang.pick(
            "Đã xóa bản trả về của lần trước không còn phát hiện nào",
            "Copies of an earlier run removed, as nothing is found any more",
        );
        say(&format!("{word}: {removed}\n"))?;
    }
    for left in written.placed.left.iter().filter(below) {
        let word = lang.pick(
            "Bản trả về của lần trước không còn phát hiện nào, nhưng đã bị sửa nên không xóa",
            "A copy of an earlier run with nothing to say any more stays, as somebody changed it",
        );
        say(&format!("{word}: {}\n", plain(&left.to_string_lossy())))?;
    }
    Ok(())
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
