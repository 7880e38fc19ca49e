//! The command line: one file a command. The only place that prints.

mod check;
mod close;
mod consolidate;
mod diff;
mod forms;
mod history;
mod limits;
mod new;
mod output;
mod report;
mod template;
mod worker;

use std::io::Write;
use std::process::ExitCode;

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::campaign::{Run, ToolError};
use crate::model::Lang;
use crate::report::{json, text};

/// Đọc, kiểm tra và tổng hợp các bảng tính báo cáo của nhiều đơn vị.
#[derive(Debug, Parser)]
#[command(name = "tonghop", version, about, max_term_width = 100)]
#[command(
    after_help = "Mã thoát: 0 không có gì sai; 1 có lỗi hoặc còn đơn vị chưa đạt; 2 gõ lệnh sai; 3 chương trình không làm được (tệp biểu mẫu sai, không ghi được kết quả...)."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Đọc mọi tệp trong inbox của một đợt, kiểm tra, tổng hợp và ghi kết quả.
    Consolidate(consolidate::Consolidate),
    /// Chỉ kiểm tra các tệp hoặc thư mục; không ghi gì ngoài những gì in ra.
    Check(check::Check),
    /// Chốt kỳ: ghi số liệu đã nhận của một đợt vào kho lưu trữ, để kỳ sau so với.
    Close(close::Close),
    /// Liệt kê các kỳ đã chốt trong kho lưu trữ của một đợt.
    History(history::History),
    /// So hai bản nộp, hoặc hai kỳ đã chốt: số nào mới, đổi, không còn; phát hiện nào đã hết.
    Diff(diff::Diff),
    /// Tạo mẫu trắng cho từng đơn vị của một đợt.
    Template(template::Template),
    /// Điền số liệu đã tổng hợp vào mẫu báo cáo của cơ quan (Word hoặc Markdown).
    Report(report::Report),
    /// Tạo thư mục một đợt báo cáo mới để bắt đầu.
    New(new::New),
    /// Soát các tệp biểu mẫu.
    Forms(forms::Forms),
    /// Đọc tệp cho một tonghop khác đang chạy; không dùng trực tiếp.
    #[command(hide = true)]
    Worker(worker::Worker),
}

/// Options every command takes.
#[derive(Debug, Args)]
pub struct Common {
    /// Dạng in ra.
    #[arg(long, value_enum, default_value_t, global = true)]
    format: Format,
    /// Ngôn ngữ của thông báo.
    #[arg(long, default_value_t, global = true, value_parser = lang())]
    lang: Lang,
}

/// `vi` or `en`; clap tells the choices.
fn lang() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["vi", "en"]).try_map(|text| text.parse::<Lang>())
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Chữ, cho người đọc.
    #[default]
    Text,
    /// JSON, cho chương trình khác.
    Json,
}

/// Runs the command line; the exit code is 0, 1 (findings) or 3 (the tool could not do it). Wrong
/// usage exits with 2 before this.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let (result, lang) = match &cli.command {
        Command::Consolidate(command) => (command.run(), command.common.lang),
        Command::Check(command) => (command.run(), command.common.lang),
        Command::Close(command) => (command.run(), command.common.lang),
        Command::History(command) => (command.run(), command.common.lang),
        Command::Diff(command) => (command.run(), command.common.lang),
        Command::Template(command) => (command.run(), command.common.lang),
        Command::Report(command) => (command.run(), command.common.lang),
        Command::New(command) => (command.run(), command.common.lang),
        Command::Forms(command) => (command.run(), command.common.lang),
        Command::Worker(command) => (command.run(), command.common.lang),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            let word = lang.pick("Không làm được", "Cannot do it");
            complain(&format!("{word}: {}", lang.of(&error.message())));
            ExitCode::from(3)
        }
    }
}

/// 1 if anything is wrong with what was received.
fn verdict(run: &Run) -> ExitCode {
    ExitCode::from(u8::from(run.has_errors()))
}

/// Prints a run as asked.
fn print(
    run: &Run,
    campaign: Option<&crate::campaign::Campaign>,
    common: &Common,
) -> Result<(), ToolError> {
    match common.format {
        Format::Text => say(&text::render(run, campaign, common.lang)),
        Format::Json => say_json(&json::run::document(run, campaign, common.lang)),
    }
}

/// Says on standard error what could not be done.
fn complain(text: &str) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    // What is wrong may quote a file, line by line.
    let lines: Vec<String> = text.lines().map(crate::report::plain).collect();
    let text = lines.join("\n");
    let (word, rest) = text.split_once(':').unwrap_or((&text, ""));
    let _ = writeln!(anstream::stderr(), "{style}{word}{style:#}:{rest}");
}

/// Prints a document of JSON.
fn say_json(document: &impl serde::Serialize) -> Result<(), ToolError> {
    let text = json::print(document)
        .map_err(|error| ToolError::io(std::path::Path::new("stdout"))(error.into()))?;
    say(&text)
}

/// Prints to standard output; a reader that went away (`| head`) is no failure of ours.
fn say(text: &str) -> Result<(), ToolError> {
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
