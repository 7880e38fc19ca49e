//! `tonghop forms lint`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::common::{Common, OutputFormat};
use super::language::both;
use super::output::{say, say_json};
use crate::campaign::{Linted, ToolError, lint_forms};
use crate::model::{Lang, Severity};
use crate::report::json::commands::lint;

#[derive(Debug, Args)]
pub struct FormsCommand {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    #[command(about = both!(
        "Soát biểu mẫu: chạy các ví dụ, tìm quy tắc mâu thuẫn, thừa, không bao giờ sai hoặc không \
         bao giờ được xét",
        "Check forms: run their examples; find rules that contradict others, follow from others, \
         can never fail or are never evaluated",
    ))]
    Lint {
        #[arg(value_name = both!("TỆP", "PATH"), help = both!(
            "Tệp biểu mẫu, thư mục có biểu mẫu hoặc thư mục của một đợt; không ghi thì soát các \
             biểu có sẵn",
            "A form file, a folder of forms or the folder of a campaign; without it, the built-in \
             forms",
        ))]
        path: Option<PathBuf>,
        #[arg(long, help = both!("In JSON, như --format json", "Print JSON, as --format json does"))]
        json: bool,
    },
}

impl FormsCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        let Action::Lint { path, json } = &self.action;
        let linted = lint_forms(path.as_deref())?;
        match *json || common.format == OutputFormat::Json {
            true => say_json(&lint(&linted, common.lang))?,
            false => say(&text(&linted, common.lang))?,
        }
        Ok(ExitCode::from(u8::from(linted.has_errors())))
    }
}

/// The problems found, one a line, and how much was looked at.
fn text(linted: &Linted, lang: Lang) -> String {
    let mut text = String::new();
    for problem in &linted.problems {
        let word = match problem.severity {
            Severity::Error => lang.pick("Lỗi", "Error"),
            Severity::Warning => lang.pick("Cảnh báo", "Warning"),
            Severity::Info => lang.pick("Ghi chú", "Note"),
        };
        let place = match problem.place {
            Some((line, column)) => format!("{}:{line}:{column}", problem.file),
            None => problem.file.clone(),
        };
        text += &format!("{word} {place}: {}\n", lang.of(&problem.message));
    }
    let count = |severity| {
        linted
            .problems
            .iter()
            .filter(|p| p.severity == severity)
            .count()
    };
    let [errors, warnings, notes] = [Severity::Error, Severity::Warning, Severity::Info].map(count);
    let (forms, examples) = (linted.forms, linted.examples);
    let (examined, opaque) = linted.rules;
    text += &match lang == Lang::Vi {
        true => format!(
            "{forms} biểu, {examples} ví dụ đã chạy; {examined} quy tắc được xét cùng nhau, {opaque} quy tắc không phải phép cộng nên không xét.\n{errors} lỗi, {warnings} cảnh báo, {notes} ghi chú.\n"
        ),
        false => format!(
            "{forms} forms, {examples} examples run; {examined} rules looked at together, {opaque} are no sums and were not.\n{errors} errors, {warnings} warnings, {notes} notes.\n"
        ),
    };
    text
}
