//! `tonghop forms lint`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::common::{Common, Format};
use super::output::{say, say_json};
use crate::campaign::{Linted, ToolError, lint_forms};
use crate::model::{Lang, Severity};
use crate::report::json::commands::lint;

#[derive(Debug, Args)]
pub struct Forms {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    pub(super) common: Common,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Soát biểu mẫu: chạy các ví dụ, tìm quy tắc mâu thuẫn, thừa, không bao giờ sai hoặc không bao giờ được hỏi.
    Lint {
        /// Tệp biểu mẫu, thư mục có biểu mẫu hoặc thư mục của một đợt; không ghi thì soát các biểu có sẵn.
        path: Option<PathBuf>,
        /// In JSON, như `--format json`.
        #[arg(long)]
        json: bool,
    },
}

impl Forms {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self) -> Result<ExitCode, ToolError> {
        let Action::Lint { path, json } = &self.action;
        let linted = lint_forms(path.as_deref())?;
        match *json || self.common.format == Format::Json {
            true => say_json(&lint(&linted, self.common.lang))?,
            false => say(&self.text(&linted))?,
        }
        Ok(ExitCode::from(u8::from(linted.has_errors())))
    }

    fn text(&self, linted: &Linted) -> String {
        let lang = self.common.lang;
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
        let [errors, warnings, notes] =
            [Severity::Error, Severity::Warning, Severity::Info].map(count);
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
}
