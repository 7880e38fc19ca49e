//! The error type that ends a command. A broken workbook is never such an error, it is a finding.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::history::HistoryError;
use crate::model::Message;
use crate::model::value::message;
use crate::model::why::Why;
use crate::roster::RosterError;
use crate::schema::SchemaError;
use crate::sheet_form::{self, Mistake};
use crate::write::WriteError;

/// Why the tool could not do its job.
#[derive(Debug)]
pub enum ToolError {
    /// A form or campaign file is wrong.
    Schema(SchemaError),
    /// Workbooks of a campaign or forms are wrong; at least one.
    Books(Vec<WrongBook>),
    /// The roster is wrong.
    Roster(RosterError),
    /// The archive is wrong.
    History(HistoryError),
    /// A workbook could not be written.
    Write(WriteError),
    /// A file or folder cannot be read or written.
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// A template of the report computes from figures that are not there yet.
    NoFigures(Box<NoFigures>),
    /// Anything else, said in full.
    Other(Message),
}

/// Figures that a template of the report computes from and that are not there yet.
#[derive(Debug, Clone)]
pub struct NoFigures {
    /// What is wrong, said in full.
    pub message: Message,
    /// Where in the template, without its words.
    pub place: Message,
    /// Ids of the figures.
    pub figures: Vec<String>,
}

/// A workbook of a campaign or form that is wrong.
#[derive(Debug, Clone)]
pub struct WrongBook {
    /// The workbook, as messages show it.
    pub file: String,
    /// What is wrong, at least one of them an error.
    pub mistakes: Vec<Mistake>,
}

impl ToolError {
    /// A workbook is wrong in these cells.
    pub fn of_book(file: &str, mistakes: Vec<Mistake>) -> ToolError {
        ToolError::Books(vec![WrongBook {
            file: file.to_owned(),
            mistakes,
        }])
    }

    /// A failed read or write of `path`.
    pub fn io(path: &Path) -> impl FnOnce(std::io::Error) -> ToolError {
        let path = path.to_owned();
        move |error| ToolError::Io { path, error }
    }

    /// What is wrong with a file, which the message does not name.
    pub fn of_file(file: impl fmt::Display, message: &Message) -> ToolError {
        ToolError::Other(Message::new(
            format!("{file}: {}", message.vi),
            format!("{file}: {}", message.en),
        ))
    }

    /// What happened, in both languages.
    pub fn message(&self) -> Message {
        match self {
            ToolError::Schema(error) => {
                let at = error.location();
                Message::new(
                    format!("{}: {}", at.vi, error.message.vi),
                    format!("{}: {}", at.en, error.message.en),
                )
            }
            ToolError::Books(books) => {
                let told = books.iter();
                let told = told.map(|book| sheet_form::wrong(&book.file, &book.mistakes));
                let (vi, en): (Vec<String>, Vec<String>) =
                    told.map(|Message { vi, en }| (vi, en)).unzip();
                Message::new(vi.join("\n"), en.join("\n"))
            }
            ToolError::Roster(error) => {
                let lines = |of: fn(&Message) -> &String| {
                    error
                        .faults
                        .iter()
                        .map(|f| of(&f.message).as_str())
                        .collect::<Vec<_>>()
                        .join("\n")
                };
                Message::new(lines(|m| &m.vi), lines(|m| &m.en))
            }
            ToolError::History(error) => {
                let at = error.file.display();
                let line = error.line.map_or(String::new(), |line| format!(":{line}"));
                Message::new(
                    format!("{at}{line}: {}", error.message.vi),
                    format!("{at}{line}: {}", error.message.en),
                )
            }
            ToolError::Write(error) => error.message.clone(),
            ToolError::Io { path, error } => {
                let (path, why) = (path.display(), error.why());
                message!(
                    why;
                    "{path}: không đọc hoặc ghi được: {why}",
                    "{path}: cannot be read or written: {why}"
                )
            }
            ToolError::NoFigures(lacking) => lacking.message.clone(),
            ToolError::Other(message) => message.clone(),
        }
    }
}

impl fmt::Display for ToolError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message().vi)
    }
}

impl std::error::Error for ToolError {}

impl From<SchemaError> for ToolError {
    fn from(error: SchemaError) -> Self {
        ToolError::Schema(error)
    }
}

impl From<RosterError> for ToolError {
    fn from(error: RosterError) -> Self {
        ToolError::Roster(error)
    }
}

impl From<HistoryError> for ToolError {
    fn from(error: HistoryError) -> Self {
        ToolError::History(error)
    }
}

impl From<WriteError> for ToolError {
    fn from(error: WriteError) -> Self {
        ToolError::Write(error)
    }
}
