//! `tonghop forms lint`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::common::{Common, OutputFormat};
use super::language::both;
use super::output::{say, say_json};
use super::{from_excel, to_excel};
use crate::campaign::{Linted, ToolError};
use crate::commands::{FilledFolders, forms_lint};
use crate::model::{Lang, Place, Severity};
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
        #[arg(long = "return", value_name = both!("THƯ_MỤC", "DIR"), help = both!(
            "Biểu viết bằng Excel: ghi vào thư mục này bản có lời nhắc ngay ở ô sai",
            "Of forms written in workbooks, write copies to this folder with what is wrong noted at \
             its cell",
        ))]
        returns: Option<PathBuf>,
    },
    #[command(name = "from-excel", about = both!(
        "Biên dịch biểu trắng Excel thành tệp biểu mẫu: cột, dòng và những quy tắc mà biểu ghi",
        "Compile blank forms in Excel into form files: columns, rows and the rules they state",
    ))]
    FromExcel {
        #[arg(value_name = both!("TỆP", "FILE"), required = true, help = both!(
            "Các biểu trắng; mỗi bảng tìm thấy là một biểu",
            "Blank forms; each table found is a form",
        ))]
        files: Vec<PathBuf>,
        #[arg(long, value_name = both!("THƯ_MỤC", "FOLDER"), help = both!(
            "Ghi mỗi biểu thành <mã>.toml ở thư mục này, gộp với những gì đã sửa tay trong tệp ấy; \
             không ghi thì chỉ in kết quả",
            "Write each form as <id>.toml in this folder, merged with what was changed by hand in that \
             file; without it only the outcome is printed",
        ))]
        out: Option<PathBuf>,
        #[arg(long, value_name = both!("THƯ_MỤC", "FOLDER"), help = both!(
            "Thư mục các tệp đã điền: thử các quy tắc của biểu trên số liệu thật, và đề xuất những gì \
             đúng ở mọi tệp (chỉ ghi thành chú thích)",
            "Folder of filled workbooks: try the form's rules on real figures, and propose what holds \
             in all of them (as comments only)",
        ))]
        filled: Option<PathBuf>,
        #[arg(long, value_name = both!("THƯ_MỤC", "FOLDER"), requires = "filled", help = both!(
            "Thư mục các tệp đã điền của kỳ trước: đề xuất thêm số chuyển kỳ và lũy kế. Hai tệp của một \
             đơn vị nhận ra nhau bằng mã, tên đơn vị ghi trong tệp, hoặc bằng tên tệp",
            "Folder of filled workbooks of the period before: also propose what is carried over and what \
             is cumulative. Two files of a unit are told by the code or name in them, or by their name",
        ))]
        previous: Option<PathBuf>,
    },
    #[command(name = "to-excel", about = both!(
        "Viết biểu mẫu (trang «Chỉ tiêu», «Quy tắc», «Ví dụ») hay cả đợt (campaign.xlsx) thành tệp \
         Excel để sửa bằng Excel",
        "Write form files (sheets of columns and rows, of rules, of examples) or a whole campaign \
         (campaign.xlsx) as workbooks to edit in Excel",
    ))]
    ToExcel {
        #[arg(value_name = both!("TỆP", "FILE"), required = true, help = both!(
            "Các tệp biểu mẫu (.toml, .xlsx), hoặc thư mục của một đợt",
            "Form files (.toml, .xlsx), or the folder of a campaign",
        ))]
        files: Vec<PathBuf>,
        #[arg(long, value_name = both!("THƯ_MỤC", "FOLDER"), default_value = ".", help = both!(
            "Ghi mỗi biểu thành <mã>.xlsx, đợt thành campaign.xlsx, ở thư mục này",
            "Write each form as <id>.xlsx, a campaign as campaign.xlsx, in this folder",
        ))]
        out: PathBuf,
    },
}

impl FormsCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// What keeps the command from its end; findings are no error.
    pub(super) fn run(&self, common: &Common) -> Result<ExitCode, ToolError> {
        match &self.action {
            Action::Lint {
                path,
                json,
                returns,
            } => run_lint(path.as_deref(), *json, returns.as_deref(), common),
            Action::ToExcel { files, out } => to_excel::run(files, out, common),
            Action::FromExcel {
                files,
                out,
                filled,
                previous,
            } => {
                let before = previous.as_deref();
                let filled = filled.as_deref().map(|now| FilledFolders { now, before });
                from_excel::run(files, out.as_deref(), filled, common)
            }
        }
    }
}

fn run_lint(
    path: Option<&Path>,
    json: bool,
    returns: Option<&Path>,
    common: &Common,
) -> Result<ExitCode, ToolError> {
    let (linted, copies) = forms_lint(path, returns)?;
    match json || common.format == OutputFormat::Json {
        true => say_json(&lint(&linted, common.lang))?,
        false => {
            say(&text(&linted, common.lang))?;
            let word = common.lang.pick("Đã ghi", "Written to");
            for copy in &copies {
                say(&format!("{word} {}\n", copy.display()))?;
            }
        }
    }
    Ok(ExitCode::from(u8::from(linted.has_errors())))
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
        let place = match (&problem.cell, problem.place) {
            (Some(Place { sheet, cell }), _) => {
                let (of, at) = (lang.pick("trang", "sheet"), lang.pick("ô", "cell"));
                format!("{}: {of} «{sheet}», {at} {cell}", problem.file)
            }
            (None, Some((line, column))) => format!("{}:{line}:{column}", problem.file),
            (None, None) => problem.file.clone(),
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
